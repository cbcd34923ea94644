//! What each server keeps of rights, calendar and policies ends with the change that ends it, whoever makes it and wherever
//! (decision 015, S2).

use serde_json::json;

use crate::{
    customers::{complete, with},
    harness::{Answer, Person, TestApp},
};

fn registers(app: &TestApp, at: std::net::SocketAddr, name: &str) -> Answer {
    let client = app.client(Person::Salesperson).at(at);
    client.post("/customers", complete(name))
}

#[test]
fn a_role_taken_away_past_every_server_is_gone_with_the_next_request_to_any() {
    let app = TestApp::start();
    let servers = [app.address(), app.another_server()];
    let id = app.client(Person::Salesperson).id();
    for (server, name) in servers.into_iter().zip(["杭州云帆", "宁波海川"]) {
        registers(&app, server, &format!("{name}科技有限公司")).expect(201);
    }
    app.sql(&format!("DELETE FROM user_roles WHERE user_id = '{id}'"));
    for (server, name) in servers.into_iter().zip(["温州东成", "绍兴明远"]) {
        registers(&app, server, &format!("{name}贸易有限公司")).expect(403);
    }
}

#[test]
fn a_policy_changed_past_every_server_holds_with_the_next_request_to_any() {
    let app = TestApp::start();
    let servers = [app.address(), app.another_server()];
    let vague = |server, name: &str| {
        let body = with(complete(name), "address", json!("杭州市西湖区"));
        app.client(Person::Salesperson)
            .at(server)
            .post("/customers", body)
    };
    for (server, name) in servers.into_iter().zip(["杭州云帆", "宁波海川"]) {
        let refused = vague(server, &format!("{name}科技有限公司")).expect(422);
        let expected = ("/address".to_owned(), "ADDRESS_INCOMPLETE".to_owned());
        assert_eq!(refused.failing_fields(), [expected]);
    }
    app.sql(&format!(
        "INSERT INTO policy_versions (id, policy_key, number, state, effective_from, value, reason, proposed_by, version,
             created_at, updated_at)
         VALUES ('01980000-0000-7000-8fff-000000000001', 'customer_card', 1, 'APPROVED', '2026-01-01 00:00:00',
             '{}', '试', '{}', 1, '2026-01-01 00:00:00', '2026-01-01 00:00:00')",
        json!({ "address_check": "OFF" }),
        app.client(Person::Salesperson).id(),
    ));
    for (server, name) in servers.into_iter().zip(["温州东成", "绍兴明远"]) {
        vague(server, &format!("{name}贸易有限公司")).expect(201);
    }
}
