//! Who acts, when, and with what rights: the second parameter of every service.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::{
    app::IdSource,
    auth::vault::Vault,
    db::{EventDraft, Tx},
    domain::{
        BusinessCalendar,
        id::{
            Id,
            kind::{SessionId, UnitId, UserId},
        },
        timestamp::Timestamp,
        vocabulary::{Capability, Scope, SubjectKind},
    },
    error::{AppError, AppResult},
};

/// A capability that the actor holds, and how far it reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// What.
    pub capability: Capability,
    /// How far.
    pub scope: Scope,
    /// From which unit.
    pub unit_id: UnitId,
}

/// The person or service account that acts.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The user.
    pub id: UserId,
    /// The user's name.
    pub name: String,
    /// The user's unit.
    pub unit_id: UnitId,
    /// The highest security level that the user may see (ORG-26).
    pub clearance: i32,
    /// The login session, if this is a request.
    pub session_id: Option<SessionId>,
    /// Everything the user's roles permit.
    pub grants: Vec<Grant>,
    /// Whether this is a machine: it must send an `Idempotency-Key`.
    pub service_account: bool,
    /// Whether the password must be changed before anything else (ORG-19, AMB-21).
    pub must_change_password: bool,
    /// Those for whom the user stands in now (delegations).
    pub stands_in_for: Vec<UserId>,
}

/// Where a unit of work comes from; it ends up in every event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The client's address, or `job`, `cli`.
    pub source: String,
    /// The trace id that the caller was given.
    pub trace_id: String,
}

/// Actor, time, ids and settings of one unit of work.
#[derive(Clone)]
pub struct Ctx {
    /// Who acts.
    pub actor: Actor,
    /// The one time of this unit of work.
    pub now: Timestamp,
    /// Where it comes from.
    pub origin: Origin,
    /// The company's zone: business days and dates are computed in it.
    pub zone: chrono_tz::Tz,
    /// The business calendar.
    pub calendar: Arc<BusinessCalendar>,
    /// The version that the caller read (`If-Match`), where the command was given one.
    pub if_match: Option<i64>,
    pub(crate) ids: IdSource,
    pub(crate) vault: Arc<Vault>,
}

impl Ctx {
    /// A fresh record id.
    pub fn new_id<T>(&self) -> Id<T> {
        self.ids.next(self.now)
    }

    /// What seals and opens personal data.
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Today in the company's zone.
    pub fn today(&self) -> NaiveDate {
        self.now.date_in(self.zone)
    }

    /// Whether the actor holds a capability anywhere.
    pub fn has(&self, capability: Capability) -> bool {
        self.actor
            .grants
            .iter()
            .any(|grant| grant.capability == capability)
    }

    /// The first line of a service: refuses whoever lacks the capability.
    ///
    /// # Errors
    /// 403, naming the capability (ORG-08).
    pub fn require(&self, capability: Capability) -> AppResult<()> {
        if self.has(capability) {
            Ok(())
        } else {
            Err(lacking(&[capability]))
        }
    }

    /// As [`Ctx::require`], for commands that any of several capabilities permits.
    ///
    /// # Errors
    /// 403, naming the capabilities (ORG-08).
    pub fn require_any(&self, capabilities: &[Capability]) -> AppResult<()> {
        if capabilities.iter().any(|c| self.has(*c)) {
            Ok(())
        } else {
            Err(lacking(capabilities))
        }
    }

    /// Refuses with 412 if the caller read another version than the current one.
    ///
    /// # Errors
    /// 412.
    pub fn check_version(&self, current: i64) -> AppResult<()> {
        match self.if_match {
            Some(read) if read != current => Err(AppError::stale()),
            _ => Ok(()),
        }
    }

    /// What a lost conditional update means: 412 to whoever said which version was read, else a race to run again.
    pub fn lost_update(&self) -> AppError {
        if self.if_match.is_some() {
            AppError::stale()
        } else {
            AppError::lost_race("the row changed meanwhile")
        }
    }

    /// Appends an event to the transaction: `kind` such as `customer.submitted`; personal data in `data` is masked.
    pub fn record<T>(
        &self,
        tx: &mut Tx<'_>,
        subject_kind: SubjectKind,
        subject_id: Id<T>,
        kind: &str,
        data: &serde_json::Value,
        rule: Option<&'static str>,
    ) {
        tx.push_event(EventDraft {
            id: self.new_id(),
            at: self.now,
            actor_id: self.actor.id,
            subject_kind,
            subject_id: subject_id.cast(),
            kind: kind.to_owned(),
            data: data.to_string(),
            rule,
            source: self.origin.source.clone(),
            trace_id: self.origin.trace_id.clone(),
        });
    }
}

fn lacking(capabilities: &[Capability]) -> AppError {
    let zh: Vec<_> = capabilities.iter().map(|c| c.label().zh).collect();
    let en: Vec<_> = capabilities.iter().map(|c| c.as_str()).collect();
    AppError::forbidden(
        format!("需要权限：{}。", zh.join(" 或 ")),
        format!("This needs the capability {}.", en.join(" or ")),
    )
    .rule("ORG-08")
}
