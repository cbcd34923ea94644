//! Access tokens: short-lived JWTs of one algorithm, bound to a session.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode,
};
use serde::{Deserialize, Serialize};

use super::keys;
use crate::{
    domain::{
        id::kind::{SessionId, UserId},
        timestamp::Timestamp,
    },
    error::{AppError, AppResult},
};

const ISSUER: &str = "xianlu";
const AUDIENCE: &str = "xianlu-api";
/// RFC 9068's type, so that no other JWT signed with our key passes for an access token.
const TYPE: &str = "at+jwt";

/// What an access token says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claims {
    iss: String,
    aud: String,
    /// The user.
    pub sub: UserId,
    /// The session: revoking it ends the token.
    pub sid: SessionId,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// How many tokens are known to be ours at most: those of a large company's working day.
const KNOWN: usize = 8192;

/// Issues and checks access tokens.
#[derive(Clone)]
pub struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    refresh: [u8; 32],
    /// What tokens say that were found to be ours, by their digests: a client sends the same one again and again.
    known: Arc<Mutex<HashMap<[u8; 32], Claims>>>,
}

impl Tokens {
    /// With this installation's keys.
    pub fn new(keys: &keys::Keys) -> Self {
        Self {
            encoding: EncodingKey::from_secret(&keys.tokens),
            decoding: DecodingKey::from_secret(&keys.tokens),
            refresh: keys.refresh,
            known: Arc::default(),
        }
    }

    /// A token for a session, valid for `minutes`.
    ///
    /// # Errors
    /// When signing fails.
    pub fn issue(
        &self,
        user: UserId,
        session: SessionId,
        now: Timestamp,
        minutes: i64,
    ) -> AppResult<String> {
        let issued = now.unix_seconds();
        let claims = Claims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: user,
            sid: session,
            iat: issued,
            nbf: issued,
            exp: issued + minutes * 60,
        };
        let mut header = Header::new(Algorithm::HS256);
        header.typ = Some(TYPE.into());
        encode(&header, &claims, &self.encoding).map_err(AppError::internal)
    }

    /// The claims of a token that is ours, whole and current at `now`.
    pub fn check(&self, token: &str, now: Timestamp) -> Option<Claims> {
        let claims = self.ours(token)?;
        let now = now.unix_seconds();
        (claims.nbf <= now && now < claims.exp).then_some(claims)
    }

    /// The claims of a token that is ours and whole, at whatever time.
    fn ours(&self, token: &str) -> Option<Claims> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let digest = keys::digest(&[token.as_bytes()]);
        if let Some(claims) = known().get(&digest) {
            return Some(claims.clone());
        }
        let claims = self.verified(token)?;
        let mut known = known();
        if known.len() >= KNOWN {
            known.clear();
        }
        known.insert(digest, claims.clone());
        Some(claims)
    }

    fn verified(&self, token: &str) -> Option<Claims> {
        let header = decode_header(token).ok()?;
        if header.typ.as_deref() != Some(TYPE) || header.kid.is_some() {
            return None;
        }
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
        // The library would read the system clock; ours is asked by the caller.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        decode::<Claims>(token, &self.decoding, &validation)
            .ok()
            .map(|data| data.claims)
    }

    /// A fresh refresh token and the hash under which it is kept.
    pub fn fresh_refresh(&self) -> (String, String) {
        let token = keys::hex(&rand::random::<[u8; 32]>());
        let hash = self.refresh_hash(&token);
        (token, hash)
    }

    /// The hash under which a refresh token is kept.
    pub fn refresh_hash(&self, token: &str) -> String {
        keys::hex(&keys::mac(&self.refresh, &[token.as_bytes()]))
    }
}
