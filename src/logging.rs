//! The log: one line an event in logfmt, so that people read it and tools query it. Never personal data: a line says
//! ids and codes, not what fields hold.

use std::io::Write;

use env_logger::Env;
use log::{
    Level,
    kv::{Key, Value, VisitSource},
};

/// Starts the log; `RUST_LOG` chooses what is shown.
pub fn start() {
    env_logger::Builder::from_env(Env::default().default_filter_or("info,actix_server=warn"))
        .format(|out, record| {
            if level(record) > log::max_level() {
                return Ok(());
            }
            writeln!(out, "ts={} {}", out.timestamp_micros(), line(record))
        })
        .init();
}

/// Where the HTTP parser tells how connections ended.
const PARSER: &str = "actix_http::h1::dispatcher";
/// What it says of connections that ended by the client's fault.
const CLIENTS_FAULTS: [&str; 3] = [
    "stream error: request parse error",
    "stream error: request did not complete",
    "stream error: I/O error",
];

/// How much a record matters. Whoever sends what is no HTTP must not fill the log with errors of this server: the client
/// has been answered 400, and that is all there is to know.
fn level(record: &log::Record<'_>) -> Level {
    let text = || record.args().to_string();
    let is_clients = |text: String| CLIENTS_FAULTS.iter().any(|fault| text.starts_with(fault));
    if record.target() == PARSER && is_clients(text()) {
        Level::Debug
    } else {
        record.level()
    }
}

/// A record as a line, without its time.
pub fn line(record: &log::Record<'_>) -> String {
    let mut pairs = Pairs(String::new());
    // Formatting into a String cannot fail.
    let _ = record.key_values().visit(&mut pairs);
    format!(
        "level={} target={} msg=\"{}\"{}",
        level(record).as_str().to_ascii_lowercase(),
        record.target(),
        escaped(&record.args().to_string()),
        pairs.0
    )
}

struct Pairs(String);

impl<'kvs> VisitSource<'kvs> for Pairs {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), log::kv::Error> {
        let value = value.to_string();
        let plain = !value.is_empty()
            && value
                .bytes()
                .all(|b| b.is_ascii_graphic() && b != b'"' && b != b'=');
        let value = if plain {
            value
        } else {
            format!("\"{}\"", escaped(&value))
        };
        self.0.push_str(&format!(" {key}={value}"));
        Ok(())
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clients_broken_request_is_no_error_of_the_server() {
        let told = |target: &str, text: &str| {
            let args = format_args!("{text}");
            let mut record = log::Record::builder();
            level(&record.level(Level::Error).target(target).args(args).build())
        };
        let broken = "stream error: request parse error: invalid Header provided";
        assert_eq!(told(PARSER, broken), Level::Debug);
        assert_eq!(told(PARSER, "write zero; closing"), Level::Error);
        assert_eq!(told(PARSER, "stream error: internal error"), Level::Error);
        assert_eq!(told("xianlu", broken), Level::Error);
    }
}
