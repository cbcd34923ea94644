//! The operations that everybody waits for.

use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use serde_json::{Value, json};
use xianlu::demo;

use crate::{
    Arguments, Backend,
    company::Client,
    files::Names,
    load::{self, Measured},
    process::{Installation, Server},
    table::Row,
    wire::Request,
};

/// How many records the readers choose from.
const SAMPLE: usize = 2000;

/// A sample of the registry.
struct Sample {
    ids: Vec<String>,
    names: Vec<String>,
}

/// Measures every operation on a registry of a size.
pub fn run(
    arguments: &Arguments,
    backend: Backend,
    size: u64,
    installation: &Installation,
    names: &mut Names,
) -> Vec<Row> {
    let bar = indicatif::ProgressBar::new_spinner();
    let tell = |what: &str| {
        bar.set_message(format!("{} with {size} customers: {what}", backend.name()));
        bar.tick();
    };
    let mut rows = Vec::new();
    let mut row = |operation: &str, measured: Measured, floor: Option<&Measured>| {
        rows.push(Row {
            backend,
            size,
            operation: operation.to_owned(),
            of_floor: floor.map(|floor| measured.rate / floor.rate.max(1e-9)),
            measured,
            database: None,
        });
    };
    let count = if arguments.wants("register") {
        arguments.seconds * 40_000
    } else {
        2_000
    };
    let fresh: Vec<String> = (0..count).map(|_| names.name()).collect();
    let (first, second) = fresh.split_at(fresh.len() / 2);

    let server = installation.serve();
    call_off_scans(&server);
    let director = Client::login(&server, "feng.xue");
    let manager = Client::login(&server, "li.na");
    let seller = Client::login(&server, "zhang.wei");
    let sample = sample(&director);
    let measured = |operation: &str, measure: &dyn Fn() -> Measured| {
        arguments.wants(operation).then(|| {
            tell(operation);
            measure()
        })
    };
    if arguments.wants("get") {
        tell("get");
        let floor = installation.serve_floor();
        let of_product = asking(&director, &sample.ids, |id: &String| {
            format!("/customers/{id}")
        });
        let of_floor = asking(&nobody(&floor), &sample.ids, |id: &String| {
            format!("/get/{id}")
        });
        let [get, floored] = load::run_in_turns(
            (&server, of_product),
            (&floor, of_floor),
            arguments.readers,
            arguments.seconds,
        );
        row("get", get, Some(&floored));
        row("get, floor", floored, None);
    }
    for (operation, client) in [
        ("list page of a salesperson", &seller),
        ("list page of a department", &manager),
        ("list page of the company", &director),
    ] {
        let paths = ["/customers?limit=50&kind_in=DIRECT".to_owned()];
        if let Some(page) = measured(operation, &|| {
            reading(arguments, &server, client, &paths, Clone::clone)
        }) {
            row(operation, page, None);
        }
    }
    let prefixes: Vec<String> = sample
        .names
        .iter()
        .map(|name| name.chars().take(6).collect())
        .collect();
    if let Some(found) = measured("search by name", &|| {
        reading(arguments, &server, &director, &prefixes, |prefix| {
            format!("/customers?limit=20&q={}", encoded(prefix))
        })
    }) {
        row("search by name", found, None);
    }
    let other_spellings: Vec<String> = sample.names.iter().map(|name| disturbed(name)).collect();
    for (operation, names) in [
        ("duplicate check, registered", sample.names.as_slice()),
        ("duplicate check, another spelling", &other_spellings),
        ("duplicate check, new", first),
    ] {
        if let Some(check) = measured(operation, &|| {
            checking(arguments, &server, &seller, names.to_vec())
        }) {
            row(operation, check, None);
        }
    }
    if arguments.wants("register") {
        tell("register");
        let floor = installation.serve_floor();
        let [register, floored] = load::run_in_turns(
            (&server, registering(&seller, first, of_product)),
            (&floor, registering(&nobody(&floor), second, of_floor)),
            arguments.writers,
            arguments.seconds,
        );
        row("register", register, Some(&floored));
        row("register, floor", floored, None);
    }
    bar.finish_and_clear();
    rows
}

/// Nobody: whom the floor is asked by.
fn nobody(floor: &Server) -> Client {
    Client::nobody(&format!("{}/api/v1", floor.address))
}

fn reading<T: Clone + Send + Sync + 'static>(
    arguments: &Arguments,
    server: &Server,
    client: &Client,
    of: &[T],
    path: impl Fn(&T) -> String + Send + Sync + 'static,
) -> Measured {
    let ask = asking(client, of, path);
    load::run(server, arguments.readers, arguments.seconds, ask)
}

