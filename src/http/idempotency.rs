//! A retry with the same `Idempotency-Key` gets the first answer; the key is kept in the transaction of the write.

use super::{Caller, Reply};
use crate::{
    auth::keys,
    context::Ctx,
    db::Tx,
    error::{AppError, AppResult, Code},
    models::platform::idempotency::KeptAnswer,
    repositories::platform::idempotency,
};

/// Refuses a service account that sends no key: for commands that do something before [`once`].
///
/// # Errors
/// 428.
pub fn require_key(ctx: &Ctx, caller: &Caller) -> AppResult<()> {
    if ctx.actor.service_account && caller.idempotency_key.is_none() {
        return Err(AppError::new(
            Code::PreconditionRequired,
            "服务账号的写入请求须带 Idempotency-Key。",
            "Service accounts must send an Idempotency-Key.",
        ));
    }
    Ok(())
}

/// Runs a command once per key: a later call with the same key and request gets the kept answer. The fingerprint is
/// keyed with `secret`, so that a kept one does not help to guess what the body said.
///
/// # Errors
/// The command's; 422 if the key belongs to another request; 428 if a service account sends none.
pub fn once(
    tx: &mut Tx<'_>,
    secret: &[u8; 32],
    ctx: &Ctx,
    caller: &Caller,
    digest: &[u8; 32],
    command: impl FnOnce(&mut Tx<'_>) -> AppResult<Reply>,
) -> AppResult<Reply> {
    require_key(ctx, caller)?;
    let Some(key) = &caller.idempotency_key else {
        return command(tx);
    };
    let fingerprint = keys::hex(&keys::mac(secret, &[caller.target.as_bytes(), digest]));
    if let Some(kept) = idempotency::find(tx, ctx.actor.id, key)? {
        if kept.fingerprint != fingerprint {
            return Err(AppError::new(
                Code::KeyReused,
                "该幂等键已用于另一请求，请换一个新键。",
                "This Idempotency-Key belongs to another request: use a new one.",
            ));
        }
        return Ok(Reply {
            status: u16::try_from(kept.status).unwrap_or(200),
            etag: kept.etag,
            location: kept.location,
            link: None,
            body: kept.body,
            replayed: true,
        });
    }
    // The key is claimed before the command: of several at once the first runs, the others wait for it on the unique
    // key and then find its answer, instead of meeting what it has just written.
    let claim = KeptAnswer {
        actor_id: ctx.actor.id,
        idempotency_key: key.clone(),
        fingerprint,
        status: 0,
        etag: None,
        location: None,
        body: String::new(),
        created_at: ctx.now,
    };
    idempotency::claim(tx, &claim)?;
    match command(tx) {
        Ok(reply) => {
            let answer = KeptAnswer {
                status: i32::from(reply.status),
                etag: reply.etag.clone(),
                location: reply.location.clone(),
                body: reply.body.clone(),
                ..claim
            };
            idempotency::keep(tx, &answer)?;
            Ok(reply)
        }
        Err(refusal) => {
            // What is recorded is committed; the key is free again all the same.
            if refusal.is_recorded() {
                idempotency::release(tx, ctx.actor.id, key)?;
            }
            Err(refusal)
        }
    }
}
