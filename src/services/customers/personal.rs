//! Personal data of customers and contacts: opened where the rules need it, masked where it is shown, sealed where it is
//! kept (SEC-02, AMB-36). Nothing else in this area handles it in clear.

use crate::{
    api::customers::contact::{ContactView, NewContact},
    auth::vault::{Column, Sealed, Vault},
    domain::{
        Phone,
        masking::{self, is_masked},
        vocabulary::KeyKind,
    },
    error::{AppResult, FieldError},
    models::{
        customers::{
            contact::Contact,
            customer::{Customer, Profile},
        },
        sealed,
    },
    policy::customers::contact::Reachable,
};

/// What a customer's card says of where people are reached, in clear. Not `Debug`: it is never to be logged.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CustomerPersonal {
    /// Phone.
    pub phone: Option<String>,
    /// Mailing address.
    pub address: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// The way there.
    pub transport_route: Option<String>,
}

impl CustomerPersonal {
    /// Opens what a customer's rows hold.
    ///
    /// # Errors
    /// A fault: a value that does not open.
    pub fn open(vault: &Vault, customer: &Customer, profile: &Profile) -> AppResult<Self> {
        let id = customer.id;
        let open = |column: Column, value: &Option<Sealed>| {
            vault.open_some(&column.at(id), value.as_ref())
        };
        Ok(Self {
            phone: open(sealed::CUSTOMER_PHONE, &customer.phone)?,
            address: open(sealed::CUSTOMER_ADDRESS, &customer.address)?,
            email: open(sealed::PROFILE_EMAIL, &profile.email)?,
            transport_route: open(sealed::PROFILE_ROUTE, &profile.transport_route)?,
        })
    }

    /// Seals what differs from `before` into a customer's rows.
    ///
    /// # Errors
    /// As [`Vault::seal`].
    pub fn put(
        &self,
        before: &Self,
        vault: &Vault,
        customer: &mut Customer,
        profile: &mut Profile,
    ) -> AppResult<()> {
        let id = customer.id;
        let put = |column: Column, old: &Option<String>, new: &Option<String>, into: &mut _| {
            if old != new {
                *into = vault.seal_some(&column.at(id), new.as_deref())?;
            }
            AppResult::Ok(())
        };
        put(
            sealed::CUSTOMER_PHONE,
            &before.phone,
            &self.phone,
            &mut customer.phone,
        )?;
        put(
            sealed::CUSTOMER_ADDRESS,
            &before.address,
            &self.address,
            &mut customer.address,
        )?;
        put(
            sealed::PROFILE_EMAIL,
            &before.email,
            &self.email,
            &mut profile.email,
        )?;
        put(
            sealed::PROFILE_ROUTE,
            &before.transport_route,
            &self.transport_route,
            &mut profile.transport_route,
        )
    }

    /// The same as every reader sees it.
    pub fn masked(&self) -> Self {
        Self {
            phone: self.phone.as_deref().map(masking::phone),
            address: self.address.as_deref().map(masking::address),
            email: self.email.as_deref().map(masking::email),
            transport_route: self.transport_route.as_deref().map(masking::whole),
        }
    }
}

/// A customer's phone, for the rules.
///
/// # Errors
/// A fault: a value that does not open.
pub fn phone_of(vault: &Vault, customer: &Customer) -> AppResult<Option<Phone>> {
    let place = sealed::CUSTOMER_PHONE.at(customer.id);
    let text = vault.open_some(&place, customer.phone.as_ref())?;
    Ok(text.and_then(|text| Phone::parse(&text).ok()))
}

/// A customer's mailing address, for the rules.
///
/// # Errors
/// A fault: a value that does not open.
pub fn address_of(vault: &Vault, customer: &Customer) -> AppResult<Option<String>> {
    vault.open_some(
        &sealed::CUSTOMER_ADDRESS.at(customer.id),
        customer.address.as_ref(),
    )
}

/// Where a contact is reached, in clear. Not `Debug`: it is never to be logged.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ContactPersonal {
    /// Office phone.
    pub office_phone: Option<String>,
    /// Home phone.
    pub home_phone: Option<String>,
    /// Mobile.
    pub mobile: Option<String>,
    /// E-mail.
    pub email: Option<String>,
}

impl ContactPersonal {
    /// What a new contact says.
    pub fn of(contact: &NewContact) -> Self {
        let text = |phone: &Option<Phone>| phone.as_ref().map(ToString::to_string);
        Self {
            office_phone: text(&contact.office_phone),
            home_phone: text(&contact.home_phone),
            mobile: text(&contact.mobile),
            email: contact.email.as_ref().map(ToString::to_string),
        }
    }

