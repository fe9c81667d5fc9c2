//! What is needed to go through the rows that are grouped: the question made
//! ready for one table.

use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use super::batch::Batch;
use super::by::By;
use super::groupings::Family;
use super::key::GroupKey;
use super::measure::Order;
use super::quantity::Quantity;
use crate::query::bits::Bits;
use crate::query::columns::chunk::Chunk;
use crate::query::facts::Context;
use crate::query::filter::predicate::{Predicate, prepare};
use crate::query::run::Query;
use crate::query::shown::Shown;
use crate::table::store::Table;

/// How to group which rows.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupQuery {
    /// The rows.
    pub rows: Query,
    /// By one or two groupings.
    pub by: Vec<By>,
    /// The order.
    pub order: Order,
    /// At most so many groups are listed.
    pub limit: usize,
}

/// Everything that does not change from row to row, and the rows that are shown.
pub struct GroupPlan<'a> {
    /// The table.
    pub table: &'a Table,
    /// The point of view.
    pub context: &'a Context,
    /// The question.
    pub query: &'a GroupQuery,
    /// Its filter, made ready.
    pub predicate: Predicate,
    /// Its groupings, made ready.
    pub keys: &'a [GroupKey<'a>],
    /// The rows it shows of each chunk, once they were looked for.
    shown: Vec<OnceLock<Shown>>,
    /// Where somebody may say that no answer is wanted any more.
    over: Option<&'a AtomicBool>,
}

impl<'a> GroupPlan<'a> {
    /// Makes a question ready.
    pub fn new(
        table: &'a Table,
        context: &'a Context,
        query: &'a GroupQuery,
        keys: &'a [GroupKey<'a>],
    ) -> Self {
        GroupPlan {
            table,
            context,
            query,
            predicate: prepare(&query.rows.filter, table, context),
            keys,
            shown: (0..table.chunks()).map(|_| OnceLock::new()).collect(),
            over: None,
        }
    }

    /// Goes through rows from now on only until this is set; what comes of it then is
    /// not all, and of no use.
    pub fn until(&mut self, over: &'a AtomicBool) {
        self.over = Some(over);
    }

    /// Whether no answer is wanted any more.
    pub fn is_over(&self) -> bool {
        self.over.is_some_and(|over| over.load(Ordering::Relaxed))
    }

    /// What groups are sorted by if that adds up, where few of very many
    /// are listed: then it pays to find those, and to look at their rows again.
    pub fn weight(&self) -> Option<Quantity> {
        let is_many = |key: &GroupKey| match key.by.grouping.family {
            Family::Pair => 2,
            Family::Host | Family::Name | Family::Net | Family::Port => 1,
            _ => 0,
        };
        let are_few = self.query.limit <= self.table.len() as usize / 16;
        let are_large = !self.table.has_small_sums();
        if !are_few || are_large || self.keys.iter().map(is_many).sum::<u32>() < 2 {
            return None;
        }
        self.query.order.measure?.quantity()
    }

    /// Whether a row may be in several groups.
    pub fn is_either(&self) -> bool {
        self.keys.iter().any(|key| key.by.is_either())
    }

    fn shown(&self, chunk: &Chunk, number: usize) -> &Bits {
        let find = || Shown::by(chunk, &self.query.rows, &self.predicate);
        &self.shown[number].get_or_init(find).shown
    }

    /// How many rows pass the filter but have too few packets, once all were looked for.
    pub fn below_threshold(&self) -> u64 {
        let known = self.shown.iter().filter_map(OnceLock::get);
        known.map(Shown::below_threshold).sum()
    }

    /// Whether groups with several numbers may have one label.
    pub fn has_labels(&self) -> bool {
        let mut families = self.keys.iter().map(|key| key.by.grouping.family);
        families.any(|family| family == Family::Service)
    }

    /// Reads chunks one after the other, those that have rows to show, until it is over.
    pub fn batches(&self, numbers: Range<usize>, mut take: impl FnMut(&Chunk, &Batch)) {
        for number in numbers.take_while(|_| !self.is_over()) {
            let chunk = Chunk::new(self.table, self.context, number);
            let shown = self.shown(&chunk, number);
            if !shown.is_empty() {
                take(&chunk, &Batch::read(&chunk, self.keys, shown));
            }
        }
    }
}
