//! The worklist as it is read (DUP-10, AMB-33).

use std::collections::{HashMap, HashSet};

use crate::{
    api::{
        csv::Csv,
        customers::duplicate_pair::{DuplicatePairView, PairFilter, PairSide},
    },
    context::Ctx,
    db::{Conn, paging::Page},
    domain::{
        id::kind::{CustomerId, DuplicatePairId},
        vocabulary::{CustomerState, LikenessReason, PairState},
    },
    error::{AppError, AppResult},
    http::Listed,
    models::customers::{customer::Customer, duplicate_pair::DuplicatePair},
    policy::customers::{
        duplicate_pair::{Command, admitted},
        telling::may_be_told,
    },
    repositories::{
        customers::{
            customers,
            duplicate_pairs::{self, Narrow},
        },
        org::names,
    },
};

pub use crate::repositories::customers::duplicate_pairs::PairSort;

/// One page of the pairs of which the caller may see at least one customer.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<PairFilter, PairSort>,
) -> AppResult<Page<DuplicatePairView>> {
    let filter = query.filter.clone();
    let narrow = Narrow {
        states: Csv::values(filter.state_in),
        customer: filter.customer_id,
        owner: filter.owner_id,
        unit: filter.unit_id,
        score_from: filter.score_gte,
        due_before: filter.due_at_lt,
    };
    duplicate_pairs::list(conn, ctx, &narrow, &query.page)?
        .try_map_all(|rows| views(conn, ctx, rows))
}

/// A pair.
///
/// # Errors
/// 404.
pub fn get(conn: &mut Conn, ctx: &Ctx, id: DuplicatePairId) -> AppResult<DuplicatePairView> {
    let pair = duplicate_pairs::find(conn, ctx, id)?;
    view(conn, ctx, pair)
}

/// Whether the caller may say what a pair is: whoever may change one of the two.
///
/// # Errors
/// A database fault.
pub(super) fn may_decide(conn: &mut Conn, ctx: &Ctx, pair: &DuplicatePair) -> AppResult<bool> {
    Ok(customers::may_write(conn, ctx, pair.left_id)?
        || customers::may_write(conn, ctx, pair.right_id)?)
}

/// One pair as the caller sees it.
///
/// # Errors
/// A database fault.
pub(super) fn view(
    conn: &mut Conn,
    ctx: &Ctx,
    pair: DuplicatePair,
) -> AppResult<DuplicatePairView> {
    views(conn, ctx, vec![pair])?
        .pop()
        .ok_or_else(AppError::not_found)
}

fn views(
    conn: &mut Conn,
    ctx: &Ctx,
    rows: Vec<DuplicatePair>,
) -> AppResult<Vec<DuplicatePairView>> {
    let ids: Vec<CustomerId> = rows
        .iter()
        .flat_map(|pair| [pair.left_id, pair.right_id])
        .collect();
    let found: HashMap<CustomerId, Customer> = customers::unguarded_all(conn, &ids)?
        .into_iter()
        .map(|customer| (customer.id, customer))
        .collect();
    let seen: HashSet<CustomerId> = customers::visible_of(conn, ctx, &ids)?
        .into_iter()
        .collect();
    let mut writable = customers::writable_among(conn, ctx, &ids)?;
    writable.retain(|id| {
        let state = found.get(id).map(|customer| customer.state);
        state.is_some_and(|state| state != CustomerState::Merged)
    });
    let people = names::directory(
        conn,
        found.values().map(|customer| customer.owner_id),
        found.values().map(|customer| customer.unit_id),
    )?;
    let deciders = names::people(conn, rows.iter().filter_map(|pair| pair.decided_by))?;
    // Of a customer that one may not see only existence, name, owner and department are told (AMB-33).
    let side = |id: CustomerId| {
        let customer = found.get(&id).ok_or_else(AppError::not_found)?;
        Ok::<_, AppError>(PairSide {
            customer_id: seen.contains(&id).then_some(id),
            customer_name: customer.name.clone(),
            owner_name: people.user(customer.owner_id),
            department: people.unit(customer.unit_id),
            registered_at: seen.contains(&id).then_some(customer.created_at),
        })
    };
    rows.into_iter()
        .map(|pair| {
            let may = writable.contains(&pair.left_id) || writable.contains(&pair.right_id);
            let both = seen.contains(&pair.left_id) && seen.contains(&pair.right_id);
            let allowed_actions = admitted(pair.state)
                .into_iter()
                .filter(|command| may && (both || *command != Command::Merge))
                .collect();
            Ok(DuplicatePairView {
                id: pair.id,
                left: side(pair.left_id)?,
                right: side(pair.right_id)?,
                score: pair.score,
                reasons: reasons(&pair.reasons)
                    .into_iter()
                    .filter(|reason| both || may_be_told(reason))
                    .collect(),
                state: pair.state,
                found_at: pair.found_at,
                due_at: pair.due_at,
                overdue: pair.state == PairState::Open && ctx.now > pair.due_at,
                decided_by_name: pair.decided_by.map(|user| deciders.name(user)),
                decided_by: pair.decided_by,
                decided_at: pair.decided_at,
                decision_reason: pair.decision_reason,
                merge_id: pair.merge_id,
                version: pair.version,
                created_at: pair.created_at,
                updated_at: pair.updated_at,
                allowed_actions,
            })
        })
        .collect()
}

fn reasons(text: &str) -> Vec<LikenessReason> {
    text.split(',')
        .filter_map(|word| word.parse().ok())
        .collect()
}
