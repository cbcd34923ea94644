//! What the cells of an export say: labels in the exporter's language, and personal data as the exporter may see it
//! (SEC-18).

use crate::{
    api::customers::customer::CustomerSummary,
    domain::{
        Divisions,
        labels::Label,
        timestamp::Timestamp,
        vocabulary::{ExportField, Language},
    },
    models::customers::{
        contact::Contact,
        customer::{Customer, Profile},
    },
    services::customers::personal::{ContactPersonal, CustomerPersonal},
};

/// What a customer's row is made of.
pub struct Facts<'f> {
    /// What lists show.
    pub summary: &'f CustomerSummary,
    /// The rest of it.
    pub customer: Option<&'f Customer>,
    /// Its owner's login, if a column asks for it.
    pub owner_login: Option<&'f str>,
    /// Its profile.
    pub profile: Option<&'f Profile>,
    /// Where it is reached, as the exporter may see it.
    pub personal: CustomerPersonal,
    /// The contact of this row.
    pub contact: Option<&'f Contact>,
    /// Where the contact is reached, as the exporter may see it.
    pub contact_personal: ContactPersonal,
}

/// How values are shown to this exporter.
pub struct Shown {
    /// In which language.
    pub language: Language,
    /// In whose time.
    pub zone: chrono_tz::Tz,
}

impl Shown {
    fn label(&self, label: Label) -> String {
        in_language(label, self.language).to_owned()
    }

    fn time(&self, at: Option<Timestamp>) -> String {
        at.map(|at| {
            let local = at.utc().with_timezone(&self.zone);
            local.format("%Y-%m-%d %H:%M:%S").to_string()
        })
        .unwrap_or_default()
    }

    /// What a column says.
    pub fn cell(&self, column: ExportField, facts: &Facts<'_>) -> String {
        let Facts {
            summary, customer, ..
        } = facts;
        let of_profile = |text: fn(&Profile) -> &Option<String>| {
            let text = facts.profile.and_then(|profile| text(profile).clone());
            text.unwrap_or_default()
        };
        let said = |text: &Option<String>| text.clone().unwrap_or_default();
        match column {
            ExportField::CustomerId => summary.id.to_string(),
            ExportField::Name => summary.name.clone(),
            ExportField::Party => self.label(summary.party.label()),
            ExportField::Kind => self.label(summary.kind.label()),
            ExportField::Line => self.label(summary.line.label()),
            ExportField::CreditCode => summary
                .credit_code
                .as_ref()
                .map(|code| code.as_str().to_owned())
                .unwrap_or_default(),
            ExportField::Province => division(summary)[0].to_owned(),
            ExportField::City => division(summary)[1].to_owned(),
            ExportField::County => division(summary)[2].to_owned(),
            ExportField::Address => said(&facts.personal.address),
            ExportField::Phone => said(&facts.personal.phone),
            ExportField::Email => said(&facts.personal.email),
            ExportField::Website => of_profile(|p| &p.website),
            ExportField::EnglishShortName => of_profile(|p| &p.english_short_name),
            ExportField::TransportRoute => said(&facts.personal.transport_route),
            ExportField::Industry => of_profile(|p| &p.industry),
            ExportField::Size => of_profile(|p| &p.size),
            ExportField::BusinessScope => of_profile(|p| &p.business_scope),
            ExportField::Preference => of_profile(|p| &p.preference),
            ExportField::Remarks => of_profile(|p| &p.remarks),
            ExportField::Source => summary
                .source
                .map(|source| self.label(source.label()))
                .unwrap_or_default(),
            ExportField::Condition => self.label(summary.condition.label()),
            ExportField::Grade => summary.grade.to_string(),
            ExportField::ActivityState => self.label(summary.activity_state.label()),
            ExportField::State => self.label(summary.state.label()),
            ExportField::Owner => summary.owner_name.clone(),
            ExportField::OwnerLogin => facts.owner_login.unwrap_or_default().to_owned(),
            ExportField::Unit => summary.unit_name.clone(),
            ExportField::FirstContactOn => customer
                .and_then(|c| c.first_contact_on)
                .map(|day| day.to_string())
                .unwrap_or_default(),
            ExportField::LastContactAt => self.time(summary.last_contact_at),
            ExportField::EffectiveAt => self.time(summary.effective_at),
            ExportField::CreatedAt => self.time(Some(summary.created_at)),
            ExportField::UpdatedAt => self.time(Some(summary.updated_at)),
            ExportField::ContactName => facts.contact.map(|c| c.name.clone()).unwrap_or_default(),
            ExportField::ContactJobTitle => facts
                .contact
                .and_then(|c| c.job_title.clone())
                .unwrap_or_default(),
            ExportField::ContactMobile => said(&facts.contact_personal.mobile),
            ExportField::ContactOfficePhone => said(&facts.contact_personal.office_phone),
            ExportField::ContactEmail => said(&facts.contact_personal.email),
        }
    }
}

/// A label in a language.
pub fn in_language(label: Label, language: Language) -> &'static str {
    match language {
        Language::Chinese => label.zh,
        Language::English => label.en,
    }
}

/// Province, city, county.
fn division(summary: &CustomerSummary) -> [&'static str; 3] {
    let code = summary.division_code.as_deref();
    code.map(|code| Divisions::builtin().columns(code))
        .unwrap_or_default()
}
