//! The sale: opportunities, conflict cases, activities.

mod activities;
mod conflicts;
mod customer_conflicts;
mod decision_makers;
mod opportunities;

use crate::harness::{Answer, Client, Value, json};

/// A customer that has passed its review by the department manager.
fn effective_customer(owner: &Client<'_>, manager: &Client<'_>, name: &str) -> String {
    let body = json!({
        "name": name, "party": "COMPANY", "kind": "DIRECT", "source": "SALES_VISIT",
        "division_code": "110105", "address": "北京市朝阳区建国路88号", "phone": "010-65001234",
        "contacts": [{ "name": "王建国", "mobile": "13800138000", "is_key": true }],
    });
    let id = owner.post("/customers", body).expect(201).id();
    owner
        .command(&format!("/customers/{id}/submit"))
        .expect(200);
    decide(manager, &id, "AGREE").expect(200);
    id
}

/// Says an opinion on what waits for someone about a subject.
fn decide(who: &Client<'_>, subject: &str, opinion: &str) -> Answer {
    let inbox = format!("/approvals?subject_id={subject}&waiting_for_me=true");
    let waiting = who.get(&inbox).expect(200).ids();
    assert_eq!(waiting.len(), 1, "one approval of {subject} waits");
    let path = format!("/approvals/{}", waiting[0]);
    let etag = who.get(&path).expect(200).etag();
    let body = json!({ "opinion": opinion, "comment": "依据登记资料。" });
    who.decide(&format!("{path}/decisions"), &etag, body)
}

/// The six items of an opportunity (OPP-03).
fn six_items(customer_name: &str) -> Value {
    json!({
        "title": "年度采购", "customer_name": customer_name, "contact_name": "王建国",
        "phone": "13800138000", "source": "REFERRAL", "region_code": "110105",
        "description": "客户来电询价，有明确合作意向。",
    })
}

fn entered(owner: &Client<'_>, customer_name: &str) -> String {
    owner
        .post("/opportunities", six_items(customer_name))
        .expect(201)
        .id()
}

fn submitted(owner: &Client<'_>, id: &str) -> Answer {
    owner.command(&format!("/opportunities/{id}/submit"))
}

/// An opportunity that is being followed.
fn registered(owner: &Client<'_>, manager: &Client<'_>, customer_name: &str) -> String {
    let id = entered(owner, customer_name);
    submitted(owner, &id).expect(200);
    decide(manager, &id, "AGREE").expect(200);
    id
}

fn state(who: &Client<'_>, id: &str) -> Value {
    who.get(&format!("/opportunities/{id}")).expect(200).json()["state"].clone()
}
