//! Somebody of the demo company has left: the departure is announced, the handover previewed and ordered, everything changes
//! hands, and the account is closed with it (ORG-23, ORG-25, DUP-18). The dice are of its own, so that nobody else's life
//! changes by it.

use super::{
    company::{LEAVER, manager},
    customers,
    sales::{self, Pursued},
    stage::{Script, Stage},
    words::{self, Dice},
};
use crate::{
    api::{
        customers::handover::{Assignment, NewHandover, PreviewHandover},
        org::departure::NewDeparture,
    },
    error::{AppError, AppResult},
    services::{
        customers::{
            handover_runs::{self, Step},
            handovers,
        },
        org::departures,
        platform::jobs::{self, Ending},
    },
};

/// The leaver's customers in the script: numbers of theirs that all come into effect.
const NUMBERS: [usize; 3] = [344, 345, 348];
/// Who takes over everything but one customer, and who takes over that one.
const SUCCESSORS: [&str; 2] = ["gao.peng", "ma.li"];
/// What the job of the handover is claimed by.
const WORKER: &str = "demo";

/// Writes the leaver's work and departure into the script.
pub fn plan(script: &mut Script) {
    let mut dice = Dice::new(22);
    let companies = words::companies(&mut dice, NUMBERS.len());
    let first = script.days_ago(60, &mut dice);
    for (number, mut company) in NUMBERS.into_iter().zip(companies) {
        // Counted from the first again, the codes are others' already.
        company.credit_code = None;
        let since = customers::life(script, &mut dice, number, LEAVER, first, &company);
        if let (Some(since), true) = (since, number == NUMBERS[0]) {
            let pursued = Pursued {
                number: 1_100,
                customer: number,
                owner: LEAVER,
            };
            let at = script.later(since, 2, &mut dice);
            script.at(at, move |stage| sales::enter(stage, pursued, &company));
        }
    }
    let announced = script.days_ago(9, &mut dice);
    script.at(announced, announce);
    let ordered = script.later(announced, 0, &mut dice);
    script.at(ordered, hand_over);
}

fn announce(stage: &mut Stage<'_, '_>) -> AppResult<()> {
    let body = NewDeparture {
        user_id: stage.person(LEAVER)?,
        last_day: stage.today(),
        reason: "个人原因辞职".to_owned(),
    };
    let departure = stage.act(manager(LEAVER), |tx, ctx| {
        departures::announce(tx, ctx, &body)
    })?;
    stage
        .records
        .insert("departure".to_owned(), departure.id.cast());
    Ok(())
}

/// The manager looks at what would change hands, orders it, and the job does it.
fn hand_over(stage: &mut Stage<'_, '_>) -> AppResult<()> {
    let [successor, other] = SUCCESSORS;
    let (from_id, to_id) = (stage.person(LEAVER)?, stage.person(successor)?);
    let asked = PreviewHandover {
        from_id,
        to_id: Some(to_id),
    };
    let body = NewHandover {
        from_id,
        to_id,
        assignments: vec![Assignment {
            customer_id: stage.customer(NUMBERS[2])?,
            to_id: stage.person(other)?,
        }],
        departure_id: Some(stage.record("departure")?.cast()),
        reason: "离职交接".to_owned(),
    };
    stage.act(manager(LEAVER), |tx, ctx| {
        handovers::preview(tx, ctx, &asked)?;
        let ordered = handovers::order(tx, ctx, &body)?;
        let job = jobs::claim(tx, ordered.job_id, WORKER, ctx.now)?
            .ok_or_else(|| AppError::internal("the handover's job is somebody else's"))?;
        let told = serde_json::from_str(&job.params).map_err(AppError::internal)?;
        while handover_runs::step(tx, ctx, (job.id, WORKER), told)? == Step::More {}
        jobs::leave(tx, ctx, job.id, WORKER, &Ending::Finished)
    })
}
