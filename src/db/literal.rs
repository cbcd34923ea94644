//! SQL that diesel has no words for.

use diesel::{expression::SqlLiteral, sql_types::SingleValue};

/// A piece of SQL that is a constant of the program: what a caller sends can never be in it (S5). Both databases must
/// read it.
pub fn constant<T: SingleValue>(text: &'static str) -> SqlLiteral<T> {
    diesel::dsl::sql(text)
}
