//! Contacts of a customer (CUS-35..CUS-39). They are part of the customer: who may change it may change them.

use serde_json::json;

use super::{
    fields,
    personal::{self, ContactPersonal},
    registration,
};
use crate::{
    api::{
        customers::{
            contact::{ContactPatch, ContactView, NewContact},
            standing::NoFilter,
        },
        patch::Patch,
    },
    context::Ctx,
    db::{Conn, Tx, paging::Page},
    domain::{
        id::kind::{ContactId, CustomerId},
        vocabulary::SubjectKind,
    },
    error::{AppError, AppResult, Code, FieldError},
    http::Listed,
    models::customers::contact::{Contact, ContactChange},
    policy::customers::{
        contact::same_person,
        review::{self, Command},
    },
    repositories::customers::{contacts, customers},
};

pub use crate::repositories::customers::contacts::ContactSort;

/// One page of a customer's contacts, in the order of entry.
///
/// # Errors
/// 404; `INVALID_CURSOR`.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    customer: CustomerId,
    query: &Listed<NoFilter, ContactSort>,
) -> AppResult<Page<ContactView>> {
    customers::find(conn, ctx, customer)?;
    contacts::list(conn, customer, &query.page)?.try_map_all(|rows| {
        rows.into_iter()
            .map(|contact| personal::contact_view(ctx.vault(), contact))
            .collect()
    })
}

/// One contact.
///
/// # Errors
/// 404.
pub fn view(conn: &mut Conn, ctx: &Ctx, id: ContactId) -> AppResult<ContactView> {
    let contact = contacts::get(conn, id)?;
    customers::find(conn, ctx, contact.customer_id)?;
    personal::contact_view(ctx.vault(), contact)
}

/// Adds a contact.
///
/// # Errors
/// 409 while the customer is under review, when it has too many, or the same person already (name and phone); 422.
pub fn add(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    customer: CustomerId,
    body: &NewContact,
) -> AppResult<ContactView> {
    let line = editable(tx, ctx, customer)?.line;
    let mut errors = Vec::new();
    fields::contact_phones_of_line(line, body, "", &mut errors);
    let has_phone =
        body.office_phone.is_some() || body.home_phone.is_some() || body.mobile.is_some();
    fields::one_contact("", &body.name, has_phone, &mut errors);
    fields::birthday(body.birthday_on, ctx.today(), "/birthday_on", &mut errors);
    fields::not_blank(body.job_title.as_deref(), "/job_title", &mut errors);
    fields::not_blank(body.remarks.as_deref(), "/remarks", &mut errors);
    if !errors.is_empty() {
        return Err(AppError::invalid(errors).rule("CUS-35"));
    }
    // Of two who add the same person at once the second sees the first.
    customers::lock(tx, customer)?;
    let others = contacts::of_customer(tx, customer)?;
    if others.len() >= contacts::LIMIT {
        return Err(AppError::new(
            Code::StateConflict,
            format!("一个客户至多 {} 位联系人。", contacts::LIMIT),
            format!("A customer has at most {} contacts.", contacts::LIMIT),
        ));
    }
    let contact = registration::contact_row(ctx, customer, body)?;
    not_twice(ctx, &contact, &others)?;
    contacts::insert(tx, std::slice::from_ref(&contact))?;
    customers::note_refreshed(tx, customer, ctx.now)?;
    ctx.record(
        tx,
        SubjectKind::Customer,
        customer,
        "customer.contact_added",
        &json!({ "contact_id": contact.id }),
        Some("CUS-35"),
    );
    personal::contact_view(ctx.vault(), contact)
}

