//! All groups of an answer, in the parts in which they were counted.

use super::tally::Tally;

/// Groups that are looked at in one go.
const BLOCK: usize = 1 << 14;

/// Groups by their keys; a place counts through all parts.
pub struct List<K, N>(pub Vec<Vec<(K, Tally<N>)>>);

impl<K, N> List<K, N> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }

    /// All of them in order.
    pub fn iter(&self) -> impl Iterator<Item = &(K, Tally<N>)> {
        self.0.iter().flatten()
    }

    /// A group by its place.
    pub fn get(&self, place: u32) -> Option<&(K, Tally<N>)> {
        let mut left = place as usize;
        self.0.iter().find_map(|part| {
            let found = part.get(left);
            left = left.wrapping_sub(part.len());
            found
        })
    }

    /// Runs of groups, with the place of the first of each.
    pub fn blocks(&self) -> Vec<(u32, &[(K, Tally<N>)])> {
        let mut next = 0;
        let blocks = self.0.iter().flat_map(|part| part.chunks(BLOCK));
        let placed = blocks.map(|block| {
            let first = next;
            next += block.len() as u32;
            (first, block)
        });
        placed.collect()
    }
}
