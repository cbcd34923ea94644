//! Suppliers: basic information and rating (CUS-01). Who manages them does not rate them.

use serde_json::json;

use super::supplier_reach::Reached;
use crate::{
    api::{
        commerce::supplier::{
            NewSupplier, SupplierAction, SupplierFilter, SupplierPatch, SupplierRating,
            SupplierSummary, SupplierView,
        },
        customers::customer::Reason,
    },
    context::Ctx,
    db::{Conn, Tx, paging::Page},
    domain::{
        Email, Phone, fold,
        id::kind::SupplierId,
        parse_company,
        timestamp::Timestamp,
        vocabulary::{Capability, SubjectKind},
    },
    error::{AppError, AppResult, FieldError},
    http::Listed,
    models::commerce::supplier::Supplier,
    repositories::{
        commerce::suppliers::{self, Narrow},
        org::names,
    },
    services::{
        governance::deletion::{self, Deletable},
        org::fields::{Changes, Fields},
    },
};

pub use crate::repositories::commerce::suppliers::SupplierSort;

/// One page of suppliers.
///
/// # Errors
/// 403 without `READ_SUPPLIERS`, and for the deleted ones without `DELETE_RECORDS`.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<SupplierFilter, SupplierSort>,
) -> AppResult<Page<SupplierSummary>> {
    ctx.require(Capability::ReadSuppliers)?;
    let filter = &query.filter;
    let deleted = deletion::asked_for(ctx, filter.deleted)?;
    let narrow = Narrow {
        name_prefix: filter
            .q
            .as_deref()
            .map(fold)
            .filter(|prefix| !prefix.is_empty()),
        rating_from: filter.rating_gte,
        deleted,
    };
    Ok(suppliers::list(conn, &narrow, &query.page)?.map(summary))
}

/// One supplier; a deleted one only for whoever may restore it.
///
/// # Errors
/// 403 without `READ_SUPPLIERS`; 404.
pub fn get(conn: &mut Conn, ctx: &Ctx, id: SupplierId) -> AppResult<SupplierView> {
    ctx.require(Capability::ReadSuppliers)?;
    let supplier = suppliers::get(conn, id)?;
    deletion::shown(ctx, supplier.deleted_at)?;
    view(conn, ctx, supplier)
}