/// Changes a contact.
///
/// # Errors
/// 409 while the customer is under review, or when it became another contact (name and phone); 412; 422.
pub fn edit(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: ContactId,
    patch: &ContactPatch,
) -> AppResult<ContactView> {
    let before = visible(tx, ctx, id)?;
    let line = editable(tx, ctx, before.customer_id)?.line;
    ctx.check_version(before.version)?;
    if *patch == ContactPatch::default() {
        return personal::contact_view(ctx.vault(), before);
    }
    let patch = patch.clone();
    let mut errors: Vec<FieldError> = Vec::new();
    for (phone, pointer) in [
        (&patch.office_phone, "/office_phone"),
        (&patch.home_phone, "/home_phone"),
        (&patch.mobile, "/mobile"),
    ] {
        if let Patch::Value(phone) = phone {
            fields::phone_of_line(line, Some(phone), pointer, &mut errors);
        }
    }
    if let Patch::Value(date) = patch.birthday_on {
        fields::birthday(Some(date), ctx.today(), "/birthday_on", &mut errors);
    }
    let old = ContactPersonal::open(ctx.vault(), &before)?;
    let new = ContactPersonal {
        office_phone: patch.office_phone.texts().applied(old.office_phone.clone()),
        home_phone: patch.home_phone.texts().applied(old.home_phone.clone()),
        mobile: patch.mobile.texts().applied(old.mobile.clone()),
        email: patch.email.texts().applied(old.email.clone()),
    };
    let mut after = before.clone();
    new.put(&old, ctx.vault(), &mut after)?;
    let change = ContactChange {
        name: patch
            .name
            .map_or(before.name.clone(), |name| name.trim().to_owned()),
        salutation: patch.salutation.applied(before.salutation),
        job_title: patch.job_title.applied(before.job_title.clone()),
        office_phone: after.office_phone.clone(),
        home_phone: after.home_phone.clone(),
        mobile: after.mobile.clone(),
        email: after.email.clone(),
        is_key: patch.is_key.unwrap_or(before.is_key),
        is_decision_maker: patch.is_decision_maker.unwrap_or(before.is_decision_maker),
        relationship: patch.relationship.applied(before.relationship),
        influence: patch.influence.applied(before.influence),
        birthday_on: patch.birthday_on.applied(before.birthday_on),
        remarks: patch.remarks.applied(before.remarks.clone()),
        version: before.version + 1,
        updated_at: ctx.now,
    };
    let has_phone =
        change.office_phone.is_some() || change.home_phone.is_some() || change.mobile.is_some();
    fields::one_contact("", &change.name, has_phone, &mut errors);
    fields::not_blank(change.job_title.as_deref(), "/job_title", &mut errors);
    fields::not_blank(change.remarks.as_deref(), "/remarks", &mut errors);
    if !errors.is_empty() {
        return Err(AppError::invalid(errors).rule("CUS-35"));
    }
    if change.name != before.name || new != old {
        customers::lock(tx, before.customer_id)?;
        let others = contacts::of_customer(tx, before.customer_id)?;
        after.name.clone_from(&change.name);
        not_twice(ctx, &after, &others)?;
    }
    if !contacts::update(tx, id, before.version, &change)? {
        return Err(ctx.lost_update());
    }
    customers::note_refreshed(tx, before.customer_id, ctx.now)?;
    ctx.record(
        tx,
        SubjectKind::Customer,
        before.customer_id,
        "customer.contact_changed",
        &json!({ "contact_id": id }),
        Some("CUS-26"),
    );
    view(tx, ctx, id)
}

/// Removes a contact; the row is kept.
///
/// # Errors
/// 409 while the customer is under review, or for the last contact of a company (CUS-06); 412.
pub fn remove(tx: &mut Tx<'_>, ctx: &Ctx, id: ContactId) -> AppResult<()> {
    let contact = visible(tx, ctx, id)?;
    let customer = editable(tx, ctx, contact.customer_id)?;
    ctx.check_version(contact.version)?;
    // The customer's version serialises removals, so that two at once cannot take the last two contacts.
    if !customers::set_state(tx, &customer, customer.state, ctx.now)? {
        return Err(ctx.lost_update());
    }
    let others = contacts::of_customer(tx, contact.customer_id)?
        .into_iter()
        .filter(|c| c.id != id)
        .collect::<Vec<_>>();
    let missing = super::cards::missing(&customer, &others);
    if let Some(lacking) = missing.iter().find(|field| field.pointer == "/contacts") {
        return Err(AppError::new(
            Code::RuleRefused,
            "公司客户至少保留一位联系人；请先新增再移除。",
            "A company keeps at least one contact: add another one first.",
        )
        .rule(lacking.rule));
    }
    if !contacts::remove(tx, &contact, ctx.now)? {
        return Err(ctx.lost_update());
    }
    customers::note_refreshed(tx, contact.customer_id, ctx.now)?;
    ctx.record(
        tx,
        SubjectKind::Customer,
        contact.customer_id,
        "customer.contact_removed",
        &json!({ "contact_id": id }),
        Some("CUS-26"),
    );
    Ok(())
}

/// Refuses to enter a person a second time on one card.
fn not_twice(ctx: &Ctx, contact: &Contact, others: &[Contact]) -> AppResult<()> {
    let this = ContactPersonal::open(ctx.vault(), contact)?;
    for other in others.iter().filter(|other| other.id != contact.id) {
        let that = ContactPersonal::open(ctx.vault(), other)?;
        if same_person(&this.reachable(&contact.name), &that.reachable(&other.name)) {
            return Err(AppError::new(
                Code::Duplicate,
                "该客户已有同名且电话相同的联系人；请修改已有的联系人。",
                "The customer has a contact of this name and phone already: change that one.",
            )
            .rule("CUS-35")
            .with("contact_id", other.id));
        }
    }
    Ok(())
}

fn visible(tx: &mut Tx<'_>, ctx: &Ctx, id: ContactId) -> AppResult<Contact> {
    let contact = contacts::get(tx, id)?;
    customers::find(tx, ctx, contact.customer_id)?;
    Ok(contact)
}

fn editable(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: CustomerId,
) -> AppResult<crate::models::customers::customer::Customer> {
    let customer = customers::find_for_write(tx, ctx, id)?;
    review::may(customer.state, Command::Edit)?;
    Ok(customer)
}
