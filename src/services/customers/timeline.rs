//! Everything that happened with a customer, in one order of time (CUS-17, CUS-40, CUS-44 D): the customer's own events,
//! those of its opportunities, quotes, contracts, conflict cases and approvals, and its activities. Two sources, each
//! read by an index from the cursor on, are merged; what the caller may not see is in neither.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::{
    api::{
        csv::Csv,
        customers::overview::{TimelineEntry, TimelineFilter},
    },
    context::Ctx,
    db::{
        Conn,
        paging::{Direction, Page, SortKey, bad_cursor},
    },
    domain::{
        id::kind::{AnyId, CustomerId},
        timestamp::Timestamp,
        vocabulary::{SubjectKind, TimelineKind},
    },
    error::AppResult,
    http::Listed,
    models::{governance::event::Event, sales::activity::Activity},
    repositories::{
        customers::{
            customers,
            timeline::{self, Linked, Stretch},
        },
        org::names::{self, People},
    },
};

/// The keys that a timeline may be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimelineSort {
    /// When it happened.
    At,
}

impl SortKey for TimelineSort {
    const ALLOWED: &'static [(&'static str, Self)] = &[("at", Self::At)];
    const DEFAULT: &'static [(Self, Direction)] = &[(Self::At, Direction::Down)];
}

/// One page of a customer's timeline.
///
/// # Errors
/// 404; `INVALID_CURSOR`; a database fault.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CustomerId,
    query: &Listed<TimelineFilter, TimelineSort>,
) -> AppResult<Page<TimelineEntry>> {
    let customer = customers::find(conn, ctx, id)?;
    let filter = query.filter.clone();
    let kinds = Csv::values(filter.kind_in);
    let wanted = |kind| kinds.is_empty() || kinds.contains(&kind);
    let latest_first = query
        .page
        .sort
        .iter()
        .all(|(_, direction)| *direction == Direction::Down);
    let stretch = Stretch {
        from: filter.at_gte,
        before: filter.at_lt,
        after: after(query.page.after.as_deref())?,
        limit: query.page.limit + 1,
        latest_first,
    };
    let subjects = subjects(conn, ctx, id, &customer.name, &wanted)?;
    let ids: Vec<_> = subjects.iter().map(|linked| linked.id).collect();
    let mut of_kinds: Vec<_> = subjects.iter().map(|linked| linked.kind).collect();
    of_kinds.sort_unstable();
    of_kinds.dedup();
    let events = timeline::events(conn, &of_kinds, &ids, stretch)?;
    let activities = if wanted(TimelineKind::Activity) {
        timeline::activities(conn, ctx, id, stretch)?
    } else {
        Vec::new()
    };
    let people = names::people(
        conn,
        events
            .iter()
            .map(|event| event.actor_id)
            .chain(activities.iter().map(|activity| activity.owner_id)),
    )?;
    let titles: HashMap<_, _> = subjects
        .into_iter()
        .map(|linked| (linked.id, linked.title))
        .collect();
    let mut entries: Vec<_> = events
        .into_iter()
        .map(|event| of_event(event, &titles, &people))
        .chain(
            activities
                .into_iter()
                .map(|activity| of_activity(activity, &people)),
        )
        .collect();
    entries.sort_by_key(|entry| (entry.at, entry.id));
    if latest_first {
        entries.reverse();
    }
    let limit = usize::try_from(query.page.limit).unwrap_or(0);
    let more = entries.len() > limit;
    entries.truncate(limit);
    let next = entries
        .last()
        .filter(|_| more)
        .map(|last| vec![last.at.to_string(), last.id.to_string()]);
    Ok(Page {
        items: entries,
        next,
        total: None,
    })
}

fn after(cursor: Option<&[String]>) -> AppResult<Option<(Timestamp, AnyId)>> {
    match cursor {
        None => Ok(None),
        Some([at, id]) => Ok(Some((
            at.parse().map_err(|_| bad_cursor())?,
            id.parse().map_err(|_| bad_cursor())?,
        ))),
        Some(_) => Err(bad_cursor()),
    }
}

/// The records whose events are wanted.
fn subjects(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CustomerId,
    name: &str,
    wanted: &impl Fn(TimelineKind) -> bool,
) -> AppResult<Vec<Linked>> {
    let own = Linked {
        kind: SubjectKind::Customer,
        id: id.cast(),
        title: name.to_owned(),
    };
    let approvals_too = wanted(TimelineKind::Approval);
    let mut found = vec![own];
    for kind in [
        SubjectKind::Opportunity,
        SubjectKind::Quote,
        SubjectKind::Contract,
        SubjectKind::ConflictCase,
    ] {
        if approvals_too || wanted(timeline::kind_of(kind)) {
            found.extend(timeline::linked(conn, ctx, id, kind)?);
        }
    }
    if approvals_too {
        let ids: Vec<_> = found.iter().map(|linked| linked.id).collect();
        found.extend(timeline::approvals(conn, ctx, &ids)?);
    }
    found.retain(|linked| wanted(timeline::kind_of(linked.kind)));
    Ok(found)
}

fn of_event(event: Event, titles: &HashMap<AnyId, String>, people: &People) -> TimelineEntry {
    TimelineEntry {
        id: event.id.cast(),
        at: event.at,
        kind: timeline::kind_of(event.subject_kind),
        title: titles.get(&event.subject_id).cloned(),
        actor: people.get(event.actor_id),
        // An event that somebody edited may hold anything: it is shown as it is.
        data: serde_json::from_str(&event.data).unwrap_or(Value::String(event.data)),
        event: event.kind,
        subject_kind: event.subject_kind,
        subject_id: event.subject_id,
        rule: event.rule,
    }
}

fn of_activity(activity: Activity, people: &People) -> TimelineEntry {
    TimelineEntry {
        id: activity.id.cast(),
        at: activity.happened_at,
        kind: TimelineKind::Activity,
        event: "activity.recorded".to_owned(),
        subject_kind: SubjectKind::Activity,
        subject_id: activity.id.cast(),
        title: None,
        actor: people.get(activity.owner_id),
        data: json!({
            "kind": activity.kind,
            "content": activity.content,
            "result": activity.result,
            "place": activity.place,
            "contact_id": activity.contact_id,
            "opportunity_id": activity.opportunity_id,
            "remind_at": activity.remind_at,
        }),
        rule: Some("ACT-07".to_owned()),
    }
}
