//! The latest terms and pieces of the matching index are moved to their place between units of work (SQLite).

use diesel::{RunQueryDsl, sql_query};

use xianlu::{
    api::customers::customer::NewCustomer, domain::id::kind::UserId,
    services::customers::registering,
};

use super::{complete, merging::registered};
use crate::harness::{Backend, TestApp, backend, document::encoded, json};

/// How many terms are kept collected.
const KEPT: i64 = 200_000;

/// A unit of work of the writer that changes many rows.
fn change(app: &TestApp, rows: u32) {
    let statement = format!(
        "INSERT INTO login_windows WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {rows})
         SELECT 'busy-{rows}-' || n, 1772323200000000, 1 FROM n"
    );
    app.inside()
        .db()
        .write_now(move |tx| Ok(sql_query(&*statement).execute(tx.conn()).map(drop)?))
        .unwrap();
}

fn fill(app: &TestApp, table: &str, rows: u32, row: &str) {
    app.sql(&format!(
        "INSERT INTO {table} WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {rows})
         SELECT {row} FROM n"
    ));
}

#[test]
fn what_was_collected_is_moved_when_there_is_enough_and_found_before_and_after() {
    if backend() == Backend::Postgres {
        // It collects nothing: its index merges by itself.
        return;
    }
    let app = TestApp::start();
    let seller = app.salesperson();
    registered(&seller, "上海恒达贸易有限公司");
    fill(&app, "match_fresh", 230_000, "-n, n, 0");
    fill(&app, "match_pieces", 1_000, "n, 'zz'");
    let looked = || {
        let asked = json!({ "name": "上海恒达贸易有限责任公司" });
        let report = seller
            .post("/customers/duplicate-checks", asked)
            .expect(200);
        assert_eq!(
            report.json()["candidates"][0]["name"],
            "上海恒达贸易有限公司"
        );
        let inside = seller.get(&format!("/customers?q={}", encoded("达贸")));
        assert_eq!(inside.expect(200).ids().len(), 1);
    };
    looked();
    // Too little has changed for the writer to look.
    change(&app, 20_000);
    change(&app, 1);
    assert!(app.count("match_fresh") > 230_000);
    assert!(app.count("match_pieces") > 1_000);
    change(&app, 20_001);
    // The unit after it has to wait until it is done.
    change(&app, 2);
    assert_eq!(app.count("match_fresh"), KEPT);
    assert_eq!(app.count("match_pieces"), 0);
    let moved = || app.count("match_terms");
    let ours = KEPT + moved() - 230_000;
    assert!(ours > 0 && moved() > 30_000);
    looked();
    // The next portion begins behind the last one, and has come past the names when it is as large as this. The move itself
    // changes so many rows that the writer looks again after the next commit: it leaves less than a portion.
    fill(&app, "match_fresh", 215_000, "-500000 - n, n, 0");
    change(&app, 25_001);
    change(&app, 3);
    assert_eq!(app.count("match_fresh"), 215_000);
    looked();
    // Behind the last term of all comes the first.
    fill(&app, "match_fresh", 10_000, "-900000 - n, n, 0");
    change(&app, 25_002);
    change(&app, 4);
    assert_eq!(app.count("match_fresh"), KEPT);
    assert_eq!(moved(), 230_000 + ours + 25_000);
    looked();
    // What comes then is collected again, beside what was moved.
    seller
        .post("/customers", complete("北京恒达贸易有限公司"))
        .expect(201);
    assert!(app.count("match_pieces") > 0);
    let both = seller.get(&format!("/customers?q={}", encoded("恒达")));
    assert_eq!(both.expect(200).ids().len(), 2);
}

/// A registration is prepared ahead of its transaction, but nobody who may be alike is looked for then: what is moved to its
/// place between the two is met, and so is what comes then.
#[test]
fn a_registration_misses_nobody_who_is_settled_after_it_was_prepared() {
    let app = TestApp::start();
    let seller = app.salesperson();
    registered(&seller, "上海恒达贸易有限公司");
    let body: NewCustomer = serde_json::from_value(complete("上海恒达贸易有限责任公司")).unwrap();
    let user: UserId = seller.id().parse().unwrap();
    let inside = app.inside();
    let prepared = inside
        .read_as(user, "test", |conn, ctx| {
            registering::prepare(conn, ctx, &body)
        })
        .unwrap();
    if backend() == Backend::Sqlite {
        // All that wait stand before them.
        fill(&app, "match_fresh", 20_000, "1, n, 0");
        fill(&app, "match_fresh", 200_000, "9223372036854775807, n, 0");
        change(&app, 20_000);
        change(&app, 20_001);
        change(&app, 2);
        assert_eq!(app.count("match_fresh"), KEPT);
    }
    registered(&seller, "上海恒达贸易股份有限公司");
    let registered = inside
        .write_as(user, "test", move |tx, ctx| {
            registering::register(tx, ctx, &body, Some(&prepared))
        })
        .unwrap();
    let mut names: Vec<_> = registered
        .likely_duplicates
        .iter()
        .map(|likely| likely.name.clone())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["上海恒达贸易有限公司", "上海恒达贸易股份有限公司"]);
}
