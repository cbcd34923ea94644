//! Feedback of customers (CUS-52, CUS-53): recorded by customer service and by who looks after the customer; appended,
//! and corrected as a new version with an event.

use serde_json::json;

use crate::{
    api::customers::feedback::{
        FeedbackAction, FeedbackFilter, FeedbackPatch, FeedbackSummary, FeedbackView, NewFeedback,
    },
    context::Ctx,
    db::{Conn, Tx, paging::Page},
    domain::{
        id::kind::{CustomerId, FeedbackId},
        vocabulary::{Capability, SubjectKind},
    },
    error::{AppError, AppResult, FieldError},
    http::Listed,
    models::customers::feedback::Feedback,
    policy::customers::feedback::{average, tells_something},
    repositories::{
        customers::{
            customers,
            feedback::{self, Narrow},
        },
        governance::access::read_only,
        org::names,
        sales::activities,
    },
    services::org::fields::{Changes, Fields},
};

pub use crate::repositories::customers::feedback::FeedbackSort;

/// One page of a customer's feedback.
///
/// # Errors
/// 404 unless the customer is visible.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    customer: CustomerId,
    query: &Listed<FeedbackFilter, FeedbackSort>,
) -> AppResult<Page<FeedbackView>> {
    customers::find(conn, ctx, customer)?;
    let narrow = Narrow {
        customer,
        channel: query.filter.channel,
        from: query.filter.received_on_gte,
        until: query.filter.received_on_lte,
    };
    feedback::list(conn, &narrow, &query.page)?.try_map_all(|rows| views(conn, ctx, customer, rows))
}

/// A customer's feedback in figures.
///
/// # Errors
/// 404 unless the customer is visible.
pub fn summary(conn: &mut Conn, ctx: &Ctx, customer: CustomerId) -> AppResult<FeedbackSummary> {
    customers::find(conn, ctx, customer)?;
    let sums = feedback::sums(conn, customer)?;
    let of = |(count, sum): (i64, Option<i64>)| average(count, sum.unwrap_or(0));
    Ok(FeedbackSummary {
        customer_id: customer,
        count: sums.count,
        average_satisfaction: of(sums.satisfaction),
        satisfaction_count: sums.satisfaction.0,
        average_loyalty: of(sums.loyalty),
        loyalty_count: sums.loyalty.0,
        last_received_on: sums.last_on,
    })
}

/// One piece of feedback.
///
/// # Errors
/// 404 unless its customer is visible.
pub fn get(conn: &mut Conn, ctx: &Ctx, id: FeedbackId) -> AppResult<FeedbackView> {
    let row = feedback::get(conn, id)?;
    customers::find(conn, ctx, row.customer_id)?;
    one(conn, ctx, row)
}

