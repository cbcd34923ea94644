//! Sales activities: what was done with a customer, by whom and when (ACT-07, OPP-18, AMB-26, AMB-39).

use chrono::Datelike;
use serde_json::{Map, Value, json};

use super::activity_views::views;
use crate::{
    api::{
        csv::Csv,
        sales::activity::{
            ActivityAction, ActivityFilter, ActivityPatch, ActivityView, NewActivity,
        },
    },
    context::Ctx,
    db::{Conn, Tx, paging::Page},
    domain::{
        id::kind::{ActivityId, CustomerId},
        vocabulary::{Capability, OpportunityState, SubjectKind},
    },
    error::{AppError, AppResult},
    http::Listed,
    models::sales::activity::Activity,
    policy::sales::opportunity_state::{Command, may},
    repositories::{
        customers::customers,
        org::users,
        sales::{
            activities::{self, Narrow},
            opportunities,
        },
    },
    services::{customers::standing, org::fields::Fields},
};

pub use crate::repositories::sales::activities::ActivitySort;

/// Records an activity. The follow-up clocks of the customer and of the opportunity start again (AMB-26, CUS-56). Who may
/// only read the customer, such as whoever came second, records none (CONF-02).
///
/// # Errors
/// 403 without `RECORD_ACTIVITIES`, or for whoever may only read the customer; 409 on an opportunity that may not be
/// followed (OPP-07, OPP-27); 422 with every failing field.
pub fn create(tx: &mut Tx<'_>, ctx: &Ctx, body: &NewActivity) -> AppResult<ActivityView> {
    ctx.require(Capability::RecordActivities)?;
    let mut fields = Fields::default();
    let mut row = Activity {
        id: ctx.new_id(),
        customer_id: body.customer_id,
        opportunity_id: body.opportunity_id,
        kind: body.kind,
        happened_at: body.happened_at,
        content: fields.prose("/content", &body.content),
        result: fields.optional_prose("/result", body.result.as_ref()),
        place: fields.optional_line("/place", body.place.as_ref()),
        contact_id: body.contact_id,
        remind_at: body.remind_at,
        owner_id: ctx.actor.id,
        unit_id: ctx.actor.unit_id,
        security_level: 0,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
        on_behalf_of: None,
    };
    check_times(ctx, &mut fields, &row);
    // What is read below stays so: the customer is not merged into another meanwhile (DUP-09).
    customers::lock(tx, row.customer_id)?;
    check_contact(tx, &mut fields, &row)?;
    let together = check_opportunity(tx, ctx, &mut fields, &row)?;
    if let Some(level) = workable(tx, ctx, &mut fields, row.customer_id, together)? {
        row.security_level = level;
    }
    fields.done()?;
    // Work on an absent colleague's customer is done in the colleague's stead.
    row.on_behalf_of = ctx.works_on(customers::unguarded(tx, row.customer_id)?.owner_id);
    activities::insert(tx, &row)?;
    note(tx, &row)?;
    let data = json!({
        "customer_id": row.customer_id,
        "opportunity_id": row.opportunity_id,
        "kind": row.kind,
        "happened_at": row.happened_at,
        "contact_id": row.contact_id,
        "remind_at": row.remind_at,
    });
    ctx.record(
        tx,
        SubjectKind::Activity,
        row.id,
        "activity.recorded",
        &data,
        Some("ACT-07"),
    );
    one(tx, ctx, row)
}

fn check_times(ctx: &Ctx, fields: &mut Fields, row: &Activity) {
    if row.happened_at > ctx.now {
        fields.refuse(
            "/happened_at",
            "IN_THE_FUTURE",
            "不能晚于现在。",
            "Must not lie in the future.",
        );
    } else if row.happened_at.date_in(ctx.zone).year() < 2000 {
        fields.refuse(
            "/happened_at",
            "TOO_EARLY",
            "不能早于 2000 年。",
            "Must not lie before 2000.",
        );
    }
    if row.remind_at.is_some_and(|at| at <= row.happened_at) {
        fields.refuse(
            "/remind_at",
            "BEFORE_THE_ACTIVITY",
            "提醒时间须晚于活动时间。",
            "The reminder must come after the activity.",
        );
    }
}

fn check_contact(conn: &mut Conn, fields: &mut Fields, row: &Activity) -> AppResult<()> {
    let Some(contact) = row.contact_id else {
        return Ok(());
    };
    let of = activities::contact_customer(conn, contact)?;
    if of != Some(row.customer_id) {
        fields.refuse(
            "/contact_id",
            "NOT_A_CONTACT_OF_THE_CUSTOMER",
            "不是该客户的联系人。",
            "Not a contact of this customer.",
        );
    }
    Ok(())
}

/// The opportunity is of this customer, visible, and may be followed. Answers whether the actor may work on it.
fn check_opportunity(
    conn: &mut Conn,
    ctx: &Ctx,
    fields: &mut Fields,
    row: &Activity,
) -> AppResult<bool> {
    let Some(id) = row.opportunity_id else {
        return Ok(false);
    };
    let found = opportunities::find(conn, ctx, id);
    let Some(opportunity) = fields.known("/opportunity_id", found)? else {
        return Ok(false);
    };
    if opportunity.customer_id != Some(row.customer_id) {
        fields.refuse(
            "/opportunity_id",
            "NOT_OF_THE_CUSTOMER",
            "不是该客户的商机。",
            "Not an opportunity of this customer.",
        );
        return Ok(false);
    }
    if matches!(
        opportunity.state,
        OpportunityState::Failed | OpportunityState::Confirmed
    ) {
        may(opportunity.state, Command::Edit)?;
    }
    opportunities::may_write(conn, ctx, id)
}

