//! From a handler to a service: context, transaction, idempotency, answer, in one call each.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Body, Caller, Filtered, Listed, NoBody, Reply, View,
    caller::IfMatch,
    caller::unauthenticated,
    cursor, idempotency,
    query::{ListOf, Total},
};
use crate::{
    app::App,
    auth::tokens::Claims,
    context::Ctx,
    db::{
        Conn, Tx,
        paging::{COUNT_LIMIT, Page},
    },
    error::{AppError, AppResult, Code},
};

/// A request body as the dispatcher sees it: a value and its digest.
pub trait Payload {
    /// The value that the service gets.
    type Value: Send + 'static;
    /// The value and the digest of its bytes.
    fn into_parts(self) -> (Self::Value, [u8; 32]);
}

impl<T: Send + 'static> Payload for Body<T> {
    type Value = T;

    fn into_parts(self) -> (T, [u8; 32]) {
        (self.value, self.digest)
    }
}

impl Payload for NoBody {
    type Value = ();

    fn into_parts(self) -> ((), [u8; 32]) {
        ((), self.digest)
    }
}

impl App {
    /// The context of a request: who, when, with what rights.
    ///
    /// # Errors
    /// 401 when the session has ended; 403 when the password must be changed first.
    pub fn ctx(&self, conn: &mut Conn, caller: &Caller) -> AppResult<Ctx> {
        let kept = self.kept(conn)?;
        let now = self.now();
        let Claims { sub, sid, .. } = caller.claims;
        let actor = self.actor(conn, sub, Some(sid), &kept, now)?;
        if actor.must_change_password && !caller.before_password_change {
            return Err(AppError::new(
                Code::PasswordChangeRequired,
                "请先修改初始或过期密码（POST /api/v1/auth/change-password）。",
                "Change the initial or expired password first (POST /api/v1/auth/change-password).",
            )
            .rule("ORG-19"));
        }
        Ok(Ctx {
            actor,
            now,
            origin: caller.origin.clone(),
            zone: self.config().zone,
            calendar: kept.calendar,
            policies: kept.policies,
            if_match: match caller.if_match {
                Some(IfMatch::Version(version)) => Some(version),
                // No version is negative, so this matches none.
                Some(IfMatch::Nothing) => Some(-1),
                Some(IfMatch::Any) | None => None,
            },
            ids: self.ids().clone(),
            vault: std::sync::Arc::clone(self.vault()),
            in_stead: std::cell::Cell::default(),
        })
    }

    /// Reads one thing: 200 with its `ETag`, or 304.
    ///
    /// # Errors
    /// The service's.
    pub async fn read<T, F>(&self, caller: Caller, work: F) -> AppResult<Reply>
    where
        T: View,
        F: FnOnce(&mut Conn, &Ctx) -> AppResult<T> + Send + 'static,
    {
        let app = self.clone();
        let read = move |conn: &mut Conn| app.shown(conn, &caller, work);
        self.db().read(read).await
    }

    /// [`App::read`] of a record that few look-ups by keys make up.
    ///
    /// # Errors
    /// The service's.
    pub async fn read_few<T, F>(&self, caller: Caller, work: F) -> AppResult<Reply>
    where
        T: View,
        F: FnOnce(&mut Conn, &Ctx) -> AppResult<T> + Send + 'static,
    {
        let app = self.clone();
        let read = move |conn: &mut Conn| app.shown(conn, &caller, work);
        self.db().read_few(read).await
    }

    fn shown<T: View>(
        &self,
        conn: &mut Conn,
        caller: &Caller,
        work: impl FnOnce(&mut Conn, &Ctx) -> AppResult<T>,
    ) -> AppResult<Reply> {
        let ctx = self.ctx(conn, caller)?;
        let view = work(conn, &ctx)?;
        let known = caller
            .if_none_match
            .as_deref()
            .filter(|_| !view.changes_within_version());
        Ok(Reply::of(200, &view)?.unless_known(known))
    }

