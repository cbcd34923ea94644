//! Field checks that a schema cannot express: names, divisions, agents. Every failing field is reported at once.

use chrono::NaiveDate;

use super::personal::ContactPersonal;
use crate::{
    api::customers::contact::NewContact,
    context::Ctx,
    db::{Conn, Tx},
    domain::{
        CreditCode, Divisions, Industries, Phone, PhoneKind,
        id::kind::CustomerId,
        parse_company, parse_person,
        vocabulary::{CustomerKind, Line, Party},
    },
    error::{AppError, AppResult, FieldError},
    policy::customers::{
        birthday::is_likely,
        contact::{Reachable, same_person},
        registration::RegistrationSettings,
    },
    repositories::customers::customers,
};

/// A name as it is shown and as it is compared.
#[derive(Debug, Clone)]
pub struct CheckedName {
    /// Trimmed, in its own script.
    pub shown: String,
    /// Folded.
    pub folded: String,
}

/// A company's registered name (CUS-06, CUS-08), or a person's full name (CUS-07).
pub fn name(
    party: Party,
    text: &str,
    pointer: &str,
    errors: &mut Vec<FieldError>,
) -> Option<CheckedName> {
    let parsed = match party {
        Party::Company => parse_company(text).map(|name| CheckedName {
            shown: name.as_str().to_owned(),
            folded: name.folded().to_owned(),
        }),
        Party::Individual => parse_person(text).map(|name| CheckedName {
            shown: name.as_str().to_owned(),
            folded: name.folded().to_owned(),
        }),
    };
    match parsed {
        Ok(name) => Some(name),
        Err(error) => {
            let (rule, zh, en) = match party {
                Party::Company => (
                    "CUS-08",
                    "须为工商注册的全称，例如“惠普中国有限公司”而不是“惠普”",
                    "must be the full registered name, e.g. 惠普中国有限公司, not 惠普",
                ),
                Party::Individual => ("CUS-07", "须为个人的全名", "must be the person's full name"),
            };
            let mut field = FieldError::new(pointer, error.code(), zh, en);
            field.params.insert("rule".into(), rule.into());
            errors.push(field);
            None
        }
    }
}

/// A division code of the official list (CUS-11).
pub fn division(code: Option<&str>, pointer: &str, errors: &mut Vec<FieldError>) {
    if let Some(code) = code
        && Divisions::builtin().validate(code).is_err()
    {
        errors.push(FieldError::new(
            pointer,
            "UNKNOWN_DIVISION",
            "没有这个行政区划代码",
            "there is no such division",
        ));
    }
}

/// A code of GB/T 4754: a section's letter, or a division's letter and two digits (CUS-16).
pub fn industry(code: Option<&str>, pointer: &str, errors: &mut Vec<FieldError>) {
    if let Some(code) = code
        && Industries::builtin().get(code).is_none()
    {
        errors.push(FieldError::new(
            pointer,
            "UNKNOWN_INDUSTRY",
            "没有这个行业代码（GB/T 4754）",
            "there is no such industry code (GB/T 4754)",
        ));
    }
}

/// Only companies have a credit code: a person is told apart by phone (AMB-3).
pub fn credit_code(
    party: Party,
    code: Option<&CreditCode>,
    pointer: &str,
    errors: &mut Vec<FieldError>,
) {
    if party == Party::Individual && code.is_some() {
        let mut field = FieldError::new(pointer, "NOT_ALLOWED", NO_CODE.0, NO_CODE.1);
        field.params.insert("rule".into(), "AMB-3".into());
        errors.push(field);
    }
}

/// Why a person has no credit code, in Chinese and in English.
pub const NO_CODE: (&str, &str) = (
    "个人客户没有统一社会信用代码，以电话区分",
    "a person has no credit code: persons are told apart by phone",
);

/// Free text must say something.
pub fn not_blank(text: Option<&str>, pointer: &str, errors: &mut Vec<FieldError>) {
    if text.is_some_and(|text| text.trim().is_empty()) {
        errors.push(FieldError::new(
            pointer,
            "BLANK",
            "不能为空白",
            "must not be blank",
        ));
    }
}

/// An agent's end customer belongs to an agent that the caller may see (CUS-02); nobody else does.
///
/// # Errors
/// A database fault.
pub fn agent(
    conn: &mut Conn,
    ctx: &Ctx,
    kind: CustomerKind,
    agent: Option<CustomerId>,
    errors: &mut Vec<FieldError>,
) -> AppResult<()> {
    let Some(agent) = agent else { return Ok(()) };
    if kind != CustomerKind::AgentEnd {
        errors.push(FieldError::new(
            "/agent_id",
            "NOT_ALLOWED",
            "只有代理终端客户才有所属代理商（CUS-02）",
            "only an agent's end customer has an agent (CUS-02)",
        ));
        return Ok(());
    }
    let known = match customers::find(conn, ctx, agent) {
        Ok(found) => found.kind == CustomerKind::Agent,
        Err(error) if error.code() == crate::error::Code::NotFound => false,
        Err(error) => return Err(error),
    };
    if !known {
        errors.push(FieldError::new(
            "/agent_id",
            "UNKNOWN_AGENT",
            "没有这个代理商",
            "there is no such agent",
        ));
    }
    Ok(())
}

