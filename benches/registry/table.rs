//! The table.

use std::fmt::Write;

use crate::{Arguments, Backend, load::Measured, process::Used};

/// A line of the table.
#[derive(Debug, Clone)]
pub struct Row {
    pub backend: Backend,
    pub size: u64,
    pub operation: String,
    pub measured: Measured,
    /// Throughput as a share of the floor's.
    pub of_floor: Option<f64>,
    /// Megabytes of the database.
    pub database: Option<f64>,
}

impl Row {
    pub fn import(backend: Backend, size: u64, import: &(u64, Used, f64)) -> Self {
        let (rows, used, database) = *import;
        Self {
            backend,
            size,
            operation: "bulk import (rows)".into(),
            measured: Measured {
                rate: rows as f64 / used.seconds.max(1e-6),
                cpu_ms: used.cpu_ms / rows.max(1) as f64,
                memory: used.peak_mb,
                ..Measured::default()
            },
            of_floor: None,
            database: Some(database),
        }
    }
}

/// The whole table as Markdown.
pub fn render(arguments: &Arguments, rows: &[Row]) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "| database | customers | operation | per second | p50 ms | p99 ms | CPU ms | of the floor | p50 growth | memory MB | database MB |"
    );
    let _ = writeln!(text, "|---|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|");
    let smallest = arguments.sizes.first().copied().unwrap_or_default();
    for row in rows {
        let base = rows.iter().find(|other| {
            other.backend == row.backend
                && other.operation == row.operation
                && other.size == smallest
        });
        let growth = base
            .filter(|base| base.size != row.size && base.measured.p50 > 0.0)
            .map(|base| format!("{:.2}", row.measured.p50 / base.measured.p50));
        let m = &row.measured;
        let time = |ms: f64| {
            if ms > 0.0 {
                format!("{ms:.2}")
            } else {
                String::new()
            }
        };
        let _ = writeln!(
            text,
            "| {} | {} | {} | {:.0} | {} | {} | {:.3} | {} | {} | {:.0} | {} |",
            row.backend.name(),
            row.size,
            row.operation,
            m.rate,
            time(m.p50),
            time(m.p99),
            m.cpu_ms,
            row.of_floor
                .map(|share| format!("{share:.2}"))
                .unwrap_or_default(),
            growth.unwrap_or_default(),
            m.memory,
            row.database
                .map(|mb| format!("{mb:.0}"))
                .unwrap_or_default(),
        );
    }
    text
}
