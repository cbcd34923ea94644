//! How a customer's card stands: what its profile lacks, how it was entered, when it is due for confirmation (CUS-09,
//! CUS-11, CUS-20, CUS-25, CUS-44).

use chrono::{Days, NaiveDate};
use serde_json::json;

use super::{
    cards,
    registration::{Draft, form},
};
use crate::{
    api::customers::{customer::CustomerView, standing::StandingView},
    context::Ctx,
    db::{Conn, Tx},
    domain::{
        Divisions, Industries,
        id::kind::CustomerId,
        masking,
        timestamp::Timestamp,
        vocabulary::{
            AddressCheck, AddressPart, Condition, EntryState, Line, ProfileItem, SubjectKind,
        },
    },
    error::{AppResult, FieldError},
    models::customers::{
        customer::{Customer, Profile},
        standing::Standing,
    },
    policy::{
        blank,
        customers::{
            address,
            card::{self, CustomerCardSettings},
            completeness::Form,
            profile::{self, Gaps, ProfileSettings},
            registration::{self, RegistrationSettings},
            review::{self, Command},
        },
    },
    repositories::customers::{customers, standings},
};

/// The standing of a fresh registration.
///
/// # Errors
/// A database fault.
pub fn start(tx: &mut Tx<'_>, draft: &Draft) -> AppResult<()> {
    standings::insert(tx, &[of_draft(draft)])
}

/// As [`start`] keeps it.
pub fn of_draft(draft: &Draft) -> Standing {
    let mut standing = standings::fresh(
        draft.customer.id,
        of_profile(Gaps::ALL, &draft.profile).with(ProfileItem::Grade, draft.graded),
    );
    standing.graded_at = draft.graded.then_some(draft.customer.created_at);
    standing
}

/// What the profile lacks after an edit; `graded` when condition or grade was said in it.
///
/// # Errors
/// A database fault.
pub fn profile_changed(
    tx: &mut Tx<'_>,
    id: CustomerId,
    profile: &Profile,
    graded: Option<Timestamp>,
) -> AppResult<()> {
    let standing = standings::hold(tx, id)?;
    let graded_at = graded.or(standing.graded_at);
    let gaps = of_profile(Gaps::from_bits(standing.gaps), profile)
        .with(ProfileItem::Grade, graded_at.is_some());
    standings::set_gaps(tx, id, gaps, graded_at)
}

/// What the profile lacks after an activity was recorded or corrected.
///
/// # Errors
/// A database fault.
pub fn actions_changed(tx: &mut Tx<'_>, id: CustomerId) -> AppResult<()> {
    let standing = standings::hold(tx, id)?;
    let actions = standings::actions(tx, id)?;
    let gaps = Gaps::from_bits(standing.gaps)
        .with(ProfileItem::ActionsDone, actions.done)
        .with(ProfileItem::ActionsNow, actions.result)
        .with(ProfileItem::ActionsNext, actions.next)
        .with(ProfileItem::Emails, actions.emails);
    if gaps.bits() == standing.gaps {
        return Ok(());
    }
    standings::set_gaps(tx, id, gaps, standing.graded_at)
}

/// What the profile lacks after fields and activities came or went together: a merge, or its undo (DUP-09).
///
/// # Errors
/// A database fault.
pub fn refresh(tx: &mut Tx<'_>, id: CustomerId, profile: &Profile) -> AppResult<()> {
    profile_changed(tx, id, profile, None)?;
    actions_changed(tx, id)
}

fn of_profile(gaps: Gaps, profile: &Profile) -> Gaps {
    let there = |text: &Option<String>| !blank(text.as_deref());
    gaps.with(ProfileItem::BusinessScope, there(&profile.business_scope))
        .with(ProfileItem::FormerSystems, there(&profile.former_systems))
        .with(ProfileItem::Operations, there(&profile.operations))
        .with(ProfileItem::BasicNeeds, there(&profile.basic_needs))
}

/// The settings that a card is judged by.
pub struct Settings {
    /// Address, upkeep.
    pub card: CustomerCardSettings,
    /// Completeness.
    pub profile: ProfileSettings,
    /// Entry.
    pub registration: RegistrationSettings,
}

