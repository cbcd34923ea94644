//! Opportunities: entry, look-up, change (OPP-02, OPP-03, OPP-11, OPP-14..17, OPP-34).

use serde_json::{Map, Value, json};

use super::{
    decision_makers,
    opportunity_views::{clear_phone, facts, summaries, view},
};
use crate::{
    api::{
        csv::Csv,
        patch::Patch,
        sales::opportunity::{
            NewOpportunity, OpportunityFilter, OpportunityPatch, OpportunitySummary,
            OpportunityView,
        },
    },
    auth::vault::Sealed,
    context::Ctx,
    db::{Conn, Tx, paging::Page},
    domain::{
        Phone, fold,
        id::kind::{CustomerId, OpportunityId},
        masking,
        vocabulary::{Capability, CustomerState, OpportunityState, SubjectKind},
    },
    error::{AppError, AppResult},
    http::Listed,
    models::{customers::customer::Customer, sales::opportunity::Opportunity, sealed},
    policy::{
        Refusal,
        sales::{
            opportunity::OpportunitySettings,
            opportunity_items::missing,
            opportunity_state::{Command, may},
        },
    },
    repositories::{
        customers::customers,
        sales::opportunities::{self, Narrow},
    },
    services::org::fields::Fields,
};

pub use crate::repositories::sales::opportunities::OpportunitySort;

/// Enters a draft.
///
/// # Errors
/// 403 without `REGISTER_OPPORTUNITIES`; 422 with every failing field.
pub fn create(tx: &mut Tx<'_>, ctx: &Ctx, body: &NewOpportunity) -> AppResult<OpportunityView> {
    ctx.require(Capability::RegisterOpportunities)?;
    let mut fields = Fields::default();
    let name = fields.optional_line("/customer_name", body.customer_name.as_ref());
    let customer = named_customer(tx, ctx, &mut fields, body.customer_id, name.as_deref())?;
    let customer_name = customer
        .as_ref()
        .map(|c| c.name.clone())
        .or(name)
        .unwrap_or_default();
    let title = fields.optional_line("/title", body.title.as_ref());
    let id = ctx.new_id();
    let row = Opportunity {
        id,
        title: title.unwrap_or_else(|| untitled(&customer_name)),
        customer_id: body.customer_id,
        customer_name,
        contact_name: fields.optional_line("/contact_name", body.contact_name.as_ref()),
        phone: seal_phone(ctx, id, body.phone.as_ref())?,
        source: body.source,
        region_code: body.region_code.clone(),
        description: fields.optional_prose("/description", body.description.as_ref()),
        owner_id: ctx.actor.id,
        unit_id: ctx.actor.unit_id,
        security_level: customer.map_or(0, |customer| customer.security_level),
        state: OpportunityState::Draft,
        stage: 1,
        stage_since: ctx.now,
        expected_sign_on: body.expected_sign_on,
        expected_amount: body.expected_amount,
        product_line: fields.optional_line("/product_line", body.product_line.as_ref()),
        needs: fields.optional_prose("/needs", body.needs.as_ref()),
        competitors: fields.optional_prose("/competitors", body.competitors.as_ref()),
        importance: body.importance,
        submitted_at: None,
        registered_at: None,
        closed_at: None,
        failure_reason: None,
        failed_amount: None,
        confirmed_by: None,
        confirmed_at: None,
        last_activity_at: None,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    check(&mut fields, &row);
    fields.done()?;
    opportunities::insert(tx, &row)?;
    let data = json!({
        "title": row.title,
        "customer_id": row.customer_id,
        "customer_name": row.customer_name,
        "source": row.source,
        "region_code": row.region_code,
        "expected_sign_on": row.expected_sign_on,
        "expected_amount": row.expected_amount,
    });
    ctx.record(
        tx,
        SubjectKind::Opportunity,
        row.id,
        "opportunity.created",
        &data,
        Some("OPP-02"),
    );
    view(tx, ctx, &row)
}

fn untitled(customer_name: &str) -> String {
    if customer_name.is_empty() {
        "未命名商机".to_owned()
    } else {
        customer_name.to_owned()
    }
}

/// The customer that a body names by id: one that the caller may see, and the one that its name says.
fn named_customer(
    conn: &mut Conn,
    ctx: &Ctx,
    fields: &mut Fields,
    id: Option<CustomerId>,
    name: Option<&str>,
) -> AppResult<Option<Customer>> {
    let Some(id) = id else { return Ok(None) };
    // Locked, so that nothing is entered under a customer that is merged into another at this moment (DUP-09).
    customers::lock(conn, id)?;
    let found = customers::find(conn, ctx, id);
    let Some(customer) = fields.known("/customer_id", found)? else {
        return Ok(None);
    };
    if customer.state == CustomerState::Merged {
        return Err(customers::merged(conn, id)?);
    }
    if name.is_some_and(|name| fold(name) != customer.folded_name) {
        fields.refuse(
            "/customer_name",
            "ANOTHER_CUSTOMER",
            "与 customer_id 所指客户的名称不一致。",
            "This is not the name of the customer that customer_id names.",
        );
    }
    Ok(Some(customer))
}

fn check(fields: &mut Fields, row: &Opportunity) {
    fields.division("/region_code", row.region_code.as_deref());
    fields.amount("/expected_amount", row.expected_amount);
    fields.amount("/failed_amount", row.failed_amount);
}

/// One opportunity.
///
/// # Errors
/// 404 unless visible.
pub fn get(conn: &mut Conn, ctx: &Ctx, id: OpportunityId) -> AppResult<OpportunityView> {
    let row = opportunities::find(conn, ctx, id)?;
    view(conn, ctx, &row)
}

/// One page of the opportunities that the caller may see.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<OpportunityFilter, OpportunitySort>,
) -> AppResult<Page<OpportunitySummary>> {
    let filter = query.filter.clone();
    let settings = ctx.policy::<OpportunitySettings>()?.value;
    let limit = chrono::Duration::days(-i64::from(settings.idle_days));
    let narrow = Narrow {
        owner: filter.owner_id,
        unit: filter.unit_id,
        customer: filter.customer_id,
        states: Csv::values(filter.state_in),
        stages: Csv::values(filter.stage_in),
        sources: Csv::values(filter.source_in),
        product_line: filter.product_line,
        importance: filter.importance,
        idle: filter.idle.map(|idle| (idle, ctx.now.plus(limit))),
        sign_from: filter.expected_sign_on_gte,
        sign_until: filter.expected_sign_on_lte,
        updated_from: filter.updated_at_gte,
        updated_before: filter.updated_at_lt,
        text: filter
            .q
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty()),
    };
    opportunities::list(conn, ctx, &narrow, &query.page)?
        .try_map_all(|rows| summaries(conn, ctx, rows))
}

