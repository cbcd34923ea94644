//! What the cells of a row say of a customer, every fault of them at once.

use std::{fmt::Display, str::FromStr};

use chrono::NaiveDate;

use super::{csv_cells, import_columns::Columns};
use crate::{
    api::customers::contact::NewContact,
    domain::{
        CreditCode, Divisions, Email, Phone, Website,
        labels::Label,
        masking,
        vocabulary::{
            ActivityState, Condition, CustomerKind, CustomerSource, ImportField as F, Party,
        },
    },
    error::Text,
    models::customers::customer::Profile,
    services::customers::{fields, import_drafts::Imported},
};

/// The longest address, in characters (CUS-09).
const ADDRESS: usize = 300;

/// One thing that is wrong.
#[derive(Debug, Clone)]
pub struct Found {
    /// The column, by its header.
    pub column: Option<String>,
    /// Stable code, UPPER_SNAKE.
    pub code: String,
    /// The requirement that refuses.
    pub rule: Option<&'static str>,
    /// In both languages.
    pub message: Text,
}

impl Found {
    /// Wrong with the row as a whole.
    pub fn of_row(code: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            column: None,
            code: code.to_owned(),
            rule: None,
            message: Text::new(zh, en),
        }
    }
}

/// Checks rows of these columns.
pub struct Checker {
    columns: Columns,
    today: NaiveDate,
}

/// The cells of one row, and what has been found wrong with them.
struct Cells<'c> {
    columns: &'c Columns,
    cells: &'c [String],
    found: Vec<Found>,
}

impl Checker {
    /// For rows of these columns.
    pub fn new(columns: Columns, today: NaiveDate) -> Self {
        Self { columns, today }
    }

    /// The columns.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// What the cells say.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn check(&self, cells: &[String]) -> Result<Imported, Vec<Found>> {
        let mut cells = Cells {
            columns: &self.columns,
            cells,
            found: Vec::new(),
        };
        let party = cells.choice(F::Party, Party::LABELS);
        let party = party.unwrap_or(Party::Company);
        let name = cells.name(party);
        let credit_code = cells.parsed(
            F::CreditCode,
            "统一社会信用代码不正确：18 位，末位为校验码",
            CreditCode::parse,
            |e| e.code(),
        );
        if party == Party::Individual && credit_code.is_some() {
            let (zh, en) = fields::NO_CODE;
            cells.fail(F::CreditCode, "NOT_ALLOWED", Some("AMB-3"), zh, en);
        }
        let (division_code, address) = place(
            cells.get(F::Province),
            cells.get(F::City),
            cells.get(F::County),
            cells.get(F::Address),
        );
        cells.bounded(F::Address, address.as_deref(), ADDRESS, Some("CUS-09"));
        cells.not_masked(F::Address);
        cells.not_masked(F::TransportRoute);
        let kind = cells
            .choice(F::Kind, CustomerKind::LABELS)
            .unwrap_or(CustomerKind::Direct);
        if kind == CustomerKind::AgentEnd {
            cells.fail(
                F::Kind,
                "NEEDS_AGENT",
                Some("CUS-02"),
                "代理终端客户须指明代理商，请单独录入",
                "an agent's end customer names its agent: enter it singly",
            );
        }
        let phone = cells.parsed(F::Phone, "电话格式不正确", Phone::parse, |e| {
            e.code()
        });
        let grade = cells.grade();
        let first_contact_on = cells.day(F::FirstContactOn, self.today);
        let imported = Imported {
            party,
            kind,
            credit_code,
            division_code,
            address,
            phone,
            source: cells.choice(F::Source, CustomerSource::LABELS),
            condition: cells.choice(F::Condition, Condition::LABELS),
            grade,
            activity_state: cells.choice(F::ActivityState, ActivityState::LABELS),
            first_contact_on,
            email: cells
                .parsed(F::Email, "电子邮件格式不正确", Email::parse, |e| {
                    e.code()
                })
                .map(|email| email.to_string()),
            transport_route: cells.prose(F::TransportRoute, 500),
            profile: cells.profile(),
            contact: cells.contact(),
            name: match name {
                Some(name) if cells.found.is_empty() => name,
                _ => return Err(cells.found),
            },
        };
        Ok(imported)
    }
}

