//! How often what a damaged gzip member has run over is read again. The search for
//! the next member begins within it, and what is found there may run on as far and
//! be damaged as well: a small file could be read thousands of times, if nobody counted.

/// Damaged members that may begin within what others have run over; of more each
/// is passed over as far as it was read.
const LIMIT: u8 = 8;
/// Members within such a stretch of which it is known how it was when they began.
const KNOWN: usize = 64;

/// A stretch that damaged members have run over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overrun {
    /// Where the last of them gave up.
    end: u64,
    /// How many began within it.
    count: u8,
}

/// The stretch that is being read again, if there is one.
#[derive(Default)]
pub struct Overruns {
    now: Overrun,
    /// What it was when the last members in it began.
    known: Vec<(u64, Overrun)>,
}

impl Overruns {
    /// Reading goes on within a stretch.
    pub fn new(now: Overrun) -> Self {
        Overruns {
            now,
            known: Vec::new(),
        }
    }

    /// A member begins.
    pub fn enter(&mut self, member: u64) {
        if member >= self.now.end {
            self.now = Overrun::default();
            return;
        }
        if self.known.len() == KNOWN {
            self.known.remove(0);
        }
        self.known.push((member, self.now));
    }

    /// What the stretch was when a member began.
    pub fn at(&self, member: u64) -> Overrun {
        let known = self.known.iter().rfind(|known| known.0 == member);
        known.map(|known| known.1).unwrap_or_default()
    }

    /// A member that began here is damaged there: where the search for the next begins.
    pub fn search_from(&mut self, member: u64, failed_at: u64) -> u64 {
        self.now.end = self.now.end.max(failed_at);
        self.now.count = self.now.count.saturating_add(1);
        match self.now.count > LIMIT {
            true => failed_at,
            false => member + 1,
        }
    }
}
