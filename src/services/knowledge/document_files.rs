//! Documents that are files: what may be uploaded, versions, downloads (CUS-42).

use serde_json::json;

use super::{
    document_subjects::find_for_write,
    document_views::view,
    documents::{insert, introduces_a_customer, record, save, visible, writable},
};
use crate::{
    api::knowledge::document::{
        DocumentLinkTarget, DocumentView, NewFile, NewVersion, WhichVersion,
    },
    context::Ctx,
    db::{Conn, Tx},
    domain::{FileName, fold, id::kind::DocumentId},
    error::{AppError, AppResult, Code, FieldError},
    http::upload::{Content, Received},
    models::knowledge::document::{Document, DocumentVersion},
    policy::knowledge::file_type,
    repositories::knowledge::documents::{self, MOST_VERSIONS},
    services::{org::fields::Fields, platform::blobs},
};

/// What the file is, by its name and its beginning.
///
/// # Errors
/// 409 for a file that is not allowed, or is not what its name says; 422 for a name that is none.
pub fn judge(file_name: &str, head: &[u8]) -> AppResult<&'static str> {
    let name = named(file_name)?;
    Ok(file_type::media_type(&name.extension(), head)?)
}

fn named(file_name: &str) -> AppResult<FileName> {
    FileName::parse(file_name).map_err(|error| {
        AppError::invalid(vec![FieldError::new(
            "/file_name",
            error.code(),
            "须为带扩展名的文件名，例如 介绍.pdf。",
            "Must be a file's name with its extension, e.g. intro.pdf.",
        )])
    })
}

/// Whether the caller may upload a new document, before anything of it is read.
///
/// # Errors
/// 403, 404 by the record that it belongs to; 422.
pub fn admit(conn: &mut Conn, ctx: &Ctx, file: &NewFile) -> AppResult<()> {
    find_for_write(conn, ctx, subject(file))?;
    named(&file.file_name).map(drop)
}

fn subject(file: &NewFile) -> DocumentLinkTarget {
    DocumentLinkTarget {
        subject_kind: file.subject_kind,
        subject_id: file.subject_id,
    }
}

/// Makes a file that has come in a document.
///
/// # Errors
/// 403, 404 by the record; 409 for a second introduction (CUS-55); 422 with every failing field.
pub fn create(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    file: &NewFile,
    received: &Received,
) -> AppResult<DocumentView> {
    let subject = subject(file);
    find_for_write(tx, ctx, subject)?;
    let file_name = named(&file.file_name)?;
    let mut fields = Fields::default();
    let wanted = file.name.as_deref().unwrap_or_else(|| file_name.stem());
    let name = fields.line("/name", wanted);
    let description = fields.optional_prose("/description", file.description.as_ref());
    introduces_a_customer(&mut fields, file.kind, &[subject]);
    fields.done()?;
    let document = Document {
        id: ctx.new_id(),
        kind: file.kind,
        name_key: fold(&name),
        name,
        description,
        url: None,
        given_on: file.given_on,
        latest: 1,
        created_by: ctx.actor.id,
        deleted_at: None,
        delete_reason: None,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    insert(tx, ctx, &document, subject)?;
    add_version(tx, ctx, &document, &file_name, received)?;
    view(tx, ctx, document)
}

/// Whether the caller may upload a new version, before anything of it is read.
///
/// # Errors
/// 403, 404; 409 for a link, a deleted document or one with too many versions; 412; 422.
pub fn admit_version(
    conn: &mut Conn,
    ctx: &Ctx,
    id: DocumentId,
    file: &NewVersion,
) -> AppResult<()> {
    replaceable(conn, ctx, id)?;
    named(&file.file_name).map(drop)
}

fn replaceable(conn: &mut Conn, ctx: &Ctx, id: DocumentId) -> AppResult<Document> {
    let document = writable(conn, ctx, id)?;
    ctx.check_version(document.version)?;
    if document.url.is_some() {
        return Err(AppError::new(
            Code::StateConflict,
            "链接没有文件版本；请修改其地址。",
            "A link has no versions of a file: change its address.",
        ));
    }
    if document.latest >= MOST_VERSIONS {
        return Err(AppError::new(
            Code::StateConflict,
            format!("一个文档至多 {MOST_VERSIONS} 个版本；请新建文档。"),
            format!("A document has at most {MOST_VERSIONS} versions: make a new one."),
        ));
    }
    Ok(document)
}

/// Adds a version; the earlier ones are kept.
///
/// # Errors
/// As [`admit_version`].
pub fn replace(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: DocumentId,
    file: &NewVersion,
    received: &Received,
) -> AppResult<DocumentView> {
    let read = replaceable(tx, ctx, id)?;
    let file_name = named(&file.file_name)?;
    let mut next = read.clone();
    next.latest += 1;
    let next = save(tx, ctx, &read, next)?;
    add_version(tx, ctx, &next, &file_name, received)?;
    view(tx, ctx, next)
}

fn add_version(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    document: &Document,
    file_name: &FileName,
    received: &Received,
) -> AppResult<()> {
    blobs::keep(tx, received.blob)?;
    let version = DocumentVersion {
        document_id: document.id,
        number: document.latest,
        blob_id: received.blob,
        file_name: file_name.as_str().to_owned(),
        media_type: received.media_type.to_owned(),
        size: received.size,
        sha256: received.sha256.clone(),
        created_by: ctx.actor.id,
        created_at: ctx.now,
    };
    documents::add_version(tx, &version)?;
    let data = json!({
        "number": version.number,
        "file_name": version.file_name,
        "media_type": version.media_type,
        "size": version.size,
        "sha256": version.sha256,
    });
    record(tx, ctx, document.id, "document.uploaded", &data);
    Ok(())
}

/// The content of a version, or of the last one.
///
/// # Errors
/// 404 unless visible, and for a link.
pub fn content(
    conn: &mut Conn,
    ctx: &Ctx,
    id: DocumentId,
    which: &WhichVersion,
) -> AppResult<Content> {
    let document = visible(conn, ctx, id)?;
    let version = documents::version(conn, id, which.number.unwrap_or(document.latest))?;
    Ok(Content {
        blob: version.blob_id,
        file_name: version.file_name,
        media_type: version.media_type,
        size: version.size,
    })
}
