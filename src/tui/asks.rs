//! What the last line of the screen asks, if it asks anything: one thing at a time. What a
//! thread wants to know waits for what is being typed.

use super::state::editor::Editor;
use super::state::saving::Saving;
use super::state::typing::Typing;

/// What the last line of the screen asks; all keys answer that.
#[derive(Default)]
pub enum Ask {
    /// Nothing: keys browse.
    #[default]
    Nothing,
    /// Which rows to show.
    Filter(Box<Typing>),
    /// What to do.
    Command(Box<Editor>),
    /// Whether a file may be written over.
    Overwrite(Box<Saving>),
}

/// What is asked, and what is to be asked next.
#[derive(Default)]
pub struct Asks {
    /// What the last line asks.
    pub now: Ask,
    /// A file: it will be asked whether it may be written over.
    waiting: Option<Box<Saving>>,
}

impl Asks {
    /// Ends what is asked, and answers with it; what has waited for that is asked now.
    pub fn end(&mut self) -> Ask {
        let next = self.waiting.take().map_or(Ask::Nothing, Ask::Overwrite);
        std::mem::replace(&mut self.now, next)
    }

    /// Asks whether a file may be written over, as soon as nothing is being typed.
    pub fn overwrite(&mut self, saving: Box<Saving>) {
        match self.is_typed() {
            true => self.waiting = Some(saving),
            false => self.now = Ask::Overwrite(saving),
        }
    }

    /// The file of which it is asked, or will be, whether it may be written over.
    pub fn overwriting(&self) -> Option<&Saving> {
        match &self.now {
            Ask::Overwrite(saving) => Some(saving),
            _ => self.waiting.as_deref(),
        }
    }

    /// Whether anything is being typed.
    pub fn is_typed(&self) -> bool {
        matches!(self.now, Ask::Filter(_) | Ask::Command(_))
    }

    /// Whether a filter is being typed.
    pub fn is_filter(&self) -> bool {
        matches!(self.now, Ask::Filter(_))
    }
}
