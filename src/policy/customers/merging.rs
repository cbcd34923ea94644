//! Whether two customer cards may be merged, which value wins, and until when a merge may be undone (DUP-09, DUP-10).

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

use crate::domain::{
    timestamp::Timestamp,
    vocabulary::{CustomerKind, CustomerState, Line, MergeField, Party},
};
use crate::policy::{Refusal, Setting};

/// Terms of merges and of the worklist of duplicates; the regulation says "promptly" (及时) and gives no numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DuplicateSettings {
    /// Calendar days within which a merge may be undone (DUP-09; no value in the documents).
    #[validate(range(min = 0, max = 3650))]
    pub undo_days: u16,
    /// Working days within which a likely duplicate is to be tidied (DUP-10; no value in the documents).
    #[validate(range(min = 1, max = 365))]
    pub tidy_business_days: u16,
    /// Likeness from which a pair is proposed, of 100 (DUP-10; no value in the documents).
    #[validate(range(min = 1, max = 100))]
    pub min_score: u8,
}

impl Default for DuplicateSettings {
    fn default() -> Self {
        DuplicateSettings {
            undo_days: 30,
            tidy_business_days: 10,
            min_score: 60,
        }
    }
}

impl Setting for DuplicateSettings {
    const KEY: &'static str = "duplicates";
    const RULES: &'static [&'static str] = &["DUP-09", "DUP-10"];
    const TITLE_ZH: &'static str = "重复客户整理";
    const TITLE_EN: &'static str = "Tidying of duplicates";
}

/// One of the two cards.
#[derive(Debug, Clone)]
pub struct Card<U> {
    /// Company or individual.
    pub party: Party,
    /// Business line.
    pub line: Line,
    /// Kind.
    pub kind: CustomerKind,
    /// Review state.
    pub state: CustomerState,
    /// Security level.
    pub security_level: i32,
    /// Credit code.
    pub credit_code: Option<String>,
    /// Owner.
    pub owner: U,
    /// When it was registered, and its id where two were at one instant.
    pub registered: (Timestamp, String),
    /// Whether it is the other card's agent.
    pub agent_of_other: bool,
    /// Owners of the opportunities that are being followed or wait for their review.
    pub live: Vec<U>,
    /// Approvals that wait: of the card, and of what would move.
    pub pending: usize,
    /// Conflict cases under arbitration.
    pub arbitrations: usize,
}

/// What a merge rests on.
#[derive(Debug, Clone)]
pub struct MergeFacts<U> {
    /// The card that stays.
    pub survivor: Card<U>,
    /// The card that goes into it.
    pub absorbed: Card<U>,
    /// Who may work on the survivor beside its owner, by a share.
    pub workers: Vec<U>,
    /// Whether the absorbed card is the agent of end customers.
    pub has_end_customers: bool,
    /// How many contacts the survivor would have.
    pub contacts: usize,
    /// The most that a customer has.
    pub contact_limit: usize,
    /// How many products would be related to the survivor.
    pub products: usize,
    /// The most that are related to a customer.
    pub product_limit: usize,
}

/// Everything that stands against a merge; nothing if it may be made.
pub fn obstacles<U: PartialEq>(facts: &MergeFacts<U>) -> Vec<Refusal> {
    let (s, a) = (&facts.survivor, &facts.absorbed);
    let mut found = Vec::new();
    let mut refuse = |met: bool, refusal: fn() -> Refusal| {
        if met {
            found.push(refusal());
        }
    };
    refuse([s.state, a.state].contains(&CustomerState::Merged), merged);
    refuse(s.party != a.party, parties_differ);
    refuse(s.line != a.line, lines_differ);
    refuse(s.agent_of_other || a.agent_of_other, agent_of_each_other);
    refuse(
        facts.has_end_customers && s.kind != CustomerKind::Agent,
        end_customers,
    );
    refuse(
        matches!((&s.credit_code, &a.credit_code), (Some(x), Some(y)) if x != y),
        codes_differ,
    );
    refuse(s.security_level != a.security_level, levels_differ);
    refuse(
        s.owner != a.owner && a.registered < s.registered,
        first_registered_survives,
    );
    refuse(
        a.state == CustomerState::Effective && s.state != CustomerState::Effective,
        survivor_not_effective,
    );
    refuse(s.pending > 0 || a.pending > 0, pending);
    refuse(
        s.owner != a.owner && (s.arbitrations > 0 || a.arbitrations > 0),
        under_arbitration,
    );
    let stranger = |owner: &U| *owner != s.owner && !facts.workers.contains(owner);
    let rivals = a
        .live
        .iter()
        .any(|mine| stranger(mine) || s.live.iter().any(|theirs| theirs != mine));
    refuse(rivals, live_of_different_owners);
    refuse(facts.contacts > facts.contact_limit, too_many_contacts);
    refuse(facts.products > facts.product_limit, too_many_products);
    found
}

/// Which of the two was registered first: by default it is the one that stays (CONF-01).
pub fn first_registered<U>(one: &Card<U>, other: &Card<U>) -> bool {
    one.registered <= other.registered
}

