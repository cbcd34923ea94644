//! Placements (版位) of products in media (CUS-49).

use super::product;
use crate::harness::{TestApp, json, statuses, together};

#[test]
fn a_product_has_one_placement_of_a_name_and_offers_it_or_not() {
    let app = TestApp::start();
    let administrator = app.administrator();
    let list = format!("/products/{}/placements", product(&app));
    let names = ["封底整版", " 封底 整版 ", "封底整版\u{3000}"];
    let answers = together(10, |n| {
        administrator.post(&list, json!({ "name": names[n % 3], "medium": "行业月刊" }))
    });
    assert_eq!(statuses(&answers), [(201, 1), (409, 9)]);
    let made = answers
        .iter()
        .find(|answer| answer.status() == 201)
        .unwrap();
    let path = format!("/placements/{}", made.id());
    let seller = app.salesperson();
    assert_eq!(
        seller
            .get(&list)
            .expect(200)
            .json()
            .as_array()
            .unwrap()
            .len(),
        1
    );
    seller.post(&list, json!({ "name": "内页" })).expect(403);
    seller
        .patch(&path, "*", json!({ "active": false }))
        .expect(403);
    let off = administrator
        .patch(
            &path,
            &made.etag(),
            json!({ "active": false, "description": "四色" }),
        )
        .expect(200)
        .json();
    assert_eq!(off["allowed_actions"], json!(["EDIT", "ACTIVATE"]));
    administrator
        .patch(&path, &made.etag(), json!({ "active": true }))
        .expect(412);
    let other = administrator
        .post(&list, json!({ "name": "内页" }))
        .expect(201);
    administrator
        .patch(
            &format!("/placements/{}", other.id()),
            "*",
            json!({ "name": "封底整版" }),
        )
        .expect_code(409, "DUPLICATE");
    assert_eq!(seller.get(&path).expect(200).json()["active"], false);
}