/// Records feedback.
///
/// # Errors
/// 404; 403 for whoever may neither change the customer nor record feedback; 422 with every failing field.
pub fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    customer: CustomerId,
    body: &NewFeedback,
) -> AppResult<FeedbackView> {
    recordable(tx, ctx, customer)?;
    let mut fields = Fields::default();
    let row = Feedback {
        id: ctx.new_id(),
        customer_id: customer,
        contact_id: body.contact_id,
        received_on: body.received_on,
        channel: body.channel,
        satisfaction: body.satisfaction,
        loyalty: body.loyalty,
        content: fields.optional_prose("/content", body.content.as_ref()),
        created_by: ctx.actor.id,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    check(tx, ctx, &mut fields, &row)?;
    fields.done()?;
    feedback::insert(tx, &row)?;
    let data = json!({
        "feedback_id": row.id,
        "received_on": row.received_on,
        "channel": row.channel,
        "satisfaction": row.satisfaction,
        "loyalty": row.loyalty,
    });
    ctx.record(
        tx,
        SubjectKind::Customer,
        customer,
        "customer.feedback_recorded",
        &data,
        Some("CUS-52"),
    );
    one(tx, ctx, row)
}

/// Corrects feedback: by who recorded it, or who may change the customer.
///
/// # Errors
/// 404, 403; 412; 422 with every failing field.
pub fn correct(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: FeedbackId,
    body: &FeedbackPatch,
) -> AppResult<FeedbackView> {
    let read = feedback::get(tx, id)?;
    customers::find(tx, ctx, read.customer_id)?;
    if !correctable(tx, ctx, &read)? {
        return Err(read_only());
    }
    ctx.check_version(read.version)?;
    let mut next = read.clone();
    let (mut fields, mut changes) = (Fields::default(), Changes::default());
    let contact = body.contact_id.clone().applied(next.contact_id);
    changes.set("contact_id", &mut next.contact_id, contact);
    let received_on = body.received_on.unwrap_or(next.received_on);
    changes.set("received_on", &mut next.received_on, received_on);
    let channel = body.channel.unwrap_or(next.channel);
    changes.set("channel", &mut next.channel, channel);
    let satisfaction = body.satisfaction.clone().applied(next.satisfaction);
    changes.set("satisfaction", &mut next.satisfaction, satisfaction);
    let loyalty = body.loyalty.clone().applied(next.loyalty);
    changes.set("loyalty", &mut next.loyalty, loyalty);
    let content = fields.patched_prose("/content", &body.content, next.content.clone());
    changes.set("content", &mut next.content, content);
    check(tx, ctx, &mut fields, &next)?;
    fields.done()?;
    if changes.is_empty() {
        return one(tx, ctx, read);
    }
    ctx.keep(read.version, &mut next, |next| {
        feedback::save(tx, next, read.version)
    })?;
    changes.note("feedback_id", id, id);
    let data = changes.into_value();
    ctx.record(
        tx,
        SubjectKind::Customer,
        read.customer_id,
        "customer.feedback_corrected",
        &data,
        Some("CUS-52"),
    );
    one(tx, ctx, next)
}

fn check(conn: &mut Conn, ctx: &Ctx, fields: &mut Fields, row: &Feedback) -> AppResult<()> {
    if row.received_on > ctx.today() {
        fields.fail(FieldError::new(
            "/received_on",
            "IN_THE_FUTURE",
            "不能晚于今天。",
            "Must not lie in the future.",
        ));
    }
    if !tells_something(row.satisfaction, row.loyalty, row.content.is_some()) {
        fields.fail(FieldError::new(
            "/satisfaction",
            "NOTHING_TOLD",
            "请至少填写满意度、忠诚度或内容之一。",
            "Tell satisfaction, loyalty or words, one at least.",
        ));
    }
    if let Some(contact) = row.contact_id
        && activities::contact_customer(conn, contact)? != Some(row.customer_id)
    {
        fields.fail(FieldError::new(
            "/contact_id",
            "NOT_A_CONTACT_OF_THE_CUSTOMER",
            "不是该客户的联系人。",
            "Not a contact of this customer.",
        ));
    }
    Ok(())
}

fn recordable(conn: &mut Conn, ctx: &Ctx, customer: CustomerId) -> AppResult<()> {
    customers::find(conn, ctx, customer)?;
    if ctx.has(Capability::RecordFeedback) || customers::may_write(conn, ctx, customer)? {
        Ok(())
    } else {
        Err(read_only())
    }
}

fn correctable(conn: &mut Conn, ctx: &Ctx, row: &Feedback) -> AppResult<bool> {
    let own = row.created_by == ctx.actor.id && ctx.has(Capability::RecordFeedback);
    Ok(own || customers::may_write(conn, ctx, row.customer_id)?)
}

fn one(conn: &mut Conn, ctx: &Ctx, row: Feedback) -> AppResult<FeedbackView> {
    views(conn, ctx, row.customer_id, vec![row])?
        .pop()
        .ok_or_else(AppError::not_found)
}

fn views(
    conn: &mut Conn,
    ctx: &Ctx,
    customer: CustomerId,
    rows: Vec<Feedback>,
) -> AppResult<Vec<FeedbackView>> {
    let people = names::people(conn, rows.iter().map(|row| row.created_by))?;
    let writes = customers::may_write(conn, ctx, customer)?;
    let records = ctx.has(Capability::RecordFeedback);
    Ok(rows
        .into_iter()
        .map(|row| {
            let may = writes || (records && row.created_by == ctx.actor.id);
            FeedbackView {
                id: row.id,
                customer_id: row.customer_id,
                contact_id: row.contact_id,
                received_on: row.received_on,
                channel: row.channel,
                satisfaction: row.satisfaction,
                loyalty: row.loyalty,
                content: row.content,
                created_by: people.get(row.created_by),
                version: row.version,
                created_at: row.created_at,
                updated_at: row.updated_at,
                allowed_actions: may.then_some(FeedbackAction::Edit).into_iter().collect(),
            }
        })
        .collect())
}
