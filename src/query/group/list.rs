//! `List`, all groups, as the cores have put them together: in several parts, as
//! there may be too many of them to copy.

use super::tally::Item;

/// Groups by their keys.
pub struct List<K, S> {
    parts: Vec<Vec<Item<K, S>>>,
    /// The place of the first group of each part.
    begins: Vec<usize>,
}

impl<K, S> List<K, S> {
    /// The groups of all parts, one after the other.
    pub fn new(mut parts: Vec<Vec<Item<K, S>>>) -> Self {
        parts.retain(|part| !part.is_empty());
        let mut next = 0;
        let begins = parts.iter().map(|part| {
            next += part.len();
            next - part.len()
        });
        let begins = begins.collect();
        List { parts, begins }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.parts.iter().map(Vec::len).sum()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Item<K, S>> {
        self.parts.iter().flatten()
    }

    /// How many parts there are.
    pub fn parts(&self) -> usize {
        self.parts.len()
    }

    /// The groups of a part with their places.
    pub fn part(&self, part: usize) -> impl Iterator<Item = (u32, &Item<K, S>)> {
        (self.begins[part] as u32..).zip(&self.parts[part])
    }

    /// The group at a place.
    pub fn at(&self, place: u32) -> &Item<K, S> {
        let place = place as usize;
        let part = self.begins.partition_point(|&begin| begin <= place) - 1;
        &self.parts[part][place - self.begins[part]]
    }
}
