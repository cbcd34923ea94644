//! Semantic checks that a schema cannot say, all of a body's failures gathered into one 422.

use serde_json::{Map, Value, json};

use crate::{
    api::patch::Patch,
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
            self.fail(match error {
                NameError::Blank => {
                    FieldError::new(pointer, "BLANK", "不能为空。", "Must not be blank.")
                }
                other => FieldError::new(
                    pointer,
                    other.code(),
                    "含有不允许的字符（控制符、方向符等）。",
                    "Has characters that are not allowed (controls, direction marks and the like).",
                ),
            });
            String::new()
        })
    }

    /// Text of several lines as it is kept: trimmed; an empty one beside a failure.
    pub fn prose(&mut self, pointer: &str, value: &str) -> String {
        let value = value.trim();
        let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        if value.is_empty() {
            self.fail(FieldError::new(
                pointer,
                "BLANK",
                "不能为空。",
                "Must not be blank.",
            ));
        } else if value.chars().any(control) {
            self.fail(FieldError::new(
                pointer,
                NameError::ForbiddenCharacter.code(),
                "含有不允许的控制字符。",
                "Has control characters.",
            ));
        }
        value.to_owned()
    }

    /// A line of text that may be absent.
    pub fn optional_line(&mut self, pointer: &str, value: Option<&String>) -> Option<String> {
        value.map(|value| self.line(pointer, value))
    }

    /// Text of several lines that may be absent.
    pub fn optional_prose(&mut self, pointer: &str, value: Option<&String>) -> Option<String> {
        value.map(|value| self.prose(pointer, value))
    }

    /// A line of text after a merge-patch.
    pub fn patched_line(
        &mut self,
        pointer: &str,
        patch: &Patch<String>,
        current: Option<String>,
    ) -> Option<String> {
        match patch {
            Patch::Absent => current,
            Patch::Null => None,
            Patch::Value(value) => Some(self.line(pointer, value)),
        }
    }

    /// Text of several lines after a merge-patch.
    pub fn patched_prose(
        &mut self,
        pointer: &str,
        patch: &Patch<String>,
        current: Option<String>,
    ) -> Option<String> {
        match patch {
            Patch::Absent => current,
            Patch::Null => None,
            Patch::Value(value) => Some(self.prose(pointer, value)),
        }
    }

    /// A record that the body names does not exist, or the caller may not see it.
    pub fn unknown(&mut self, pointer: &str) {
        self.fail(FieldError::new(
            pointer,
            "UNKNOWN_REFERENCE",
            "所指记录不存在，或您无权查看。",
            "There is no such record, or you may not see it.",
        ));
    }

    /// Adds a failure.
    pub fn fail(&mut self, error: FieldError) {
        self.0.push(error);
    }

    /// Ends the checks.
    ///
    /// # Errors
    /// 422 with every failing field.
    pub fn done(self) -> AppResult<()> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(AppError::invalid(self.0))
        }
    }
}

/// What a command changed, for its event: member → from, to.
#[derive(Debug, Default)]
pub struct Changes(Map<String, Value>);

impl Changes {
    /// Sets a member if it differs, and remembers that.
    pub fn set<T: PartialEq + serde::Serialize>(
        &mut self,
        member: &str,
        current: &mut T,
        wanted: T,
    ) {
        if *current != wanted {
            self.0
                .insert(member.to_owned(), json!({ "from": current, "to": wanted }));
            *current = wanted;
        }
    }

    /// Remembers a change that was made otherwise.
    pub fn note(&mut self, member: &str, from: impl serde::Serialize, to: impl serde::Serialize) {
        self.0
            .insert(member.to_owned(), json!({ "from": from, "to": to }));
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this member changed.
    pub fn has(&self, member: &str) -> bool {
        self.0.contains_key(member)
    }

    /// These changes and others.
    pub fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    /// As an event's data.
    pub fn into_value(self) -> Value {
        Value::Object(self.0)
    }
}
