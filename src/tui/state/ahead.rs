//! Keys that were pressed ahead of the rows they are about.

use std::collections::VecDeque;

use crossterm::event::KeyEvent;

/// Keys that may wait; nobody types more before looking up.
const MOST: usize = 1000;

/// Which rows are on the screen and which are wanted there, and the keys that wait for these.
#[derive(Default)]
pub struct Ahead {
    /// The keys, the first one first.
    keys: VecDeque<KeyEvent>,
    /// The newest question that the user asked; news ask others.
    pub wanted: u64,
    /// The newest question that what is on the screen answers.
    pub shown: u64,
}

impl Ahead {
    /// Whether the screen still shows what was asked for before.
    pub fn is_early(&self) -> bool {
        self.shown < self.wanted
    }

    /// Has a key wait.
    pub fn push(&mut self, key: KeyEvent) {
        if self.keys.len() < MOST {
            self.keys.push_back(key);
        }
    }

    /// The keys that wait.
    pub fn keys(&self) -> impl Iterator<Item = &KeyEvent> {
        self.keys.iter()
    }

    /// The first of them waits no longer.
    pub fn pop(&mut self) -> Option<KeyEvent> {
        self.keys.pop_front()
    }

    /// Forgets the keys; answers whether there were any.
    pub fn give_up(&mut self) -> bool {
        !std::mem::take(&mut self.keys).is_empty()
    }
}
