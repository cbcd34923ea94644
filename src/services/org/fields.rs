//! Semantic checks that a schema cannot say, all of a body's failures gathered into one 422.

use serde_json::{Map, Value, json};

use crate::{
    api::patch::Patch,
    domain::{Divisions, Money, NameError, text},
    error::{AppError, AppResult, Code, FieldError},
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
            self.refuse(pointer, "BLANK", "不能为空。", "Must not be blank.");
        } else if value.chars().any(control) {
            self.refuse(
                pointer,
                NameError::ForbiddenCharacter.code(),
                "含有不允许的控制字符。",
                "Has control characters.",
            );
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
        patched(patch, current, |value| self.line(pointer, value))
    }

    /// Text of several lines after a merge-patch.
    pub fn patched_prose(
        &mut self,
        pointer: &str,
        patch: &Patch<String>,
        current: Option<String>,
    ) -> Option<String> {
        patched(patch, current, |value| self.prose(pointer, value))
    }

    /// A division is an official one (OPP-03).
    pub fn division(&mut self, pointer: &str, code: Option<&str>) {
        if code.is_some_and(|code| Divisions::builtin().validate(code).is_err()) {
            self.refuse(
                pointer,
                "UNKNOWN_DIVISION",
                "没有此行政区划代码。",
                "There is no such administrative division.",
            );
        }
    }

    /// An amount is not negative.
    pub fn amount(&mut self, pointer: &str, amount: Option<Money>) {
        if amount.is_some_and(Money::is_negative) {
            self.refuse(
                pointer,
                "NEGATIVE",
                "金额不能为负。",
                "An amount must not be negative.",
            );
        }
    }

    /// A record that the body names was found; if not, the field fails.
    ///
    /// # Errors
    /// What the look-up ended with, unless it found nothing.
    pub fn known<T>(&mut self, pointer: &str, found: AppResult<T>) -> AppResult<Option<T>> {
        match found {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.code() == Code::NotFound => {
                self.unknown(pointer);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// A record that the body names does not exist, or the caller may not see it.
    pub fn unknown(&mut self, pointer: &str) {
        self.refuse(
            pointer,
            "UNKNOWN_REFERENCE",
            "所指记录不存在，或您无权查看。",
            "There is no such record, or you may not see it.",
        );
    }

    /// Notes a failing field.
    pub fn refuse(&mut self, pointer: &str, code: &str, zh: &str, en: &str) {
        self.fail(FieldError::new(pointer, code, zh, en));
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

/// A text after a merge-patch, read as its kind of text is.
fn patched(
    patch: &Patch<String>,
    current: Option<String>,
    read: impl FnOnce(&str) -> String,
) -> Option<String> {
    match patch {
        Patch::Absent => current,
        Patch::Null => None,
        Patch::Value(value) => Some(read(value)),
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
