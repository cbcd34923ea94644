//! Products.

use diesel::prelude::*;

use crate::{
    db::{
        Conn, MultiBackend, Tx, Unique,
        paging::{Page, PageRequest},
        schema::products,
        violates,
    },
    domain::{id::kind::ProductId, timestamp::Timestamp, vocabulary::ProductClass},
    error::{AppError, AppResult, Code, FieldError},
    models::commerce::product::Product,
};

const CODE: Unique = Unique {
    name: "products_code_key",
    columns: "products.code_key",
};

crate::sortable! {
    products, Product, ProductSort {
        Name = "name" => name_key: String,
        Code = "code" => code_key: String,
        CreatedAt = "created_at" => created_at: Timestamp,
    } default Name Up
}

/// What a list of products is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Narrow {
    /// Main class.
    pub class: Option<ProductClass>,
    /// Product line.
    pub product_line: Option<String>,
    /// May be quoted, or not.
    pub active: Option<bool>,
    /// The folded name begins with this.
    pub name_prefix: Option<String>,
    /// Or the code, as compared, begins with this.
    pub code_prefix: Option<String>,
}

/// One page of products.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    narrow: &Narrow,
    request: &PageRequest<ProductSort>,
) -> AppResult<Page<Product>> {
    page(conn, request, || narrowed(narrow))
}

fn narrowed<'q>(narrow: &Narrow) -> products::BoxedQuery<'q, MultiBackend> {
    let mut query = products::table.into_boxed();
    if let Some(class) = narrow.class {
        query = query.filter(products::class.eq(class));
    }
    if let Some(line) = &narrow.product_line {
        query = query.filter(products::product_line.eq(line.clone()));
    }
    if let Some(active) = narrow.active {
        query = query.filter(products::active.eq(active));
    }
    // Ranges, not LIKE: both databases serve them from the index, whatever the signs in a code.
    let name = narrow
        .name_prefix
        .as_ref()
        .map(|p| (p.clone(), format!("{p}\u{10ffff}")));
    let code = narrow
        .code_prefix
        .as_ref()
        .map(|p| (p.clone(), format!("{p}\u{10ffff}")));
    match (name, code) {
        (Some((name, name_end)), Some((code, code_end))) => query.filter(
            products::name_key
                .ge(name)
                .and(products::name_key.lt(name_end))
                .or(products::code_key
                    .ge(code)
                    .and(products::code_key.lt(code_end))),
        ),
        (Some((name, end)), None) => query
            .filter(products::name_key.ge(name))
            .filter(products::name_key.lt(end)),
        (None, Some((code, end))) => query
            .filter(products::code_key.ge(code))
            .filter(products::code_key.lt(end)),
        (None, None) => query,
    }
}

/// A product.
///
/// # Errors
/// 404, or a database fault.
pub fn get(conn: &mut Conn, id: ProductId) -> AppResult<Product> {
    Ok(Product::query().filter(products::id.eq(id)).first(conn)?)
}

/// Several products, in one query.
///
/// # Errors
/// A database fault.
pub fn several(conn: &mut Conn, ids: &[ProductId]) -> AppResult<Vec<Product>> {
    Ok(Product::query()
        .filter(products::id.eq_any(ids))
        .load(conn)?)
}

/// Inserts a product.
///
/// # Errors
/// 409 when the code is taken.
pub fn insert(tx: &mut Tx<'_>, product: &Product) -> AppResult<()> {
    match diesel::insert_into(products::table)
        .values(product)
        .execute(tx.conn())
    {
        Ok(_) => Ok(()),
        Err(error) => Err(taken_or(error, product)),
    }
}

/// Writes a product, if it still has the version that was read.
///
/// # Errors
/// 409 when the code is taken. `false` when it changed meanwhile.
pub fn save(tx: &mut Tx<'_>, product: &Product, read: i64) -> AppResult<bool> {
    let target = products::table
        .filter(products::id.eq(product.id))
        .filter(products::version.eq(read));
    match diesel::update(target).set(product).execute(tx.conn()) {
        Ok(rows) => Ok(rows == 1),
        Err(error) => Err(taken_or(error, product)),
    }
}

fn taken_or(error: diesel::result::Error, product: &Product) -> AppError {
    if !violates(&error, &CODE) {
        return error.into();
    }
    let code = &product.code;
    AppError::new(
        Code::Duplicate,
        format!("产品编码 {code} 已被使用；请换一个编码。"),
        format!("The product code {code} is taken: choose another."),
    )
    .rule("CUS-49")
    .with_errors(vec![FieldError::new(
        "/code",
        "TAKEN",
        "已被使用。",
        "Taken.",
    )])
}
