//! What wakes and stops the runners of this process.

use std::{
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// Shared by everything in the process that queues jobs, and by whoever stops the server.
#[derive(Debug, Default)]
pub struct Signal {
    flags: Mutex<Flags>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Flags {
    /// How often somebody said that there is something to do: each runner knows how often it has heard it.
    calls: u64,
    stopping: bool,
}

impl Signal {
    /// There is something to do.
    pub fn wake(&self) {
        self.flags().calls += 1;
        self.changed.notify_all();
    }

    /// Stop after the present step.
    pub fn stop(&self) {
        self.flags().stopping = true;
        self.changed.notify_all();
    }

    /// Whether the runners are to stop.
    pub fn is_stopping(&self) -> bool {
        self.flags().stopping
    }

    /// Waits until there is something to do that was not `heard` of, or until stopped, but no longer than this.
    pub fn wait(&self, longest: Duration, heard: &mut u64) {
        let idle = |flags: &mut Flags| flags.calls == *heard && !flags.stopping;
        let waited = self.changed.wait_timeout_while(self.flags(), longest, idle);
        let (flags, _) = waited.unwrap_or_else(PoisonError::into_inner);
        *heard = flags.calls;
    }

    /// Lets this much time pass, unless it is to stop.
    pub fn pause(&self, long: Duration) {
        let idle = |flags: &mut Flags| !flags.stopping;
        let waited = self.changed.wait_timeout_while(self.flags(), long, idle);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    fn flags(&self) -> MutexGuard<'_, Flags> {
        self.flags.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
