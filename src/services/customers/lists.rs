//! Lists of customers: by any of their classes (CUS-32, CUS-33, CUS-47), and the references of an industry.

use chrono::Days;

use super::{cards::summary, likeness_terms::phone_term, personal};
use crate::{
    api::{
        csv::Csv,
        customers::{
            customer::CustomerSummary,
            customer_filter::CustomerFilter,
            overview::{ReferenceContract, ReferenceCustomer, ReferenceFilter},
        },
    },
    context::Ctx,
    db::{Conn, paging::Page},
    domain::{
        Industries, fold,
        id::kind::CustomerId,
        vocabulary::{Capability, Condition, CustomerState, EntryState, KeyKind},
    },
    error::AppResult,
    http::{Listed, query::bad_parameter},
    models::customers::customer::Customer,
    policy::customers::{
        card::CustomerCardSettings,
        name_pieces::{Asked, asked},
        profile::{self, Gaps, ProfileSettings},
        registration::RegistrationSettings,
    },
    repositories::{
        customers::{
            customers::{self, Narrow},
            keyed::Phoned,
            narrowing::Entries,
            overview,
        },
        org::names,
    },
};

pub use crate::repositories::customers::customers::CustomerSort;

/// Contracts that a reference customer shows.
const CASES: usize = 10;

/// One page of the customers that the caller may see.
///
/// # Errors
/// `INVALID_CURSOR`; 403 for the deleted ones (ORG-12); a database fault.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<CustomerFilter, CustomerSort>,
) -> AppResult<Page<CustomerSummary>> {
    let narrow = narrow(ctx, query.filter.clone())?;
    let page = if query.filter.deleted == Some(true) {
        ctx.require(Capability::DeleteRecords)
            .map_err(|error| error.rule("ORG-12"))?;
        customers::list_deleted(conn, ctx, &narrow, &query.page)?
    } else {
        customers::list(conn, ctx, &narrow, &query.page)?
    };
    page.try_map_all(|rows| summaries(conn, rows))
}

fn summaries(conn: &mut Conn, rows: Vec<Customer>) -> AppResult<Vec<CustomerSummary>> {
    let directory = names::directory(
        conn,
        rows.iter().map(|c| c.owner_id),
        rows.iter().map(|c| c.unit_id),
    )?;
    Ok(rows
        .into_iter()
        .map(|customer| summary(customer, &directory))
        .collect())
}

fn narrow(ctx: &Ctx, filter: CustomerFilter) -> AppResult<Narrow> {
    let gaps = gaps(ctx, &filter)?;
    let phone = phoned(ctx, &filter)?;
    let (folded_prefix, within) = match filter.q.as_deref().map(fold).as_deref().and_then(asked) {
        None => (None, None),
        Some(Asked::Beginning(prefix)) => (Some(prefix), None),
        Some(Asked::Within(within)) => (None, Some(within)),
    };
    let stale = match filter.needs_refresh {
        None => None,
        Some(stale) => {
            let card = ctx.policy::<CustomerCardSettings>()?.value;
            Some((stale, card.refresh_before(ctx.now)))
        }
    };
    Ok(Narrow {
        entries: entries(ctx, Csv::values(filter.entry_state_in))?,
        owner: filter.owner_id,
        unit: filter.unit_id,
        states: Csv::values(filter.state_in),
        kinds: Csv::values(filter.kind_in),
        party: filter.party,
        line: filter.line,
        agent: filter.agent_id,
        folded_prefix,
        within,
        credit_code: filter.credit_code.map(|code| code.as_str().to_owned()),
        phone,
        division_prefix: filter.division_code,
        industries: within_industry(filter.industry_code.as_deref())?,
        conditions: Csv::values(filter.condition_in),
        grades: Csv::values(filter.grade_in),
        activity_states: Csv::values(filter.activity_state_in),
        sources: Csv::values(filter.source_in),
        value_grades: Csv::values(filter.value_grade_in),
        key: filter.is_key_customer,
        relationship: filter.relationship,
        contact_prefix: filter
            .contact_q
            .map(|text| text.trim().to_owned())
            .filter(|prefix| !prefix.is_empty()),
        gaps,
        stale,
        created_from: filter.created_at_gte,
        created_before: filter.created_at_lt,
        contact_from: filter.last_contact_at_gte,
        contact_before: filter.last_contact_at_lt,
        updated_from: filter.updated_at_gte,
        updated_before: filter.updated_at_lt,
    })
}

