//! Competitors' files (CUS-50), and the opportunities in which they are met.

use super::{pdf, upload};
use crate::{
    commerce::deal,
    harness::{TestApp, json, statuses, together},
};

#[test]
fn of_twenty_who_open_a_file_of_one_competitor_at_once_one_does() {
    let app = TestApp::start();
    let seller = app.salesperson();
    seller.get("/me").expect(200);
    let spellings = ["示例竞争", "ＡＣＭＥ 示例竞争", "示例競爭", " 示例 竞争 "];
    let answers = together(20, |n| {
        let name = spellings[[0, 2, 3][n % 3]];
        seller.post("/competitors", json!({ "name": name }))
    });
    assert_eq!(statuses(&answers), [(201, 1), (409, 19)]);
    let lost = answers
        .iter()
        .find(|answer| answer.status() == 409)
        .unwrap();
    assert_eq!(lost.problem()["rule"], "CUS-50");
    seller
        .post("/competitors", json!({ "name": spellings[1] }))
        .expect(201);
}

#[test]
fn a_file_is_kept_by_whoever_sells_and_read_by_whoever_watches() {
    let app = TestApp::start();
    let seller = app.salesperson();
    let body = json!({
        "name": "示例竞争", "website": "http://www.rival.example.com/", "products": "服务器",
        "strengths": "价格低", "weaknesses": "服务慢",
    });
    let made = seller.post("/competitors", body).expect(201);
    let path = format!("/competitors/{}", made.id());
    assert_eq!(made.json()["website"], "www.rival.example.com");
    app.auditor().get(&path).expect(200);
    app.stranger().get(&path).expect_code(403, "FORBIDDEN");
    app.president()
        .patch(&path, "*", json!({ "pricing": "五折起" }))
        .expect_code(403, "FORBIDDEN");
    let changed = app
        .colleague()
        .patch(
            &path,
            &made.etag(),
            json!({ "pricing": "五折起", "weaknesses": null }),
        )
        .expect(200)
        .json();
    assert_eq!(
        (&changed["pricing"], &changed["weaknesses"]),
        (&json!("五折起"), &json!(null))
    );
    seller
        .patch(&path, &made.etag(), json!({ "name": "新" }))
        .expect(412);
    // Its documents go with it.
    let id = made.id();
    upload(&seller, ("COMPETITOR", &id), "OTHER", "样本.pdf", pdf("")).expect(201);
    let documents = format!("/documents?subject_kind=COMPETITOR&subject_id={id}");
    assert_eq!(app.auditor().get(&documents).expect(200).ids().len(), 1);
    assert_eq!(app.stranger().get(&documents).expect(200).ids().len(), 0);
    upload(
        &app.president(),
        ("COMPETITOR", &id),
        "OTHER",
        "样本.pdf",
        pdf(""),
    )
    .expect(403);
}

#[test]
fn a_deleted_file_leaves_its_name_and_comes_back_if_it_is_free() {
    let app = TestApp::start();
    let (seller, administrator) = (app.salesperson(), app.administrator());
    let first = seller
        .post("/competitors", json!({ "name": "示例竞争" }))
        .expect(201);
    let path = format!("/competitors/{}", first.id());
    let reason = json!({ "reason": "重复" });
    seller
        .decide(&format!("{path}/delete"), "*", reason.clone())
        .expect(403);
    administrator
        .decide(&format!("{path}/delete"), &first.etag(), reason.clone())
        .expect(200);
    seller.get(&path).expect(404);
    let second = seller
        .post("/competitors", json!({ "name": "示例竞争" }))
        .expect(201);
    administrator
        .command(&format!("{path}/restore"))
        .expect_code(409, "DUPLICATE");
    let other = format!("/competitors/{}", second.id());
    administrator
        .decide(&format!("{other}/delete"), "*", reason)
        .expect(200);
    let deleted = administrator
        .get("/competitors?deleted=true")
        .expect(200)
        .ids();
    assert_eq!(deleted.len(), 2);
    administrator
        .command(&format!("{path}/restore"))
        .expect(200);
    assert_eq!(
        seller
            .get("/competitors?q=%E7%A4%BA%E4%BE%8B")
            .expect(200)
            .ids(),
        [first.id()]
    );
}

#[test]
fn a_competitor_is_met_in_an_opportunity_once_and_how_it_went_is_told() {
    let app = TestApp::start();
    let deal = deal(&app);
    let seller = app.salesperson();
    let rival = seller
        .post("/competitors", json!({ "name": "示例竞争" }))
        .expect(201)
        .id();
    let list = format!("/opportunities/{}/competitors", deal.opportunity);
    seller.get("/me").expect(200);
    let body = json!({ "competitor_id": rival, "note": "报价低" });
    let answers = together(10, |_| seller.post(&list, body.clone()));
    assert_eq!(statuses(&answers), [(201, 1), (409, 9)]);
    let met = answers
        .iter()
        .find(|answer| answer.status() == 201)
        .unwrap();
    assert_eq!(met.json()["outcome"], "COMPETING");
    assert_eq!(met.json()["competitor_name"], "示例竞争");
    app.colleague().post(&list, body.clone()).expect(404);
    app.vice_president().post(&list, body).expect(403);
    let unknown = json!({ "competitor_id": deal.customer });
    let refused = seller.post(&list, unknown).expect(422);
    assert_eq!(refused.failing_fields()[0].1, "UNKNOWN_REFERENCE");

    let path = format!("/opportunity-competitors/{}", met.id());
    let won = seller
        .patch(&path, &met.etag(), json!({ "outcome": "WON" }))
        .expect(200);
    seller
        .patch(&path, &met.etag(), json!({ "outcome": "LOST" }))
        .expect(412);
    let where_met = format!("/competitors/{rival}/opportunities");
    let rows = seller
        .get(&format!("{where_met}?outcome=WON&include_total=true"))
        .expect(200);
    assert_eq!(rows.json()["total"]["value"], 1);
    assert_eq!(rows.items()[0]["opportunity_id"], deal.opportunity.as_str());
    assert_eq!(rows.items()[0]["note"], "报价低");
    let none = |answer: crate::harness::Answer| answer.expect(200).items().is_empty();
    assert!(none(seller.get(&format!("{where_met}?outcome=LOST"))));
    assert!(
        none(app.colleague().get(&where_met)),
        "not the colleague's opportunity"
    );
    assert_eq!(
        app.department_manager()
            .get(&where_met)
            .expect(200)
            .items()
            .len(),
        1
    );
    seller.delete(&path, &won.etag(), json!({})).expect(204);
    assert_eq!(seller.get(&list).expect(200).json(), json!([]));
    assert_eq!(
        app.count("events WHERE kind = 'opportunity.competitor_removed'"),
        1
    );
}