/// The customer's security level, if the actor may work on it: by the customer itself, or by a joint opportunity.
fn workable(
    conn: &mut Conn,
    ctx: &Ctx,
    fields: &mut Fields,
    id: CustomerId,
    together: bool,
) -> AppResult<Option<i32>> {
    if together {
        return Ok(Some(customers::unguarded(conn, id)?.security_level));
    }
    let found = customers::find_for_write(conn, ctx, id);
    let customer = fields.known("/customer_id", found)?;
    Ok(customer.map(|customer| customer.security_level))
}

fn note(tx: &mut Tx<'_>, row: &Activity) -> AppResult<()> {
    customers::note_contact(tx, row.customer_id, row.happened_at)?;
    standing::actions_changed(tx, row.customer_id)?;
    match row.opportunity_id {
        Some(opportunity) => opportunities::note_activity(tx, opportunity, row.happened_at),
        None => Ok(()),
    }
}

fn one(conn: &mut Conn, ctx: &Ctx, row: Activity) -> AppResult<ActivityView> {
    views(conn, ctx, vec![row])?
        .pop()
        .ok_or_else(AppError::not_found)
}

/// One activity.
///
/// # Errors
/// 404 unless visible.
pub fn get(conn: &mut Conn, ctx: &Ctx, id: ActivityId) -> AppResult<ActivityView> {
    let row = activities::find(conn, ctx, id)?;
    one(conn, ctx, row)
}

/// One page of the activities that the caller may see.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<ActivityFilter, ActivitySort>,
) -> AppResult<Page<ActivityView>> {
    let filter = query.filter.clone();
    let narrow = Narrow {
        customer: filter.customer_id,
        opportunity: filter.opportunity_id,
        kinds: Csv::values(filter.kind_in),
        owner: filter.owner_id,
        from: filter.happened_at_gte,
        before: filter.happened_at_lt,
    };
    activities::list(conn, ctx, &narrow, &query.page)?.try_map_all(|rows| views(conn, ctx, rows))
}

/// Corrects an activity.
///
/// # Errors
/// 404; 403 for anybody but its author and the author's direct superior (ORG-10); 412; 422 with every failing field.
pub fn update(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: ActivityId,
    body: &ActivityPatch,
) -> AppResult<ActivityView> {
    ctx.require(Capability::RecordActivities)?;
    let read = activities::find(tx, ctx, id)?;
    ctx.check_version(read.version)?;
    let direct_superior = users::get(tx, read.owner_id)?.superior_id == Some(ctx.actor.id);
    if read.owner_id != ctx.actor.id && !direct_superior {
        return Err(AppError::forbidden(
            "销售活动只能由记录人或其直接上司更正。",
            "An activity is corrected by its author or the author's direct superior.",
        )
        .rule("ORG-10"));
    }
    let mut fields = Fields::default();
    let mut next = read.clone();
    next.opportunity_id = body.opportunity_id.clone().applied(next.opportunity_id);
    next.kind = body.kind.unwrap_or(next.kind);
    next.happened_at = body.happened_at.unwrap_or(next.happened_at);
    if let Some(content) = &body.content {
        next.content = fields.prose("/content", content);
    }
    next.result = fields.patched_prose("/result", &body.result, next.result);
    next.place = fields.patched_line("/place", &body.place, next.place);
    next.contact_id = body.contact_id.clone().applied(next.contact_id);
    next.remind_at = body.remind_at.clone().applied(next.remind_at);
    check_times(ctx, &mut fields, &next);
    if next.contact_id != read.contact_id {
        check_contact(tx, &mut fields, &next)?;
    }
    if next.opportunity_id != read.opportunity_id {
        check_opportunity(tx, ctx, &mut fields, &next)?;
    }
    fields.done()?;
    let changes = changes(&read, &next);
    if changes.is_empty() {
        return one(tx, ctx, read);
    }
    ctx.keep(read.version, &mut next, |next| {
        activities::save(tx, next, read.version)
    })?;
    note(tx, &next)?;
    let data = Value::Object(changes);
    ctx.record(
        tx,
        SubjectKind::Activity,
        id,
        "activity.corrected",
        &data,
        Some("ACT-07"),
    );
    one(tx, ctx, next)
}

fn changes(read: &Activity, next: &Activity) -> Map<String, Value> {
    let mut changes = Map::new();
    macro_rules! compare {
        ($($field:ident),+) => {$(
            if read.$field != next.$field {
                changes.insert(stringify!($field).to_owned(), json!({"from": read.$field, "to": next.$field}));
            }
        )+};
    }
    compare!(
        opportunity_id,
        kind,
        happened_at,
        content,
        result,
        place,
        contact_id,
        remind_at
    );
    changes
}

/// What the caller may do with an activity: correct it, as its author or as the author's direct superior.
pub fn allowed_actions(ctx: &Ctx, row: &Activity, direct_superior: bool) -> Vec<ActivityAction> {
    let corrects = row.owner_id == ctx.actor.id || direct_superior;
    if corrects && ctx.has(Capability::RecordActivities) {
        vec![ActivityAction::Edit]
    } else {
        Vec::new()
    }
}
