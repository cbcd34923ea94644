//! One-key handover (一键交接): preview, order, look (ORG-25, DUP-18, AMB-11). What is ordered is done by a job, in
//! `super::handover_runs`. It is undone by a handover in the other direction.

use serde_json::json;

use super::{handover_runs::Told, transfers::receiver};
use crate::{
    api::{
        customers::handover::{
            HandoverCounts, HandoverFilter, HandoverPreview, HandoverTies, HandoverView,
            NewHandover, PreviewApproval, PreviewContract, PreviewCustomer, PreviewHandover,
            PreviewOpportunity, PreviewQuote,
        },
        refs::UserRef,
    },
    context::Ctx,
    db::{Conn, Tx, paging::Page},
    domain::{
        id::kind::{CustomerId, HandoverId},
        vocabulary::{Capability, DepartureState, HandoverState, JobKind, SubjectKind},
    },
    error::{AppError, AppResult, Code, FieldError},
    http::Listed,
    models::{
        customers::handover::{Handover, HandoverAssignment},
        org::user::User,
    },
    repositories::{
        customers::{
            customers,
            handovers::{self, Narrow},
            successions::{self, Of},
        },
        governance::access::{Reach, Verb, covers},
        org::{departures, names, ties, users},
    },
    services::{
        org::{departures::handles, fields::Fields, scope},
        platform::jobs::{self, NewJob},
    },
};

pub use crate::repositories::customers::handovers::HandoverSort;

/// The requirement that demands the handover.
pub const RULE: &str = "ORG-25";
/// How many records of each kind a preview shows.
const SHOWN: i64 = 20;

/// Refuses unless the actor's office is over the person, and over everybody who receives something.
///
/// # Errors
/// 403.
pub fn authorised(conn: &mut Conn, ctx: &Ctx, from: &User, receivers: &[User]) -> AppResult<()> {
    ctx.require(Capability::TransferCustomers)?;
    let right = Capability::TransferCustomers;
    let direct = from.superior_id == Some(ctx.actor.id);
    if !direct && !covers(conn, ctx, right, from.unit_id)? {
        return Err(AppError::forbidden(
            "您的“转移客户与交接”权限不覆盖移交人所在单位，您也不是其直接上司。",
            "Your right to hand over does not cover this person's unit, nor are you the direct superior.",
        )
        .rule(RULE));
    }
    for receiver in receivers {
        if !covers(conn, ctx, right, receiver.unit_id)? {
            return Err(AppError::forbidden(
                format!("接收人 {} 不在您的转移权限范围内。", receiver.name),
                format!("The receiver {} works outside your reach.", receiver.name),
            )
            .rule(RULE));
        }
    }
    Ok(())
}

/// What a handover would do.
///
/// # Errors
/// 403; 422 for people who are not there or cannot take anything.
pub fn preview(conn: &mut Conn, ctx: &Ctx, body: &PreviewHandover) -> AppResult<HandoverPreview> {
    ctx.require(Capability::TransferCustomers)?;
    let mut fields = Fields::default();
    let from = giver(conn, body.from_id, &mut fields)?;
    let to = match body.to_id {
        Some(to) => receiver(conn, "/to_id", to, Some(body.from_id), &mut fields)?,
        None => None,
    };
    fields.done()?;
    let from = from.ok_or_else(AppError::not_found)?;
    let receivers: Vec<User> = to.into_iter().collect();
    authorised(conn, ctx, &from, &receivers)?;
    let of = Of {
        owner: from.id,
        customer: None,
        limit: SHOWN,
    };
    let counts = successions::counts(conn, from.id)?;
    let tied = ties::of(conn, from.id, ctx.now)?;
    let customers = successions::customers_of(conn, from.id, SHOWN)?;
    let opportunities = successions::opportunities_of(conn, of)?;
    let quotes = successions::quotes_of(conn, of)?;
    let contracts = successions::contracts_of(conn, of)?;
    let approvals = ties::approvals_waiting_for(conn, from.id, SHOWN)?;
    Ok(HandoverPreview {
        from: named(from),
        to: receivers.into_iter().next().map(named),
        counts: HandoverCounts {
            customers: counts.customers,
            opportunities: counts.opportunities,
            quotes: counts.quotes,
            contracts: counts.contracts,
            conflict_cases: counts.conflict_cases,
        },
        ties: HandoverTies {
            approvals_to_decide: tied.approvals_to_decide,
            approvals_submitted: tied.approvals_submitted,
            shares_received: tied.shares_received,
            shares_given: tied.shares_given,
            delegations: tied.delegations,
            roles: tied.grants,
            subordinates: tied.subordinates,
            reminders: tied.reminders,
        },
        customers: customers
            .into_iter()
            .map(|row| PreviewCustomer {
                id: row.id,
                name: row.name,
                state: row.state,
            })
            .collect(),
        opportunities: opportunities
            .into_iter()
            .map(|row| PreviewOpportunity {
                id: row.id,
                title: row.title,
                state: row.state,
            })
            .collect(),
        quotes: quotes
            .into_iter()
            .map(|row| PreviewQuote {
                id: row.id,
                title: row.title,
                state: row.state,
            })
            .collect(),
        contracts: contracts
            .into_iter()
            .map(|row| PreviewContract {
                id: row.id,
                number: row.number,
                state: row.state,
            })
            .collect(),
        approvals: approvals
            .into_iter()
            .map(|(id, subject_kind, subject_id, title)| PreviewApproval {
                id,
                subject_kind,
                subject_id,
                title,
            })
            .collect(),
        shown: SHOWN,
    })
}

