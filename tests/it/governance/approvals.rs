//! The approval engine (AMB-13, AMB-28, AMB-50, CON-03..05, ORG-33).

use xianlu::{
    db::Tx,
    domain::{
        id::kind::{AnyId, ApprovalId, UserId},
        vocabulary::{Capability, SeatMode, SeatScope, SubjectKind},
    },
    error::{AppResult, Code},
    policy::governance::approval::{Route, Seat, Step},
    services::governance::approvals::{self, Submission},
};

use crate::harness::{Answer, Client, Person, TestApp, Value, json, statuses, together};

fn user(app: &TestApp, person: Person) -> UserId {
    app.client(person).id().parse().expect("an id")
}

fn step(mode: SeatMode, seats: &[(Capability, SeatScope)]) -> Step {
    let seats = seats.iter().map(|(capability, scope)| Seat {
        capability: *capability,
        scope: *scope,
    });
    Step {
        mode,
        seats: seats.collect(),
    }
}

fn countersign() -> Route {
    let company = SeatScope::Company;
    let three = [
        (Capability::CountersignResearch, company),
        (Capability::CountersignService, company),
        (Capability::CountersignPresident, company),
    ];
    let first = step(
        SeatMode::AnyOf,
        &[(Capability::CountersignPreliminary, company)],
    );
    Route {
        steps: vec![first, step(SeatMode::AllOf, &three)],
    }
}

fn one(mode: SeatMode, capability: Capability, scope: SeatScope) -> Route {
    Route {
        steps: vec![step(mode, &[(capability, scope)])],
    }
}

/// A proposal that waits for nobody yet: a subject to try routes on.
fn subject(app: &TestApp) -> AnyId {
    let body = json!({ "value": { "history": 7 }, "reason": "试验" });
    let proposed = app
        .administrator()
        .post("/policies/password/versions", body)
        .expect(201);
    let id: AnyId = proposed.id().parse().unwrap();
    let administrator = user(app, Person::Administrator);
    let ended = app
        .inside()
        .write_as(administrator, "test", move |tx, ctx| {
            let state = xianlu::domain::vocabulary::ApprovalState::Void;
            approvals::end_pending(tx, ctx, SubjectKind::Policy, id, state, "test")
        });
    assert!(ended.unwrap());
    id
}

/// Submits as this person, for the person's own unit.
fn try_submit(app: &TestApp, by: Person, id: AnyId, route: Route) -> AppResult<ApprovalId> {
    let by = user(app, by);
    app.inside()
        .write_as(by, "test", move |tx: &mut Tx<'_>, ctx| {
            let submission = Submission {
                subject_kind: SubjectKind::Policy,
                subject_id: id,
                subject_version: 1,
                title: "试验".into(),
                rule: "CON-04",
                policy: None,
                owner_id: ctx.actor.id,
                unit_id: ctx.actor.unit_id,
                security_level: 0,
                route: route.clone(),
            };
            approvals::submit(tx, ctx, submission)
        })
}

fn submit(app: &TestApp, by: Person, route: Route) -> String {
    let id = subject(app);
    let approval = try_submit(app, by, id, route).expect("it can be submitted");
    format!("/approvals/{approval}")
}

fn say(client: &Client<'_>, path: &str, opinion: &str) -> Answer {
    let etag = client.get(path).expect(200).etag();
    say_on(client, path, &etag, opinion)
}

fn say_on(client: &Client<'_>, path: &str, etag: &str, opinion: &str) -> Answer {
    let body = match opinion {
        "AGREE" => json!({ "opinion": opinion }),
        _ => json!({ "opinion": opinion, "comment": "理由" }),
    };
    client.decide(&format!("{path}/decisions"), etag, body)
}

