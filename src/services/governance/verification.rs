//! Whether the audit trail is whole: every chain is walked and computed again (SEC-08, SEC-15,
//! S11).

use std::collections::BTreeMap;

use serde::Serialize;

use super::audit::{self, LANES};
use crate::{
    auth::keys,
    db::Conn,
    domain::id::kind::EventId,
    error::AppResult,
    models::governance::event::{Event, EventHead},
    repositories::governance::audit as rows,
};

/// Rows a look-up.
const CHUNK: i64 = 1_000;

/// Of more broken rows in a lane it is not tried which changed places.
const MOST_REORDERED: usize = 32;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// The row is not what was written.
    Edited,
    /// The row was written at another place.
    Reordered,
    /// Rows are missing, in the middle or at the end.
    Removed,
    /// A row that the trail never had.
    Inserted,
    /// The head is not what was written.
    HeadChanged,
    /// The trail does not contain what was kept elsewhere.
    AnchorNotMet,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What.
    pub kind: Kind,
    /// In which lane.
    pub lane: i32,
    /// At which place.
    pub seq: i64,
    /// Which event, if it is there.
    pub id: Option<EventId>,
    /// In words.
    pub detail: String,
}

/// What a verification found.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Events that were computed again.
    pub events: i64,
    /// Everything that is wrong.
    pub findings: Vec<Finding>,
    /// The trail as it is now, in a line: kept elsewhere, it later proves that the trail only grew.
    pub anchor: Anchor,
}

/// How far each lane went, and a digest of the hashes there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// Last place of each lane.
    places: Vec<i64>,
    /// SHA-256 over the hashes at those places.
    digest: String,
}

const FORM: &str = "xianlu-audit-1";

impl std::fmt::Display for Anchor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let places: Vec<_> = self.places.iter().map(ToString::to_string).collect();
        write!(f, "{FORM}:{}:{}", places.join("."), self.digest)
    }
}
impl Serialize for Anchor {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Text that is no anchor.
#[derive(Debug, thiserror::Error)]
#[error("this is not an anchor that `xianlu verify-audit` printed")]
pub struct NotAnAnchor;

impl std::str::FromStr for Anchor {
    type Err = NotAnAnchor;

    fn from_str(text: &str) -> Result<Self, NotAnAnchor> {
        let mut parts = text.trim().split(':');
        let (Some(FORM), Some(places), Some(digest), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NotAnAnchor);
        };
        let places: Vec<i64> = places
            .split('.')
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map_err(|_| NotAnAnchor)?;
        let hexadecimal = digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_hexdigit());
        if i32::try_from(places.len()) != Ok(LANES) || !hexadecimal {
            return Err(NotAnAnchor);
        }
        Ok(Self {
            places,
            digest: digest.to_owned(),
        })
    }
}

/// Computes the whole trail again. Events that are appended meanwhile are left to the next time. `progress` is told how
/// many more rows were seen, and before the first how many there are.
///
/// # Errors
/// A database fault.
pub fn verify(
    conn: &mut Conn,
    key: &[u8; 32],
    expected: Option<&Anchor>,
    mut progress: impl FnMut(Step),
) -> AppResult<Report> {
    let heads: BTreeMap<i32, EventHead> = rows::heads(conn)?
        .into_iter()
        .map(|head| (head.lane, head))
        .collect();
    progress(Step::Total(
        heads.values().map(|head| head.seq.max(0)).sum(),
    ));
    let mut report = Report {
        events: 0,
        findings: Vec::new(),
        anchor: Anchor {
            places: Vec::new(),
            digest: String::new(),
        },
    };
    let (mut last, mut kept) = (Vec::new(), Vec::new());
    for lane in 0..LANES {
        let at = expected.and_then(|anchor| anchor.places.get(usize::try_from(lane).ok()?));
        let mut walk = Walk::new(key, lane, at.copied());
        let end = heads.get(&lane).map_or(i64::MAX, |head| head.seq);
        walk.to(conn, end, &mut progress)?;
        walk.beyond(conn, heads.get(&lane))?;
        walk.judge_head(heads.get(&lane), heads.is_empty());
        report.anchor.places.push(walk.seq);
        report.events += walk.seen;
        last.push(walk.stored.clone());
        kept.push(walk.at_anchor.clone());
        report.findings.append(&mut walk.findings());
    }
    for event in rows::astray(conn, LANES)? {
        let detail = "the event is in a lane that there is not".to_owned();
        report.findings.push(Finding {
            kind: Kind::Inserted,
            lane: event.lane,
            seq: event.seq,
            id: Some(event.id),
            detail,
        });
    }
    report.anchor.digest = digest(&last);
    if let Some(expected) = expected {
        report.findings.extend(compare(expected, &kept));
    }
    Ok(report)
}

