//! Customers of the demo and their review: drafts, under review, returned, in effect; and attempts that came too late.

use super::{
    company::manager,
    stage::{Script, Stage},
    words::{self, Company, Dice},
};
use crate::{
    api::customers::{
        contact::NewContact,
        customer::NewCustomer,
        merge::{MergePreviewRequest, NewMerge},
        share::NewShare,
    },
    domain::{
        Email,
        timestamp::Timestamp,
        vocabulary::{
            ActivityState, Condition, CustomerKind, CustomerSource, Degree, Opinion, Party,
            Salutation, ShareLevel, SizeClass, SubjectKind,
        },
    },
    error::AppResult,
    services::customers::{merges, registering, review, shares},
};

/// How many customers there are.
pub const COUNT: usize = 330;

/// Who registers, in turns.
const SELLERS: [&str; 11] = [
    "zhang.wei",
    "wang.fang",
    "gao.peng",
    "ma.li",
    "shen.yue",
    "jiang.nan",
    "zhang.wei",
    "guo.tao",
    "dong.lin",
    "cao.yu",
    "xie.jun",
];

/// The first of the channel's customers are agents, the others their end customers.
const AGENTS: usize = 6;

const RETURNED_FOR: [&str; 4] = [
    "地址不够详细，请补充到路名和门牌号。",
    "联系人电话无法接通，请核实。",
    "公司名称与营业执照不一致，请核对。",
    "请补充客户所属行业与规模。",
];

/// A customer of the script.
#[derive(Debug, Clone, Copy)]
pub struct Planned {
    /// Its number.
    pub number: usize,
    /// Its owner.
    pub owner: &'static str,
    /// Since when it is in effect, if it is.
    pub effective: Option<Timestamp>,
}

/// Writes the customers' lives into the script.
pub fn plan(script: &mut Script, dice: &mut Dice) -> Vec<(Planned, Company)> {
    let companies = words::companies(dice, COUNT);
    let mut planned = Vec::with_capacity(COUNT);
    for (number, company) in companies.into_iter().enumerate() {
        let owner = SELLERS
            .get(number % SELLERS.len())
            .copied()
            .unwrap_or("zhang.wei");
        // Agents come first, for their end customers name them.
        let turn = i64::try_from(number / SELLERS.len()).unwrap_or(0);
        let day = 88 - turn * 86 / i64::try_from(COUNT / SELLERS.len()).unwrap_or(1);
        let registered = script.days_ago(day.max(1), dice);
        let effective = life(script, dice, number, owner, registered, &company);
        planned.push((
            Planned {
                number,
                owner,
                effective,
            },
            company,
        ));
    }
    too_late(script, dice, &planned);
    shared(script, dice, &planned);
    merged(script, &planned);
    planned
}

/// One customer's life; since when it is in effect, if it is.
pub fn life(
    script: &mut Script,
    dice: &mut Dice,
    number: usize,
    owner: &'static str,
    registered: Timestamp,
    company: &Company,
) -> Option<Timestamp> {
    let told = company.clone();
    script.at(registered, move |stage| {
        register(stage, number, owner, &told)
    });
    // Every eighth stays a draft.
    if number % 8 == 7 {
        return None;
    }
    let mut submitted = script.later(registered, 0, dice);
    if !script.at(submitted, move |stage| submit(stage, number, owner)) {
        return None;
    }
    let mut reviewed = script.later(submitted, 1, dice);
    // Every ninth comes back, and every second of those is corrected and passes.
    if number % 9 == 4 {
        let why = RETURNED_FOR.get(number % RETURNED_FOR.len()).copied();
        let returned = script.at(reviewed, move |stage| {
            judge(stage, number, owner, Opinion::Return, why)
        });
        submitted = script.later(reviewed, 2, dice);
        if !returned
            || number % 2 == 1
            || !script.at(submitted, move |stage| submit(stage, number, owner))
        {
            return None;
        }
        reviewed = script.later(submitted, 1, dice);
    }
    // A few still wait for their review.
    if number % 23 == 6 {
        return None;
    }
    script
        .at(reviewed, move |stage| {
            judge(stage, number, owner, Opinion::Agree, None)
        })
        .then_some(reviewed)
}

