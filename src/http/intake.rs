//! Files that come in: kept part by part while they arrive, sealed, so that no size of file takes more memory.

use std::{
    future::{Ready, ready},
    time::Duration,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use futures_util::StreamExt;
use sha2::{Digest, Sha256};

use super::{Caller, Reply, body, dispatch, idempotency};
use crate::{
    app::App,
    auth::keys,
    context::Ctx,
    db::Conn,
    domain::id::kind::ExchangeFileId,
    error::{AppError, AppResult, Code},
    services::platform::{
        import_files::{self, Arrived},
        stored_files::{self, PART},
        text_source::Sniffer,
    },
};

/// What a file may call itself; what it is, its bytes say.
const TYPES: [&str; 3] = [
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/octet-stream",
];

/// The longest pause within a body: one that drips holds a connection.
const PAUSE: Duration = Duration::from_secs(30);

/// A body that has not been read yet.
pub struct Incoming {
    request: HttpRequest,
    payload: Payload,
}

impl FromRequest for Incoming {
    type Error = AppError;
    type Future = Ready<AppResult<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(Ok(Self {
            request: request.clone(),
            payload: payload.take(),
        }))
    }
}

/// A file that has arrived, and the digest of its bytes and of the query beside it.
pub struct Received {
    /// The file.
    pub file: ExchangeFileId,
    digest: [u8; 32],
}

impl dispatch::Payload for Received {
    type Value = ExchangeFileId;

    fn into_parts(self) -> (ExchangeFileId, [u8; 32]) {
        (self.file, self.digest)
    }
}

impl App {
    /// Takes a file in, if the caller may import. What does not arrive whole, or is no table, leaves nothing.
    ///
    /// # Errors
    /// 403; 413, 415; 422 for what is neither a text nor a workbook; 400 when the connection breaks.
    pub async fn receive_table(
        &self,
        caller: &Caller,
        upload: Incoming,
        file_name: Option<String>,
    ) -> AppResult<Received> {
        let limit = self.config().import_limit;
        body::require_type(&upload.request, &TYPES)?;
        body::announced(&upload.request, limit)?;
        let (app, who) = (self.clone(), caller.clone());
        let begun = self.db().write(move |tx| {
            let ctx = app.ctx(tx, &who)?;
            idempotency::demand_key(&ctx, &who)?;
            import_files::begin(tx, &ctx, file_name.clone())
        });
        let file = begun.await?;
        let received = self.take_in(caller, upload, file, limit).await;
        if received.is_err() {
            self.forget_upload(file).await;
        }
        received
    }

    async fn take_in(
        &self,
        caller: &Caller,
        mut upload: Incoming,
        file: ExchangeFileId,
        limit: usize,
    ) -> AppResult<Received> {
        let (mut sniffer, mut hash) = (Sniffer::new(), Sha256::new());
        let mut waiting: Vec<u8> = Vec::with_capacity(PART + 65_536);
        let (mut size, mut parts, mut ended) = (0, 0, false);
        while !ended {
            let next = tokio::time::timeout(PAUSE, upload.payload.next());
            match next.await.map_err(|_| too_slow())? {
                Some(chunk) => waiting.extend_from_slice(&chunk.map_err(body::broken_off)?),
                None => ended = true,
            }
            if size + waiting.len() > limit {
                return Err(body::too_large(limit));
            }
            while waiting.len() >= PART || (ended && !waiting.is_empty()) {
                let rest = waiting.split_off(PART.min(waiting.len()));
                let bytes = std::mem::replace(&mut waiting, rest);
                size += bytes.len();
                // Sealing and looking through is work: not on a thread that serves others meanwhile.
                let (app, number) = (self.clone(), parts);
                let sealed = web::block(move || {
                    hash.update(&bytes);
                    sniffer.feed(&bytes);
                    let part = stored_files::seal(app.vault(), file, number, &bytes);
                    (hash, sniffer, part)
                });
                let part;
                (hash, sniffer, part) = sealed.await.map_err(AppError::internal)?;
                let part = part?;
                self.db()
                    .write(move |tx| stored_files::append(tx, &part))
                    .await?;
                parts += 1;
            }
        }
        let app = self.clone();
        let arrived = web::block(move || Arrived::look(&app, file, size, parts, sniffer))
            .await
            .map_err(AppError::internal)??;
        let (app, who) = (self.clone(), caller.clone());
        let complete = self.db().write(move |tx| {
            let ctx = app.ctx(tx, &who)?;
            import_files::complete(tx, &ctx, file, &arrived)
        });
        complete.await?;
        let query = upload.request.query_string().as_bytes();
        Ok(Received {
            file,
            digest: keys::digest(&[&hash.finalize(), query]),
        })
    }

    /// Forgets an upload that nothing became of; what cannot be forgotten now is when its time has come.
    pub async fn forget_upload(&self, file: ExchangeFileId) {
        let forgotten = self.db().write(move |tx| stored_files::forget(tx, file));
        if let Err(error) = forgotten.await {
            log::warn!(target: "xianlu::jobs", "an upload is left to be tidied up: {error}");
        }
    }

    /// The answer to a command that an upload came with. A refused command, and one that was answered before, leave
    /// nothing of it.
    ///
    /// # Errors
    /// The command's.
    pub async fn settled(&self, file: ExchangeFileId, reply: AppResult<Reply>) -> AppResult<Reply> {
        if reply.as_ref().map_or(true, |reply| reply.replayed) {
            self.forget_upload(file).await;
        }
        reply
    }

    /// Looks something up for work that goes on outside of the database.
    ///
    /// # Errors
    /// The service's.
    pub async fn look<T, F>(&self, caller: &Caller, work: F) -> AppResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn, &Ctx) -> AppResult<T> + Send + 'static,
    {
        let (app, caller) = (self.clone(), caller.clone());
        self.db()
            .read(move |conn| {
                let ctx = app.ctx(conn, &caller)?;
                work(conn, &ctx)
            })
            .await
    }

    /// Work that neither waits for the database nor may hold up those who are served.
    ///
    /// # Errors
    /// The work's.
    pub async fn aside<T, F>(&self, work: F) -> AppResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&App) -> AppResult<T> + Send + 'static,
    {
        let app = self.clone();
        web::block(move || work(&app))
            .await
            .map_err(|_| AppError::new(Code::Internal, "系统内部错误。", "Internal error."))?
    }
}

/// 400: nothing more of the body came for too long.
fn too_slow() -> AppError {
    AppError::new(
        Code::Malformed,
        "文件上传中断：长时间没有数据到达。",
        "The upload broke off: nothing came for too long.",
    )
}
