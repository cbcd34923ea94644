//! Files that go out: as streams of pieces, each fetched when the one before has been read.

use std::{
    fs::File,
    future::Future,
    io::{Read, Seek},
    sync::Arc,
};

use actix_web::{
    HttpResponse,
    http::header,
    web::{self, Bytes},
};

use super::Caller;
use crate::{
    app::App,
    context::Ctx,
    db::Conn,
    error::{AppError, AppResult},
};

/// Where the next piece begins; none after the last one.
pub type Place = Option<Vec<String>>;

/// How much of a file that was made for one answer is read at a time.
const PIECE: usize = 64 * 1024;

impl App {
    /// A file in pieces: the first is fetched before anything is answered, so that a refusal is a problem; the others as
    /// the caller reads, each judged anew.
    ///
    /// # Errors
    /// The service's.
    pub async fn download<F>(
        &self,
        caller: Caller,
        content_type: &str,
        file_name: &str,
        piece: F,
    ) -> AppResult<HttpResponse>
    where
        F: Fn(&mut Conn, &Ctx, Place) -> AppResult<(Vec<u8>, Place)> + Send + Sync + 'static,
    {
        let piece = Arc::new(piece);
        let fetch = {
            let app = self.clone();
            move |after: Place| {
                let (app, caller, piece) = (app.clone(), caller.clone(), Arc::clone(&piece));
                async move {
                    let db = app.db().clone();
                    db.read(move |conn| {
                        let ctx = app.ctx(conn, &caller)?;
                        piece(conn, &ctx, after)
                    })
                    .await
                }
            }
        };
        let first = fetch(None).await?;
        streamed(content_type, file_name, first, move |after| {
            fetch(Some(after))
        })
    }

    /// A file that must be made whole before it can be read: it has no name, and goes with the answer.
    ///
    /// # Errors
    /// The service's.
    pub async fn download_made<F>(
        &self,
        caller: Caller,
        content_type: &str,
        file_name: &str,
        make: F,
    ) -> AppResult<HttpResponse>
    where
        F: FnOnce(&mut Conn, &Ctx, &mut File) -> AppResult<()> + Send + 'static,
    {
        let app = self.clone();
        let made = self.db().read(move |conn| {
            let ctx = app.ctx(conn, &caller)?;
            let mut file = tempfile::tempfile().map_err(AppError::internal)?;
            make(conn, &ctx, &mut file)?;
            file.rewind().map_err(AppError::internal)?;
            Ok(file)
        });
        let file = Arc::new(made.await?);
        let fetch = move || {
            let file = Arc::clone(&file);
            async move {
                web::block(move || {
                    let mut bytes = Vec::with_capacity(PIECE);
                    (&*file)
                        .take(PIECE as u64)
                        .read_to_end(&mut bytes)
                        .map_err(AppError::internal)?;
                    let next = (bytes.len() == PIECE).then(Vec::new);
                    Ok((bytes, next))
                })
                .await
                .map_err(AppError::internal)?
            }
        };
        let first = fetch().await?;
        streamed(content_type, file_name, first, move |_| fetch())
    }
}

fn streamed<F, O>(
    content_type: &str,
    file_name: &str,
    (first, next): (Vec<u8>, Place),
    fetch: F,
) -> AppResult<HttpResponse>
where
    F: Fn(Vec<String>) -> O + 'static,
    O: Future<Output = AppResult<(Vec<u8>, Place)>> + 'static,
{
    let rest = futures_util::stream::try_unfold(next, move |next| {
        let fetched = next.map(&fetch);
        async move {
            match fetched {
                None => Ok::<_, AppError>(None),
                Some(fetched) => {
                    let (bytes, next) = fetched.await?;
                    Ok(Some((Bytes::from(bytes), next)))
                }
            }
        }
    });
    let begun = futures_util::stream::once(async move { Ok::<_, AppError>(Bytes::from(first)) });
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, content_type))
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{file_name}\""),
        ))
        .streaming(futures_util::StreamExt::chain(begun, rest)))
}
