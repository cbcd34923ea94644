//! Clients that ask as fast as they are answered.

use std::{
    sync::{
        Arc, Barrier,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crate::{process::Server, wire::Wire};

/// What was measured.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    /// Requests a second.
    pub rate: f64,
    /// Half were answered within, in ms.
    pub p50: f64,
    /// All but one in a hundred were answered within, in ms.
    pub p99: f64,
    /// CPU of server and database per request, in ms.
    pub cpu_ms: f64,
    /// Memory of the server afterwards, in MB.
    pub memory: f64,
}

/// For what is not measured.
pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .proxy(None)
        .timeout_global(Some(Duration::from_secs(120)))
        .build()
        .into()
}

/// Lets `clients` ask for `seconds`, after a tenth of that to warm up. `ask` is told the client's number and its count of
/// requests.
pub fn run<F>(server: &Server, clients: usize, seconds: u64, ask: F) -> Measured
where
    F: Fn(&mut Wire, usize, usize) + Send + Sync + 'static,
{
    let ask = Arc::new(ask);
    let warm = Arc::new(AtomicBool::new(true));
    let stop = Arc::new(AtomicBool::new(false));
    let start = Arc::new(Barrier::new(clients + 1));
    let threads: Vec<_> = (0..clients)
        .map(|client| {
            let (ask, warm, stop, start) = (ask.clone(), warm.clone(), stop.clone(), start.clone());
            let host = server.host().to_owned();
            thread::spawn(move || {
                let mut wire = Wire::open(&host);
                let mut times = Vec::new();
                start.wait();
                for count in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let cold = warm.load(Ordering::Relaxed);
                    let begun = Instant::now();
                    ask(&mut wire, client, count);
                    if !cold {
                        times.push(begun.elapsed());
                    }
                }
                times
            })
        })
        .collect();
    start.wait();
    thread::sleep(Duration::from_millis(seconds * 200));
    warm.store(false, Ordering::Relaxed);
    let (cpu, begun) = (server.cpu_ms(), Instant::now());
    thread::sleep(Duration::from_secs(seconds));
    let (cpu, elapsed) = (server.cpu_ms() - cpu, begun.elapsed().as_secs_f64());
    stop.store(true, Ordering::Relaxed);
    let mut times: Vec<Duration> = threads
        .into_iter()
        .flat_map(|thread| thread.join().expect("a client"))
        .collect();
    times.sort_unstable();
    let at = |share: f64| {
        times
            .get((times.len() as f64 * share) as usize)
            .map_or(0.0, |time| time.as_secs_f64() * 1e3)
    };
    Measured {
        rate: times.len() as f64 / elapsed,
        p50: at(0.5),
        p99: at(0.99),
        cpu_ms: cpu / times.len().max(1) as f64,
        memory: server.megabytes(),
    }
}
