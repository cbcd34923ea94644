//! Opportunities of the demo in every state, visits, and conflicts with their rulings.

use super::{
    commerce,
    company::manager,
    customers::Planned,
    stage::{Script, Stage},
    words::{Company, Dice},
};
use crate::{
    api::sales::{
        activity::NewActivity,
        conflict_case::{Appeal, Rule},
        opportunity::{CloseLost, NewOpportunity, OpportunityPatch},
    },
    domain::{
        Money,
        id::kind::{ConflictCaseId, OpportunityId},
        timestamp::Timestamp,
        vocabulary::{ActivityKind, Importance, Opinion, OpportunitySource, Ruling, SubjectKind},
    },
    error::{AppError, AppResult},
    services::sales::{activities, closing, conflict_cases, opportunities, registration, rulings},
};

/// Who sells directly, and may quote.
const SELLERS: [&str; 6] = [
    "zhang.wei",
    "wang.fang",
    "gao.peng",
    "ma.li",
    "shen.yue",
    "jiang.nan",
];
const NEEDS: [&str; 4] = [
    "客户计划年内更换现有服务器，已列入预算。",
    "客户需要一套客户管理系统，约五十个用户。",
    "客户新建分支机构，需要网络与安全设备。",
    "客户希望对现有系统进行升级与年度维护。",
];
const LINES: [&str; 4] = ["服务器", "软件", "网络", "服务"];

/// How an opportunity goes, up to the quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Draft,
    UnderReview,
    Returned,
    Contacted,
    Understood,
    Lost,
    LostConfirmed,
    Quoted,
}

const FATES: [Fate; 12] = [
    Fate::Quoted,
    Fate::Quoted,
    Fate::Draft,
    Fate::Quoted,
    Fate::UnderReview,
    Fate::Quoted,
    Fate::Returned,
    Fate::Contacted,
    Fate::Quoted,
    Fate::Understood,
    Fate::Lost,
    Fate::LostConfirmed,
];

/// An opportunity of the script.
#[derive(Debug, Clone, Copy)]
pub struct Pursued {
    /// Its number.
    pub number: usize,
    /// The customer's number.
    pub customer: usize,
    /// Its owner.
    pub owner: &'static str,
}

impl Pursued {
    /// What later scenes find it by.
    pub fn name(&self) -> String {
        format!("opportunity {}", self.number)
    }

    /// The opportunity.
    ///
    /// # Errors
    /// When it is not there yet.
    pub fn id(&self, stage: &Stage<'_, '_>) -> AppResult<OpportunityId> {
        Ok(stage.record(&self.name())?.cast())
    }
}

/// Writes the opportunities into the script.
pub fn plan(script: &mut Script, dice: &mut Dice, planned: &[(Planned, Company)]) {
    let mut number = 0;
    let mut deals = 0;
    // The older half of what is in effect: there was time to pursue it.
    for (customer, company) in planned.iter().take(planned.len() * 2 / 3) {
        let Some(effective) = customer.effective else {
            continue;
        };
        if !SELLERS.contains(&customer.owner) || customer.number % 2 == 1 {
            continue;
        }
        let pursued = Pursued {
            number,
            customer: customer.number,
            owner: customer.owner,
        };
        let fate = FATES
            .get(number % FATES.len())
            .copied()
            .unwrap_or(Fate::Draft);
        number += 1;
        let from = script.later(effective, 1, dice);
        if let Some(at) = pursue(script, dice, pursued, fate, from, company) {
            commerce::deal(script, dice, pursued, deals, at);
            deals += 1;
        }
    }
    conflicts(script, dice, planned);
}

/// One opportunity; when its quote may be made, if it comes so far.
fn pursue(
    script: &mut Script,
    dice: &mut Dice,
    pursued: Pursued,
    fate: Fate,
    from: Timestamp,
    company: &Company,
) -> Option<Timestamp> {
    let told = company.clone();
    let entered = script.at(from, move |stage| enter(stage, pursued, &told));
    if !entered || fate == Fate::Draft {
        return None;
    }
    let submitted = script.later(from, 0, dice);
    script.at(submitted, move |stage| submit(stage, pursued));
    if fate == Fate::UnderReview {
        return None;
    }
    let reviewed = script.later(submitted, 1, dice);
    let opinion = if fate == Fate::Returned {
        Opinion::Return
    } else {
        Opinion::Agree
    };
    script.at(reviewed, move |stage| {
        let comment = (opinion == Opinion::Return).then_some("请说明客户的采购时间与预算。");
        let id = pursued.id(stage)?.cast();
        stage.decide(
            manager(pursued.owner),
            SubjectKind::Opportunity,
            id,
            opinion,
            comment,
        )
    });
    if fate == Fate::Returned {
        return None;
    }
    let called = script.later(reviewed, 2, dice);
    script.at(called, move |stage| {
        note(stage, pursued, ActivityKind::Call, called)
    });
    if fate == Fate::Contacted {
        return None;
    }
    let understood = script.later(called, 0, dice);
    script.at(understood, move |stage| set_stage(stage, pursued, 2));
    if fate == Fate::Understood {
        return None;
    }
    let visited = script.later(understood, 3, dice);
    script.at(visited, move |stage| {
        note(stage, pursued, ActivityKind::Visit, visited)?;
        set_stage(stage, pursued, 3)
    });
    if fate == Fate::Quoted {
        return Some(script.later(visited, 1, dice));
    }
    let closed = script.later(visited, 4, dice);
    script.at(closed, move |stage| lose(stage, pursued));
    if fate == Fate::LostConfirmed {
        let confirmed = script.later(closed, 1, dice);
        script.at(confirmed, move |stage| confirm(stage, pursued));
    }
    None
}

