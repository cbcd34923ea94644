//! The house rules that a path tells: what may be named where (docs/architecture.md).

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// A source file: its path from the repository's root, its text, and the text without its tests.
struct Source {
    path: String,
    text: String,
    code: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files_below(directory: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files_below(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn sources(directory: &str) -> Vec<Source> {
    let mut files = Vec::new();
    files_below(&root().join(directory), &mut files);
    assert!(!files.is_empty(), "no sources in {directory}");
    let source = |file: PathBuf| {
        let text = fs::read_to_string(&file).unwrap();
        let path = file
            .strip_prefix(root())
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        let code = if path.ends_with("_tests.rs") {
            String::new()
        } else {
            without_tests(&text)
        };
        Source { path, text, code }
    };
    files.into_iter().map(source).collect()
}

/// The code above a file's test module, without comments.
fn without_tests(text: &str) -> String {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    code.lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

/// Every line of the code that has one of the words, as `path:line: text`.
fn mentions<'s>(sources: impl IntoIterator<Item = &'s Source>, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        for (number, line) in source.code.lines().enumerate() {
            if words.iter().any(|word| names(line, word)) {
                found.push(format!("{}:{}: {}", source.path, number + 1, line.trim()));
            }
        }
    }
    found
}

/// Whether a line has the word, not as a part of a longer one.
fn names(line: &str, word: &str) -> bool {
    let part = |letter: Option<char>| {
        letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
    };
    line.match_indices(word).any(|(at, _)| {
        let inside_before =
            word.starts_with(|c: char| c.is_alphanumeric()) && part(line[..at].chars().next_back());
        let inside_after = word.ends_with(|c: char| c.is_alphanumeric())
            && part(line[at + word.len()..].chars().next());
        !inside_before && !inside_after
    })
}

fn within<'s>(sources: &'s [Source], layers: &[&str]) -> Vec<&'s Source> {
    let found: Vec<_> = sources
        .iter()
        .filter(|s| {
            layers
                .iter()
                .any(|layer| s.path.starts_with(&format!("src/{layer}/")))
        })
        .collect();
    assert!(!found.is_empty(), "nothing in {layers:?}");
    found
}

#[track_caller]
fn nothing(found: &[String], rule: &str) {
    assert!(found.is_empty(), "{rule}\n{}", found.join("\n"));
}

#[test]
fn policy_and_domain_know_neither_http_nor_connections_nor_clocks() {
    let sources = sources("src");
    let words = [
        "actix_web",
        "actix",
        "Conn",
        "Tx",
        "Connection",
        "PgConnection",
        "SqliteConnection",
        "crate::db",
        "Ctx",
        "crate::http",
        "crate::services",
        "crate::repositories",
        "crate::models",
        "crate::app",
        "Utc::now",
        "Local::now",
        "SystemTime",
        "Instant",
        "now_v7",
        "new_v4",
        "rand",
        "std::env",
        "std::fs",
    ];
    nothing(
        &mentions(within(&sources, &["policy", "domain"]), &words),
        "the regulation is pure: facts in, decision out",
    );
    nothing(
        &mentions(within(&sources, &["policy"]), &["diesel"]),
        "policies do not know how anything is kept",
    );
}

#[test]
fn only_handlers_and_http_know_actix() {
    // What wires the server together names it too; this list only shrinks.
    let wiring = [
        "src/cli/serve.rs",
        "src/routes.rs",
        "src/openapi.rs",
        "src/logging.rs",
    ];
    let sources = sources("src");
    let others = sources.iter().filter(|s| {
        !s.path.starts_with("src/handlers/")
            && !s.path.starts_with("src/http/")
            && !wiring.contains(&s.path.as_str())
    });
    nothing(
        &mentions(
            others,
            &["actix_web", "actix_cors", "utoipa_actix_web", "actix"],
        ),
        "HTTP stays in `handlers` and `http`",
    );
    for path in wiring {
        let source = sources.iter().find(|s| s.path == path);
        assert!(
            source.is_some_and(|s| s.text.contains("actix")),
            "{path} no longer names actix: take it off the list"
        );
    }
}

#[test]
fn nothing_but_the_routes_knows_a_handler() {
    let sources = sources("src");
    let others = sources
        .iter()
        .filter(|s| !s.path.starts_with("src/handlers/") && s.path != "src/routes.rs");
    nothing(
        &mentions(others, &["handlers::"]),
        "a handler is called by HTTP only",
    );
}

#[test]
fn handlers_do_not_reach_past_the_services() {
    let sources = sources("src");
    let words = [
        "crate::repositories",
        "repositories::",
        "crate::models",
        "models::",
        "schema::",
        "crate::policy",
        "diesel",
    ];
    let mut found = mentions(within(&sources, &["handlers"]), &words);
    // A list's sort keys are its columns, and so its repository's; the handler names their type.
    found.retain(|line| !line.trim_end_matches([',', ';', '}']).ends_with("Sort"));
    nothing(&found, "a handler parses, calls one service, answers");
}

#[test]
fn sql_stands_in_repositories_only() {
    let sources = sources("src");
    let words = ["diesel", "sql_query", "db::schema", "batch_execute"];
    nothing(
        &mentions(within(&sources, &["services", "api", "jobs"]), &words),
        "services say what, repositories how",
    );
}

#[test]
fn repositories_decide_nothing() {
    let sources = sources("src");
    let words = [
        "crate::services",
        "services::",
        "crate::handlers",
        "crate::http",
        "actix_web",
    ];
    nothing(
        &mentions(within(&sources, &["repositories", "models"]), &words),
        "a repository fetches and keeps",
    );
}