/// Holds an agent to the end of the transaction: it stays one while an end customer is written that names it (CUS-02).
///
/// # Errors
/// A lost race when it is none any more.
pub fn hold_agent(tx: &mut Tx<'_>, agent: Option<CustomerId>) -> AppResult<()> {
    let Some(agent) = agent else { return Ok(()) };
    customers::lock(tx, agent)?;
    if customers::unguarded(tx, agent)?.kind != CustomerKind::Agent {
        return Err(AppError::lost_race("the agent was corrected meanwhile"));
    }
    Ok(())
}

/// Contacts with their full names and at least one phone each (CUS-35, CUS-36).
pub fn contacts(contacts: &[NewContact], today: NaiveDate, errors: &mut Vec<FieldError>) {
    for (i, contact) in contacts.iter().enumerate() {
        let at = format!("/contacts/{i}/birthday_on");
        birthday(contact.birthday_on, today, &at, errors);
        one_contact(
            &format!("/contacts/{i}"),
            &contact.name,
            contact.office_phone.is_some()
                || contact.home_phone.is_some()
                || contact.mobile.is_some(),
            errors,
        );
        not_blank(
            contact.job_title.as_deref(),
            &format!("/contacts/{i}/job_title"),
            errors,
        );
        not_blank(
            contact.remarks.as_deref(),
            &format!("/contacts/{i}/remarks"),
            errors,
        );
    }
}

/// Nobody is entered twice on one card (CUS-35).
pub fn contacts_once(contacts: &[NewContact], errors: &mut Vec<FieldError>) {
    let reached: Vec<ContactPersonal> = contacts.iter().map(ContactPersonal::of).collect();
    let mut before: Vec<Reachable<'_>> = Vec::with_capacity(contacts.len());
    for (i, (contact, reached)) in contacts.iter().zip(&reached).enumerate() {
        let this = reached.reachable(&contact.name);
        if before.iter().any(|other| same_person(&this, other)) {
            let mut field = FieldError::new(
                format!("/contacts/{i}"),
                "REPEATED",
                "同名且电话相同的联系人已在前面列出",
                "a contact of this name and phone stands before",
            );
            field.params.insert("rule".into(), "CUS-35".into());
            errors.push(field);
        }
        before.push(this);
    }
}

/// A birthday lies in the past, and not too far (CUS-39).
pub fn birthday(
    date: Option<NaiveDate>,
    today: NaiveDate,
    pointer: &str,
    errors: &mut Vec<FieldError>,
) {
    if date.is_some_and(|date| !is_likely(date, today)) {
        errors.push(FieldError::new(
            pointer,
            "OUT_OF_RANGE",
            "生日须在 1900 年之后且不晚于今天",
            "a birthday must not be before 1900 or after today",
        ));
    }
}

/// One contact's name and reachability.
pub fn one_contact(at: &str, full_name: &str, has_phone: bool, errors: &mut Vec<FieldError>) {
    if let Err(error) = parse_person(full_name) {
        let mut field = FieldError::new(
            format!("{at}/name"),
            error.code(),
            "须为联系人的完整姓名",
            "must be the contact's full name",
        );
        field.params.insert("rule".into(), "CUS-06".into());
        errors.push(field);
    }
    if !has_phone {
        let mut field = FieldError::new(
            format!("{at}/mobile"),
            "REQUIRED",
            "请至少填写一个电话（办公、住宅或手机）",
            "give at least one phone: office, home or mobile",
        );
        field.params.insert("rule".into(), "CUS-36".into());
        errors.push(field);
    }
}

/// A call-centre line takes mobiles and landlines only (DUP-04): whatever else could be a second number of one customer.
pub fn phone_of_line(
    line: Line,
    phone: Option<&Phone>,
    pointer: &str,
    errors: &mut Vec<FieldError>,
) {
    let standard = |phone: &Phone| matches!(phone.kind(), PhoneKind::Mobile | PhoneKind::Landline);
    if line.is_call_centre() && phone.is_some_and(|phone| !standard(phone)) {
        let mut field = FieldError::new(
            pointer,
            "PHONE_KIND_NOT_ALLOWED",
            "呼叫中心业务线只能填写 11 位手机号或各地标准座机号",
            "a call-centre line takes 11-digit mobiles and standard landlines only",
        );
        field.params.insert("rule".into(), "DUP-04".into());
        errors.push(field);
    }
}

/// The same of all phones of a contact.
pub fn contact_phones_of_line(
    line: Line,
    contact: &NewContact,
    at: &str,
    errors: &mut Vec<FieldError>,
) {
    for (phone, member) in [
        (&contact.office_phone, "office_phone"),
        (&contact.home_phone, "home_phone"),
        (&contact.mobile, "mobile"),
    ] {
        phone_of_line(line, phone.as_ref(), &format!("{at}/{member}"), errors);
    }
}

/// The special symbol, where the line takes one (DUP-05).
pub fn line_symbol(
    settings: &RegistrationSettings,
    line: Line,
    symbol: Option<&str>,
    errors: &mut Vec<FieldError>,
) -> Option<String> {
    let symbol = symbol?;
    if settings.takes_symbol(line) {
        not_blank(Some(symbol), "/line_symbol", errors);
    } else {
        let mut field = FieldError::new(
            "/line_symbol",
            "NOT_ALLOWED",
            "该业务线不使用特殊符号",
            "this line takes no special symbol",
        );
        field.params.insert("rule".into(), "DUP-05".into());
        errors.push(field);
    }
    Some(symbol.trim().to_owned()).filter(|symbol| !symbol.is_empty())
}
