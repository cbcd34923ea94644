//! Who acts, when, and with what rights: the second parameter of every service.

use std::{cell::Cell, sync::Arc};

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
        vocabulary::{Capability, Condition, CustomerKind, Line, Scope, ShareLevel, SubjectKind},
    },
    error::{AppError, AppResult},
    models::versioned::Versioned,
    policy::{Current, Policies, Setting},
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
    /// What opens records to the user beside roles, the reporting line and shares of one's own.
    pub ties: Ties,
}

/// What opens records to someone beside roles, the reporting line and shares of one's own.
#[derive(Debug, Clone, Default)]
pub struct Ties {
    /// The account of the user's unit: the holder of the group's shared column, and of shares with the unit (DUP-15).
    pub unit_account: Option<UserId>,
    /// Those absent colleagues whose records the user works now (DUP-17).
    pub works_for: Vec<UserId>,
    /// The automatic sharing rules that reach the user now (DUP-14).
    pub rules: Vec<SharingReach>,
    /// Whether the user is leaving the company, or has left: what the user could take along is closed (ORG-23).
    pub leaving: bool,
}

/// What an automatic sharing rule opens: customers of a unit and below, of these kinds, lines and conditions (DUP-14).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharingReach {
    /// The unit, with all below.
    pub unit_id: UnitId,
    /// Kinds.
    pub kinds: Vec<CustomerKind>,
    /// Business lines.
    pub lines: Vec<Line>,
    /// Conditions.
    pub conditions: Vec<Condition>,
    /// How far.
    pub level: ShareLevel,
}

/// Where a unit of work comes from; it ends up in every event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The client's address, or `job`, `cli`.
    pub source: String,
    /// The trace id that the caller was given.
    pub trace_id: String,
}

impl Origin {
    /// Of work that no request asked for: where it comes from is all that there is to trace.
    pub fn of(source: &str) -> Self {
        Self {
            source: source.to_owned(),
            trace_id: source.to_owned(),
        }
    }
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
    /// The policies, each in all its approved versions.
    pub policies: Arc<Policies>,
    /// The version that the caller read (`If-Match`), where the command was given one.
    pub if_match: Option<i64>,
    pub(crate) ids: IdSource,
    pub(crate) vault: Arc<Vault>,
    /// In whose stead the unit of work is done, once a record of an absent colleague has been looked up for a change
    /// (DUP-17): every event after that says so.
    pub(crate) in_stead: Cell<Option<UserId>>,
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

    /// A policy's settings in force now.
    ///
    /// # Errors
    /// A fault: a kept version that no longer reads.
    pub fn policy<S: Setting>(&self) -> AppResult<Current<S>> {
        self.policies.at(self.now).map_err(AppError::internal)
    }

    /// Today in the company's zone.
    pub fn today(&self) -> NaiveDate {
        self.now.date_in(self.zone)
    }

    /// Notes that a record of this owner is worked on: if the owner is absent and the actor stands in, the work is the
    /// owner's, done in the owner's stead (DUP-17). Answers whose.
    pub fn works_on(&self, owner: UserId) -> Option<UserId> {
        if owner != self.actor.id && self.actor.ties.works_for.contains(&owner) {
            self.in_stead.set(Some(owner));
            return Some(owner);
        }
        None
    }

    /// Refuses whoever is leaving: a leaver takes no data along and gives none away (ORG-23, ORG-24).
    ///
    /// # Errors
    /// 403.
    pub fn refuse_leaver(&self) -> AppResult<()> {
        if !self.actor.ties.leaving {
            return Ok(());
        }
        Err(AppError::forbidden(
            "您正在办理离职，不能共享、导出或查看完整联系方式；请由接手人办理。",
            "You are leaving: you may not share, export or reveal data any more; whoever takes over can.",
        )
        .rule("ORG-23"))
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

    /// Keeps the next version of a record, if it still has the version that was read.
    ///
    /// # Errors
    /// The save's; 412 or another attempt when it changed meanwhile.
    pub fn keep<R: Versioned>(
        &self,
        read: i64,
        next: &mut R,
        save: impl FnOnce(&R) -> AppResult<bool>,
    ) -> AppResult<()> {
        let (version, updated_at) = next.count();
        (*version, *updated_at) = (read + 1, self.now);
        if save(next)? {
            Ok(())
        } else {
            Err(self.lost_update())
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
            data: self.marked(data),
            rule,
            source: self.origin.source.clone(),
            trace_id: self.origin.trace_id.clone(),
        });
    }

    /// An event's data, with the absent colleague in whose stead it was done.
    fn marked(&self, data: &serde_json::Value) -> String {
        match (self.in_stead.get(), data) {
            (Some(owner), serde_json::Value::Object(members)) => {
                let mut members = members.clone();
                members.insert("on_behalf_of".to_owned(), serde_json::json!(owner));
                serde_json::Value::Object(members).to_string()
            }
            _ => data.to_string(),
        }
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
