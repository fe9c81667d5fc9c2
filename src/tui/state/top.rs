//! The state of the view of groups: by what, in which order, and where one is.

use std::sync::Arc;

use super::list::List;
use crate::query::group::by::By;
use crate::query::group::measure::{BYTES, Order};
use crate::query::group::{Group, GroupQuery, Groups};
use crate::query::run::{Query, Rows};

/// The most groups that are listed.
const LISTED: usize = 10_000;
/// What `F` steps through.
const USUAL: [&str; 10] = [
    "host", "src_addr", "dst_addr", "pair", "service", "dst_port", "protocol", "exporter", "net",
    "hour",
];

/// The state of the view.
#[derive(Clone)]
pub struct Top {
    /// By what rows are grouped: one or two.
    pub by: Vec<By>,
    /// Their order.
    pub order: Order,
    /// The column under the cursor: the groups' values, 0, or a measure.
    pub column: usize,
    /// The groups, as far as they are known.
    pub groups: Option<Arc<Groups>>,
    /// Where one is in them.
    pub list: List,
}

impl Top {
    /// Hosts by octets.
    pub fn new() -> Self {
        Top {
            by: By::parse("host").into_iter().collect(),
            order: Order::by(BYTES),
            column: 0,
            groups: None,
            list: List::default(),
        }
    }

    /// The question about rows.
    pub fn query(&self, rows: Query) -> GroupQuery {
        GroupQuery {
            rows,
            by: self.by.clone(),
            order: self.order,
            limit: LISTED,
        }
    }

    /// Takes an answer; the selection stays on its group.
    pub fn take(&mut self, groups: Arc<Groups>) {
        let stays = !self.list.is_at_top() && !self.list.waits_at_end();
        let before = self.current().filter(|_| stays).map(|group| group.codes);
        let same = self.groups.as_ref().is_some_and(|old| old.by == groups.by);
        let place = before.filter(|_| same).and_then(|codes| {
            let place = groups.list.iter().position(|group| group.codes == codes)?;
            u32::try_from(place).ok()
        });
        let listed = groups.list.len() as u32;
        // of the first groups there may be more
        let shown = u64::from(listed) + u64::from(!groups.whole);
        self.groups = Some(groups);
        self.list.set_rows(Arc::new(Rows {
            ids: (0..listed).collect(),
            shown,
            ..Rows::default()
        }));
        if let Some(place) = place {
            self.list.select_row(place);
        }
    }

    /// The group of a line.
    pub fn group(&self, line: u32) -> Option<&Group> {
        self.groups.as_ref()?.list.get(line as usize)
    }

    /// The selected group.
    pub fn current(&self) -> Option<&Group> {
        self.group(self.list.current()?)
    }

    /// Groups by something else, from the beginning.
    pub fn regroup(&mut self, by: Vec<By>) {
        self.by = by;
        self.groups = None;
        self.list.set_rows(Arc::default());
        self.list.first();
    }

    /// The next of the usual groupings.
    pub fn next(&self) -> Vec<By> {
        let name = self.by.first().map(|by| by.grouping.names[0]);
        let is_same = |usual: &&str| By::parse(usual).is_ok_and(|by| Some(&by) == self.by.first());
        let is_like =
            |usual: &&str| By::parse(usual).is_ok_and(|by| Some(by.grouping.names[0]) == name);
        let here = USUAL
            .iter()
            .position(is_same)
            .or_else(|| USUAL.iter().rposition(is_like));
        let next = here.map_or(0, |here| (here + 1) % USUAL.len());
        By::parse(USUAL[next]).into_iter().collect()
    }
}

impl Default for Top {
    fn default() -> Self {
        Top::new()
    }
}
