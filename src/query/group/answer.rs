//! The answer to a question about groups.

use super::by::By;
use super::measure::{Measure, Measured, Order};
use super::quantity::Quantity;
use super::tally::Tally;
use crate::model::value::Value;

/// A group.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The values that its rows share, one for each grouping.
    pub values: Vec<Value<'static>>,
    /// Its sums.
    pub tally: Tally<u128>,
    /// What it and the groups before it have together, each row counted once.
    pub running: Option<u128>,
    /// Different hosts at its other end; at both, unless it is about an end.
    pub peers: Option<u64>,
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Groups {
    /// What rows were grouped by.
    pub by: Vec<By>,
    /// Their order.
    pub order: Order,
    /// The groups that are listed.
    pub list: Vec<Group>,
    /// How many there are; of the first of very many groups nobody knows yet.
    pub count: Option<usize>,
    /// The sums of all rows.
    pub total: Tally<u128>,
    /// Rows that pass the filter but have too few packets.
    pub below_threshold: u64,
    /// Whether that is all: the [first groups](super::first) are told before.
    pub whole: bool,
}

impl Groups {
    /// What a share is of.
    pub fn share_of(&self) -> Quantity {
        self.order.share_of(self.by.iter().any(By::is_either))
    }

    /// All rows, as one group.
    pub fn of_all(&self) -> Group {
        Group {
            values: Vec::new(),
            tally: self.total,
            running: Some(self.share_of().sum(&self.total)),
            peers: None,
        }
    }

    /// Whether there are more than are listed.
    pub fn has_more(&self) -> bool {
        self.count.is_none_or(|count| count > self.list.len())
    }

    /// A measure of one of its groups.
    pub fn measure(&self, group: &Group, measure: &Measure) -> Option<i128> {
        measure.value(&Measured {
            tally: &group.tally,
            total: &self.total,
            share_of: self.share_of(),
            running: group.running,
            peers: group.peers,
        })
    }
}
