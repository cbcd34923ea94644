//! The documents say what is there: docs/rules.md every requirement once, and no file, function or test that is not
//! there; docs/api.md every error code with its status; docs/operations.md every setting. That the catalogue has every
//! requirement that the code names is checked with the other house rules (`architecture`).

use std::{collections::BTreeMap, fs, path::Path};

use xianlu::error::Code;

/// How many requirements each module has.
const MODULES: [(&str, usize); 8] = [
    ("ORG", 40),
    ("CUS", 56),
    ("DUP", 19),
    ("OPP", 45),
    ("CONF", 8),
    ("QUO", 12),
    ("CON", 12),
    ("SEC", 19),
];

/// The page's columns.
const DEMAND: usize = 1;
const PLACE: usize = 2;
const TEST: usize = 3;
const STATE: usize = 4;

fn read(path: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A section of a page: from its heading, which begins with these words, to the next one of its level.
fn section<'p>(page: &'p str, heading: &str) -> &'p str {
    let start = page
        .find(&format!("\n## {heading}"))
        .unwrap_or_else(|| panic!("no section {heading}"));
    let rest = &page[start + 1..];
    rest.find("\n## ").map_or(rest, |end| &rest[..end])
}

/// The rows of a section's tables, without their headers.
fn rows(section: &str) -> Vec<Vec<&str>> {
    let lines: Vec<_> = section.lines().collect();
    let headers = lines.iter().skip(1).map(|next| next.starts_with("|--"));
    let headers: Vec<bool> = headers.chain([false]).collect();
    lines
        .iter()
        .zip(headers)
        .filter(|(_, header)| !header)
        .filter_map(|(line, _)| line.strip_prefix("| ")?.strip_suffix(" |"))
        .map(|row| row.split(" | ").collect())
        .collect()
}

/// The rows of a module of the catalogue.
fn module<'p>(page: &'p str, name: &str) -> Vec<Vec<&'p str>> {
    rows(section(page, &format!("{name} – ")))
}

/// What a text has in backquotes, line by line.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .flat_map(|line| line.split('`').skip(1).step_by(2))
}

/// The files that a text names, each with a function in it or none.
fn places(text: &str) -> Vec<(&str, Option<&str>)> {
    let folders = ["src/", "tests/", "migrations/", "docs/"];
    quoted(text)
        .filter(|word| folders.iter().any(|folder| word.starts_with(folder)))
        .filter(|word| !word.contains(['…', '<', '*']))
        .map(|word| match word.split_once("::") {
            Some((file, function)) => (file, Some(function)),
            None => (word, None),
        })
        .collect()
}

/// The line on which a function is declared.
fn declaration(text: &str, function: &str) -> Option<usize> {
    let forms = [format!("fn {function}("), format!("fn {function}<")];
    text.lines()
        .position(|line| forms.iter().any(|form| line.contains(form)))
}

/// Whether the function is a test: its attribute stands on one of the few lines before it.
fn is_test(text: &str, function: &str) -> bool {
    let Some(at) = declaration(text, function) else {
        return false;
    };
    let mut before = text.lines().skip(at.saturating_sub(4)).take(at.min(4));
    before.any(|line| line.trim() == "#[test]")
}

#[test]
fn every_requirement_stands_once_in_its_table() {
    let page = read("docs/rules.md");
    for (name, count) in MODULES {
        let expected: Vec<_> = (1..=count).map(|n| format!("{name}-{n:02}")).collect();
        let listed: Vec<_> = module(&page, name)
            .iter()
            .map(|row| row[0].to_owned())
            .collect();
        assert_eq!(listed, expected, "the table of {name}");
    }
}

