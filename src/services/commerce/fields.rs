//! Semantic checks of texts that a schema cannot say; all of a body's failures make one 422.

use serde_json::{Map, Value, json};

use crate::{
    domain::{NameError, text},
    error::{AppError, AppResult, FieldError},
};

/// The failing fields of one body.
#[derive(Debug, Default)]
pub struct Fields(Vec<FieldError>);

impl Fields {
    /// A line of text as it is kept; an empty one beside a failure.
    pub fn line(&mut self, pointer: &str, value: &str) -> String {
        text::line(value).unwrap_or_else(|error| {
            match error {
                NameError::Blank => self.blank(pointer),
                _ => self.forbidden(pointer),
            }
            String::new()
        })
    }

    /// Text of several lines as it is kept; an empty one beside a failure.
    pub fn prose(&mut self, pointer: &str, value: &str) -> String {
        let value = value.trim();
        if value.is_empty() {
            self.blank(pointer);
        } else if value.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            self.forbidden(pointer);
        }
        value.to_owned()
    }

    /// Adds a failure.
    pub fn fail(&mut self, pointer: impl Into<String>, code: &str, zh: &str, en: &str) {
        self.0.push(FieldError::new(pointer, code, zh, en));
    }

    fn blank(&mut self, pointer: &str) {
        self.fail(pointer, "BLANK", "不能为空。", "Must not be blank.");
    }

    fn forbidden(&mut self, pointer: &str) {
        self.fail(
            pointer,
            NameError::ForbiddenCharacter.code(),
            "含有不允许的字符（控制符、方向符等）。",
            "Has characters that are not allowed (controls, direction marks and the like).",
        );
    }

    /// Whether nothing failed so far.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Ends the checks.
    ///
    /// # Errors
    /// 422 with every failing field.
    pub fn done(self) -> AppResult<()> {
        if self.0.is_empty() { Ok(()) } else { Err(AppError::invalid(self.0)) }
    }
}

/// What a command changed, for its event: member → from, to.
#[derive(Debug, Default)]
pub struct Changes(Map<String, Value>);

impl Changes {
    /// Sets a member if it differs, and remembers that.
    pub fn set<T: PartialEq + serde::Serialize>(&mut self, member: &str, current: &mut T, wanted: T) {
        if *current != wanted {
            self.note(member, &*current, &wanted);
            *current = wanted;
        }
    }

    /// Remembers a change.
    pub fn note(&mut self, member: &str, from: impl serde::Serialize, to: impl serde::Serialize) {
        self.0.insert(member.to_owned(), json!({ "from": from, "to": to }));
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As an event's data.
    pub fn into_value(self) -> Value {
        Value::Object(self.0)
    }
}
