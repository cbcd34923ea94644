//! A body that is a file, taken in part by part: looked at, sealed and kept while it comes, so that no size of file takes
//! more memory, and no transaction waits for a client.

use std::time::Duration;

use actix_web::{dev::Payload, web};
use futures_util::StreamExt;
use sha2::{Digest, Sha256};

use super::body;
use crate::{
    app::App,
    domain::id::kind::BlobId,
    error::{AppError, AppResult, Code},
    services::platform::blobs::{self, PART},
};

/// The longest pause within a body: one that drips holds a connection.
const PAUSE: Duration = Duration::from_secs(30);

/// What looks at the parts as they pass.
pub(super) trait Look: Send + 'static {
    /// The next part.
    fn part(&mut self, bytes: &[u8]) -> AppResult<()>;
}

/// A body that has been taken in.
pub(super) struct Taken<L> {
    /// What looked at it.
    pub look: L,
    /// Bytes.
    pub size: usize,
    /// In how many parts.
    pub parts: i32,
    /// SHA-256 of it.
    pub sha256: [u8; 32],
}

impl App {
    /// Takes a body in as the parts of a content that has begun.
    ///
    /// # Errors
    /// 413; 400 when the connection breaks or nothing comes for too long; what the look refuses.
    pub(super) async fn take_in<L: Look>(
        &self,
        payload: &mut Payload,
        blob: BlobId,
        limit: usize,
        mut look: L,
    ) -> AppResult<Taken<L>> {
        let mut hash = Sha256::new();
        let mut waiting: Vec<u8> = Vec::with_capacity(PART + 65_536);
        let (mut size, mut parts, mut ended) = (0, 0, false);
        while !ended {
            let next = tokio::time::timeout(PAUSE, payload.next());
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
                // Sealing and looking is work: not on a thread that serves others meanwhile.
                let (app, number) = (self.clone(), parts);
                let looked = web::block(move || {
                    hash.update(&bytes);
                    let sealed = look
                        .part(&bytes)
                        .and_then(|()| blobs::seal(app.vault(), blob, number, &bytes));
                    (hash, look, sealed)
                });
                let sealed;
                (hash, look, sealed) = looked.await.map_err(AppError::internal)?;
                let part = sealed?;
                self.db().write(move |tx| blobs::append(tx, &part)).await?;
                parts += 1;
            }
        }
        Ok(Taken {
            look,
            size,
            parts,
            sha256: hash.finalize().into(),
        })
    }
}

/// 400: nothing more of the body came for too long, or all of it takes too long.
pub(super) fn too_slow() -> AppError {
    AppError::new(
        Code::Malformed,
        "文件传输太慢或中断，请重试。",
        "The file came too slowly or not at all: try again.",
    )
}
