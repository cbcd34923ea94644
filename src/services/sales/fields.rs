//! What the schema cannot say about a body's fields: every failing one is collected and reported at once.

use crate::{
    api::patch::Patch,
    domain::{Divisions, Money, text},
    error::{AppError, AppResult, FieldError},
};

/// The failing fields of a body.
#[derive(Debug, Default)]
pub struct Fields(Vec<FieldError>);

impl Fields {
    /// Notes a failing field.
    pub fn refuse(&mut self, pointer: &str, code: &str, zh: &str, en: &str) {
        self.0.push(FieldError::new(pointer, code, zh, en));
    }

    /// Free text, trimmed; blank is refused.
    pub fn text(&mut self, pointer: &str, text: &str) -> String {
        let text = text.trim();
        if text.is_empty() {
            self.refuse(pointer, "BLANK", "不能为空白。", "Must not be blank.");
        }
        text.to_owned()
    }

    /// A text of one line, as it is kept: no hidden characters, something to read.
    pub fn line(&mut self, pointer: &str, text: &str) -> String {
        text::line(text).unwrap_or_else(|error| {
            let zh = format!("填写不正确：{error}");
            self.refuse(pointer, error.code(), &zh, &error.to_string());
            String::new()
        })
    }

    /// A text of one line that may be absent.
    pub fn optional_line(&mut self, pointer: &str, text: Option<&String>) -> Option<String> {
        text.map(|text| self.line(pointer, text))
    }

    /// A text of one line after a merge-patch.
    pub fn patched_line(
        &mut self,
        pointer: &str,
        patch: &Patch<String>,
        current: Option<String>,
    ) -> Option<String> {
        match patch {
            Patch::Absent => current,
            Patch::Null => None,
            Patch::Value(text) => Some(self.line(pointer, text)),
        }
    }

    /// Free text that may be absent.
    pub fn optional(&mut self, pointer: &str, text: Option<&String>) -> Option<String> {
        text.map(|text| self.text(pointer, text))
    }

    /// Free text after a merge-patch.
    pub fn patched(
        &mut self,
        pointer: &str,
        patch: &Patch<String>,
        current: Option<String>,
    ) -> Option<String> {
        match patch {
            Patch::Absent => current,
            Patch::Null => None,
            Patch::Value(text) => Some(self.text(pointer, text)),
        }
    }

    /// A region is an official division (OPP-03).
    pub fn region(&mut self, pointer: &str, code: Option<&str>) {
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

    /// A record that the body names does not exist, or the caller may not see it.
    pub fn unknown(&mut self, pointer: &str) {
        self.refuse(
            pointer,
            "UNKNOWN_REFERENCE",
            "所指记录不存在，或您无权查看。",
            "There is no such record, or you may not see it.",
        );
    }

    /// Goes on if nothing failed.
    ///
    /// # Errors
    /// 422 with every failing field.
    pub fn finish(self) -> AppResult<()> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(AppError::invalid(self.0))
        }
    }
}