/// What [`verify`] tells while it works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// So many rows there are.
    Total(i64),
    /// So many more were seen.
    Seen(u64),
}

fn digest(hashes: &[String]) -> String {
    let parts: Vec<&[u8]> = hashes.iter().map(|hash| hash.as_bytes()).collect();
    keys::hex(&keys::digest(&parts))
}

fn compare(expected: &Anchor, kept: &[Option<String>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let not_met = |lane: usize, seq: i64, detail: &str| Finding {
        kind: Kind::AnchorNotMet,
        lane: i32::try_from(lane).unwrap_or(i32::MAX),
        seq,
        id: None,
        detail: detail.to_owned(),
    };
    for (lane, (place, hash)) in expected.places.iter().zip(kept).enumerate() {
        if hash.is_none() {
            findings.push(not_met(
                lane,
                *place,
                "the lane had an event here, and has none now",
            ));
        }
    }
    let hashes: Option<Vec<String>> = kept.iter().cloned().collect();
    if hashes.is_some_and(|hashes| digest(&hashes) != expected.digest) {
        findings.push(not_met(
            0,
            0,
            "the trail up to the anchor is another one than was kept",
        ));
    }
    findings
}

/// A walk along one lane.
struct Walk<'k> {
    key: &'k [u8; 32],
    lane: i32,
    /// The place before the next row.
    seq: i64,
    /// The hash kept at that place.
    stored: String,
    /// The hash that the row there should have: another one if only its hash was changed.
    computed: String,
    seen: i64,
    anchor: Option<i64>,
    at_anchor: Option<String>,
    found: Vec<Finding>,
    /// Rows that do not fit, each with the hash before it.
    broken: Vec<(Event, String)>,
}

impl<'k> Walk<'k> {
    fn new(key: &'k [u8; 32], lane: i32, anchor: Option<i64>) -> Self {
        let genesis = audit::genesis(key, lane);
        Self {
            key,
            lane,
            seq: 0,
            at_anchor: (anchor == Some(0)).then(|| genesis.clone()),
            computed: genesis.clone(),
            stored: genesis,
            seen: 0,
            anchor,
            found: Vec::new(),
            broken: Vec::new(),
        }
    }

    fn find(&mut self, kind: Kind, seq: i64, id: Option<EventId>, detail: impl Into<String>) {
        self.found.push(Finding {
            kind,
            lane: self.lane,
            seq,
            id,
            detail: detail.into(),
        });
    }

    /// Computes the rows up to a place again.
    fn to(&mut self, conn: &mut Conn, end: i64, progress: &mut impl FnMut(Step)) -> AppResult<()> {
        // Places below 1 are before the beginning of every chain.
        let mut after = i64::MIN;
        loop {
            let chunk = rows::walk(conn, self.lane, after, CHUNK)?;
            let full = i64::try_from(chunk.len()) == Ok(CHUNK);
            let mut seen = 0;
            for event in chunk {
                if event.seq > end {
                    progress(Step::Seen(seen));
                    return Ok(());
                }
                after = event.seq;
                seen += 1;
                self.row(event);
            }
            progress(Step::Seen(seen));
            if !full {
                return Ok(());
            }
        }
    }

