//! How much memory all of it takes, and whether that is too much.

use std::fs;
use std::hint::black_box;
use std::time::{Duration, Instant};

use rustix::process::{Resource, getrlimit};

/// How often it is weighed.
const PACE: Duration = Duration::from_millis(50);

/// What a small input takes besides its table.
const LEAST: u64 = 32 << 20;

/// What tells how many bytes of memory the process takes, if the system does.
pub type Gauge = fn() -> Option<u64>;

/// Weighs what was loaded.
pub struct Weight {
    gauge: Gauge,
    limit: Option<u64>,
    headroom: Option<usize>,
    due: Instant,
    /// Bytes of what grows with the input: of the table, of what waits for its
    /// peer, and of what is going to be needed at the end.
    pub table: u64,
    /// Bytes of everything.
    pub all: u64,
}

impl Weight {
    /// Nothing has been weighed so far.
    pub fn new(gauge: Gauge, limit: Option<u64>, headroom: Option<usize>) -> Weight {
        Weight {
            gauge,
            limit,
            headroom,
            due: Instant::now(),
            table: 0,
            all: 0,
        }
    }

    /// Weighs again when it is time, what is there and what is going to be needed
    /// besides; answers the limit if it is too much, or how far it got if no more can be had.
    pub fn weigh(&mut self, table: impl FnOnce() -> [usize; 2]) -> Option<u64> {
        let now = Instant::now();
        if now < self.due {
            return None;
        }
        self.due = now + PACE;
        let [there, reserve] = table().map(|bytes| bytes as u64);
        self.table = there + reserve;
        self.all = (self.gauge)().unwrap_or(0).max(there) + reserve;
        let over = self.limit.filter(|&limit| self.all > limit);
        let is_full = || self.headroom.is_some_and(|headroom| !can_have(headroom));
        over.or_else(|| is_full().then_some(self.all))
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

/// What has to be left of the addresses that the program may use, where the system limits them
/// (`ulimit -v`): who asks for one too many is ended in the middle of whatever it does. Readers
/// have things under way, and what is asked of the rows takes memory too.
pub fn headroom() -> Option<usize> {
    let limit = getrlimit(Resource::As).current?;
    usize::try_from((limit / 4).max(LEAST)).ok()
}

/// Whether this many bytes can be had.
fn can_have(bytes: usize) -> bool {
    let mut room: Vec<u8> = Vec::new();
    let had = room.try_reserve_exact(bytes).is_ok();
    // else a compiler sees that nobody uses it, and does not ask for it
    black_box(&mut room);
    had
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn what_is_allocated_is_seen() {
        let before = resident().unwrap_or(0);
        let room = vec![1u8; 64 << 20];
        let after = resident().unwrap_or(0);
        assert!(before > 0, "nothing is told");
        assert!(
            after >= before + (room.len() as u64) / 2,
            "{before} {after}"
        );
    }

    #[test]
    fn it_is_too_much_when_no_more_can_be_had() {
        let table = || [1000, 10];
        let gauge = || Some(5000);
        let weigh = |limit, headroom| Weight::new(gauge, limit, headroom).weigh(table);
        assert_eq!(weigh(None, None), None);
        assert_eq!(weigh(Some(6000), Some(1 << 20)), None);
        assert_eq!(weigh(Some(4000), Some(1 << 20)), Some(4000));
        assert_eq!(weigh(None, Some(isize::MAX as usize)), Some(5010));
    }
}
