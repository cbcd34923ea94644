//! Documents as the caller sees them.

use std::collections::HashMap;

use super::document_subjects::{admitted, find, find_for_write};
use crate::{
    api::knowledge::document::{
        DocumentAction, DocumentFile, DocumentLinkTarget, DocumentSubjectView, DocumentSummary,
        DocumentView,
    },
    context::Ctx,
    db::Conn,
    domain::vocabulary::Capability,
    error::AppResult,
    models::knowledge::document::{Document, DocumentLink, DocumentVersion},
    repositories::{
        knowledge::documents,
        org::names::{self, People},
    },
};

/// A page of documents, with one query for the last versions and one for the names.
///
/// # Errors
/// A database fault.
pub fn summaries(conn: &mut Conn, rows: Vec<Document>) -> AppResult<Vec<DocumentSummary>> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let last = documents::last_versions(conn, &ids)?;
    let people = names::people(
        conn,
        rows.iter()
            .map(|row| row.created_by)
            .chain(last.iter().map(|version| version.created_by)),
    )?;
    let mut last: HashMap<_, _> = last
        .into_iter()
        .map(|version| (version.document_id, version))
        .collect();
    Ok(rows
        .into_iter()
        .map(|row| {
            let version = last.remove(&row.id);
            summary(row, version, &people)
        })
        .collect())
}

fn summary(row: Document, last: Option<DocumentVersion>, people: &People) -> DocumentSummary {
    DocumentSummary {
        id: row.id,
        kind: row.kind,
        name: row.name,
        description: row.description,
        url: row.url,
        file: last.map(|version| file(version, people)),
        given_on: row.given_on,
        created_by: people.get(row.created_by),
        deleted_at: row.deleted_at,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

fn file(version: DocumentVersion, people: &People) -> DocumentFile {
    DocumentFile {
        number: version.number,
        file_name: version.file_name,
        media_type: version.media_type,
        size: version.size,
        sha256: version.sha256,
        uploaded_by: people.get(version.created_by),
        uploaded_at: version.created_at,
    }
}

/// The versions of a file.
///
/// # Errors
/// A database fault.
pub fn files(conn: &mut Conn, versions: Vec<DocumentVersion>) -> AppResult<Vec<DocumentFile>> {
    let people = names::people(conn, versions.iter().map(|version| version.created_by))?;
    Ok(versions
        .into_iter()
        .map(|version| file(version, &people))
        .collect())
}

/// One document, with what the caller may see and do of it.
///
/// # Errors
/// A database fault.
pub fn view(conn: &mut Conn, ctx: &Ctx, row: Document) -> AppResult<DocumentView> {
    let mut subjects = Vec::new();
    let mut writes = false;
    // At most `MOST_LINKS`, and nearly always one.
    for link in documents::links(conn, row.id)? {
        if admitted(find(conn, ctx, target(&link)))? {
            writes = writes || admitted(find_for_write(conn, ctx, target(&link)))?;
            subjects.push(DocumentSubjectView {
                subject_kind: link.subject_kind,
                subject_id: link.subject_id,
                linked_at: link.created_at,
            });
        }
    }
    let deletes = ctx.has(Capability::DeleteRecords);
    let is_file = row.url.is_none();
    let actions = [
        (DocumentAction::Edit, writes),
        (DocumentAction::UploadVersion, writes && is_file),
        (DocumentAction::Link, writes),
        (DocumentAction::Unlink, writes),
        (DocumentAction::Delete, deletes),
    ];
    let allowed_actions = match row.deleted_at {
        Some(_) if deletes => vec![DocumentAction::Restore],
        Some(_) => Vec::new(),
        None => actions
            .into_iter()
            .filter_map(|(action, may)| may.then_some(action))
            .collect(),
    };
    let summary = summaries(conn, vec![row])?
        .pop()
        .ok_or_else(crate::error::AppError::not_found)?;
    Ok(DocumentView {
        summary,
        subjects,
        allowed_actions,
    })
}

/// What a link leads to.
pub fn target(link: &DocumentLink) -> DocumentLinkTarget {
    DocumentLinkTarget {
        subject_kind: link.subject_kind,
        subject_id: link.subject_id,
    }
}
