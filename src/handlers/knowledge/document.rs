//! Documents: files and links.

use actix_web::{HttpResponse, get, patch, post, web};

use crate::{
    api::{
        customers::customer::Reason,
        knowledge::document::{
            DocumentFile, DocumentFilter, DocumentLinkTarget, DocumentPatch, DocumentSummary,
            DocumentView, NewDocument, NewFile, NewVersion, WhichVersion,
        },
    },
    app::App,
    domain::id::kind::{Document, DocumentId},
    error::AppResult,
    http::{
        Body, Caller, FileBody, Filtered, Listed, NoBody, PathId, Reply,
        query::{ListOf, Paging},
        upload::Upload,
    },
    services::knowledge::{
        document_files, document_links,
        documents::{self, DocumentSort},
    },
};

/// List the documents of a record.
///
/// Of a customer, contact, opportunity, quote, contract, conflict case, competitor or supplier; of a record that the
/// caller may not see, none (CUS-42, CUS-55). Sort keys: `updated_at`, `created_at`, `name`.
#[utoipa::path(tag = "Documents", params(DocumentFilter, Paging), responses((status = 200, description = "A page.", body = ListOf<DocumentSummary>)))]
#[get("/documents")]
pub async fn list_documents(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<DocumentFilter, DocumentSort>,
) -> AppResult<Reply> {
    app.list(caller, query, documents::list).await
}

/// Enter a link to a document.
///
/// To a document that is kept elsewhere, by https (CUS-15, CUS-42). Whoever may change the record may; a document of a
/// contact, opportunity, quote or contract is linked to its customer too. A customer has one INTRODUCTION (CUS-55).
#[utoipa::path(tag = "Documents", request_body = NewDocument, responses((status = 201, description = "Entered.", body = DocumentView)))]
#[post("/documents")]
pub async fn create_document(
    app: web::Data<App>,
    caller: Caller,
    body: Body<NewDocument>,
) -> AppResult<Reply> {
    app.create(caller, body, documents::create).await
}

/// Upload a document.
///
/// The body is the file itself, as `application/octet-stream`, up to the installation's limit (20 MiB by default); what
/// it is stands in the query. What a file may be is decided by its extension and its content together: office
/// documents, PDF, OFD, pictures, recordings, text and e-mails (CUS-42). A customer has one INTRODUCTION (CUS-55).
#[utoipa::path(
    tag = "Documents",
    params(NewFile),
    request_body(content = String, content_type = "application/octet-stream", description = "The file."),
    responses((status = 201, description = "Uploaded.", body = DocumentView))
)]
#[post("/documents/uploads")]
pub async fn upload_document(
    app: web::Data<App>,
    caller: Caller,
    query: Filtered<NewFile>,
    file: FileBody,
) -> AppResult<Reply> {
    let upload = Upload {
        query,
        status: 201,
        admit: document_files::admit,
        judge: |query: &NewFile, head: &[u8]| document_files::judge(&query.file_name, head),
        work: document_files::create,
    };
    app.upload(caller, file, upload).await
}

/// Get a document.
///
/// Whoever may read a record that it belongs to may read it (CUS-42). The content: `GET /documents/{id}/content`.
#[utoipa::path(tag = "Documents", params(("id" = DocumentId, Path, description = "The document.")), responses((status = 200, description = "The document.", body = DocumentView)))]
#[get("/documents/{id}")]
pub async fn get_document(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Document>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| documents::get(conn, ctx, id.0))
        .await
}

/// Change a document.
///
/// Name, kind, description, the address of a link; a merge-patch, `If-Match` is required (CUS-42, CUS-55).
#[utoipa::path(tag = "Documents", params(("id" = DocumentId, Path, description = "The document.")), request_body = DocumentPatch, responses((status = 200, description = "Changed.", body = DocumentView)))]
#[patch("/documents/{id}")]
pub async fn update_document(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Document>,
    body: Body<DocumentPatch>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        documents::update(tx, ctx, id.0, body)
    })
    .await
}

