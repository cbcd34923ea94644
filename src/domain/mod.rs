//! Value types: what a field may hold, how it is written, when two are the same.
//!
//! Pure: no clock, no input or output, no database, no HTTP. Each type is made
//! by `parse` (or `from_…`) only, so whoever holds one holds a valid one; each
//! error has a stable `code()`.

pub mod calendar;
pub mod company_name;
pub mod credit_code;
mod decimal;
pub mod divisions;
pub mod email;
pub mod file_name;
pub mod folding;
pub mod id;
pub mod industries;
pub mod labels;
pub mod masking;
pub mod money;
pub mod names;
pub mod person_name;
pub mod phone;
pub mod ratio;
pub mod text;
mod text_value;
pub mod timestamp;
pub mod vocabulary;
pub mod website;

pub use calendar::{BusinessCalendar, CalendarError, HolidayDay, YearFile};
pub use company_name::{CompanyName, NameError, parse_company};
pub use credit_code::{CreditCode, CreditCodeError};
pub use decimal::DecimalError;
pub use divisions::{Division, DivisionError, DivisionLevel, Divisions};
pub use email::{Email, EmailError};
pub use file_name::{FileName, FileNameError};
pub use folding::{code_key, fold};
pub use industries::{Industries, Industry};
pub use money::Money;
pub use person_name::{PersonName, parse_person};
pub use phone::{Phone, PhoneError, PhoneKind};
pub use ratio::Ratio;
pub use website::{Website, WebsiteError};
