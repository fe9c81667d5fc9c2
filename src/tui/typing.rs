//! The filter while it is typed: applied at every key, undone by Esc.

use super::prompt::{Edit, Prompt};
use crate::query::cursor::FilterError;
use crate::query::expr::{Expr, Test};
use crate::query::parse::parse;

/// A filter as it was typed and as it is understood.
#[derive(Clone)]
pub struct Filter {
    /// The text.
    pub text: String,
    /// What it means.
    pub expr: Expr,
}

impl Filter {
    /// No filter.
    pub fn none() -> Self {
        Filter {
            text: String::new(),
            expr: Expr::Test(Test::Any),
        }
    }
}

/// The filter line while it is open.
pub struct Typing {
    /// The line.
    pub prompt: Prompt,
    /// The filter to go back to.
    pub before: Filter,
    /// What is wrong with the text.
    pub error: Option<FilterError>,
}

/// What came of an edit.
pub enum Outcome {
    /// Nothing but the line itself changed.
    Nothing,
    /// The text means this now.
    Applied(Filter),
    /// The user is content.
    Closed,
    /// The user wants the old filter back.
    Restored(Filter),
}

impl Typing {
    /// A line that begins with the filter in force.
    pub fn new(filter: &Filter) -> Self {
        Typing {
            prompt: Prompt::new(&filter.text),
            before: filter.clone(),
            error: None,
        }
    }

    /// Edits the text. While it is wrong, the last right filter stays in force
    /// and the line cannot be closed.
    pub fn edit(&mut self, edit: impl FnOnce(&mut Prompt) -> Edit) -> Outcome {
        match edit(&mut self.prompt) {
            Edit::Changed => match parse(self.prompt.text()) {
                Ok(expr) => {
                    self.error = None;
                    Outcome::Applied(Filter {
                        text: self.prompt.text().trim().to_owned(),
                        expr,
                    })
                }
                Err(error) => {
                    self.error = Some(error);
                    Outcome::Nothing
                }
            },
            Edit::Done if self.error.is_none() => Outcome::Closed,
            Edit::Done | Edit::Same => Outcome::Nothing,
            Edit::Cancelled => Outcome::Restored(self.before.clone()),
        }
    }
}
