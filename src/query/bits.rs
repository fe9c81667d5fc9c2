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
            let places = first..rows.min(first + 64);
            places.fold(0, |word, place| {
                word | u64::from(passes(place)) << (place - first)
            })
        };
        Bits((0..rows).step_by(64).map(word).collect())
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