fn register(
    stage: &mut Stage<'_, '_>,
    number: usize,
    owner: &'static str,
    company: &Company,
) -> AppResult<()> {
    let body = card(stage, number, owner, company)?;
    if number == 0 {
        stage.number_from(super::EXAMPLE_CUSTOMER);
    }
    let customer = stage.act(owner, |tx, ctx| registering::register(tx, ctx, &body, None))?;
    stage.number_on();
    stage.customers.insert(number, customer.customer.summary.id);
    Ok(())
}

/// What is entered of a customer.
///
/// # Errors
/// When an end customer's agent is not there yet.
pub fn card(
    stage: &Stage<'_, '_>,
    number: usize,
    owner: &str,
    company: &Company,
) -> AppResult<NewCustomer> {
    let turn = number / SELLERS.len();
    let (kind, agent_id) = match owner {
        "xie.jun" if turn < AGENTS => (CustomerKind::Agent, None),
        "xie.jun" => {
            let agent = (turn % AGENTS) * SELLERS.len() + SELLERS.len() - 1;
            (CustomerKind::AgentEnd, Some(stage.customer(agent)?))
        }
        _ => (CustomerKind::Direct, None),
    };
    let contacts = company.contacts.iter().enumerate();
    let contacts = contacts
        .map(|(i, (name, title))| NewContact {
            name: name.clone(),
            salutation: Some(if i == 0 {
                Salutation::Mr
            } else {
                Salutation::Ms
            }),
            job_title: Some((*title).to_owned()),
            office_phone: company.phone.clone(),
            home_phone: None,
            mobile: words::mobile(number * 3 + i),
            email: Email::parse(&format!("contact{}@example.com", number * 3 + i)).ok(),
            is_key: i == 0,
            is_decision_maker: i == 0 && number.is_multiple_of(2),
            relationship: Some(degree(number)),
            influence: Some(degree(number / 3)),
            birthday_on: None,
            remarks: None,
        })
        .collect();
    Ok(NewCustomer {
        line_symbol: None,
        name: company.name.clone(),
        party: Party::Company,
        kind,
        line: None,
        credit_code: company.credit_code.clone(),
        agent_id,
        security_level: None,
        condition: Some(match number % 5 {
            // Successful are those who have signed: they become so with their contract.
            0..=2 => Condition::Potential,
            _ => Condition::Basic,
        }),
        grade: i32::try_from(1 + number % 4).ok(),
        activity_state: Some(if number.is_multiple_of(3) {
            ActivityState::Normal
        } else {
            ActivityState::Active
        }),
        source: Some(match number % 4 {
            0 => CustomerSource::SalesVisit,
            1 => CustomerSource::MarketResearch,
            2 => CustomerSource::Partner,
            _ => CustomerSource::SelfDeveloped,
        }),
        division_code: company.division_code.clone(),
        address: Some(company.address.clone()),
        phone: company.phone.clone(),
        first_contact_on: Some(stage.today()),
        entry_special_reason: None,
        english_short_name: None,
        transport_route: None,
        email: None,
        website: None,
        industry: Some(company.industry.to_owned()),
        size: None,
        business_scope: None,
        preference: None,
        remarks: None,
        industry_code: industry_code(company.industry).map(str::to_owned),
        size_class: Some(match number % 3 {
            0 => SizeClass::Large,
            1 => SizeClass::Medium,
            _ => SizeClass::Small,
        }),
        basic_needs: None,
        former_systems: None,
        operations: None,
        workflow: None,
        contacts,
    })
}

/// The division of GB/T 4754 that a trade belongs to.
fn industry_code(trade: &str) -> Option<&'static str> {
    Some(match trade {
        "机械制造" => "C34",
        "电子" => "C39",
        "医疗" => "C35",
        "材料" => "C26",
        "物流" => "G58",
        "食品" => "C14",
        "软件" => "I65",
        "环保" => "N77",
        "纺织" => "C17",
        "汽车" => "C36",
        "建筑" => "M74",
        "生物" => "M73",
        _ => return None,
    })
}

fn degree(number: usize) -> Degree {
    match number % 3 {
        0 => Degree::High,
        1 => Degree::Medium,
        _ => Degree::Low,
    }
}

