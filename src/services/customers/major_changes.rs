//! Major changes at customers, entered immediately or late (CUS-26).

use serde_json::json;

use crate::{
    api::customers::standing::{MajorChangeView, NewMajorChange, NoFilter},
    context::Ctx,
    db::{Conn, Tx, paging::Page},
    domain::{id::kind::CustomerId, vocabulary::SubjectKind},
    error::{AppError, AppResult, FieldError},
    http::Listed,
    models::customers::standing::MajorChange,
    policy::customers::card::{self, CustomerCardSettings},
    repositories::{
        customers::{customers, major_changes},
        org::names,
    },
};

pub use crate::repositories::customers::major_changes::MajorChangeSort;

/// Enters a major change; whether that was immediate is judged and kept. The data counts as looked at.
///
/// # Errors
/// 404; 403 for whoever may not change the customer; 422.
pub fn enter(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: CustomerId,
    body: &NewMajorChange,
) -> AppResult<MajorChangeView> {
    customers::find_for_write(tx, ctx, id)?;
    let settings = ctx.policy::<CustomerCardSettings>()?.value;
    let mut errors = Vec::new();
    let entered = card::entered_after(body.occurred_on, ctx.today(), &settings);
    if entered.is_none() {
        errors.push(FieldError::new(
            "/occurred_on",
            "IN_FUTURE",
            "不能晚于今天",
            "must not be after today",
        ));
    }
    super::fields::not_blank(Some(&body.note), "/note", &mut errors);
    let Some((days, in_time)) = entered.filter(|_| errors.is_empty()) else {
        return Err(AppError::invalid(errors).rule("CUS-26"));
    };
    let change = MajorChange {
        id: ctx.new_id(),
        customer_id: id,
        kind: body.kind,
        occurred_on: body.occurred_on,
        note: body.note.trim().to_owned(),
        days,
        in_time,
        recorded_by: ctx.actor.id,
        created_at: ctx.now,
    };
    major_changes::insert(tx, &change)?;
    customers::note_refreshed(tx, id, ctx.now)?;
    ctx.record(
        tx,
        SubjectKind::Customer,
        id,
        "customer.major_change",
        &json!({
            "major_change_id": change.id, "kind": change.kind, "occurred_on": change.occurred_on,
            "days": days, "in_time": in_time,
        }),
        Some("CUS-26"),
    );
    views(tx, vec![change])?
        .pop()
        .ok_or_else(AppError::not_found)
}

/// One page of a customer's major changes, latest entry first.
///
/// # Errors
/// 404; `INVALID_CURSOR`.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CustomerId,
    query: &Listed<NoFilter, MajorChangeSort>,
) -> AppResult<Page<MajorChangeView>> {
    customers::find(conn, ctx, id)?;
    major_changes::list(conn, id, &query.page)?.try_map_all(|rows| views(conn, rows))
}

fn views(conn: &mut Conn, rows: Vec<MajorChange>) -> AppResult<Vec<MajorChangeView>> {
    let people = names::people(conn, rows.iter().map(|row| row.recorded_by))?;
    Ok(rows
        .into_iter()
        .map(|row| MajorChangeView {
            id: row.id,
            customer_id: row.customer_id,
            kind: row.kind,
            occurred_on: row.occurred_on,
            note: row.note,
            days: row.days,
            in_time: row.in_time,
            recorded_by: people.get(row.recorded_by),
            created_at: row.created_at,
        })
        .collect())
}
