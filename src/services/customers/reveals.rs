//! Personal data of customers and contacts in clear, one record at a time, each time on record (SEC-02, SEC-06).

use serde_json::json;

use super::personal::{ContactPersonal, CustomerPersonal};
use crate::{
    api::customers::reveal::{
        ContactPersonalField, ContactRevealed, CustomerPersonalField, CustomerRevealed,
        RevealContact, RevealCustomer,
    },
    context::Ctx,
    db::{Conn, Tx},
    domain::{
        id::kind::{ContactId, CustomerId},
        vocabulary::SubjectKind,
    },
    error::AppResult,
    models::customers::customer::Customer,
    repositories::customers::{contacts, customers},
    services::governance::reveals::{self, Subject},
};

/// The customer as the subject of a reveal.
///
/// # Errors
/// A database fault.
pub fn subject(conn: &mut Conn, ctx: &Ctx, customer: &Customer) -> AppResult<Subject> {
    Ok(Subject {
        kind: SubjectKind::Customer,
        id: customer.id.cast(),
        unit_id: customer.unit_id,
        writes: customers::writes(conn, ctx, customer)?,
    })
}

/// A customer's phone, address, e-mail and way there in clear.
///
/// # Errors
/// 404; 403 for those who may only read; 429 above the day's bound.
pub fn customer(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: CustomerId,
    body: &RevealCustomer,
) -> AppResult<CustomerRevealed> {
    use CustomerPersonalField::{Address, Email, Phone, TransportRoute};
    let row = customers::find(tx, ctx, id)?;
    let all = vec![Phone, Address, Email, TransportRoute];
    let fields = body.fields.clone().unwrap_or(all);
    let about = subject(tx, ctx, &row)?;
    let data = json!({ "fields": fields });
    let reason = body.reason.as_deref();
    reveals::admit(tx, ctx, about, "customer.revealed", data, reason)?;
    let profile = customers::profile(tx, id)?;
    let clear = CustomerPersonal::open(ctx.vault(), &row, &profile)?;
    let asked = |field, value: Option<String>| value.filter(|_| fields.contains(&field));
    Ok(CustomerRevealed {
        customer_id: id,
        phone: asked(Phone, clear.phone),
        address: asked(Address, clear.address),
        email: asked(Email, clear.email),
        transport_route: asked(TransportRoute, clear.transport_route),
    })
}

/// A contact's phones and e-mail in clear: for those to whom its customer's may be revealed.
///
/// # Errors
/// 404; 403 for those who may only read; 429 above the day's bound.
pub fn contact(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: ContactId,
    body: &RevealContact,
) -> AppResult<ContactRevealed> {
    use ContactPersonalField::{Email, HomePhone, Mobile, OfficePhone};
    let row = contacts::get(tx, id)?;
    let customer = customers::find(tx, ctx, row.customer_id)?;
    let all = vec![OfficePhone, HomePhone, Mobile, Email];
    let fields = body.fields.clone().unwrap_or(all);
    let about = subject(tx, ctx, &customer)?;
    let data = json!({ "contact_id": id, "fields": fields });
    let reason = body.reason.as_deref();
    reveals::admit(tx, ctx, about, "customer.revealed", data, reason)?;
    let clear = ContactPersonal::open(ctx.vault(), &row)?;
    let asked = |field, value: Option<String>| value.filter(|_| fields.contains(&field));
    Ok(ContactRevealed {
        contact_id: id,
        office_phone: asked(OfficePhone, clear.office_phone),
        home_phone: asked(HomePhone, clear.home_phone),
        mobile: asked(Mobile, clear.mobile),
        email: asked(Email, clear.email),
    })
}