    /// Answers a question that query parameters ask: 200.
    ///
    /// # Errors
    /// The service's.
    pub async fn query<T, Q, F>(
        &self,
        caller: Caller,
        query: Filtered<Q>,
        work: F,
    ) -> AppResult<Reply>
    where
        T: View,
        Q: Send + 'static,
        F: FnOnce(&mut Conn, &Ctx, &Q) -> AppResult<T> + Send + 'static,
    {
        let app = self.clone();
        self.db()
            .read(move |conn| {
                let ctx = app.ctx(conn, &caller)?;
                Reply::of(200, &work(conn, &ctx, &query.0)?)
            })
            .await
    }

    /// Reads one page: 200 with `next_cursor` and `Link`.
    ///
    /// # Errors
    /// The service's.
    pub async fn list<V, Q, S, F>(
        &self,
        caller: Caller,
        query: Listed<Q, S>,
        work: F,
    ) -> AppResult<Reply>
    where
        V: Serialize + ToSchema,
        Q: Send + 'static,
        S: Send + 'static,
        F: FnOnce(&mut Conn, &Ctx, &Listed<Q, S>) -> AppResult<Page<V>> + Send + 'static,
    {
        let app = self.clone();
        self.db()
            .read(move |conn| {
                let ctx = app.ctx(conn, &caller)?;
                let page = work(conn, &ctx, &query)?;
                app.page_reply(&caller, &query.binding, page)
            })
            .await
    }

    fn page_reply<V: Serialize + ToSchema>(
        &self,
        caller: &Caller,
        binding: &str,
        page: Page<V>,
    ) -> AppResult<Reply> {
        let next_cursor = page
            .next
            .map(|values| cursor::seal(&self.keys().cursors, binding, &values))
            .transpose()?;
        let link = next_cursor.as_ref().map(|next| {
            let kept = caller
                .query
                .split('&')
                .filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="));
            let query: Vec<_> = kept
                .map(str::to_owned)
                .chain([format!("cursor={next}")])
                .collect();
            format!("<{}?{}>; rel=\"next\"", caller.path, query.join("&"))
        });
        let total = page.total.map(|count| Total {
            value: count.min(COUNT_LIMIT),
            capped: count > COUNT_LIMIT,
        });
        let list = ListOf {
            items: page.items,
            next_cursor,
            total,
        };
        Ok(Reply {
            status: 200,
            etag: None,
            location: None,
            link,
            body: serde_json::to_string(&list).map_err(AppError::internal)?,
            replayed: false,
        })
    }