fn submit(stage: &mut Stage<'_, '_>, number: usize, owner: &str) -> AppResult<()> {
    let id = stage.customer(number)?;
    stage
        .act(owner, |tx, ctx| review::submit(tx, ctx, id))
        .map(drop)
}

fn judge(
    stage: &mut Stage<'_, '_>,
    number: usize,
    owner: &str,
    opinion: Opinion,
    comment: Option<&str>,
) -> AppResult<()> {
    let id = stage.customer(number)?.cast();
    // In the first department the assistant reviews, too.
    let reviewer = match manager(owner) {
        "li.na" if number.is_multiple_of(2) => "lin.xiao",
        reviewer => reviewer,
    };
    stage.decide(reviewer, SubjectKind::Customer, id, opinion, comment)
}

/// Colleagues who came too late: the attempt stays on record.
fn too_late(script: &mut Script, dice: &mut Dice, planned: &[(Planned, Company)]) {
    for (turn, rival) in [
        "wang.fang",
        "gao.peng",
        "shen.yue",
        "zhang.wei",
        "ma.li",
        "jiang.nan",
    ]
    .into_iter()
    .enumerate()
    {
        let first = planned
            .iter()
            .filter(|(p, _)| p.owner != rival && p.owner != "xie.jun")
            .nth(11 + turn * 17);
        let Some((first, company)) = first else {
            continue;
        };
        let Some(effective) = first.effective else {
            continue;
        };
        let at = script.later(effective, 3, dice);
        // The same company, written otherwise.
        let company = Company {
            name: format!(
                " {} ",
                company
                    .name
                    .replacen("有限", "（有限", 1)
                    .replacen("公司", "公司）", 1)
            ),
            ..company.clone()
        };
        let number = COUNT + turn;
        script.at(at, move |stage| {
            let body = card(stage, number, rival, &company)?;
            stage
                .refused(rival, |tx, ctx| registering::register(tx, ctx, &body, None))
                .map(drop)
        });
    }
}

/// A customer that a colleague looks after meanwhile.
fn shared(script: &mut Script, dice: &mut Dice, planned: &[(Planned, Company)]) {
    let mine = |p: &&(Planned, Company)| p.0.owner == "zhang.wei" && p.0.effective.is_some();
    let Some((first, _)) = planned.iter().filter(mine).nth(4) else {
        return;
    };
    let (number, at) = (first.number, script.days_ago(5, dice));
    let until = script.end.plus(chrono::Duration::days(25));
    script.at(at, move |stage| {
        let id = stage.customer(number)?;
        let body = NewShare {
            user_id: Some(stage.person("wang.fang")?),
            unit_id: None,
            level: ShareLevel::Read,
            expires_at: until,
            reason: "休假期间代为跟进".to_owned(),
        };
        stage
            .act("zhang.wei", |tx, ctx| shares::give(tx, ctx, id, &body))
            .map(drop)
    });
}

/// A card that its owner entered a second time under another name, and merged into the first (DUP-09). It throws dice of
/// its own, so that nobody else's life changes by it.
fn merged(script: &mut Script, planned: &[(Planned, Company)]) {
    let mine = |p: &&(Planned, Company)| p.0.owner == "zhang.wei" && p.0.effective.is_some();
    let Some((first, company)) = planned.iter().filter(mine).nth(3) else {
        return;
    };
    let (number, mut company) = (first.number, company.clone());
    company.name = company.name.replace("有限公司", "集团有限公司");
    company.credit_code = None;
    let at = script.days_ago(4, &mut Dice::new(9));
    script.at(at, move |stage| {
        let survivor = stage.customer(number)?;
        let body = card(stage, number, "zhang.wei", &company)?;
        stage.act("zhang.wei", |tx, ctx| {
            let absorbed_id = registering::register(tx, ctx, &body, None)?
                .customer
                .summary
                .id;
            let asked = MergePreviewRequest {
                absorbed_id,
                take_from_absorbed: Vec::new(),
            };
            let preview = merges::preview(tx, ctx, survivor, &asked)?;
            let merge = NewMerge {
                absorbed_id,
                absorbed_version: preview.absorbed.version,
                take_from_absorbed: Vec::new(),
                fingerprint: preview.fingerprint,
                reason: "同一客户以两个名称登记".to_owned(),
            };
            merges::merge(tx, ctx, survivor, &merge).map(drop)
        })
    });
}
