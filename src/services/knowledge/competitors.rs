//! Competitors' files (CUS-50): whoever sells reads and keeps them.

use serde_json::{Value, json};

use crate::{
    api::{
        customers::customer::Reason,
        knowledge::competitor::{
            CompetitorAction, CompetitorFilter, CompetitorPatch, CompetitorSummary, CompetitorView,
            NewCompetitor,
        },
    },
    context::Ctx,
    db::{Conn, Tx, paging::Page},
    domain::{
        fold,
        id::kind::CompetitorId,
        timestamp::Timestamp,
        vocabulary::{Capability, SubjectKind},
    },
    error::{AppError, AppResult},
    http::Listed,
    models::knowledge::competitor::Competitor,
    repositories::{
        knowledge::competitors::{self, Narrow},
        org::names,
    },
    services::{
        governance::deletion::{self, Deletable},
        org::fields::{Changes, Fields},
    },
};

pub use crate::repositories::knowledge::competitors::CompetitorSort;

/// One page of competitors.
///
/// # Errors
/// 403 without `READ_COMPETITORS`, and for the deleted ones without `DELETE_RECORDS`.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<CompetitorFilter, CompetitorSort>,
) -> AppResult<Page<CompetitorSummary>> {
    ctx.require(Capability::ReadCompetitors)?;
    let deleted = deletion::asked_for(ctx, query.filter.deleted)?;
    let narrow = Narrow {
        name_prefix: query
            .filter
            .q
            .as_deref()
            .map(fold)
            .filter(|prefix| !prefix.is_empty()),
        deleted,
    };
    Ok(competitors::list(conn, &narrow, &query.page)?.map(summary))
}

/// One competitor's file; a deleted one only for whoever may restore it.
///
/// # Errors
/// 403 without `READ_COMPETITORS`; 404.
pub fn get(conn: &mut Conn, ctx: &Ctx, id: CompetitorId) -> AppResult<CompetitorView> {
    ctx.require(Capability::ReadCompetitors)?;
    let competitor = competitors::get(conn, id)?;
    deletion::shown(ctx, competitor.deleted_at)?;
    view(conn, ctx, competitor)
}

