//! The filter while it is typed: applied at every key, undone by Esc.

use super::editor::{Edited, Editor};
use super::prompt::{Edit, Prompt};
use crate::query::language::complete::{Completion, is_begun};
use crate::query::language::cursor::FilterError;
use crate::query::language::written::Filter;

/// The filter line while it is open.
pub struct Typing {
    /// The line.
    pub editor: Editor,
    /// The filter to go back to.
    pub before: Filter,
    /// What is wrong with the text.
    pub error: Option<FilterError>,
    /// The text's meaning, held back while its last word may become another.
    held: Option<Filter>,
}

/// What came of an edit.
pub enum Outcome {
    /// Nothing but the line itself changed.
    Nothing,
    /// The text means this now.
    Applied(Filter),
    /// The user is content.
    Closed,
    /// The user is content with this, which was held back so far.
    Accepted(Filter),
    /// The user wants the old filter back.
    Restored(Filter),
    /// The user wants offers to complete the word before the cursor.
    Wanted(isize),
}

impl Typing {
    /// A line that begins with the filter in force.
    pub fn new(filter: &Filter, history: &[String]) -> Self {
        let mut editor = Editor::new(&filter.text, history);
        editor.prompt = Prompt::behind(&filter.text);
        Typing {
            editor,
            before: filter.clone(),
            error: None,
            held: None,
        }
    }

    /// Edits the text. While it is wrong, the last right filter stays in force
    /// and the line cannot be closed.
    pub fn edit(&mut self, edit: impl FnOnce(&mut Prompt) -> Edit) -> Outcome {
        let edited = self.editor.edit(edit);
        self.outcome(edited)
    }

    /// Takes offers for the word before the cursor.
    pub fn take(&mut self, completion: Completion, step: isize) -> Outcome {
        let edited = self.editor.take(completion, step);
        self.outcome(edited)
    }

    fn outcome(&mut self, edited: Edited) -> Outcome {
        match edited {
            Edited::Changed => self.parsed(),
            Edited::Done if self.error.is_none() => match self.held.take() {
                Some(filter) => Outcome::Accepted(filter),
                None => Outcome::Closed,
            },
            Edited::Done | Edited::Same => Outcome::Nothing,
            Edited::Cancelled => Outcome::Restored(self.before.clone()),
            Edited::Wanted(step) => Outcome::Wanted(step),
        }
    }

    fn parsed(&mut self) -> Outcome {
        self.held = None;
        self.error = None;
        match Filter::of(self.editor.prompt.text()) {
            // "por" is no text to look for while "port" may be meant
            Ok(filter) if is_begun(self.editor.prompt.text()) => {
                self.held = Some(filter);
                Outcome::Nothing
            }
            Ok(filter) => Outcome::Applied(filter),
            Err(error) => {
                self.error = Some(error);
                Outcome::Nothing
            }
        }
    }
}
