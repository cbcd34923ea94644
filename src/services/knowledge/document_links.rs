//! Linking documents to records, and taking them away (CUS-42).

use serde_json::json;

use super::{
    document_subjects::{admitted, find, find_for_write},
    document_views::{target, view},
    documents::{introduces_a_customer, link_row, record, save, writable},
};
use crate::{
    api::knowledge::document::{DocumentLinkTarget, DocumentView},
    context::Ctx,
    db::Tx,
    domain::id::kind::DocumentId,
    error::{AppError, AppResult, Code},
    repositories::knowledge::documents::{self, MOST_LINKS},
    services::org::fields::Fields,
};

/// Links a document to another record.
///
/// # Errors
/// 403, 404 by the document and by the record; 409 when it is linked already.
pub fn link(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: DocumentId,
    body: &DocumentLinkTarget,
) -> AppResult<DocumentView> {
    let read = writable(tx, ctx, id)?;
    ctx.check_version(read.version)?;
    if !admitted(find(tx, ctx, *body))? {
        let mut fields = Fields::default();
        fields.unknown("/subject_id");
        fields.done()?;
    }
    find_for_write(tx, ctx, *body)?;
    // The record's version serialises links, so that many at once do not pass the limit.
    let next = save(tx, ctx, &read, read.clone())?;
    if documents::links(tx, id)?.len() >= MOST_LINKS {
        return Err(AppError::new(
            Code::StateConflict,
            format!("一个文档至多关联 {MOST_LINKS} 条记录。"),
            format!("A document belongs to at most {MOST_LINKS} records."),
        ));
    }
    documents::link(tx, &link_row(ctx, &next, *body))?;
    let data = json!({ "subject_kind": body.subject_kind, "subject_id": body.subject_id });
    record(tx, ctx, id, "document.linked", &data);
    view(tx, ctx, next)
}

/// Takes a document from a record; it keeps at least one.
///
/// # Errors
/// 403, 404 by the document and by the record; 409 for the last one.
pub fn unlink(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: DocumentId,
    body: &DocumentLinkTarget,
) -> AppResult<DocumentView> {
    let read = writable(tx, ctx, id)?;
    ctx.check_version(read.version)?;
    find_for_write(tx, ctx, *body)?;
    // The record's version serialises removals, so that two at once cannot take the last two links.
    let next = save(tx, ctx, &read, read.clone())?;
    if !documents::unlink(tx, id, body.subject_kind, body.subject_id)? {
        return Err(AppError::not_found());
    }
    let left: Vec<_> = documents::links(tx, id)?.iter().map(target).collect();
    if left.is_empty() {
        return Err(AppError::new(
            Code::RuleRefused,
            "文档至少关联一条记录；请先关联到其他记录，或请管理员删除。",
            "A document belongs to at least one record: link it to another one first, or have it deleted.",
        )
        .rule("CUS-42")
        .with("reason", "LAST_LINK"));
    }
    let mut fields = Fields::default();
    introduces_a_customer(&mut fields, next.kind, &left);
    fields.done()?;
    let data = json!({ "subject_kind": body.subject_kind, "subject_id": body.subject_id });
    record(tx, ctx, id, "document.unlinked", &data);
    view(tx, ctx, next)
}
