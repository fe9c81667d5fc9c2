//! Keys that were pressed ahead of the rows they are about, and what was pasted among them.

use std::collections::VecDeque;

use crossterm::event::{Event, KeyEvent};

/// Keys that may wait; nobody types more before looking up.
const MOST: usize = 1000;

/// Which rows are on the screen and which are wanted there, and the keys that wait for these.
#[derive(Default)]
pub struct Ahead {
    /// Keys and pasted texts, the first one first.
    events: VecDeque<Event>,
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

    /// Has a key or a pasted text wait.
    pub fn push(&mut self, event: Event) {
        if self.events.len() < MOST {
            self.events.push_back(event);
        }
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// The keys that wait.
    pub fn keys(&self) -> impl Iterator<Item = KeyEvent> {
        self.events.iter().filter_map(Event::as_key_event)
    }

    /// What has waited longest.
    pub fn first(&self) -> Option<&Event> {
        self.events.front()
    }

    /// That waits no longer.
    pub fn pop(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Forgets all of it; answers whether there was anything.
    pub fn give_up(&mut self) -> bool {
        !std::mem::take(&mut self.events).is_empty()
    }
}