/// List the versions of a document.
///
/// Newest first; every one can be downloaded (CUS-42).
#[utoipa::path(tag = "Documents", params(("id" = DocumentId, Path, description = "The document.")), responses((status = 200, description = "The versions.", body = Vec<DocumentFile>)))]
#[get("/documents/{id}/versions")]
pub async fn list_document_versions(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Document>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| {
        documents::versions(conn, ctx, id.0)
    })
    .await
}

/// Upload a new version of a document.
///
/// As `POST /documents/uploads`; the earlier versions are kept (CUS-42). `If-Match` is required.
#[utoipa::path(
    tag = "Documents",
    params(("id" = DocumentId, Path, description = "The document."), NewVersion),
    request_body(content = String, content_type = "application/octet-stream", description = "The file."),
    responses((status = 200, description = "Uploaded.", body = DocumentView))
)]
#[post("/documents/{id}/versions")]
pub async fn upload_document_version(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Document>,
    query: Filtered<NewVersion>,
    file: FileBody,
) -> AppResult<Reply> {
    let id = id.0;
    let upload = Upload {
        query,
        status: 200,
        admit: move |conn: &mut _, ctx: &_, query: &_| {
            document_files::admit_version(conn, ctx, id, query)
        },
        judge: |query: &NewVersion, head: &[u8]| document_files::judge(&query.file_name, head),
        work: move |tx: &mut crate::db::Tx<'_>, ctx: &_, query: &_, received: &_| {
            document_files::replace(tx, ctx, id, query, received)
        },
    };
    app.upload(caller, file, upload).await
}

/// Download a document.
///
/// The last version, or the one with this number; always to be saved, never to be shown by a browser (CUS-42).
#[utoipa::path(tag = "Documents", params(("id" = DocumentId, Path, description = "The document."), WhichVersion), responses((status = 200, description = "The file.", body = String, content_type = "application/octet-stream")))]
#[get("/documents/{id}/content")]
pub async fn download_document(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Document>,
    query: Filtered<WhichVersion>,
) -> AppResult<HttpResponse> {
    app.download_document(caller, move |conn, ctx| {
        document_files::content(conn, ctx, id.0, &query.0)
    })
    .await
}

/// Link a document to a record.
///
/// The caller may change both (CUS-42). A document belongs to at most 20 records.
#[utoipa::path(tag = "Documents", params(("id" = DocumentId, Path, description = "The document.")), request_body = DocumentLinkTarget, responses((status = 200, description = "Linked.", body = DocumentView)))]
#[post("/documents/{id}/link")]
pub async fn link_document(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Document>,
    body: Body<DocumentLinkTarget>,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, body| {
        document_links::link(tx, ctx, id.0, body)
    })
    .await
}

/// Take a document from a record.
///
/// It keeps at least one record (CUS-42). `If-Match` is required.
#[utoipa::path(tag = "Documents", params(("id" = DocumentId, Path, description = "The document.")), request_body = DocumentLinkTarget, responses((status = 200, description = "Taken away.", body = DocumentView)))]
#[post("/documents/{id}/unlink")]
pub async fn unlink_document(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Document>,
    body: Body<DocumentLinkTarget>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        document_links::unlink(tx, ctx, id.0, body)
    })
    .await
}

/// Delete a document.
///
/// By whoever may delete records, with a reason; it is kept with all versions and can be restored (ORG-12, SEC-14).
/// `If-Match` is required.
#[utoipa::path(tag = "Documents", params(("id" = DocumentId, Path, description = "The document.")), request_body = Reason, responses((status = 200, description = "Deleted.", body = DocumentView)))]
#[post("/documents/{id}/delete")]
pub async fn delete_document(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Document>,
    body: Body<Reason>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        documents::delete(tx, ctx, id.0, body)
    })
    .await
}

/// Restore a deleted document.
///
/// By whoever may delete records; not if its customer has another introduction by now (CUS-55, ORG-12).
#[utoipa::path(tag = "Documents", params(("id" = DocumentId, Path, description = "The document.")), responses((status = 200, description = "Restored.", body = DocumentView)))]
#[post("/documents/{id}/restore")]
pub async fn restore_document(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Document>,
    body: NoBody,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, ()| {
        documents::restore(tx, ctx, id.0)
    })
    .await
}