#[test]
fn no_sql_is_put_together_from_text() {
    let sources = sources("src");
    let mut found = mentions(
        &sources,
        &[
            "sql_query(format",
            "sql_query(&",
            "dsl::sql",
            "sql::<",
            "batch_execute(&format",
            "batch_execute(&",
        ],
    );
    found.retain(|line| !line.starts_with("src/db/"));
    nothing(&found, "S5: values are bound, never formatted into SQL");
}

#[test]
fn no_file_is_too_long_to_read() {
    let long: Vec<_> = ["src", "tests"]
        .into_iter()
        .flat_map(sources)
        .filter(|s| s.text.lines().count() > 600)
        .map(|s| format!("{}: {} lines", s.path, s.text.lines().count()))
        .collect();
    nothing(&long, "at most 600 lines a file");
}

#[test]
fn no_file_is_named_after_nothing() {
    let vague = [
        "utils", "util", "helpers", "helper", "common", "manager", "misc",
    ];
    let found: Vec<_> = ["src", "tests"]
        .into_iter()
        .flat_map(sources)
        .map(|s| s.path)
        .filter(|path| {
            path.trim_end_matches(".rs")
                .split('/')
                .any(|part| vague.contains(&part))
        })
        .collect();
    nothing(&found, "a name says what stands in the file");
}

#[test]
fn nothing_panics_on_purpose_outside_of_tests() {
    // With a reason each; this list only shrinks.
    let settled = [
        // The compiled-in holiday files; a unit test parses them.
        (
            "src/domain/calendar.rs",
            ".expect(\"the compiled-in calendar files are valid\")",
        ),
        // Likewise the administrative divisions.
        (
            "src/domain/divisions.rs",
            ".expect(\"the compiled-in division files are valid\")",
        ),
        // Likewise the industries.
        (
            "src/domain/industries.rs",
            ".expect(\"the compiled-in industry file is valid\");",
        ),
    ];
    let sources = sources("src");
    let mut found = mentions(
        &sources,
        &[
            ".unwrap()",
            ".expect(",
            "panic!(",
            "unreachable!(",
            "todo!(",
            "unimplemented!(",
            "dbg!(",
        ],
    );
    for (path, line) in settled {
        let before = found.len();
        found.retain(|mention| !(mention.starts_with(path) && mention.ends_with(line)));
        assert_eq!(
            before,
            found.len() + 1,
            "{path}: {line} is gone: take it off the list"
        );
    }
    nothing(&found, "a fault is an error, not a panic");
}

#[test]
fn every_noun_has_the_same_path_in_every_layer() {
    let sources = sources("src");
    let nouns = |layer: &str| -> BTreeSet<String> {
        let prefix = format!("src/{layer}/");
        let noun = |s: &Source| {
            s.path
                .strip_prefix(&prefix)
                .filter(|noun| !noun.ends_with("mod.rs"))
                .map(str::to_owned)
        };
        sources.iter().filter_map(noun).collect()
    };
    let (handlers, areas) = (
        nouns("handlers"),
        [
            "org",
            "customers",
            "sales",
            "commerce",
            "governance",
            "platform",
            "knowledge",
        ],
    );
    for noun in &handlers {
        let (area, rest) = noun.split_once('/').unwrap_or_default();
        assert!(
            areas.contains(&area) && !rest.contains('/'),
            "src/handlers/{noun}: handlers/<area>/<noun>.rs"
        );
    }
}

#[test]
fn every_requirement_that_the_code_names_is_in_the_catalogue() {
    let Ok(catalogue) = fs::read_to_string(root().join("docs/rules.md")) else {
        return;
    };
    let known = requirements(&catalogue);
    assert!(
        known.len() > 50,
        "docs/rules.md names {} requirements only",
        known.len()
    );
    let prefixes: BTreeSet<_> = known
        .iter()
        .filter_map(|id| id.split('-').next())
        .map(str::to_owned)
        .collect();
    let mut unknown = Vec::new();
    for source in sources("src") {
        for id in requirements(&source.text) {
            let prefix = id.split('-').next().unwrap_or_default();
            if prefixes.contains(prefix) && !known.contains(&id) {
                unknown.push(format!("{}: {id}", source.path));
            }
        }
    }
    nothing(&unknown, "docs/rules.md does not list");
}

/// Everything that looks like `QUO-05`.
fn requirements(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    let looks_right = |word: &&str| {
        word.split_once('-').is_some_and(|(area, number)| {
            (2..=6).contains(&area.len())
                && area.bytes().all(|b| b.is_ascii_uppercase())
                && (2..=3).contains(&number.len())
                && number.bytes().all(|b| b.is_ascii_digit())
        })
    };
    words.filter(looks_right).map(str::to_owned).collect()
}

#[test]
fn the_words_of_these_tests_are_found_whole() {
    assert!(
        names("use actix_web::web;", "actix_web") && !names("use utoipa_actix_web;", "actix_web")
    );
    assert!(names("fn f(conn: &mut Conn)", "Conn") && !names("Connected", "Conn"));
    assert!(names("x.unwrap()", ".unwrap()") && !names("x.unwrap_or(1)", ".unwrap()"));
    assert_eq!(without_tests("a // b\n#[cfg(test)]\nmod tests {}"), "a ");
    assert_eq!(
        requirements("QUO-05, UTF-8 and ORG-101."),
        BTreeSet::from(["ORG-101".into(), "QUO-05".into()])
    );
}
