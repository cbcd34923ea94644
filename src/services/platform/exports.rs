//! Export of customers (SEC-06): what one may read, as one may see it, within limits, and known to the audit trail.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    export_cells::{Facts, Shown, in_language},
    job_results,
    jobs::{self, NewJob},
};
use crate::{
    api::{
        customers::{customer::CustomerSummary, customer_filter::CustomerFilter},
        platform::{export::NewExport, job::JobView},
    },
    context::Ctx,
    db::{Conn, Tx, paging::PageRequest},
    domain::{
        id::kind::{CustomerId, JobId, UserId},
        vocabulary::{Capability, ExportField, JobKind, Language, SubjectKind},
    },
    error::{AppError, AppResult, Text},
    http::{Listed, query},
    models::customers::contact::Contact,
    policy::platform::exchange::{self, ExchangeSettings},
    repositories::{
        customers::{contacts, customers},
        org::users,
        platform::jobs::{self as rows, Progress},
    },
    services::customers::{
        lists::{self, CustomerSort},
        personal::{ContactPersonal, CustomerPersonal},
    },
};

/// How many customers one step fetches.
const PAGE: i64 = 500;
/// What filters and sort of the list are written for.
const LIST: &str = "/api/v1/customers";

/// The columns of an export that names none.
pub const USUAL: &[ExportField] = &[
    ExportField::Name,
    ExportField::Kind,
    ExportField::CreditCode,
    ExportField::Province,
    ExportField::City,
    ExportField::County,
    ExportField::Address,
    ExportField::Phone,
    ExportField::State,
    ExportField::Condition,
    ExportField::Grade,
    ExportField::Owner,
    ExportField::Unit,
    ExportField::ContactName,
    ExportField::ContactMobile,
    ExportField::CreatedAt,
    ExportField::UpdatedAt,
];

/// What an export was told; kept with its job.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Told {
    /// Filter and sort, as the list's query.
    pub query: String,
    /// What it looks like.
    pub export: NewExport,
}

impl Told {
    /// The columns.
    pub fn columns(&self) -> Vec<ExportField> {
        self.export
            .columns
            .clone()
            .unwrap_or_else(|| USUAL.to_vec())
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.export.language.unwrap_or(Language::Chinese)
    }

    /// The titles of the columns.
    pub fn header(&self) -> Vec<String> {
        let language = self.language();
        let title = |column: &ExportField| in_language(column.label(), language).to_owned();
        self.columns().iter().map(title).collect()
    }
}

/// Queues an export of the customers that a list's query finds.
///
/// # Errors
/// 403 without the capability and while leaving; 409 beyond the limit of a day, or while another export of one's own runs.
pub fn queue(tx: &mut Tx<'_>, ctx: &Ctx, query: &str, body: &NewExport) -> AppResult<JobView> {
    may_export(ctx)?;
    let settings = ctx.policy::<ExchangeSettings>()?.value;
    let exported = exported_today(tx, ctx)?;
    // One row more must be allowed, or nothing could be exported.
    exchange::may_export(1, exported, &settings)?;
    let told = Told {
        query: query.to_owned(),
        export: body.clone(),
    };
    let listed = listed(&told)?;
    // What an export was asked for is kept with its job and in the audit trail, in clear.
    if listed.filter.phone.is_some() {
        return Err(query::bad_parameter(
            "phone",
            "导出不按电话筛选：导出条件会记入审计，不得含有电话。",
            "Exports are not narrowed by phone: what was asked for is kept in the audit trail.",
        ));
    }
    let total = customers_of(tx, ctx, &listed, 1, None, true)?.total;
    let job = jobs::queue(
        tx,
        ctx,
        NewJob {
            kind: JobKind::ExportCustomers,
            params: serde_json::to_string(&told).map_err(AppError::internal)?,
            total: total.unwrap_or(0),
            file_id: None,
        },
    )?;
    let data = json!({
        "filter": told.query, "format": body.format, "columns": told.columns(),
        "unmasked": unmasked(ctx), "by_contact": body.by_contact,
    });
    ctx.record(
        tx,
        SubjectKind::Job,
        job.id,
        "export.requested",
        &data,
        Some("SEC-06"),
    );
    Ok(job)
}

fn exported_today(conn: &mut Conn, ctx: &Ctx) -> AppResult<i64> {
    let since = ctx.now.plus(-chrono::Duration::hours(24));
    rows::done_since(conn, ctx.actor.id, JobKind::ExportCustomers, since)
}

/// Whether the caller may export, or take an export along: never while leaving (SEC-06, ORG-23).
///
/// # Errors
/// 403.
pub fn may_export(ctx: &Ctx) -> AppResult<()> {
    ctx.require(Capability::ExportCustomers)?;
    ctx.refuse_leaver()
}