    /// Creates: 201 with `Location` and `ETag`.
    ///
    /// # Errors
    /// The service's.
    pub async fn create<P, T, F>(&self, caller: Caller, payload: P, work: F) -> AppResult<Reply>
    where
        P: Payload,
        T: View,
        F: FnMut(&mut Tx<'_>, &Ctx, &P::Value) -> AppResult<T> + Send + 'static,
    {
        self.run(caller, payload, 201, work).await
    }

    /// Creates, with what can be worked out ahead of the transaction worked out on a reader: 201 as [`App::create`].
    /// What could not be prepared `work` does itself, and says what is wrong: so a repeated request gets its first answer.
    ///
    /// # Errors
    /// The service's.
    pub async fn create_prepared<P, R, T, G, F>(
        &self,
        caller: Caller,
        payload: P,
        prepare: G,
        mut work: F,
    ) -> AppResult<Reply>
    where
        P: Payload,
        R: Send + 'static,
        T: View,
        G: FnOnce(&mut Conn, &Ctx, &P::Value) -> AppResult<R> + Send + 'static,
        F: FnMut(&mut Tx<'_>, &Ctx, &P::Value, Option<&R>) -> AppResult<T> + Send + 'static,
    {
        let (value, digest) = payload.into_parts();
        let (app, asking) = (self.clone(), caller.clone());
        let (value, prepared) = self
            .db()
            .read(move |conn| {
                let prepared = app
                    .ctx(conn, &asking)
                    .and_then(|ctx| prepare(conn, &ctx, &value));
                Ok((value, prepared.ok()))
            })
            .await?;
        self.run_once(caller, digest, 201, move |tx, ctx| {
            work(tx, ctx, &value, prepared.as_ref())
        })
        .await
    }

    /// Starts long work as query parameters say: 202 with `Location` of the job.
    ///
    /// # Errors
    /// The service's.
    pub async fn accept<P, T, Q, F>(
        &self,
        caller: Caller,
        query: Filtered<Q>,
        payload: P,
        mut work: F,
    ) -> AppResult<Reply>
    where
        P: Payload,
        T: View,
        Q: Send + 'static,
        F: FnMut(&mut Tx<'_>, &Ctx, &Q, &P::Value) -> AppResult<T> + Send + 'static,
    {
        // The query has been read: none of it is unknown.
        let caller = Caller {
            query: String::new(),
            ..caller
        };
        self.run(caller, payload, 202, move |tx, ctx, value| {
            work(tx, ctx, &query.0, value)
        })
        .await
    }

    /// Starts long work that a body describes: 202 with its `Location`.
    ///
    /// # Errors
    /// The service's.
    pub async fn start<P, T, F>(&self, caller: Caller, payload: P, work: F) -> AppResult<Reply>
    where
        P: Payload,
        T: View,
        F: FnMut(&mut Tx<'_>, &Ctx, &P::Value) -> AppResult<T> + Send + 'static,
    {
        self.run(caller, payload, 202, work).await
    }

    /// A command: 200 with the changed record. `If-Match` is honoured.
    ///
    /// # Errors
    /// The service's.
    pub async fn command<P, T, F>(&self, caller: Caller, payload: P, work: F) -> AppResult<Reply>
    where
        P: Payload,
        T: View,
        F: FnMut(&mut Tx<'_>, &Ctx, &P::Value) -> AppResult<T> + Send + 'static,
    {
        self.run(caller, payload, 200, work).await
    }

    /// A change of what one has read, or a decision about it: `If-Match` is required.
    ///
    /// # Errors
    /// 428 without `If-Match`; the service's.
    pub async fn decide<P, T, F>(&self, caller: Caller, payload: P, work: F) -> AppResult<Reply>
    where
        P: Payload,
        T: View,
        F: FnMut(&mut Tx<'_>, &Ctx, &P::Value) -> AppResult<T> + Send + 'static,
    {
        require_if_match(&caller)?;
        self.run(caller, payload, 200, work).await
    }

    /// Takes something away: 204. `If-Match` is required.
    ///
    /// # Errors
    /// 428 without `If-Match`; the service's.
    pub async fn remove<P, F>(&self, caller: Caller, payload: P, work: F) -> AppResult<Reply>
    where
        P: Payload,
        F: FnMut(&mut Tx<'_>, &Ctx, &P::Value) -> AppResult<()> + Send + 'static,
    {
        require_if_match(&caller)?;
        self.run(caller, payload, 204, work).await
    }

    pub(super) async fn run<P, T, F>(
        &self,
        caller: Caller,
        payload: P,
        status: u16,
        mut work: F,
    ) -> AppResult<Reply>
    where
        P: Payload,
        T: View,
        F: FnMut(&mut Tx<'_>, &Ctx, &P::Value) -> AppResult<T> + Send + 'static,
    {
        let (value, digest) = payload.into_parts();
        self.run_once(caller, digest, status, move |tx, ctx| work(tx, ctx, &value))
            .await
    }

    async fn run_once<T, F>(
        &self,
        caller: Caller,
        digest: [u8; 32],
        status: u16,
        mut work: F,
    ) -> AppResult<Reply>
    where
        T: View,
        F: FnMut(&mut Tx<'_>, &Ctx) -> AppResult<T> + Send + 'static,
    {
        let app = self.clone();
        self.db()
            .write(move |tx| {
                let ctx = app.ctx(tx, &caller)?;
                idempotency::once(tx, &app.keys().requests, &ctx, &caller, &digest, |tx| {
                    Reply::of(status, &work(tx, &ctx)?)
                })
            })
            .await
    }
}

/// 428 for whoever does not say which version was read.
pub(super) fn require_if_match(caller: &Caller) -> AppResult<()> {
    if caller.if_match.is_some() {
        return Ok(());
    }
    Err(AppError::new(
        Code::PreconditionRequired,
        "请在 If-Match 中给出所读到的版本（ETag）。",
        "Say in If-Match which version (ETag) you read.",
    ))
}

/// 401, for services that find the session ended.
pub fn session_ended() -> AppError {
    unauthenticated()
}
