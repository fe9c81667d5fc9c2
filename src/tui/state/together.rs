//! Rows put together: the state of the views of groups and of time, what is
//! asked for them, and the way back from a group's rows.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::list::List;
use super::tabs::Body;
use super::time::{Course, LAYERS, Time, steps};
use super::top::Top;
use crate::query::facts::Context;
use crate::query::group::{Groups, in_steps};
use crate::query::language::written::Filter;
use crate::query::run::{Preset, Query};
use crate::query::stack::stack;
use crate::query::task::{Task, TimeTask};
use crate::query::time::timeline::timeline;
use crate::query::time::times::Extent;
use crate::table::store::Table;

/// A task on a snapshot of the table.
pub struct SumRequest {
    /// The greater, the newer.
    pub generation: u64,
    /// The rows.
    pub rows: Query,
    /// What to do with them.
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
pub enum SumReply {
    /// Groups; the first of very many come before all of them.
    Groups(Arc<Groups>),
    /// Steps of time.
    Time(Course),
}

impl SumReply {
    /// Whether none follows it.
    pub fn is_whole(&self) -> bool {
        match self {
            SumReply::Groups(groups) => groups.whole,
            SumReply::Time(..) => true,
        }
    }

    /// Whether all groups that are wanted are listed.
    pub fn lists_all(&self) -> bool {
        match self {
            SumReply::Groups(groups) => groups.count.is_some(),
            SumReply::Time(..) => true,
        }
    }
}

impl SumRequest {
    /// Does it; once it is over, no more of groups is told.
    pub fn answer(&self, mut take: impl FnMut(SumReply)) {
        match &self.task {
            Task::Groups(grouping) => {
                let query = grouping.query(self.rows.clone());
                let mut take = |groups| take(SumReply::Groups(Arc::new(groups)));
                let steps = (self.first, &*self.over);
                in_steps(&self.table, &query, &self.context, steps, &mut take);
            }
            Task::Time(spread) => take(SumReply::Time(self.over_time(spread))),
        }
    }

    fn over_time(&self, spread: &TimeTask) -> Course {
        let (table, context) = (&self.table, &self.context);
        let Extent {
            span,
            below_threshold,
        } = spread.extent(&self.rows, table, context);
        let Some(span) = span else {
            return Course {
                below_threshold,
                ..Course::default()
            };
        };
        let query = spread.query(self.rows.clone(), Some(&span), &context.zone);
        let line = timeline(table, &query, context);
        let TimeTask { by, limit, .. } = spread;
        let parts = (!by.is_empty()).then(|| stack(table, &query, by, *limit, context));
        Course {
            line: Some(Arc::new(line)),
            stack: parts.map(Arc::new),
            below_threshold,
        }
    }
}

/// Where one came from.
pub struct CameFrom {
    /// The view.
    pub view: usize,
    /// The filter in force.
    pub filter: Filter,
    /// The text of the filter in force where one went.
    pub led_to: String,
    /// Where one was in its rows.
    pub list: List,
    /// Which rows groups and times were about.
    pub preset: Preset,
    /// Where one was in the groups.
    pub top: Top,
    /// Where one was in time, if that was the view.
    pub time: Option<Time>,
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
    pub back: Vec<CameFrom>,
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

    /// How a view puts rows together, on a screen of this width.
    pub fn task(&self, body: Body, width: u16) -> Option<Task> {
        match body {
            Body::Top => Some(Task::Groups(self.top.grouping())),
            Body::Timeline => Some(Task::Time(TimeTask {
                amount: self.time.amount,
                by: match self.time.stacked {
                    true => self.top.by.clone(),
                    false => Vec::new(),
                },
                limit: LAYERS,
                range: self.time.range.clone(),
                step: None,
                most: steps(width),
            })),
            Body::Rows(_) | Body::Sources => None,
        }
    }

    /// Takes an answer.
    pub fn take(&mut self, answer: SumReply) {
        match answer {
            SumReply::Groups(groups) => self.top.take(groups),
            SumReply::Time(course) => self.time.take(course),
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
