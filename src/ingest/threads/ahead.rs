//! How far a thread may be ahead of the one that takes what it hands on: by what that
//! weighs, as a single line may hold more than thousands of others.

use std::sync::mpsc::{Receiver, Sender, channel};

/// What was handed on and is not taken yet.
pub struct Ahead {
    held: usize,
    most: usize,
    taken: Receiver<usize>,
}

impl Ahead {
    /// One of at most so much, and who is told the weight of what is taken.
    pub fn new(most: usize) -> (Self, Sender<usize>) {
        let (tell, taken) = channel();
        let held = 0;
        (Ahead { held, most, taken }, tell)
    }

    /// Counts what was handed on, and waits while that is too much; false when nobody takes
    /// it any more.
    pub fn add(&mut self, weight: usize) -> bool {
        self.held += weight;
        self.held -= self.taken.try_iter().sum::<usize>();
        while self.held > self.most {
            match self.taken.recv() {
                Ok(taken) => self.held -= taken,
                Err(_) => return false,
            }
        }
        true
    }
}
