//! Suppliers.

use diesel::prelude::*;

use crate::{
    db::{
        Conn, MultiBackend, Tx, Unique,
        paging::{Page, PageRequest},
        schema::suppliers,
        violates,
    },
    domain::{id::kind::SupplierId, timestamp::Timestamp},
    error::{AppError, AppResult, Code, FieldError},
    models::commerce::supplier::Supplier,
};

const NAME: Unique = Unique {
    name: "suppliers_name_claim",
    columns: "suppliers.name_claim",
};
const CREDIT_CODE: Unique = Unique {
    name: "suppliers_code_claim",
    columns: "suppliers.code_claim",
};

crate::sortable! {
    suppliers, Supplier, SupplierSort {
        Name = "name" => folded_name: String,
        Rating = "rating" => rating: i32,
        UpdatedAt = "updated_at" => updated_at: Timestamp,
    } default Name Up
}

/// What a list of suppliers is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Narrow {
    /// The folded name begins with this.
    pub name_prefix: Option<String>,
    /// Rated so or better.
    pub rating_from: Option<i32>,
    /// The deleted ones instead of the others.
    pub deleted: bool,
}

/// One page of suppliers.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    narrow: &Narrow,
    request: &PageRequest<SupplierSort>,
) -> AppResult<Page<Supplier>> {
    page(conn, request, || narrowed(narrow))
}

fn narrowed<'q>(narrow: &Narrow) -> suppliers::BoxedQuery<'q, MultiBackend> {
    let mut query = suppliers::table.into_boxed();
    query = if narrow.deleted {
        query.filter(suppliers::deleted_at.is_not_null())
    } else {
        query.filter(suppliers::deleted_at.is_null())
    };
    if let Some(prefix) = &narrow.name_prefix {
        query = query
            .filter(suppliers::folded_name.ge(prefix.clone()))
            .filter(suppliers::folded_name.lt(format!("{prefix}\u{10ffff}")));
    }
    if let Some(rating) = narrow.rating_from {
        query = query.filter(suppliers::rating.ge(rating));
    }
    query
}

/// A supplier, deleted or not.
///
/// # Errors
/// 404, or a database fault.
pub fn get(conn: &mut Conn, id: SupplierId) -> AppResult<Supplier> {
    Ok(Supplier::query().filter(suppliers::id.eq(id)).first(conn)?)
}

/// A supplier that is not deleted.
///
/// # Errors
/// 404, or a database fault.
pub fn live(conn: &mut Conn, id: SupplierId) -> AppResult<Supplier> {
    Ok(Supplier::query()
        .filter(suppliers::id.eq(id))
        .filter(suppliers::deleted_at.is_null())
        .first(conn)?)
}

/// Inserts a supplier.
///
/// # Errors
/// 409 when its name or credit code is another's.
pub fn insert(tx: &mut Tx<'_>, supplier: &Supplier) -> AppResult<()> {
    diesel::insert_into(suppliers::table)
        .values(supplier)
        .execute(tx.conn())
        .map(drop)
        .map_err(taken_or)
}

/// Keeps a changed supplier, if it still has the version that was read.
///
/// # Errors
/// 409 when its name or credit code is another's. `false` when it changed meanwhile.
pub fn save(tx: &mut Tx<'_>, supplier: &Supplier, read: i64) -> AppResult<bool> {
    let target = suppliers::table
        .filter(suppliers::id.eq(supplier.id))
        .filter(suppliers::version.eq(read));
    diesel::update(target)
        .set(supplier)
        .execute(tx.conn())
        .map(|rows| rows == 1)
        .map_err(taken_or)
}

fn taken_or(error: diesel::result::Error) -> AppError {
    let pointer = if violates(&error, &NAME) {
        "/name"
    } else if violates(&error, &CREDIT_CODE) {
        "/credit_code"
    } else {
        return error.into();
    };
    AppError::new(
        Code::Duplicate,
        "该供应商已登记；请在列表中按名称查找。",
        "The supplier is registered already: find it in the list by its name.",
    )
    .rule("CUS-01")
    .with_errors(vec![FieldError::new(
        pointer,
        "TAKEN",
        "已被使用。",
        "Taken.",
    )])
}
