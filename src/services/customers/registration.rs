//! Registration: first registered wins, arbitrated by unique keys in the database (CONF-01, DUP-08, AMB-3).

use std::slice;

use serde_json::json;

use super::{
    duplicates, fields,
    likeness::{self, Reached},
    personal::{self, ContactPersonal, CustomerPersonal},
    standing,
};
use crate::{
    api::customers::{contact::NewContact, customer::NewCustomer},
    context::Ctx,
    db::{Conn, Tx},
    domain::{
        id::kind::CustomerId,
        vocabulary::{ActivityState, Condition, CustomerState, KeyKind, Line, SubjectKind},
    },
    error::{AppError, AppResult, Code, FieldError},
    models::customers::{
        attempt::Attempt,
        contact::Contact,
        customer::{Customer, Profile, RegistrationKey},
        name::CustomerName,
    },
    policy::customers::{
        card::CustomerCardSettings,
        completeness::{self, ContactFacts, Form},
        registration::RegistrationSettings,
        unique_key::{self, KeyFacts},
    },
    repositories::{
        customers::{
            attempts, contacts, customers, line_symbols,
            matching::{self, Found},
            names,
            registration_keys::{self, NotClaimed},
        },
        sales::opportunities::hold_customer,
    },
};

/// A registration that has been checked, ready to be written.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The customer.
    pub customer: Customer,
    /// Its profile.
    pub profile: Profile,
    /// Its contacts.
    pub contacts: Vec<Contact>,
    /// The keys that it claims.
    pub keys: Vec<RegistrationKey>,
    /// The special symbol of its line (DUP-05).
    pub symbol: Option<String>,
    /// Whether condition and grade were said, not assumed (CUS-30).
    pub graded: bool,
    /// What it will be found by (DUP-01).
    pub found_by: Found,
}

/// Writes a checked registration, or records the attempt. Who holds a key is looked up so that the refusal comes before
/// anything is written; the claim decides, and whoever loses it meanwhile looks again.
///
/// # Errors
/// 409 `ALREADY_REGISTERED` (recorded), a lost race, or a database fault.
pub fn write(tx: &mut Tx<'_>, ctx: &Ctx, draft: &Draft) -> AppResult<()> {
    fields::hold_agent(tx, draft.customer.agent_id)?;
    if let Some(key) = registration_keys::first_held(tx, &draft.keys)? {
        return Err(refuse(tx, ctx, &draft.customer, key)?);
    }
    customers::insert(tx, &draft.customer, &draft.profile)?;
    standing::start(tx, draft)?;
    registration_keys::claim(tx, &draft.keys).map_err(NotClaimed::lost)?;
    contacts::insert(tx, &draft.contacts)?;
    if draft.symbol.is_some() {
        line_symbols::put(tx, draft.customer.id, draft.symbol.as_deref())?;
    }
    matching::keep_new(tx, draft.found_by.clone())?;
    record_registration(tx, ctx, &draft.customer, draft.contacts.len());
    Ok(())
}

/// Notes a registration in the customer's history.
pub fn record_registration(tx: &mut Tx<'_>, ctx: &Ctx, customer: &Customer, contacts: usize) {
    ctx.record(
        tx,
        SubjectKind::Customer,
        customer.id,
        "customer.registered",
        &json!({
            "name": customer.name, "kind": customer.kind, "line": customer.line,
            "owner_id": customer.owner_id, "contacts": contacts,
        }),
        Some("CONF-01"),
    );
}

/// Who holds a key that was not given.
///
/// # Errors
/// A lost race when the winner let go of the key meanwhile, or a database fault.
fn winner(conn: &mut Conn, key: &RegistrationKey) -> AppResult<Customer> {
    registration_keys::holder(conn, key.line, key.key_kind, &key.key_value)?
        .ok_or_else(|| AppError::lost_race("the winner let go of the key"))
}

