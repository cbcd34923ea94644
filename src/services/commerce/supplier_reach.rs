//! How a supplier is reached: phone and e-mail, sealed at rest (SEC-02). This is the one place that opens them.

use crate::{
    auth::vault::Sealed,
    context::Ctx,
    domain::{Email, Phone, id::kind::SupplierId},
    error::{AppError, AppResult},
    models::{
        commerce::supplier::Supplier,
        sealed::{SUPPLIER_EMAIL, SUPPLIER_PHONE},
    },
    services::org::fields::Changes,
};

/// How a supplier is reached: sealed at rest, each for its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// Phone.
    pub phone: Option<Phone>,
    /// E-mail.
    pub email: Option<Email>,
}

impl Reached {
    /// What a row says.
    ///
    /// # Errors
    /// A fault when it was tampered with.
    pub fn open(ctx: &Ctx, supplier: &Supplier) -> AppResult<Self> {
        let vault = ctx.vault();
        let phone = vault.open_some(&SUPPLIER_PHONE.at(supplier.id), supplier.phone.as_ref())?;
        let email = vault.open_some(&SUPPLIER_EMAIL.at(supplier.id), supplier.email.as_ref())?;
        Ok(Self {
            phone: phone
                .map(|text| Phone::parse(&text))
                .transpose()
                .map_err(AppError::internal)?,
            email: email
                .map(|text| Email::parse(&text))
                .transpose()
                .map_err(AppError::internal)?,
        })
    }

    /// As the row keeps it.
    ///
    /// # Errors
    /// A fault of the vault.
    pub fn seal(&self, ctx: &Ctx, id: SupplierId) -> AppResult<(Option<Sealed>, Option<Sealed>)> {
        let vault = ctx.vault();
        let phone = self.phone.as_ref().map(Phone::as_str);
        let email = self.email.as_ref().map(Email::as_str);
        Ok((
            vault.seal_some(&SUPPLIER_PHONE.at(id), phone)?,
            vault.seal_some(&SUPPLIER_EMAIL.at(id), email)?,
        ))
    }

    /// What an event tells of a change: never the numbers themselves.
    pub fn changed_from(&self, before: &Self) -> Changes {
        let mut changes = Changes::default();
        let masked = |reached: &Self| reached.phone.as_ref().map(Phone::masked);
        if self.phone != before.phone {
            changes.note("phone", masked(before), masked(self));
        }
        if self.email != before.email {
            changes.note("email", before.email.is_some(), self.email.is_some());
        }
        changes
    }
}