impl Cells<'_> {
    /// A cell without blanks around it; empty if there is no such column. The apostrophe that keeps a spreadsheet from
    /// calculating is none of it.
    fn get(&self, field: F) -> &str {
        let at = self.columns.at(field);
        let cell = at
            .and_then(|at| self.cells.get(at))
            .map_or("", |cell| cell.trim());
        csv_cells::bare(cell)
    }

    fn fail(&mut self, field: F, code: &str, rule: Option<&'static str>, zh: &str, en: &str) {
        self.found.push(Found {
            column: self
                .columns
                .title(field)
                .map(|title| title.trim().to_owned()),
            code: format!("{}_{code}", field.as_str()),
            rule,
            message: Text::new(zh, en),
        });
    }

    fn name(&mut self, party: Party) -> Option<fields::CheckedName> {
        let mut errors = Vec::new();
        let name = fields::name(party, self.get(F::Name), "/name", &mut errors);
        for error in errors {
            let rule = match party {
                Party::Company => "CUS-08",
                Party::Individual => "CUS-07",
            };
            self.fail(
                F::Name,
                &error.code,
                Some(rule),
                &error.message.zh,
                &error.message.en,
            );
        }
        name
    }

    fn parsed<T, E: Display>(
        &mut self,
        field: F,
        zh: &str,
        parse: impl Fn(&str) -> Result<T, E>,
        code: impl Fn(&E) -> &'static str,
    ) -> Option<T> {
        let text = self.get(field);
        if text.is_empty() {
            return None;
        }
        match parse(text) {
            Ok(value) => Some(value),
            Err(error) => {
                let en = format!("the {} {error}", field.label().en.to_lowercase());
                self.fail(field, code(&error), None, zh, &en);
                None
            }
        }
    }

    /// A value of an enumeration, by its value or either label.
    fn choice<T: FromStr>(&mut self, field: F, labels: &[Label]) -> Option<T> {
        let text = self.get(field);
        if text.is_empty() {
            return None;
        }
        let known = labels.iter().find(|label| {
            label.value.eq_ignore_ascii_case(text)
                || label.zh == text
                || label.en.eq_ignore_ascii_case(text)
        });
        let value = known.and_then(|label| label.value.parse().ok());
        if value.is_none() {
            let zh: Vec<_> = labels.iter().map(|label| label.zh).collect();
            let en: Vec<_> = labels.iter().map(|label| label.en).collect();
            self.fail(
                field,
                "UNKNOWN_VALUE",
                None,
                &format!("可填：{}", zh.join("、")),
                &format!("one of: {}", en.join(", ")),
            );
        }
        value
    }

    fn grade(&mut self) -> Option<i32> {
        let text = self.get(F::Grade);
        if text.is_empty() {
            return None;
        }
        let grade = text.parse().ok().filter(|grade| (1..=7).contains(grade));
        if grade.is_none() {
            self.fail(
                F::Grade,
                "OUT_OF_RANGE",
                Some("CUS-30"),
                "须为 1 到 7",
                "must be from 1 to 7",
            );
        }
        grade
    }

    fn day(&mut self, field: F, today: NaiveDate) -> Option<NaiveDate> {
        let text = self.get(field);
        if text.is_empty() {
            return None;
        }
        match day_of(text) {
            Some(day) if day <= today => Some(day),
            Some(_) => {
                self.fail(
                    field,
                    "IN_FUTURE",
                    None,
                    "不能晚于今天",
                    "must not be after today",
                );
                None
            }
            None => {
                self.fail(
                    field,
                    "NOT_A_DATE",
                    None,
                    "须为日期，例如 2026-03-02",
                    "must be a date, for example 2026-03-02",
                );
                None
            }
        }
    }

    fn bounded(&mut self, field: F, text: Option<&str>, most: usize, rule: Option<&'static str>) {
        let Some(text) = text else { return };
        if text.len() > most && text.chars().count() > most {
            self.fail(
                field,
                "TOO_LONG",
                rule,
                &format!("不能超过 {most} 个字"),
                &format!("has more than {most} characters"),
            );
        }
        if text
            .chars()
            .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        {
            self.fail(
                field,
                "FORBIDDEN_CHARACTER",
                rule,
                "含有不允许的控制字符",
                "has control characters",
            );
        }
    }

    /// What an export or a report showed instead of a value does not come back as one; phones and e-mails know it
    /// themselves.
    fn not_masked(&mut self, field: F) {
        if masking::is_masked(self.get(field)) {
            self.fail(
                field,
                "MASKED_VALUE",
                Some("SEC-18"),
                "是脱敏后的显示值，不能登记",
                "is what is shown in place of the value: it cannot be registered",
            );
        }
    }

    fn prose(&mut self, field: F, most: usize) -> Option<String> {
        let text = self.get(field);
        if text.is_empty() {
            return None;
        }
        let text = text.to_owned();
        self.bounded(field, Some(&text), most, None);
        Some(text)
    }

    /// What the card says beside the columns of a list; nothing if the row says none of it.
    fn profile(&mut self) -> Option<Box<Profile>> {
        let profile = Profile {
            english_short_name: self.prose(F::EnglishShortName, 100),
            website: self
                .parsed(F::Website, "网址格式不正确", Website::parse, |e| {
                    e.code()
                })
                .map(|website| website.to_string()),
            industry: self.prose(F::Industry, 100),
            size: self.prose(F::Size, 100),
            business_scope: self.prose(F::BusinessScope, 2_000),
            preference: self.prose(F::Preference, 2_000),
            remarks: self.prose(F::Remarks, 4_000),
            ..Profile::default()
        };
        let says = [
            &profile.english_short_name,
            &profile.website,
            &profile.industry,
            &profile.size,
            &profile.business_scope,
            &profile.preference,
            &profile.remarks,
        ];
        says.iter()
            .any(|text| text.is_some())
            .then(|| Box::new(profile))
    }

    /// The row's one contact (CUS-35, CUS-36); none if it names none.
    fn contact(&mut self) -> Option<Box<NewContact>> {
        const OF_CONTACT: [F; 5] = [
            F::ContactName,
            F::ContactJobTitle,
            F::ContactMobile,
            F::ContactOfficePhone,
            F::ContactEmail,
        ];
        if OF_CONTACT.iter().all(|field| self.get(*field).is_empty()) {
            return None;
        }
        let zh = "电话格式不正确";
        let contact = NewContact {
            name: self.get(F::ContactName).to_owned(),
            salutation: None,
            job_title: self.prose(F::ContactJobTitle, 100),
            office_phone: self.parsed(F::ContactOfficePhone, zh, Phone::parse, |e| e.code()),
            home_phone: None,
            mobile: self.parsed(F::ContactMobile, zh, Phone::parse, |e| e.code()),
            email: self.parsed(
                F::ContactEmail,
                "电子邮件格式不正确",
                Email::parse,
                |e| e.code(),
            ),
            is_key: false,
            is_decision_maker: false,
            relationship: None,
            influence: None,
            birthday_on: None,
            remarks: None,
        };
        let phones = [F::ContactMobile, F::ContactOfficePhone];
        let has_phone = phones.iter().any(|field| !self.get(*field).is_empty());
        let mut errors = Vec::new();
        fields::one_contact("", &contact.name, has_phone, &mut errors);
        for error in errors {
            let (field, rule) = if error.pointer == "/name" {
                (F::ContactName, "CUS-06")
            } else {
                (F::ContactMobile, "CUS-36")
            };
            self.fail(
                field,
                &error.code,
                Some(rule),
                &error.message.zh,
                &error.message.en,
            );
        }
        Some(Box::new(contact))
    }
}

