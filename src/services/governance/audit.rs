//! The audit trail: append-only, chained by keyed hashes in a fixed number of lanes, so that an edited, removed or
//! reordered event is found (SEC-15, S11). A record's events share a lane; a transaction locks its lanes in order,
//! just before it commits, so writers of different lanes do not wait for each other.

use std::collections::BTreeMap;

use crate::{
    auth::keys,
    db::{Conn, EventDraft},
    domain::id::kind::AnyId,
    error::AppResult,
    models::governance::event::{Event, EventHead},
    repositories::governance::audit,
};

/// How many chains there are. Fixed for the life of a database: an event's lane follows from its subject.
pub const LANES: i32 = 32;

/// Hash of the empty chain of a lane.
pub fn genesis(key: &[u8; 32], lane: i32) -> String {
    keys::hex(&keys::mac(key, &[b"genesis", &lane.to_be_bytes()]))
}

/// The hash of an event, given the one before it in its lane.
pub fn hash(key: &[u8; 32], previous: &str, event: &Event) -> String {
    keys::hex(&keys::mac(
        key,
        &[
            previous.as_bytes(),
            event.id.as_str().as_bytes(),
            &event.lane.to_be_bytes(),
            &event.seq.to_be_bytes(),
            event.at.to_string().as_bytes(),
            event.actor_id.as_str().as_bytes(),
            event.subject_kind.as_str().as_bytes(),
            event.subject_id.as_str().as_bytes(),
            event.kind.as_bytes(),
            event.data.as_bytes(),
            // A rule that is absent is not one that is empty.
            event.rule.as_deref().map_or(&b"none"[..], |_| b"rule"),
            event.rule.as_deref().unwrap_or("").as_bytes(),
            event.source.as_bytes(),
            event.trace_id.as_bytes(),
        ],
    ))
}

/// The seal of a lane's head: without the key nobody can make an earlier head pass for the last one of a longer chain.
pub fn head_seal(key: &[u8; 32], lane: i32, seq: i64, last: &str) -> String {
    keys::hex(&keys::mac(
        key,
        &[
            b"head",
            &lane.to_be_bytes(),
            &seq.to_be_bytes(),
            last.as_bytes(),
        ],
    ))
}

/// The head of a chain, sealed.
fn sealed_head(key: &[u8; 32], lane: i32, seq: i64, last: String) -> EventHead {
    EventHead {
        lane,
        seq,
        seal: head_seal(key, lane, seq, &last),
        hash: last,
    }
}

/// Whether a head is the one that was written.
pub fn is_sealed(key: &[u8; 32], head: &EventHead) -> bool {
    keys::same(
        head.seal.as_bytes(),
        head_seal(key, head.lane, head.seq, &head.hash).as_bytes(),
    )
}

/// Which chain a record's events are in.
pub fn lane_of(subject: AnyId) -> i32 {
    let digest = keys::digest(&[subject.as_str().as_bytes()]);
    i32::from(digest[0]) % LANES
}

/// The locked head of a lane. All lanes are opened with the first event, so a head that is missing later was taken
/// away: its seal stays broken, and with it the finding.
fn locked(conn: &mut Conn, key: &[u8; 32], lane: i32) -> AppResult<EventHead> {
    if let Some(head) = audit::lock_head(conn, lane)? {
        return Ok(head);
    }
    let empty = |lane| sealed_head(key, lane, 0, genesis(key, lane));
    if audit::heads(conn)?.is_empty() {
        audit::add_heads(conn, &(0..LANES).map(empty).collect::<Vec<_>>())?;
        return Ok(empty(lane));
    }
    let broken = EventHead {
        seal: BROKEN.to_owned(),
        ..empty(lane)
    };
    audit::add_heads(conn, std::slice::from_ref(&broken))?;
    Ok(broken)
}

/// What a seal that does not fit is replaced with when the chain grows: an invalid head is never made valid again.
const BROKEN: &str = "broken";

/// Appends a transaction's events to their chains.
///
/// # Errors
/// A database fault.
pub fn seal(conn: &mut Conn, key: &[u8; 32], drafts: Vec<EventDraft>) -> AppResult<()> {
    let mut lanes: BTreeMap<i32, Vec<EventDraft>> = BTreeMap::new();
    for draft in drafts {
        lanes
            .entry(lane_of(draft.subject_id))
            .or_default()
            .push(draft);
    }
    for (lane, drafts) in lanes {
        let before = locked(conn, key, lane)?;
        let intact = is_sealed(key, &before);
        let EventHead {
            mut seq,
            hash: mut last,
            ..
        } = before;
        let mut events = Vec::with_capacity(drafts.len());
        for draft in drafts {
            seq += 1;
            let mut event = Event {
                id: draft.id,
                lane,
                seq,
                at: draft.at,
                actor_id: draft.actor_id,
                subject_kind: draft.subject_kind,
                subject_id: draft.subject_id,
                kind: draft.kind,
                data: draft.data,
                rule: draft.rule.map(str::to_owned),
                source: draft.source,
                trace_id: draft.trace_id,
                hash: String::new(),
            };
            event.hash = hash(key, &last, &event);
            last.clone_from(&event.hash);
            events.push(event);
        }
        audit::append(conn, &events)?;
        let mut head = sealed_head(key, lane, seq, last);
        if !intact {
            // Work goes on, but what was done to the head stays visible.
            head.seal = BROKEN.to_owned();
        }
        audit::move_head(conn, &head)?;
    }
    Ok(())
}
