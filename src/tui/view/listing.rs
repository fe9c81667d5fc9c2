//! What stands on which line of the view of sources: files, exporters and losses, each section
//! below its head. There may be very many, so no line is come to by way of those before it.

use crate::table::store::RowId;
use crate::tui::state::sources::Item;

/// A line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// The names of a section's columns.
    Head(usize),
    /// An item.
    Item(RowId),
    /// In place of a section's items.
    Words(usize),
    /// Between sections.
    Blank,
}

/// The section of an item: files, exporters, and all that was lost.
pub fn section(row: RowId) -> usize {
    match Item::of(row) {
        Some(Item::File(_) | Item::Refused(_)) => 0,
        Some(Item::Exporter(_)) => 1,
        _ => 2,
    }
}

/// All sections.
pub struct Listing<'a>([Section<'a>; 3]);

struct Section<'a> {
    /// The line of its head.
    head: usize,
    /// Its items.
    rows: &'a [RowId],
}

impl Section<'_> {
    fn len(&self) -> usize {
        1 + self.rows.len().max(1)
    }
}

impl<'a> Listing<'a> {
    /// That of rows, which come in ascending order.
    pub fn new(rows: &'a [RowId]) -> Self {
        let (mut head, mut rest) = (0, rows);
        Listing([0, 1, 2].map(|number| {
            let count = rest.partition_point(|&row| section(row) <= number);
            let (rows, others) = rest.split_at(count);
            let section = Section { head, rows };
            // a blank line is between two
            (head, rest) = (head + section.len() + 1, others);
            section
        }))
    }

    /// How many lines there are.
    pub fn lines(&self) -> usize {
        let [.., last] = &self.0;
        last.head + last.len()
    }

    /// The line of a row.
    pub fn line(&self, row: RowId) -> usize {
        let section = &self.0[section(row)];
        section.head + 1 + section.rows.partition_point(|&it| it < row)
    }

    /// What stands on a line.
    pub fn entry(&self, line: usize) -> Entry {
        let number = self.0.iter().rposition(|section| section.head <= line);
        let number = number.unwrap_or(0);
        let Section { head, rows } = &self.0[number];
        match (line - head).checked_sub(1) {
            None => Entry::Head(number),
            Some(0) if rows.is_empty() => Entry::Words(number),
            Some(place) => rows
                .get(place)
                .map_or(Entry::Blank, |&row| Entry::Item(row)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::intake::{Damage, ExporterIntake, FileIntake, Intake, Refused};
    use crate::tui::state::sources::rows;

    #[test]
    fn every_line_is_where_it_is_come_to_by_way_of_the_others() {
        for [files, refused, exporters, losses] in [
            [0, 0, 0, 0],
            [0, 0, 2, 0],
            [3, 0, 0, 1],
            [0, 2, 0, 1],
            [1, 1, 1, 1],
            [2, 2, 3, 4],
        ] {
            let counts = [files + refused, exporters, losses];
            let unread = Refused {
                name: String::new(),
                reason: String::new(),
            };
            let damage = Damage {
                file: 0,
                offset: 0,
                bytes: 1,
                reason: String::new(),
            };
            let rows = rows(&Intake {
                files: vec![FileIntake::default(); files],
                refused: vec![unread; refused],
                exporters: vec![ExporterIntake::default(); exporters],
                damage: vec![damage; losses],
                ..Intake::default()
            });
            let mut rest = rows.ids.iter();
            let mut walked = Vec::new();
            for (number, count) in counts.into_iter().enumerate() {
                walked.extend((number > 0).then_some(Entry::Blank));
                walked.push(Entry::Head(number));
                walked.extend(rest.by_ref().take(count).map(|&row| Entry::Item(row)));
                walked.extend((count == 0).then_some(Entry::Words(number)));
            }
            let listing = Listing::new(&rows.ids);
            let entries: Vec<Entry> = (0..listing.lines())
                .map(|line| listing.entry(line))
                .collect();
            assert_eq!(entries, walked);
            for &row in &rows.ids {
                assert_eq!(listing.entry(listing.line(row)), Entry::Item(row));
            }
        }
    }
}