/// A phone as it is looked for: compared as registrations compare it, without its extension (DUP-03, AMB-3).
///
/// # Errors
/// 400 together with the deleted or the merged ones: no index leads to them by phone.
fn phoned(ctx: &Ctx, filter: &CustomerFilter) -> AppResult<Option<Phoned>> {
    let Some(phone) = &filter.phone else {
        return Ok(None);
    };
    let merged = filter
        .state_in
        .as_ref()
        .is_some_and(|states| states.0.contains(&CustomerState::Merged));
    if merged || filter.deleted == Some(true) {
        return Err(bad_parameter(
            "phone",
            "不能与 deleted=true 或 state_in=MERGED 一起使用：已删除或已合并的客户不按电话查找；已合并的客户请查合并后的客户。",
            "Not together with deleted=true or state_in=MERGED: those that are deleted or merged are not found by phone. \
             Look for the customer that one was merged into.",
        ));
    }
    let keys = personal::key_values(ctx.vault(), KeyKind::Phone, phone.key());
    let term = phone_term(ctx.vault(), Some(phone.as_str()));
    Ok(term.map(|term| Phoned { keys, term }))
}

/// A division, or a section with all its divisions.
///
/// # Errors
/// 400 for an unknown code.
fn within_industry(code: Option<&str>) -> AppResult<Vec<String>> {
    let Some(code) = code else {
        return Ok(Vec::new());
    };
    if Industries::builtin().get(code).is_none() {
        return Err(bad_parameter(
            "industry_code",
            "没有这个行业代码（GB/T 4754）。",
            "There is no such industry code (GB/T 4754).",
        ));
    }
    let divisions = Industries::builtin()
        .all()
        .iter()
        .filter(|industry| industry.section() == Some(code))
        .map(|industry| industry.code.clone());
    Ok(std::iter::once(code.to_owned()).chain(divisions).collect())
}

/// A score is not kept, for its weights are a policy: what is looked for are the combinations of items that give it.
fn gaps(ctx: &Ctx, filter: &CustomerFilter) -> AppResult<Option<Vec<i32>>> {
    if filter.completeness_gte.is_none()
        && filter.completeness_lt.is_none()
        && filter.lacks.is_none()
    {
        return Ok(None);
    }
    let settings = ctx.policy::<ProfileSettings>()?.value;
    let fits = |gaps: &Gaps| {
        let score = profile::score(*gaps, &settings);
        filter.completeness_gte.is_none_or(|least| score >= least)
            && filter.completeness_lt.is_none_or(|most| score < most)
            && filter.lacks.is_none_or(|item| gaps.lacks(item))
    };
    Ok(Some(Gaps::every().filter(fits).map(Gaps::bits).collect()))
}

fn entries(ctx: &Ctx, states: Vec<EntryState>) -> AppResult<Option<Entries>> {
    if states.is_empty() {
        return Ok(None);
    }
    let settings = ctx.policy::<RegistrationSettings>()?.value;
    let back = |days: u16| {
        let today = ctx.today();
        today
            .checked_sub_days(Days::new(u64::from(days)))
            .unwrap_or(today)
    };
    Ok(Some(Entries {
        states,
        warning_before: back(settings.entry_days),
        late_before: back(settings.entry_days_special),
    }))
}

/// One page of the successful customers of an industry with their signed contracts: what a salesperson points to
/// (CUS-47).
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn references(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<ReferenceFilter, CustomerSort>,
) -> AppResult<Page<ReferenceCustomer>> {
    let narrow = Narrow {
        conditions: vec![Condition::Successful],
        states: vec![CustomerState::Effective],
        industries: within_industry(query.filter.industry_code.as_deref())?,
        division_prefix: query.filter.division_code.clone(),
        ..Narrow::default()
    };
    customers::list(conn, ctx, &narrow, &query.page)?.try_map_all(|rows| {
        let ids: Vec<CustomerId> = rows.iter().map(|row| row.id).collect();
        // A page has at most 200 customers; whoever has more contracts than this shows the latest.
        let cases = overview::cases(conn, ctx, &ids, 2_000)?;
        let of = |id: CustomerId| {
            cases
                .iter()
                .filter(|(customer, ..)| *customer == id)
                .take(CASES)
                .map(|(_, id, title, amount, signed_on)| ReferenceContract {
                    id: *id,
                    title: title.clone(),
                    amount: *amount,
                    signed_on: *signed_on,
                })
                .collect()
        };
        Ok(summaries(conn, rows)?
            .into_iter()
            .map(|customer| ReferenceCustomer {
                contracts: of(customer.id),
                customer,
            })
            .collect())
    })
}
