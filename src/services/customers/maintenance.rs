//! Editing a customer (CUS-24..26); a new name, code or phone is checked for duplicates again (AMB-46).

use serde_json::{Map, Value, json};

use super::{
    cards, fields, further_names, likeness, merges,
    personal::{self, CustomerPersonal},
    registration::{self, Identity},
    standing, worklist,
};
use crate::{
    api::{
        customers::customer::{CustomerPatch, CustomerView},
        patch::Patch,
    },
    context::Ctx,
    db::Tx,
    domain::{id::kind::CustomerId, vocabulary::SubjectKind},
    error::{AppError, AppResult, FieldError},
    models::customers::{
        customer::{Customer, CustomerChange, Profile},
        name::CustomerName,
    },
    policy::customers::{
        card::CustomerCardSettings,
        registration::RegistrationSettings,
        review::{self, Command},
    },
    repositories::customers::{
        customers, line_symbols,
        registration_keys::{self, NotClaimed},
    },
};

/// Changes a customer.
///
/// # Errors
/// 409 while it is under review, or (recorded) when the new name, code or phone belongs to another; 412; 422.
pub fn edit(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: CustomerId,
    patch: &CustomerPatch,
) -> AppResult<CustomerView> {
    let before = customers::find_for_write(tx, ctx, id)?;
    ctx.check_version(before.version)?;
    review::may(before.state, Command::Edit)?;
    let old_profile = customers::profile(tx, id)?;
    let (after, profile, changes) = apply(tx, ctx, &before, &old_profile, patch.clone())?;
    let settings = ctx.policy::<RegistrationSettings>()?.value;
    let mut errors = Vec::new();
    if let Patch::Value(phone) = &patch.phone {
        fields::phone_of_line(before.line, Some(phone), "/phone", &mut errors);
    }
    let symbol = match &patch.line_symbol {
        Patch::Value(symbol) => {
            fields::line_symbol(&settings, before.line, Some(symbol), &mut errors)
        }
        Patch::Null => None,
        Patch::Absent => line_symbols::get(tx, id)?,
    };
    if !errors.is_empty() {
        return Err(AppError::invalid(errors).rule("DUP-04"));
    }
    if changes.as_object().is_some_and(Map::is_empty) && matches!(patch.line_symbol, Patch::Absent)
    {
        return cards::view(tx, ctx, id);
    }
    let graded = (patch.condition.is_some() || patch.grade.is_some()).then_some(ctx.now);
    let further = further_names::after_edit(tx, ctx, &before, &after)?;
    let changed = Changed {
        before: &before,
        after: &after,
        profile: &profile,
        symbol: symbol.as_deref(),
        further: &further,
    };
    write(tx, ctx, &changed, &settings, |tx| {
        standing::profile_changed(tx, id, &profile, graded)?;
        ctx.record(
            tx,
            SubjectKind::Customer,
            id,
            "customer.changed",
            &changes,
            Some("CUS-24"),
        );
        record_condition(tx, ctx, &before, &after);
        Ok(())
    })
}

/// A changed customer, ready to be written.
pub(super) struct Changed<'c> {
    /// As it was read.
    pub before: &'c Customer,
    /// As it will be.
    pub after: &'c Customer,
    /// Its profile as it will be.
    pub profile: &'c Profile,
    /// The special symbol of its line (DUP-05).
    pub symbol: Option<&'c str>,
    /// Its former names and aliases.
    pub further: &'c [CustomerName],
}

