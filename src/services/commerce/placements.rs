//! Placements of products (CUS-49): whoever manages products manages them.

use serde_json::{Value, json};

use crate::{
    api::commerce::placement::{NewPlacement, PlacementAction, PlacementPatch, PlacementView},
    context::Ctx,
    db::{Conn, Tx},
    domain::{
        fold,
        id::kind::{PlacementId, ProductId},
        vocabulary::{Capability, SubjectKind},
    },
    error::{AppError, AppResult, Code},
    models::commerce::placement::Placement,
    repositories::commerce::{
        placements::{self, MOST},
        products,
    },
    services::org::fields::{Changes, Fields},
};

/// The placements of a product, by name.
///
/// # Errors
/// 403 without `READ_PRODUCTS`; 404.
pub fn list(conn: &mut Conn, ctx: &Ctx, product: ProductId) -> AppResult<Vec<PlacementView>> {
    ctx.require(Capability::ReadProducts)?;
    products::get(conn, product)?;
    Ok(placements::of_product(conn, product)?
        .into_iter()
        .map(|placement| view(ctx, placement))
        .collect())
}

/// One placement.
///
/// # Errors
/// 403 without `READ_PRODUCTS`; 404.
pub fn get(conn: &mut Conn, ctx: &Ctx, id: PlacementId) -> AppResult<PlacementView> {
    ctx.require(Capability::ReadProducts)?;
    Ok(view(ctx, placements::get(conn, id)?))
}

/// Adds a placement.
///
/// # Errors
/// 403 without `MANAGE_PRODUCTS`; 404; 409 when the product has one of that name; 422.
pub fn add(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    product: ProductId,
    body: &NewPlacement,
) -> AppResult<PlacementView> {
    ctx.require(Capability::ManageProducts)?;
    products::get(tx, product)?;
    let mut fields = Fields::default();
    let name = fields.line("/name", &body.name);
    let medium = fields.optional_line("/medium", body.medium.as_ref());
    let description = fields.optional_prose("/description", body.description.as_ref());
    fields.done()?;
    if placements::of_product(tx, product)?.len() >= MOST {
        return Err(AppError::new(
            Code::StateConflict,
            format!("一个产品至多 {MOST} 个版位。"),
            format!("A product has at most {MOST} placements."),
        ));
    }
    let placement = Placement {
        id: ctx.new_id(),
        product_id: product,
        name_key: fold(&name),
        name,
        medium,
        description,
        active: true,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    placements::insert(tx, &placement)?;
    let data = json!({ "placement_id": placement.id, "name": placement.name });
    record(tx, ctx, product, "product.placement_added", &data);
    Ok(view(ctx, placement))
}

/// Changes a placement, or takes it out of what is offered.
///
/// # Errors
/// 403 without `MANAGE_PRODUCTS`; 404; 409 when the product has another of that name; 412; 422.
pub fn update(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: PlacementId,
    body: &PlacementPatch,
) -> AppResult<PlacementView> {
    ctx.require(Capability::ManageProducts)?;
    let read = placements::get(tx, id)?;
    ctx.check_version(read.version)?;
    let mut next = read.clone();
    let (mut fields, mut changes) = (Fields::default(), Changes::default());
    if let Some(name) = &body.name {
        changes.set("name", &mut next.name, fields.line("/name", name));
        next.name_key = fold(&next.name);
    }
    let medium = fields.patched_line("/medium", &body.medium, next.medium.clone());
    changes.set("medium", &mut next.medium, medium);
    let description =
        fields.patched_prose("/description", &body.description, next.description.clone());
    changes.set("description", &mut next.description, description);
    let active = body.active.unwrap_or(next.active);
    changes.set("active", &mut next.active, active);
    fields.done()?;
    if changes.is_empty() {
        return Ok(view(ctx, read));
    }
    ctx.keep(read.version, &mut next, |next| {
        placements::save(tx, next, read.version)
    })?;
    changes.note("placement_id", id, id);
    let data = changes.into_value();
    record(tx, ctx, next.product_id, "product.placement_changed", &data);
    Ok(view(ctx, next))
}

fn record(tx: &mut Tx<'_>, ctx: &Ctx, id: ProductId, kind: &str, data: &Value) {
    ctx.record(tx, SubjectKind::Product, id, kind, data, Some("CUS-49"));
}

fn view(ctx: &Ctx, placement: Placement) -> PlacementView {
    let allowed_actions = match (ctx.has(Capability::ManageProducts), placement.active) {
        (false, _) => vec![],
        (true, true) => vec![PlacementAction::Edit, PlacementAction::Deactivate],
        (true, false) => vec![PlacementAction::Edit, PlacementAction::Activate],
    };
    PlacementView {
        id: placement.id,
        product_id: placement.product_id,
        name: placement.name,
        medium: placement.medium,
        description: placement.description,
        active: placement.active,
        version: placement.version,
        created_at: placement.created_at,
        updated_at: placement.updated_at,
        allowed_actions,
    }
}