fn named(user: User) -> UserRef {
    UserRef {
        id: user.id,
        name: user.name,
    }
}

fn giver(
    conn: &mut Conn,
    id: crate::domain::id::kind::UserId,
    fields: &mut Fields,
) -> AppResult<Option<User>> {
    let user = users::find(conn, id)?;
    if user.is_none() {
        let (zh, en) = ("没有这个用户。", "There is no such user.");
        fields.fail(FieldError::new("/from_id", "UNKNOWN_USER", zh, en));
    }
    Ok(user)
}

/// Orders a handover: a job does it.
///
/// # Errors
/// 403; 409 while another one of the person is under way; 422 with every failing field.
pub fn order(tx: &mut Tx<'_>, ctx: &Ctx, body: &NewHandover) -> AppResult<HandoverView> {
    ctx.require(Capability::TransferCustomers)?;
    let mut fields = Fields::default();
    let reason = fields.prose("/reason", &body.reason);
    let from = giver(tx, body.from_id, &mut fields)?;
    let mut receivers: Vec<User> = Vec::new();
    receivers.extend(receiver(
        tx,
        "/to_id",
        body.to_id,
        Some(body.from_id),
        &mut fields,
    )?);
    let assignments = assignments(tx, body, &mut receivers, &mut fields)?;
    fields.done()?;
    let from = from.ok_or_else(AppError::not_found)?;
    authorised(tx, ctx, &from, &receivers)?;
    if let Some(departure) = body.departure_id {
        let departure = departures::get(tx, departure)?;
        let open = departure.state == DepartureState::Announced;
        if departure.user_id != from.id || !open || !handles(tx, ctx, &from)? {
            return Err(AppError::invalid(vec![FieldError::new(
                "/departure_id",
                "NOT_AN_OPEN_DEPARTURE",
                "不是该人员的待交接离职，或您无权办理。",
                "Not an open departure of this person, or not yours to handle.",
            )])
            .rule("ORG-23"));
        }
    }
    let id: HandoverId = ctx.new_id();
    let told = serde_json::to_string(&Told { handover_id: id }).map_err(AppError::internal)?;
    let total = successions::counts(tx, from.id)?.sum();
    let new = NewJob {
        kind: JobKind::HandOver,
        params: told,
        total,
        file_id: None,
    };
    let job = jobs::queue(tx, ctx, new)?;
    let row = Handover {
        id,
        from_id: from.id,
        to_id: body.to_id,
        unit_id: from.unit_id,
        reason,
        departure_id: body.departure_id,
        job_id: job.id,
        ordered_by: ctx.actor.id,
        state: HandoverState::Running,
        customers: 0,
        opportunities: 0,
        quotes: 0,
        contracts: 0,
        conflict_cases: 0,
        finished_at: None,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    let assignments: Vec<_> = assignments
        .into_iter()
        .map(|(customer_id, to_id)| HandoverAssignment {
            handover_id: id,
            customer_id,
            to_id,
        })
        .collect();
    if !handovers::insert(tx, &row, &assignments)? {
        return Err(AppError::new(
            Code::StateConflict,
            "该人员的另一次交接正在进行；请等待其完成。",
            "Another handover of this person is under way: wait for its end.",
        )
        .rule(RULE));
    }
    let data = json!({
        "from": row.from_id, "to": row.to_id, "assigned": assignments.len(), "reason": row.reason,
        "departure_id": row.departure_id, "job_id": row.job_id, "total": total,
    });
    ctx.record(
        tx,
        SubjectKind::Handover,
        id,
        "handover.ordered",
        &data,
        Some(RULE),
    );
    view(tx, row)
}

/// The customers that go to somebody else: the person's own, each once.
fn assignments(
    conn: &mut Conn,
    body: &NewHandover,
    receivers: &mut Vec<User>,
    fields: &mut Fields,
) -> AppResult<Vec<(CustomerId, crate::domain::id::kind::UserId)>> {
    let ids: Vec<CustomerId> = body.assignments.iter().map(|a| a.customer_id).collect();
    let mut owned = std::collections::HashSet::new();
    for some in ids.chunks(500) {
        let rows = customers::unguarded_all(conn, some)?;
        let own = rows.into_iter().filter(|row| row.owner_id == body.from_id);
        owned.extend(own.map(|row| row.id));
    }
    let mut assigned = Vec::with_capacity(ids.len());
    for (place, item) in body.assignments.iter().enumerate() {
        // Taken out when met: a customer that stands twice is not there the second time.
        if !owned.remove(&item.customer_id) {
            fields.fail(FieldError::new(
                format!("/assignments/{place}/customer_id"),
                "NOT_THEIRS",
                "不是移交人的客户，或重复指定。",
                "Not a customer of this person, or assigned twice.",
            ));
        }
        if !receivers.iter().any(|known| known.id == item.to_id) {
            let pointer = format!("/assignments/{place}/to_id");
            let found = receiver(conn, &pointer, item.to_id, Some(body.from_id), fields)?;
            receivers.extend(found);
        }
        assigned.push((item.customer_id, item.to_id));
    }
    Ok(assigned)
}

fn reach(ctx: &Ctx) -> Reach {
    Reach::by(ctx, Verb::Read, Capability::TransferCustomers)
}

/// One page of handovers: those that one ordered, gave or received, and those within TRANSFER_CUSTOMERS.
///
/// # Errors
/// 403 without any role; `INVALID_CURSOR`.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<HandoverFilter, HandoverSort>,
) -> AppResult<Page<HandoverView>> {
    scope::require_staff(ctx)?;
    let narrow = Narrow {
        from: query.filter.from_id,
        to: query.filter.to_id,
        state: query.filter.state,
    };
    handovers::list(conn, &reach(ctx), narrow, &query.page)?.try_map_all(|rows| views(conn, rows))
}