#[test]
fn every_row_has_a_demand_and_a_state_and_what_is_enforced_a_place_and_a_test() {
    let page = read("docs/rules.md");
    for (name, _) in MODULES {
        for row in module(&page, name) {
            let id = row[0];
            assert_eq!(row.len(), 5, "{id} has another number of columns");
            assert!(!row[DEMAND].trim().is_empty(), "{id} demands nothing");
            match row[STATE] {
                "enforced" => {
                    assert!(!places(row[PLACE]).is_empty(), "{id}: enforced nowhere");
                    assert!(!places(row[TEST]).is_empty(), "{id}: enforced, untested");
                }
                "not yet" => {}
                state => assert!(
                    ["partly: ", "not yet: "]
                        .iter()
                        .any(|begin| state.strip_prefix(begin).is_some_and(|why| !why.is_empty())),
                    "{id}: {state}"
                ),
            }
        }
    }
}

#[test]
fn the_counts_of_the_catalogue_are_those_of_its_rows() {
    let page = read("docs/rules.md");
    for (name, count) in MODULES {
        let rows = module(&page, name);
        let with = |begin: &str| {
            rows.iter()
                .filter(|row| row[STATE].starts_with(begin))
                .count()
        };
        let line = format!(
            "{count} requirements: {} enforced, {} partly, {} not yet.",
            with("enforced"),
            with("partly"),
            with("not yet")
        );
        let found = section(&page, &format!("{name} – ")).contains(&line);
        assert!(found, "{name} should say: {line}");
    }
}

#[test]
fn every_file_and_function_that_the_documents_name_is_there() {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for document in [
        "docs/rules.md",
        "docs/architecture.md",
        "docs/operations.md",
    ] {
        let page = read(document);
        for (file, function) in places(&page) {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
            assert!(path.exists(), "{document} names {file}, which is not there");
            let Some(function) = function else { continue };
            let text = texts.entry(file.to_owned()).or_insert_with(|| read(file));
            assert!(
                declaration(text, function).is_some(),
                "{document} names {function}, which is not in {file}"
            );
        }
    }
}

#[test]
fn every_test_that_the_catalogue_names_is_one() {
    let page = read("docs/rules.md");
    for (name, _) in MODULES {
        for row in module(&page, name) {
            for (file, function) in places(row[TEST]) {
                let function = function.unwrap_or_else(|| panic!("{}: {file} whole", row[0]));
                let is_one = is_test(&read(file), function);
                assert!(is_one, "{}: {file}::{function} is no test", row[0]);
            }
        }
    }
}

/// The modules whose requirements are named by number where they are enforced and where they are tested.
const NAMED: [&str; 5] = ["ORG", "CUS", "DUP", "CONF", "SEC"];

#[test]
fn what_is_enforced_is_named_where_it_stands_and_where_it_is_tested() {
    let page = read("docs/rules.md");
    let mut unnamed = Vec::new();
    for name in NAMED {
        let rows = module(&page, name);
        for row in rows.iter().filter(|row| row[STATE] == "enforced") {
            for column in [PLACE, TEST] {
                let mut files = places(row[column]).into_iter();
                if !files.any(|(file, _)| read(file).contains(row[0])) {
                    unnamed.push(format!("{}: {}", row[0], row[column]));
                }
            }
        }
    }
    assert!(unnamed.is_empty(), "{}", unnamed.join("\n"));
}

#[test]
fn every_error_code_is_listed_with_its_status() {
    let page = read("docs/api.md");
    let listed: Vec<_> = rows(section(&page, "Error codes"))
        .iter()
        .map(|row| (row[0].trim_matches('`').to_owned(), row[1].to_owned()))
        .collect();
    let expected: Vec<_> = Code::ALL
        .iter()
        .map(|code| (code.as_str().to_owned(), code.status().to_string()))
        .collect();
    assert_eq!(listed, expected, "docs/api.md, Error codes");
}

#[test]
fn every_setting_is_documented() {
    let page = read("docs/operations.md");
    let config = read("src/config.rs");
    let settings = config
        .split("env = \"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next());
    for setting in settings {
        let named = quoted(&page).any(|word| word == setting);
        assert!(named, "docs/operations.md does not name {setting}");
    }
}
