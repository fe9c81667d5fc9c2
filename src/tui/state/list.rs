//! Where one is in a list of rows: a selection that survives sorting,
//! filtering and loading because it is a row and not a line.

use std::sync::Arc;

use foldhash::HashMap;

use crate::query::run::Rows;
use crate::table::store::RowId;
use crate::tui::keys::movement::Move;

/// Rows on either side that one may come to where the selected one is not there any more.
const NEIGHBOURS: usize = 1000;

/// A list with a selected line.
#[derive(Clone, Default)]
pub struct List {
    /// The rows, in order.
    pub rows: Arc<Rows>,
    /// The selected row; without one, whatever comes first.
    selected: Option<RowId>,
    /// The row one is on while the selected one is not there.
    stand_in: Option<RowId>,
    /// The line it is on.
    line: usize,
    /// The first line on the screen.
    top: usize,
    /// Lines on the screen.
    height: usize,
    /// One went to the end, and has not moved since.
    to_end: bool,
}

impl List {
    /// Takes other rows; the selection stays on its row, or goes to the nearest there is until
    /// that comes back.
    /// Who went to the end while only the first rows were known goes to the end of all.
    pub fn set_rows(&mut self, rows: Arc<Rows>) {
        let waits = self.waits_at_end();
        self.replace(rows);
        if waits {
            self.last();
        }
    }

    /// Takes the rows of a table that grows: who is at the end stays at the end.
    pub fn grow(&mut self, rows: Arc<Rows>) {
        let at_end = self.is_at_end();
        self.replace(rows);
        if at_end {
            self.last();
        }
    }

    /// Whether one went to the end while only the first rows were known.
    pub fn waits_at_end(&self) -> bool {
        self.to_end && (self.rows.ids.len() as u64) < self.rows.shown
    }

    fn is_at_end(&self) -> bool {
        self.selected.is_some() && self.stand_in.is_none() && self.line + 1 == self.rows.ids.len()
    }

    fn replace(&mut self, rows: Arc<Rows>) {
        let before = std::mem::replace(&mut self.rows, rows);
        let distance = self.line.saturating_sub(self.top);
        let line_of = |row: RowId| self.rows.ids.iter().position(|&id| id == row);
        let found = self.selected.and_then(line_of);
        let is_gone = self.selected.is_some() && found.is_none();
        let near = || nearest(&before.ids, self.line, &self.rows.ids);
        self.line = match is_gone {
            true => self.stand_in.and_then(line_of).or_else(near).unwrap_or(0),
            false => found.unwrap_or(0),
        };
        self.stand_in = is_gone.then(|| self.current()).flatten();
        // the selection stays at its height of the screen
        self.top = self.line.saturating_sub(distance);
        self.settle();
    }

    /// Whether whatever comes first is selected.
    pub fn is_at_top(&self) -> bool {
        self.selected.is_none()
    }

    /// Has this many lines on the screen.
    pub fn set_height(&mut self, height: usize) {
        // on a screen without room for a row there still is a line that is selected
        self.height = height.max(1);
        self.settle();
    }

    /// Moves the selection.
    pub fn go(&mut self, movement: Move) {
        match movement {
            Move::Lines(lines) => self.step(lines),
            Move::HalfPages(halves) => self.page(halves),
            Move::First => self.first(),
            Move::Last => self.last(),
        }
    }

    /// Moves the selection by lines.
    pub fn step(&mut self, lines: isize) {
        self.line = self.line.saturating_add_signed(lines);
        self.select();
    }

    /// Moves by pages, or parts of them.
    pub fn page(&mut self, halves: isize) {
        let half = (self.height / 2).max(1) as isize;
        self.top = self.top.saturating_add_signed(half * halves);
        self.step(half * halves);
    }

    /// To the first line; from there on, whatever comes first is selected.
    pub fn first(&mut self) {
        self.line = 0;
        self.select();
        self.selected = None;
    }

    /// To the last line.
    pub fn last(&mut self) {
        self.line = usize::MAX;
        self.select();
        self.to_end = true;
    }

    /// To a row, if it is there.
    pub fn select_row(&mut self, row: RowId) {
        if let Some(line) = self.rows.ids.iter().position(|&id| id == row) {
            self.line = line;
            self.select();
        }
    }

    fn select(&mut self) {
        self.to_end = false;
        self.stand_in = None;
        self.settle();
        self.selected = self.rows.ids.get(self.line).copied();
    }

    /// Keeps the selection in the list and on the screen.
    fn settle(&mut self) {
        let last = self.rows.ids.len().saturating_sub(1);
        self.line = self.line.min(last);
        let lowest_top = self.rows.ids.len().saturating_sub(self.height);
        let first_top = (self.line + 1).saturating_sub(self.height);
        self.top = self
            .top
            .clamp(first_top, self.line.max(first_top))
            .min(lowest_top);
    }