/// The refusal of what would take a key back: nobody tried to register, so nothing is on record but what stands, and there
/// is nothing to appeal (CONF-01, CONF-06).
///
/// # Errors
/// A lost race when the winner let go of the key meanwhile, or a database fault.
pub fn taken_meanwhile(tx: &mut Tx<'_>, ctx: &Ctx, key: &RegistrationKey) -> AppResult<AppError> {
    let winner = winner(tx, key)?;
    let holder = duplicates::holder_view(tx, ctx, &winner, key.key_kind)?;
    let label = key.key_kind.label();
    Ok(AppError::new(
        Code::AlreadyRegistered,
        format!(
            "不能恢复：删除期间，{}（{}）已登记{}相同的客户“{}”；先录先得。该客户登记有误的，请先更正或删除它，再恢复。",
            holder.owner_name, holder.department, label.zh, holder.customer_name
        ),
        format!(
            "It cannot be restored: {} ({}) registered {} with the same {} while it was deleted, and first registered wins. \
             If that registration is mistaken, correct or delete it first.",
            holder.owner_name, holder.department, holder.customer_name, label.en
        ),
    )
    .rule(rule_of(key.key_kind, key.line))
    .with("winner", &holder))
}

/// Records the attempt and words the refusal: the winner's name, owner and department, and no more of what one may not
/// see (AMB-33).
///
/// # Errors
/// A lost race when the winner let go of the key meanwhile, or a database fault.
pub fn refuse(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    loser: &Customer,
    key: &RegistrationKey,
) -> AppResult<AppError> {
    // Under the winner's lock the key's holder is certain, so that no attempt is left with a customer that is merged into
    // another at this moment.
    let found = winner(tx, key)?;
    customers::lock(tx, found.id)?;
    let winner = winner(tx, key)?;
    if winner.id != found.id {
        return Err(AppError::lost_race("the key went to another customer"));
    }
    let attempt = attempt(ctx, loser, key, &winner);
    attempts::insert(tx, &attempt)?;
    record_refusal(tx, ctx, &attempt);
    let holder = duplicates::holder_view(tx, ctx, &winner, key.key_kind)?;
    let label = key.key_kind.label();
    Ok(AppError::new(
        Code::AlreadyRegistered,
        format!(
            "该客户已由{}（{}）登记，{}相同；先录先得。如有异议，可在期限内就本次登记申请冲突裁决。",
            holder.owner_name, holder.department, label.zh
        ),
        format!(
            "{} ({}) registered this customer first: same {}. First registered wins; this attempt may be appealed in time.",
            holder.owner_name, holder.department, label.en
        ),
    )
    .rule(rule_of(key.key_kind, key.line))
    .with("winner", &holder)
    .with("attempt_id", attempt.id)
    .recorded())
}

/// The evidence of a refused registration (CONF-06).
pub fn attempt(ctx: &Ctx, loser: &Customer, key: &RegistrationKey, winner: &Customer) -> Attempt {
    Attempt {
        id: ctx.new_id(),
        attempted_at: ctx.now,
        owner_id: ctx.actor.id,
        unit_id: ctx.actor.unit_id,
        security_level: winner.security_level,
        subject_kind: SubjectKind::Customer,
        subject_id: None,
        attempted_name: loser.name.clone(),
        line: key.line,
        key_kind: key.key_kind,
        rule: rule_of(key.key_kind, key.line).to_owned(),
        customer_id: winner.id,
        holder_id: winner.owner_id,
        source: ctx.origin.source.clone(),
    }
}

/// Notes a refused registration in the winner's history.
pub fn record_refusal(tx: &mut Tx<'_>, ctx: &Ctx, attempt: &Attempt) {
    ctx.record(
        tx,
        SubjectKind::Customer,
        attempt.customer_id,
        "customer.registration_refused",
        &json!({ "attempt_id": attempt.id, "attempted_by": ctx.actor.id, "key_kind": attempt.key_kind }),
        Some(rule_of(attempt.key_kind, attempt.line)),
    );
}

/// The requirement that makes a key unique.
pub fn rule_of(kind: KeyKind, line: Line) -> &'static str {
    match (kind, line) {
        (KeyKind::Phone, Line::CallCentre) => "DUP-03",
        (KeyKind::Phone, _) => "DUP-05",
        (KeyKind::Name | KeyKind::CreditCode, _) => "CONF-01",
    }
}