/// Notes that an export was taken along.
///
/// # Errors
/// 403 while leaving; 404; 409 while there is no result.
pub fn record_download(tx: &mut Tx<'_>, ctx: &Ctx, id: JobId) -> AppResult<(String, &'static str)> {
    let file = job_results::result_file(tx, ctx, id)?;
    let data = json!({ "format": file.format, "bytes": file.bytes });
    ctx.record(
        tx,
        SubjectKind::Job,
        id,
        "export.downloaded",
        &data,
        Some("SEC-06"),
    );
    Ok(match file.format {
        crate::domain::vocabulary::FileFormat::Csv => {
            ("customers.csv".to_owned(), "text/csv; charset=utf-8")
        }
        crate::domain::vocabulary::FileFormat::Xlsx => (
            "customers.xlsx".to_owned(),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
    })
}

/// How an export ended, in both languages.
pub fn summary(progress: Progress) -> Text {
    let count = progress.done;
    Text::new(
        format!("已导出 {count} 行。"),
        format!("{count} rows exported."),
    )
}

fn unmasked(ctx: &Ctx) -> bool {
    ctx.has(Capability::ExportPersonalData)
}

fn listed(told: &Told) -> AppResult<Listed<CustomerFilter, CustomerSort>> {
    query::listed_of(LIST, &told.query, |_, _| Err(AppError::not_found()))
}

fn customers_of(
    conn: &mut Conn,
    ctx: &Ctx,
    listed: &Listed<CustomerFilter, CustomerSort>,
    limit: i64,
    after: Option<Vec<String>>,
    include_total: bool,
) -> AppResult<crate::db::paging::Page<CustomerSummary>> {
    let page = Listed {
        filter: listed.filter.clone(),
        page: PageRequest {
            limit,
            sort: listed.page.sort.clone(),
            after,
            include_total,
        },
        binding: String::new(),
    };
    lists::list(conn, ctx, &page)
}

/// Rows of an export, and where the next ones begin.
pub struct Piece {
    /// The rows.
    pub rows: Vec<Vec<String>>,
    /// Where the next ones begin; none at the end.
    pub next: Option<Vec<String>>,
}

/// The next rows of an export: what the exporter may read now, as the exporter may see it now.
///
/// # Errors
/// 403 when the right was taken away meanwhile; 409 beyond the limits.
pub fn piece(
    conn: &mut Conn,
    ctx: &Ctx,
    told: &Told,
    done: i64,
    after: Option<Vec<String>>,
) -> AppResult<Piece> {
    may_export(ctx)?;
    let settings = ctx.policy::<ExchangeSettings>()?.value;
    let page = customers_of(conn, ctx, &listed(told)?, PAGE, after, false)?;
    let rows = rows_of(conn, ctx, told, page.items)?;
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    // What this export has done so far is among what was exported today.
    let exported = exported_today(conn, ctx)? - done;
    exchange::may_export(done.saturating_add(count), exported, &settings)?;
    Ok(Piece {
        rows,
        next: page.next,
    })
}

fn rows_of(
    conn: &mut Conn,
    ctx: &Ctx,
    told: &Told,
    page: Vec<CustomerSummary>,
) -> AppResult<Vec<Vec<String>>> {
    let ids: Vec<CustomerId> = page.iter().map(|summary| summary.id).collect();
    // These are the very rows that the access filter has just let through.
    let of_page: HashMap<_, _> = customers::unguarded_all(conn, &ids)?
        .into_iter()
        .map(|customer| (customer.id, customer))
        .collect();
    let profiles: HashMap<_, _> = customers::profiles(conn, &ids)?.into_iter().collect();
    let mut contacts_of: HashMap<CustomerId, Vec<Contact>> = HashMap::new();
    for contact in contacts::of_customers(conn, &ids)? {
        contacts_of
            .entry(contact.customer_id)
            .or_default()
            .push(contact);
    }
    let (columns, shown) = (
        told.columns(),
        Shown {
            language: told.language(),
            zone: ctx.zone,
        },
    );
    // Others are not told with what name a colleague logs in.
    let told_logins = ctx.has(Capability::ImportRecords) || ctx.has(Capability::ManageUsers);
    let logins: HashMap<UserId, String> =
        if told_logins && columns.contains(&ExportField::OwnerLogin) {
            let mut owners: Vec<_> = page.iter().map(|summary| summary.owner_id).collect();
            owners.sort_unstable();
            owners.dedup();
            users::logins_of(conn, &owners)?.into_iter().collect()
        } else {
            HashMap::new()
        };
    let clear = unmasked(ctx);
    let mut rows = Vec::with_capacity(page.len());
    for summary in &page {
        let contacts = contacts_of.get(&summary.id).map_or(&[][..], Vec::as_slice);
        let most = if told.export.by_contact {
            usize::MAX
        } else {
            1
        };
        let customer = of_page.get(&summary.id);
        let profile = profiles.get(&summary.id);
        let mut personal = CustomerPersonal::default();
        if let (Some(customer), Some(profile)) = (customer, profile) {
            personal = CustomerPersonal::open(ctx.vault(), customer, profile)?;
        }
        if !clear {
            personal = personal.masked();
        }
        let mut row = |contact: Option<&Contact>| {
            let mut contact_personal = ContactPersonal::default();
            if let Some(contact) = contact {
                contact_personal = ContactPersonal::open(ctx.vault(), contact)?;
            }
            if !clear {
                contact_personal = contact_personal.masked();
            }
            let facts = Facts {
                summary,
                customer,
                owner_login: logins.get(&summary.owner_id).map(String::as_str),
                profile,
                personal: personal.clone(),
                contact,
                contact_personal,
            };
            rows.push(
                columns
                    .iter()
                    .map(|column| shown.cell(*column, &facts))
                    .collect(),
            );
            AppResult::Ok(())
        };
        if contacts.is_empty() {
            row(None)?;
        }
        contacts
            .iter()
            .take(most)
            .try_for_each(|contact| row(Some(contact)))?;
    }
    Ok(rows)
}
