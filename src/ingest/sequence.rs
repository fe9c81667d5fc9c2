//! Gaps in the sequence numbers of one observation domain. v5 counts flows, IPFIX records, v9
//! packets. Packets may come late, exporters start anew, and one domain may be read from
//! several files, so what was met is kept as ranges, and holes between them are what was
//! lost. A packet may come twice, too: at about the same time, where packets tell when their
//! exporter was started. Later, or where none tells that, numbers that come again are those of
//! a new start.

/// Ranges kept apart; of more, the oldest hole counts as lost for good.
const RANGES: usize = 64;
/// A packet that is further behind the newest than this many times its own size was not late.
const LATE: i64 = 64;
/// Clocks and uptimes that differ by more milliseconds tell of a restart, and a packet that
/// comes again so much later is another one.
const MOVES: i64 = 10_000;

/// The numbers of one domain.
#[derive(Default)]
pub struct Sequence {
    /// What was met since the last restart: begin and end, in order, with holes between.
    met: Vec<(i64, i64)>,
    /// The newest packet's number as it stood in the header, and where it lies.
    newest: Option<(u32, i64)>,
    boot: Option<i64>,
    /// When the last packet was received.
    received: i64,
    settled: Loss,
}

/// What is missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loss {
    /// How much.
    pub lost: u64,
    /// In how many gaps.
    pub gaps: u64,
    /// How often counting began anew.
    pub restarts: u64,
}

impl Sequence {
    /// Takes a packet that counts for `units`, beginning at `number`; `received` and `boot`
    /// are in Unix milliseconds.
    pub fn take(&mut self, number: u32, units: u64, boot: Option<i64>, received: i64) {
        let units = i64::try_from(units).unwrap_or(i64::MAX);
        let (before, place) = self.newest.unwrap_or((number, 0));
        let begin = place.saturating_add(i64::from(number.wrapping_sub(before) as i32));
        let is_late = received.saturating_sub(self.received) > MOVES;
        if self.is_restart(begin, units, boot, is_late) {
            self.settle();
        }
        self.received = self.received.max(received);
        self.boot = boot.or(self.boot);
        if begin >= place || self.met.is_empty() {
            self.newest = Some((number, begin));
        }
        self.cover(begin, begin.saturating_add(units));
    }

    fn is_restart(&self, begin: i64, units: i64, boot: Option<i64>, is_late: bool) -> bool {
        let Some(&(first, _)) = self.met.first() else {
            return false;
        };
        if begin < first.saturating_sub(LATE.saturating_mul(units.max(1))) {
            return true;
        }
        let comes_again = || units > 0 && self.has(begin, begin.saturating_add(units));
        match self.boot.zip(boot) {
            // uptimes have 32 bits, and what they wrap around to is no start
            Some((old, new)) if i64::from((new - old) as i32).abs() > MOVES => true,
            // the process alone may have started anew
            Some(_) => is_late && comes_again(),
            // they are the only sign
            None => comes_again(),
        }
    }

    fn has(&self, begin: i64, end: i64) -> bool {
        self.met.iter().any(|met| met.0 <= begin && end <= met.1)
    }

    fn settle(&mut self) {
        self.settled = self.loss();
        self.settled.restarts += 1;
        self.met.clear();
    }

    fn cover(&mut self, begin: i64, end: i64) {
        // mostly it goes on where the newest range ended
        if let Some(last) = self.met.last_mut()
            && last.0 <= begin
            && begin <= last.1
        {
            last.1 = last.1.max(end);
            return;
        }
        let from = self.met.partition_point(|range| range.1 < begin);
        let to = self.met.partition_point(|range| range.0 <= end);
        let joined = self.met[from..to].iter();
        let whole = joined.fold((begin, end), |whole, range| {
            (whole.0.min(range.0), whole.1.max(range.1))
        });
        self.met.splice(from..to, [whole]);
        if self.met.len() > RANGES {
            let (_, end) = self.met.remove(0);
            self.settled.lost += self.met[0].0.abs_diff(end);
            self.settled.gaps += 1;
        }
    }