/// The settings in force.
///
/// # Errors
/// A database fault.
pub fn settings(ctx: &Ctx) -> AppResult<Settings> {
    Ok(Settings {
        card: ctx.policy::<CustomerCardSettings>()?.value,
        profile: ctx.policy::<ProfileSettings>()?.value,
        registration: ctx.policy::<RegistrationSettings>()?.value,
    })
}

/// How a card stands today.
pub fn view(
    ctx: &Ctx,
    customer: &Customer,
    profile: &Profile,
    standing: Standing,
    address: Option<&str>,
    settings: &Settings,
) -> StandingView {
    let gaps = Gaps::from_bits(standing.gaps);
    let (state, days) = entry(ctx, customer, &standing, &settings.registration);
    let due = |days: u16| -> Option<NaiveDate> {
        customer
            .first_contact_on?
            .checked_add_days(Days::new(u64::from(days)))
    };
    let industry = customer
        .industry_code
        .as_deref()
        .and_then(|code| Industries::builtin().full_name(code));
    let (industry_name_zh, industry_name_en) = industry.unzip();
    StandingView {
        completeness: profile::score(gaps, &settings.profile),
        lacking: gaps.items(),
        recommended: recommended(customer, profile),
        address_gaps: address_gaps(address, customer.division_code.as_deref(), &settings.card),
        entry_state: state,
        entry_days: days,
        entry_due_on: due(settings.registration.entry_days),
        entry_special_due_on: due(settings.registration.entry_days_special),
        refresh_due_at: settings.card.refresh_due(customer.refreshed_at),
        needs_refresh: customer.refreshed_at < settings.card.refresh_before(ctx.now),
        industry_name_zh,
        industry_name_en,
        key_reason: standing.key_reason,
        key_marked_at: standing.key_marked_at,
    }
}

/// As judged on the first submission; before it, or where that was not kept, as it would be judged.
fn entry(
    ctx: &Ctx,
    customer: &Customer,
    standing: &Standing,
    settings: &RegistrationSettings,
) -> (EntryState, i32) {
    if let (Some(state), Some(days)) = (standing.entry_state, standing.entry_days) {
        return (state, days);
    }
    let submitted_on = customer.submitted_at.map(|at| at.date_in(ctx.zone));
    let (state, days) = registration::entry_state(
        customer.first_contact_on,
        submitted_on.unwrap_or_else(|| ctx.today()),
        submitted_on.is_some(),
        settings,
    );
    (state, i32::try_from(days).unwrap_or(i32::MAX))
}

/// Judges the first submission (CUS-20).
///
/// # Errors
/// A database fault.
pub fn submitted(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    customer: &Customer,
    settings: &RegistrationSettings,
) -> AppResult<()> {
    let (state, days) =
        registration::entry_state(customer.first_contact_on, ctx.today(), true, settings);
    let days = i32::try_from(days).unwrap_or(i32::MAX);
    standings::judge_entry(tx, customer.id, state, days)
}

fn names_city(division: Option<&str>) -> bool {
    // Province codes have two digits, all deeper ones name a city.
    division.is_some_and(|code| code.len() > 2 && Divisions::builtin().get(code).is_some())
}

fn address_gaps(
    text: Option<&str>,
    division: Option<&str>,
    settings: &CustomerCardSettings,
) -> Vec<AddressPart> {
    match text {
        Some(text) if settings.address_check != AddressCheck::Off => {
            address::gaps(text, settings.address(names_city(division)))
        }
        _ => Vec::new(),
    }
}

/// Whether these gaps of an address bar a submission (CUS-09).
fn bars(line: Line, gaps: &[AddressPart], settings: &CustomerCardSettings) -> bool {
    !gaps.is_empty() && settings.address_check == AddressCheck::Require && form(line) == Form::Full
}

/// Whether the city has yet to be chosen from the list (CUS-11).
fn wants_city(customer: &Customer, settings: &CustomerCardSettings) -> bool {
    settings.division_required
        && form(customer.line) == Form::Full
        && !names_city(customer.division_code.as_deref())
}

