//! `Chunked`, a growing list cut into chunks behind `Arc`, like a column but
//! for anything else than numbers.

use std::sync::Arc;

use super::column::CHUNK;

/// A growing list with cheap snapshots.
#[derive(Clone, Debug)]
pub struct Chunked<T> {
    /// The chunks before this one were let go.
    gone: usize,
    chunks: Vec<Arc<Vec<T>>>,
    len: usize,
}

impl<T> Default for Chunked<T> {
    fn default() -> Self {
        Chunked {
            gone: 0,
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
        let count = (place as usize / CHUNK).saturating_sub(self.gone);
        self.gone += self.chunks.drain(..count.min(self.chunks.len())).count();
    }

    /// An item by its number.
    pub fn get(&self, place: u32) -> Option<&T> {
        let place = place as usize;
        let kept = (place / CHUNK).checked_sub(self.gone)?;
        self.chunks.get(kept)?.get(place % CHUNK)
    }

    /// Puts an item in the place of another one.
    pub fn set(&mut self, place: u32, item: T) {
        let place = place as usize;
        let kept = (place / CHUNK).checked_sub(self.gone);
        let chunk = kept.and_then(|kept| self.chunks.get_mut(kept));
        if let Some(old) = chunk.and_then(|chunk| Arc::make_mut(chunk).get_mut(place % CHUNK)) {
            *old = item;
        }
    }

    /// How many items there were, those let go too.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All items that are there, in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().flat_map(|chunk| chunk.iter())
    }
}
