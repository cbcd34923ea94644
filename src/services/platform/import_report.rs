//! The report of the rows that an import refused: the row as it stood, where and why, as CSV or as a workbook. Corrected,
//! it can be imported as it is. Personal data is in clear for whoever uploaded it only (SEC-06, SEC-18).

use super::{csv_cells, import_columns::REPORT, import_rows::Problem};
use crate::{
    auth::vault::{Place, Vault},
    domain::{
        Email, Phone,
        id::kind::JobId,
        masking::{self, MASK},
        vocabulary::ImportField as F,
    },
    error::{AppError, AppResult},
    models::{platform::job::RowError, sealed},
};

/// The file that refused rows come from, as a reader may see it.
pub struct Source {
    /// Its header.
    pub header: Vec<String>,
    /// What each column is imported as.
    pub columns: Vec<F>,
    /// Whether the reader sees personal data in clear.
    pub clear: bool,
}

impl Source {
    /// A row's cells as the reader sees them.
    pub fn shown(&self, cells: Vec<String>) -> Vec<String> {
        if self.clear {
            return cells;
        }
        // Of a row with cells too few or too many, or one that could not be read, nobody knows which cell is what.
        let known = cells.len() == self.columns.len();
        let columns = self.columns.iter().copied().map(Some);
        cells
            .into_iter()
            .zip(columns.chain(std::iter::repeat(None)))
            .enumerate()
            .map(|(at, (cell, field))| match field.filter(|_| known) {
                Some(F::Ignore) if self.is_of_report(at) => cell,
                field => masked(field.unwrap_or(F::Ignore), cell),
            })
            .collect()
    }

    /// Whether a column is one of the report's own, of a file that was a report already.
    fn is_of_report(&self, at: usize) -> bool {
        self.header
            .get(at)
            .is_some_and(|name| REPORT.contains(&name.trim()))
    }
}

/// A cell without the personal data in it. What is not imported may be anything, and a row may have been refused because
/// a phone stands in the wrong column.
fn masked(field: F, cell: String) -> String {
    let text = csv_cells::bare(cell.trim());
    if text.is_empty() {
        return cell;
    }
    match field {
        F::Phone | F::ContactMobile | F::ContactOfficePhone => masking::phone(text),
        F::Email | F::ContactEmail => masking::email(text),
        F::Address => masking::address(text),
        F::Ignore | F::TransportRoute => MASK.to_owned(),
        _ if Phone::parse(text).is_ok() => masking::phone(text),
        _ if Email::parse(text).is_ok() => masking::email(text),
        _ => cell,
    }
}

fn place(job: JobId, row_number: i64, position: i32) -> Place {
    sealed::JOB_ROW.at(format!("{job}/{row_number}/{position}"))
}

/// What is kept of a problem: the row itself is sealed.
///
/// # Errors
/// A fault of the vault.
pub fn row_error(vault: &Vault, job_id: JobId, problem: &Problem) -> AppResult<RowError> {
    let cells = serde_json::to_string(&problem.cells).map_err(AppError::internal)?;
    Ok(RowError {
        job_id,
        row_number: problem.line,
        position: problem.position,
        code: problem.code.clone(),
        rule: problem.rule.map(str::to_owned),
        message_zh: problem.message.zh.clone(),
        message_en: problem.message.en.clone(),
        input: vault.seal(&place(job_id, problem.line, problem.position), &cells)?,
        column_name: problem.column.clone(),
    })
}

/// The row's cells as they stood in the file.
///
/// # Errors
/// A row that was changed past the application.
pub fn cells(vault: &Vault, row: &RowError) -> AppResult<Vec<String>> {
    let place = place(row.job_id, row.row_number, row.position);
    serde_json::from_str(&vault.open(&place, &row.input)?).map_err(AppError::internal)
}

/// The columns of a report: its own, then the file's.
pub fn header(of_file: &[String]) -> Vec<String> {
    let own = REPORT.iter().map(|name| (*name).to_owned());
    // A report that is imported again has these columns already.
    let others = of_file.iter().filter(|name| !REPORT.contains(&name.trim()));
    own.chain(others.cloned()).collect()
}