/// Checks a registration and puts it together.
///
/// # Errors
/// 422 with every failing or missing field.
pub fn check(
    conn: &mut Conn,
    ctx: &Ctx,
    body: &NewCustomer,
    settings: &RegistrationSettings,
) -> AppResult<Draft> {
    let mut errors = Vec::new();
    let name = fields::name(body.party, &body.name, "/name", &mut errors);
    fields::division(body.division_code.as_deref(), "/division_code", &mut errors);
    fields::industry(body.industry_code.as_deref(), "/industry_code", &mut errors);
    fields::agent(conn, ctx, body.kind, body.agent_id, &mut errors)?;
    let code = body.credit_code.as_ref();
    fields::credit_code(body.party, code, "/credit_code", &mut errors);
    fields::contacts(&body.contacts, ctx.today(), &mut errors);
    fields::contacts_once(&body.contacts, &mut errors);
    for (text, pointer) in texts(body) {
        fields::not_blank(text, pointer, &mut errors);
    }
    personal::not_masked(body.address.as_deref(), "/address", &mut errors);
    let route = body.transport_route.as_deref();
    personal::not_masked(route, "/transport_route", &mut errors);
    if body.security_level.unwrap_or(0) > ctx.actor.clearance {
        errors.push(above_clearance());
    }
    if body.first_contact_on.is_some_and(|day| day > ctx.today()) {
        errors.push(FieldError::new(
            "/first_contact_on",
            "IN_FUTURE",
            "不能晚于今天",
            "must not be after today",
        ));
    }
    let line = body.line.unwrap_or(Line::General);
    fields::phone_of_line(line, body.phone.as_ref(), "/phone", &mut errors);
    for (i, contact) in body.contacts.iter().enumerate() {
        fields::contact_phones_of_line(line, contact, &format!("/contacts/{i}"), &mut errors);
    }
    let symbol = fields::line_symbol(settings, line, body.line_symbol.as_deref(), &mut errors);
    errors.extend(missing(body, line, &errors));
    let card = ctx.policy::<CustomerCardSettings>()?.value;
    errors.extend(standing::detailed(
        line,
        body.address.as_deref(),
        body.division_code.as_deref(),
        &card,
    ));
    let Some(name) = name.filter(|_| errors.is_empty()) else {
        return Err(AppError::invalid(errors).rule("CUS-05"));
    };
    standing::may_become(
        conn,
        None,
        body.condition.unwrap_or(Condition::Basic),
        &card,
    )?;
    let id: CustomerId = ctx.new_id();
    let mut customer = Customer {
        id,
        name: name.shown,
        folded_name: name.folded,
        party: body.party,
        kind: body.kind,
        line,
        credit_code: body.credit_code.clone(),
        agent_id: body.agent_id,
        owner_id: ctx.actor.id,
        unit_id: ctx.actor.unit_id,
        security_level: body.security_level.unwrap_or(0),
        state: CustomerState::Draft,
        condition: body.condition.unwrap_or(Condition::Basic),
        grade: body.grade.unwrap_or(1),
        activity_state: body.activity_state.unwrap_or(ActivityState::Active),
        source: body.source,
        division_code: body.division_code.clone(),
        address: None,
        phone: None,
        first_contact_on: body.first_contact_on,
        submitted_at: None,
        effective_at: None,
        last_contact_at: None,
        deleted_at: None,
        created_by: ctx.actor.id,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
        industry_code: body.industry_code.clone(),
        value_grade: None,
        is_key_customer: false,
        refreshed_at: ctx.now,
    };
    let mut profile = Profile {
        english_short_name: trimmed(body.english_short_name.as_deref()),
        transport_route: None,
        email: None,
        website: body.website.as_ref().map(ToString::to_string),
        industry: trimmed(body.industry.as_deref()),
        size: trimmed(body.size.as_deref()),
        business_scope: trimmed(body.business_scope.as_deref()),
        preference: trimmed(body.preference.as_deref()),
        remarks: trimmed(body.remarks.as_deref()),
        entry_special_reason: trimmed(body.entry_special_reason.as_deref()),
        delete_reason: None,
        size_class: body.size_class,
        basic_needs: trimmed(body.basic_needs.as_deref()),
        former_systems: trimmed(body.former_systems.as_deref()),
        operations: trimmed(body.operations.as_deref()),
        workflow: trimmed(body.workflow.as_deref()),
    };
    let personal = CustomerPersonal {
        phone: body.phone.as_ref().map(ToString::to_string),
        address: trimmed(body.address.as_deref()),
        email: body.email.as_ref().map(ToString::to_string),
        transport_route: trimmed(body.transport_route.as_deref()),
    };
    let nothing = CustomerPersonal::default();
    personal.put(&nothing, ctx.vault(), &mut customer, &mut profile)?;
    let identity = Identity {
        customer: &customer,
        further: &[],
        has_symbol: symbol.is_some(),
    };
    let keys = keys(&identity, settings, ctx)?;
    let contacts = body
        .contacts
        .iter()
        .map(|contact| contact_row(ctx, id, contact))
        .collect::<AppResult<_>>()?;
    let reached = Reached::of(&personal, &profile);
    let found_by = likeness::entry(ctx.vault(), &customer, Vec::new(), reached);
    let found_by = Found::of(slice::from_ref(&found_by));
    Ok(Draft {
        found_by,
        customer,
        profile,
        contacts,
        keys,
        symbol,
        graded: body.condition.is_some() && body.grade.is_some(),
    })
}

