//! A bit for each row of a chunk.

/// Rows of a chunk, some of them in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bits(Vec<u64>);

impl Bits {
    /// As many rows, all of them in.
    pub fn all(rows: usize) -> Self {
        Bits::of(rows, |_| true)
    }

    /// The rows whose place passes.
    pub fn of(rows: usize, passes: impl Fn(usize) -> bool) -> Self {
        let word = |first: usize| {
            let mut answers = [0; 64];
            let places = first..rows.min(first + 64);
            for (answer, place) in answers.iter_mut().zip(places) {
                *answer = u8::from(passes(place));
            }
            packed(&answers)
        };
        Bits((0..rows).step_by(64).map(word).collect())
    }

    /// The rows whose value passes.
    pub fn of_values<T: Copy>(values: &[T], passes: impl Fn(T) -> bool) -> Self {
        let word = |values: &[T]| {
            let mut answers = [0; 64];
            for (answer, &value) in answers.iter_mut().zip(values) {
                *answer = u8::from(passes(value));
            }
            packed(&answers)
        };
        Bits(values.chunks(64).map(word).collect())
    }

    fn combine(mut self, other: &Bits, how: fn(u64, u64) -> u64) -> Self {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word = how(*word, *other);
        }
        self
    }

    /// Those that are in both.
    pub fn and(self, other: &Bits) -> Self {
        self.combine(other, |a, b| a & b)
    }

    /// Those that are in either.
    pub fn or(self, other: &Bits) -> Self {
        self.combine(other, |a, b| a | b)
    }

    /// Those that are not in the other.
    pub fn without(self, other: &Bits) -> Self {
        self.combine(other, |a, b| a & !b)
    }

    /// Whether a row is in.
    #[inline]
    pub fn has(&self, place: usize) -> bool {
        has_bit(&self.0, place as u64)
    }

    /// How many are in.
    pub fn count(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// Whether none is in.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|&word| word == 0)
    }

    /// Those of them that pass.
    pub fn filter(&self, passes: impl Fn(usize) -> bool) -> Bits {
        let mut bits = self.clone();
        for place in self.places() {
            if !passes(place) {
                bits.0[place / 64] &= !(1 << (place % 64));
            }
        }
        bits
    }

    /// Hands out the places that are in, in order.
    pub fn for_each(&self, mut take: impl FnMut(usize)) {
        for (at, &word) in self.0.iter().enumerate() {
            let mut left = word;
            while left != 0 {
                take(at * 64 + left.trailing_zeros() as usize);
                left &= left - 1;
            }
        }
    }

    /// Writes the numbers of the rows that are in, counted from a first one, into as many cells.
    pub fn number(&self, first: u32, cells: &mut [u32]) {
        let mut cells = cells.iter_mut();
        self.for_each(|place| {
            if let Some(cell) = cells.next() {
                *cell = first + place as u32;
            }
        });
    }

    /// The places that are in, in order.
    pub fn places(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(place, &word)| {
            let mut left = word;
            std::iter::from_fn(move || {
                (left != 0).then(|| {
                    let bit = left.trailing_zeros() as usize;
                    left &= left - 1;
                    place * 64 + bit
                })
            })
        })
    }
}

/// Whether a number has its bit in a set.
#[inline]
pub fn has_bit(set: &[u64], number: u64) -> bool {
    let word = set.get((number / 64) as usize).copied().unwrap_or(0);
    word >> (number % 64) & 1 == 1
}

/// A bit for each of 64 answers that are 0 or 1.
fn packed(answers: &[u8; 64]) -> u64 {
    // the product has the lowest bit of each of eight bytes in its highest byte
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let (eights, _) = answers.as_chunks::<8>();
    let bytes = eights
        .iter()
        .map(|eight| u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56);
    bytes.rev().fold(0, |word, byte| word << 8 | byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_bit_for_each_row(values in prop::collection::vec(prop_oneof![3 => Just(1u64), 1 => 0u64..3], 0..300)) {
            let bits = Bits::of_values(&values, |value| value == 1);
            let expected: Vec<usize> = (0..values.len()).filter(|&at| values[at] == 1).collect();
            prop_assert_eq!(&bits, &Bits::of(values.len(), |at| values[at] == 1));
            prop_assert_eq!(bits.places().collect::<Vec<_>>(), &expected[..]);
            let numbers = expected.iter().map(|&at| at as u32 + 7).collect::<Vec<_>>();
            let mut cells = vec![0; expected.len()];
            bits.number(7, &mut cells);
            prop_assert_eq!(cells, numbers);
            prop_assert_eq!(bits.count(), expected.len() as u64);
        }
    }
}
