//! Revealing personal data: who may, how often, and that it is on record (SEC-02, SEC-06, SEC-18). The nouns' services
//! open the values.

use serde_json::json;

use crate::{
    context::Ctx,
    db::{Conn, Tx},
    domain::{
        id::kind::{AnyId, UnitId},
        timestamp::Timestamp,
        vocabulary::{Capability, SubjectKind},
    },
    error::{AppError, AppResult, Code},
    policy::governance::personal_data::{self, Facts, PersonalDataSettings},
    repositories::governance::{access::covers, approvals, reveals},
};

/// The record that personal data is about.
#[derive(Debug, Clone, Copy)]
pub struct Subject {
    /// Customer or opportunity.
    pub kind: SubjectKind,
    /// Which.
    pub id: AnyId,
    /// Its unit.
    pub unit_id: UnitId,
    /// Whether the actor may change it.
    pub writes: bool,
}

/// Whether the actor, who may read the record, may have its personal data revealed.
///
/// # Errors
/// A database fault.
pub fn may(conn: &mut Conn, ctx: &Ctx, subject: Subject) -> AppResult<bool> {
    Ok(
        ctx.refuse_leaver().is_ok()
            && personal_data::may_reveal(facts(conn, ctx, subject)?).is_ok(),
    )
}

fn facts(conn: &mut Conn, ctx: &Ctx, subject: Subject) -> AppResult<Facts> {
    let mut facts = Facts {
        writes: subject.writes,
        ..Facts::default()
    };
    if facts.writes {
        return Ok(facts);
    }
    facts.capable = covers(conn, ctx, Capability::RevealPersonalData, subject.unit_id)?;
    if !facts.capable {
        let mut people = ctx.actor.stands_in_for.clone();
        people.push(ctx.actor.id);
        facts.asked = approvals::waits_for_any(conn, subject.kind, subject.id, &people)?;
    }
    Ok(facts)
}

/// Lets the actor have a record's personal data: counted against the day's bound, and recorded by the names of the
/// fields, never their values. `of` says of which part of the record.
///
/// # Errors
/// 403 for those who may only read, and for whoever is leaving (ORG-23); 429 above the day's bound.
pub fn admit(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    subject: Subject,
    event: &str,
    mut of: serde_json::Value,
    reason: Option<&str>,
) -> AppResult<()> {
    ctx.refuse_leaver()?;
    personal_data::may_reveal(facts(tx, ctx, subject)?).map_err(|refusal| {
        AppError::new(Code::Forbidden, refusal.zh.clone(), refusal.en.clone()).rule(refusal.rule)
    })?;
    let settings = ctx.policy::<PersonalDataSettings>()?;
    let bound = settings.value.reveals_per_day;
    if !reveals::count(tx, ctx.actor.id, ctx.today(), bound)? {
        let tomorrow = Timestamp::end_of(ctx.today(), ctx.zone).unix_seconds() + 1;
        let seconds = u32::try_from(tomorrow - ctx.now.unix_seconds())
            .unwrap_or(1)
            .max(1);
        return Err(AppError::too_many(
            seconds,
            format!("今天已查看 {bound} 条完整个人信息，达到每人每日上限；请明天再试，或请管理员调整制度参数 personal_data。"),
            format!("You have had {bound} records revealed today, the most for one person and day: try again tomorrow, or have the policy personal_data changed."),
        )
        .rule("SEC-06"));
    }
    if let Some(data) = of.as_object_mut() {
        data.insert("reason".to_owned(), json!(reason.map(str::trim)));
        data.insert("policy_number".to_owned(), json!(settings.number));
    }
    ctx.record(tx, subject.kind, subject.id, event, &of, Some("SEC-06"));
    Ok(())
}
