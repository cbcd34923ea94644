//! Files in and out, part by part: of a file that comes in or goes out, one part at a time is in memory.

use std::{future::Ready, time::Duration};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    http::header::{
        self, Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue,
    },
    web::Bytes,
};
use futures_util::StreamExt;

use super::{
    Caller, Filtered, Reply, View, body, dispatch, idempotency,
    taking_in::{Look, too_slow},
};
use crate::{
    app::App,
    auth::keys,
    context::Ctx,
    db::{Conn, Tx},
    domain::id::kind::BlobId,
    error::{AppError, AppResult, FieldError},
    services::platform::blobs,
};

/// The longest time for all of a body.
const WHOLE: Duration = Duration::from_secs(900);

/// A body that is a file: read by [`App::upload`], not before the caller was found to be allowed to send it.
pub struct FileBody {
    payload: Payload,
    announced: Option<usize>,
}

impl FromRequest for FileBody {
    type Error = AppError;
    type Future = Ready<AppResult<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let received = body::require_type(request, &["application/octet-stream"])
            .and_then(|()| body::announced(request, usize::MAX))
            .map(|announced| Self {
                payload: payload.take(),
                announced,
            });
        std::future::ready(received)
    }
}

/// A file that has come in and is not yet a record's.
#[derive(Debug, Clone)]
pub struct Received {
    /// Its content.
    pub blob: BlobId,
    /// Bytes.
    pub size: i64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// What it was found to be.
    pub media_type: &'static str,
    digest: [u8; 32],
}

impl dispatch::Payload for Received {
    type Value = Self;

    fn into_parts(self) -> (Self, [u8; 32]) {
        let digest = self.digest;
        (self, digest)
    }
}

/// A file to send.
#[derive(Debug, Clone)]
pub struct Content {
    /// Where it is.
    pub blob: BlobId,
    /// Its name.
    pub file_name: String,
    /// What it is.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
}

/// What an upload needs beside its body.
pub struct Upload<Q, A, J, W> {
    /// The parameters.
    pub query: Q,
    /// 201 for a new record, 200 for a change of one; then `If-Match` is required.
    pub status: u16,
    /// Whether the caller may send it, judged before anything is read.
    pub admit: A,
    /// What the file is, judged by its beginning.
    pub judge: J,
    /// What becomes of it.
    pub work: W,
}

/// What a file is, by its beginning.
struct Head<J> {
    judge: Option<J>,
    media_type: Option<&'static str>,
}

impl<J> Look for Head<J>
where
    J: FnOnce(&[u8]) -> AppResult<&'static str> + Send + 'static,
{
    fn part(&mut self, bytes: &[u8]) -> AppResult<()> {
        if let Some(judge) = self.judge.take() {
            self.media_type = Some(judge(bytes)?);
        }
        Ok(())
    }
}