fn card(number: usize, company: &Company, day: chrono::NaiveDate) -> NewOpportunity {
    let index = number % NEEDS.len();
    let contact = company.contacts.first();
    NewOpportunity {
        title: None,
        customer_id: None,
        customer_name: Some(company.name.clone()),
        contact_name: contact.map(|(name, _)| name.clone()),
        phone: company.phone.clone(),
        source: Some(match number % 3 {
            0 => OpportunitySource::PhoneCall,
            1 => OpportunitySource::SelfDeveloped,
            _ => OpportunitySource::Referral,
        }),
        region_code: company.division_code.clone(),
        description: NEEDS.get(index).map(|text| (*text).to_owned()),
        expected_sign_on: day.checked_add_days(chrono::Days::new(60)),
        expected_amount: i64::try_from(80_000 + number * 7_000)
            .ok()
            .map(Money::from_yuan),
        product_line: LINES.get(index).map(|text| (*text).to_owned()),
        needs: None,
        competitors: None,
        importance: Some(if number.is_multiple_of(4) {
            Importance::High
        } else {
            Importance::Medium
        }),
    }
}

/// Enters an opportunity.
///
/// # Errors
/// The service's.
pub fn enter(stage: &mut Stage<'_, '_>, pursued: Pursued, company: &Company) -> AppResult<()> {
    let body = NewOpportunity {
        customer_id: Some(stage.customer(pursued.customer)?),
        ..card(pursued.number, company, stage.today())
    };
    if pursued.number == 0 {
        stage.number_from(super::EXAMPLE_OPPORTUNITY);
    }
    let entered = stage.act(pursued.owner, |tx, ctx| {
        opportunities::create(tx, ctx, &body)
    })?;
    stage.number_on();
    let id = entered.summary.id.cast();
    stage.records.insert(pursued.name(), id);
    Ok(())
}

fn submit(stage: &mut Stage<'_, '_>, pursued: Pursued) -> AppResult<()> {
    let id = pursued.id(stage)?;
    stage
        .act(pursued.owner, |tx, ctx| registration::submit(tx, ctx, id))
        .map(drop)
}

/// Moves along the ladder.
///
/// # Errors
/// The service's.
pub fn set_stage(stage: &mut Stage<'_, '_>, pursued: Pursued, number: i32) -> AppResult<()> {
    let id = pursued.id(stage)?;
    let patch = OpportunityPatch {
        stage: Some(number),
        ..OpportunityPatch::default()
    };
    stage
        .act(pursued.owner, |tx, ctx| {
            opportunities::update(tx, ctx, id, &patch)
        })
        .map(drop)
}

fn note(
    stage: &mut Stage<'_, '_>,
    pursued: Pursued,
    kind: ActivityKind,
    at: Timestamp,
) -> AppResult<()> {
    let (content, result, place) = match kind {
        ActivityKind::Visit => (
            "上门拜访，与采购、信息部门当面介绍方案。",
            "客户认可方案，请我方报价。",
            Some("客户会议室".to_owned()),
        ),
        _ => ("电话了解需求与采购计划。", "客户同意当面交流。", None),
    };
    let body = NewActivity {
        customer_id: stage.customer(pursued.customer)?,
        opportunity_id: Some(pursued.id(stage)?),
        kind,
        happened_at: at.plus(-chrono::Duration::minutes(45)),
        content: content.to_owned(),
        result: Some(result.to_owned()),
        place,
        contact_id: None,
        remind_at: None,
    };
    stage
        .act(pursued.owner, |tx, ctx| activities::create(tx, ctx, &body))
        .map(drop)
}

