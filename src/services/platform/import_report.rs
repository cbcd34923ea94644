//! The report of the rows that an import refused: the row as it stood, where and why, as CSV or as a workbook. Corrected,
//! it can be imported as it is.

use super::{csv_cells, import_columns::REPORT, import_rows::Problem};
use crate::{
    auth::vault::{Place, Vault},
    domain::id::kind::JobId,
    error::{AppError, AppResult},
    models::{platform::job::RowError, sealed},
};

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
    of_file: &[String],
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
                &cells(vault, first)?,
                of_file,
            ))
        })
        .collect()
}
