//! Entries that say what one record is to another: a product to a customer (CUS-45), a competitor in an opportunity
//! (CUS-50). They are part of the record that they are entered under: who may change it may change them.

use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    api::patch::Patch,
    domain::id::kind::AnyId,
    error::{AppError, AppResult, Code},
    services::org::fields::{Changes, Fields},
};

/// Such an entry.
pub trait Relation: Clone {
    /// What the other record is.
    type What: Copy + PartialEq + Serialize;
    /// The member that says what it is.
    const WHAT: &'static str;
    /// The member that names the other record.
    const OTHER: &'static str;

    /// The other record.
    fn other(&self) -> AnyId;

    /// What it is, and the note.
    fn said(&mut self) -> (&mut Self::What, &mut Option<String>);
}

/// An entry after a merge-patch, and what its event tells; none when nothing changed.
///
/// # Errors
/// 422 for the note.
pub fn patched<R: Relation>(
    read: &R,
    what: Option<R::What>,
    note: &Patch<String>,
) -> AppResult<Option<(R, Value)>> {
    let mut next = read.clone();
    let (mut fields, mut changes) = (Fields::default(), Changes::default());
    let (current, noted) = next.said();
    let what = what.unwrap_or(*current);
    changes.set(R::WHAT, current, what);
    let note = fields.patched_prose("/note", note, noted.clone());
    changes.set("note", noted, note);
    fields.done()?;
    if changes.is_empty() {
        return Ok(None);
    }
    changes.note(R::OTHER, read.other(), read.other());
    Ok(Some((next, changes.into_value())))
}

/// What the event of an entry tells that is added or removed.
pub fn told<R: Relation>(entry: &R) -> Value {
    let mut entry = entry.clone();
    let other = entry.other();
    json!({ R::OTHER: other, R::WHAT: *entry.said().0 })
}

/// Refuses one entry more than there may be.
///
/// # Errors
/// 409 with these words.
pub fn room(entries: usize, most: usize, zh: String, en: String) -> AppResult<()> {
    if entries >= most {
        return Err(AppError::new(Code::StateConflict, zh, en));
    }
    Ok(())
}
