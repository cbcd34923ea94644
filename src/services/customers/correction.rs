//! Correcting what a customer was registered as: company or person, kind, business line, and what goes with them. The keys
//! that it is told apart by are claimed anew in the same transaction (CUS-27, CUS-02, CUS-07, DUP-05, AMB-3, AMB-46).

use serde_json::{Map, Value, json};

use super::{
    cards, fields, further_names,
    maintenance::{self, Changed},
    personal::{self, ContactPersonal},
    standing,
};
use crate::{
    api::{
        customers::{correction::CustomerCorrection, customer::CustomerView},
        patch::Patch,
    },
    context::Ctx,
    db::{Conn, Tx},
    domain::{
        Phone,
        id::kind::CustomerId,
        vocabulary::{Capability, Party, SubjectKind},
    },
    error::{AppError, AppResult, FieldError},
    models::customers::{contact::Contact, customer::Customer},
    policy::customers::{
        card::CustomerCardSettings,
        correction::{self, Beside, By},
        registration::RegistrationSettings,
        review::{self, Command},
    },
    repositories::{
        customers::{contacts, customers, line_symbols, names},
        governance::access,
    },
    services::org::fields::Fields,
};

const RULE: &str = "CUS-27";

/// Corrects a customer.
///
/// # Errors
/// 403 after the review for all but another reviewer, before it without the right to enter the new kind (CUS-03); 404; 409
/// while it is under review, where names or end customers stand against it, or (recorded) when another customer holds a key;
/// 412; 422 with every field that the new party, kind or line needs or does not take.
pub fn correct(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: CustomerId,
    body: &CustomerCorrection,
) -> AppResult<CustomerView> {
    let before = for_correction(tx, ctx, id)?;
    ctx.check_version(before.version)?;
    review::may(before.state, Command::Edit)?;
    let settings = ctx.policy::<RegistrationSettings>()?.value;
    let had = line_symbols::get(tx, id)?;
    let (after, symbol, reason) = checked(tx, ctx, &before, body, had.clone(), &settings)?;
    let changes = changes((&before, &after), (&had, &symbol));
    if changes.is_empty() {
        return cards::view(tx, ctx, id);
    }
    if after.kind != before.kind && correction::by(before.state) == By::Writer {
        ctx.require(after.kind.entry_capability())
            .map_err(|error| error.rule("CUS-03"))?;
    }
    let further = match (before.party, after.party) {
        (Party::Company, Party::Company) => further_names::after_edit(tx, ctx, &before, &after)?,
        // What a person was mistaken for is no former name.
        _ => names::of_customer(tx, id)?,
    };
    correction::may(&Beside {
        party: after.party,
        kind: (before.kind, after.kind),
        further_names: !further.is_empty(),
        end_customers: customers::has_end_customers(tx, id)?,
    })?;
    let profile = customers::profile(tx, id)?;
    let changed = Changed {
        before: &before,
        after: &after,
        profile: &profile,
        symbol: symbol.as_deref(),
        further: &further,
    };
    maintenance::write(tx, ctx, &changed, &settings, |tx| {
        customers::set_identity(tx, &after)?;
        ctx.record(
            tx,
            SubjectKind::Customer,
            id,
            "customer.corrected",
            &json!({ "changes": changes, "reason": reason }),
            Some(RULE),
        );
        Ok(())
    })
}

/// The customer for whoever may correct it now; its row is locked.
fn for_correction(tx: &mut Tx<'_>, ctx: &Ctx, id: CustomerId) -> AppResult<Customer> {
    customers::lock(tx, id)?;
    let customer = customers::find(tx, ctx, id)?;
    match correction::by(customer.state) {
        By::Writer => customers::find_for_write(tx, ctx, id),
        By::Reviewer if reviews(tx, ctx, &customer)? => Ok(customer),
        By::Reviewer => Err(AppError::forbidden(
            "客户已正式生效：主体、类型和业务线由有客户审核权限的人员（非客户经理本人）更正，请联系部门经理或助理。",
            "The customer is in effect: party, kind and line are corrected by somebody who reviews the unit's customers and \
             does not own this one. Ask the department's manager or assistant.",
        )
        .rule("CUS-21")),
    }
}

/// Whether the actor reviews this customer: nobody judges one's own (AMB-13).
fn reviews(conn: &mut Conn, ctx: &Ctx, customer: &Customer) -> AppResult<bool> {
    Ok(customer.owner_id != ctx.actor.id
        && ctx.has(Capability::ReviewCustomers)
        && access::covers(conn, ctx, Capability::ReviewCustomers, customer.unit_id)?)
}

