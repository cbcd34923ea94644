//! Documents, their versions and links. Who may see one is decided by what it belongs to, in the service.

use diesel::prelude::*;

use crate::{
    db::{
        Conn, MultiBackend, Tx, Unique,
        paging::{Page, PageRequest},
        schema::{document_links, document_versions, documents},
        violates,
    },
    domain::{
        id::kind::{AnyId, CustomerId, DocumentId},
        timestamp::Timestamp,
        vocabulary::{DocumentKind, DocumentSubject},
    },
    error::{AppError, AppResult, Code},
    models::knowledge::document::{Document, DocumentLink, DocumentVersion},
};

/// The most versions of one document, and the most records that it belongs to.
pub const MOST_VERSIONS: i32 = 200;
/// The most records that one document belongs to.
pub const MOST_LINKS: usize = 20;

/// A document belongs to a record once.
pub(in crate::repositories) const LINK: Unique = Unique {
    name: "document_links_pkey",
    columns: "document_links.document_id, document_links.subject_kind, document_links.subject_id",
};
/// A customer has one overall introduction (CUS-55).
pub(in crate::repositories) const INTRODUCTION: Unique = Unique {
    name: "document_links_introduction",
    columns: "document_links.introduction_of",
};

crate::sortable! {
    documents, Document, DocumentSort {
        UpdatedAt = "updated_at" => updated_at: Timestamp,
        CreatedAt = "created_at" => created_at: Timestamp,
        Name = "name" => name_key: String,
    } default UpdatedAt Down
}

/// What a list of documents is narrowed to.
#[derive(Debug, Clone)]
pub struct Narrow {
    /// The kind of record that they belong to.
    pub subject_kind: DocumentSubject,
    /// The record.
    pub subject_id: AnyId,
    /// Kinds.
    pub kinds: Vec<DocumentKind>,
    /// The folded name begins with this.
    pub name_prefix: Option<String>,
    /// The deleted ones instead of the others.
    pub deleted: bool,
}

/// One page of the documents of a record.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    narrow: &Narrow,
    request: &PageRequest<DocumentSort>,
) -> AppResult<Page<Document>> {
    page(conn, request, || narrowed(narrow))
}

fn narrowed<'q>(narrow: &Narrow) -> documents::BoxedQuery<'q, MultiBackend> {
    let of_subject = document_links::table
        .filter(document_links::subject_kind.eq(narrow.subject_kind))
        .filter(document_links::subject_id.eq(narrow.subject_id))
        .select(document_links::document_id);
    let mut query = documents::table
        .into_boxed()
        .filter(documents::id.eq_any(of_subject));
    query = if narrow.deleted {
        query.filter(documents::deleted_at.is_not_null())
    } else {
        query.filter(documents::deleted_at.is_null())
    };
    if !narrow.kinds.is_empty() {
        query = query.filter(documents::kind.eq_any(narrow.kinds.clone()));
    }
    if let Some(prefix) = &narrow.name_prefix {
        query = query
            .filter(documents::name_key.ge(prefix.clone()))
            .filter(documents::name_key.lt(format!("{prefix}\u{10ffff}")));
    }
    query
}

/// A document, deleted or not, whoever may see it.
///
/// # Errors
/// 404, or a database fault.
pub fn get(conn: &mut Conn, id: DocumentId) -> AppResult<Document> {
    Ok(Document::query().filter(documents::id.eq(id)).first(conn)?)
}

/// Inserts a document.
///
/// # Errors
/// A database fault.
pub fn insert(tx: &mut Tx<'_>, document: &Document) -> AppResult<()> {
    diesel::insert_into(documents::table)
        .values(document)
        .execute(tx.conn())?;
    Ok(())
}

/// Keeps a changed document, if it still has the version that was read.
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn save(tx: &mut Tx<'_>, document: &Document, read: i64) -> AppResult<bool> {
    let target = documents::table
        .filter(documents::id.eq(document.id))
        .filter(documents::version.eq(read));
    Ok(diesel::update(target).set(document).execute(tx.conn())? == 1)
}

/// Adds a version of a file.
///
/// # Errors
/// A database fault.
pub fn add_version(tx: &mut Tx<'_>, version: &DocumentVersion) -> AppResult<()> {
    diesel::insert_into(document_versions::table)
        .values(version)
        .execute(tx.conn())?;
    Ok(())
}

