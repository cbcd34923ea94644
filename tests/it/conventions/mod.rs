//! What every operation has in common: retries, versions, paging.

mod idempotency;
mod paging;
mod versions;

use crate::harness::{Answer, Client, TestApp, json};

/// The root unit's id.
fn root(app: &TestApp) -> String {
    app.texts("SELECT id AS text FROM units WHERE parent_id IS NULL")
        .remove(0)
}

fn new_unit(parent: &str, name: &str) -> crate::harness::Value {
    json!({ "parent_id": parent, "kind": "DEPARTMENT", "name": name })
}

/// A unit below the root.
fn unit(client: &Client<'_>, parent: &str, name: &str) -> Answer {
    client.post("/units", new_unit(parent, name)).expect(201)
}
