//! The audit trail: append-only, chained by keyed hashes in a fixed number of lanes, so that an edited, removed or
//! reordered event is found (SEC-15, S11). A record's events share a lane; a transaction locks its lanes in order,
//! just before it commits, so writers of different lanes do not wait for each other.

use std::collections::BTreeMap;

use crate::{
    auth::keys,
    db::{Conn, EventDraft},
    domain::id::kind::AnyId,
    error::AppResult,
    models::governance::event::Event,
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

fn lane_of(subject: AnyId) -> i32 {
    let digest = keys::digest(&[subject.as_str().as_bytes()]);
    i32::from(digest[0]) % LANES
}

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
        let (mut seq, mut last) = audit::lock_head(conn, lane, &genesis(key, lane))?;
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
        audit::move_head(conn, lane, seq, &last)?;
    }
    Ok(())
}