/// Changes an opportunity.
///
/// # Errors
/// 404, 403; 409 when its state does not admit it: while under review, after a collision, once the close is confirmed
/// (OPP-27); 412 when it changed meanwhile; 422 with every failing field.
pub fn update(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: OpportunityId,
    body: &OpportunityPatch,
) -> AppResult<OpportunityView> {
    let read = opportunities::find_for_write(tx, ctx, id)?;
    ctx.check_version(read.version)?;
    may(read.state, Command::Edit)?;
    let settings = ctx.policy::<OpportunitySettings>()?;
    let mut fields = Fields::default();
    let mut next = patched(ctx, &mut fields, &read, body)?;
    rename(tx, ctx, &mut fields, &read, &mut next, body)?;
    check(&mut fields, &next);
    if let Some(stage) = body.stage.filter(|stage| *stage != read.stage) {
        may(read.state, Command::SetStage)?;
        settings.value.stage(u8::try_from(stage).unwrap_or(0))?;
        decision_makers::admit_stage(tx, ctx, &next, stage)?;
        next.stage = stage;
        next.stage_since = ctx.now;
    }
    fields.done()?;
    let entered = matches!(
        read.state,
        OpportunityState::Draft | OpportunityState::Returned
    );
    let lacking = if entered {
        Vec::new()
    } else {
        missing(&facts(&next))
    };
    if !lacking.is_empty() {
        return Err(AppError::incomplete(lacking));
    }
    let changes = changes(ctx, &read, &next)?;
    if changes.is_empty() {
        return view(tx, ctx, &read);
    }
    let next = save(tx, ctx, &read, next)?;
    if next.stage != read.stage {
        let data = json!({
            "from": read.stage, "to": next.stage, "since": read.stage_since,
            "policy_key": "opportunity", "policy_number": settings.number,
        });
        ctx.record(
            tx,
            SubjectKind::Opportunity,
            id,
            "opportunity.stage_set",
            &data,
            Some("OPP-14"),
        );
    }
    // The history of the expected signing date is in these events (OPP-15).
    let rule = changes.contains_key("expected_sign_on").then_some("OPP-15");
    let data = Value::Object(changes);
    ctx.record(
        tx,
        SubjectKind::Opportunity,
        id,
        "opportunity.updated",
        &data,
        rule,
    );
    view(tx, ctx, &next)
}

fn seal_phone(ctx: &Ctx, id: OpportunityId, phone: Option<&Phone>) -> AppResult<Option<Sealed>> {
    let place = sealed::OPPORTUNITY_PHONE.at(id);
    ctx.vault().seal_some(&place, phone.map(Phone::as_str))
}

