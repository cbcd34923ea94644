//! Products and their list prices (CUS-49).

use serde_json::json;

use crate::{
    api::commerce::product::{
        NewProduct, ProductAction, ProductFilter, ProductItem, ProductPatch, ProductView,
    },
    context::Ctx,
    db::{Conn, Tx, paging::Page},
    domain::{
        code_key, fold,
        id::kind::ProductId,
        vocabulary::{Capability, SubjectKind},
    },
    error::AppResult,
    http::Listed,
    models::commerce::product::Product,
    repositories::commerce::products::{self, Narrow},
    services::org::fields::{Changes, Fields},
};

pub use crate::repositories::commerce::products::ProductSort;

/// One page of products.
///
/// # Errors
/// 403 without `READ_PRODUCTS`.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<ProductFilter, ProductSort>,
) -> AppResult<Page<ProductItem>> {
    ctx.require(Capability::ReadProducts)?;
    let ProductFilter {
        class,
        product_line,
        active,
        q,
    } = query.filter.clone();
    let prefix = |key: String| Some(key).filter(|key| !key.is_empty());
    let narrow = Narrow {
        class,
        product_line,
        active,
        name_prefix: q.as_deref().and_then(|q| prefix(fold(q))),
        // What folds to nothing is a sign, which only a code can begin with.
        code_prefix: q.as_deref().and_then(|q| prefix(code_key(q))),
    };
    Ok(products::list(conn, &narrow, &query.page)?.map(item))
}

/// One product.
///
/// # Errors
/// 403 without `READ_PRODUCTS`, 404.
pub fn get(conn: &mut Conn, ctx: &Ctx, id: ProductId) -> AppResult<ProductView> {
    ctx.require(Capability::ReadProducts)?;
    Ok(view(ctx, products::get(conn, id)?))
}

/// Adds a product.
///
/// # Errors
/// 403 without `MANAGE_PRODUCTS`, 409 when the code is taken, 422.
pub fn create(tx: &mut Tx<'_>, ctx: &Ctx, body: &NewProduct) -> AppResult<ProductView> {
    ctx.require(Capability::ManageProducts)?;
    let NewProduct {
        code,
        name,
        class,
        product_line,
        unit_name,
        list_price,
        active,
    } = body;
    let mut fields = Fields::default();
    let code = fields.line("/code", code);
    let name = fields.line("/name", name);
    let product_line = fields.line("/product_line", product_line);
    let unit_name = fields.line("/unit_name", unit_name);
    fields.done()?;
    let product = Product {
        id: ctx.new_id(),
        code_key: code_key(&code),
        code,
        name_key: fold(&name),
        name,
        class: *class,
        product_line,
        unit_name,
        list_price: *list_price,
        active: active.unwrap_or(true),
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    products::insert(tx, &product)?;
    ctx.record(
        tx,
        SubjectKind::Product,
        product.id,
        "product.created",
        &json!({ "code": product.code, "name": product.name, "list_price": product.list_price }),
        Some("CUS-49"),
    );
    Ok(view(ctx, product))
}

/// Changes a product. Quotes keep the list prices that they were made with.
///
/// # Errors
/// 403 without `MANAGE_PRODUCTS`, 404, 409 when the code is taken, 412, 422.
pub fn patch(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: ProductId,
    body: &ProductPatch,
) -> AppResult<ProductView> {
    ctx.require(Capability::ManageProducts)?;
    let mut product = products::get(tx, id)?;
    ctx.check_version(product.version)?;
    let read = product.version;
    let changes = apply(&mut product, body)?;
    if changes.is_empty() {
        return Ok(view(ctx, product));
    }
    product.code_key = code_key(&product.code);
    product.name_key = fold(&product.name);
    ctx.keep(read, &mut product, |next| products::save(tx, next, read))?;
    ctx.record(
        tx,
        SubjectKind::Product,
        id,
        "product.updated",
        &changes.into_value(),
        Some("CUS-49"),
    );
    Ok(view(ctx, product))
}

fn apply(product: &mut Product, body: &ProductPatch) -> AppResult<Changes> {
    let ProductPatch {
        code,
        name,
        class,
        product_line,
        unit_name,
        list_price,
        active,
    } = body;
    let mut fields = Fields::default();
    let mut changes = Changes::default();
    for (member, wanted, current) in [
        ("code", code, &mut product.code),
        ("name", name, &mut product.name),
        ("product_line", product_line, &mut product.product_line),
        ("unit_name", unit_name, &mut product.unit_name),
    ] {
        if let Some(wanted) = wanted {
            changes.set(member, current, fields.line(&format!("/{member}"), wanted));
        }
    }
    fields.done()?;
    let class = class.unwrap_or(product.class);
    changes.set("class", &mut product.class, class);
    let list_price = list_price.unwrap_or(product.list_price);
    changes.set("list_price", &mut product.list_price, list_price);
    let active = active.unwrap_or(product.active);
    changes.set("active", &mut product.active, active);
    Ok(changes)
}

fn item(product: Product) -> ProductItem {
    let Product {
        id,
        code,
        code_key: _,
        name,
        name_key: _,
        class,
        product_line,
        unit_name,
        list_price,
        active,
        version,
        created_at,
        updated_at,
    } = product;
    ProductItem {
        id,
        code,
        name,
        class,
        product_line,
        unit_name,
        list_price,
        active,
        version,
        created_at,
        updated_at,
    }
}

fn view(ctx: &Ctx, product: Product) -> ProductView {
    let allowed_actions = match (ctx.has(Capability::ManageProducts), product.active) {
        (false, _) => vec![],
        (true, true) => vec![ProductAction::Update, ProductAction::Deactivate],
        (true, false) => vec![ProductAction::Update, ProductAction::Activate],
    };
    ProductView {
        item: item(product),
        allowed_actions,
    }
}
