//! Clients that ask as fast as they are answered.

use std::{
    sync::{
        Arc, Barrier,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crate::{
    process::Server,
    wire::{Request, Wire},
};

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

/// What clients saw while they asked.
#[derive(Debug, Clone, Default)]
struct Seen {
    times: Vec<Duration>,
    seconds: f64,
    cpu_ms: f64,
}

/// Lets `clients` ask for `seconds`, after a fifth of that to warm up. `ask` says what a client asks, by
/// its number and its count of requests.
pub fn run<F>(server: &Server, clients: usize, seconds: u64, ask: F) -> Measured
where
    F: Fn(usize, usize) -> Request + Send + Sync + 'static,
{
    let seen = watched(
        server,
        clients,
        Duration::from_secs(seconds),
        &Arc::new(ask),
    );
    measured(seen, server)
}

/// How often two who are compared take turns.
const TURNS: u32 = 4;

/// [`run`], of two servers in turns: what else the machine does meanwhile falls on both.
pub fn run_in_turns<F, G>(
    one: (&Server, F),
    other: (&Server, G),
    clients: usize,
    seconds: u64,
) -> [Measured; 2]
where
    F: Fn(usize, usize) -> Request + Send + Sync + 'static,
    G: Fn(usize, usize) -> Request + Send + Sync + 'static,
{
    let (ask_one, ask_other) = (Arc::new(one.1), Arc::new(other.1));
    let turn = Duration::from_secs(seconds) / TURNS;
    let (mut of_one, mut of_other) = (Seen::default(), Seen::default());
    for turns in 0..TURNS {
        // What one has left to be done falls into the turn of the other: so each comes first as often.
        if turns % 2 == 0 {
            of_one.add(watched(one.0, clients, turn, &ask_one));
            of_other.add(watched(other.0, clients, turn, &ask_other));
        } else {
            of_other.add(watched(other.0, clients, turn, &ask_other));
            of_one.add(watched(one.0, clients, turn, &ask_one));
        }
    }
    [measured(of_one, one.0), measured(of_other, other.0)]
}

impl Seen {
    fn add(&mut self, other: Self) {
        self.times.extend(other.times);
        self.seconds += other.seconds;
        self.cpu_ms += other.cpu_ms;
    }
}

fn watched<F>(server: &Server, clients: usize, span: Duration, ask: &Arc<F>) -> Seen
where
    F: Fn(usize, usize) -> Request + Send + Sync + 'static,
{
    let (host, ask) = (server.host().to_owned(), Arc::clone(ask));
    let (warm, stop) = (Switch::default(), Switch::default());
    let start = Arc::new(Barrier::new(2));
    let clients = {
        let (warm, stop, start) = (warm.clone(), stop.clone(), Arc::clone(&start));
        thread::spawn(move || asked(&host, clients, &ask, &warm, &stop, &start))
    };
    start.wait();
    thread::sleep(span / 5);
    warm.turn();
    let (cpu, begun) = (server.cpu_ms(), Instant::now());
    thread::sleep(span);
    let (cpu, elapsed) = (server.cpu_ms() - cpu, begun.elapsed().as_secs_f64());
    stop.turn();
    let (times, busy) = clients.join().expect("the clients");
    if busy > BUSY {
        let share = busy * 100.0;
        eprintln!(
            "the clients were busy for {share:.0} % of the time: the server may be faster than they are"
        );
    }
    Seen {
        times,
        seconds: elapsed,
        cpu_ms: cpu,
    }
}

/// From which share of the time on the clients' thread may be what everything waits for.
const BUSY: f64 = 0.85;

/// What this thread has used of a processor.
fn own_cpu() -> Duration {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the clock writes into a value of ours.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// What one thread tells another.
#[derive(Clone, Default)]
struct Switch(Arc<AtomicBool>);

impl Switch {
    fn turn(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_turned(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// All clients on one thread, which waits for all answers at once: with a thread for each, the machine would change threads
/// for every answer, on the cores that the server has. How long each answer took once it was `warm`, and for which share of
/// the time the thread was busy.
fn asked<F>(
    host: &str,
    clients: usize,
    ask: &Arc<F>,
    warm: &Switch,
    stop: &Switch,
    start: &Barrier,
) -> (Vec<Duration>, f64)
where
    F: Fn(usize, usize) -> Request + Send + Sync + 'static,
{
    let one_thread = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a thread's runtime");
    tokio::task::LocalSet::new().block_on(&one_thread, async {
        let mut wires = Vec::new();
        for _ in 0..clients {
            wires.push(Wire::open(host).await);
        }
        start.wait();
        let (cpu, begun) = (own_cpu(), Instant::now());
        let asking: Vec<_> = wires
            .into_iter()
            .enumerate()
            .map(|(client, mut wire)| {
                let (ask, warm, stop) = (Arc::clone(ask), warm.clone(), stop.clone());
                tokio::task::spawn_local(async move {
                    let mut times = Vec::new();
                    for count in 0.. {
                        if stop.is_turned() {
                            break;
                        }
                        let counts = warm.is_turned();
                        let request = ask(client, count);
                        let begun = Instant::now();
                        wire.ask(&request).await;
                        if counts {
                            times.push(begun.elapsed());
                        }
                    }
                    times
                })
            })
            .collect();
        let mut times = Vec::new();
        for client in asking {
            times.extend(client.await.expect("a client"));
        }
        let busy = (own_cpu() - cpu).as_secs_f64() / begun.elapsed().as_secs_f64();
        (times, busy)
    })
}

fn measured(mut seen: Seen, server: &Server) -> Measured {
    let times = &mut seen.times;
    times.sort_unstable();
    let at = |share: f64| {
        times
            .get((times.len() as f64 * share) as usize)
            .map_or(0.0, |time| time.as_secs_f64() * 1e3)
    };
    Measured {
        rate: times.len() as f64 / seen.seconds,
        p50: at(0.5),
        p99: at(0.99),
        cpu_ms: seen.cpu_ms / times.len().max(1) as f64,
        memory: server.megabytes(),
    }
}