/// Writes a changed customer with the keys that it claims now, and what `note` adds: all of it, or nothing but the recorded
/// attempt (AMB-46).
///
/// # Errors
/// 409 `ALREADY_REGISTERED` (recorded); 412; the note's.
pub(super) fn write(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    changed: &Changed<'_>,
    settings: &RegistrationSettings,
    note: impl FnOnce(&mut Tx<'_>) -> AppResult<()>,
) -> AppResult<CustomerView> {
    let (before, after) = (changed.before, changed.after);
    let id = before.id;
    registration::hold_while_rotating(tx, ctx, before)?;
    if after.agent_id != before.agent_id {
        fields::hold_agent(tx, after.agent_id)?;
    }
    let mut wanted = registration::keys(
        &Identity {
            customer: after,
            further: changed.further,
            has_symbol: changed.symbol.is_some(),
        },
        settings,
        ctx,
    )?;
    // What came with merged customers stays: their names lead to this customer (DUP-09).
    wanted.extend(merges::inherited_keys(tx, ctx, id)?);
    registration::in_order(&mut wanted);
    let written = tx.savepoint(|tx| {
        registration_keys::replace(tx, id, &wanted)?;
        if !customers::update(tx, id, before.version, &change_of(after))? {
            return Err(NotClaimed::Failed(ctx.lost_update()));
        }
        customers::update_profile(tx, id, changed.profile)?;
        line_symbols::put(tx, id, changed.symbol)?;
        further_names::keep_former(tx, ctx, before, changed.further)?;
        likeness::keep_customer(tx, ctx.vault(), after, changed.profile)?;
        Ok(note(tx)?)
    });
    match written {
        Ok(()) => {
            worklist::look(tx, ctx, after)?;
            cards::view(tx, ctx, id)
        }
        Err(NotClaimed::Taken(key)) => Err(registration::refuse(tx, ctx, after, &key)?),
        Err(NotClaimed::Failed(error)) => Err(error),
    }
}

/// Condition and grade have a history of their own: who said what, and when (CUS-28, CUS-30).
fn record_condition(tx: &mut Tx<'_>, ctx: &Ctx, before: &Customer, after: &Customer) {
    if (before.condition, before.grade) == (after.condition, after.grade) {
        return;
    }
    ctx.record(
        tx,
        SubjectKind::Customer,
        after.id,
        "customer.condition_changed",
        &json!({
            "from": { "condition": before.condition, "grade": before.grade },
            "to": { "condition": after.condition, "grade": after.grade },
        }),
        Some("CUS-28"),
    );
}

fn apply(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    before: &Customer,
    profile: &Profile,
    patch: CustomerPatch,
) -> AppResult<(Customer, Profile, Value)> {
    let mut errors = Vec::new();
    let old = CustomerPersonal::open(ctx.vault(), before, profile)?;
    let mut after = before.clone();
    if let Some(text) = &patch.name
        && let Some(name) = fields::name(before.party, text, "/name", &mut errors)
    {
        after.name = name.shown;
        after.folded_name = name.folded;
    }
    if let Patch::Value(agent) = &patch.agent_id {
        fields::agent(tx, ctx, before.kind, Some(*agent), &mut errors)?;
    }
    if let Patch::Value(code) = &patch.credit_code {
        fields::credit_code(before.party, Some(code), "/credit_code", &mut errors);
    }
    if let Patch::Value(code) = &patch.division_code {
        fields::division(Some(code), "/division_code", &mut errors);
    }
    if let Patch::Value(code) = &patch.industry_code {
        fields::industry(Some(code), "/industry_code", &mut errors);
    }
    let card = ctx.policy::<CustomerCardSettings>()?.value;
    if let Patch::Value(address) = &patch.address {
        let division = patch
            .division_code
            .clone()
            .applied(before.division_code.clone());
        errors.extend(standing::detailed(
            before.line,
            Some(address),
            division.as_deref(),
            &card,
        ));
    }
    if patch
        .security_level
        .is_some_and(|level| level > ctx.actor.clearance)
    {
        errors.push(registration::above_clearance());
    }
    if let Patch::Value(day) = &patch.first_contact_on
        && *day > ctx.today()
    {
        errors.push(FieldError::new(
            "/first_contact_on",
            "IN_FUTURE",
            "不能晚于今天",
            "must not be after today",
        ));
    }
    let mut text = |patch: Patch<String>, current: &Option<String>, pointer: &str| {
        if let Patch::Value(text) = &patch {
            fields::not_blank(Some(text), pointer, &mut errors);
        }
        let trimmed = patch
            .try_map(|text| Ok::<_, AppError>(text.trim().to_owned()))
            .unwrap_or_default();
        trimmed.applied(current.clone())
    };
    let new = CustomerPersonal {
        phone: patch.phone.texts().applied(old.phone.clone()),
        address: text(patch.address, &old.address, "/address"),
        email: patch.email.texts().applied(old.email.clone()),
        transport_route: text(
            patch.transport_route,
            &old.transport_route,
            "/transport_route",
        ),
    };
    let mut new_profile = Profile {
        english_short_name: text(
            patch.english_short_name,
            &profile.english_short_name,
            "/english_short_name",
        ),
        transport_route: profile.transport_route.clone(),
        industry: text(patch.industry, &profile.industry, "/industry"),
        size: text(patch.size, &profile.size, "/size"),
        business_scope: text(
            patch.business_scope,
            &profile.business_scope,
            "/business_scope",
        ),
        preference: text(patch.preference, &profile.preference, "/preference"),
        remarks: text(patch.remarks, &profile.remarks, "/remarks"),
        entry_special_reason: text(
            patch.entry_special_reason,
            &profile.entry_special_reason,
            "/entry_special_reason",
        ),
        email: profile.email.clone(),
        website: patch
            .website
            .try_map(|w| Ok::<_, AppError>(w.to_string()))?
            .applied(profile.website.clone()),
        delete_reason: profile.delete_reason.clone(),
        size_class: patch.size_class.applied(profile.size_class),
        basic_needs: text(patch.basic_needs, &profile.basic_needs, "/basic_needs"),
        former_systems: text(
            patch.former_systems,
            &profile.former_systems,
            "/former_systems",
        ),
        operations: text(patch.operations, &profile.operations, "/operations"),
        workflow: text(patch.workflow, &profile.workflow, "/workflow"),
    };
    if old.address != new.address {
        personal::not_masked(new.address.as_deref(), "/address", &mut errors);
    }
    if old.transport_route != new.transport_route {
        let route = new.transport_route.as_deref();
        personal::not_masked(route, "/transport_route", &mut errors);
    }
    if !errors.is_empty() {
        return Err(AppError::invalid(errors).rule("CUS-05"));
    }
    if let Some(wanted) = patch.condition.filter(|wanted| *wanted != before.condition) {
        standing::may_become(tx, Some(before.id), wanted, &card)?;
    }
    new.put(&old, ctx.vault(), &mut after, &mut new_profile)?;
    after.credit_code = patch.credit_code.applied(after.credit_code);
    after.agent_id = patch.agent_id.applied(after.agent_id);
    after.security_level = patch.security_level.unwrap_or(after.security_level);
    after.condition = patch.condition.unwrap_or(after.condition);
    after.grade = patch.grade.unwrap_or(after.grade);
    after.activity_state = patch.activity_state.unwrap_or(after.activity_state);
    after.source = patch.source.applied(after.source);
    after.division_code = patch.division_code.applied(after.division_code);
    after.first_contact_on = patch.first_contact_on.applied(after.first_contact_on);
    after.industry_code = patch.industry_code.applied(after.industry_code);
    after.version += 1;
    after.updated_at = ctx.now;
    after.refreshed_at = ctx.now;
    let changes = changes((before, &after), (profile, &new_profile), (&old, &new));
    Ok((after, new_profile, changes))
}

/// The columns that an edit writes.
pub(super) fn change_of(after: &Customer) -> CustomerChange {
    CustomerChange {
        name: after.name.clone(),
        folded_name: after.folded_name.clone(),
        credit_code: after.credit_code.clone(),
        agent_id: after.agent_id,
        security_level: after.security_level,
        state: after.state,
        condition: after.condition,
        grade: after.grade,
        activity_state: after.activity_state,
        source: after.source,
        division_code: after.division_code.clone(),
        address: after.address.clone(),
        phone: after.phone.clone(),
        first_contact_on: after.first_contact_on,
        version: after.version,
        updated_at: after.updated_at,
        industry_code: after.industry_code.clone(),
        refreshed_at: after.refreshed_at,
    }
}

/// What changed, from what to what, for the record's history; personal data masked.
fn changes(
    (before, after): (&Customer, &Customer),
    (old, new): (&Profile, &Profile),
    (was, is): (&CustomerPersonal, &CustomerPersonal),
) -> Value {
    let mut changes = Map::new();
    let mut note = |field: &str, from: Value, to: Value| {
        if from != to {
            changes.insert(field.into(), json!({ "from": from, "to": to }));
        }
    };
    note("name", json!(before.name), json!(after.name));
    note(
        "credit_code",
        json!(before.credit_code),
        json!(after.credit_code),
    );
    note("agent_id", json!(before.agent_id), json!(after.agent_id));
    note(
        "security_level",
        json!(before.security_level),
        json!(after.security_level),
    );
    note("condition", json!(before.condition), json!(after.condition));
    note("grade", json!(before.grade), json!(after.grade));
    note(
        "activity_state",
        json!(before.activity_state),
        json!(after.activity_state),
    );
    note("source", json!(before.source), json!(after.source));
    note(
        "division_code",
        json!(before.division_code),
        json!(after.division_code),
    );
    note(
        "first_contact_on",
        json!(before.first_contact_on),
        json!(after.first_contact_on),
    );
    note("phone", json!(was.masked().phone), json!(is.masked().phone));
    note("industry", json!(old.industry), json!(new.industry));
    note("size", json!(old.size), json!(new.size));
    note(
        "industry_code",
        json!(before.industry_code),
        json!(after.industry_code),
    );
    note("size_class", json!(old.size_class), json!(new.size_class));
    note("website", json!(old.website), json!(new.website));
    for (field, changed) in [
        ("address", was.address != is.address),
        ("phone_number", was.phone != is.phone),
        ("email", was.email != is.email),
        ("transport_route", was.transport_route != is.transport_route),
        (
            "english_short_name",
            old.english_short_name != new.english_short_name,
        ),
        ("business_scope", old.business_scope != new.business_scope),
        ("preference", old.preference != new.preference),
        ("remarks", old.remarks != new.remarks),
        ("basic_needs", old.basic_needs != new.basic_needs),
        ("former_systems", old.former_systems != new.former_systems),
        ("operations", old.operations != new.operations),
        ("workflow", old.workflow != new.workflow),
        (
            "entry_special_reason",
            old.entry_special_reason != new.entry_special_reason,
        ),
    ] {
        if changed {
            changes.insert(field.into(), json!("changed"));
        }
    }
    Value::Object(changes)
}
