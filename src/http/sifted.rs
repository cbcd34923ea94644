//! Bodies of which what passed the schema is judged even when something did not, so that whoever fills in a long form
//! corrects everything at once.

use std::{future::Future, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    body::{self, typed},
    explain,
};
use crate::error::{AppError, AppResult, FieldError};

/// A body that can be sifted.
pub trait Sift: DeserializeOwned + ToSchema + 'static {
    /// What stands in for required members that fail; nothing is said of these.
    fn stand_ins() -> Value;
}

/// A value, or what is left of it without the members that fail the schema.
#[derive(Debug)]
pub struct Sifted<T> {
    /// The value; none when nothing can be made of what passed.
    value: Option<T>,
    /// What fails the schema.
    failing: Vec<FieldError>,
}

impl<T: Sift> Sifted<T> {
    /// Sifts a JSON value.
    ///
    /// # Errors
    /// 422 for what the schema lets pass and the type does not.
    pub fn of(value: &Value) -> AppResult<Self> {
        let failing = explain::failing_fields::<T>(value)?;
        if failing.is_empty() {
            return Ok(Self {
                value: Some(typed(value)?),
                failing,
            });
        }
        let mut left = value.clone();
        if let (Value::Object(members), Value::Object(stand_ins)) = (&mut left, T::stand_ins()) {
            for field in &failing {
                members.remove(member(field));
            }
            for (name, value) in stand_ins {
                members.entry(name).or_insert(value);
            }
        }
        Ok(Self {
            value: serde_json::from_value(left).ok(),
            failing,
        })
    }

    /// The value, if all of it passed the schema.
    ///
    /// # Errors
    /// 422 with what fails the schema, and what `judge` says of the rest, unless that is about a member that fails.
    /// `judge` gets the rest and the names of the members that fail.
    pub fn whole(
        &self,
        judge: impl FnOnce(&T, &[&str]) -> AppResult<Vec<FieldError>>,
    ) -> AppResult<&T> {
        let fail: Vec<&str> = self.failing.iter().map(member).collect();
        match &self.value {
            Some(value) if fail.is_empty() => Ok(value),
            rest => {
                let mut errors = self.failing.clone();
                if let Some(rest) = rest {
                    let about_others = |field: &FieldError| !fail.contains(&member(field));
                    errors.extend(judge(rest, &fail)?.into_iter().filter(about_others));
                }
                Err(AppError::invalid(errors))
            }
        }
    }
}

/// The outermost member that a pointer leads into.
fn member(field: &FieldError) -> &str {
    field.pointer.split('/').nth(1).unwrap_or_default()
}

/// A JSON body that is sifted, and the digest of its bytes.
pub struct SiftedBody<T> {
    /// The value.
    pub value: Sifted<T>,
    /// SHA-256 of the bytes, for idempotency.
    pub digest: [u8; 32],
}

impl<T: Sift> FromRequest for SiftedBody<T> {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = AppResult<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        body::json(request, payload, |value, digest| {
            let value = Sifted::of(value)?;
            Ok(Self { value, digest })
        })
    }
}

impl<T: Sift + Send> super::dispatch::Payload for SiftedBody<T> {
    type Value = Sifted<T>;

    fn into_parts(self) -> (Sifted<T>, [u8; 32]) {
        (self.value, self.digest)
    }
}
