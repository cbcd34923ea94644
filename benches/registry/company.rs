//! The company whose registry grows: the demo company with fifty more salespeople, so that owners and units are many.

use std::path::Path;

use serde_json::{Value, json};
use xianlu::{demo, policy::platform::exchange::ExchangeSettings};

use crate::{
    files::Names,
    load,
    process::{Installation, Server, Used},
    wire::Request,
};

/// Over how many owners a growth is spread.
const OWNERS: u64 = 50;
/// Into how many parts of a file a growth is cut; each goes to the next owner.
const PARTS: u64 = 10;

/// Who takes part.
#[derive(Debug, Clone)]
pub struct People {
    /// Logins of the owners.
    pub owners: Vec<String>,
}

/// Someone who is logged in.
#[derive(Debug, Clone)]
pub struct Client {
    address: String,
    bearer: String,
}

impl Client {
    /// Logs in.
    pub fn login(server: &Server, login: &str) -> Self {
        let address = format!("{}/api/v1", server.address);
        let nobody = Self {
            address: address.clone(),
            bearer: String::new(),
        };
        let body = json!({ "login": login, "password": demo::PASSWORD });
        let tokens = nobody.post(&load::agent(), "/auth/login", &body).1;
        let token = tokens["access_token"]
            .as_str()
            .unwrap_or_else(|| panic!("{login}: {tokens}"));
        Self {
            address,
            bearer: format!("Bearer {token}"),
        }
    }

    /// Someone who need not log in.
    pub fn nobody(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            bearer: String::new(),
        }
    }

    /// Reads: status and body.
    pub fn get(&self, agent: &ureq::Agent, path: &str) -> (u16, Value) {
        let request = agent
            .get(format!("{}{path}", self.address))
            .header("authorization", &self.bearer);
        let mut answer = request.call().expect("an answer");
        let status = answer.status().as_u16();
        let text = answer.body_mut().read_to_vec().expect("a body");
        (status, serde_json::from_slice(&text).unwrap_or_default())
    }

    /// Sends: status and body.
    pub fn post(&self, agent: &ureq::Agent, path: &str, body: &Value) -> (u16, Value) {
        let request = agent
            .post(format!("{}{path}", self.address))
            .header("authorization", &self.bearer)
            .header("content-type", "application/json");
        let mut answer = request.send(body.to_string()).expect("an answer");
        let status = answer.status().as_u16();
        let text = answer.body_mut().read_to_vec().expect("a body");
        (status, serde_json::from_slice(&text).unwrap_or_default())
    }

    /// Asks for what is measured.
    pub fn reads(&self, path: &str) -> Request {
        Request {
            method: "GET",
            path: format!("/api/v1{path}"),
            headers: self.headers(),
            body: Vec::new(),
            answered_by: &[200],
        }
    }

    /// Sends what is measured.
    pub fn sends(&self, path: &str, body: &Value, answered_by: &'static [u16]) -> Request {
        Request {
            method: "POST",
            path: format!("/api/v1{path}"),
            headers: format!("{}content-type: application/json\r\n", self.headers()),
            body: body.to_string().into_bytes(),
            answered_by,
        }
    }

    fn headers(&self) -> String {
        format!("authorization: {}\r\n", self.bearer)
    }
}

/// Loads the demo company and adds the salespeople.
pub fn found(installation: &Installation) -> People {
    installation.run(&["demo"]);
    let server = installation.serve();
    let administrator = Client::login(&server, demo::ADMINISTRATOR);
    let agent = load::agent();
    let mut people = Vec::new();
    let mut path = "/users?limit=200".to_owned();
    loop {
        let page = administrator.get(&agent, &path).1;
        people.extend(page["items"].as_array().cloned().unwrap_or_default());
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        path = format!("/users?limit=200&cursor={cursor}");
    }
    let of = |login: &str| {
        people
            .iter()
            .find(|person| person["account"]["login"] == login)
            .expect("a person of the demo")
    };
    let managers: Vec<&Value> = ["li.na", "xu.qiang", "he.jing", "han.bo", "tang.yan"]
        .map(of)
        .to_vec();
    let mut owners: Vec<String> = ["zhang.wei", "wang.fang", "gao.peng", "ma.li"]
        .map(str::to_owned)
        .to_vec();
    for number in owners.len() as u64..OWNERS {
        let manager = managers[number as usize % managers.len()];
        let login = format!("bench.{number:02}");
        let body = json!({
            "login": login, "name": format!("测量{number:02}"),
            "unit_id": manager["unit"]["id"], "superior_id": manager["id"],
        });
        let (status, answer) = administrator.post(&agent, "/users", &body);
        assert_eq!(status, 201, "{answer}");
        owners.push(login);
    }
    People { owners }
}

/// Imports until the registry has `to` customers: rows, what the imports used, megabytes of the database.
pub fn grow(
    installation: &Installation,
    people: &People,
    names: &mut Names,
    home: &Path,
    from: u64,
    to: u64,
) -> (u64, Used, f64) {
    let rows = to - from;
    let path = home.join("rows.csv");
    let owners = (0..PARTS).map(|part| {
        let count = rows * (part + 1) / PARTS - rows * part / PARTS;
        let owner = (from / 1000 + part) % people.owners.len() as u64;
        (people.owners[owner as usize].as_str(), count)
    });
    println!("registering up to {to}");
    let mut used = Used::default();
    for owners in files(owners.collect()) {
        names.write(&path, owners);
        // It shows a bar of its own.
        let one = installation.run(&["import", "customers", path.to_str().expect("UTF-8")]);
        used.seconds += one.seconds;
        used.cpu_ms += one.cpu_ms;
        used.peak_mb = used.peak_mb.max(one.peak_mb);
    }
    (rows, used, installation.megabytes())
}

/// The parts that go into each file.
fn files(parts: Vec<(&str, u64)>) -> Vec<Vec<(&str, u64)>> {
    let mut files: Vec<Vec<(&str, u64)>> = Vec::new();
    let most = u64::from(ExchangeSettings::default().import_rows);
    let mut room = 0;
    for (owner, mut count) in parts {
        while count > 0 {
            if room == 0 {
                files.push(Vec::new());
                room = most;
            }
            let some = count.min(room);
            files.last_mut().expect("a file").push((owner, some));
            count -= some;
            room -= some;
        }
    }
    files
}
