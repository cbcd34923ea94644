//! Reading customers: the card and the lists.

use super::{
    personal::{self, CustomerPersonal},
    registration::Draft,
    reveals, shares, standing,
};
use crate::{
    api::customers::customer::{CustomerAction, CustomerSummary, CustomerView},
    auth::vault::Sealed,
    context::Ctx,
    db::Conn,
    domain::{
        Divisions,
        id::kind::CustomerId,
        names::short_pinyin,
        vocabulary::{Capability, CustomerState, SubjectKind},
    },
    error::AppResult,
    models::customers::{
        contact::Contact,
        customer::{Customer, Profile},
        standing::Standing,
    },
    policy::{
        Missing,
        customers::{
            completeness::{self, ContactFacts},
            review,
        },
    },
    repositories::{
        customers::{contacts, customers, line_symbols, merges, standings},
        org::names::{self, Directory},
    },
    services::governance::{self, approvals},
};

/// A customer's card.
///
/// # Errors
/// 404.
pub fn view(conn: &mut Conn, ctx: &Ctx, id: CustomerId) -> AppResult<CustomerView> {
    let customer = customers::find(conn, ctx, id)?;
    card(conn, ctx, customer)
}

/// The card of a customer that has been looked up already.
///
/// # Errors
/// A database fault.
pub fn card(conn: &mut Conn, ctx: &Ctx, customer: Customer) -> AppResult<CustomerView> {
    let whole = Whole {
        profile: customers::profile(conn, customer.id)?,
        contacts: contacts::of_customer(conn, customer.id)?,
        standing: standings::of(conn, customer.id)?,
        line_symbol: line_symbols::get(conn, customer.id)?,
        customer,
    };
    of_whole(conn, ctx, whole)
}

/// The card of a customer that has just been registered: what it says is known.
///
/// # Errors
/// A database fault.
pub fn of_draft(conn: &mut Conn, ctx: &Ctx, draft: Draft) -> AppResult<CustomerView> {
    let standing = standing::of_draft(&draft);
    let mut contacts = draft.contacts;
    contacts.sort_by_key(|contact| (contact.created_at, contact.id));
    let whole = Whole {
        standing,
        contacts,
        customer: draft.customer,
        profile: draft.profile,
        line_symbol: draft.symbol,
    };
    of_whole(conn, ctx, whole)
}

/// What a card is made of.
struct Whole {
    customer: Customer,
    profile: Profile,
    contacts: Vec<Contact>,
    standing: Standing,
    line_symbol: Option<String>,
}

fn of_whole(conn: &mut Conn, ctx: &Ctx, whole: Whole) -> AppResult<CustomerView> {
    let Whole {
        customer,
        profile,
        contacts,
        standing,
        line_symbol,
    } = whole;
    let directory = names::directory(conn, [customer.owner_id], [customer.unit_id])?;
    let settings = standing::settings(conn, ctx)?;
    let personal = CustomerPersonal::open(ctx.vault(), &customer, &profile)?;
    let address = personal.address.as_deref();
    let standing = standing::view(ctx, &customer, &profile, standing, address, &settings);
    let mut missing: Vec<_> = missing(&customer, &contacts)
        .into_iter()
        .map(|field| field.pointer)
        .collect();
    missing.extend(
        standing::demands(&customer, address, &settings.card)
            .into_iter()
            .map(|field| field.pointer),
    );
    let approval_id = match customer.state {
        CustomerState::Submitted => {
            approvals::pending(conn, SubjectKind::Customer, customer.id.cast())?
        }
        _ => None,
    };
    let allowed_actions = allowed(conn, ctx, &customer)?;
    let shown = personal.masked();
    let merged_into = match customer.state {
        CustomerState::Merged => merges::survivor(conn, customer.id)?,
        _ => None,
    };
    Ok(CustomerView {
        merged_into,
        agent_id: customer.agent_id,
        address: shown.address,
        phone: shown.phone,
        first_contact_on: customer.first_contact_on,
        submitted_at: customer.submitted_at,
        entry_special_reason: profile.entry_special_reason,
        suggested_short_name: profile
            .english_short_name
            .is_none()
            .then(|| short_pinyin(&customer.name))
            .flatten(),
        line_symbol,
        english_short_name: profile.english_short_name,
        transport_route: shown.transport_route,
        email: shown.email,
        website: profile.website,
        industry: profile.industry,
        size: profile.size,
        business_scope: profile.business_scope,
        preference: profile.preference,
        remarks: profile.remarks,
        size_class: profile.size_class,
        basic_needs: profile.basic_needs,
        former_systems: profile.former_systems,
        operations: profile.operations,
        workflow: profile.workflow,
        standing,
        contacts: contacts
            .into_iter()
            .map(|contact| personal::contact_view(ctx.vault(), contact))
            .collect::<AppResult<_>>()?,
        missing,
        approval_id,
        allowed_actions,
        summary: summary(customer, &directory),
    })
}

