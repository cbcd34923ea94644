//! Workbooks (XLSX) as streams of rows: whatever their size, only a little of them is in memory, and what they inflate
//! to is watched while they inflate (R7).

mod archive;
mod formats;
mod rows;
mod strings;
#[cfg(test)]
#[path = "workbook_tests.rs"]
mod tests;

use std::io::{Read, Seek};

use quick_xml::events::{BytesStart, Event};

pub use self::rows::SheetRows;
use self::{archive::Archive, formats::Formats, strings::Strings};
use crate::error::{AppError, AppResult, FieldError};

const WORKBOOK: &str = "xl/workbook.xml";
const RELATIONS: &str = "xl/_rels/workbook.xml.rels";
const STYLES: &str = "xl/styles.xml";
const STRINGS: &str = "xl/sharedStrings.xml";
/// The most sheets that are listed.
const SHEETS: usize = 200;

/// A workbook whose sheets are known.
pub struct Workbook<S> {
    archive: Archive<S>,
    sheets: Vec<(String, String)>,
    since_1904: bool,
}

impl<S: Read + Seek + Clone> Workbook<S> {
    /// Reads the list of sheets.
    ///
    /// # Errors
    /// 422 for what is no workbook, is damaged, or is a bomb.
    pub fn open(source: S) -> AppResult<Self> {
        let mut archive = Archive::open(source)?;
        let mut listed: Vec<(String, String)> = Vec::new();
        let mut since_1904 = false;
        let mut xml = archive.xml(WORKBOOK)?.ok_or_else(not_a_workbook)?;
        xml.walk(|event| {
            if let Event::Start(tag) | Event::Empty(tag) = event {
                match tag.local_name().into_inner() {
                    "workbookPr" => {
                        since_1904 =
                            attribute(tag, "date1904")?.is_some_and(|v| v == "1" || v == "true");
                    }
                    "sheet" if listed.len() < SHEETS => {
                        let name = attribute(tag, "name")?.unwrap_or_default();
                        let relation = attribute(tag, "id")?.unwrap_or_default();
                        listed.push((name, relation));
                    }
                    _ => {}
                }
            }
            Ok(())
        })?;
        let mut targets = std::collections::HashMap::new();
        if let Some(mut xml) = archive.xml(RELATIONS)? {
            xml.walk(|event| {
                if let Event::Start(tag) | Event::Empty(tag) = event
                    && tag.local_name().into_inner() == "Relationship"
                    && targets.len() < SHEETS * 4
                    && let (Some(id), Some(target)) =
                        (attribute(tag, "Id")?, attribute(tag, "Target")?)
                {
                    let path = match target.strip_prefix('/') {
                        Some(path) => path.to_owned(),
                        None => format!("xl/{target}"),
                    };
                    targets.insert(id, path);
                }
                Ok(())
            })?;
        }
        let sheets = listed
            .into_iter()
            .filter_map(|(name, relation)| Some((name, targets.remove(&relation)?)))
            .collect();
        Ok(Self {
            archive,
            sheets,
            since_1904,
        })
    }

    /// The names of the sheets, in their order.
    pub fn sheets(&self) -> Vec<String> {
        self.sheets.iter().map(|(name, _)| name.clone()).collect()
    }

    /// The rows of a sheet: of the first one, if none is named.
    ///
    /// # Errors
    /// 422 for a sheet that is not there, and as [`Workbook::open`].
    pub fn rows(mut self, sheet: Option<&str>) -> AppResult<SheetRows<S>> {
        let path = match sheet {
            None => self.sheets.first(),
            Some(wanted) => self.sheets.iter().find(|(name, _)| name == wanted),
        };
        let path = path.map(|(_, path)| path.clone()).ok_or_else(|| {
            let names: Vec<_> = self.sheets().into_iter().take(20).collect();
            refused(
                "/sheet",
                "UNKNOWN_SHEET",
                &format!("工作簿中没有这个工作表；有：{}。", names.join("、")),
                &format!(
                    "The workbook has no such sheet; there are {}.",
                    names.join(", ")
                ),
            )
        })?;
        let formats = match self.archive.xml(STYLES)? {
            Some(mut xml) => Formats::read(&mut xml)?,
            None => Formats::default(),
        };
        let strings = match self.archive.xml(STRINGS)? {
            Some(mut xml) => Strings::read(&mut xml)?,
            None => Strings::default(),
        };
        let sheet = self.archive.xml(&path)?.ok_or_else(not_a_workbook)?;
        Ok(SheetRows::new(sheet, strings, formats, self.since_1904))
    }
}

/// An attribute by its local name.
fn attribute(tag: &BytesStart<'_>, name: &str) -> AppResult<Option<String>> {
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| damaged())?;
        if attribute.key.local_name().into_inner() == name {
            let value = attribute
                .normalized_value(quick_xml::XmlVersion::Explicit1_0)
                .map_err(|_| damaged())?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}

/// The text that an event adds, if it is text.
fn text_of(event: &Event<'_>) -> AppResult<Option<String>> {
    Ok(match event {
        Event::Text(text) => Some(text.xml10_content().into_owned()),
        Event::CData(text) => Some(text.xml10_content().into_owned()),
        Event::GeneralRef(reference) => {
            let named = match reference.as_ref() {
                "amp" => Some('&'),
                "lt" => Some('<'),
                "gt" => Some('>'),
                "quot" => Some('"'),
                "apos" => Some('\''),
                _ => reference.resolve_char_ref().map_err(|_| damaged())?,
            };
            // Entities of a document's own making are no part of a workbook.
            Some(named.ok_or_else(damaged)?.to_string())
        }
        _ => None,
    })
}

fn refused(pointer: &str, code: &str, zh: &str, en: &str) -> AppError {
    AppError::invalid(vec![FieldError::new(pointer, code, zh, en)])
}

/// 422: no workbook at all.
pub fn not_a_workbook() -> AppError {
    refused(
        "/file",
        "NOT_A_WORKBOOK",
        "不是可读取的 Excel 工作簿（.xlsx）；请另存为 .xlsx 或 CSV，并去除密码。",
        "Not a workbook (.xlsx) that can be read: save it as .xlsx or CSV, without a password.",
    )
}

fn damaged() -> AppError {
    refused(
        "/file",
        "WORKBOOK_DAMAGED",
        "工作簿已损坏，无法读取；请重新另存后再试。",
        "The workbook is damaged: save it again and retry.",
    )
}

fn bomb() -> AppError {
    refused(
        "/file",
        "WORKBOOK_TOO_LARGE",
        "工作簿解压后过大，或压缩比例异常，不予读取；请拆分文件或另存为 CSV。",
        "The workbook inflates to too much, or at a rate that no sheet has: split it, or save it as CSV.",
    )
}
