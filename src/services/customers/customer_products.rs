//! Products related to a customer (CUS-45). They are part of the customer: who may change it may change them.

use std::collections::HashMap;

use serde_json::Value;

use crate::{
    api::customers::customer_product::{
        CustomerProductAction, CustomerProductPatch, CustomerProductView, NewCustomerProduct,
        ProductCustomer, ProductCustomerFilter,
    },
    context::Ctx,
    db::{Conn, Tx, paging::Page},
    domain::{
        id::kind::{AnyId, CustomerId, CustomerProductId, ProductId},
        vocabulary::{Capability, ProductRelation, SubjectKind},
    },
    error::{AppError, AppResult},
    http::Listed,
    models::customers::customer_product::CustomerProduct,
    repositories::{
        commerce::products,
        customers::{
            customer_products::{self as rows, MOST},
            customers,
        },
        org::names,
    },
    services::{
        knowledge::relations::{self, Relation},
        org::fields::Fields,
    },
};

pub use crate::repositories::customers::customers::CustomerSort;

/// The products related to a customer.
///
/// # Errors
/// 404 unless the customer is visible.
pub fn list(conn: &mut Conn, ctx: &Ctx, id: CustomerId) -> AppResult<Vec<CustomerProductView>> {
    customers::find(conn, ctx, id)?;
    let found = rows::of_customer(conn, id)?;
    views(conn, ctx, id, found)
}

/// One page of the customers that a product is related to, as far as the caller may see them.
///
/// # Errors
/// 403 without `READ_PRODUCTS`; 404.
pub fn customers_of(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ProductId,
    query: &Listed<ProductCustomerFilter, CustomerSort>,
) -> AppResult<Page<ProductCustomer>> {
    ctx.require(Capability::ReadProducts)?;
    products::get(conn, id)?;
    rows::customers_of(conn, ctx, id, query.filter.relation, &query.page)?.try_map_all(|found| {
        let ids: Vec<_> = found.iter().map(|row| row.id).collect();
        let people = names::people(conn, found.iter().map(|row| row.owner_id))?;
        let mut related: HashMap<_, _> = rows::relations(conn, id, &ids)?
            .into_iter()
            .map(|row| (row.customer_id, row))
            .collect();
        Ok(found
            .into_iter()
            .filter_map(|customer| {
                let row = related.remove(&customer.id)?;
                Some(ProductCustomer {
                    customer_id: customer.id,
                    customer_name: customer.name,
                    state: customer.state,
                    owner: people.get(customer.owner_id),
                    relation: row.relation,
                    note: row.note,
                    updated_at: row.updated_at,
                })
            })
            .collect())
    })
}

/// Relates a product to a customer.
///
/// # Errors
/// 404, 403 by the customer; 409 when it is related already; 422 for a product that is not in the catalogue.
pub fn add(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: CustomerId,
    body: &NewCustomerProduct,
) -> AppResult<CustomerProductView> {
    customers::find_for_write(tx, ctx, id)?;
    let mut fields = Fields::default();
    let note = fields.optional_prose("/note", body.note.as_ref());
    fields.known("/product_id", products::get(tx, body.product_id))?;
    fields.done()?;
    relations::room(
        rows::of_customer(tx, id)?.len(),
        MOST,
        format!("一个客户至多关联 {MOST} 个产品。"),
        format!("At most {MOST} products are related to a customer."),
    )?;
    let row = CustomerProduct {
        id: ctx.new_id(),
        customer_id: id,
        product_id: body.product_id,
        relation: body.relation,
        note,
        created_by: ctx.actor.id,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    rows::insert(tx, &row)?;
    record(
        tx,
        ctx,
        id,
        "customer.product_added",
        &relations::told(&row),
    );
    one(tx, ctx, row)
}

/// Changes what a product is to a customer.
///
/// # Errors
/// 404, 403 by the customer; 412; 422.
pub fn update(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: CustomerProductId,
    body: &CustomerProductPatch,
) -> AppResult<CustomerProductView> {
    let read = rows::get(tx, id)?;
    customers::find_for_write(tx, ctx, read.customer_id)?;
    ctx.check_version(read.version)?;
    let Some((mut next, data)) = relations::patched(&read, body.relation, &body.note)? else {
        return one(tx, ctx, read);
    };
    ctx.keep(read.version, &mut next, |next| {
        rows::save(tx, next, read.version)
    })?;
    record(tx, ctx, read.customer_id, "customer.product_changed", &data);
    one(tx, ctx, next)
}

/// Takes a product from a customer.
///
/// # Errors
/// 404, 403 by the customer; 412.
pub fn remove(tx: &mut Tx<'_>, ctx: &Ctx, id: CustomerProductId) -> AppResult<()> {
    let read = rows::get(tx, id)?;
    customers::find_for_write(tx, ctx, read.customer_id)?;
    ctx.check_version(read.version)?;
    if !rows::remove(tx, &read)? {
        return Err(ctx.lost_update());
    }
    let data = relations::told(&read);
    record(tx, ctx, read.customer_id, "customer.product_removed", &data);
    Ok(())
}

impl Relation for CustomerProduct {
    type What = ProductRelation;
    const WHAT: &'static str = "relation";
    const OTHER: &'static str = "product_id";

    fn other(&self) -> AnyId {
        self.product_id.cast()
    }

    fn said(&mut self) -> (&mut ProductRelation, &mut Option<String>) {
        (&mut self.relation, &mut self.note)
    }
}

fn record(tx: &mut Tx<'_>, ctx: &Ctx, id: CustomerId, kind: &str, data: &Value) {
    ctx.record(tx, SubjectKind::Customer, id, kind, data, Some("CUS-45"));
}

fn one(conn: &mut Conn, ctx: &Ctx, row: CustomerProduct) -> AppResult<CustomerProductView> {
    views(conn, ctx, row.customer_id, vec![row])?
        .pop()
        .ok_or_else(AppError::not_found)
}

fn views(
    conn: &mut Conn,
    ctx: &Ctx,
    customer: CustomerId,
    found: Vec<CustomerProduct>,
) -> AppResult<Vec<CustomerProductView>> {
    let ids: Vec<_> = found.iter().map(|row| row.product_id).collect();
    let catalogue: HashMap<_, _> = products::several(conn, &ids)?
        .into_iter()
        .map(|product| (product.id, (product.code, product.name)))
        .collect();
    let people = names::people(conn, found.iter().map(|row| row.created_by))?;
    let allowed = if customers::may_write(conn, ctx, customer)? {
        vec![CustomerProductAction::Edit, CustomerProductAction::Remove]
    } else {
        Vec::new()
    };
    Ok(found
        .into_iter()
        .map(|row| {
            let (product_code, product_name) =
                catalogue.get(&row.product_id).cloned().unwrap_or_default();
            CustomerProductView {
                id: row.id,
                customer_id: row.customer_id,
                product_id: row.product_id,
                product_code,
                product_name,
                relation: row.relation,
                note: row.note,
                created_by: people.get(row.created_by),
                version: row.version,
                created_at: row.created_at,
                updated_at: row.updated_at,
                allowed_actions: allowed.clone(),
            }
        })
        .collect())
}
