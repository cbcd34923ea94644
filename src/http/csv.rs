//! CSV in and out: a file as a request's body, a report as a stream of pages.

use std::{future::Future, pin::Pin, sync::Arc};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    http::header,
    web::{self, Bytes},
};

use super::{Caller, body, dispatch};
use crate::{
    app::App,
    auth::keys,
    context::Ctx,
    db::Conn,
    error::{AppError, AppResult},
};

/// A CSV file, and the digest of its bytes and of the query beside it.
pub struct CsvBody {
    text: String,
    digest: [u8; 32],
}

impl dispatch::Payload for CsvBody {
    type Value = String;

    fn into_parts(self) -> (String, [u8; 32]) {
        (self.text, self.digest)
    }
}

impl FromRequest for CsvBody {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = AppResult<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let mut payload = payload.take();
        Box::pin(async move {
            let limit = request
                .app_data::<web::Data<App>>()
                .map_or(0, |app| app.config().import_limit);
            let bytes = body::read(&request, &mut payload, limit).await?;
            body::require_type(&request, &["text/csv"])?;
            let query = request.query_string().to_owned();
            // Tens of megabytes are hashed and looked through: not on a thread that serves others meanwhile.
            web::block(move || Self {
                digest: keys::digest(&[&bytes, query.as_bytes()]),
                text: text(bytes),
            })
            .await
            .map_err(AppError::internal)
        })
    }
}

/// What is not UTF-8, and NUL, is marked with U+FFFD: neither database keeps such text, and the import tells the rows.
fn text(bytes: Vec<u8>) -> String {
    let text = String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    if text.contains('\0') {
        text.replace('\0', "\u{fffd}")
    } else {
        text
    }
}

type Place = Option<Vec<String>>;

impl App {
    /// A report: the first piece is fetched before anything is answered, so that a refusal is a problem; the others as
    /// the caller reads.
    ///
    /// # Errors
    /// The service's.
    pub async fn download_csv<F>(
        &self,
        caller: Caller,
        file_name: &str,
        piece: F,
    ) -> AppResult<HttpResponse>
    where
        F: Fn(&mut Conn, &Ctx, Place) -> AppResult<(String, Place)> + Send + Sync + 'static,
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
        let (first, next) = fetch(None).await?;
        let rest = futures_util::stream::try_unfold(next, move |next| {
            let fetched = next.map(|after| fetch(Some(after)));
            async move {
                match fetched {
                    None => Ok::<_, AppError>(None),
                    Some(fetched) => {
                        let (text, next) = fetched.await?;
                        Ok(Some((Bytes::from(text), next)))
                    }
                }
            }
        });
        // A spreadsheet takes a file for UTF-8 by the mark at its beginning.
        let first = Bytes::from(format!("\u{feff}{first}"));
        let begun = futures_util::stream::once(async move { Ok::<_, AppError>(first) });
        Ok(HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, "text/csv; charset=utf-8"))
            .insert_header((
                header::CONTENT_DISPOSITION,
                format!("attachment; filename=\"{file_name}\""),
            ))
            .streaming(futures_util::StreamExt::chain(begun, rest)))
    }
}
