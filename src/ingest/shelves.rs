//! A list that grows while others read it, by number: what is in it never changes. Each of
//! its shelves has twice the room of the one before, so that nothing ever moves.

use std::sync::OnceLock;

/// As many as there are numbers for.
const SHELVES: usize = u32::BITS as usize + 1;

/// The list.
pub struct Shelves<T>([OnceLock<Box<[OnceLock<T>]>>; SHELVES]);

impl<T> Default for Shelves<T> {
    fn default() -> Self {
        Shelves([const { OnceLock::new() }; SHELVES])
    }
}

impl<T> Shelves<T> {
    /// Appends an item. Of several that are appended at once, none is lost.
    pub fn push(&self, mut item: T) {
        let mut number = self.len();
        while let Err(back) = self.slot(number).set(item) {
            (item, number) = (back, number + 1);
        }
    }

    /// The item of a number.
    pub fn get(&self, number: u32) -> Option<&T> {
        let (shelf, place) = place(number);
        self.0[shelf].get()?[place].get()
    }

    fn len(&self) -> u32 {
        let begun = self.0.iter().map_while(OnceLock::get);
        let lengths = begun.map(|shelf| shelf.partition_point(|slot| slot.get().is_some()));
        lengths.sum::<usize>() as u32
    }

    fn slot(&self, number: u32) -> &OnceLock<T> {
        let (shelf, place) = place(number);
        let empty = || (0..1_usize << shelf).map(|_| OnceLock::new()).collect();
        &self.0[shelf].get_or_init(empty)[place]
    }
}

/// The shelf of a number, and where on it: 1, 2, 4, 8 and so on stand on one.
fn place(number: u32) -> (usize, usize) {
    let from_1 = number as usize + 1;
    let shelf = from_1.ilog2();
    (shelf as usize, from_1 - (1 << shelf))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_at_a_number_stays_there() {
        let shelves = Shelves::default();
        assert_eq!(shelves.get(0), None);
        for number in 0..10_000 {
            shelves.push(number);
            assert_eq!(shelves.get(number), Some(&number));
            assert_eq!(shelves.get(number + 1), None);
        }
        assert!((0..10_000).all(|number| shelves.get(number) == Some(&number)));
        assert_eq!(shelves.get(u32::MAX), None);
    }

    #[test]
    fn nothing_is_lost_that_several_append() {
        let shelves = Shelves::default();
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let shelves = &shelves;
                scope.spawn(move || (0..500).for_each(|item| shelves.push(4 * item + writer)));
            }
        });
        let mut all: Vec<i32> = (0..).map_while(|at| shelves.get(at).copied()).collect();
        all.sort_unstable();
        assert!(all.into_iter().eq(0..2000));
    }
}
