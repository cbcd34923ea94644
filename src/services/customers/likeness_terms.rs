//! What is compared beside names (DUP-01, AMB-3): phone, address and website as terms of the matching index. Keyed hashes:
//! nobody reads a phone or an address out of the index.

use crate::{
    auth::vault::Vault,
    domain::{Phone, fold, names::Places},
    policy::customers::match_terms,
};

/// A phone as it is compared, as a term: without its extension, as unique keys are.
pub(super) fn phone_term(vault: &Vault, phone: Option<&str>) -> Option<i64> {
    let phone = Phone::parse(phone?).ok()?;
    let hash = vault.keyed_hash64("match/phone", phone.key().as_bytes());
    Some(match_terms::beside(match_terms::Beside::Phone, hash))
}

/// Fewest characters of an address, without its places, that say where a company is.
const ADDRESS: usize = 5;

/// An address as it is compared, as a term: without the places before the street, which may be written or not.
pub(super) fn address_term(vault: &Vault, address: Option<&str>) -> Option<i64> {
    let folded: Vec<char> = fold(address?).chars().collect();
    let known = Places::builtin();
    let mut at = 0;
    let mut before = None;
    while let Some(found) = known.read(folded.get(at..)?, before, before.is_none()) {
        at += found.length;
        before = Some(found.place);
    }
    let street: String = folded.get(at..)?.iter().collect();
    let says_where = street.chars().count() >= ADDRESS && street.chars().any(char::is_numeric);
    says_where.then(|| {
        let hash = vault.keyed_hash64("match/address", street.as_bytes());
        match_terms::beside(match_terms::Beside::Address, hash)
    })
}

/// A website's host as a term.
pub(super) fn website_term(vault: &Vault, website: Option<&str>) -> Option<i64> {
    let website = website?;
    let host = website
        .split(['/', '?', '#', ':'])
        .next()
        .unwrap_or(website);
    let host = host.strip_prefix("www.").unwrap_or(host).to_lowercase();
    (!host.is_empty()).then(|| {
        let hash = vault.keyed_hash64("match/website", host.as_bytes());
        match_terms::beside(match_terms::Beside::Website, hash)
    })
}