fn patched(
    ctx: &Ctx,
    fields: &mut Fields,
    read: &Opportunity,
    body: &OpportunityPatch,
) -> AppResult<Opportunity> {
    let mut next = read.clone();
    if let Some(title) = &body.title {
        next.title = fields.line("/title", title);
    }
    next.contact_name = fields.patched_line("/contact_name", &body.contact_name, next.contact_name);
    match &body.phone {
        Patch::Absent => {}
        Patch::Null => next.phone = None,
        // Sealed anew only when it is another one: the same number sealed again looks different.
        Patch::Value(phone) if clear_phone(ctx, read)?.as_deref() == Some(phone.as_str()) => {}
        Patch::Value(phone) => next.phone = seal_phone(ctx, read.id, Some(phone))?,
    }
    next.source = body.source.clone().applied(next.source);
    next.region_code = body.region_code.clone().applied(next.region_code);
    next.description = fields.patched_prose("/description", &body.description, next.description);
    next.expected_sign_on = body.expected_sign_on.clone().applied(next.expected_sign_on);
    next.expected_amount = body.expected_amount.clone().applied(next.expected_amount);
    next.product_line = fields.patched_line("/product_line", &body.product_line, next.product_line);
    next.needs = fields.patched_prose("/needs", &body.needs, next.needs);
    next.competitors = fields.patched_prose("/competitors", &body.competitors, next.competitors);
    next.importance = body.importance.clone().applied(next.importance);
    let failed = read.state == OpportunityState::ClosedLost;
    for (pointer, given) in [
        ("/failure_reason", body.failure_reason.is_some()),
        ("/failed_amount", body.failed_amount.is_some()),
    ] {
        if given && !failed {
            fields.refuse(
                pointer,
                "NOT_CLOSED_LOST",
                "仅失败关闭的商机可填写。",
                "Only for an opportunity that is closed as lost.",
            );
        }
    }
    if let Some(reason) = &body.failure_reason {
        next.failure_reason = Some(fields.prose("/failure_reason", reason));
    }
    next.failed_amount = body.failed_amount.or(next.failed_amount);
    Ok(next)
}

/// Another customer may be named until the opportunity is registered; later that would evade the collision check
/// (AMB-46).
fn rename(
    conn: &mut Conn,
    ctx: &Ctx,
    fields: &mut Fields,
    read: &Opportunity,
    next: &mut Opportunity,
    body: &OpportunityPatch,
) -> AppResult<()> {
    let name = fields.patched_line("/customer_name", &body.customer_name, None);
    match &body.customer_id {
        Patch::Value(id) => {
            let customer = named_customer(conn, ctx, fields, Some(*id), name.as_deref())?;
            if let Some(customer) = customer {
                next.customer_id = Some(customer.id);
                next.customer_name = customer.name;
                next.security_level = customer.security_level;
            }
        }
        patch => {
            let cleared = body.customer_name == Patch::Null;
            let another = name
                .as_ref()
                .is_some_and(|name| fold(name) != fold(&read.customer_name));
            if *patch == Patch::Null || cleared || another {
                next.customer_id = None;
            }
            if cleared || name.is_some() {
                next.customer_name = name.unwrap_or_default();
            }
        }
    }
    let entered = matches!(
        read.state,
        OpportunityState::Draft | OpportunityState::Returned
    );
    let renamed = next.customer_id != read.customer_id || next.customer_name != read.customer_name;
    if renamed && !entered {
        return Err(Refusal::new(
            "OPP-07",
            "CUSTOMER_FIXED",
            "商机注册后不得更换客户;请另行登记商机",
            "a registered opportunity keeps its customer: register another opportunity",
        )
        .into());
    }
    Ok(())
}

fn changes(ctx: &Ctx, read: &Opportunity, next: &Opportunity) -> AppResult<Map<String, Value>> {
    let mut changes = Map::new();
    macro_rules! compare {
        ($($field:ident),+) => {$(
            if read.$field != next.$field {
                changes.insert(stringify!($field).to_owned(), json!({"from": read.$field, "to": next.$field}));
            }
        )+};
    }
    compare!(
        title,
        customer_id,
        customer_name,
        contact_name,
        source,
        region_code,
        description,
        stage,
        expected_sign_on,
        expected_amount,
        product_line,
        needs,
        competitors,
        importance,
        failure_reason,
        failed_amount
    );
    if read.phone != next.phone {
        let masked = |row| clear_phone(ctx, row).map(|text| text.as_deref().map(masking::phone));
        changes.insert(
            "phone".to_owned(),
            json!({"from": masked(read)?, "to": masked(next)?}),
        );
    }
    Ok(changes)
}

/// Keeps the next version of an opportunity.
///
/// # Errors
/// 412 or another attempt when it changed meanwhile.
pub fn save(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    read: &Opportunity,
    mut next: Opportunity,
) -> AppResult<Opportunity> {
    ctx.keep(read.version, &mut next, |next| {
        opportunities::save(tx, next, read.version)
    })?;
    Ok(next)
}