/// Whether the actor may correct a customer in its present state, who may change it or not.
///
/// # Errors
/// A database fault.
pub(super) fn offered(
    conn: &mut Conn,
    ctx: &Ctx,
    customer: &Customer,
    writes: bool,
) -> AppResult<bool> {
    if review::may(customer.state, Command::Edit).is_err() {
        return Ok(false);
    }
    match correction::by(customer.state) {
        By::Writer => Ok(writes),
        By::Reviewer => reviews(conn, ctx, customer),
    }
}

/// The customer as it will be, its special symbol, and the reason.
fn checked(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    before: &Customer,
    body: &CustomerCorrection,
    had: Option<String>,
    settings: &RegistrationSettings,
) -> AppResult<(Customer, Option<String>, String)> {
    let mut errors = Vec::new();
    let mut after = before.clone();
    after.party = body.party.unwrap_or(before.party);
    after.kind = body.kind.unwrap_or(before.kind);
    after.line = body.line.unwrap_or(before.line);
    after.credit_code = body.credit_code.clone().applied(after.credit_code);
    after.agent_id = body.agent_id.clone().applied(after.agent_id);
    let text = body.name.as_deref().unwrap_or(&before.name);
    if (body.name.is_some() || after.party != before.party)
        && let Some(name) = fields::name(after.party, text, "/name", &mut errors)
    {
        after.name = name.shown;
        after.folded_name = name.folded;
    }
    let code = after.credit_code.as_ref();
    fields::credit_code(after.party, code, "/credit_code", &mut errors);
    if (after.kind, after.agent_id) != (before.kind, before.agent_id) {
        fields::agent(tx, ctx, after.kind, after.agent_id, &mut errors)?;
    }
    let symbol = match &body.line_symbol {
        Patch::Value(symbol) => Some(symbol.clone()),
        Patch::Null => None,
        Patch::Absent => had,
    };
    let symbol = fields::line_symbol(settings, after.line, symbol.as_deref(), &mut errors);
    let contacts = contacts::of_customer(tx, before.id)?;
    let address = personal::address_of(ctx.vault(), before)?;
    phones(ctx, &after, &contacts, &mut errors)?;
    let lacking = AppError::incomplete(cards::missing(&after, &contacts));
    let card = ctx.policy::<CustomerCardSettings>()?.value;
    let demands = standing::demands(&after, address.as_deref(), &card);
    for lacking in lacking.errors().iter().cloned().chain(demands) {
        if errors.iter().all(|field| field.pointer != lacking.pointer) {
            errors.push(lacking);
        }
    }
    let mut all = Fields::default();
    let reason = all.prose("/reason", &body.reason);
    errors.into_iter().for_each(|field| all.fail(field));
    all.done().map_err(|error| error.rule(RULE))?;
    after.version += 1;
    after.updated_at = ctx.now;
    after.refreshed_at = ctx.now;
    Ok((after, symbol, reason))
}

/// All phones of the card are such as the line takes (DUP-04).
fn phones(
    ctx: &Ctx,
    customer: &Customer,
    contacts: &[Contact],
    errors: &mut Vec<FieldError>,
) -> AppResult<()> {
    let own = personal::phone_of(ctx.vault(), customer)?;
    fields::phone_of_line(customer.line, own.as_ref(), "/phone", errors);
    for (i, contact) in contacts.iter().enumerate() {
        let reached = ContactPersonal::open(ctx.vault(), contact)?;
        for (text, member) in [
            (&reached.office_phone, "office_phone"),
            (&reached.home_phone, "home_phone"),
            (&reached.mobile, "mobile"),
        ] {
            let phone = text.as_deref().and_then(|text| Phone::parse(text).ok());
            let pointer = format!("/contacts/{i}/{member}");
            fields::phone_of_line(customer.line, phone.as_ref(), &pointer, errors);
        }
    }
    Ok(())
}

/// What changed, from what to what.
fn changes(
    (before, after): (&Customer, &Customer),
    (had, symbol): (&Option<String>, &Option<String>),
) -> Map<String, Value> {
    [
        ("party", json!(before.party), json!(after.party)),
        ("kind", json!(before.kind), json!(after.kind)),
        ("line", json!(before.line), json!(after.line)),
        ("name", json!(before.name), json!(after.name)),
        (
            "credit_code",
            json!(before.credit_code),
            json!(after.credit_code),
        ),
        ("agent_id", json!(before.agent_id), json!(after.agent_id)),
        ("line_symbol", json!(had), json!(symbol)),
    ]
    .into_iter()
    .filter(|(_, from, to)| from != to)
    .map(|(field, from, to)| (field.to_owned(), json!({ "from": from, "to": to })))
    .collect()
}
