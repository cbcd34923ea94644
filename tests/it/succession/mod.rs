//! How records pass from one person to another: transfer, the group's shared column, handover, departure, stand-in.

mod departures;
mod group_column;
mod handovers;
mod stand_in;
mod transfers;

use xianlu::jobs::runner;

use crate::{
    customers::{complete, with},
    harness::{Answer, Client, TestApp, Value, json},
};

/// A draft of one's own.
fn customer(owner: &Client<'_>, name: &str) -> String {
    owner.post("/customers", complete(name)).expect(201).id()
}

/// A call-centre customer of a seat, with a phone of its own.
fn seat_customer(seat: &Client<'_>, name: &str, phone: &str) -> String {
    let body = with(complete(name), "line", json!("CALL_CENTRE"));
    let body = with(body, "phone", json!(phone));
    let contacts = json!([{ "name": "王建国", "mobile": phone, "is_key": true }]);
    let body = with(body, "contacts", contacts);
    seat.post("/customers", body).expect(201).id()
}

fn path(customer: &str) -> String {
    format!("/customers/{customer}")
}

fn opportunity(owner: &Client<'_>, customer: &str, title: &str) -> String {
    let body = json!({ "title": title, "customer_id": customer });
    owner.post("/opportunities", body).expect(201).id()
}

fn transfer(who: &Client<'_>, customer: &str, to: &str) -> Answer {
    let body = json!({ "to_id": to, "reason": "区域调整" });
    who.post(&format!("/customers/{customer}/transfer"), body)
}

/// Orders a handover, and lets the jobs run.
fn handed_over(app: &TestApp, who: &Client<'_>, body: Value) -> Value {
    let ordered = who.post("/handovers", body).expect(202);
    runner::work_off(app.inside()).unwrap();
    who.get(&format!("/handovers/{}", ordered.id()))
        .expect(200)
        .json()
}
