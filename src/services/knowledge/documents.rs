//! Documents: links and files of customers and of what is done with them (CUS-15, CUS-42, CUS-44, CUS-55).

use serde_json::{Value, json};

use super::{
    document_subjects::{admitted, customer_of, find, find_for_write},
    document_views::{files, summaries, target, view},
};
use crate::{
    api::{
        csv::Csv,
        customers::customer::Reason,
        knowledge::document::{
            DocumentFile, DocumentFilter, DocumentLinkTarget, DocumentPatch, DocumentSummary,
            DocumentView, NewDocument,
        },
    },
    context::Ctx,
    db::{Conn, Tx, paging::Page},
    domain::{
        Website, fold,
        id::kind::DocumentId,
        timestamp::Timestamp,
        vocabulary::{DocumentKind, DocumentSubject, SubjectKind},
    },
    error::{AppError, AppResult, Code, FieldError},
    http::Listed,
    models::knowledge::document::{Document, DocumentLink},
    repositories::{
        customers::customers,
        governance::access::read_only,
        knowledge::documents::{self, Narrow},
    },
    services::{
        governance::deletion::{self, Deletable},
        org::fields::{Changes, Fields},
    },
};

pub use crate::repositories::knowledge::documents::DocumentSort;

/// One page of the documents of a record; none of a record that the caller may not see.
///
/// # Errors
/// 403 for the deleted ones without `DELETE_RECORDS`; `INVALID_CURSOR`.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<DocumentFilter, DocumentSort>,
) -> AppResult<Page<DocumentSummary>> {
    let filter = query.filter.clone();
    let deleted = deletion::asked_for(ctx, filter.deleted)?;
    let subject = DocumentLinkTarget {
        subject_kind: filter.subject_kind,
        subject_id: filter.subject_id,
    };
    if !admitted(find(conn, ctx, subject))? {
        let total = query.page.include_total.then_some(0);
        return Ok(Page {
            items: Vec::new(),
            next: None,
            total,
        });
    }
    let narrow = Narrow {
        subject_kind: filter.subject_kind,
        subject_id: filter.subject_id,
        kinds: Csv::values(filter.kind_in),
        name_prefix: filter
            .q
            .as_deref()
            .map(fold)
            .filter(|prefix| !prefix.is_empty()),
        deleted,
    };
    documents::list(conn, &narrow, &query.page)?.try_map_all(|rows| summaries(conn, rows))
}

/// One document.
///
/// # Errors
/// 404 unless the caller may see something that it belongs to.
pub fn get(conn: &mut Conn, ctx: &Ctx, id: DocumentId) -> AppResult<DocumentView> {
    let document = visible(conn, ctx, id)?;
    view(conn, ctx, document)
}

/// The versions of a document, newest first.
///
/// # Errors
/// 404 unless visible.
pub fn versions(conn: &mut Conn, ctx: &Ctx, id: DocumentId) -> AppResult<Vec<DocumentFile>> {
    visible(conn, ctx, id)?;
    let versions = documents::versions(conn, id)?;
    files(conn, versions)
}

/// A document that the caller may see: by any record that it belongs to; a deleted one only to restore it.
///
/// # Errors
/// 404.
pub fn visible(conn: &mut Conn, ctx: &Ctx, id: DocumentId) -> AppResult<Document> {
    let document = documents::get(conn, id)?;
    deletion::shown(ctx, document.deleted_at)?;
    for link in documents::links(conn, id)? {
        if admitted(find(conn, ctx, target(&link)))? {
            return Ok(document);
        }
    }
    Err(AppError::not_found())
}

/// A document that the caller may change: by any record that it belongs to.
///
/// # Errors
/// 404 unless visible, 403 unless it may be changed; 409 for a deleted one.
pub fn writable(conn: &mut Conn, ctx: &Ctx, id: DocumentId) -> AppResult<Document> {
    let document = visible(conn, ctx, id)?;
    for link in documents::links(conn, id)? {
        if admitted(find_for_write(conn, ctx, target(&link)))? {
            return live(document);
        }
    }
    Err(read_only())
}

