//! Products related to customers (CUS-45).

use super::complete;
use crate::{
    commerce::product,
    harness::{TestApp, json, statuses, together},
};

#[test]
fn a_product_is_related_to_a_customer_once_and_leads_back_to_its_customers() {
    let app = TestApp::start();
    let (seller, product) = (app.salesperson(), product(&app));
    let customer = |name: &str| seller.post("/customers", complete(name)).expect(201).id();
    let (first, second) = (customer("第一客户有限公司"), customer("第二客户有限公司"));
    let list = |id: &str| format!("/customers/{id}/products");
    let body = json!({ "product_id": product, "relation": "INTERESTED", "note": "询过价" });
    let answers = together(10, |_| seller.post(&list(&first), body.clone()));
    assert_eq!(statuses(&answers), [(201, 1), (409, 9)]);
    let made = answers
        .iter()
        .find(|answer| answer.status() == 201)
        .unwrap();
    assert_eq!(made.json()["product_code"], "XL-100");
    seller
        .post(
            &list(&second),
            json!({ "product_id": product, "relation": "OWNED" }),
        )
        .expect(201);
    let unknown = json!({ "product_id": first, "relation": "OWNED" });
    let refused = seller.post(&list(&first), unknown).expect(422);
    assert_eq!(refused.failing_fields()[0].1, "UNKNOWN_REFERENCE");
    app.colleague()
        .post(&list(&first), body.clone())
        .expect(404);
    app.vice_president().post(&list(&first), body).expect(403);

    let of = format!("/products/{product}/customers");
    let page = seller
        .get(&format!("{of}?sort=name&include_total=true"))
        .expect(200);
    assert_eq!(page.json()["total"]["value"], 2);
    let owned = seller
        .get(&format!("{of}?relation=OWNED"))
        .expect(200)
        .items();
    assert_eq!((owned.len(), &owned[0]["customer_id"]), (1, &json!(second)));
    assert_eq!(seller.walk(&format!("{of}?limit=1")).len(), 2);
    assert!(app.colleague().get(&of).expect(200).items().is_empty());
    assert_eq!(
        app.department_manager().get(&of).expect(200).items().len(),
        2
    );

    let path = format!("/customer-products/{}", made.id());
    let changed = seller
        .patch(
            &path,
            &made.etag(),
            json!({ "relation": "FORMER", "note": null }),
        )
        .expect(200);
    assert_eq!(
        (&changed.json()["relation"], &changed.json()["note"]),
        (&json!("FORMER"), &json!(null))
    );
    seller
        .patch(&path, &made.etag(), json!({ "relation": "OWNED" }))
        .expect(412);
    app.colleague().delete(&path, "*", json!({})).expect(404);
    seller.delete(&path, &made.etag(), json!({})).expect(412);
    seller.delete(&path, &changed.etag(), json!({})).expect(204);
    assert_eq!(seller.get(&list(&first)).expect(200).json(), json!([]));
}
