//! The customers that are likely the same as one (DUP-10): candidates by the beginning of the name, judged by
//! `policy::customers::similarity`. This is the one place where candidates come from: a better index replaces
//! [`of`] and nothing else.

use crate::{
    db::Conn,
    domain::Phone,
    error::AppResult,
    models::customers::customer::Customer,
    policy::customers::similarity::{self, Likeable, Likeness},
    repositories::customers::duplicate_pairs,
};

/// How many candidates are looked at for one customer.
const CANDIDATES: i64 = 50;

/// A customer that is likely the same.
pub struct Similar {
    /// The other.
    pub customer: Customer,
    /// How alike, and why.
    pub likeness: Likeness,
}

/// The registered customers that are at least so much alike.
///
/// # Errors
/// A database fault.
pub fn of(conn: &mut Conn, customer: &Customer, min_score: u8) -> AppResult<Vec<Similar>> {
    let core = similarity::core(&customer.folded_name);
    let found = duplicate_pairs::named_like(conn, customer, core, CANDIDATES)?;
    Ok(found
        .into_iter()
        .filter_map(|other| {
            let likeness = likeness(customer, &other);
            (likeness.score >= min_score).then_some(Similar {
                customer: other,
                likeness,
            })
        })
        .collect())
}

fn likeness(a: &Customer, b: &Customer) -> Likeness {
    let phone = |customer: &Customer| customer.phone.as_ref().map(|p| Phone::key(p).to_string());
    let (phone_a, phone_b) = (phone(a), phone(b));
    similarity::likeness(
        &likeable(a, phone_a.as_deref()),
        &likeable(b, phone_b.as_deref()),
    )
}

fn likeable<'a>(customer: &'a Customer, phone: Option<&'a str>) -> Likeable<'a> {
    Likeable {
        name: &customer.folded_name,
        credit_code: customer.credit_code.as_ref().map(|code| code.as_str()),
        phone,
        address: customer.address.as_deref(),
        website: None,
    }
}
