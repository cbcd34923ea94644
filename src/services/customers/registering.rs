//! Registering a customer: what can be worked out beforehand is worked out beside the one who writes, who then has only
//! to claim and to keep.

use super::{
    cards, duplicates,
    likeness::{self, Facts, Question, Reached},
    registration::{self, Draft},
    worklist,
};
use crate::{
    api::customers::customer::{CustomerView, NewCustomer, RegisteredCustomer},
    context::Ctx,
    db::{Conn, Tx},
    domain::{Phone, id::kind::UnitId},
    error::AppResult,
    http::Sifted,
    policy::customers::{card::CustomerCardSettings, registration::RegistrationSettings},
};

/// A registration that was checked ahead of its transaction, and the card that it makes.
#[derive(Debug)]
pub struct Prepared {
    draft: Draft,
    card: CustomerView,
    question: Question,
    checked_by: Measure,
}

impl Prepared {
    fn of(conn: &mut Conn, ctx: &Ctx, body: &NewCustomer) -> AppResult<Self> {
        let settings = ctx.policy::<RegistrationSettings>()?.value;
        let draft = registration::check(conn, ctx, body, &settings)?;
        let question = question(ctx, body, &draft);
        Ok(Self {
            question,
            // Whoever registers it owns it, and what it says is known: nothing has to be read back.
            card: cards::of_draft(conn, ctx, draft.clone())?,
            checked_by: Measure::of(ctx)?,
            draft,
        })
    }
}

/// What a check depends on beside what it is given.
#[derive(Debug, PartialEq, Eq)]
struct Measure {
    unit: UnitId,
    clearance: i32,
    registration: i64,
    card: i64,
}

impl Measure {
    fn of(ctx: &Ctx) -> AppResult<Self> {
        Ok(Self {
            unit: ctx.actor.unit_id,
            clearance: ctx.actor.clearance,
            registration: ctx.policy::<RegistrationSettings>()?.number,
            card: ctx.policy::<CustomerCardSettings>()?.number,
        })
    }
}

/// Members on which most rules depend: when they fail the schema, nothing can be said of the others.
const DECISIVE: [&str; 3] = ["party", "line", "security_level"];

/// A registration that passed the schema. What did not pass is refused together with what the rules say of the rest, so
/// that the user corrects everything at once (CUS-05).
///
/// # Errors
/// 422 with every failing or missing field.
pub fn judged<'b>(
    conn: &mut Conn,
    ctx: &Ctx,
    body: &'b Sifted<NewCustomer>,
) -> AppResult<&'b NewCustomer> {
    body.whole(|rest, fail| {
        let kind_known = !fail.contains(&"kind");
        let may = ctx.require(rest.kind.entry_capability()).is_ok();
        if DECISIVE.iter().any(|member| fail.contains(member)) || (kind_known && !may) {
            return Ok(Vec::new());
        }
        let settings = ctx.policy::<RegistrationSettings>()?.value;
        // An address is detailed or not by its division too, and whether an agent is due is a matter of kind.
        let hangs_on = |member: &str| match member {
            "/address" => fail.contains(&"division_code"),
            "/agent_id" => !kind_known,
            _ => false,
        };
        Ok(match registration::check(conn, ctx, rest, &settings) {
            Ok(_) => Vec::new(),
            Err(error) => error
                .errors()
                .iter()
                .filter(|field| !hangs_on(&field.pointer))
                .cloned()
                .collect(),
        })
    })
}

/// Checks a registration on a reader.
///
/// # Errors
/// As [`register`], which then does it itself and says so.
pub fn prepare(conn: &mut Conn, ctx: &Ctx, body: &NewCustomer) -> AppResult<Prepared> {
    ctx.require(body.kind.entry_capability())?;
    Prepared::of(conn, ctx, body)
}

/// Registers a customer with its contacts. Whoever holds the keys has the customer; the loser's attempt is recorded.
/// What was prepared holds as long as it would be the same now; an agent is looked up again.
///
/// # Errors
/// 403 without the right for this kind (CUS-03); 422 with every failing or missing field; 409 `ALREADY_REGISTERED`
/// (recorded) with the winner.
pub fn register(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    body: &NewCustomer,
    prepared: Option<&Prepared>,
) -> AppResult<RegisteredCustomer> {
    ctx.require(body.kind.entry_capability())?;
    let measure = Measure::of(ctx)?;
    let stands = |prepared: &&Prepared| body.agent_id.is_none() && prepared.checked_by == measure;
    let now;
    let Prepared {
        draft,
        card,
        question,
        ..
    } = match prepared.filter(stands) {
        Some(prepared) => prepared,
        None => {
            now = Prepared::of(tx, ctx, body)?;
            &now
        }
    };
    registration::write(tx, ctx, draft)?;
    let likely = likeness::answer(tx, ctx, question)?;
    worklist::note(tx, ctx, &draft.customer, &likely)?;
    Ok(RegisteredCustomer {
        customer: CustomerView {
            allowed_actions: cards::allowed(tx, ctx, &draft.customer)?,
            ..card.clone()
        },
        likely_duplicates: duplicates::likely_views(likely),
    })
}

/// Who is likely the same company as one that is being registered.
fn question(ctx: &Ctx, body: &NewCustomer, draft: &Draft) -> Question {
    let customer = &draft.customer;
    let reached = Reached {
        phone: body.phone.as_ref().map(Phone::as_str),
        address: body.address.as_deref(),
        website: draft.profile.website.as_deref(),
    };
    let facts = Facts {
        except: Some(customer.id.cast()),
        ..Facts::of(customer.party, &customer.name, reached)
    };
    Question::of(ctx.vault(), &facts)
}