/// One problem of a row.
pub struct Finding {
    /// Column.
    pub column: Option<String>,
    /// Code.
    pub code: String,
    /// Rule.
    pub rule: Option<String>,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// A row of the report: all findings of one row of the file together, and the row.
pub fn line(number: i64, found: &[Finding], cells: &[String], of_file: &[String]) -> Vec<String> {
    let joined = |text: fn(&Finding) -> Option<&str>| {
        let texts: Vec<_> = found.iter().filter_map(text).collect();
        texts.join("; ")
    };
    let own = [
        number.to_string(),
        joined(|f| f.column.as_deref()),
        joined(|f| Some(f.code.as_str())),
        joined(|f| f.rule.as_deref()),
        joined(|f| Some(f.zh.as_str())),
        joined(|f| Some(f.en.as_str())),
    ];
    let others = cells
        .iter()
        .enumerate()
        .filter(|(at, _)| {
            of_file
                .get(*at)
                .is_none_or(|name| !REPORT.contains(&name.trim()))
        })
        .map(|(_, cell)| cell.clone());
    own.into_iter().chain(others).collect()
}

/// The lines of a report of problems that are at hand, row by row.
pub fn lines(problems: &[Problem], of_file: &[String]) -> Vec<Vec<String>> {
    problems
        .chunk_by(|a, b| a.line == b.line)
        .filter_map(|of_row| {
            let first = of_row.first()?;
            let found: Vec<_> = of_row
                .iter()
                .map(|problem| Finding {
                    column: problem.column.clone(),
                    code: problem.code.clone(),
                    rule: problem.rule.map(str::to_owned),
                    zh: problem.message.zh.clone(),
                    en: problem.message.en.clone(),
                })
                .collect();
            Some(line(first.line, &found, &first.cells, of_file))
        })
        .collect()
}

/// A line as CSV, safe for spreadsheets.
pub fn csv(cells: &[String]) -> String {
    csv_cells::line(cells.iter().map(String::as_str))
}

/// The lines of a report from rows that are kept.
///
/// # Errors
/// A row that was changed past the application.
pub fn kept_lines(
    vault: &Vault,
    rows: &[RowError],
    source: &Source,
) -> AppResult<Vec<Vec<String>>> {
    rows.chunk_by(|a, b| a.row_number == b.row_number)
        .filter_map(|of_row| Some((of_row.first()?, of_row)))
        .map(|(first, of_row)| {
            let found: Vec<_> = of_row
                .iter()
                .map(|row| Finding {
                    column: row.column_name.clone(),
                    code: row.code.clone(),
                    rule: row.rule.clone(),
                    zh: row.message_zh.clone(),
                    en: row.message_en.clone(),
                })
                .collect();
            Ok(line(
                first.row_number,
                &found,
                &source.shown(cells(vault, first)?),
                &source.header,
            ))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    fn source(clear: bool) -> Source {
        Source {
            header: texts(&["row_number", "名称", "手机", "地址", "路线", "别的"]),
            columns: vec![
                F::Ignore,
                F::Name,
                F::ContactMobile,
                F::Address,
                F::TransportRoute,
                F::Ignore,
            ],
            clear,
        }
    }

    #[test]
    fn a_reader_who_did_not_upload_a_row_sees_its_personal_data_masked() {
        let cells = texts(&[
            "7",
            "惠普",
            "13912345678",
            "北京市朝阳区建国路88号",
            "地铁",
            "x",
        ]);
        let shown = source(false).shown(cells.clone());
        let masked = ["7", "惠普", "139****5678", "北京市****", "****", "****"];
        assert_eq!(shown, texts(&masked));
        assert_eq!(source(true).shown(cells.clone()), cells);
    }

    #[test]
    fn what_stands_in_the_wrong_column_is_masked_too() {
        let cells = texts(&["", " 13912345678 ", "问门卫", "某", "", ""]);
        let masked = ["", "139****5678", "****", "****", "", ""];
        assert_eq!(source(false).shown(cells), texts(&masked));
        let cells = texts(&["", "'+86 13912345678", "", "", "", ""]);
        assert_eq!(source(false).shown(cells)[1], "139****5678");
        let cells = texts(&["", "a@example.com", "", "", "", ""]);
        assert_eq!(source(false).shown(cells)[1], "a****@example.com");
    }

    #[test]
    fn of_a_row_that_does_not_fit_its_columns_nothing_is_shown() {
        for cells in [texts(&["惠普,13912345678"]), texts(&["惠普"; 7])] {
            let count = cells.len();
            assert_eq!(source(false).shown(cells), vec![MASK.to_owned(); count]);
        }
    }
}
