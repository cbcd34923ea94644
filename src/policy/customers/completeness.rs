//! What a customer registration must contain (CUS-02, CUS-06..12, CUS-35, DUP-04).

use crate::domain::vocabulary::{CustomerKind, Party};
use crate::policy::{Missing, blank};

/// How complete a registration must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The company's CRM (documents 000 and 003).
    Full,
    /// A call-centre seat: a phone is enough (document 004).
    CallCentre,
}

/// A contact as far as completeness goes.
#[derive(Debug, Clone, Default)]
pub struct ContactFacts<'a> {
    /// Full name.
    pub name: Option<&'a str>,
    /// Any phone.
    pub phone: Option<&'a str>,
}

/// A registration as far as completeness goes.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    /// How complete it must be.
    pub form: Form,
    /// Company or person.
    pub party: Party,
    /// How it is sold to.
    pub kind: CustomerKind,
    /// Registered name of a company, full name of a person.
    pub name: Option<&'a str>,
    /// Mailing address down to road and number.
    pub address: Option<&'a str>,
    /// The customer's own phone.
    pub phone: Option<&'a str>,
    /// The agent an agent's end customer belongs to is named.
    pub agent_named: bool,
    /// Its contacts.
    pub contacts: Vec<ContactFacts<'a>>,
}

/// Everything that must be filled in before submission, all at once.
pub fn missing(facts: &Facts<'_>) -> Vec<Missing> {
    let mut missing = Vec::new();
    let mut need = |absent: bool, item: Missing| {
        if absent {
            missing.push(item);
        }
    };
    let full = facts.form == Form::Full;
    let company = facts.party == Party::Company;
    let name = match facts.party {
        Party::Company => Missing::new(
            "/name",
            "CUS-06",
            "请填写工商注册名称",
            "give the registered name",
        ),
        Party::Individual => Missing::new(
            "/name",
            "CUS-07",
            "请填写个人全名",
            "give the person's full name",
        ),
    };
    need(full && blank(facts.name), name);
    need(
        full && blank(facts.address),
        Missing::new(
            "/address",
            "CUS-09",
            "请填写详细通讯地址(市、路、号)",
            "give the mailing address: city, road, number",
        ),
    );
    let phone_rule = if full { "CUS-12" } else { "DUP-04" };
    need(
        (!full || !company) && blank(facts.phone),
        Missing::new("/phone", phone_rule, "请填写电话", "give a phone"),
    );
    need(
        facts.kind == CustomerKind::AgentEnd && !facts.agent_named,
        Missing::new(
            "/agent_id",
            "CUS-02",
            "请指定所属代理商",
            "name the agent it belongs to",
        ),
    );
    need(
        full && company && facts.contacts.is_empty(),
        Missing::new(
            "/contacts",
            "CUS-06",
            "请至少填写一位联系人",
            "give at least one contact",
        ),
    );
    for (i, contact) in facts.contacts.iter().enumerate().filter(|_| full) {
        need(
            blank(contact.name),
            Missing::new(
                format!("/contacts/{i}/name"),
                "CUS-06",
                "请填写联系人姓名",
                "give the contact's full name",
            ),
        );
        need(
            blank(contact.phone),
            Missing::new(
                format!("/contacts/{i}/phone"),
                "CUS-35",
                "请填写联系人电话",
                "give the contact's phone",
            ),
        );
    }
    missing
}

#[cfg(test)]
mod tests {
    use super::*;

    fn company<'a>() -> Facts<'a> {
        Facts {
            form: Form::Full,
            party: Party::Company,
            kind: CustomerKind::Direct,
            name: Some("上海金科电子有限公司"),
            address: Some("上海市南京东路 100 号"),
            phone: None,
            agent_named: false,
            contacts: vec![ContactFacts {
                name: Some("王伟"),
                phone: Some("021-63539330"),
            }],
        }
    }

    fn wanting(facts: &Facts<'_>) -> Vec<(String, &'static str)> {
        missing(facts)
            .into_iter()
            .map(|m| (m.pointer, m.rule))
            .collect()
    }

    fn list(items: &[(&str, &'static str)]) -> Vec<(String, &'static str)> {
        items.iter().map(|(p, r)| ((*p).to_owned(), *r)).collect()
    }

    #[test]
    fn a_complete_company_lacks_nothing() {
        assert_eq!(wanting(&company()), []);
    }

    #[test]
    fn an_empty_company_lacks_name_address_and_contact() {
        let facts = Facts {
            name: None,
            address: Some("\u{3000}"),
            contacts: vec![],
            ..company()
        };
        let expected = list(&[
            ("/name", "CUS-06"),
            ("/address", "CUS-09"),
            ("/contacts", "CUS-06"),
        ]);
        assert_eq!(wanting(&facts), expected);
    }

    #[test]
    fn every_contact_needs_name_and_phone() {
        let mut facts = company();
        facts.contacts.push(ContactFacts::default());
        let expected = list(&[
            ("/contacts/1/name", "CUS-06"),
            ("/contacts/1/phone", "CUS-35"),
        ]);
        assert_eq!(wanting(&facts), expected);
    }

    #[test]
    fn an_individual_needs_full_name_address_and_phone_but_no_contact() {
        let facts = Facts {
            party: Party::Individual,
            name: None,
            address: None,
            contacts: vec![],
            ..company()
        };
        let expected = list(&[
            ("/name", "CUS-07"),
            ("/address", "CUS-09"),
            ("/phone", "CUS-12"),
        ]);
        assert_eq!(wanting(&facts), expected);
    }

    #[test]
    fn a_call_centre_customer_needs_a_phone_only() {
        let facts = Facts {
            form: Form::CallCentre,
            name: None,
            address: None,
            contacts: vec![ContactFacts::default()],
            ..company()
        };
        assert_eq!(wanting(&facts), list(&[("/phone", "DUP-04")]));
    }

    #[test]
    fn an_end_customer_names_its_agent() {
        let facts = Facts {
            kind: CustomerKind::AgentEnd,
            ..company()
        };
        assert_eq!(wanting(&facts), list(&[("/agent_id", "CUS-02")]));
        assert_eq!(
            wanting(&Facts {
                agent_named: true,
                ..facts
            }),
            []
        );
    }
}
