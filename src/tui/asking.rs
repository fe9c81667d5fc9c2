//! What is asked of the table: the question that the view on the screen is the
//! answer to.

use super::app::{App, Effect};
use super::tabs::Body;
use super::workers::Question;
use crate::query::run::Query;

impl App {
    /// The question that the screen answers now, if it shows rows of the table.
    pub fn question(&mut self) -> Option<Effect> {
        self.asked += 1;
        self.ask_again = false;
        let Body::Rows(preset) = self.tab().info.body else {
            self.answered = self.asked;
            return None;
        };
        Some(Effect::Ask(Box::new(Question {
            generation: self.asked,
            query: Query {
                preset,
                filter: self.filter.expr.clone(),
                threshold: self.threshold,
                sort: self.tab().sort,
                orient: self.context.orient,
            },
            table: self.table.clone(),
            context: self.named_context(),
        })))
    }
}
