//! Every list and every check is an index look-up, on both databases: the plans of all the statements that the lists run,
//! for people who see the company, a branch, a department, or their own, narrowed by each parameter in turn.

use std::{
    collections::BTreeSet,
    mem,
    sync::{Mutex, PoisonError},
};

use crate::{
    customers::complete,
    harness::{
        Backend, Client, TestApp, backend,
        document::{Operation, encoded, operations},
        json,
    },
};

/// Tables of the organisation and of settings: they grow with the staff, not with the business.
const SMALL: [&str; 13] = [
    "calendar_years",
    "delegations",
    "match_pieces",
    "policy_versions",
    "reporting_closure",
    "revisions",
    "role_capabilities",
    "roles",
    "sharing_rules",
    "unit_closure",
    "units",
    "user_roles",
    "users",
];

/// The lists that need no record to be named.
fn lists() -> Vec<Operation> {
    let paged = |operation: &Operation| {
        operation.method == "GET"
            && !operation.path.contains('{')
            && operation
                .query
                .iter()
                .any(|parameter| parameter.name == "cursor")
    };
    operations().into_iter().filter(paged).collect()
}

fn taken(statements: &Mutex<Vec<String>>) -> BTreeSet<String> {
    let mut statements = statements.lock().unwrap_or_else(PoisonError::into_inner);
    mem::take(&mut *statements)
        .into_iter()
        // A list of no values fits nothing: that is not looked for.
        .filter(|statement| statement.starts_with("SELECT") && !statement.contains("WHERE (1=0)"))
        .collect()
}

/// What a plan reads whole, of the tables that grow.
fn read_whole(plan: &[String], statement: &str) -> Vec<String> {
    let grows = |table: &str| !SMALL.contains(&table) && !table.starts_with("part_");
    let ordered = statement.contains(" ORDER BY ") && statement.contains(" LIMIT ");
    plan.iter()
        // What asks for no table reads none.
        .filter(|step| *step != "SCAN CONSTANT ROW")
        .filter(|step| match backend() {
            Backend::Sqlite => {
                // An index walked in order stops with the page; a table, or an index without that, is read to its end.
                let walked = step.contains("USING") && ordered;
                let table = step
                    .strip_prefix("SCAN ")
                    .and_then(|rest| rest.split_whitespace().next());
                // A full-text index asked for words.
                let matched = step.contains("VIRTUAL TABLE INDEX 0:M");
                table.is_some_and(grows) && !walked && !matched
            }
            Backend::Postgres => {
                let table = step
                    .split("Seq Scan on ")
                    .nth(1)
                    .and_then(|rest| rest.split_whitespace().next());
                table.is_some_and(grows)
            }
        })
        .cloned()
        .collect()
}