    /// The selected row.
    pub fn current(&self) -> Option<RowId> {
        self.rows.ids.get(self.line).copied()
    }

    /// The line the selection is on, from 0.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The rows on the screen, and the line of the selection among them.
    pub fn visible(&self) -> (&[RowId], usize) {
        let end = (self.top + self.height).min(self.rows.ids.len());
        (&self.rows.ids[self.top.min(end)..end], self.line - self.top)
    }
}

/// The line of the row that was nearest to a line of the old list, of those that are in the
/// new one; `None` where none of its neighbours is.
fn nearest(old: &[RowId], line: usize, new: &[RowId]) -> Option<usize> {
    let begin = line.saturating_sub(NEIGHBOURS).min(old.len());
    let end = line.saturating_add(NEIGHBOURS).min(old.len());
    let distances = (begin..end).map(|place| (old[place], place.abs_diff(line)));
    let distances: HashMap<RowId, usize> = distances.collect();
    let lines = new.iter().enumerate();
    let known = lines.filter_map(|(line, row)| Some((*distances.get(row)?, line)));
    known.min().map(|(_, line)| line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(ids: &[RowId]) -> List {
        let mut list = List::default();
        list.set_height(3);
        list.set_rows(rows(ids));
        list
    }

    fn rows(ids: &[RowId]) -> Arc<Rows> {
        Arc::new(Rows {
            ids: ids.to_vec(),
            ..Rows::default()
        })
    }

    #[test]
    fn the_selection_stays_on_its_row_and_in_sight() {
        let mut list = list(&[5, 6, 7, 8, 9]);
        list.step(3);
        assert_eq!(
            (list.current(), list.visible()),
            (Some(8), (&[6, 7, 8][..], 2))
        );
        list.set_rows(rows(&[9, 8, 7, 6, 5]));
        assert_eq!(list.current(), Some(8));
        assert!(list.visible().0.contains(&8));
        list.set_rows(rows(&[1]));
        assert_eq!((list.current(), list.visible()), (Some(1), (&[1][..], 0)));
        list.set_rows(rows(&[]));
        assert_eq!((list.current(), list.visible()), (None, (&[][..], 0)));
    }

    #[test]
    fn where_a_row_is_gone_its_nearest_neighbour_is_selected_until_it_is_back() {
        let all: Vec<RowId> = (0..100).collect();
        let mut list = list(&all);
        list.step(60);
        list.set_rows(rows(&[3, 57, 62, 90]));
        assert_eq!((list.current(), list.line()), (Some(62), 2));
        list.set_rows(rows(&[3, 57]));
        assert_eq!(list.current(), Some(57));
        list.set_rows(rows(&all));
        assert_eq!(list.current(), Some(60));
        // nobody near is left: what comes first
        list.set_rows(rows(&[5000, 6000]));
        assert_eq!(list.current(), Some(5000));
    }

    #[test]
    fn whoever_is_at_the_end_of_a_growing_list_stays_there() {
        let mut list = list(&[5, 6, 7]);
        list.step(1);
        list.grow(rows(&[5, 6, 7, 8]));
        assert_eq!((list.current(), list.line()), (Some(6), 1));
        list.last();
        list.grow(rows(&[5, 6, 7, 8, 9, 10]));
        assert_eq!(list.current(), Some(10));
        list.step(-1);
        list.grow(rows(&[5, 6, 7, 8, 9, 10, 11]));
        assert_eq!(list.current(), Some(9));
    }

    #[test]
    fn who_went_to_the_end_of_the_first_rows_goes_to_the_end_of_all() {
        for (shown, goes, last) in [(5, true, 9), (3, true, 7), (5, false, 7)] {
            let mut list = list(&[]);
            list.set_rows(Arc::new(Rows {
                ids: vec![5, 6, 7],
                shown,
                ..Rows::default()
            }));
            list.step(2);
            if goes {
                list.last();
            }
            list.set_rows(rows(&[5, 6, 7, 8, 9]));
            assert_eq!(list.current(), Some(last));
        }
    }

    #[test]
    fn whoever_stays_at_the_top_sees_what_comes_first() {
        let mut list = list(&[5, 6]);
        list.set_rows(rows(&[1, 5, 6]));
        assert_eq!(list.current(), Some(1));
        list.last();
        list.set_rows(rows(&[1, 5, 6, 7]));
        assert_eq!(list.current(), Some(6));
        list.page(-9);
        assert_eq!(list.current(), Some(1));
    }
}