/// Opens a competitor's file.
///
/// # Errors
/// 403 without `MANAGE_COMPETITORS`; 409 when there is one; 422 with every failing field.
pub fn create(tx: &mut Tx<'_>, ctx: &Ctx, body: &NewCompetitor) -> AppResult<CompetitorView> {
    ctx.require(Capability::ManageCompetitors)?;
    let mut fields = Fields::default();
    let name = fields.line("/name", &body.name);
    let folded_name = fold(&name);
    let competitor = Competitor {
        id: ctx.new_id(),
        name,
        name_claim: Some(folded_name.clone()),
        folded_name,
        website: body.website.as_ref().map(ToString::to_string),
        products: fields.optional_prose("/products", body.products.as_ref()),
        strengths: fields.optional_prose("/strengths", body.strengths.as_ref()),
        weaknesses: fields.optional_prose("/weaknesses", body.weaknesses.as_ref()),
        pricing: fields.optional_prose("/pricing", body.pricing.as_ref()),
        strategy: fields.optional_prose("/strategy", body.strategy.as_ref()),
        created_by: ctx.actor.id,
        deleted_at: None,
        delete_reason: None,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    fields.done()?;
    competitors::insert(tx, &competitor)?;
    let data = json!({ "name": competitor.name });
    record(tx, ctx, competitor.id, "competitor.created", &data);
    view(tx, ctx, competitor)
}

/// Changes a competitor's file.
///
/// # Errors
/// 403 without `MANAGE_COMPETITORS`; 404; 409 when the name is another's; 412; 422.
pub fn update(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: CompetitorId,
    body: &CompetitorPatch,
) -> AppResult<CompetitorView> {
    ctx.require(Capability::ManageCompetitors)?;
    let read = competitors::live(tx, id)?;
    ctx.check_version(read.version)?;
    let mut next = read.clone();
    let (mut fields, mut changes) = (Fields::default(), Changes::default());
    if let Some(name) = &body.name {
        changes.set("name", &mut next.name, fields.line("/name", name));
        next.folded_name = fold(&next.name);
        next.name_claim = Some(next.folded_name.clone());
    }
    let website = body
        .website
        .clone()
        .try_map(|website| Ok::<_, AppError>(website.to_string()))?
        .applied(next.website.clone());
    changes.set("website", &mut next.website, website);
    for (member, patch, current) in [
        ("products", &body.products, &mut next.products),
        ("strengths", &body.strengths, &mut next.strengths),
        ("weaknesses", &body.weaknesses, &mut next.weaknesses),
        ("pricing", &body.pricing, &mut next.pricing),
        ("strategy", &body.strategy, &mut next.strategy),
    ] {
        let wanted = fields.patched_prose(&format!("/{member}"), patch, current.clone());
        changes.set(member, current, wanted);
    }
    fields.done()?;
    if changes.is_empty() {
        return view(tx, ctx, read);
    }
    let next = save(tx, ctx, &read, next)?;
    record(tx, ctx, id, "competitor.changed", &changes.into_value());
    view(tx, ctx, next)
}

/// Marks a competitor's file as deleted; its name becomes free.
///
/// # Errors
/// 403 without `DELETE_RECORDS` (ORG-12); 404; 412.
pub fn delete(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: CompetitorId,
    body: &Reason,
) -> AppResult<CompetitorView> {
    deletion::permitted(ctx)?;
    let read = competitors::live(tx, id)?;
    ctx.check_version(read.version)?;
    let next = deletion::deleted(ctx, &read, &body.reason)?;
    let next = save(tx, ctx, &read, next)?;
    let data = json!({ "reason": next.delete_reason });
    record(tx, ctx, id, "competitor.deleted", &data);
    view(tx, ctx, next)
}

/// Restores a deleted file.
///
/// # Errors
/// 403 without `DELETE_RECORDS` (ORG-12); 404; 409 when it is not deleted, or there is another one by now.
pub fn restore(tx: &mut Tx<'_>, ctx: &Ctx, id: CompetitorId) -> AppResult<CompetitorView> {
    deletion::permitted(ctx)?;
    let read = competitors::get(tx, id)?;
    ctx.check_version(read.version)?;
    let next = deletion::restored(&read)?;
    let next = save(tx, ctx, &read, next)?;
    record(tx, ctx, id, "competitor.restored", &json!({}));
    view(tx, ctx, next)
}

impl Deletable for Competitor {
    const NOT_DELETED: (&'static str, &'static str) = (
        "竞争对手档案没有删除。",
        "The competitor's file is not deleted.",
    );

    fn deletion(&mut self) -> (&mut Option<Timestamp>, &mut Option<String>) {
        (&mut self.deleted_at, &mut self.delete_reason)
    }

    fn claim(&mut self, live: bool) {
        self.name_claim = live.then(|| self.folded_name.clone());
    }
}

fn save(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    read: &Competitor,
    mut next: Competitor,
) -> AppResult<Competitor> {
    ctx.keep(read.version, &mut next, |next| {
        competitors::save(tx, next, read.version)
    })?;
    Ok(next)
}

fn record(tx: &mut Tx<'_>, ctx: &Ctx, id: CompetitorId, kind: &str, data: &Value) {
    ctx.record(tx, SubjectKind::Competitor, id, kind, data, Some("CUS-50"));
}

fn summary(competitor: Competitor) -> CompetitorSummary {
    CompetitorSummary {
        id: competitor.id,
        name: competitor.name,
        website: competitor.website,
        products: competitor.products,
        deleted_at: competitor.deleted_at,
        version: competitor.version,
        created_at: competitor.created_at,
        updated_at: competitor.updated_at,
    }
}

fn view(conn: &mut Conn, ctx: &Ctx, competitor: Competitor) -> AppResult<CompetitorView> {
    let people = names::people(conn, [competitor.created_by])?;
    let mut allowed_actions = Vec::new();
    let deletes = ctx.has(Capability::DeleteRecords);
    match competitor.deleted_at {
        Some(_) if deletes => allowed_actions.push(CompetitorAction::Restore),
        Some(_) => {}
        None => {
            if ctx.has(Capability::ManageCompetitors) {
                allowed_actions.push(CompetitorAction::Edit);
            }
            if deletes {
                allowed_actions.push(CompetitorAction::Delete);
            }
        }
    }
    Ok(CompetitorView {
        strengths: competitor.strengths.clone(),
        weaknesses: competitor.weaknesses.clone(),
        pricing: competitor.pricing.clone(),
        strategy: competitor.strategy.clone(),
        created_by: people.get(competitor.created_by),
        allowed_actions,
        summary: summary(competitor),
    })
}