/// Customers as lists show them: one query for all names.
///
/// # Errors
/// A database fault.
pub fn summaries(conn: &mut Conn, rows: Vec<Customer>) -> AppResult<Vec<CustomerSummary>> {
    let (owners, units) = (
        rows.iter().map(|c| c.owner_id),
        rows.iter().map(|c| c.unit_id),
    );
    let directory = names::directory(conn, owners, units)?;
    Ok(rows
        .into_iter()
        .map(|customer| summary(customer, &directory))
        .collect())
}

/// The required fields that a customer still lacks (CUS-05). Of what is sealed it matters only whether it is there.
pub fn missing(customer: &Customer, contacts: &[Contact]) -> Vec<Missing> {
    completeness::missing(&completeness::Facts {
        form: super::registration::form(customer.line),
        party: customer.party,
        kind: customer.kind,
        name: Some(&customer.name),
        address: customer.address.as_ref().map(Sealed::as_str),
        phone: customer.phone.as_ref().map(Sealed::as_str),
        agent_named: customer.agent_id.is_some(),
        contacts: contacts
            .iter()
            .map(|contact| ContactFacts {
                name: Some(&contact.name),
                phone: [&contact.office_phone, &contact.home_phone, &contact.mobile]
                    .into_iter()
                    .find_map(|phone| phone.as_ref().map(Sealed::as_str)),
            })
            .collect(),
    })
}

fn allowed(conn: &mut Conn, ctx: &Ctx, customer: &Customer) -> AppResult<Vec<CustomerAction>> {
    let mut actions = Vec::new();
    if customer.state == CustomerState::Merged {
        return Ok(actions);
    }
    if customer.deleted_at.is_some() {
        if ctx.has(Capability::DeleteRecords) {
            actions.push(CustomerAction::Restore);
        }
        return Ok(actions);
    }
    let about = reveals::subject(conn, ctx, customer)?;
    if about.writes {
        actions.extend(
            review::admitted(customer.state)
                .into_iter()
                .filter_map(|command| match command {
                    review::Command::Edit => Some(CustomerAction::Edit),
                    review::Command::Submit => Some(CustomerAction::Submit),
                    review::Command::Withdraw => Some(CustomerAction::Withdraw),
                    // Passing and returning are decisions on the approval.
                    review::Command::Approve | review::Command::Return => None,
                }),
        );
        if shares::may_share(ctx, customer).is_ok() {
            actions.push(CustomerAction::Share);
        }
        // A review that waits bars a merge.
        let merges = customer.owner_id == ctx.actor.id || ctx.has(Capability::MergeCustomers);
        if merges && customer.state != CustomerState::Submitted {
            actions.push(CustomerAction::Merge);
        }
        if review::may(customer.state, review::Command::Edit).is_ok() {
            actions.extend([CustomerAction::AssessValue, CustomerAction::ConfirmCurrent]);
        }
        actions.push(CustomerAction::RecordMajorChange);
        if ctx.has(Capability::MarkKeyCustomers) {
            actions.push(if customer.is_key_customer {
                CustomerAction::UnmarkKey
            } else {
                CustomerAction::MarkKey
            });
        }
    }
    if governance::reveals::may(conn, ctx, about)? {
        actions.push(CustomerAction::Reveal);
    }
    actions.extend(super::transfers::allowed(conn, ctx, customer)?);
    if ctx.has(Capability::DeleteRecords) {
        actions.push(CustomerAction::Delete);
    }
    Ok(actions)
}

/// A customer as lists show it.
pub fn summary(customer: Customer, directory: &Directory) -> CustomerSummary {
    CustomerSummary {
        owner_name: directory.user(customer.owner_id),
        unit_name: directory.unit(customer.unit_id),
        division_name: customer
            .division_code
            .as_deref()
            .and_then(|code| Divisions::builtin().full_name(code)),
        id: customer.id,
        name: customer.name,
        party: customer.party,
        kind: customer.kind,
        line: customer.line,
        credit_code: customer.credit_code,
        owner_id: customer.owner_id,
        unit_id: customer.unit_id,
        security_level: customer.security_level,
        state: customer.state,
        condition: customer.condition,
        grade: customer.grade,
        activity_state: customer.activity_state,
        source: customer.source,
        division_code: customer.division_code,
        last_contact_at: customer.last_contact_at,
        effective_at: customer.effective_at,
        industry_code: customer.industry_code,
        value_grade: customer.value_grade,
        is_key_customer: customer.is_key_customer,
        refreshed_at: customer.refreshed_at,
        version: customer.version,
        created_at: customer.created_at,
        updated_at: customer.updated_at,
    }
}