/// What readers do, each in its turn: all of these, each by its path.
fn asking<T, F>(
    client: &Client,
    of: &[T],
    path: F,
) -> impl Fn(usize, usize) -> Request + Send + Sync + use<T, F>
where
    T: Clone + Send + Sync + 'static,
    F: Fn(&T) -> String + Send + Sync + 'static,
{
    let (client, of) = (client.clone(), of.to_vec());
    move |who, count| client.reads(&path(&of[place(who, count, of.len())]))
}

/// Which of so many it is a client's turn to ask for. A stride that is prime to the sample's size: every client sees all of
/// it in an order of its own.
fn place(who: usize, count: usize, of: usize) -> usize {
    (who * 911 + count * 7919) % of
}

fn checking(
    arguments: &Arguments,
    server: &Server,
    client: &Client,
    names: Vec<String>,
) -> Measured {
    let client = client.clone();
    load::run(
        server,
        arguments.readers,
        arguments.seconds,
        move |who, count| {
            let name = &names[place(who, count, names.len())];
            client.sends(
                "/customers/duplicate-checks",
                &json!({ "name": name }),
                &[200],
            )
        },
    )
}

/// What clients register: each name once.
fn registering(
    client: &Client,
    names: &[String],
    request: fn(&Client, &str) -> Request,
) -> impl Fn(usize, usize) -> Request + Send + Sync + use<> {
    let (client, names, next) = (client.clone(), names.to_vec(), AtomicUsize::new(0));
    move |_, _| {
        let name = names.get(next.fetch_add(1, Ordering::Relaxed));
        request(&client, name.expect("a fresh name"))
    }
}

/// A registration; a made name may be one that is registered.
fn of_product(client: &Client, name: &str) -> Request {
    client.sends("/customers", &registration(name), &[201, 409])
}

fn of_floor(client: &Client, name: &str) -> Request {
    client.sends("/register", &json!({ "name": name }), &[200])
}

/// What a salesperson enters: every company has its own phone and address.
pub fn registration(name: &str) -> Value {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    let own = hasher.finish();
    let (house, room) = (1 + own % 997, 101 + own / 997 % 2_800);
    let (phone, mobile) = (20_000_000 + own % 60_000_000, own / 7 % 100_000_000);
    json!({
        "name": name, "party": "COMPANY", "kind": "DIRECT", "source": "SELF_DEVELOPED",
        "address": format!("北京市朝阳区建国路{house}号{room}室"), "phone": format!("010-{phone}"),
        "division_code": "110105",
        "contacts": [{ "name": "王建国", "mobile": format!("138{mobile:08}"), "is_key": true }],
    })
}

/// The scan for duplicates that an import leaves behind would run beside everything that is measured: called off.
fn call_off_scans(server: &Server) {
    let (agent, administrator) = (load::agent(), Client::login(server, demo::ADMINISTRATOR));
    let path = "/jobs?kind=SCAN_DUPLICATES&state_in=QUEUED,RUNNING";
    let waiting = || {
        let page = administrator.get(&agent, path).1;
        page["items"].as_array().cloned().unwrap_or_default()
    };
    for job in waiting() {
        let id = job["id"].as_str().expect("an id");
        let path = format!("/jobs/{id}/cancel");
        administrator.post(&agent, &path, &json!({}));
    }
    for _ in 0..600 {
        if waiting().is_empty() {
            return;
        }
        thread::sleep(Duration::from_millis(100));
    }
    panic!("the scan goes on");
}

/// Customers from all over the registry.
fn sample(director: &Client) -> Sample {
    let agent = load::agent();
    let mut sample = Sample {
        ids: Vec::new(),
        names: Vec::new(),
    };
    // From either end of the names and of the times.
    for sort in ["name", "-name", "updated_at", "-updated_at"] {
        let mut path = format!("/customers?limit=200&sort={sort}");
        for _ in 0..SAMPLE / 4 / 200 + 1 {
            let page = director.get(&agent, &path).1;
            for item in page["items"].as_array().expect("a page") {
                sample
                    .ids
                    .push(item["id"].as_str().expect("an id").to_owned());
                sample
                    .names
                    .push(item["name"].as_str().expect("a name").to_owned());
            }
            let Some(cursor) = page["next_cursor"].as_str() else {
                break;
            };
            path = format!("/customers?limit=200&sort={sort}&cursor={cursor}");
        }
    }
    sample
}

/// The name with its fourth character left out: what a check has to look for beyond the keys.
fn disturbed(name: &str) -> String {
    name.chars()
        .enumerate()
        .filter(|(place, _)| *place != 3)
        .map(|(_, c)| c)
        .collect()
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
