//! When the reasons of unmatched flows are found anew, while flows come in.

use std::time::{Duration, Instant};

use super::followed::SHARE;
use super::loader::Loader;

/// Without flows for so long it is calm.
const CALM: Duration = Duration::from_secs(1);
/// Reasons are not older than this while flows come in.
const OLDEST: Duration = Duration::from_secs(5);

/// When reasons were found, and when flows came.
pub struct Reasons {
    /// When flows came last, since the reasons were found.
    news: Option<Instant>,
    found: Instant,
    /// How long it took.
    took: Duration,
}

impl Reasons {
    /// The reasons were found just now.
    pub fn new() -> Reasons {
        Reasons {
            news: None,
            found: Instant::now(),
            took: Duration::ZERO,
        }
    }

    /// Flows have come.
    pub fn flows_came(&mut self) {
        self.news = Some(Instant::now());
    }

    /// Finds the reasons when it is calm, or after a while.
    pub fn look(&mut self, loader: &mut Loader) {
        let since = self.found.elapsed();
        let due = |news: &Instant| news.elapsed() >= CALM || since >= OLDEST;
        if since >= self.took * SHARE && self.news.as_ref().is_some_and(due) {
            let begun = Instant::now();
            loader.builder.explain();
            loader.changed();
            self.news = None;
            self.found = Instant::now();
            self.took = begun.elapsed();
        }
    }
}
