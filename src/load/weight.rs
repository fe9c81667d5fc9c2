//! How much memory all of it takes, and whether that is too much.

use std::fs;
use std::time::{Duration, Instant};

/// How often it is weighed.
const PACE: Duration = Duration::from_millis(50);

/// What tells how many bytes of memory the process takes, if the system does.
pub type Gauge = fn() -> Option<u64>;

/// Weighs what was loaded.
pub struct Weight {
    gauge: Gauge,
    limit: Option<u64>,
    due: Instant,
    /// Bytes of what grows with the input: of the table, of what waits for its
    /// peer, and of what is going to be needed at the end.
    pub table: u64,
    /// Bytes of everything.
    pub all: u64,
}

impl Weight {
    /// Nothing weighs nothing.
    pub fn new(gauge: Gauge, limit: Option<u64>) -> Weight {
        Weight {
            gauge,
            limit,
            due: Instant::now(),
            table: 0,
            all: 0,
        }
    }

    /// Weighs again when it is time, what is there and what is going to be needed
    /// besides; answers the limit if it is too much.
    pub fn weigh(&mut self, table: impl FnOnce() -> [usize; 2]) -> Option<u64> {
        let now = Instant::now();
        if now < self.due {
            return None;
        }
        self.due = now + PACE;
        let [there, reserve] = table().map(|bytes| bytes as u64);
        self.table = there + reserve;
        self.all = (self.gauge)().unwrap_or(0).max(there) + reserve;
        self.limit.filter(|&limit| self.all > limit)
    }
}

/// Bytes of memory that this process has now, as Linux tells.
pub fn resident() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_allocated_is_seen() {
        let Some(before) = resident() else {
            return;
        };
        let room = vec![1u8; 64 << 20];
        let after = resident().unwrap_or(0);
        assert!(
            after >= before + (room.len() as u64) / 2,
            "{before} {after}"
        );
    }
}
