//! What the last line of the screen asks, if it asks anything.

use super::app::App;
use super::state::prompt::Prompt;
use super::state::saving::Saving;
use super::state::typing::Typing;

/// What the last line of the screen asks; all keys answer that.
pub enum Asks<'a> {
    /// Nothing: keys browse.
    Nothing,
    /// Which rows to show.
    Filter(&'a Typing),
    /// What to do.
    Command(&'a Prompt),
    /// Whether a file may be written over.
    Overwrite(&'a Saving),
}

impl App {
    /// What the last line asks. What a thread wants to know waits for what is being typed.
    pub fn asks(&self) -> Asks<'_> {
        match (&self.typing, &self.command, &self.confirm) {
            (Some(typing), ..) => Asks::Filter(typing),
            (_, Some(command), _) => Asks::Command(command),
            (.., Some(saving)) => Asks::Overwrite(saving),
            (None, None, None) => Asks::Nothing,
        }
    }
}
