//! Rows put together: the state of the views of groups and of time, what is
//! asked for them, and the way back from a group's rows.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::list::List;
use super::tabs::Body;
use super::time::{LAYERS, Time, steps};
use super::top::Top;
use crate::query::facts::Context;
use crate::query::group::by::By;
use crate::query::group::{GroupQuery, Groups, in_steps};
use crate::query::language::written::Filter;
use crate::query::run::{Preset, Query};
use crate::query::stack::{Stack, stack};
use crate::query::time::bins::Bins;
use crate::query::time::timeline::{Amount, TimeQuery, Timeline, timeline};
use crate::query::time::times::span;
use crate::table::store::Table;

/// What is asked of the rows of a query.
#[derive(Clone)]
pub enum Task {
    /// To group them.
    Groups(GroupQuery),
    /// To spread them over time.
    Time(Spread),
}

/// Rows spread over time: a stretch of it, or all there is, in this many steps.
#[derive(Clone)]
pub struct Spread {
    /// The rows.
    pub rows: Query,
    /// What of them.
    pub amount: Amount,
    /// The stretch.
    pub range: Option<Range<i64>>,
    /// At most this many steps.
    pub steps: usize,
    /// What bars are made of: groups by these, or both ways.
    pub by: Vec<By>,
}

impl Spread {
    /// The question for a table; it has no steps where there are no rows.
    pub fn query(&self, table: &Table, context: &Context) -> TimeQuery {
        let all = self.range.clone();
        let all = all.or_else(|| span(table, &self.rows, context));
        let none = Bins {
            begin: 0,
            step: 1,
            count: 0,
        };
        TimeQuery {
            rows: self.rows.clone(),
            amount: self.amount,
            bins: all.map_or(none, |all| Bins::within(&all, self.steps, &context.zone)),
        }
    }

    fn answer(&self, table: &Table, context: &Context) -> Answer {
        let query = self.query(table, context);
        if query.bins.count == 0 {
            return Answer::Time(None, None);
        }
        let line = timeline(table, &query, context);
        let parts = (!self.by.is_empty()).then(|| stack(table, &query, &self.by, LAYERS, context));
        Answer::Time(Some(Arc::new(line)), parts.map(Arc::new))
    }
}

/// A task on a snapshot of the table.
pub struct Sum {
    /// The greater, the newer.
    pub generation: u64,
    /// What to do.
    pub task: Task,
    /// The rows whose hosts' names it waits for, if they are to be told.
    pub seeks: Option<Query>,
    /// The snapshot.
    pub table: Table,
    /// The point of view.
    pub context: Context,
    /// How many groups of very many are told first, if they are to be told in two steps.
    pub first: Option<usize>,
    /// Set when rows or other groups are asked for: then no more groups are told.
    pub over: Arc<AtomicBool>,
}

/// What came of it.
#[derive(Clone)]
pub enum Answer {
    /// Groups; the first of very many come before all of them.
    Groups(Arc<Groups>),
    /// Steps of time, none without rows, and what they are made of.
    Time(Option<Arc<Timeline>>, Option<Arc<Stack>>),
}

impl Answer {
    /// Whether none follows it.
    pub fn is_whole(&self) -> bool {
        match self {
            Answer::Groups(groups) => groups.whole,
            Answer::Time(..) => true,
        }
    }

    /// Whether all groups that are wanted are listed.
    pub fn lists_all(&self) -> bool {
        match self {
            Answer::Groups(groups) => groups.count.is_some(),
            Answer::Time(..) => true,
        }
    }
}

impl Sum {
    /// Does it; once it is over, no more of groups is told.
    pub fn answer(&self, mut take: impl FnMut(Answer)) {
        let (table, context) = (&self.table, &self.context);
        match &self.task {
            Task::Groups(query) => {
                let mut take = |groups| take(Answer::Groups(Arc::new(groups)));
                let steps = (self.first, &*self.over);
                in_steps(table, query, context, steps, &mut take);
            }
            Task::Time(spread) => take(spread.answer(table, context)),
        }
    }
}

/// Where one came from.
pub struct Place {
    /// The view.
    pub view: usize,
    /// The filter in force.
    pub filter: Filter,
    /// Where one was in its rows.
    pub list: List,
    /// Where one was in the groups.
    pub top: Top,
}

/// The state of both views.
pub struct Together {
    /// Which rows they are about: those of the view of rows that was on the screen last.
    pub preset: Preset,
    /// The groups.
    pub top: Top,
    /// The timeline.
    pub time: Time,
    /// Where one came from, the last place last.
    pub back: Vec<Place>,
}

impl Together {
    /// Both views at their beginning.
    pub fn new() -> Self {
        Together {
            preset: Preset::Connections,
            top: Top::new(),
            time: Time::default(),
            back: Vec::new(),
        }
    }

    /// What a view asks of rows, on a screen of this width.
    pub fn task(&self, body: Body, rows: Query, width: u16) -> Option<Task> {
        match body {
            Body::Top => Some(Task::Groups(self.top.query(rows))),
            Body::Timeline => Some(Task::Time(Spread {
                rows,
                amount: self.time.amount,
                range: self.time.range.clone(),
                steps: steps(width),
                by: match self.time.stacked {
                    true => self.top.by.clone(),
                    false => Vec::new(),
                },
            })),
            Body::Rows(_) | Body::Sources => None,
        }
    }

    /// Takes an answer.
    pub fn take(&mut self, answer: Answer) {
        match answer {
            Answer::Groups(groups) => self.top.take(groups),
            Answer::Time(line, stack) => (self.time.line, self.time.stack) = (line, stack),
        }
    }

    /// What the rows are called.
    pub fn noun(&self) -> &'static str {
        self.preset.noun()
    }
}

impl Default for Together {
    fn default() -> Self {
        Together::new()
    }
}