/// A handover.
///
/// # Errors
/// 403 without any role; 404.
pub fn get(conn: &mut Conn, ctx: &Ctx, id: HandoverId) -> AppResult<HandoverView> {
    scope::require_staff(ctx)?;
    let row = handovers::find(conn, &reach(ctx), id)?.ok_or_else(AppError::not_found)?;
    view(conn, row)
}

fn view(conn: &mut Conn, row: Handover) -> AppResult<HandoverView> {
    views(conn, vec![row])?
        .pop()
        .ok_or_else(AppError::not_found)
}

fn views(conn: &mut Conn, rows: Vec<Handover>) -> AppResult<Vec<HandoverView>> {
    let people = rows
        .iter()
        .flat_map(|row| [row.from_id, row.to_id, row.ordered_by]);
    let names = names::people(conn, people)?;
    let ids: Vec<HandoverId> = rows.iter().map(|row| row.id).collect();
    let assigned = handovers::count_assigned(conn, &ids)?;
    let view = |row: Handover| HandoverView {
        id: row.id,
        from: names.get(row.from_id),
        to: names.get(row.to_id),
        assigned: assigned.get(&row.id).copied().unwrap_or_default(),
        reason: row.reason,
        departure_id: row.departure_id,
        state: row.state,
        job_id: row.job_id,
        ordered_by: names.get(row.ordered_by),
        done: HandoverCounts {
            customers: row.customers,
            opportunities: row.opportunities,
            quotes: row.quotes,
            contracts: row.contracts,
            conflict_cases: row.conflict_cases,
        },
        finished_at: row.finished_at,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    };
    Ok(rows.into_iter().map(view).collect())
}