    /// What is missing so far.
    pub fn loss(&self) -> Loss {
        let holes = self
            .met
            .windows(2)
            .map(|pair| pair[1].0.abs_diff(pair[0].1));
        Loss {
            lost: self.settled.lost + holes.clone().sum::<u64>(),
            gaps: self.settled.gaps + holes.count() as u64,
            restarts: self.settled.restarts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loss(packets: &[(u32, u64)]) -> (u64, u64, u64) {
        let mut sequence = Sequence::default();
        for &(number, units) in packets {
            sequence.take(number, units, None, 0);
        }
        let Loss {
            lost,
            gaps,
            restarts,
        } = sequence.loss();
        (lost, gaps, restarts)
    }

    #[test]
    fn holes_are_lost_until_they_are_filled() {
        assert_eq!(loss(&[(0, 30), (30, 30), (60, 12)]), (0, 0, 0));
        assert_eq!(loss(&[(0, 30), (60, 30), (120, 1)]), (60, 2, 0));
        // late, and out of order from the beginning
        assert_eq!(loss(&[(1, 1), (3, 1), (2, 1), (4, 1)]), (0, 0, 0));
        assert_eq!(loss(&[(17, 1), (2, 1), (3, 1), (18, 1)]), (13, 1, 0));
        // over the end of 32 bits
        assert_eq!(loss(&[(u32::MAX - 9, 10), (0, 10), (15, 1)]), (5, 1, 0));
    }

    #[test]
    fn counting_anew_is_no_loss() {
        assert_eq!(loss(&[(0, 30), (30, 30), (0, 30), (30, 30)]), (0, 0, 1));
        assert_eq!(loss(&[(900_000, 30), (0, 30), (60, 30)]), (30, 1, 1));
        let mut sequence = Sequence::default();
        sequence.take(5, 1, Some(0), 0);
        sequence.take(60_000, 1, Some(3_600_000), 0);
        assert_eq!(sequence.loss().restarts, 1);
        assert_eq!(sequence.loss().lost, 0);
    }

    #[test]
    fn what_comes_twice_is_neither_a_loss_nor_a_restart_of_the_same_boot() {
        let mut sequence = Sequence::default();
        for number in [1, 2, 4, 4, 3, 1, 5] {
            sequence.take(number, 1, Some(7), 0);
        }
        assert_eq!(sequence.loss(), Loss::default());
        // nor is the uptime's way around
        sequence.take(6, 1, Some(7 + (1 << 32)), 1000);
        assert_eq!(sequence.loss(), Loss::default());
        // the process has started anew, not the machine
        sequence.take(1, 1, Some(7), 1001 + MOVES);
        sequence.take(3, 1, Some(7), 1001 + MOVES);
        let Loss { lost, restarts, .. } = sequence.loss();
        assert_eq!((lost, restarts), (1, 1));
        // the same numbers of another boot are others
        sequence.take(1, 1, Some(8 + MOVES), 1002 + MOVES);
        sequence.take(4, 1, Some(8 + MOVES), 1003 + MOVES);
        let Loss {
            lost,
            gaps,
            restarts,
        } = sequence.loss();
        assert_eq!((lost, gaps, restarts), (3, 2, 2));
    }

    #[test]
    fn any_number_of_holes_is_counted_in_little_room() {
        let every_other: Vec<(u32, u64)> = (0..10_000).map(|n| (2 * n, 1)).collect();
        assert_eq!(loss(&every_other), (9_999, 9_999, 0));
    }

    #[test]
    fn a_packet_of_any_size_counts() {
        let sizes = [u64::MAX, i64::MAX as u64, 1 << 62, 1];
        for (first, second) in sizes.iter().flat_map(|&a| sizes.map(|b| (a, b))) {
            let (lost, ..) = loss(&[(5, first), (1000, second), (0, second)]);
            assert!(lost < 1000, "{first} {second}: {lost}");
        }
    }
}
