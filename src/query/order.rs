//! Rows in the order of their keys: the first few by a scan, all of them by
//! a radix sort of key and place packed into one number.

use super::keys::LAST;
use crate::table::share::in_parallel;

/// Bits sorted by at once.
const DIGIT: u32 = 11;

/// A row's key and its place among the rows.
pub type Keyed = (u64, u32);

/// Keys such that the least goes first, for either direction; what has no value stays last.
pub fn directed(key: u64, descending: bool) -> u64 {
    match (key, descending) {
        (LAST, _) => LAST,
        (key, true) => LAST - 1 - key,
        (key, false) => key,
    }
}

/// Parts of the keys that are looked through in one go.
const TOGETHER: usize = 256;

/// The places of the `count` least keys, in order; a key's place counts on from
/// one part to the next.
pub fn first(parts: &[Vec<u64>], count: usize) -> Vec<u32> {
    let begins: Vec<u32> = parts
        .iter()
        .scan(0, |next, part| {
            let begin = *next;
            *next += part.len() as u32;
            Some(begin)
        })
        .collect();
    let groups: Vec<_> = parts
        .chunks(TOGETHER)
        .zip(begins.chunks(TOGETHER))
        .collect();
    let best = in_parallel(groups.len(), |group| {
        let (parts, begins) = groups[group];
        let keyed = parts.iter().zip(begins).flat_map(|(part, &begin)| {
            let keys = part.iter().enumerate();
            keys.map(move |(place, &key)| (key, begin + place as u32))
        });
        least(keyed, count)
    });
    let best = least(best.into_iter().flatten(), count);
    best.into_iter().map(|keyed| keyed.1).collect()
}

/// The `count` least, in order.
fn least(keyed: impl Iterator<Item = Keyed>, count: usize) -> Vec<Keyed> {
    let mut best: Vec<Keyed> = Vec::with_capacity(2 * count);
    let mut limit = (LAST, u32::MAX);
    keyed.for_each(|keyed| {
        if keyed < limit {
            best.push(keyed);
            if best.len() == 2 * count {
                best.select_nth_unstable(count - 1);
                best.truncate(count);
                limit = best[count - 1];
            }
        }
    });
    best.sort_unstable();
    best.truncate(count);
    best
}

/// All places in the order of their keys; equal keys keep theirs.
pub fn all(keys: &[u64]) -> Vec<u32> {
    let known = keys.iter().filter(|&&key| key != LAST);
    let (least, most) = known.fold((LAST, 0), |(least, most), &key| {
        (least.min(key), most.max(key))
    });
    let place_bits = usize::BITS - keys.len().leading_zeros();
    // one more than the greatest stands for what has no value
    let key_bits = u64::BITS - most.saturating_sub(least).saturating_add(1).leading_zeros();
    if place_bits + key_bits > u64::BITS {
        return by_comparison(keys);
    }
    let none = most.saturating_sub(least).saturating_add(1);
    let pack = |(place, &key): (usize, &u64)| {
        let key = if key == LAST { none } else { key - least };
        key << place_bits | place as u64
    };
    let mut packed: Vec<u64> = keys.iter().enumerate().map(pack).collect();
    let mut other = vec![0; packed.len()];
    for shift in (place_bits..place_bits + key_bits).step_by(DIGIT as usize) {
        pass(&packed, &mut other, shift);
        std::mem::swap(&mut packed, &mut other);
    }
    let mask = (1 << place_bits) - 1;
    packed
        .into_iter()
        .map(|packed| (packed & mask) as u32)
        .collect()
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

fn by_comparison(keys: &[u64]) -> Vec<u32> {
    let mut places: Vec<u32> = (0..keys.len() as u32).collect();
    places.sort_unstable_by_key(|&place| (keys[place as usize], place));
    places
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
            mut keys in prop::collection::vec(key(), 0..400), wide: bool, count in 1usize..50, size in 1usize..90,
        ) {
            if wide {
                keys.push(LAST - 1);
                keys.push(0);
            }
            let expected = by_comparison(&keys);
            prop_assert_eq!(&all(&keys), &expected);
            let parts: Vec<Vec<u64>> = keys.chunks(size).map(<[u64]>::to_vec).collect();
            prop_assert_eq!(first(&parts, count), &expected[..count.min(expected.len())]);
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
