//! What a customer's timeline is put together from: its own events, those of what is linked to it, its activities.

use diesel::prelude::*;

use crate::{
    context::Ctx,
    db::{
        Conn,
        schema::{activities, approvals, conflict_cases, contracts, events, opportunities, quotes},
    },
    domain::{
        id::kind::{AnyId, CustomerId},
        timestamp::Timestamp,
        vocabulary::{SubjectKind, TimelineKind},
    },
    error::AppResult,
    models::{governance::event::Event, sales::activity::Activity},
    repositories::{
        commerce::{contracts as contract_rows, quotes as quote_rows},
        governance::{
            access::{Reach, Verb},
            approvals as approval_rows,
        },
        sales::{
            activities as activity_rows, conflict_cases as case_rows,
            opportunities as opportunity_rows,
        },
    },
};

/// How many records of each kind are followed: the latest ones.
pub const FOLLOWED: i64 = 1_000;

/// A record that is linked to the customer.
#[derive(Debug, Clone)]
pub struct Linked {
    /// Kind.
    pub kind: SubjectKind,
    /// Id.
    pub id: AnyId,
    /// Title.
    pub title: String,
}

macro_rules! linked {
    ($conn:ident, $customer:ident, $table:ident, $visible:expr, $title:ident, $kind:expr) => {{
        let rows: Vec<(AnyId, String)> = $table::table
            .filter($table::customer_id.eq($customer))
            .filter($visible)
            .order(($table::created_at.desc(), $table::id.desc()))
            .select(($table::id, $table::$title))
            .limit(FOLLOWED)
            .load($conn)?;
        rows.into_iter()
            .map(|(id, title)| Linked {
                kind: $kind,
                id,
                title,
            })
            .collect()
    }};
}

/// The records of a kind that are linked to the customer and visible to the actor.
///
/// # Errors
/// A database fault.
pub fn linked(
    conn: &mut Conn,
    ctx: &Ctx,
    customer: CustomerId,
    kind: SubjectKind,
) -> AppResult<Vec<Linked>> {
    let reach = Reach::of(ctx, Verb::Read);
    Ok(match kind {
        SubjectKind::Opportunity => linked!(
            conn,
            customer,
            opportunities,
            opportunity_rows::visible(&reach),
            title,
            kind
        ),
        SubjectKind::Quote => linked!(
            conn,
            customer,
            quotes,
            quote_rows::visible(&reach),
            title,
            kind
        ),
        SubjectKind::Contract => linked!(
            conn,
            customer,
            contracts,
            contract_rows::visible(&reach),
            title,
            kind
        ),
        SubjectKind::ConflictCase => linked!(
            conn,
            customer,
            conflict_cases,
            case_rows::visible(ctx),
            customer_name,
            kind
        ),
        _ => Vec::new(),
    })
}

/// The approvals of these records that the actor may see.
///
/// # Errors
/// A database fault.
pub fn approvals(conn: &mut Conn, ctx: &Ctx, subjects: &[AnyId]) -> AppResult<Vec<Linked>> {
    let rows: Vec<(AnyId, String)> = approvals::table
        .filter(approval_rows::visible(ctx))
        .filter(approvals::subject_kind.eq_any([
            SubjectKind::Customer,
            SubjectKind::Opportunity,
            SubjectKind::Quote,
            SubjectKind::Contract,
        ]))
        .filter(approvals::subject_id.eq_any(subjects))
        .order((approvals::created_at.desc(), approvals::id.desc()))
        .select((approvals::id, approvals::title))
        .limit(FOLLOWED)
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, title)| Linked {
            kind: SubjectKind::Approval,
            id,
            title,
        })
        .collect())
}

/// Which stretch of time is wanted, latest first.
#[derive(Debug, Clone, Copy)]
pub struct Stretch {
    /// At or after.
    pub from: Option<Timestamp>,
    /// Before.
    pub before: Option<Timestamp>,
    /// Beyond the last seen time and id.
    pub after: Option<(Timestamp, AnyId)>,
    /// How many.
    pub limit: i64,
    /// Latest first, else earliest first.
    pub latest_first: bool,
}

macro_rules! stretched {
    ($query:ident, $stretch:ident, $at:expr, $id:expr) => {
        if let Some(from) = $stretch.from {
            $query = $query.filter($at.ge(from));
        }
        if let Some(before) = $stretch.before {
            $query = $query.filter($at.lt(before));
        }
        if let Some((at, id)) = $stretch.after {
            // col <= v AND (col < v OR id beyond): the first half is what lets an index range serve it.
            $query = if $stretch.latest_first {
                $query.filter($at.le(at).and($at.lt(at).or($id.lt(id))))
            } else {
                $query.filter($at.ge(at).and($at.gt(at).or($id.gt(id))))
            };
        }
        $query = if $stretch.latest_first {
            $query.order(($at.desc(), $id.desc()))
        } else {
            $query.order(($at.asc(), $id.asc()))
        };
        $query = $query.limit($stretch.limit);
    };
}

/// The events of these records.
///
/// # Errors
/// A database fault.
pub fn events(
    conn: &mut Conn,
    kinds: &[SubjectKind],
    subjects: &[AnyId],
    stretch: Stretch,
) -> AppResult<Vec<Event>> {
    if subjects.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Event::query()
        .into_boxed()
        .filter(events::subject_kind.eq_any(kinds.to_vec()))
        .filter(events::subject_id.eq_any(subjects.to_vec()));
    stretched!(query, stretch, events::at, events::id);
    Ok(query.load(conn)?)
}

/// The customer's activities that the actor may see.
///
/// # Errors
/// A database fault.
pub fn activities(
    conn: &mut Conn,
    ctx: &Ctx,
    customer: CustomerId,
    stretch: Stretch,
) -> AppResult<Vec<Activity>> {
    let mut query = Activity::query()
        .into_boxed()
        .filter(activities::customer_id.eq(customer))
        .filter(activity_rows::visible(&Reach::of(ctx, Verb::Read)));
    stretched!(query, stretch, activities::happened_at, activities::id);
    Ok(query.load(conn)?)
}

/// What a timeline calls a kind of record.
pub fn kind_of(kind: SubjectKind) -> TimelineKind {
    match kind {
        SubjectKind::Opportunity => TimelineKind::Opportunity,
        SubjectKind::Quote => TimelineKind::Quote,
        SubjectKind::Contract => TimelineKind::Contract,
        SubjectKind::Approval => TimelineKind::Approval,
        SubjectKind::ConflictCase => TimelineKind::ConflictCase,
        SubjectKind::Activity => TimelineKind::Activity,
        _ => TimelineKind::Customer,
    }
}
