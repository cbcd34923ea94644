//! Products related to customers.

use diesel::prelude::*;

use crate::{
    context::Ctx,
    db::{
        Conn, Tx, Unique,
        paging::{Page, PageRequest},
        schema::{customer_products, customers},
        violates,
    },
    domain::{
        id::kind::{CustomerId, CustomerProductId, ProductId},
        vocabulary::ProductRelation,
    },
    error::{AppError, AppResult, Code},
    models::customers::{customer::Customer, customer_product::CustomerProduct},
    repositories::{
        customers::customers::{self as rows, CustomerSort},
        governance::access::{Reach, Verb},
    },
};

/// The most products of one customer.
pub const MOST: usize = 200;

const PAIR: Unique = Unique {
    name: "customer_products_pair",
    columns: "customer_products.customer_id, customer_products.product_id",
};

/// A customer's products in the order of entry.
///
/// # Errors
/// A database fault.
pub fn of_customer(conn: &mut Conn, id: CustomerId) -> AppResult<Vec<CustomerProduct>> {
    Ok(CustomerProduct::query()
        .filter(customer_products::customer_id.eq(id))
        .order((customer_products::created_at, customer_products::id))
        .load(conn)?)
}

/// One page of the customers that the actor may see and that a product is related to.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn customers_of(
    conn: &mut Conn,
    ctx: &Ctx,
    product: ProductId,
    relation: Option<ProductRelation>,
    request: &PageRequest<CustomerSort>,
) -> AppResult<Page<Customer>> {
    rows::page(conn, request, || {
        let related = customer_products::table.filter(customer_products::product_id.eq(product));
        let query = customers::table
            .into_boxed()
            .filter(rows::visible(&Reach::of(ctx, Verb::Read)));
        match relation {
            Some(relation) => query.filter(
                customers::id.eq_any(
                    related
                        .filter(customer_products::relation.eq(relation))
                        .select(customer_products::customer_id),
                ),
            ),
            None => {
                query.filter(customers::id.eq_any(related.select(customer_products::customer_id)))
            }
        }
    })
}

/// What a product is to these customers.
///
/// # Errors
/// A database fault.
pub fn relations(
    conn: &mut Conn,
    product: ProductId,
    ids: &[CustomerId],
) -> AppResult<Vec<CustomerProduct>> {
    Ok(CustomerProduct::query()
        .filter(customer_products::product_id.eq(product))
        .filter(customer_products::customer_id.eq_any(ids))
        .load(conn)?)
}

/// One of them.
///
/// # Errors
/// 404, or a database fault.
pub fn get(conn: &mut Conn, id: CustomerProductId) -> AppResult<CustomerProduct> {
    Ok(CustomerProduct::query()
        .filter(customer_products::id.eq(id))
        .first(conn)?)
}

/// Inserts one.
///
/// # Errors
/// 409 when the product is related to the customer already.
pub fn insert(tx: &mut Tx<'_>, row: &CustomerProduct) -> AppResult<()> {
    match diesel::insert_into(customer_products::table)
        .values(row)
        .execute(tx.conn())
    {
        Ok(_) => Ok(()),
        Err(error) if violates(&error, &PAIR) => Err(AppError::new(
            Code::Duplicate,
            "该客户已有此产品；请修改原记录。",
            "The product is related to the customer already: change that entry.",
        )
        .rule("CUS-45")),
        Err(error) => Err(error.into()),
    }
}

/// Keeps a changed one, if it still has the version that was read.
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn save(tx: &mut Tx<'_>, row: &CustomerProduct, read: i64) -> AppResult<bool> {
    let target = customer_products::table
        .filter(customer_products::id.eq(row.id))
        .filter(customer_products::version.eq(read));
    Ok(diesel::update(target).set(row).execute(tx.conn())? == 1)
}

/// Removes one, if it still has the version that was read.
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn remove(tx: &mut Tx<'_>, row: &CustomerProduct) -> AppResult<bool> {
    let target = customer_products::table
        .filter(customer_products::id.eq(row.id))
        .filter(customer_products::version.eq(row.version));
    Ok(diesel::delete(target).execute(tx.conn())? == 1)
}