fn lose(stage: &mut Stage<'_, '_>, pursued: Pursued) -> AppResult<()> {
    let id = pursued.id(stage)?;
    let body = CloseLost {
        failure_reason: Some("客户预算取消，项目推迟到明年。".to_owned()),
        failed_amount: Some(Money::from_yuan(120_000)),
    };
    stage
        .act(pursued.owner, |tx, ctx| {
            closing::close_lost(tx, ctx, id, &body)
        })
        .map(drop)
}

/// The manager confirms a close.
///
/// # Errors
/// The service's.
pub fn confirm(stage: &mut Stage<'_, '_>, pursued: Pursued) -> AppResult<()> {
    let id = pursued.id(stage)?;
    stage
        .act(manager(pursued.owner), |tx, ctx| {
            closing::confirm(tx, ctx, id)
        })
        .map(drop)
}

/// What comes of a collision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Stands,
    Pending,
    Ruled(Ruling, &'static str),
}

/// Colleagues who register an opportunity on another's customer: it fails, and a case is open.
fn conflicts(script: &mut Script, dice: &mut Dice, planned: &[(Planned, Company)]) {
    let cases = [
        (
            "zhang.wei",
            "wang.fang",
            50,
            End::Ruled(Ruling::Cooperate, "双方均已投入，按先后合作跟进。"),
        ),
        (
            "gao.peng",
            "zhang.wei",
            40,
            End::Ruled(Ruling::Uphold, "先登记人资料详实、跟进及时，维持先录。"),
        ),
        (
            "ma.li",
            "gao.peng",
            30,
            End::Ruled(
                Ruling::Transfer,
                "客户明确希望由申请人跟进，先登记人同意移交。",
            ),
        ),
        ("wang.fang", "zhang.wei", 2, End::Pending),
        ("shen.yue", "jiang.nan", 2, End::Stands),
    ];
    for (index, (claimant, holder, days, end)) in cases.into_iter().enumerate() {
        let at = script.days_ago(days, dice);
        // One that nobody pursues yet, so that the case is about the customer alone.
        let mut theirs = planned.iter().filter(|(p, _)| {
            p.owner == holder && p.number % 2 == 1 && p.effective.is_some_and(|since| since < at)
        });
        let Some((customer, company)) = theirs.next_back() else {
            continue;
        };
        let pursued = Pursued {
            number: 1_000 + index,
            customer: customer.number,
            owner: claimant,
        };
        let told = company.clone();
        script.at(at, move |stage| collide(stage, pursued, &told));
        if end == End::Stands {
            continue;
        }
        let appealed = script.later(at, 0, dice);
        script.at(appealed, move |stage| appeal(stage, pursued));
        if let End::Ruled(ruling, basis) = end {
            let ruled = script.later(appealed, 1, dice);
            script.at(ruled, move |stage| {
                rule(stage, pursued, holder, ruling, basis)
            });
        }
    }
}

fn collide(stage: &mut Stage<'_, '_>, pursued: Pursued, company: &Company) -> AppResult<()> {
    let body = card(pursued.number, company, stage.today());
    let entered = stage.act(pursued.owner, |tx, ctx| {
        opportunities::create(tx, ctx, &body)
    })?;
    let id = entered.summary.id;
    let refusal = stage.refused(pursued.owner, |tx, ctx| registration::submit(tx, ctx, id))?;
    let case = refusal.extra().get("conflict_case_id");
    let case: ConflictCaseId = case
        .and_then(|id| id.as_str())
        .and_then(|id| id.parse().ok())
        .ok_or_else(|| AppError::internal("a collision without a case"))?;
    stage.records.insert(pursued.name(), id.cast());
    stage.records.insert(case_of(pursued), case.cast());
    Ok(())
}

fn case_of(pursued: Pursued) -> String {
    format!("case {}", pursued.number)
}

fn appeal(stage: &mut Stage<'_, '_>, pursued: Pursued) -> AppResult<()> {
    let case = stage.record(&case_of(pursued))?.cast();
    let body = Appeal {
        reason: "客户采购负责人长期由我联系，已有书面意向。".to_owned(),
    };
    stage
        .act(pursued.owner, |tx, ctx| {
            conflict_cases::appeal(tx, ctx, case, &body)
        })
        .map(drop)
}

fn rule(
    stage: &mut Stage<'_, '_>,
    pursued: Pursued,
    holder: &'static str,
    ruling: Ruling,
    basis: &str,
) -> AppResult<()> {
    let case = stage.record(&case_of(pursued))?.cast();
    let body = Rule {
        ruling,
        basis: basis.to_owned(),
        holder_share: None,
        claimant_share: None,
    };
    stage
        .act(manager(holder), |tx, ctx| {
            rulings::rule(tx, ctx, case, &body)
        })
        .map(drop)
}
