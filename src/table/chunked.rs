//! `Chunked`, a growing list cut into chunks behind `Arc`, like a column but
//! for anything else than numbers.

use std::sync::Arc;

use super::column::CHUNK;

/// A growing list with cheap snapshots.
#[derive(Clone, Debug)]
pub struct Chunked<T> {
    chunks: Vec<Arc<Vec<T>>>,
    len: usize,
}

impl<T> Default for Chunked<T> {
    fn default() -> Self {
        Chunked {
            chunks: Vec::new(),
            len: 0,
        }
    }
}

impl<T: Clone> Chunked<T> {
    /// Appends an item.
    pub fn push(&mut self, item: T) {
        if self.len.is_multiple_of(CHUNK) {
            self.chunks.push(Arc::default());
        }
        if let Some(last) = self.chunks.last_mut() {
            Arc::make_mut(last).push(item);
            self.len += 1;
        }
    }

    /// Bytes of memory.
    pub fn bytes(&self) -> usize {
        let items: usize = self.chunks.iter().map(|chunk| chunk.capacity()).sum();
        items * size_of::<T>()
    }

    /// Lets go of the chunks that end before an item; the others keep their numbers.
    pub fn shed(&mut self, place: u32) {
        let gone = self.chunks.iter_mut().take(place as usize / CHUNK);
        gone.filter(|chunk| !chunk.is_empty())
            .for_each(|chunk| *chunk = Arc::default());
    }

    /// An item by its number.
    pub fn get(&self, place: u32) -> Option<&T> {
        let place = place as usize;
        self.chunks.get(place / CHUNK)?.get(place % CHUNK)
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All items in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().flat_map(|chunk| chunk.iter())
    }
}
