//! A full disk is told as what it is, whoever meets it; what was not acknowledged is not there, and once there is room again
//! everything goes on.

use diesel::connection::SimpleConnection as _;
use xianlu::{db::Conn, jobs::runner};

use crate::{
    customers::complete,
    harness::{Answer, Backend, Client, TestApp, backend, json, together},
};

/// Makes every new customer meet a full disk, in the database's own words.
fn no_room_for_customers(app: &TestApp) {
    app.sql(match backend() {
        Backend::Sqlite => {
            "CREATE TRIGGER no_room BEFORE INSERT ON customers BEGIN
                 SELECT RAISE(ABORT, 'database or disk is full'); END"
        }
        Backend::Postgres => {
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                 RAISE EXCEPTION 'could not extend file \"base/1/2\": No space left on device'
                     USING ERRCODE = 'disk_full', HINT = 'Check free disk space.';
             END $$;
             CREATE TRIGGER no_room BEFORE INSERT ON customers FOR EACH ROW EXECUTE FUNCTION no_room()"
        }
    });
}

fn room_again(app: &TestApp) {
    app.sql(match backend() {
        Backend::Sqlite => "DROP TRIGGER no_room",
        Backend::Postgres => "DROP TRIGGER no_room ON customers",
    });
}

fn register(who: &Client<'_>, n: usize) -> Answer {
    who.post("/customers", complete(&format!("第{n}号有限公司")))
}

#[test]
fn a_full_disk_is_told_and_nothing_of_the_request_is_kept() {
    let app = TestApp::start();
    let salesperson = app.salesperson();
    no_room_for_customers(&app);
    register(&salesperson, 1).expect(507).refused(json!({
        "type": "/problems/insufficient-storage", "title": "Insufficient storage", "status": 507,
        "detail": "The server's storage is full: nothing of this was saved. Have the administrator make room, then try again.",
        "code": "INSUFFICIENT_STORAGE", "errors": [],
    }));
    assert_eq!(app.count("registration_keys"), 0);
    salesperson.get("/customers").expect(200);
    room_again(&app);
    register(&salesperson, 1).expect(201);
}

#[test]
fn an_import_on_a_full_disk_fails_with_that_reason() {
    let app = TestApp::start();
    no_room_for_customers(&app);
    let file = "name,province,city,address\n上海甲乙贸易有限公司,上海,,上海市浦东新区张江路88号\n";
    let administrator = app.administrator();
    let job = administrator
        .request("POST", "/imports/customers")
        .bytes("text/csv; charset=utf-8", file)
        .send()
        .expect(202);
    runner::work_off(app.inside()).unwrap();
    let job = administrator
        .get(&format!("/jobs/{}", job.id()))
        .expect(200)
        .json();
    assert_eq!(job["state"], "FAILED");
    assert!(job["message_en"].to_string().contains("storage is full"));
    assert!(job["message_zh"].to_string().contains("存储空间已满"));
    assert_eq!(app.count("customers"), 0);
}

/// SQLite: how many pages the writer's file may have; its own words when there are no more.
fn pages_at_most(app: &TestApp, pages: u32) {
    let set = format!("PRAGMA max_page_count = {pages}");
    app.inside()
        .db()
        .write_now(move |tx| match tx.conn() {
            Conn::Sqlite(sqlite) => Ok(sqlite.batch_execute(&set)?),
            Conn::Postgres(_) => Ok(()),
        })
        .unwrap();
}

#[test]
fn a_writer_that_ran_out_of_pages_loses_nothing_and_goes_on() {
    if backend() == Backend::Postgres {
        return;
    }
    let app = TestApp::start();
    for person in [app.salesperson(), app.colleague()] {
        person.get("/me").expect(200);
    }
    // Not below what there is: no page more.
    pages_at_most(&app, 1);
    let mut kept = Vec::new();
    for round in 0..40 {
        let answers = together(8, |n| register(&app.salesperson(), round * 8 + n));
        for (n, answer) in answers.iter().enumerate() {
            match answer.status() {
                201 => kept.push(round * 8 + n),
                507 => {}
                _ => panic!("{answer}"),
            }
        }
    }
    let refused: Vec<usize> = (0..320).filter(|n| !kept.contains(n)).collect();
    assert!(refused.len() > 20, "{} refused", refused.len());
    let count = i64::try_from(kept.len()).unwrap();
    assert_eq!(
        app.count("customers"),
        count,
        "what was acknowledged is there, and no more"
    );
    assert_eq!(app.count("registration_keys"), count);
    app.salesperson().get("/customers").expect(200);
    pages_at_most(&app, u32::MAX - 1);
    register(&app.colleague(), refused[0]).expect(201);
    if let Some(first) = kept.first() {
        register(&app.colleague(), *first).expect(409);
    }
}
