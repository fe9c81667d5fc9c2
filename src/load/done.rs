//! Files that are not looked at any more: open, so that their records can be read again, until
//! they are deleted.

use super::known::Known;
use crate::ingest::tail::Tail;

/// So many are asked at once whether they are gone.
const TURN: usize = if cfg!(test) { 4 } else { 1000 };

/// Files that are whole.
#[derive(Default)]
pub struct Done {
    tails: Vec<Tail>,
    /// Which of them is asked next.
    turn: usize,
}

impl Done {
    /// Adds a file.
    pub fn add(&mut self, tail: Tail) {
        self.tails.push(tail);
    }

    /// All of them.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Tail> {
        self.tails.iter_mut()
    }

    /// Closes those that were deleted, of which each has its turn. Until then no other file has
    /// its number on the disk.
    pub fn let_go(&mut self, known: &mut Known) {
        let begin = match self.turn < self.tails.len() {
            true => self.turn,
            false => 0,
        };
        self.turn = self.tails.len().min(begin + TURN);
        for gone in (self.tails).extract_if(begin..self.turn, |tail| tail.is_deleted()) {
            known.remove(&gone);
            self.turn -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn each_has_its_turn() {
        let (mut done, mut known) = (Done::default(), Known::default());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("whole");
        let mut add = |done: &mut Done| {
            std::fs::write(&path, "").unwrap();
            let tail = Tail::open(&path, 0).unwrap();
            known.add(&tail);
            done.add(tail);
        };
        (0..TURN + 10).for_each(|_| add(&mut done));
        std::fs::remove_file(&path).unwrap();
        done.let_go(&mut known);
        assert_eq!(done.iter_mut().count(), 10);
        std::fs::write(&path, "").unwrap();
        let stays = Tail::open(&path, 0).unwrap();
        known.add(&stays);
        done.add(stays);
        for left in [7, 3, 1, 1, 1] {
            done.let_go(&mut known);
            assert_eq!(done.iter_mut().count(), left);
        }
        assert!(done.iter_mut().all(|tail| known.has(tail)));
    }
}
