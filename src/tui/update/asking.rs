//! The question that the screen answers.

use std::sync::Arc;

use super::growing;
use crate::query::run::{Query, Rows};
use crate::tui::app::{App, Effect};
use crate::tui::sparking;
use crate::tui::state::question::{RowsRequest, Sought};
use crate::tui::state::tabs::Body;
use crate::tui::state::together::{SumReply, SumRequest};

impl App {
    /// The question that the screen answers now, if it shows rows of the table.
    pub fn question(&mut self) -> Option<Effect> {
        self.asked += 1;
        self.ahead.wanted = self.asked;
        self.ask_again = false;
        let body = self.tab().info.body;
        if let Body::Rows(preset) = body {
            self.together.preset = preset;
        }
        let context = self.named_context();
        let query = self.query();
        if matches!(body, Body::Rows(_)) {
            return Some(Effect::Ask(Box::new(RowsRequest {
                generation: self.asked,
                seeks: self.seeks(&query),
                query,
                table: self.table.clone(),
                context,
            })));
        }
        let seeks = self.seeks(&query).then(|| query.clone());
        let Some(task) = self.together.task(body, self.size.width) else {
            (self.answered, self.ahead.shown) = (self.asked, self.asked);
            return None;
        };
        let top = (body == Body::Top).then_some(&mut self.together.top);
        let first = top.and_then(|top| top.ask(query.clone(), &context, &self.table));
        Some(Effect::Sum(Box::new(SumRequest {
            generation: self.asked,
            rows: query,
            task,
            seeks,
            table: self.table.clone(),
            context,
            first,
            over: Arc::default(),
        })))
    }

    /// Notes that a question was answered. A late answer of another thread to an earlier
    /// one does not count: it would seem that an answer is still to come.
    fn heard(&mut self, generation: u64) {
        self.answered = self.answered.max(generation);
    }

    /// Asks it.
    pub fn ask(&mut self) -> Vec<Effect> {
        self.question().into_iter().collect()
    }

    /// Whether a query waits for names that none has asked for. Those that none
    /// waits for any more are not asked for, and none are for what is still being typed:
    /// asking tells others what one looks at.
    fn seeks(&mut self, query: &Query) -> bool {
        if !self.asks_names() || self.asks.is_filter() {
            self.sought = None;
            return false;
        }
        let now = Sought {
            query: query.clone(),
            stance: self.stance(),
            is_scaled: self.table.is_scaled(),
            rows: self.table.len(),
        };
        let before = self.sought.replace(now.clone());
        let goes_on = |before: &Sought| now == before.with_rows(now.rows);
        if !before.as_ref().is_some_and(goes_on) {
            self.names.seek(Vec::new());
        }
        before.is_none_or(|before| before != now)
    }
}

/// Takes an answer of rows. The first rows of a large one come before all of it,
/// and are of use only to who is at the top.
pub fn answered(app: &mut App, generation: u64, rows: Arc<Rows>) -> Vec<Effect> {
    let whole = rows.ids.len() as u64 == rows.shown;
    if whole {
        app.heard(generation);
    }
    if generation == app.asked && (whole || app.tab().list.is_at_top()) {
        growing::show(app, rows);
        app.ahead.shown = generation;
        app.changed = true;
    }
    let mut effects: Vec<Effect> = sparking::ask(app).into_iter().collect();
    effects.extend(ask_if_due(app));
    effects
}

/// Takes groups or steps of time. The first of very many groups are of use only to who
/// is at the top, as the first rows of a table.
pub fn summed(app: &mut App, generation: u64, answer: SumReply) -> Vec<Effect> {
    if answer.is_whole() {
        app.heard(generation);
    }
    let is_of_use = answer.lists_all() || app.together.top.list.is_at_top();
    if generation == app.asked && is_of_use {
        app.together.take(answer);
        app.ahead.shown = generation;
        app.changed = true;
    }
    let mut effects: Vec<Effect> = sparking::ask(app).into_iter().collect();
    effects.extend(ask_if_due(app));
    effects
}

/// Asks anew when there is news; the next question follows the answer to the last.
pub fn ask_if_due(app: &mut App) -> Vec<Effect> {
    match app.ask_again && app.answered == app.asked {
        true => {
            // the user asked for nothing else: no key waits for it
            let wanted = app.ahead.wanted;
            let effects = app.ask();
            app.ahead.wanted = wanted;
            effects
        }
        false => Vec::new(),
    }
}