/// The value that the survivor will have: its own, or the absorbed one's where it was asked for or the survivor has none.
pub fn chosen(
    field: MergeField,
    survivor: &Value,
    absorbed: &Value,
    from_absorbed: &[MergeField],
) -> Value {
    if field == MergeField::LastContact {
        // Both are null or instants in one form, so that the later one is the greater text; null is less.
        let (mine, theirs) = (survivor.as_str(), absorbed.as_str());
        return if theirs > mine { absorbed } else { survivor }.clone();
    }
    let taken = from_absorbed.contains(&field) || survivor.is_null();
    if taken && !absorbed.is_null() {
        absorbed.clone()
    } else {
        survivor.clone()
    }
}

/// What stands against the undo of a merge.
#[derive(Debug, Clone, Copy)]
pub struct UndoFacts {
    /// It was undone already.
    pub undone: bool,
    /// Now.
    pub now: Timestamp,
    /// The last instant at which it may be undone.
    pub until: Timestamp,
    /// The survivor was merged with others later, or into another.
    pub later_merges: bool,
    /// A review of the survivor waits.
    pub pending: bool,
}

/// Whether a merge may be undone: in time, the last one first.
pub fn undo(facts: &UndoFacts) -> Result<(), Refusal> {
    if facts.undone {
        return Err(Refusal::new(
            "DUP-09",
            "ALREADY_UNDONE",
            "该合并已撤销",
            "this merge has been undone",
        ));
    }
    if facts.now > facts.until {
        return Err(Refusal::new(
            "DUP-09",
            "UNDO_EXPIRED",
            format!("撤销合并的期限已于 {} 届满", facts.until),
            format!("the merge could be undone until {}", facts.until),
        ));
    }
    if facts.later_merges {
        return Err(Refusal::new(
            "DUP-09",
            "LATER_MERGE",
            "保留客户此后又参与了合并;请先按相反顺序撤销较晚的合并",
            "the survivor was merged again later: undo the later merges first, in reverse order",
        ));
    }
    if facts.pending {
        return Err(pending());
    }
    Ok(())
}

/// The customer was merged into another: it is read there.
pub fn merged() -> Refusal {
    Refusal::new(
        "DUP-09",
        "CUSTOMER_MERGED",
        "该客户已并入其他客户;请在保留客户上操作",
        "the customer was merged into another one: work on the survivor",
    )
}

/// The absorbed customer's key is in use by the survivor itself.
pub fn key_in_use() -> Refusal {
    Refusal::new(
        "DUP-09",
        "KEY_IN_USE",
        "保留客户现在使用被并入客户的名称、信用代码或电话;请先改回再撤销",
        "the survivor now uses the absorbed customer's name, credit code or phone: change that first",
    )
}

macro_rules! refusals {
    ($($name:ident = $rule:literal, $code:literal, $zh:literal, $en:literal;)*) => {$(
        fn $name() -> Refusal {
            Refusal::new($rule, $code, $zh, $en)
        }
    )*};
}

refusals! {
    parties_differ = "DUP-09", "PARTIES_DIFFER",
        "公司与个人不能合并", "a company and an individual are not one customer";
    lines_differ = "DUP-05", "LINES_DIFFER",
        "不同业务线的客户不能合并", "customers of different business lines are kept apart";
    agent_of_each_other = "DUP-09", "AGENT_OF_THE_OTHER",
        "代理商与其终端客户是两个客户", "an agent and its end customer are two customers";
    end_customers = "CUS-02", "END_CUSTOMERS_NEED_AN_AGENT",
        "被并入客户名下有代理终端客户,保留客户须为代理商", "the absorbed customer has end customers: the survivor must be an agent";
    codes_differ = "DUP-08", "CREDIT_CODES_DIFFER",
        "统一社会信用代码不同,是两个法人;若有录入错误请先更正", "different credit codes are two legal entities: correct a wrong one first";
    levels_differ = "ORG-26", "SECURITY_LEVELS_DIFFER",
        "安全级别不同;请先调整为一致", "the security levels differ: make them equal first";
    first_registered_survives = "CONF-01", "FIRST_REGISTERED_SURVIVES",
        "两客户负责人不同,须以先登记者为保留客户(先录先得)", "the owners differ: the first registered one is the survivor";
    survivor_not_effective = "CUS-22", "SURVIVOR_NOT_EFFECTIVE",
        "被并入客户已生效而保留客户尚未生效;请先完成审核", "the absorbed customer is effective and the survivor is not: have it reviewed first";
    pending = "CUS-21", "PENDING_APPROVALS",
        "尚有待审批事项;请先办结或撤回", "approvals are pending: have them decided or withdraw them first";
    under_arbitration = "CONF-05", "UNDER_ARBITRATION",
        "两客户负责人不同且有案件在裁决中;请先裁决", "the owners differ and a case is under arbitration: have it ruled first";
    live_of_different_owners = "CONF-05", "LIVE_OPPORTUNITIES_OF_DIFFERENT_OWNERS",
        "双方有不同负责人正在跟踪的商机,属于冲突;请先裁决、移交或关闭",
        "different people follow opportunities on the two: a conflict, to be ruled on, reassigned or closed first";
    too_many_contacts = "CUS-35", "TOO_MANY_CONTACTS",
        "合并后联系人超过上限", "the survivor would have too many contacts";
    too_many_products = "CUS-45", "TOO_MANY_PRODUCTS",
        "合并后关联产品超过上限", "too many products would be related to the survivor";
}

#[cfg(test)]
#[path = "merging_tests.rs"]
mod tests;
