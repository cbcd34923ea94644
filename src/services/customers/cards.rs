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
    models::customers::{contact::Contact, customer::Customer},
    policy::{
        Missing,
        customers::{
            completeness::{self, ContactFacts},
            review,
        },
    },
    repositories::{
        customers::{
            contacts, merges,
            whole::{self, Whole},
        },
        org::names::{self, Directory},
    },
    services::governance::{self, approvals},
};

/// A customer's card.
///
/// # Errors
/// 404.
pub fn view(conn: &mut Conn, ctx: &Ctx, id: CustomerId) -> AppResult<CustomerView> {
    let whole = whole::find(conn, ctx, id)?;
    of_whole(conn, ctx, whole)
}

/// The card of a customer that has been looked up already, deleted or not.
///
/// # Errors
/// A database fault.
pub fn card(conn: &mut Conn, ctx: &Ctx, customer: &Customer) -> AppResult<CustomerView> {
    let whole = whole::unguarded(conn, customer.id)?;
    of_whole(conn, ctx, whole)
}

/// The card of a customer that has just been registered: what it says is known.
///
/// # Errors
/// A database fault.
pub fn of_draft(conn: &mut Conn, ctx: &Ctx, draft: Draft) -> AppResult<CustomerView> {
    let directory = names::directory(conn, [draft.customer.owner_id], [draft.customer.unit_id])?;
    let mut contacts = draft.contacts.clone();
    contacts.sort_by_key(|contact| (contact.created_at, contact.id));
    let whole = Whole {
        standing: standing::of_draft(&draft),
        owner_name: directory.user(draft.customer.owner_id),
        unit_name: directory.unit(draft.customer.unit_id),
        customer: draft.customer,
        profile: draft.profile,
        line_symbol: draft.symbol,
    };
    made_of(conn, ctx, whole, contacts)
}

fn of_whole(conn: &mut Conn, ctx: &Ctx, whole: Whole) -> AppResult<CustomerView> {
    let contacts = contacts::of_customer(conn, whole.customer.id)?;
    made_of(conn, ctx, whole, contacts)
}

fn made_of(
    conn: &mut Conn,
    ctx: &Ctx,
    whole: Whole,
    contacts: Vec<Contact>,
) -> AppResult<CustomerView> {
    let Whole {
        customer,
        profile,
        standing,
        line_symbol,
        owner_name,
        unit_name,
    } = whole;
    let settings = standing::settings(ctx)?;
    let personal = CustomerPersonal::open(ctx.vault(), &customer, &profile)?;
    let address = personal.address.as_deref();
    let standing = standing::view(ctx, &customer, &profile, standing, address, &settings);
    let mut missing: Vec<_> = missing(&customer, &contacts)
        .into_iter()
        .map(|field| field.pointer)
        .collect();
    missing.extend(standing::demanded(
        &customer,
        &standing.address_gaps,
        &settings.card,
    ));
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
        delete_reason: profile.delete_reason,
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
        summary: named(customer, owner_name, unit_name),
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

/// What the actor may do with a customer now.
///
/// # Errors
/// A database fault.
pub(super) fn allowed(
    conn: &mut Conn,
    ctx: &Ctx,
    customer: &Customer,
) -> AppResult<Vec<CustomerAction>> {
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
    if super::correction::offered(conn, ctx, customer, about.writes)? {
        actions.push(CustomerAction::Correct);
    }
    if governance::reveals::may(conn, ctx, about)? {
        actions.push(CustomerAction::Reveal);
    }
    actions.extend(super::transfers::allowed(
        conn,
        ctx,
        customer,
        about.writes,
    )?);
    if ctx.has(Capability::DeleteRecords) {
        actions.push(CustomerAction::Delete);
    }
    Ok(actions)
}

/// A customer as lists show it.
pub fn summary(customer: Customer, directory: &Directory) -> CustomerSummary {
    let owner_name = directory.user(customer.owner_id);
    let unit_name = directory.unit(customer.unit_id);
    named(customer, owner_name, unit_name)
}

fn named(customer: Customer, owner_name: String, unit_name: String) -> CustomerSummary {
    CustomerSummary {
        owner_name,
        unit_name,
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
        deleted_at: customer.deleted_at,
        version: customer.version,
        created_at: customer.created_at,
        updated_at: customer.updated_at,
    }
}