#[test]
fn every_list_narrowed_by_anything_is_served_by_an_index() {
    let (app, statements) = TestApp::watched();
    let who: [(&str, Client<'_>); 4] = [
        ("the president", app.president()),
        ("the branch", app.branch_director()),
        ("the department", app.department_manager()),
        ("the salesperson", app.salesperson()),
    ];
    let mut seen = BTreeSet::new();
    let mut faults = BTreeSet::new();
    for (name, client) in &who {
        client.get("/me").expect(200);
        taken(&statements);
        for list in lists() {
            let narrowed = list
                .query
                .iter()
                .filter(|parameter| parameter.name != "cursor");
            let plain = list.address(crate::harness::document::NOBODY);
            for address in narrowed
                .map(|parameter| list.narrowed_by(parameter))
                .chain([plain])
            {
                let answer = client.get(&address);
                assert!(
                    [200, 400, 403].contains(&answer.status()),
                    "{address}: {}",
                    answer.status()
                );
                for statement in taken(&statements) {
                    if seen.insert(statement.clone()) {
                        let plan = app.database().plan(&statement);
                        let whole = read_whole(&plan, &statement);
                        if !whole.is_empty() {
                            faults.insert(format!(
                                "{name}: {address}\n  {whole:?}\n  {statement}\n  {}",
                                plan.join("\n  ")
                            ));
                        }
                    }
                }
            }
        }
    }
    assert!(seen.len() > 100, "only {} statements were seen", seen.len());
    assert!(
        faults.is_empty(),
        "{} statements read a table whole:\n{}",
        faults.len(),
        faults.into_iter().collect::<Vec<_>>().join("\n\n")
    );
}

#[test]
fn every_check_before_an_entry_is_served_by_an_index() {
    let (app, statements) = TestApp::watched();
    let salesperson = app.salesperson();
    salesperson
        .post("/customers", complete("杭州云帆科技有限公司"))
        .expect(201);
    taken(&statements);
    for asked in [
        json!({ "name": "杭州云帆科技有限公司" }),
        json!({ "name": "杭州云凡科技有限责任公司", "phone": "13800138000" }),
        json!({ "name": "北京全新未有贸易有限公司", "credit_code": "91110000100000000Q" }),
    ] {
        salesperson.post("/customers/duplicate-checks", asked);
    }
    salesperson
        .post("/customers", complete("杭州云帆科技有限公司"))
        .expect(409);
    let statements = taken(&statements);
    assert!(
        statements
            .iter()
            .any(|statement| statement.contains("registration_keys"))
    );
    for statement in statements {
        let plan = app.database().plan(&statement);
        assert!(
            read_whole(&plan, &statement).is_empty(),
            "{statement}\n{}",
            plan.join("\n")
        );
    }
}

#[test]
fn the_list_of_what_was_deleted_has_an_index_of_its_own() {
    let (app, statements) = TestApp::watched();
    let administrator = app.administrator();
    administrator.get("/me").expect(200);
    taken(&statements);
    administrator.get("/customers?deleted=true").expect(200);
    let of_deleted = |statement: &String| {
        statement.contains("deleted_at` IS NOT NULL")
            || statement.contains(r#"deleted_at" IS NOT NULL"#)
    };
    let found: Vec<String> = taken(&statements).into_iter().filter(of_deleted).collect();
    assert!(!found.is_empty());
    for statement in found {
        let plan = app.database().plan(&statement);
        assert!(read_whole(&plan, &statement).is_empty(), "{plan:?}");
        let own = plan.iter().any(|step| step.contains("customers_deleted"));
        assert!(own || backend() == Backend::Postgres, "{plan:?}");
    }
}

#[test]
fn a_search_inside_names_looks_up_what_it_finds_by_nothing_but_keys() {
    let (app, statements) = TestApp::watched();
    let salesperson = app.salesperson();
    let id = salesperson
        .post("/customers", complete("杭州云帆科技有限公司"))
        .expect(201)
        .id();
    for (address, few) in [
        (format!("/customers?q={}", encoded("云帆")), true),
        (
            format!(
                "/customers?q={}&owner_id={}&sort=name",
                encoded("云帆"),
                salesperson.id()
            ),
            true,
        ),
        // A part of the legal form: the list is gone through in its order.
        (format!("/customers?q={}", encoded("有限公司")), false),
    ] {
        taken(&statements);
        assert_eq!(
            salesperson.get(&address).expect(200).ids(),
            std::slice::from_ref(&id)
        );
        let mut found = 0;
        for statement in taken(&statements) {
            let plan = app.database().plan(&statement);
            let shown = format!("{statement}\n{}", plan.join("\n"));
            assert!(read_whole(&plan, &statement).is_empty(), "{shown}");
            let of_names = statement.contains("LIKE") && statement.contains("LIMIT");
            if of_names && few {
                found += 1;
                let key = ["sqlite_autoindex_customers_1 (id=?)", "customers_pkey"];
                assert!(
                    plan.iter().any(|s| key.iter().any(|key| s.contains(key))),
                    "{shown}"
                );
                let others = ["_updated", "_owner", "_unit", "folded_name ("];
                assert!(
                    !plan.iter().any(|s| others.iter().any(|o| s.contains(o))),
                    "{shown}"
                );
            } else if of_names {
                found += 1;
            }
        }
        assert!(found > 0, "{address}");
    }
}

#[test]
fn a_credit_code_and_a_phone_lead_to_customers_by_nothing_but_keys() {
    let (app, statements) = TestApp::watched();
    let salesperson = app.salesperson();
    let mut body = complete("杭州云帆科技有限公司");
    body["credit_code"] = json!("91990000MA0000001B");
    let id = salesperson.post("/customers", body).expect(201).id();
    for query in [
        "credit_code=91990000MA0000001B",
        "phone=010-85201234",
        "phone=010-85201234&credit_code=91990000MA0000001B&sort=name",
        "phone=010-85201234&line=GENERAL&division_code=11&q=%E4%BA%91%E5%B8%86",
    ] {
        for who in [&app.president(), &salesperson] {
            who.get("/me").expect(200);
            taken(&statements);
            let found = who.get(&format!("/customers?{query}")).expect(200);
            assert_eq!(found.ids(), std::slice::from_ref(&id), "{query}");
            let statements = taken(&statements);
            for statement in &statements {
                let plan = app.database().plan(statement);
                let shown = format!("{statement}\n{}", plan.join("\n"));
                assert!(read_whole(&plan, statement).is_empty(), "{shown}");
            }
            let of_list = |s: &&String| s.contains("customers") && s.contains("part_0");
            let list = statements.iter().find(of_list).expect("the list");
            let plan = app.database().plan(list);
            let shown = format!("{list}\n{}", plan.join("\n"));
            let key = ["sqlite_autoindex_customers_1 (id=?)", "customers_pkey"];
            assert!(
                plan.iter().any(|s| key.iter().any(|key| s.contains(key))),
                "{shown}"
            );
            let walked = [
                "customers_updated",
                "customers_owner",
                "customers_unit",
                "customers_created",
            ];
            assert!(
                !plan.iter().any(|s| walked.iter().any(|w| s.contains(w))),
                "{shown}"
            );
        }
    }
}

/// Many rows of a table in the order of a time: the oldest quarter is one owner's in one unit, the rest is spread over
/// three others, so that the planner takes every fourth row for one of the owner's.
fn skewed(app: &TestApp, table: &str, time: &str) {
    app.sql(&format!(
        "SET session_replication_role = replica;
         DO $$ DECLARE columns TEXT; sources TEXT; BEGIN
             SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position),
                 string_agg(CASE
                     WHEN column_name IN ('owner_id', 'unit_id') THEN '''x'' || CASE WHEN n < 5000 THEN 9 ELSE n % 3 END'
                     WHEN column_name = '{time}' OR data_type LIKE 'timestamp%' AND is_nullable = 'NO'
                         THEN '''2026-01-01''::timestamp + n * interval ''1 minute'''
                     WHEN is_nullable = 'YES' THEN 'NULL'
                     WHEN data_type = 'text' THEN 'repeat(''x'', 60) || n'
                     WHEN data_type = 'boolean' THEN 'false'
                     WHEN data_type = 'date' THEN '''2026-01-01''::date'
                     ELSE '1' END, ', ' ORDER BY ordinal_position)
             INTO columns, sources FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name = '{table}';
             EXECUTE format('INSERT INTO {table} (%s) SELECT %s FROM generate_series(0, 19999) n', columns, sources);
         END $$;
         ANALYZE {table};"
    ));
}

#[test]
fn the_rows_of_an_owner_and_of_a_unit_come_from_their_own_index_however_they_lie() {
    if backend() == Backend::Sqlite {
        // It plans by the indexes alone.
        return;
    }
    let (app, statements) = TestApp::watched();
    let manager = app.department_manager();
    manager.get("/me").expect(200);
    for (table, time, path) in [
        ("customers", "updated_at", "/customers"),
        ("opportunities", "updated_at", "/opportunities"),
        ("quotes", "updated_at", "/quotes"),
        ("contracts", "updated_at", "/contracts"),
        ("activities", "happened_at", "/activities"),
        (
            "registration_attempts",
            "attempted_at",
            "/registration-attempts",
        ),
    ] {
        skewed(&app, table, time);
        for sort in [time.to_owned(), format!("-{time}")] {
            taken(&statements);
            manager
                .get(&format!("{path}?sort={sort}&limit=50"))
                .expect(200);
            let listed = format!(r#"FROM "{table}""#);
            let lists =
                |statement: &String| statement.contains(&listed) && statement.contains(" UNION ");
            let lists: Vec<String> = taken(&statements).into_iter().filter(lists).collect();
            assert_eq!(lists.len(), 1, "{path}");
            let plan = app.database().plan(&lists[0]);
            let shown = plan.join("\n");
            for own in ["owner_id", "unit_id"] {
                let led = format!("Index Cond: (({own} >= $");
                assert!(shown.contains(&led), "{path}: no range of {own}\n{shown}");
            }
            for (scan, below) in plan.iter().zip(plan.iter().skip(1)) {
                let passes = scan.contains(&format!(" on {table}"))
                    && below.contains("Filter:")
                    && (below.contains("owner_id = $") || below.contains("unit_id = $"));
                assert!(!passes, "{path}: {scan}\n{below}");
            }
        }
    }
}