/// Registers a supplier.
///
/// # Errors
/// 403 without `MANAGE_SUPPLIERS`; 409 when it is registered already; 422 with every failing field.
pub fn register(tx: &mut Tx<'_>, ctx: &Ctx, body: &NewSupplier) -> AppResult<SupplierView> {
    ctx.require(Capability::ManageSuppliers)?;
    let mut fields = Fields::default();
    let (name, folded_name) = full_name(&mut fields, &body.name);
    let id = ctx.new_id();
    let reached = Reached {
        phone: body.phone.clone(),
        email: body.email.clone(),
    };
    let (phone, email) = reached.seal(ctx, id)?;
    let supplier = Supplier {
        id,
        name_claim: Some(folded_name.clone()),
        name,
        folded_name,
        credit_code: body.credit_code.clone(),
        code_claim: body.credit_code.clone(),
        scope: fields.optional_prose("/scope", body.scope.as_ref()),
        contact_name: fields.optional_line("/contact_name", body.contact_name.as_ref()),
        phone,
        email,
        address: fields.optional_line("/address", body.address.as_ref()),
        website: body.website.as_ref().map(ToString::to_string),
        remarks: fields.optional_prose("/remarks", body.remarks.as_ref()),
        rating: 0,
        rating_reason: None,
        rated_by: None,
        rated_at: None,
        created_by: ctx.actor.id,
        deleted_at: None,
        delete_reason: None,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    fields.done()?;
    suppliers::insert(tx, &supplier)?;
    let data = json!({ "name": supplier.name, "credit_code": supplier.credit_code });
    record(tx, ctx, supplier.id, "supplier.registered", &data);
    view(tx, ctx, supplier)
}

/// The registered full name, and how it is compared.
fn full_name(fields: &mut Fields, text: &str) -> (String, String) {
    match parse_company(text) {
        Ok(name) => (name.as_str().to_owned(), name.folded().to_owned()),
        Err(error) => {
            fields.fail(FieldError::new(
                "/name",
                error.code(),
                "须为工商注册的全称。",
                "Must be the full registered name.",
            ));
            (String::new(), String::new())
        }
    }
}

/// Changes a supplier.
///
/// # Errors
/// 403 without `MANAGE_SUPPLIERS`; 404; 409 when its name or credit code is another's; 412; 422.
pub fn update(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: SupplierId,
    body: &SupplierPatch,
) -> AppResult<SupplierView> {
    ctx.require(Capability::ManageSuppliers)?;
    let read = suppliers::live(tx, id)?;
    ctx.check_version(read.version)?;
    let mut next = read.clone();
    let mut fields = Fields::default();
    if let Some(name) = &body.name {
        (next.name, next.folded_name) = full_name(&mut fields, name);
        next.name_claim = Some(next.folded_name.clone());
    }
    next.credit_code = body.credit_code.clone().applied(next.credit_code);
    next.code_claim.clone_from(&next.credit_code);
    next.scope = fields.patched_prose("/scope", &body.scope, next.scope);
    next.contact_name = fields.patched_line("/contact_name", &body.contact_name, next.contact_name);
    let before = Reached::open(ctx, &read)?;
    let after = Reached {
        phone: body.phone.clone().applied(before.phone.clone()),
        email: body.email.clone().applied(before.email.clone()),
    };
    if after != before {
        (next.phone, next.email) = after.seal(ctx, id)?;
    }
    next.address = fields.patched_line("/address", &body.address, next.address);
    next.website = text(body.website.clone(), next.website)?;
    next.remarks = fields.patched_prose("/remarks", &body.remarks, next.remarks);
    fields.done()?;
    let changes = changes(&read, &next).and(after.changed_from(&before));
    if changes.is_empty() {
        return view(tx, ctx, read);
    }
    let next = save(tx, ctx, &read, next)?;
    record(tx, ctx, id, "supplier.changed", &changes.into_value());
    view(tx, ctx, next)
}

fn text<T: ToString>(
    patch: crate::api::patch::Patch<T>,
    current: Option<String>,
) -> AppResult<Option<String>> {
    Ok(patch
        .try_map(|value| Ok::<_, AppError>(value.to_string()))?
        .applied(current))
}

/// What an event tells: of phone, e-mail and contact person no more than that they changed.
fn changes(read: &Supplier, next: &Supplier) -> Changes {
    let mut changes = Changes::default();
    macro_rules! compare {
        ($($field:ident),+) => {$(
            if read.$field != next.$field {
                changes.note(stringify!($field), &read.$field, &next.$field);
            }
        )+};
    }
    compare!(name, credit_code, scope, address, website, remarks);
    let (before, after) = (&read.contact_name, &next.contact_name);
    if before != after {
        changes.note("contact_name", before.is_some(), after.is_some());
    }
    changes
}

/// Rates a supplier; earlier ratings stand in its events.
///
/// # Errors
/// 403 without `RATE_SUPPLIERS`; 404; 412; 422.
pub fn rate(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: SupplierId,
    body: &SupplierRating,
) -> AppResult<SupplierView> {
    ctx.require(Capability::RateSuppliers)?;
    let read = suppliers::live(tx, id)?;
    ctx.check_version(read.version)?;
    let mut fields = Fields::default();
    let reason = fields.prose("/reason", &body.reason);
    fields.done()?;
    let mut next = read.clone();
    next.rating = body.rating;
    next.rating_reason = Some(reason);
    next.rated_by = Some(ctx.actor.id);
    next.rated_at = Some(ctx.now);
    let next = save(tx, ctx, &read, next)?;
    let data = json!({ "from": read.rating, "to": next.rating, "reason": next.rating_reason });
    record(tx, ctx, id, "supplier.rated", &data);
    view(tx, ctx, next)
}

/// Marks a supplier as deleted; its name and credit code become free.
///
/// # Errors
/// 403 without `DELETE_RECORDS` (ORG-12); 404; 412.
pub fn delete(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: SupplierId,
    body: &Reason,
) -> AppResult<SupplierView> {
    deletion::permitted(ctx)?;
    let read = suppliers::live(tx, id)?;
    ctx.check_version(read.version)?;
    let next = deletion::deleted(ctx, &read, &body.reason)?;
    let next = save(tx, ctx, &read, next)?;
    let data = json!({ "reason": next.delete_reason });
    record(tx, ctx, id, "supplier.deleted", &data);
    view(tx, ctx, next)
}

/// Restores a deleted supplier.
///
/// # Errors
/// 403 without `DELETE_RECORDS` (ORG-12); 404; 409 when it is not deleted, or was registered again meanwhile.
pub fn restore(tx: &mut Tx<'_>, ctx: &Ctx, id: SupplierId) -> AppResult<SupplierView> {
    deletion::permitted(ctx)?;
    let read = suppliers::get(tx, id)?;
    ctx.check_version(read.version)?;
    let next = deletion::restored(&read)?;
    let next = save(tx, ctx, &read, next)?;
    record(tx, ctx, id, "supplier.restored", &json!({}));
    view(tx, ctx, next)
}

impl Deletable for Supplier {
    const NOT_DELETED: (&'static str, &'static str) =
        ("供应商没有删除。", "The supplier is not deleted.");

    fn deletion(&mut self) -> (&mut Option<Timestamp>, &mut Option<String>) {
        (&mut self.deleted_at, &mut self.delete_reason)
    }

    fn claim(&mut self, live: bool) {
        self.name_claim = live.then(|| self.folded_name.clone());
        self.code_claim = self.credit_code.clone().filter(|_| live);
    }
}

fn save(tx: &mut Tx<'_>, ctx: &Ctx, read: &Supplier, mut next: Supplier) -> AppResult<Supplier> {
    ctx.keep(read.version, &mut next, |next| {
        suppliers::save(tx, next, read.version)
    })?;
    Ok(next)
}

fn record(tx: &mut Tx<'_>, ctx: &Ctx, id: SupplierId, kind: &str, data: &serde_json::Value) {
    ctx.record(tx, SubjectKind::Supplier, id, kind, data, Some("CUS-01"));
}

fn summary(supplier: Supplier) -> SupplierSummary {
    SupplierSummary {
        id: supplier.id,
        name: supplier.name,
        credit_code: supplier.credit_code,
        scope: supplier.scope,
        rating: Some(supplier.rating).filter(|rating| *rating > 0),
        deleted_at: supplier.deleted_at,
        version: supplier.version,
        created_at: supplier.created_at,
        updated_at: supplier.updated_at,
    }
}

fn view(conn: &mut Conn, ctx: &Ctx, supplier: Supplier) -> AppResult<SupplierView> {
    let people = names::people(
        conn,
        supplier.rated_by.into_iter().chain([supplier.created_by]),
    )?;
    let reached = Reached::open(ctx, &supplier)?;
    // In clear for those who work with it, masked for the others (SEC-02).
    let manages = ctx.has(Capability::ManageSuppliers);
    let shown =
        |clear: Option<String>, masked: Option<String>| if manages { clear } else { masked };
    let deletes = ctx.has(Capability::DeleteRecords);
    let actions = [
        (SupplierAction::Edit, manages),
        (SupplierAction::Rate, ctx.has(Capability::RateSuppliers)),
        (SupplierAction::Delete, deletes),
    ];
    let allowed_actions = match supplier.deleted_at {
        Some(_) if deletes => vec![SupplierAction::Restore],
        Some(_) => Vec::new(),
        None => actions
            .into_iter()
            .filter_map(|(action, may)| may.then_some(action))
            .collect(),
    };
    Ok(SupplierView {
        contact_name: supplier.contact_name.clone(),
        phone: shown(
            reached.phone.as_ref().map(ToString::to_string),
            reached.phone.as_ref().map(Phone::masked),
        ),
        email: shown(
            reached.email.as_ref().map(ToString::to_string),
            reached.email.as_ref().map(Email::masked),
        ),
        address: supplier.address.clone(),
        website: supplier.website.clone(),
        remarks: supplier.remarks.clone(),
        rating_reason: supplier.rating_reason.clone(),
        rated_by: supplier.rated_by.map(|user| people.get(user)),
        rated_at: supplier.rated_at,
        created_by: people.get(supplier.created_by),
        allowed_actions,
        summary: summary(supplier),
    })
}