/// All versions of a document, newest first.
///
/// # Errors
/// A database fault.
pub fn versions(conn: &mut Conn, id: DocumentId) -> AppResult<Vec<DocumentVersion>> {
    Ok(DocumentVersion::query()
        .filter(document_versions::document_id.eq(id))
        .order(document_versions::number.desc())
        .limit(i64::from(MOST_VERSIONS))
        .load(conn)?)
}

/// One version of a document.
///
/// # Errors
/// 404, or a database fault.
pub fn version(conn: &mut Conn, id: DocumentId, number: i32) -> AppResult<DocumentVersion> {
    Ok(DocumentVersion::query()
        .filter(document_versions::document_id.eq(id))
        .filter(document_versions::number.eq(number))
        .first(conn)?)
}

/// The last version of each of these documents.
///
/// # Errors
/// A database fault.
pub fn last_versions(conn: &mut Conn, ids: &[DocumentId]) -> AppResult<Vec<DocumentVersion>> {
    Ok(DocumentVersion::query()
        .inner_join(documents::table.on(documents::id.eq(document_versions::document_id)))
        .filter(documents::id.eq_any(ids))
        .filter(documents::latest.eq(document_versions::number))
        .load(conn)?)
}

/// What a document belongs to.
///
/// # Errors
/// A database fault.
pub fn links(conn: &mut Conn, id: DocumentId) -> AppResult<Vec<DocumentLink>> {
    Ok(DocumentLink::query()
        .filter(document_links::document_id.eq(id))
        .order((
            document_links::created_at,
            document_links::subject_kind,
            document_links::subject_id,
        ))
        .load(conn)?)
}

/// Links a document to a record.
///
/// # Errors
/// 409 when it is linked already, or when the customer has an overall introduction (CUS-55).
pub fn link(tx: &mut Tx<'_>, link: &DocumentLink) -> AppResult<()> {
    let inserted = tx.savepoint(|tx| {
        diesel::insert_into(document_links::table)
            .values(link)
            .execute(tx.conn())
    });
    match inserted {
        Ok(_) => Ok(()),
        Err(error) if violates(&error, &LINK) => Err(AppError::new(
            Code::Duplicate,
            "文档已关联到该记录。",
            "The document is linked to that record already.",
        )
        .rule("CUS-42")),
        Err(error) => Err(introduced_or(tx, error, link.introduction_of)),
    }
}

/// Takes a link away. `false` when it was not there.
///
/// # Errors
/// A database fault.
pub fn unlink(
    tx: &mut Tx<'_>,
    id: DocumentId,
    kind: DocumentSubject,
    subject: AnyId,
) -> AppResult<bool> {
    let target = document_links::table.find((id, kind, subject));
    Ok(diesel::delete(target).execute(tx.conn())? == 1)
}

/// Makes a document the overall introduction of every customer that it belongs to, or of none.
///
/// # Errors
/// 409 when one of them has another introduction (CUS-55).
pub fn introduce(tx: &mut Tx<'_>, id: DocumentId, introduces: bool) -> AppResult<()> {
    for link in links(tx, id)? {
        if link.subject_kind != DocumentSubject::Customer {
            continue;
        }
        let customer: Option<CustomerId> = introduces.then(|| link.subject_id.cast());
        let claimed = tx.savepoint(|tx| {
            diesel::update(document_links::table.find((id, link.subject_kind, link.subject_id)))
                .set(document_links::introduction_of.eq(customer))
                .execute(tx.conn())
        });
        if let Err(error) = claimed {
            return Err(introduced_or(tx, error, customer));
        }
    }
    Ok(())
}

fn introduced_or(
    conn: &mut Conn,
    error: diesel::result::Error,
    customer: Option<CustomerId>,
) -> AppError {
    if !violates(&error, &INTRODUCTION) {
        return error.into();
    }
    let refusal = AppError::new(
        Code::Duplicate,
        "该客户已有整体介绍；请上传其新版本，或先更改原文档的类型。",
        "The customer has an overall introduction: upload a new version of it, or change the kind of that one first.",
    )
    .rule("CUS-55");
    let holder: Result<Option<DocumentId>, _> = document_links::table
        .filter(document_links::introduction_of.eq(customer))
        .select(document_links::document_id)
        .first(conn)
        .optional();
    match holder {
        Ok(Some(document)) => refusal.with("document_id", document),
        _ => refusal,
    }
}
