//! What is wanted of a number: as a number of one row, and as keys of a column.

use std::ops::RangeInclusive;

use crate::model::attr::UNKNOWN;
use crate::query::columns::vector::Vector;
use crate::query::language::expr::Check;

/// What is wanted of a number.
pub enum Wanted {
    /// It is one of these.
    Within(RangeInclusive<i128>),
    /// It is in the list, which is sorted.
    Among(Vec<i128>),
    /// Of the bits of the first, just those of the second are set.
    Bits(u64, u64),
}

/// The same of the keys of a column; none of them is [`UNKNOWN`].
pub enum WantedKeys {
    /// None will do.
    None,
    /// It is one of these.
    Within(RangeInclusive<u64>),
    /// It has a bit in this set.
    Small(Vec<u64>),
    /// Of the bits of the first, just those of the second are set.
    Bits(u64, u64),
    /// The number that it stands for is wanted.
    Number,
}

/// Keys below this have a bit each in a set: all ports.
const SMALL: u64 = 1 << 16;

impl Wanted {
    /// What a check wants, where that needs no calendar.
    pub fn of(check: &Check) -> Option<Self> {
        Some(match check {
            Check::Compare(comparison, number) => {
                Wanted::Within(comparison.range(*number, number.saturating_add(1)))
            }
            Check::Among(numbers) => Wanted::Among(numbers.clone()),
            Check::Bits { mask, set } => Wanted::Bits(*mask, *set),
            Check::Moment(..) => return None,
        })
    }

    /// Whether a number is so.
    pub fn holds(&self, number: i128) -> bool {
        match self {
            Wanted::Within(range) => range.contains(&number),
            Wanted::Among(numbers) => numbers.binary_search(&number).is_ok(),
            Wanted::Bits(mask, set) => {
                u64::try_from(number).is_ok_and(|number| number & mask == *set)
            }
        }
    }

    /// The same of keys.
    pub fn keys(&self, vector: Vector) -> WantedKeys {
        match self {
            Wanted::Within(range) => match keys_within(range, vector) {
                Some(keys) => WantedKeys::Within(keys),
                None => WantedKeys::None,
            },
            Wanted::Among(numbers) => {
                let mut set = vec![0; SMALL as usize / 64];
                for number in numbers {
                    match keys_within(&(*number..=*number), vector).map(|keys| *keys.start()) {
                        Some(key) if key < SMALL => set[key as usize / 64] |= 1 << (key % 64),
                        Some(_) => return WantedKeys::Number,
                        None => {}
                    }
                }
                WantedKeys::Small(set)
            }
            Wanted::Bits(mask, set) if vector.number(0) == 0 => WantedKeys::Bits(*mask, *set),
            Wanted::Bits(..) => WantedKeys::Number,
        }
    }
}

/// The keys of the numbers in a range; keys are in the order of the numbers.
fn keys_within(range: &RangeInclusive<i128>, vector: Vector) -> Option<RangeInclusive<u64>> {
    let (first, last) = (vector.number(0), vector.number(UNKNOWN - 1));
    let (begin, end) = (*range.start().max(&first), *range.end().min(&last));
    (begin <= end).then(|| (begin - first) as u64..=(end - first) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::attr::Attr;
    use crate::query::bits::has_bit;
    use proptest::prelude::*;

    fn number() -> impl Strategy<Value = i128> {
        let edges: [i128; 5] = [0, 1 << 16, 1 << 63, 1 << 64, -(1 << 63)];
        let near = prop::sample::select(edges.to_vec()).prop_flat_map(|edge| edge - 3..edge + 4);
        prop_oneof![near, -9i128..90]
    }

    fn held(wanted: &Wanted, vector: Vector, key: u64) -> bool {
        match wanted.keys(vector) {
            WantedKeys::None => false,
            WantedKeys::Within(range) => range.contains(&key),
            WantedKeys::Small(set) => has_bit(&set, key),
            WantedKeys::Bits(mask, set) => key & mask == set,
            WantedKeys::Number => wanted.holds(vector.number(key)),
        }
    }

    proptest! {
        #[test]
        fn keys_are_wanted_as_the_numbers_they_stand_for(
            numbers in prop::collection::vec(number(), 2..5), key in prop_oneof![0u64..90, any::<u64>(), UNKNOWN - 9..UNKNOWN],
        ) {
            for vector in [Vector::Start, Vector::Sum(Attr::Octets)] {
                let mut numbers = numbers.clone();
                numbers.sort_unstable();
                let range = numbers[0]..=numbers[1];
                for wanted in [Wanted::Among(numbers), Wanted::Within(range), Wanted::Bits(7, 5)] {
                    for key in [key, key ^ 1 << 63, key & 0xffff].map(|key| key.min(UNKNOWN - 1)) {
                        let expected = wanted.holds(vector.number(key));
                        prop_assert_eq!(held(&wanted, vector, key), expected, "{} {:?}", key, vector);
                    }
                }
            }
        }
    }
}