fn names(view: &Value, step: usize, seat: usize) -> Vec<String> {
    let holders = view["steps"][step]["seats"][seat]["holders"]
        .as_array()
        .unwrap();
    let mut names: Vec<_> = holders
        .iter()
        .map(|holder| holder["name"].as_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

fn inbox(client: &Client<'_>) -> Vec<String> {
    client
        .get("/approvals?waiting_for_me=true")
        .expect(200)
        .ids()
}

#[test]
fn countersigning_runs_from_the_preliminary_opinion_to_the_three() {
    let app = TestApp::start();
    let path = submit(&app, Person::Salesperson, countersign());
    let id = path.rsplit('/').next().unwrap().to_owned();
    assert_eq!(inbox(&app.sales_management_manager()), [id.as_str()]);
    assert_eq!(inbox(&app.president()), [""; 0]);
    let view = say(&app.sales_management_manager(), &path, "AGREE")
        .expect(200)
        .json();
    assert_eq!((&view["step"], &view["version"]), (&json!(2), &json!(2)));
    assert_eq!(inbox(&app.sales_management_manager()), [""; 0]);
    for person in [app.rd_vice_president(), app.service_vice_president()] {
        assert_eq!(inbox(&person), [id.as_str()]);
        let view = say(&person, &path, "AGREE").expect(200).json();
        assert_eq!(
            (&view["state"], &view["version"]),
            (&json!("PENDING"), &json!(2))
        );
        assert_eq!(inbox(&person), [""; 0]);
    }
    let view = say(&app.president(), &path, "AGREE").expect(200).json();
    assert_eq!(
        (&view["state"], &view["version"]),
        (&json!("APPROVED"), &json!(3))
    );
    assert_eq!(view["allowed_actions"], json!([]));
    assert_eq!(app.count("pending_approvals"), 0);
    assert_eq!(app.count("approval_holders WHERE waiting = TRUE"), 0);
    assert_eq!(app.count("policy_versions WHERE state = 'APPROVED'"), 1);
}

#[test]
fn the_three_of_an_all_of_step_may_decide_at_once() {
    let app = TestApp::start();
    let path = submit(&app, Person::Salesperson, countersign());
    let etag = say(&app.sales_management_manager(), &path, "AGREE")
        .expect(200)
        .etag();
    let three = [
        app.rd_vice_president(),
        app.service_vice_president(),
        app.president(),
    ];
    three.iter().for_each(|person| drop(person.id()));
    let answers = together(3, |n| say_on(&three[n], &path, &etag, "AGREE"));
    assert_eq!(statuses(&answers), [(200, 3)]);
    let view = app.president().get(&path).expect(200).json();
    assert_eq!(
        (&view["state"], &view["version"]),
        (&json!("APPROVED"), &json!(3))
    );
}

#[test]
fn of_several_who_decide_an_any_of_step_at_once_one_decides() {
    let app = TestApp::start();
    let route = one(
        SeatMode::AnyOf,
        Capability::ApproveQuotesExecutive,
        SeatScope::Company,
    );
    let path = submit(&app, Person::Salesperson, route);
    let etag = app.president().get(&path).expect(200).etag();
    let four = [
        app.president(),
        app.vice_president(),
        app.rd_vice_president(),
        app.service_vice_president(),
    ];
    four.iter().for_each(|person| drop(person.id()));
    let answers = together(4, |n| {
        say_on(
            &four[n],
            &path,
            &etag,
            if n % 2 == 0 { "AGREE" } else { "DISAGREE" },
        )
    });
    assert_eq!(statuses(&answers), [(200, 1), (412, 3)]);
    let won = answers
        .iter()
        .find(|answer| answer.status() == 200)
        .unwrap()
        .json();
    let view = app.president().get(&path).expect(200).json();
    assert_eq!(view["state"], won["state"]);
}

#[test]
fn one_disagreement_ends_it_and_needs_a_reason() {
    let app = TestApp::start();
    let path = submit(&app, Person::Salesperson, countersign());
    let preliminary = app.sales_management_manager();
    let etag = preliminary.get(&path).expect(200).etag();
    for body in [
        json!({ "opinion": "DISAGREE" }),
        json!({ "opinion": "RETURN", "comment": " " }),
    ] {
        let refused = preliminary
            .decide(&format!("{path}/decisions"), &etag, body)
            .expect(422);
        assert_eq!(
            refused.failing_fields(),
            [("/comment".into(), "REQUIRED".into())]
        );
    }
    say(&preliminary, &path, "AGREE").expect(200);
    let view = say(&app.rd_vice_president(), &path, "DISAGREE")
        .expect(200)
        .json();
    assert_eq!(
        (&view["state"], &view["ended_because"]),
        (&json!("REJECTED"), &json!("理由"))
    );
    let seats = view["steps"][1]["seats"].as_array().unwrap();
    let states: Vec<_> = seats
        .iter()
        .map(|seat| seat["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["DECIDED", "SKIPPED", "SKIPPED"]);
    say(&app.president(), &path, "AGREE").expect_code(409, "STATE_CONFLICT");
    assert_eq!(app.count("policy_versions WHERE state = 'REJECTED'"), 1);
}

#[test]
fn nobody_decides_on_their_own_and_a_substitute_stands_in_where_nobody_is_left() {
    let app = TestApp::start();
    let route = one(
        SeatMode::AnyOf,
        Capability::ApprovePolicies,
        SeatScope::Company,
    );
    let path = submit(&app, Person::President, route);
    let view = app.president().get(&path).expect(200).json();
    assert_eq!(names(&view, 0, 0), [Person::Administrator.name()]);
    assert_eq!(view["allowed_actions"], json!(["WITHDRAW"]));
    let refused = say(&app.president(), &path, "AGREE").expect(403).problem();
    assert_eq!(
        (&refused["rule"], &refused["reason"]),
        (&json!("AMB-13"), &json!("OWN_RECORD"))
    );
    say(&app.administrator(), &path, "AGREE").expect(200);
}

#[test]
fn without_anyone_who_could_decide_nothing_is_submitted() {
    let app = TestApp::start();
    let id = subject(&app);
    app.sql("DELETE FROM role_capabilities WHERE capability IN ('APPROVE_POLICIES', 'SUBSTITUTE_APPROVER')");
    let route = one(
        SeatMode::AnyOf,
        Capability::ApprovePolicies,
        SeatScope::Company,
    );
    let refused = try_submit(&app, Person::Salesperson, id, route).unwrap_err();
    assert_eq!(
        (refused.code(), refused.rule_id()),
        (Code::RuleRefused, Some("AMB-50"))
    );
    assert_eq!(app.count("pending_approvals"), 0);
}

#[test]
fn a_seat_goes_to_the_nearest_unit_that_has_somebody() {
    let app = TestApp::start();
    let route = || {
        one(
            SeatMode::AnyOf,
            Capability::ReviewCustomers,
            SeatScope::SubmitterUnit,
        )
    };
    let held = |by: Person| {
        let path = submit(&app, by, route());
        let view = app.administrator().get(&path).expect(200).json();
        names(&view, 0, 0)
    };
    let mut department = [
        Person::DepartmentManager.name(),
        Person::DepartmentAssistant.name(),
    ];
    department.sort();
    assert_eq!(held(Person::Apprentice), department);
    assert_eq!(held(Person::Salesperson), department);
    assert_eq!(
        held(Person::DepartmentManager),
        [Person::DepartmentAssistant.name()]
    );
    assert_eq!(
        held(Person::ChannelManager),
        [Person::BranchDirector.name()]
    );
    assert_eq!(
        held(Person::OtherSalesperson),
        [Person::OtherManager.name()]
    );
}

#[test]
fn a_delegate_decides_in_the_holders_place_and_both_are_recorded() {
    let app = TestApp::start();
    let route = one(
        SeatMode::AnyOf,
        Capability::ApproveQuotesAssistant,
        SeatScope::Company,
    );
    let path = submit(&app, Person::Salesperson, route);
    app.other_manager().get(&path).expect_code(404, "NOT_FOUND");
    let (absent, delegate) = (
        user(&app, Person::PresidentAssistant),
        user(&app, Person::OtherManager),
    );
    app.sql(&format!(
        "INSERT INTO delegations (id, delegator_id, delegate_id, starts_at, ends_at, reason, version, created_at, updated_at)
         VALUES ('01980000-0000-7000-8000-0000000d0001', '{absent}', '{delegate}', '2026-03-01 00:00:00', '2026-03-09 00:00:00', '出差', 1, '2026-03-01 00:00:00', '2026-03-01 00:00:00')"
    ));
    assert_eq!(inbox(&app.other_manager()).len(), 1);
    let view = say(&app.other_manager(), &path, "AGREE").expect(200).json();
    let seat = &view["steps"][0]["seats"][0];
    assert_eq!(seat["decided_by"]["name"], Person::OtherManager.name());
    assert_eq!(
        seat["on_behalf_of"]["name"],
        Person::PresidentAssistant.name()
    );
    // Whoever decided sees what came of it, also after the delegation.
    app.advance(chrono::Duration::days(30));
    app.other_manager().get(&path).expect(200);
}

#[test]
fn whoever_lost_the_right_decides_no_more_and_a_new_holder_is_found() {
    let app = TestApp::start();
    let route = one(
        SeatMode::AnyOf,
        Capability::ApproveQuotesAssistant,
        SeatScope::Company,
    );
    let path = submit(&app, Person::Salesperson, route);
    app.sql("DELETE FROM role_capabilities WHERE capability = 'APPROVE_QUOTES_ASSISTANT'");
    let refused = say(&app.president_assistant(), &path, "AGREE")
        .expect(403)
        .problem();
    assert_eq!(refused["reason"], "NOT_AN_APPROVER");
    let (administrator, gone) = (
        user(&app, Person::Administrator),
        user(&app, Person::PresidentAssistant),
    );
    let replaced = app
        .inside()
        .write_as(administrator, "test", move |tx, ctx| {
            approvals::replace_holders(tx, ctx, &[gone])
        });
    replaced.unwrap();
    assert_eq!(inbox(&app.president_assistant()), [""; 0]);
    say(&app.administrator(), &path, "AGREE").expect(200);
}

#[test]
fn what_waited_for_a_role_that_is_taken_back_waits_for_somebody_else() {
    let app = TestApp::start();
    let route = one(
        SeatMode::AnyOf,
        Capability::ReviewCustomers,
        SeatScope::SubmitterUnit,
    );
    let path = submit(&app, Person::DepartmentManager, route);
    let id = path.rsplit('/').next().unwrap().to_owned();
    assert_eq!(inbox(&app.department_assistant()), [id.as_str()]);
    let assistant = user(&app, Person::DepartmentAssistant);
    let grants = app
        .administrator()
        .get(&format!("/users/{assistant}/grants"))
        .expect(200);
    let grant = grants.ids().remove(0);
    let revoke = format!("/grants/{grant}");
    let etag = app.administrator().get(&revoke).expect(200).etag();
    app.administrator()
        .request("DELETE", &revoke)
        .if_match(&etag)
        .send()
        .expect(204);
    assert_eq!(inbox(&app.branch_director()), [id]);
    say(&app.branch_director(), &path, "AGREE").expect(200);
}

#[test]
fn the_submitter_withdraws_and_nobody_else() {
    let app = TestApp::start();
    let path = submit(&app, Person::Salesperson, countersign());
    let withdraw = format!("{path}/withdraw");
    app.stranger()
        .post(&withdraw, json!({}))
        .expect_code(404, "NOT_FOUND");
    app.sales_management_manager()
        .post(&withdraw, json!({}))
        .expect_code(403, "FORBIDDEN");
    app.salesperson()
        .post(&withdraw, json!({ "reason": " " }))
        .expect(422);
    let view = app
        .salesperson()
        .post(&withdraw, json!({ "reason": "再谈" }))
        .expect(200)
        .json();
    assert_eq!(
        (&view["state"], &view["ended_because"]),
        (&json!("WITHDRAWN"), &json!("再谈"))
    );
    assert_eq!(inbox(&app.sales_management_manager()), [""; 0]);
    app.salesperson()
        .post(&withdraw, json!({}))
        .expect_code(409, "STATE_CONFLICT");
}

#[test]
fn one_approval_of_a_subject_waits_at_a_time() {
    let app = TestApp::start();
    let id = subject(&app);
    try_submit(&app, Person::Salesperson, id, countersign()).unwrap();
    let second = try_submit(&app, Person::Salesperson, id, countersign()).unwrap_err();
    assert_eq!(second.code(), Code::StateConflict);
}

#[test]
fn a_decision_says_what_it_was_read_from() {
    let app = TestApp::start();
    let path = submit(&app, Person::Salesperson, countersign());
    let (preliminary, body) = (
        app.sales_management_manager(),
        json!({ "opinion": "AGREE" }),
    );
    let decisions = format!("{path}/decisions");
    preliminary
        .post(&decisions, body.clone())
        .expect_code(428, "PRECONDITION_REQUIRED");
    preliminary
        .decide(&decisions, "\"7\"", body)
        .expect_code(412, "STALE_VERSION");
    // What is said in parallel leaves the version alone, so nothing pending is "not modified".
    let read = |etag: &str| {
        preliminary
            .request("GET", &path)
            .header("if-none-match", etag)
            .send()
            .status()
    };
    let etag = preliminary.get(&path).expect(200).etag();
    assert_eq!(read(&etag), 200);
    app.salesperson()
        .post(&format!("{path}/withdraw"), json!({}))
        .expect(200);
    let etag = preliminary.get(&path).expect(200).etag();
    assert_eq!(read(&etag), 304);
}
