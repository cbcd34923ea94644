//! The 80/20 view: which customers bring the business (CUS-46).

use std::collections::HashMap;

use crate::{
    api::customers::overview::{AbcFilter, AbcRow, AbcView},
    context::Ctx,
    db::Conn,
    domain::{Money, Ratio, vocabulary::Capability},
    error::AppResult,
    policy::customers::value::{self, ValueSettings},
    repositories::customers::overview::{self, Signed},
};

/// The signed business that the caller may see, by customer, largest first, with classes A, B and C.
///
/// # Errors
/// 403 without the right to read sales records of others; a database fault.
pub fn view(conn: &mut Conn, ctx: &Ctx, filter: &AbcFilter) -> AppResult<AbcView> {
    ctx.require(Capability::ReadSales)?;
    let settings = ctx.policy::<ValueSettings>()?.value;
    let when = Signed {
        from: filter.signed_from,
        until: filter.signed_until,
    };
    let (total, customers) = overview::business(conn, ctx, when)?;
    let rows = overview::business_by_customer(conn, ctx, when, filter.limit.unwrap_or(50))?;
    let ids: Vec<_> = rows.iter().map(|(id, _)| *id).collect();
    let marks: HashMap<_, _> = overview::marks(conn, &ids)?
        .into_iter()
        .map(|(id, name, key)| (id, (name, key)))
        .collect();
    let mut before = Money::from_fen(0);
    let mut shown = Vec::with_capacity(rows.len());
    for (customer_id, amount) in rows {
        let class = value::class_of(before, total, &settings);
        before = Money::from_fen(before.fen().saturating_add(amount.fen()));
        let (customer_name, is_key_customer) = marks.get(&customer_id).cloned().unwrap_or_default();
        shown.push(AbcRow {
            customer_id,
            customer_name,
            is_key_customer,
            amount,
            cumulative_share: Ratio::floor_of(before, total).unwrap_or(Ratio::ZERO),
            class,
        });
    }
    Ok(AbcView {
        total,
        customers,
        rows: shown,
    })
}
