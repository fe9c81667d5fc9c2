//! Rows in the order of their keys: the first few by a scan, all of them by
//! a radix sort of key and place packed into one number.

use crate::model::attr::UNKNOWN;

/// The key of a value that is not there; it goes last.
pub const LAST: u64 = UNKNOWN;

/// Bits sorted by at once.
const DIGIT: u32 = 11;

/// A row's key and its place among the rows.
pub type Keyed = (u64, u32);

/// Keys such that the least goes first, for either direction; what has no value stays last.
pub fn directed(key: u64, descending: bool) -> u64 {
    match descending {
        // LAST is itself again, as it is one more than the key that becomes 0
        true => (LAST - 1).wrapping_sub(key),
        false => key,
    }
}

/// So many times as many keys as are wanted are gathered before some are dropped.
const ROOM: usize = 4;

/// The least of many keys.
pub struct Least {
    count: usize,
    best: Vec<Keyed>,
    /// What is not less is not among them.
    limit: Keyed,
}

impl Least {
    /// So many of them.
    pub fn new(count: usize) -> Self {
        Least {
            count,
            best: Vec::with_capacity(ROOM * count),
            limit: (LAST, u32::MAX),
        }
    }

    /// Looks at one more.
    #[inline]
    pub fn add(&mut self, keyed: Keyed) {
        if keyed.0 <= self.limit.0 && keyed < self.limit {
            self.best.push(keyed);
            if self.best.len() == ROOM * self.count {
                self.cut();
            }
        }
    }

    #[cold]
    fn cut(&mut self) {
        self.best.select_nth_unstable(self.count - 1);
        self.best.truncate(self.count);
        self.limit = self.best[self.count - 1];
    }

    /// Those that are least, in order.
    pub fn sorted(mut self) -> Vec<Keyed> {
        self.best.sort_unstable();
        self.best.truncate(self.count);
        self.best
    }
}

/// All rows in the order of their keys; equal keys keep the order of the rows.
/// Nothing if that is not wanted any more, which is asked now and then.
pub fn all(keys: &[u64], rows: &[u32], mut wanted: impl FnMut() -> bool) -> Option<Vec<u32>> {
    let known = keys.iter().filter(|&&key| key != LAST);
    let (least, most) = known.fold((LAST, 0), |(least, most), &key| {
        (least.min(key), most.max(key))
    });
    // the rows ascend
    let row_bits = rows
        .last()
        .map_or(0, |last| u32::BITS - last.leading_zeros());
    // one more than the greatest stands for what has no value
    let none = most.saturating_sub(least).saturating_add(1);
    let key_bits = u64::BITS - none.leading_zeros();
    if row_bits + key_bits > u64::BITS {
        return Some(by_comparison(keys, rows));
    }
    let pack = |(&key, &row): (&u64, &u32)| {
        let key = if key == LAST { none } else { key - least };
        key << row_bits | u64::from(row)
    };
    let mut packed: Vec<u64> = keys.iter().zip(rows).map(pack).collect();
    let mut other = vec![0; packed.len()];
    for shift in (row_bits..row_bits + key_bits).step_by(DIGIT as usize) {
        if !wanted() {
            return None;
        }
        pass(&packed, &mut other, shift);
        std::mem::swap(&mut packed, &mut other);
    }
    let mask = (1 << row_bits) - 1;
    let row = |packed| (packed & mask) as u32;
    Some(packed.into_iter().map(row).collect())
}

/// One pass of a least-significant-digit radix sort.
fn pass(from: &[u64], to: &mut [u64], shift: u32) {
    let digit = |packed: u64| (packed >> shift) as usize & ((1 << DIGIT) - 1);
    let mut begins = [0usize; 1 << DIGIT];
    for &packed in from {
        begins[digit(packed)] += 1;
    }
    let mut sum = 0;
    for begin in &mut begins {
        (*begin, sum) = (sum, sum + *begin);
    }
    for &packed in from {
        let begin = &mut begins[digit(packed)];
        to[*begin] = packed;
        *begin += 1;
    }
}

fn by_comparison(keys: &[u64], rows: &[u32]) -> Vec<u32> {
    let mut keyed: Vec<Keyed> = keys.iter().copied().zip(rows.iter().copied()).collect();
    keyed.sort_unstable();
    keyed.into_iter().map(|(_, row)| row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key() -> impl Strategy<Value = u64> {
        prop_oneof![Just(LAST), 0u64..5, 1000u64..9000, (1u64 << 40)..(1 << 41)]
    }

    proptest! {
        #[test]
        fn both_ways_order_as_comparing_does(
            mut keys in prop::collection::vec(key(), 0..400), wide: bool, count in 1usize..50,
        ) {
            if wide {
                keys.push(LAST - 1);
                keys.push(0);
            }
            let rows: Vec<u32> = (0..).step_by(3).take(keys.len()).collect();
            let expected = by_comparison(&keys, &rows);
            prop_assert_eq!(all(&keys, &rows, || true), Some(expected.clone()));
            let mut least = Least::new(count);
            keys.into_iter().zip(rows).for_each(|keyed| least.add(keyed));
            let first: Vec<u32> = least.sorted().into_iter().map(|keyed| keyed.1).collect();
            prop_assert_eq!(&first, &expected[..count.min(expected.len())]);
        }

        #[test]
        fn descending_reverses_all_but_the_unknown(a in key(), b in key()) {
            if a != LAST && b != LAST {
                prop_assert_eq!(a.cmp(&b), directed(b, true).cmp(&directed(a, true)));
            } else {
                prop_assert_eq!(a.cmp(&b), directed(a, true).cmp(&directed(b, true)));
            }
        }
    }
}
