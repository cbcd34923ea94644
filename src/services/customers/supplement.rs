//! What customer service supplements of a customer that has signed: how the company and its processes are (CUS-23).

use serde_json::json;

use super::{cards, fields, standing};
use crate::{
    api::{
        customers::{customer::CustomerView, standing::CustomerSupplement},
        patch::Patch,
    },
    context::Ctx,
    db::Tx,
    domain::{
        id::kind::CustomerId,
        vocabulary::{Capability, SubjectKind},
    },
    error::{AppError, AppResult, Code},
    policy::customers::review::{self, Command},
    repositories::customers::{customers, standings},
};

/// Supplements a deal-closed customer: only what is about the company and its processes, by whoever sees it and holds
/// `SUPPLEMENT_CUSTOMERS`.
///
/// # Errors
/// 403; 404; 409 before a contract is signed, or while it is under review; 412; 422.
pub fn supplement(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: CustomerId,
    body: &CustomerSupplement,
) -> AppResult<CustomerView> {
    ctx.require(Capability::SupplementCustomers)?;
    let customer = customers::find(tx, ctx, id)?;
    ctx.check_version(customer.version)?;
    review::may(customer.state, Command::Edit)?;
    if !standings::has_signed_contract(tx, id)? {
        return Err(AppError::new(
            Code::RuleRefused,
            "只有成交（已签合同）客户的资料由客户服务人员补充。",
            "Customer service supplements customers that have signed a contract.",
        )
        .rule("CUS-23"));
    }
    let mut errors = Vec::new();
    let mut changed = Vec::new();
    let old = customers::profile(tx, id)?;
    let mut new = old.clone();
    for (patch, field, pointer) in [
        (
            &body.business_scope,
            &mut new.business_scope,
            "/business_scope",
        ),
        (&body.operations, &mut new.operations, "/operations"),
        (&body.workflow, &mut new.workflow, "/workflow"),
        (
            &body.former_systems,
            &mut new.former_systems,
            "/former_systems",
        ),
    ] {
        if let Patch::Value(text) = patch {
            fields::not_blank(Some(text), pointer, &mut errors);
        }
        let trimmed = patch
            .clone()
            .try_map(|text| Ok::<_, AppError>(text.trim().to_owned()))?;
        let next = trimmed.applied(field.clone());
        if next != *field {
            changed.push(pointer);
            *field = next;
        }
    }
    if !errors.is_empty() {
        return Err(AppError::invalid(errors).rule("CUS-23"));
    }
    if changed.is_empty() {
        return cards::view(tx, ctx, id);
    }
    // The version serialises it with edits of the owner.
    if !customers::set_state(tx, &customer, customer.state, ctx.now)? {
        return Err(ctx.lost_update());
    }
    customers::update_profile(tx, id, &new)?;
    customers::note_refreshed(tx, id, ctx.now)?;
    standing::profile_changed(tx, id, &new, None)?;
    ctx.record(
        tx,
        SubjectKind::Customer,
        id,
        "customer.supplemented",
        &json!({ "fields": changed }),
        Some("CUS-23"),
    );
    cards::view(tx, ctx, id)
}