impl App {
    /// Takes a file in. Its parts are written while it comes; the last transaction makes it a record's.
    ///
    /// # Errors
    /// 413; 422 for an empty file; the service's.
    pub async fn upload<T, Q, A, J, W>(
        &self,
        caller: Caller,
        file: FileBody,
        upload: Upload<Filtered<Q>, A, J, W>,
    ) -> AppResult<Reply>
    where
        T: View,
        Q: Clone + Send + 'static,
        A: FnOnce(&mut Conn, &Ctx, &Q) -> AppResult<()> + Send + 'static,
        J: FnOnce(&Q, &[u8]) -> AppResult<&'static str> + Send + 'static,
        W: FnMut(&mut Tx<'_>, &Ctx, &Q, &Received) -> AppResult<T> + Send + 'static,
    {
        let Upload {
            query: Filtered(query),
            status,
            admit,
            judge,
            mut work,
        } = upload;
        if status != 201 {
            dispatch::require_if_match(&caller)?;
        }
        let (app, asking, asked) = (self.clone(), caller.clone(), query.clone());
        self.db()
            .read(move |conn| {
                let ctx = app.ctx(conn, &asking)?;
                idempotency::demand_key(&ctx, &asking)?;
                admit(conn, &ctx, &asked)
            })
            .await?;
        let limit = self.config().document_limit;
        if file.announced.is_some_and(|length| length > limit) {
            return Err(body::too_large(limit));
        }
        let blob = self.ids().next(self.now());
        let (app, asking, asked) = (self.clone(), caller.clone(), query.clone());
        self.db()
            .write(move |tx| {
                let ctx = app.ctx(tx, &asking)?;
                blobs::begin(tx, blob, ctx.actor.id, false, ctx.now)
            })
            .await?;
        let head = Head {
            judge: Some(move |head: &[u8]| judge(&asked, head)),
            media_type: None,
        };
        let received = tokio::time::timeout(WHOLE, self.receive(&caller, file, blob, limit, head))
            .await
            .unwrap_or_else(|_| Err(too_slow()));
        let reply = match received {
            Ok(received) => {
                // The query has been read: none of it is unknown.
                let caller = Caller {
                    query: String::new(),
                    ..caller
                };
                self.run(caller, received, status, move |tx, ctx, received| {
                    work(tx, ctx, &query, received)
                })
                .await
            }
            Err(refusal) => Err(refusal),
        };
        if reply.as_ref().map_or(true, |reply| reply.replayed) {
            // If this fails too, the housekeeping finds it.
            let discarded = self.db().write(move |tx| blobs::discard(tx, blob)).await;
            if let Err(error) = discarded {
                log::warn!(target: "xianlu::upload", "an upload could not be discarded: {error}");
            }
        }
        reply
    }

    async fn receive<J>(
        &self,
        caller: &Caller,
        mut file: FileBody,
        blob: BlobId,
        limit: usize,
        head: Head<J>,
    ) -> AppResult<Received>
    where
        J: FnOnce(&[u8]) -> AppResult<&'static str> + Send + 'static,
    {
        let taken = self.take_in(&mut file.payload, blob, limit, head).await?;
        Ok(Received {
            blob,
            size: i64::try_from(taken.size).map_err(AppError::internal)?,
            sha256: keys::hex(&taken.sha256),
            media_type: taken.look.media_type.ok_or_else(empty)?,
            digest: keys::digest(&[&taken.sha256, caller.query.as_bytes()]),
        })
    }

    /// Sends a file, to be saved, never to be shown: the first part is read before anything is answered.
    ///
    /// # Errors
    /// The service's.
    pub async fn download_document<F>(&self, caller: Caller, look_up: F) -> AppResult<HttpResponse>
    where
        F: FnOnce(&mut Conn, &Ctx) -> AppResult<Content> + Send + 'static,
    {
        let app = self.clone();
        let (content, first) = self
            .db()
            .read(move |conn| {
                let ctx = app.ctx(conn, &caller)?;
                let content = look_up(conn, &ctx)?;
                let first = blobs::read(conn, app.vault(), content.blob, 0)?;
                Ok((content, first))
            })
            .await?;
        let size = u64::try_from(content.size).map_err(AppError::internal)?;
        let sent = u64::try_from(first.len()).map_err(AppError::internal)?;
        let (app, blob) = (self.clone(), content.blob);
        let rest = futures_util::stream::try_unfold((1, sent), move |(part, sent)| {
            let app = app.clone();
            async move {
                if sent >= size {
                    return Ok::<_, AppError>(None);
                }
                let db = app.db().clone();
                let bytes = db
                    .read(move |conn| blobs::read(conn, app.vault(), blob, part))
                    .await?;
                let sent = sent + u64::try_from(bytes.len()).map_err(AppError::internal)?;
                Ok(Some((Bytes::from(bytes), (part + 1, sent))))
            }
        });
        let begun =
            futures_util::stream::once(async move { Ok::<_, AppError>(Bytes::from(first)) });
        Ok(HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, content.media_type))
            .insert_header(attachment(&content.file_name))
            .no_chunking(size)
            .streaming(begun.chain(rest)))
    }
}

/// A name that every client reads: in ASCII, and as it is (RFC 5987).
fn attachment(file_name: &str) -> ContentDisposition {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ');
    let ascii = file_name
        .chars()
        .map(|c| if plain(c) { c } else { '_' })
        .collect();
    ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![
            DispositionParam::Filename(ascii),
            DispositionParam::FilenameExt(ExtendedValue {
                charset: Charset::Ext("UTF-8".to_owned()),
                language_tag: None,
                value: file_name.as_bytes().to_vec(),
            }),
        ],
    }
}

fn empty() -> AppError {
    AppError::invalid(vec![FieldError::new(
        "",
        "EMPTY_FILE",
        "文件是空的。",
        "The file is empty.",
    )])
}
