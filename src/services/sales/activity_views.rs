//! Activities as the caller sees them: one query for each kind of related name.

use std::collections::HashMap;

use super::activities::allowed_actions;
use crate::{
    api::sales::activity::ActivityView,
    context::Ctx,
    db::Conn,
    error::AppResult,
    models::sales::activity::Activity,
    repositories::{
        customers::customers,
        org::{names, reporting},
        sales::{activities, opportunities},
    },
};

/// A page of activities.
///
/// # Errors
/// A database fault.
pub fn views(conn: &mut Conn, ctx: &Ctx, rows: Vec<Activity>) -> AppResult<Vec<ActivityView>> {
    let customer_ids: Vec<_> = rows.iter().map(|row| row.customer_id).collect();
    let customers: HashMap<_, _> = customers::names(conn, &customer_ids)?.into_iter().collect();
    let opportunity_ids: Vec<_> = rows.iter().filter_map(|row| row.opportunity_id).collect();
    let titles: HashMap<_, _> = opportunities::titles(conn, &opportunity_ids)?
        .into_iter()
        .collect();
    let contact_ids: Vec<_> = rows.iter().filter_map(|row| row.contact_id).collect();
    let contacts: HashMap<_, _> = activities::contact_names(conn, &contact_ids)?
        .into_iter()
        .collect();
    let people = rows
        .iter()
        .flat_map(|row| [Some(row.owner_id), row.on_behalf_of])
        .flatten();
    let people = names::people(conn, people)?;
    let subordinates = reporting::direct_subordinates(conn, ctx.actor.id)?;
    let view = |row: Activity| ActivityView {
        id: row.id,
        customer_id: row.customer_id,
        customer_name: customers.get(&row.customer_id).cloned().unwrap_or_default(),
        opportunity_id: row.opportunity_id,
        opportunity_title: row.opportunity_id.and_then(|id| titles.get(&id).cloned()),
        kind: row.kind,
        happened_at: row.happened_at,
        contact_id: row.contact_id,
        contact_name: row.contact_id.and_then(|id| contacts.get(&id).cloned()),
        remind_at: row.remind_at,
        owner_id: row.owner_id,
        owner_name: people.name(row.owner_id),
        unit_id: row.unit_id,
        on_behalf_of: row.on_behalf_of.map(|id| people.get(id)),
        allowed_actions: allowed_actions(ctx, &row, subordinates.contains(&row.owner_id)),
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        content: row.content,
        result: row.result,
        place: row.place,
    };
    Ok(rows.into_iter().map(view).collect())
}
