//! The traffic above tables, in one line: what is asked for it, and the answer.

use std::sync::Arc;

use ratatui::layout::Size;

use super::time::Date;
use crate::model::time::Zone;
use crate::query::facts::{Context, Stance};
use crate::query::run::Query;
use crate::query::time::bins::Bins;
use crate::query::time::timeline::{Amount, TimeQuery, Timeline, timeline};
use crate::query::time::times::span;
use crate::table::store::{Table, Totals};

/// Lower screens need their lines for rows.
const LOWEST: u16 = 20;
/// Columns of a time beside the line.
pub const LABEL: u16 = 11;

/// The state of the line.
#[derive(Default)]
pub struct Spark {
    /// It is not wanted.
    pub hidden: bool,
    /// The last answer.
    pub line: Option<Arc<Timeline>>,
    /// What was asked last.
    pub asked: Option<Asked>,
    /// There is no answer to that yet.
    pub pending: bool,
}

impl Spark {
    /// As much of the date as the times of the rows have to tell.
    pub fn date(&self, zone: &Zone) -> Date {
        let bins = self.line.as_ref().map(|line| line.bins);
        bins.map_or(Date::No, |bins| {
            Date::needed(bins.begin, bins.start(bins.count) - 1, zone)
        })
    }
}

/// What an answer depends on.
#[derive(Clone, PartialEq)]
pub struct Asked {
    /// The rows, in no order.
    pub query: Query,
    /// Which of their flows count.
    pub stance: Stance,
    /// How many flows there are, and their sums.
    pub totals: Totals,
    /// The answer to names, where those matter.
    pub names: u64,
    /// Steps of time.
    pub steps: usize,
}

impl Spark {
    /// Lines it takes above a table.
    pub fn lines(&self, screen: Size) -> u16 {
        u16::from(!self.hidden && screen.height >= LOWEST)
    }

    /// Takes an answer.
    pub fn take(&mut self, line: Option<Arc<Timeline>>) {
        self.line = line;
        self.pending = false;
    }
}

/// The steps that a line has room for, beside two times and two brackets.
pub fn steps(width: u16) -> usize {
    usize::from(width.saturating_sub(2 * LABEL + 4).max(1))
}

/// Rows to spread over the line.
pub struct SparkRequest {
    /// Which ones.
    pub rows: Query,
    /// At most this many steps.
    pub steps: usize,
    /// The snapshot.
    pub table: Table,
    /// The point of view.
    pub context: Context,
}

impl SparkRequest {
    /// Does it; nothing comes of no rows.
    pub fn answer(&self) -> Option<Arc<Timeline>> {
        let all = span(&self.table, &self.rows, &self.context)?;
        let query = TimeQuery {
            rows: self.rows.clone(),
            amount: Amount::Bytes,
            bins: Bins::filling(&all, self.steps),
        };
        Some(Arc::new(timeline(&self.table, &query, &self.context)))
    }
}
