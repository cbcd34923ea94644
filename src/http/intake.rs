//! Files that come in: kept part by part while they arrive, sealed, so that no size of file takes more memory.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};

use super::{Caller, Reply, body, dispatch, idempotency, taking_in::Look};
use crate::{
    app::App,
    auth::keys,
    context::Ctx,
    db::Conn,
    domain::id::kind::ExchangeFileId,
    error::{AppError, AppResult, Code},
    services::platform::{
        import_files::{self, Arrived},
        stored_files,
        text_source::Sniffer,
    },
};

/// What a file may call itself; what it is, its bytes say.
const TYPES: [&str; 3] = [
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/octet-stream",
];

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
        let received = self.arrive(caller, upload, file, limit).await;
        if received.is_err() {
            self.forget_upload(file).await;
        }
        received
    }

    async fn arrive(
        &self,
        caller: &Caller,
        mut upload: Incoming,
        file: ExchangeFileId,
        limit: usize,
    ) -> AppResult<Received> {
        let content = stored_files::content(file);
        let taken = self
            .take_in(&mut upload.payload, content, limit, Sniffer::new())
            .await?;
        let app = self.clone();
        let arrived =
            web::block(move || Arrived::look(&app, file, taken.size, taken.parts, taken.look))
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
            digest: keys::digest(&[&taken.sha256, query]),
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

impl Look for Sniffer {
    fn part(&mut self, bytes: &[u8]) -> AppResult<()> {
        self.feed(bytes);
        Ok(())
    }
}
