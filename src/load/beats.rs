//! `Beats`: how fast flows come in from files that are followed, told once in a while.

use std::collections::VecDeque;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::snapshot::Pulse;

/// The rate is measured over the last beats, this many.
const BEATS: usize = 10;

/// How many flows there were at each beat, the last one last.
#[derive(Default)]
pub struct Beats(VecDeque<(Instant, u64)>);

impl Beats {
    /// Takes note of how many flows there are, and when the newest was received (Unix
    /// seconds).
    pub fn beat(&mut self, flows: u64, newest: Option<f64>) -> Pulse {
        let now = Instant::now();
        self.0.push_back((now, flows));
        if self.0.len() > BEATS + 1 {
            self.0.pop_front();
        }
        let rate = self.0.front().map_or(0.0, |(then, before)| {
            let seconds = now.duration_since(*then).as_secs_f64();
            (flows - before) as f64 / seconds.max(1.0)
        });
        let clock = SystemTime::now().duration_since(UNIX_EPOCH);
        let age = newest.zip(clock.ok()).map(|(newest, clock)| {
            let age = (clock.as_secs_f64() - newest).clamp(0.0, 1e12);
            Duration::from_secs_f64(age)
        });
        Pulse { rate, age }
    }
}
