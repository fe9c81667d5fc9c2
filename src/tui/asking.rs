//! The question that the screen answers.

use super::app::{App, Effect};
use super::tabs::Body;
use super::together::Sum;
use super::workers::Question;
use crate::query::run::Query;

impl App {
    /// The question that the screen answers now, if it shows rows of the table.
    pub fn question(&mut self) -> Option<Effect> {
        self.asked += 1;
        self.ask_again = false;
        let body = self.tab().info.body;
        if let Body::Rows(preset) = body {
            self.together.preset = preset;
        }
        let (table, context) = (self.table.clone(), self.named_context());
        let query = Query {
            preset: self.together.preset,
            filter: self.filter.expr.clone(),
            threshold: self.threshold,
            sort: self.tab().sort,
            orient: self.context.orient,
        };
        let generation = self.asked;
        if matches!(body, Body::Rows(_)) {
            return Some(Effect::Ask(Box::new(Question {
                generation,
                query,
                table,
                context,
            })));
        }
        let Some(task) = self.together.task(body, query, self.size.width) else {
            self.answered = self.asked;
            return None;
        };
        Some(Effect::Sum(Box::new(Sum {
            generation,
            task,
            table,
            context,
        })))
    }
}
