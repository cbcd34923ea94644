//! The group's shared column (DUP-15, DUP-16, AMB-16).

use super::{customer, opportunity, path, seat_customer};
use crate::harness::{Client, Person, TestApp, json, statuses, together};

fn give_back(who: &Client<'_>, id: &str) -> crate::harness::Answer {
    let body = json!({ "reason": "超出持有上限" });
    who.post(&format!("{}/return-to-group", path(id)), body)
}

fn take(who: &Client<'_>, id: &str) -> crate::harness::Answer {
    who.command(&format!("{}/take-from-group", path(id)))
}

fn column(who: &Client<'_>, unit: &str) -> Vec<String> {
    let list = format!("/units/{unit}/shared-customers?include_total=true");
    who.get(&list).expect(200).ids()
}

#[test]
fn a_seat_returns_a_customer_and_a_seat_of_the_same_group_takes_it() {
    let app = TestApp::start();
    let (seat, other) = (app.trainee(), app.apprentice());
    let unit = seat.get("/me").expect(200).json()["unit_id"].clone();
    let unit = unit.as_str().unwrap().to_owned();
    let id = seat_customer(&seat, "坐席甲客户有限公司", "13900000001");
    assert_eq!(column(&seat, &unit), [""; 0]);
    let own = seat.get(&path(&id)).expect(200).json();
    assert!(
        own["allowed_actions"]
            .as_array()
            .unwrap()
            .contains(&json!("RETURN_TO_GROUP"))
    );
    give_back(&seat, &id).expect(200);
    assert_eq!(column(&other, &unit), std::slice::from_ref(&id));
    // Everybody of the group sees it there and nobody can change it; others do not see it.
    let card = other.get(&path(&id)).expect(200).json();
    assert_eq!(card["allowed_actions"], json!(["TAKE_FROM_GROUP"]));
    seat.patch(&path(&id), "\"2\"", json!({ "grade": 2 }))
        .expect(403);
    app.colleague().get(&path(&id)).expect(404);
    assert_eq!(column(&app.colleague(), &unit), [""; 0]);
    take(&app.colleague(), &id).expect(404);
    // It is no user's account, so no user list shows it.
    let people = app.administrator().walk("/users?limit=200");
    assert!(
        people
            .iter()
            .all(|row| !row["name"].as_str().unwrap().contains("本组共享"))
    );
    take(&other, &id).expect(200);
    let card = other.get(&path(&id)).expect(200).json();
    assert_eq!(card["owner_id"], other.id());
    assert_eq!(column(&other, &unit), [""; 0]);
    let refused = take(&seat, &id).expect(409).problem();
    assert_eq!(refused["rule"], "DUP-15");
}

#[test]
fn only_call_centre_customers_without_work_in_hand_go_there() {
    let app = TestApp::start();
    let seat = app.trainee();
    let general = customer(&seat, "普通客户有限公司");
    let refused = give_back(&seat, &general).expect(409).problem();
    assert_eq!(refused["reason"], "NOT_OF_THE_CALL_CENTRE");
    let busy = seat_customer(&seat, "坐席乙客户有限公司", "13900000002");
    opportunity(&seat, &busy, "在谈");
    let refused = give_back(&seat, &busy).expect(409).problem();
    assert_eq!(refused["reason"], "WORK_IN_HAND");
    let nowhere = seat_customer(&app.salesperson(), "无组客户有限公司", "13900000003");
    let refused = give_back(&app.salesperson(), &nowhere)
        .expect(409)
        .problem();
    assert_eq!(refused["reason"], "OWNER_IN_NO_GROUP");
    let free = seat_customer(&seat, "坐席丙客户有限公司", "13900000004");
    // The administrator moves any (AMB-16), and gives it to anybody from there (AMB-11).
    give_back(&app.administrator(), &free).expect(200);
    let refused = give_back(&app.administrator(), &free).expect(409).problem();
    assert_eq!(refused["reason"], "ALREADY_IN_THE_COLUMN");
    super::transfer(&app.administrator(), &free, &app.apprentice().id()).expect(200);
}

#[test]
fn of_twenty_seats_that_take_one_customer_exactly_one_gets_it() {
    let app = TestApp::start();
    let seats = [Person::Trainee, Person::Apprentice];
    for round in 0..3 {
        let phone = format!("1390000001{round}");
        let id = seat_customer(&app.trainee(), &format!("抢领第{round}号有限公司"), &phone);
        give_back(&app.trainee(), &id).expect(200);
        let answers = together(20, |i| take(&app.client(seats[i % 2]), &id));
        assert_eq!(statuses(&answers), [(200, 1), (409, 19)], "round {round}");
        let taken = format!("events WHERE subject_id = '{id}' AND kind = 'customer.transferred'");
        assert_eq!(app.count(&taken), 2, "one way in, one way out");
    }
}
