//! What an opportunity must contain at entry and at close (OPP-03, OPP-05, OPP-21, OPP-29).

use crate::policy::{Missing, blank};

/// The six mandatory items at entry (OPP-03).
#[derive(Debug, Clone, Copy, Default)]
pub struct EntryFacts<'a> {
    /// 客户名称
    pub customer_name: Option<&'a str>,
    /// 联系人
    pub contact: Option<&'a str>,
    /// 电话
    pub phone: Option<&'a str>,
    /// 商机来源
    pub source: Option<&'a str>,
    /// 区域
    pub region: Option<&'a str>,
    /// 发起说明
    pub description: Option<&'a str>,
}

/// Which of the six items are missing (OPP-03, OPP-05).
pub fn missing(facts: &EntryFacts<'_>) -> Vec<Missing> {
    let EntryFacts {
        customer_name,
        contact,
        phone,
        source,
        region,
        description,
    } = *facts;
    [
        (
            customer_name,
            "/customer_name",
            "请填写客户名称",
            "name the customer",
        ),
        (contact, "/contact_name", "请填写联系人", "name the contact"),
        (phone, "/phone", "请填写电话", "give the phone"),
        (source, "/source", "请填写商机来源", "give the source"),
        (region, "/region_code", "请填写区域", "give the region"),
        (
            description,
            "/description",
            "请填写发起说明",
            "describe how it began",
        ),
    ]
    .into_iter()
    .filter(|(value, ..)| blank(*value))
    .map(|(_, pointer, zh, en)| Missing::new(pointer, "OPP-03", zh, en))
    .collect()
}

/// How an opportunity ends, with what must be known then.
#[derive(Debug, Clone, Copy)]
pub enum CloseFacts<'a> {
    /// Signed.
    Won {
        /// Its contract has been entered (OPP-21).
        contract_entered: bool,
    },
    /// Failed (OPP-29).
    Lost {
        /// Detailed reason.
        reason: Option<&'a str>,
        /// The failed amount is given.
        amount_given: bool,
    },
}

/// What is missing to close it.
pub fn missing_on_close(facts: CloseFacts<'_>) -> Vec<Missing> {
    let contract = || {
        Missing::new(
            "/contract_id",
            "OPP-21",
            "请先录入合同",
            "enter the contract first",
        )
    };
    let reason = || {
        Missing::new(
            "/failure_reason",
            "OPP-29",
            "请详细填写失败原因",
            "give the reason in detail",
        )
    };
    let amount = || {
        Missing::new(
            "/failed_amount",
            "OPP-29",
            "请填写失败关闭金额",
            "give the failed amount",
        )
    };
    let wanted = match facts {
        CloseFacts::Won { contract_entered } => vec![(!contract_entered).then(contract)],
        CloseFacts::Lost {
            reason: text,
            amount_given,
        } => {
            vec![blank(text).then(reason), (!amount_given).then(amount)]
        }
    };
    wanted.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn six<'a>() -> EntryFacts<'a> {
        EntryFacts {
            customer_name: Some("甲"),
            contact: Some("王伟"),
            phone: Some("13800138000"),
            source: Some("REFERRAL"),
            region: Some("310000"),
            description: Some("客户来电"),
        }
    }

    #[test]
    fn none_of_the_six_items_may_be_missing() {
        assert_eq!(missing(&six()), []);
        let all: Vec<_> = missing(&EntryFacts::default())
            .into_iter()
            .map(|m| m.pointer)
            .collect();
        let pointers = [
            "/customer_name",
            "/contact_name",
            "/phone",
            "/source",
            "/region_code",
            "/description",
        ];
        assert_eq!(all, pointers);
        let one = missing(&EntryFacts {
            region: Some("\u{3000}"),
            ..six()
        });
        assert_eq!(
            (one.len(), one[0].pointer.as_str(), one[0].rule),
            (1, "/region_code", "OPP-03")
        );
    }

    #[test]
    fn a_close_needs_the_contract_or_the_reason_and_amount() {
        let rules = |f| {
            missing_on_close(f)
                .iter()
                .map(|m| m.rule)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            rules(CloseFacts::Won {
                contract_entered: false
            }),
            ["OPP-21"]
        );
        assert_eq!(
            rules(CloseFacts::Won {
                contract_entered: true
            }),
            [""; 0]
        );
        let lost = |reason, amount_given| CloseFacts::Lost {
            reason,
            amount_given,
        };
        assert_eq!(rules(lost(Some(" "), false)), ["OPP-29", "OPP-29"]);
        assert_eq!(rules(lost(Some("价格"), true)), [""; 0]);
    }
}
