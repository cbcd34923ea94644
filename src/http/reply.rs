//! Answers: a status, a version, a place, and bytes that can be kept for a retry.

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder, Responder,
    body::BoxBody,
    http::{
        StatusCode,
        header::{self, HeaderName},
    },
};
use serde::Serialize;

use crate::error::{AppError, AppResult};

/// What a service answers with: a view of a record.
pub trait View: Serialize {
    /// The record's version, for `ETag`; none for things without one.
    fn version(&self) -> Option<i64> {
        None
    }

    /// The path of the record, for `Location` after a create.
    fn location(&self) -> Option<String> {
        None
    }

    /// Whether what is shown may change while the version stays: then a read is never answered with 304.
    fn changes_within_version(&self) -> bool {
        false
    }
}

impl View for () {}
impl View for serde_json::Value {}
impl<T: Serialize> View for Vec<T> {}

/// An answer, before it becomes HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// `"version"`.
    pub etag: Option<String>,
    /// Path of what was created.
    pub location: Option<String>,
    /// `Link: <…>; rel="next"`.
    pub link: Option<String>,
    /// JSON; empty for 204 and 304.
    pub body: String,
    /// Whether this is the kept answer to a retry.
    pub replayed: bool,
}

impl Reply {
    /// A view with a status.
    ///
    /// # Errors
    /// When the view cannot be written as JSON.
    pub fn of<T: View>(status: u16, view: &T) -> AppResult<Self> {
        Ok(Self {
            status,
            etag: view.version().map(|version| format!("\"{version}\"")),
            location: view.location().filter(|_| matches!(status, 201 | 202)),
            link: None,
            body: if status == 204 {
                String::new()
            } else {
                written(view).map_err(AppError::internal)?
            },
            replayed: false,
        })
    }

    /// 304 if the caller has this version already.
    pub fn unless_known(mut self, if_none_match: Option<&str>) -> Self {
        let known = self
            .etag
            .as_deref()
            .zip(if_none_match)
            .is_some_and(|(etag, tags)| {
                tags.trim() == "*"
                    || tags
                        .split(',')
                        .any(|tag| tag.trim().trim_start_matches("W/") == etag)
            });
        if known {
            self.status = 304;
            self.body.clear();
        }
        self
    }
}

/// How much room an answer has before it grows: a card's.
const ROOM: usize = 4096;

fn written<T: Serialize>(view: &T) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    let mut json = Vec::with_capacity(ROOM);
    serde_json::to_writer(&mut json, view)?;
    Ok(String::from_utf8(json)?)
}

impl Responder for Reply {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = HttpResponseBuilder::new(status);
        if let Some(etag) = self.etag {
            response.insert_header((header::ETAG, etag));
        }
        if let Some(location) = self.location {
            response.insert_header((header::LOCATION, location));
        }
        if let Some(link) = self.link {
            response.insert_header((header::LINK, link));
        }
        if self.replayed {
            response.insert_header((HeaderName::from_static("idempotency-replayed"), "true"));
        }
        if self.body.is_empty() {
            return response.finish();
        }
        response.insert_header((header::CONTENT_TYPE, "application/json; charset=utf-8"));
        response.body(self.body)
    }
}
