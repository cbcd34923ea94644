use serde_json::json;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn card(owner: u8, registered: &str) -> Card<u8> {
    Card {
        party: Party::Company,
        line: Line::General,
        kind: CustomerKind::Direct,
        state: CustomerState::Effective,
        security_level: 0,
        credit_code: None,
        owner,
        registered: (at(registered), "a".into()),
        agent_of_other: false,
        live: Vec::new(),
        pending: 0,
        arbitrations: 0,
    }
}

fn facts() -> MergeFacts<u8> {
    MergeFacts {
        survivor: card(1, "2026-03-02T01:00:00Z"),
        absorbed: card(2, "2026-03-02T01:00:01Z"),
        workers: Vec::new(),
        has_end_customers: false,
        contacts: 2,
        contact_limit: 2,
        products: 3,
        product_limit: 3,
    }
}

fn codes(change: impl FnOnce(&mut MergeFacts<u8>)) -> Vec<&'static str> {
    let mut facts = facts();
    change(&mut facts);
    obstacles(&facts).into_iter().map(|r| r.code).collect()
}

#[test]
fn equal_cards_merge_and_every_obstacle_is_named() {
    assert_eq!(codes(|_| ()), [""; 0]);
    for (change, code) in [
        (
            (|f| f.absorbed.state = CustomerState::Merged) as fn(&mut MergeFacts<u8>),
            "CUSTOMER_MERGED",
        ),
        (|f| f.absorbed.party = Party::Individual, "PARTIES_DIFFER"),
        (|f| f.absorbed.line = Line::CallCentre, "LINES_DIFFER"),
        (|f| f.survivor.agent_of_other = true, "AGENT_OF_THE_OTHER"),
        (
            |f| f.has_end_customers = true,
            "END_CUSTOMERS_NEED_AN_AGENT",
        ),
        (|f| f.absorbed.security_level = 1, "SECURITY_LEVELS_DIFFER"),
        (
            |f| f.survivor.state = CustomerState::Draft,
            "SURVIVOR_NOT_EFFECTIVE",
        ),
        (|f| f.absorbed.pending = 1, "PENDING_APPROVALS"),
        (|f| f.absorbed.arbitrations = 1, "UNDER_ARBITRATION"),
        (|f| f.contacts = 3, "TOO_MANY_CONTACTS"),
        (|f| f.products = 4, "TOO_MANY_PRODUCTS"),
    ] {
        assert_eq!(codes(change), [code]);
    }
    let several = codes(|f| {
        f.absorbed.party = Party::Individual;
        f.absorbed.pending = 2;
    });
    assert_eq!(several, ["PARTIES_DIFFER", "PENDING_APPROVALS"]);
}

#[test]
fn two_credit_codes_are_two_customers_but_one_or_none_is_no_obstacle() {
    let with = |a: Option<&str>, b: Option<&str>| {
        codes(|f| {
            f.survivor.credit_code = a.map(str::to_owned);
            f.absorbed.credit_code = b.map(str::to_owned);
        })
    };
    assert_eq!(with(Some("A"), Some("B")), ["CREDIT_CODES_DIFFER"]);
    assert_eq!(with(Some("A"), Some("A")), [""; 0]);
    assert_eq!(with(None, Some("A")), [""; 0]);
}

#[test]
fn the_first_registered_survives_by_a_microsecond_unless_one_owns_both() {
    let with = |registered: &str, id: &str, owner: u8| {
        codes(|f| {
            f.absorbed.registered = (at(registered), id.into());
            f.absorbed.owner = owner;
        })
    };
    let refused = ["FIRST_REGISTERED_SURVIVES"];
    assert_eq!(with("2026-03-02T00:59:59.999999Z", "z", 2), refused);
    assert_eq!(with("2026-03-02T00:59:59.999999Z", "z", 1), [""; 0]);
    assert_eq!(with("2026-03-02T01:00:00Z", "A", 2), refused);
    assert_eq!(with("2026-03-02T01:00:00Z", "b", 2), [""; 0]);
}

#[test]
fn live_opportunities_of_different_people_are_a_conflict() {
    let with = |survivor: &[u8], absorbed: &[u8], workers: &[u8]| {
        codes(|f| {
            f.survivor.live = survivor.to_vec();
            f.absorbed.live = absorbed.to_vec();
            f.workers = workers.to_vec();
        })
    };
    let refused = ["LIVE_OPPORTUNITIES_OF_DIFFERENT_OWNERS"];
    assert_eq!(with(&[1], &[2], &[]), refused);
    assert_eq!(with(&[], &[2], &[]), refused);
    assert_eq!(with(&[], &[2], &[2]), [""; 0]);
    assert_eq!(with(&[1], &[1], &[]), [""; 0]);
    assert_eq!(with(&[1], &[], &[]), [""; 0]);
    assert_eq!(with(&[3], &[1], &[3]), refused);
}

#[test]
fn the_survivors_value_stays_unless_it_has_none_or_the_other_was_asked_for() {
    let (a, b, none) = (json!("甲"), json!("乙"), Value::Null);
    let choose =
        |s: &Value, o: &Value, taken: &[MergeField]| chosen(MergeField::Industry, s, o, taken);
    assert_eq!(choose(&a, &b, &[]), a);
    assert_eq!(choose(&none, &b, &[]), b);
    assert_eq!(choose(&a, &b, &[MergeField::Industry]), b);
    assert_eq!(choose(&a, &none, &[MergeField::Industry]), a);
    assert_eq!(choose(&none, &none, &[]), none);
    let (early, late) = (
        json!("2026-03-02T01:00:00.000000Z"),
        json!("2026-03-02T01:00:00.000001Z"),
    );
    let last = |s: &Value, o: &Value| chosen(MergeField::LastContact, s, o, &[]);
    assert_eq!(last(&early, &late), late);
    assert_eq!(last(&late, &early), late);
    assert_eq!(last(&none, &early), early);
    assert_eq!(last(&early, &none), early);
}

#[test]
fn a_merge_is_undone_in_time_and_the_last_one_first() {
    let facts = UndoFacts {
        undone: false,
        now: at("2026-03-02T01:00:00Z"),
        until: at("2026-03-02T01:00:00Z"),
        later_merges: false,
        pending: false,
    };
    let code = |facts: UndoFacts| undo(&facts).map_err(|r| r.code);
    assert_eq!(code(facts), Ok(()));
    let late = at("2026-03-02T01:00:00.000001Z");
    assert_eq!(code(UndoFacts { now: late, ..facts }), Err("UNDO_EXPIRED"));
    assert_eq!(
        code(UndoFacts {
            later_merges: true,
            ..facts
        }),
        Err("LATER_MERGE")
    );
    assert_eq!(
        code(UndoFacts {
            pending: true,
            ..facts
        }),
        Err("PENDING_APPROVALS")
    );
    assert_eq!(
        code(UndoFacts {
            undone: true,
            ..facts
        }),
        Err("ALREADY_UNDONE")
    );
}