/// What a customer's keys are made of.
pub struct Identity<'a> {
    /// The customer.
    pub customer: &'a Customer,
    /// Its former names and aliases.
    pub further: &'a [CustomerName],
    /// Whether it carries a special symbol (DUP-05).
    pub has_symbol: bool,
}

/// The keys that a customer claims (AMB-3), in the one order that everybody claims them in.
///
/// # Errors
/// A fault: a phone that does not open.
pub fn keys(
    identity: &Identity<'_>,
    settings: &RegistrationSettings,
    ctx: &Ctx,
) -> AppResult<Vec<RegistrationKey>> {
    let customer = identity.customer;
    let phone = personal::phone_of(ctx.vault(), customer)?.map(|phone| phone.key());
    let further = identity
        .further
        .iter()
        .map(|name| name.folded_name.as_str());
    let mut keys: Vec<RegistrationKey> = unique_key::keys(
        &KeyFacts {
            line: customer.line,
            has_symbol: identity.has_symbol,
            party: customer.party,
            names: [customer.folded_name.as_str()]
                .into_iter()
                .chain(further)
                .collect(),
            credit_code: customer.credit_code.as_ref().map(|code| code.as_str()),
            phones: phone.as_deref().into_iter().collect(),
        },
        settings,
    )
    .into_iter()
    .flat_map(|key| {
        let values = personal::key_values(ctx.vault(), key.kind, key.value);
        values
            .into_iter()
            .map(move |value| (key.line, key.kind, value))
    })
    .map(|(line, key_kind, key_value)| RegistrationKey {
        line,
        key_kind,
        key_value,
        customer_id: customer.id,
        claimed_at: ctx.now,
    })
    .collect();
    // Blind indexes lie in another order than the phones.
    in_order(&mut keys);
    Ok(keys)
}

/// The keys that a customer claims by its own fields, names and symbol as they are kept.
///
/// # Errors
/// As [`keys`]; a database fault.
pub fn keys_of(
    conn: &mut Conn,
    ctx: &Ctx,
    customer: &Customer,
    settings: &RegistrationSettings,
) -> AppResult<Vec<RegistrationKey>> {
    let identity = Identity {
        customer,
        further: &names::of_customer(conn, customer.id)?,
        has_symbol: line_symbols::get(conn, customer.id)?.is_some(),
    };
    keys(&identity, settings, ctx)
}

/// Whether two keys are one, whoever holds them.
pub fn same_key(a: &RegistrationKey, b: &RegistrationKey) -> bool {
    (a.line, a.key_kind, &a.key_value) == (b.line, b.key_kind, &b.key_value)
}

/// Puts keys into the one order that everybody claims them in, each once.
pub fn in_order(keys: &mut Vec<RegistrationKey>) {
    let place = |key: &RegistrationKey| (key.line, key.key_kind, key.key_value.clone());
    keys.sort_by_cached_key(place);
    keys.dedup_by_key(|key| place(key));
}

