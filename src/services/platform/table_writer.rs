//! Tables that go out, as CSV or as a workbook, row by row: no cell is taken for a formula (S6), and no size of table
//! takes more memory.

use std::io::Write;

use rust_xlsxwriter::{Workbook, XlsxError};

use super::csv_cells;
use crate::{
    domain::vocabulary::FileFormat,
    error::{AppError, AppResult},
};

/// The most characters of a cell.
const CELL: usize = 32_767;
/// The most rows of a sheet; what is more goes on in the next one.
const ROWS: u32 = 1_000_000;

/// A workbook under way. Its rows stand in nameless temporary files until it is saved.
pub struct Sheet {
    workbook: Workbook,
    name: String,
    header: Option<Vec<String>>,
    sheets: usize,
    row: u32,
}

impl Sheet {
    /// Begins a workbook.
    ///
    /// # Errors
    /// A fault of the temporary files.
    pub fn new(name: &str) -> AppResult<Self> {
        let mut sheet = Self {
            workbook: Workbook::new(),
            name: name.to_owned(),
            header: None,
            sheets: 0,
            row: 0,
        };
        sheet.begin()?;
        Ok(sheet)
    }

    fn begin(&mut self) -> AppResult<()> {
        self.sheets += 1;
        self.row = 0;
        let name = match self.sheets {
            1 => self.name.clone(),
            number => format!("{} {number}", self.name),
        };
        self.workbook
            .add_worksheet_with_constant_memory()
            .and_then(|sheet| sheet.set_name(name))
            .map_err(fault)?;
        Ok(())
    }

    /// Adds a row of text; the first one is the header.
    ///
    /// # Errors
    /// A fault of the temporary files.
    pub fn row(&mut self, cells: &[String]) -> AppResult<()> {
        if self.header.is_none() {
            self.header = Some(cells.to_vec());
        }
        if self.row >= ROWS {
            self.begin()?;
            if let Some(header) = self.header.clone() {
                self.row(&header)?;
            }
        }
        let sheet = self
            .workbook
            .worksheet_from_index(self.sheets - 1)
            .map_err(fault)?;
        for (column, cell) in (0..).zip(cells) {
            if !cell.is_empty() {
                // A text is never calculated; it is made safe all the same, for whoever saves it as CSV.
                let text = csv_cells::safe(cell);
                let text = match text.char_indices().nth(CELL / 2) {
                    Some((end, _)) => text.get(..end).unwrap_or_default().to_owned(),
                    None => text,
                };
                sheet.write_string(self.row, column, text).map_err(fault)?;
            }
        }
        self.row += 1;
        Ok(())
    }

    /// Writes the workbook.
    ///
    /// # Errors
    /// The writer's.
    pub fn save(mut self, to: impl Write + Send) -> AppResult<()> {
        self.workbook.save_to_writer(to).map_err(fault)
    }
}

fn fault(error: XlsxError) -> AppError {
    AppError::internal(error)
}

/// A table under way to a writer.
pub enum Table<W> {
    /// CSV: with a mark, so that spreadsheets take it for UTF-8.
    Csv(W),
    /// A workbook, written when it is finished.
    Xlsx(Box<Sheet>, W),
}

impl<W: Write + Send> Table<W> {
    /// Begins a table.
    ///
    /// # Errors
    /// The writer's.
    pub fn new(format: FileFormat, name: &str, mut to: W) -> AppResult<Self> {
        Ok(match format {
            FileFormat::Csv => {
                to.write_all("\u{feff}".as_bytes())
                    .map_err(super::stored_files::unread)?;
                Self::Csv(to)
            }
            FileFormat::Xlsx => Self::Xlsx(Box::new(Sheet::new(name)?), to),
        })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// The writer's.
    pub fn row(&mut self, cells: &[String]) -> AppResult<()> {
        match self {
            Self::Csv(to) => to
                .write_all(csv_cells::line(cells.iter().map(String::as_str)).as_bytes())
                .map_err(super::stored_files::unread),
            Self::Xlsx(sheet, _) => sheet.row(cells),
        }
    }

    /// Ends the table; gives the writer back.
    ///
    /// # Errors
    /// The writer's.
    pub fn finish(self) -> AppResult<W> {
        match self {
            Self::Csv(mut to) => {
                to.flush().map_err(super::stored_files::unread)?;
                Ok(to)
            }
            Self::Xlsx(sheet, mut to) => {
                sheet.save(&mut to)?;
                to.flush().map_err(super::stored_files::unread)?;
                Ok(to)
            }
        }
    }
}
