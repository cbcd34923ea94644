//! What wakes and stops the runner of this process.

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
    woken: bool,
    stopping: bool,
}

impl Signal {
    /// There is something to do.
    pub fn wake(&self) {
        self.flags().woken = true;
        self.changed.notify_all();
    }

    /// Stop after the present step.
    pub fn stop(&self) {
        self.flags().stopping = true;
        self.changed.notify_all();
    }

    /// Whether the runner is to stop.
    pub fn is_stopping(&self) -> bool {
        self.flags().stopping
    }

    /// Waits until woken or stopped, but no longer than this.
    pub fn wait(&self, longest: Duration) {
        let idle = |flags: &mut Flags| !flags.woken && !flags.stopping;
        let waited = self.changed.wait_timeout_while(self.flags(), longest, idle);
        let (mut flags, _) = waited.unwrap_or_else(PoisonError::into_inner);
        flags.woken = false;
    }

    fn flags(&self) -> MutexGuard<'_, Flags> {
        self.flags.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