/// While data keys rotate, phones are indexed a second time beside the server. Whoever takes a customer's keys away then
/// holds its row first, so that no index is added that nobody would take away.
///
/// # Errors
/// A lost race.
pub fn hold_while_rotating(tx: &mut Tx<'_>, ctx: &Ctx, customer: &Customer) -> AppResult<()> {
    if ctx.vault().is_rotating() && !hold_customer(tx, customer)? {
        return Err(AppError::lost_race("the customer changed meanwhile"));
    }
    Ok(())
}

/// A contact's row.
///
/// # Errors
/// As [`crate::auth::vault::Vault::seal`].
pub fn contact_row(ctx: &Ctx, customer_id: CustomerId, contact: &NewContact) -> AppResult<Contact> {
    let mut row = Contact {
        id: ctx.new_id(),
        customer_id,
        name: contact.name.trim().to_owned(),
        salutation: contact.salutation,
        job_title: trimmed(contact.job_title.as_deref()),
        office_phone: None,
        home_phone: None,
        mobile: None,
        email: None,
        is_key: contact.is_key,
        is_decision_maker: contact.is_decision_maker,
        relationship: contact.relationship,
        influence: contact.influence,
        birthday_on: contact.birthday_on,
        remarks: trimmed(contact.remarks.as_deref()),
        deleted_at: None,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    ContactPersonal::of(contact).put(&ContactPersonal::default(), ctx.vault(), &mut row)?;
    Ok(row)
}

/// The form that a line's registrations are held to.
pub fn form(line: Line) -> Form {
    if line.is_call_centre() {
        Form::CallCentre
    } else {
        Form::Full
    }
}

/// 422: a security level above one's own clearance would hide the record from its maker (ORG-26).
pub fn above_clearance() -> FieldError {
    FieldError::new(
        "/security_level",
        "ABOVE_CLEARANCE",
        "不能高于本人的安全级别",
        "must not exceed one's own clearance",
    )
}

/// Text without blanks around it; nothing for none.
pub fn trimmed(text: Option<&str>) -> Option<String> {
    text.map(str::trim)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

fn texts(body: &NewCustomer) -> [(Option<&str>, &'static str); 13] {
    [
        (body.address.as_deref(), "/address"),
        (
            body.entry_special_reason.as_deref(),
            "/entry_special_reason",
        ),
        (body.english_short_name.as_deref(), "/english_short_name"),
        (body.transport_route.as_deref(), "/transport_route"),
        (body.industry.as_deref(), "/industry"),
        (body.size.as_deref(), "/size"),
        (body.business_scope.as_deref(), "/business_scope"),
        (body.preference.as_deref(), "/preference"),
        (body.remarks.as_deref(), "/remarks"),
        (body.basic_needs.as_deref(), "/basic_needs"),
        (body.former_systems.as_deref(), "/former_systems"),
        (body.operations.as_deref(), "/operations"),
        (body.workflow.as_deref(), "/workflow"),
    ]
}

/// Required fields that are absent (CUS-05), beside the errors already found.
fn missing(body: &NewCustomer, line: Line, found: &[FieldError]) -> Vec<FieldError> {
    let facts = completeness::Facts {
        form: form(line),
        party: body.party,
        kind: body.kind,
        name: Some(&body.name),
        address: body.address.as_deref(),
        phone: body.phone.as_ref().map(|phone| phone.as_str()),
        agent_named: body.agent_id.is_some(),
        contacts: body
            .contacts
            .iter()
            .map(|contact| ContactFacts {
                name: Some(&contact.name),
                phone: [&contact.office_phone, &contact.home_phone, &contact.mobile]
                    .into_iter()
                    .find_map(|phone| phone.as_ref().map(|phone| phone.as_str()))
                    // A contact without a phone is reported with the contact itself.
                    .or(Some("-")),
            })
            .collect(),
    };
    let missing = AppError::incomplete(completeness::missing(&facts));
    missing
        .errors()
        .iter()
        .filter(|field| found.iter().all(|f| f.pointer != field.pointer))
        .cloned()
        .collect()
}