    /// Opens what a contact's row holds.
    ///
    /// # Errors
    /// A fault: a value that does not open.
    pub fn open(vault: &Vault, contact: &Contact) -> AppResult<Self> {
        let open = |column: Column, value: &Option<Sealed>| {
            vault.open_some(&column.at(contact.id), value.as_ref())
        };
        Ok(Self {
            office_phone: open(sealed::CONTACT_OFFICE_PHONE, &contact.office_phone)?,
            home_phone: open(sealed::CONTACT_HOME_PHONE, &contact.home_phone)?,
            mobile: open(sealed::CONTACT_MOBILE, &contact.mobile)?,
            email: open(sealed::CONTACT_EMAIL, &contact.email)?,
        })
    }

    /// Seals what differs from `before` into a contact's row.
    ///
    /// # Errors
    /// As [`Vault::seal`].
    pub fn put(&self, before: &Self, vault: &Vault, contact: &mut Contact) -> AppResult<()> {
        let id = contact.id;
        let put = |column: Column, old: &Option<String>, new: &Option<String>, into: &mut _| {
            if old != new {
                *into = vault.seal_some(&column.at(id), new.as_deref())?;
            }
            AppResult::Ok(())
        };
        put(
            sealed::CONTACT_OFFICE_PHONE,
            &before.office_phone,
            &self.office_phone,
            &mut contact.office_phone,
        )?;
        put(
            sealed::CONTACT_HOME_PHONE,
            &before.home_phone,
            &self.home_phone,
            &mut contact.home_phone,
        )?;
        put(
            sealed::CONTACT_MOBILE,
            &before.mobile,
            &self.mobile,
            &mut contact.mobile,
        )?;
        put(
            sealed::CONTACT_EMAIL,
            &before.email,
            &self.email,
            &mut contact.email,
        )
    }

    /// What tells a person of this name apart from others (CUS-35).
    pub fn reachable<'a>(&'a self, name: &'a str) -> Reachable<'a> {
        let phones = [&self.office_phone, &self.home_phone, &self.mobile];
        Reachable {
            name,
            mobile: self.mobile.as_deref(),
            phones: phones.into_iter().flatten().cloned().collect(),
        }
    }

    /// The same as every reader sees it.
    pub fn masked(&self) -> Self {
        let phone = |text: &Option<String>| text.as_deref().map(masking::phone);
        Self {
            office_phone: phone(&self.office_phone),
            home_phone: phone(&self.home_phone),
            mobile: phone(&self.mobile),
            email: self.email.as_deref().map(masking::email),
        }
    }
}

/// A contact as every reader sees it.
///
/// # Errors
/// A fault: a value that does not open.
pub fn contact_view(vault: &Vault, contact: Contact) -> AppResult<ContactView> {
    let shown = ContactPersonal::open(vault, &contact)?.masked();
    Ok(ContactView {
        id: contact.id,
        customer_id: contact.customer_id,
        name: contact.name,
        salutation: contact.salutation,
        job_title: contact.job_title,
        office_phone: shown.office_phone,
        home_phone: shown.home_phone,
        mobile: shown.mobile,
        email: shown.email,
        is_key: contact.is_key,
        is_decision_maker: contact.is_decision_maker,
        relationship: contact.relationship,
        influence: contact.influence,
        birthday_on: contact.birthday_on,
        remarks: contact.remarks,
        version: contact.version,
        created_at: contact.created_at,
        updated_at: contact.updated_at,
    })
}

/// The values under which a unique key is kept and looked up, the current one first: blind indexes of a phone, one for
/// each data key, so that a number stays taken while keys rotate (DUP-03, DUP-05); other keys as they are.
pub fn key_values(vault: &Vault, kind: KeyKind, value: String) -> Vec<String> {
    match kind {
        KeyKind::Phone => vault.blinds(PHONE_LABEL, &value),
        KeyKind::Name | KeyKind::CreditCode => vec![value],
    }
}

/// What separates phones from other values in blind indexes.
pub const PHONE_LABEL: &str = "phone";

/// A masked value that comes back is refused: it is what a reader was shown, not what was entered.
pub fn not_masked(text: Option<&str>, pointer: &str, errors: &mut Vec<FieldError>) {
    if text.is_some_and(is_masked) {
        errors.push(FieldError::masked(pointer));
    }
}
