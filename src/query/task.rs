//! `Task`: how rows are put together, whichever rows these are: in groups, or in steps of
//! time.

use std::ops::Range;

use super::facts::Context;
use super::group::GroupQuery;
use super::group::by::By;
use super::group::measure::Order;
use super::run::Query;
use super::shown::below_threshold;
use super::time::bins::Bins;
use super::time::timeline::{Amount, TimeQuery};
use super::time::times::{Extent, extent};
use crate::model::time::Zone;
use crate::table::store::Table;

/// How rows are put together.
#[derive(Clone)]
pub enum Task {
    /// In groups.
    Groups(GroupTask),
    /// In steps of time.
    Time(TimeTask),
}

impl Task {
    /// Whether it depends on names of hosts.
    pub fn asks_names(&self) -> bool {
        let (Task::Groups(GroupTask { by, .. }) | Task::Time(TimeTask { by, .. })) = self;
        by.iter().any(By::asks_names)
    }

    /// Whether it tells reports of the same flow apart.
    pub fn asks_where(&self) -> bool {
        let (Task::Groups(GroupTask { by, .. }) | Task::Time(TimeTask { by, .. })) = self;
        by.iter().any(By::asks_where)
    }
}

/// Groups of rows.
#[derive(Clone)]
pub struct GroupTask {
    /// By one or two groupings.
    pub by: Vec<By>,
    /// In this order.
    pub order: Order,
    /// At most so many.
    pub limit: usize,
}

impl GroupTask {
    /// The question about rows.
    pub fn query(&self, rows: Query) -> GroupQuery {
        GroupQuery {
            rows,
            by: self.by.clone(),
            order: self.order,
            limit: self.limit,
        }
    }
}

/// Rows spread over time.
#[derive(Clone)]
pub struct TimeTask {
    /// What of them, and what makes groups great.
    pub amount: Amount,
    /// What steps are made of: groups by these, if by any.
    pub by: Vec<By>,
    /// At most so many groups, and the others together.
    pub limit: usize,
    /// The stretch of time, unless it is all that the rows span.
    pub range: Option<Range<i64>>,
    /// Milliseconds of a step, unless it is the shortest with which there are few enough.
    pub step: Option<i64>,
    /// At most so many steps, which are longer otherwise.
    pub most: usize,
}

impl TimeTask {
    /// The stretch of time, if there are rows, and how many their threshold hides.
    pub fn extent(&self, rows: &Query, table: &Table, context: &Context) -> Extent {
        match &self.range {
            None => extent(table, rows, context),
            Some(range) => Extent {
                span: Some(range.clone()),
                below_threshold: below_threshold(table, rows, context),
            },
        }
    }

    /// The question about rows, over [their time](Self::extent): without any there are no steps.
    pub fn query(&self, rows: Query, span: Option<&Range<i64>>, zone: &Zone) -> TimeQuery {
        let none = Bins {
            begin: 0,
            step: self.step.unwrap_or(1),
            count: 0,
        };
        TimeQuery {
            rows,
            amount: self.amount,
            bins: span.map_or(none, |span| self.bins(span, zone)),
        }
    }

    fn bins(&self, span: &Range<i64>, zone: &Zone) -> Bins {
        let wanted = self.step.map(|step| Bins::over(span, step, zone));
        let wanted = wanted.filter(|bins| bins.count <= self.most);
        wanted.unwrap_or_else(|| Bins::within(span, self.most, zone))
    }
}
