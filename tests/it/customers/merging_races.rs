//! Merges at one moment with other work: exactly one consistent outcome (DUP-09).

use super::{
    complete,
    merging::{ABSORBED, SURVIVOR, body, merge, preview, registered, undo},
};
use crate::harness::{TestApp, json, statuses, together};

/// Every record of the customer is with the survivor, and no key is with the absorbed one.
fn nothing_is_left(app: &TestApp, absorbed: &str) {
    for table in [
        "contacts",
        "activities",
        "registration_attempts",
        "registration_keys",
    ] {
        // The absorbed card's own contact equals the survivor's: it stays with it, and is the only one.
        let allowed = i64::from(table == "contacts");
        let left = app.count(&format!("{table} WHERE customer_id = '{absorbed}'"));
        assert_eq!(left, allowed, "{table}");
    }
}

#[test]
fn of_merges_of_the_same_two_at_once_one_is_made() {
    for _ in 0..4 {
        let app = TestApp::start();
        let seller = app.salesperson();
        let (one, other) = (registered(&seller, SURVIVOR), registered(&seller, ABSORBED));
        let there = preview(&seller, &one, &other, &[]).expect(200).json();
        let back = preview(&seller, &other, &one, &[]).expect(200).json();
        let answers = together(8, |n| {
            let (survivor, seen) = if n % 2 == 0 {
                (&one, &there)
            } else {
                (&other, &back)
            };
            seller.decide(
                &format!("/customers/{survivor}/merge"),
                "\"1\"",
                body(seen, &[]),
            )
        });
        let made = answers.iter().filter(|a| a.status() == 200).count();
        assert_eq!(made, 1, "{:?}", statuses(&answers));
        assert!(
            answers
                .iter()
                .all(|a| [200, 409, 412].contains(&a.status())),
            "{:?}",
            statuses(&answers)
        );
        assert_eq!(app.count("merges WHERE state = 'DONE'"), 1);
        assert_eq!(app.count("customers WHERE state = 'MERGED'"), 1);
    }
}

#[test]
fn a_merge_and_an_edit_at_once_see_each_other() {
    for _ in 0..4 {
        let app = TestApp::start();
        let seller = app.salesperson();
        let (one, other) = (registered(&seller, SURVIVOR), registered(&seller, ABSORBED));
        let seen = preview(&seller, &one, &other, &[]).expect(200).json();
        let answers = together(3, |n| match n {
            0 => seller.decide(
                &format!("/customers/{one}/merge"),
                "\"1\"",
                body(&seen, &[]),
            ),
            1 => seller.patch(
                &format!("/customers/{other}"),
                "\"1\"",
                json!({ "grade": 5 }),
            ),
            _ => seller.patch(&format!("/customers/{one}"), "\"1\"", json!({ "grade": 6 })),
        });
        let (merged, absorbed_edit, survivor_edit) = (
            answers[0].status(),
            answers[1].status(),
            answers[2].status(),
        );
        if merged == 200 {
            assert_eq!(
                (absorbed_edit, survivor_edit),
                (409, 412),
                "{:?}",
                statuses(&answers)
            );
        } else {
            assert_eq!(merged, 412, "{}", answers[0]);
        }
    }
}

#[test]
fn while_two_are_merged_the_absorbed_name_is_never_free_and_nothing_new_is_left_with_it() {
    for _ in 0..4 {
        let app = TestApp::start();
        let (seller, colleague) = (app.salesperson(), app.colleague());
        let (one, other) = (registered(&seller, SURVIVOR), registered(&seller, ABSORBED));
        let answers = together(8, |n| match n {
            0 => merge(&seller, &one, &other, &[]),
            1..=4 => colleague.post("/customers", complete(ABSORBED)),
            5 | 6 => {
                let call = json!({
                    "customer_id": other, "kind": "CALL", "happened_at": "2026-03-02T00:30:00Z", "content": "电话",
                });
                seller.post("/activities", call)
            }
            _ => {
                let contact = json!({ "name": "新人", "mobile": "13700137000" });
                seller.post(&format!("/customers/{other}/contacts"), contact)
            }
        });
        for refused in &answers[1..5] {
            assert_eq!(refused.status(), 409, "{refused}");
        }
        if answers[0].status() == 200 {
            nothing_is_left(&app, &other);
        } else {
            // Something was added between the preview and the merge.
            assert_eq!(answers[0].status(), 412, "{}", answers[0]);
            merge(&seller, &one, &other, &[]).expect(200);
            nothing_is_left(&app, &other);
        }
        assert_eq!(
            app.count("customers WHERE owner_id <> created_by OR state = 'MERGED'"),
            1
        );
    }
}

#[test]
fn a_merge_and_a_change_of_owner_by_ruling_give_one_owner() {
    for _ in 0..4 {
        let app = TestApp::start();
        let (seller, colleague, manager) =
            (app.salesperson(), app.colleague(), app.department_manager());
        let (one, other) = (registered(&seller, SURVIVOR), registered(&seller, ABSORBED));
        let attempt = colleague
            .post("/customers", complete(ABSORBED))
            .expect(409)
            .problem()["attempt_id"]
            .clone();
        let path = format!(
            "/registration-attempts/{}/appeal",
            attempt.as_str().unwrap()
        );
        let case = colleague
            .post(&path, json!({ "reason": "客户优势" }))
            .expect(201)
            .id();
        let seen = preview(&manager, &one, &other, &[]).expect(200).json();
        let answers = together(2, |n| match n {
            0 => manager.decide(
                &format!("/customers/{one}/merge"),
                "\"1\"",
                body(&seen, &[]),
            ),
            _ => {
                let ruling = json!({ "ruling": "TRANSFER", "basis": "最有利签约" });
                manager.decide(&format!("/conflict-cases/{case}/rule"), "\"1\"", ruling)
            }
        });
        match (answers[0].status(), answers[1].status()) {
            // Merged first: the case went to the survivor with the customer, and its version rose.
            (200, 412) => assert_eq!(
                app.count(&format!("conflict_cases WHERE customer_id = '{one}'")),
                1
            ),
            // Transferred first: the preview is old.
            (412, 200) => {
                let owner = colleague.id();
                assert_eq!(
                    app.count(&format!(
                        "customers WHERE id = '{other}' AND owner_id = '{owner}'"
                    )),
                    1
                );
            }
            found => panic!("{found:?}"),
        }
    }
}

#[test]
fn of_undos_at_once_one_is_made() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let (one, other) = (registered(&seller, SURVIVOR), registered(&seller, ABSORBED));
    let id = merge(&seller, &one, &other, &[]).expect(200).id();
    let answers = together(8, |_| undo(&seller, &id));
    let made = answers.iter().filter(|a| a.status() == 200).count();
    assert_eq!(made, 1, "{:?}", statuses(&answers));
    assert_eq!(app.count("customers WHERE state = 'MERGED'"), 0);
    assert_eq!(app.count("events WHERE kind = 'customer.unmerged'"), 1);
}
