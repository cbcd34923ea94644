//! Disputes of the demo about a customer itself: a refused registration is appealed, both sides put their evidence on
//! record, and the sales manager rules (CONF-04 to CONF-07, AMB-45). The dice are of its own, so that nobody else's life
//! changes by it.

use super::{
    company::manager,
    customers::{self, Planned},
    stage::{Script, Stage},
    words::{Company, Dice},
};
use crate::{
    api::sales::{
        case_entry::NewCaseEntry,
        conflict_case::{Appeal, Rule},
    },
    domain::{
        Ratio,
        id::kind::{AttemptId, ConflictCaseId},
        vocabulary::{CaseEntryKind, Ruling, SubjectKind},
    },
    error::{AppError, AppResult},
    services::{
        customers::registering,
        sales::{appeals, case_entries, rulings},
    },
};

/// The first number of a dispute; it only tells the contacts of the refused cards apart.
const FIRST: usize = 400;

/// A dispute.
#[derive(Debug, Clone, Copy)]
struct Dispute {
    claimant: &'static str,
    holder: &'static str,
    days_ago: i64,
    /// The holder's and the claimant's share in per cent; none while nobody has ruled.
    shares: Option<(u16, u16)>,
}

/// One that ended in a cooperation, and one that waits for its ruling.
const DISPUTES: [Dispute; 2] = [
    Dispute {
        claimant: "shen.yue",
        holder: "gao.peng",
        days_ago: 25,
        shares: Some((60, 40)),
    },
    Dispute {
        claimant: "wang.fang",
        holder: "zhang.wei",
        days_ago: 4,
        shares: None,
    },
];

/// Writes the disputes into the script.
pub fn plan(script: &mut Script, planned: &[(Planned, Company)]) {
    let mut dice = Dice::new(21);
    for (index, dispute) in DISPUTES.into_iter().enumerate() {
        let at = script.days_ago(dispute.days_ago, &mut dice);
        let disputed = planned
            .iter()
            .filter(|(p, _)| {
                p.owner == dispute.holder && p.effective.is_some_and(|since| since < at)
            })
            .nth(6);
        let Some((customer, company)) = disputed else {
            continue;
        };
        let (number, company) = (customer.number, company.clone());
        let case = format!("dispute {index}");
        let opened = case.clone();
        script.at(at, move |stage| {
            let case = open(stage, dispute, FIRST + index, &company)?;
            stage.records.insert(opened, case.cast());
            Ok(())
        });
        let proved = script.later(at, 0, &mut dice);
        let of_case = case.clone();
        script.at(proved, move |stage| {
            prove(stage, dispute, stage.record(&of_case)?.cast(), number)
        });
        if let Some(shares) = dispute.shares {
            let ruled = script.later(proved, 1, &mut dice);
            script.at(ruled, move |stage| {
                rule(stage, dispute, stage.record(&case)?.cast(), shares)
            });
        }
    }
}

/// The refused registration and its appeal.
fn open(
    stage: &mut Stage<'_, '_>,
    dispute: Dispute,
    number: usize,
    company: &Company,
) -> AppResult<ConflictCaseId> {
    let body = customers::card(stage, number, dispute.claimant, company)?;
    let refusal = stage.refused(dispute.claimant, |tx, ctx| {
        registering::register(tx, ctx, &body, None)
    })?;
    let attempt: AttemptId = refusal
        .extra()
        .get("attempt_id")
        .and_then(|id| id.as_str())
        .and_then(|id| id.parse().ok())
        .ok_or_else(|| AppError::internal("a refused registration without an attempt"))?;
    let body = Appeal {
        reason: "客户采购负责人长期由我联系，尚未确定由哪一方跟进。".to_owned(),
    };
    let case = stage.act(dispute.claimant, |tx, ctx| {
        appeals::appeal_attempt(tx, ctx, attempt, &body)
    })?;
    Ok(case.summary.id)
}

/// What both sides put on record.
fn prove(
    stage: &mut Stage<'_, '_>,
    dispute: Dispute,
    case: ConflictCaseId,
    number: usize,
) -> AppResult<()> {
    let customer = stage.customer(number)?;
    let of_claimant = NewCaseEntry {
        kind: CaseEntryKind::Evidence,
        text: "与客户采购部签署的合作意向书扫描件。".to_owned(),
        link: Some("https://docs.example.com/intent.pdf".to_owned()),
        record_kind: None,
        record_id: None,
        confidential: false,
    };
    let of_holder = NewCaseEntry {
        text: "客户卡片：登记在先，资料详实，并已持续跟进。".to_owned(),
        link: None,
        record_kind: Some(SubjectKind::Customer),
        record_id: Some(customer.cast()),
        ..of_claimant.clone()
    };
    for (who, entry) in [(dispute.claimant, of_claimant), (dispute.holder, of_holder)] {
        stage.act(who, |tx, ctx| case_entries::add(tx, ctx, case, &entry))?;
    }
    Ok(())
}

fn rule(
    stage: &mut Stage<'_, '_>,
    dispute: Dispute,
    case: ConflictCaseId,
    (holder, claimant): (u16, u16),
) -> AppResult<()> {
    let body = Rule {
        ruling: Ruling::Cooperate,
        basis: "先登记人资料详实；申请人有客户优势。按最有利签约的原则合作跟进。".to_owned(),
        holder_share: Some(Ratio::from_percent(holder)),
        claimant_share: Some(Ratio::from_percent(claimant)),
    };
    stage
        .act(manager(dispute.holder), |tx, ctx| {
            rulings::rule(tx, ctx, case, &body)
        })
        .map(drop)
}