    fn row(&mut self, event: Event) {
        self.seen += 1;
        if event.seq < 1 {
            let detail = "the event stands before the beginning of the lane";
            return self.find(Kind::Inserted, event.seq, Some(event.id), detail);
        }
        let gap = event.seq - self.seq - 1;
        if gap > 0 {
            let from = self.seq + 1;
            let detail = format!("{gap} event(s) are missing, up to {}", event.seq - 1);
            self.find(Kind::Removed, from, None, detail);
        }
        let by_stored = audit::hash(self.key, &self.stored, &event);
        let by_computed = audit::hash(self.key, &self.computed, &event);
        let fits = event.hash == by_stored || event.hash == by_computed;
        // What stood before a gap is unknown, so the row after it is taken as it is.
        if !fits && gap == 0 {
            self.broken.push((event.clone(), self.stored.clone()));
        }
        self.computed = if fits || gap > 0 {
            event.hash.clone()
        } else {
            by_computed
        };
        self.stored.clone_from(&event.hash);
        self.seq = event.seq;
        if self.anchor == Some(event.seq) {
            self.at_anchor = Some(event.hash);
        }
    }

    /// Rows behind the head that no head was moved for.
    fn beyond(&mut self, conn: &mut Conn, head: Option<&EventHead>) -> AppResult<()> {
        let Some(head) = head else { return Ok(()) };
        let further = rows::walk(conn, self.lane, head.seq.max(self.seq), CHUNK)?;
        if further.is_empty() {
            return Ok(());
        }
        let now = rows::heads(conn)?
            .into_iter()
            .find(|now| now.lane == self.lane);
        let moved_to = now.map_or(head.seq, |now| now.seq);
        for event in further.into_iter().filter(|event| event.seq > moved_to) {
            let detail = "the event stands behind the end of the lane";
            self.find(Kind::Inserted, event.seq, Some(event.id), detail);
        }
        Ok(())
    }

    fn judge_head(&mut self, head: Option<&EventHead>, unused: bool) {
        let Some(head) = head else {
            if !unused || self.seq > 0 {
                self.find(
                    Kind::HeadChanged,
                    self.seq,
                    None,
                    "the lane's head is missing",
                );
            }
            return;
        };
        if !audit::is_sealed(self.key, head) {
            self.find(
                Kind::HeadChanged,
                head.seq,
                None,
                "the lane's head was changed or replaced",
            );
        }
        if head.seq > self.seq {
            let missing = head.seq - self.seq;
            let detail = format!(
                "{missing} event(s) are missing at the end, up to {}",
                head.seq
            );
            self.find(Kind::Removed, self.seq + 1, None, detail);
        } else if head.hash != self.stored && self.broken.is_empty() {
            let detail = "the lane's head is not the hash of its last event";
            self.find(Kind::HeadChanged, head.seq, None, detail);
        }
    }

    /// Everything that was found, in order of place; broken rows told apart into edited and reordered ones.
    fn findings(mut self) -> Vec<Finding> {
        let broken = std::mem::take(&mut self.broken);
        let places: Vec<i64> = broken.iter().map(|(event, _)| event.seq).collect();
        let mut before: Vec<&str> = broken.iter().map(|(_, before)| before.as_str()).collect();
        before.extend(broken.iter().map(|(event, _)| event.hash.as_str()));
        let mut found = Vec::new();
        for (event, _) in &broken {
            let written_at = (broken.len() <= MOST_REORDERED)
                .then(|| written_at(self.key, event, &places, &before))
                .flatten();
            found.push(match written_at {
                // Only what stands before it is broken.
                Some(place) if place == event.seq => continue,
                Some(place) => {
                    let detail = format!("the event was written at {place}, and stands elsewhere");
                    (Kind::Reordered, event.seq, event.id, detail)
                }
                None => {
                    let detail = "the event is not what was written".to_owned();
                    (Kind::Edited, event.seq, event.id, detail)
                }
            });
        }
        for (kind, seq, id, detail) in found {
            self.find(kind, seq, Some(id), detail);
        }
        self.found
            .sort_by_key(|finding| (finding.seq, finding.kind));
        self.found
    }
}

/// At which of these places the row's hash was computed, behind one of these hashes.
fn written_at(key: &[u8; 32], event: &Event, places: &[i64], before: &[&str]) -> Option<i64> {
    places.iter().copied().find(|place| {
        let there = Event {
            seq: *place,
            ..event.clone()
        };
        before
            .iter()
            .any(|before| audit::hash(key, before, &there) == event.hash)
    })
}
