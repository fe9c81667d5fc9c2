//! The state of the view of groups: by what, in which order, and where one is.

use std::sync::Arc;

use super::list::List;
use crate::query::facts::{Context, Stance};
use crate::query::group::by::By;
use crate::query::group::groupings::Family;
use crate::query::group::measure::{BYTES, Order};
use crate::query::group::{Group, GroupQuery, Groups};
use crate::query::run::{Query, Rows};
use crate::query::task::GroupTask;
use crate::table::store::Table;

/// The most groups that are listed.
const LISTED: usize = 10_000;
/// The most groups of a file; each takes 2 kB until it is written.
pub const WRITTEN: usize = 100_000;
/// What `F` steps through.
const USUAL: [&str; 10] = [
    "host", "src_addr", "dst_addr", "pair", "service", "dst_port", "protocol", "exporter", "net",
    "hour",
];

/// Groups of a table with no more rows are all told at once.
const SMALL: u32 = 50_000;
/// Of very many groups so many are told first.
const FIRST: usize = 1000;

/// A question about groups, of whatever table.
#[derive(Clone, PartialEq)]
struct Asked {
    query: GroupQuery,
    stance: Stance,
    scaled: bool,
}

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
    /// What was asked last, and whether the groups that are known answer it.
    asked: Option<(Asked, bool)>,
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
            asked: None,
        }
    }

    /// Whether there are networks, whose length can be changed.
    pub fn has_nets(&self) -> bool {
        self.by.iter().any(|by| by.grouping.family == Family::Net)
    }

    /// How rows are grouped.
    pub fn grouping(&self) -> GroupTask {
        GroupTask {
            by: self.by.clone(),
            order: self.order,
            limit: LISTED,
        }
    }

    /// The same for a file, which has more groups than the screen lists.
    pub fn of_file(&self) -> GroupTask {
        GroupTask {
            limit: WRITTEN,
            ..self.grouping()
        }
    }

    /// Notes what is asked, and answers how many groups are to be told first, if any: none
    /// where the same is on the screen already, of which all is known.
    pub fn ask(&mut self, rows: Query, context: &Context, table: &Table) -> Option<usize> {
        let asked = Asked {
            query: self.grouping().query(rows),
            stance: context.stance,
            scaled: table.is_scaled(),
        };
        (self.is_new(asked) && table.len() > SMALL).then_some(FIRST)
    }

    fn is_new(&mut self, asked: Asked) -> bool {
        let before = self.asked.take();
        let is_known = before.is_some_and(|(before, is_known)| is_known && before == asked);
        self.asked = Some((asked, is_known));
        !is_known
    }

    /// Takes an answer; the selection stays on its group.
    pub fn take(&mut self, groups: Arc<Groups>) {
        let stays = !self.list.is_at_top() && !self.list.waits_at_end();
        let before = self.current().filter(|_| stays).map(|group| &group.values);
        let same = self.groups.as_ref().is_some_and(|old| old.by == groups.by);
        let place = before.filter(|_| same).and_then(|values| {
            let is_it = |group: &Group| group.values == *values;
            let place = groups.list.iter().position(is_it)?;
            u32::try_from(place).ok()
        });
        if let Some((_, is_known)) = &mut self.asked {
            *is_known |= groups.whole;
        }
        let listed = groups.list.len() as u32;
        // of very many groups there are more than the first
        let shown = u64::from(listed) + u64::from(groups.count.is_none());
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
        self.asked = None;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::facts::Orient;
    use crate::query::group::tally::Tally;
    use crate::query::language::expr::{Expr, Test};
    use crate::query::run::Preset;

    fn asked(top: &Top, threshold: u64) -> Asked {
        let rows = Query {
            preset: Preset::Connections,
            filter: Expr::Test(Test::Any),
            threshold,
            sort: None,
        };
        Asked {
            query: top.grouping().query(rows),
            stance: Stance::default(),
            scaled: false,
        }
    }

    fn told(top: &mut Top, whole: bool) {
        top.take(Arc::new(Groups {
            by: top.by.clone(),
            order: top.order,
            list: Vec::new(),
            count: whole.then_some(0),
            total: Tally::default(),
            below_threshold: 0,
            whole,
        }));
    }

    #[test]
    fn what_is_known_is_not_told_in_two_steps_again() {
        let mut top = Top::new();
        assert!(top.is_new(asked(&top, 1)));
        told(&mut top, false);
        assert!(top.is_new(asked(&top, 1)), "not all was told");
        told(&mut top, true);
        assert!(!top.is_new(asked(&top, 1)), "of a table that has grown");
        let before = top.clone();
        // another question in any way
        assert!(top.is_new(asked(&top, 2)));
        told(&mut top, true);
        assert!(!top.is_new(asked(&top, 2)));
        let orient = Orient::Client;
        for (stance, scaled) in [
            (
                Stance {
                    folds: true,
                    ..Stance::default()
                },
                false,
            ),
            (
                Stance {
                    orient,
                    ..Stance::default()
                },
                false,
            ),
            (Stance::default(), true),
        ] {
            let other = asked(&top, 2);
            assert!(top.is_new(Asked {
                stance,
                scaled,
                ..other
            }));
        }
        // the way back is to what was known there
        top = before;
        assert!(!top.is_new(asked(&top, 1)));
        top.regroup(top.by.clone());
        assert!(top.is_new(asked(&top, 1)));
    }
}