fn live(document: Document) -> AppResult<Document> {
    if document.deleted_at.is_none() {
        return Ok(document);
    }
    Err(AppError::new(
        Code::StateConflict,
        "文档已删除；请先恢复。",
        "The document is deleted: restore it first.",
    ))
}

/// Enters a link.
///
/// # Errors
/// 403, 404 by the record; 409 for a second introduction (CUS-55); 422 with every failing field.
pub fn create(tx: &mut Tx<'_>, ctx: &Ctx, body: &NewDocument) -> AppResult<DocumentView> {
    let subject = DocumentLinkTarget {
        subject_kind: body.subject_kind,
        subject_id: body.subject_id,
    };
    find_for_write(tx, ctx, subject)?;
    let mut fields = Fields::default();
    let name = fields.line("/name", &body.name);
    let description = fields.optional_prose("/description", body.description.as_ref());
    let url = address(&mut fields, &body.url);
    introduces_a_customer(&mut fields, body.kind, &[subject]);
    fields.done()?;
    let document = Document {
        id: ctx.new_id(),
        kind: body.kind,
        name_key: fold(&name),
        name,
        description,
        url: Some(url),
        given_on: body.given_on,
        latest: 0,
        created_by: ctx.actor.id,
        deleted_at: None,
        delete_reason: None,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    insert(tx, ctx, &document, subject)?;
    view(tx, ctx, document)
}

/// Inserts a document with its first link, and with a link to the customer of that record if the caller may change it.
///
/// # Errors
/// 409 for a second introduction (CUS-55).
pub fn insert(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    document: &Document,
    subject: DocumentLinkTarget,
) -> AppResult<()> {
    documents::insert(tx, document)?;
    documents::link(tx, &link_row(ctx, document, subject))?;
    if let Some(customer) = customer_of(tx, ctx, subject)?
        && customers::may_write(tx, ctx, customer)?
    {
        let subject = DocumentLinkTarget {
            subject_kind: DocumentSubject::Customer,
            subject_id: customer.cast(),
        };
        documents::link(tx, &link_row(ctx, document, subject))?;
    }
    let data = json!({
        "kind": document.kind,
        "name": document.name,
        "url": document.url,
        "subject_kind": subject.subject_kind,
        "subject_id": subject.subject_id,
    });
    record(tx, ctx, document.id, "document.created", &data);
    Ok(())
}

/// A document's link to a record, as the caller makes it.
pub fn link_row(ctx: &Ctx, document: &Document, subject: DocumentLinkTarget) -> DocumentLink {
    let introduces = document.kind == DocumentKind::Introduction
        && subject.subject_kind == DocumentSubject::Customer;
    DocumentLink {
        document_id: document.id,
        subject_kind: subject.subject_kind,
        subject_id: subject.subject_id,
        introduction_of: introduces.then(|| subject.subject_id.cast()),
        created_by: ctx.actor.id,
        created_at: ctx.now,
    }
}

/// An overall introduction is that of a customer (CUS-55).
pub fn introduces_a_customer(
    fields: &mut Fields,
    kind: DocumentKind,
    subjects: &[DocumentLinkTarget],
) {
    let of_customer = subjects
        .iter()
        .any(|subject| subject.subject_kind == DocumentSubject::Customer);
    if kind == DocumentKind::Introduction && !of_customer {
        fields.fail(FieldError::new(
            "/kind",
            "NOT_OF_A_CUSTOMER",
            "整体介绍须关联到客户。",
            "An overall introduction belongs to a customer.",
        ));
    }
}

/// An address that a browser may be led to: https, a host with a name, no user.
fn address(fields: &mut Fields, url: &str) -> String {
    let secure = url
        .trim()
        .get(..8)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"));
    match Website::parse(url) {
        Ok(website) if secure => format!("https://{website}"),
        _ => {
            fields.fail(FieldError::new(
                "/url",
                "NOT_AN_HTTPS_ADDRESS",
                "须为 https 网址。",
                "Must be an https address.",
            ));
            String::new()
        }
    }
}

/// Changes a document.
///
/// # Errors
/// 403, 404; 409 for a second introduction (CUS-55); 412; 422 with every failing field.
pub fn update(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: DocumentId,
    body: &DocumentPatch,
) -> AppResult<DocumentView> {
    let read = writable(tx, ctx, id)?;
    ctx.check_version(read.version)?;
    let mut next = read.clone();
    let (mut fields, mut changes) = (Fields::default(), Changes::default());
    if let Some(name) = &body.name {
        changes.set("name", &mut next.name, fields.line("/name", name));
        next.name_key = fold(&next.name);
    }
    let description =
        fields.patched_prose("/description", &body.description, next.description.clone());
    changes.set("description", &mut next.description, description);
    let given_on = body.given_on.clone().applied(next.given_on);
    changes.set("given_on", &mut next.given_on, given_on);
    if let Some(url) = &body.url {
        if read.url.is_none() {
            fields.fail(FieldError::new(
                "/url",
                "IS_A_FILE",
                "文件没有链接地址；请上传新版本。",
                "A file has no address: upload a new version.",
            ));
        }
        let url = address(&mut fields, url);
        changes.set("url", &mut next.url, Some(url));
    }
    let kind = body.kind.unwrap_or(read.kind);
    if kind != read.kind {
        let subjects: Vec<_> = documents::links(tx, id)?.iter().map(target).collect();
        introduces_a_customer(&mut fields, kind, &subjects);
    }
    changes.set("kind", &mut next.kind, kind);
    fields.done()?;
    if changes.is_empty() {
        return view(tx, ctx, read);
    }
    let next = save(tx, ctx, &read, next)?;
    if changes.has("kind") {
        documents::introduce(tx, id, kind == DocumentKind::Introduction)?;
    }
    record(tx, ctx, id, "document.changed", &changes.into_value());
    view(tx, ctx, next)
}

/// Keeps the next version of a document's record.
///
/// # Errors
/// 412 or another attempt when it changed meanwhile.
pub fn save(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    read: &Document,
    mut next: Document,
) -> AppResult<Document> {
    ctx.keep(read.version, &mut next, |next| {
        documents::save(tx, next, read.version)
    })?;
    Ok(next)
}

/// Marks a document as deleted: by whoever may delete records, with a reason. Nothing is lost.
///
/// # Errors
/// 403 (ORG-12); 404; 409 when it is deleted; 412.
pub fn delete(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: DocumentId,
    body: &Reason,
) -> AppResult<DocumentView> {
    let read = deletable(tx, ctx, id)?;
    ctx.check_version(read.version)?;
    let read = live(read)?;
    let next = deletion::deleted(ctx, &read, &body.reason)?;
    let next = save(tx, ctx, &read, next)?;
    documents::introduce(tx, id, false)?;
    let data = json!({ "reason": next.delete_reason });
    record(tx, ctx, id, "document.deleted", &data);
    view(tx, ctx, next)
}

/// Restores a deleted document.
///
/// # Errors
/// 403 (ORG-12); 404; 409 when it is not deleted, or when its customer has another introduction by now (CUS-55).
pub fn restore(tx: &mut Tx<'_>, ctx: &Ctx, id: DocumentId) -> AppResult<DocumentView> {
    let read = deletable(tx, ctx, id)?;
    ctx.check_version(read.version)?;
    let next = deletion::restored(&read)?;
    let next = save(tx, ctx, &read, next)?;
    documents::introduce(tx, id, next.kind == DocumentKind::Introduction)?;
    record(tx, ctx, id, "document.restored", &json!({}));
    view(tx, ctx, next)
}

fn deletable(conn: &mut Conn, ctx: &Ctx, id: DocumentId) -> AppResult<Document> {
    deletion::permitted(ctx)?;
    visible(conn, ctx, id)
}

impl Deletable for Document {
    const NOT_DELETED: (&'static str, &'static str) =
        ("文档没有删除。", "The document is not deleted.");

    fn deletion(&mut self) -> (&mut Option<Timestamp>, &mut Option<String>) {
        (&mut self.deleted_at, &mut self.delete_reason)
    }

    /// Its place as an introduction is a claim of its links: [`documents::introduce`].
    fn claim(&mut self, _live: bool) {}
}

/// Appends an event of a document.
pub fn record(tx: &mut Tx<'_>, ctx: &Ctx, id: DocumentId, kind: &str, data: &Value) {
    ctx.record(tx, SubjectKind::Document, id, kind, data, Some("CUS-42"));
}
