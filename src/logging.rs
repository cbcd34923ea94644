//! The log: one line an event in logfmt, so that people read it and tools query it. Never personal data: a line says
//! ids and codes, not what fields hold.

use std::io::Write;

use env_logger::Env;
use log::kv::{Key, Value, VisitSource};

/// Starts the log; `RUST_LOG` chooses what is shown.
pub fn start() {
    env_logger::Builder::from_env(Env::default().default_filter_or("info,actix_server=warn"))
        .format(|out, record| writeln!(out, "ts={} {}", out.timestamp_micros(), line(record)))
        .init();
}

/// A record as a line, without its time.
pub fn line(record: &log::Record<'_>) -> String {
    let mut pairs = Pairs(String::new());
    // Formatting into a String cannot fail.
    let _ = record.key_values().visit(&mut pairs);
    format!(
        "level={} target={} msg=\"{}\"{}",
        record.level().as_str().to_ascii_lowercase(),
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