/// A mailing address that is given must be detailed, if the policy says so (CUS-09).
pub fn detailed(
    line: Line,
    text: Option<&str>,
    division: Option<&str>,
    settings: &CustomerCardSettings,
) -> Option<FieldError> {
    // What a reader was shown masked is refused for that alone.
    let said = text.filter(|text| !blank(Some(text)) && !masking::is_masked(text));
    let gaps = address_gaps(said, division, settings);
    if !bars(line, &gaps, settings) {
        return None;
    }
    let zh: Vec<_> = gaps.iter().map(|part| part.label().zh).collect();
    let en: Vec<_> = gaps.iter().map(|part| part.label().en).collect();
    let mut error = FieldError::new(
        "/address",
        "ADDRESS_INCOMPLETE",
        format!("通讯地址不够详细（市、路、号），缺少：{}", zh.join("、")),
        format!(
            "not detailed enough (city, road, number); missing: {}",
            en.join("; ")
        ),
    );
    error.params.insert("rule".into(), "CUS-09".into());
    error.params.insert(
        "missing".into(),
        gaps.iter()
            .map(|part| part.as_str())
            .collect::<Vec<_>>()
            .into(),
    );
    Some(error)
}

/// What a submission lacks beside its required fields: a detailed address (CUS-09), the city from the list (CUS-11).
pub fn demands(
    customer: &Customer,
    address: Option<&str>,
    settings: &CustomerCardSettings,
) -> Vec<FieldError> {
    let division = customer.division_code.as_deref();
    let mut errors: Vec<_> = detailed(customer.line, address, division, settings)
        .into_iter()
        .collect();
    if wants_city(customer, settings) {
        let mut error = FieldError::new(
            "/division_code",
            "REQUIRED",
            "请从列表中选择省和市",
            "choose province and city from the list",
        );
        error.params.insert("rule".into(), "CUS-11".into());
        errors.push(error);
    }
    errors
}

/// The fields that [`demands`] would name, of a card whose address has these gaps.
pub fn demanded(
    customer: &Customer,
    gaps: &[AddressPart],
    settings: &CustomerCardSettings,
) -> impl Iterator<Item = String> {
    let address = bars(customer.line, gaps, settings).then_some("/address");
    let division = wants_city(customer, settings).then_some("/division_code");
    address.into_iter().chain(division).map(str::to_owned)
}

/// Recommended fields that are empty.
fn recommended(customer: &Customer, profile: &Profile) -> Vec<String> {
    let text = |text: &Option<String>| !blank(text.as_deref());
    [
        (
            names_city(customer.division_code.as_deref()),
            "/division_code",
        ),
        (customer.source.is_some(), "/source"),
        (profile.transport_route.is_some(), "/transport_route"),
        (text(&profile.english_short_name), "/english_short_name"),
        (profile.email.is_some(), "/email"),
        (profile.website.is_some(), "/website"),
        (
            customer.industry_code.is_some() || text(&profile.industry),
            "/industry_code",
        ),
        (
            profile.size_class.is_some() || text(&profile.size),
            "/size_class",
        ),
        (text(&profile.business_scope), "/business_scope"),
        (text(&profile.preference), "/preference"),
        (text(&profile.remarks), "/remarks"),
    ]
    .into_iter()
    .filter(|(there, _)| !there)
    .map(|(_, pointer)| pointer.to_owned())
    .collect()
}

/// Whether a customer may be given a condition (CUS-29).
///
/// # Errors
/// 409 naming CUS-29, or a database fault.
pub fn may_become(
    conn: &mut Conn,
    id: Option<CustomerId>,
    wanted: Condition,
    settings: &CustomerCardSettings,
) -> AppResult<()> {
    let signed = match id {
        Some(id) if wanted == Condition::Successful => standings::has_signed_contract(conn, id)?,
        _ => false,
    };
    card::condition_follows(wanted, signed, settings)?;
    Ok(())
}

/// Confirms that what is kept of a customer is still true: "I looked" (CUS-25).
///
/// # Errors
/// 404; 403 for whoever may not change it; 409 while it is under review; 412.
pub fn confirm(tx: &mut Tx<'_>, ctx: &Ctx, id: CustomerId) -> AppResult<CustomerView> {
    let customer = customers::find_for_write(tx, ctx, id)?;
    ctx.check_version(customer.version)?;
    review::may(customer.state, Command::Edit)?;
    customers::note_refreshed(tx, id, ctx.now)?;
    ctx.record(
        tx,
        SubjectKind::Customer,
        id,
        "customer.confirmed",
        &json!({ "last": customer.refreshed_at }),
        Some("CUS-25"),
    );
    cards::view(tx, ctx, id)
}
