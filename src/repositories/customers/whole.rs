//! A customer with everything of which there is one a customer, in one statement: what its card is made of.

use diesel::prelude::*;

use super::{customers::reads, standings};
use crate::{
    context::Ctx,
    db::{
        Conn,
        schema::{
            customer_line_symbols, customer_profiles, customer_standings, customers as rows, units,
            users,
        },
    },
    domain::{id::kind::CustomerId, vocabulary::Capability},
    error::{AppError, AppResult},
    models::customers::{
        customer::{Customer, Profile},
        standing::Standing,
    },
    on_each,
    policy::customers::profile::Gaps,
};

/// A customer with what there is one of.
#[derive(Debug, Clone)]
pub struct Whole {
    /// The customer.
    pub customer: Customer,
    /// Its profile.
    pub profile: Profile,
    /// Its standing.
    pub standing: Standing,
    /// The special symbol of its line (DUP-05).
    pub line_symbol: Option<String>,
    /// Its owner's name.
    pub owner_name: String,
    /// Its unit's name.
    pub unit_name: String,
}

/// A customer, deleted or not, whoever may see it.
///
/// # Errors
/// 404, or a database fault.
pub fn unguarded(conn: &mut Conn, id: CustomerId) -> AppResult<Whole> {
    let query = rows::table
        .inner_join(customer_profiles::table.on(customer_profiles::customer_id.eq(rows::id)))
        .inner_join(users::table.on(users::id.eq(rows::owner_id)))
        .inner_join(units::table.on(units::id.eq(rows::unit_id)))
        .left_join(customer_standings::table.on(customer_standings::customer_id.eq(rows::id)))
        .left_join(customer_line_symbols::table.on(customer_line_symbols::customer_id.eq(rows::id)))
        .filter(rows::id.eq(id));
    type Row = (
        Customer,
        Profile,
        Option<Standing>,
        Option<String>,
        String,
        String,
    );
    let found: Option<Row> = on_each!(conn, c => query
        .select((
            Customer::as_select(),
            Profile::as_select(),
            Option::<Standing>::as_select(),
            customer_line_symbols::symbol.nullable(),
            users::name,
            units::name,
        ))
        .first(c)
        .optional())?;
    let (customer, profile, standing, line_symbol, owner_name, unit_name) =
        found.ok_or_else(AppError::not_found)?;
    Ok(Whole {
        standing: standing.unwrap_or_else(|| standings::fresh(id, Gaps::ALL)),
        customer,
        profile,
        line_symbol,
        owner_name,
        unit_name,
    })
}

/// A customer that the actor may see; a deleted one the administrator, who may restore it (AMB-10, SEC-14).
///
/// # Errors
/// 404.
pub fn find(conn: &mut Conn, ctx: &Ctx, id: CustomerId) -> AppResult<Whole> {
    let whole = unguarded(conn, id)?;
    let customer = &whole.customer;
    let seen = if customer.deleted_at.is_some() {
        ctx.has(Capability::DeleteRecords) && customer.security_level <= ctx.actor.clearance
    } else {
        reads(conn, ctx, customer)?
    };
    if seen {
        Ok(whole)
    } else {
        Err(AppError::not_found())
    }
}