/// Division and address. A division that the official list does not have stays readable in the address (CUS-11).
fn place(
    province: &str,
    city: &str,
    county: &str,
    address: &str,
) -> (Option<String>, Option<String>) {
    let tidy: String = address.split_whitespace().collect::<Vec<_>>().join(" ");
    let named = [province, city, county];
    let division = Divisions::builtin().find_by_columns(province, city, county);
    let kept = |text: String| (!text.is_empty()).then_some(text);
    match division {
        Some(division) => (Some(division.code.clone()), kept(tidy)),
        None => {
            // What the address already begins with is not said twice.
            let missing: String = named
                .into_iter()
                .filter(|text| !text.is_empty() && !tidy.contains(text))
                .collect();
            (None, kept(format!("{missing}{tidy}")))
        }
    }
}

/// A day in any of the usual writings; a time behind it is left out.
fn day_of(text: &str) -> Option<NaiveDate> {
    let numbers: Vec<&str> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .take(3)
        .collect();
    match numbers[..] {
        [year, month, day] if year.len() == 4 => {
            NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
                .filter(|day| (1900..=9998).contains(&chrono::Datelike::year(day)))
        }
        [whole] if whole.len() == 8 && text.len() == 8 => {
            NaiveDate::parse_from_str(whole, "%Y%m%d").ok()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_the_usual_writings() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 2);
        for text in [
            "2026-03-02",
            "2026/3/2",
            "2026.3.2",
            "2026年3月2日",
            "20260302",
            "2026-03-02 08:30:00",
        ] {
            assert_eq!(day_of(text), day, "{text}");
        }
        for text in [
            "",
            "02.03.2026",
            "2026-13-01",
            "2026-02-30",
            "45000",
            "明天",
        ] {
            assert_eq!(day_of(text), None, "{text}");
        }
    }
}
