//! The columns of a view: which fields, in which order, how wide, and where the
//! column cursor is. How many of them fit is the view's business.

use crate::query::field::{self, FIELDS, Field, Kind};

/// No column is made wider.
const WIDEST: u16 = 200;
/// A time of day.
pub const CLOCK: u16 = 8;

/// A column.
#[derive(Clone, Copy)]
pub struct Column {
    /// What it shows.
    pub field: &'static Field,
    /// The width that it was given by hand.
    pub width: Option<u16>,
}

/// The columns of a view; there is always one.
#[derive(Clone)]
pub struct Columns {
    list: Vec<Column>,
    cursor: usize,
    /// Those of the list in its order, and those left out where they stood.
    places: Vec<Column>,
}

impl Columns {
    /// The columns of these fields.
    pub fn new(names: &[&str]) -> Self {
        let fields = names.iter().filter_map(|name| field::find(name));
        let mut list: Vec<Column> = fields.map(|field| Column { field, width: None }).collect();
        if list.is_empty() {
            list.extend(FIELDS.first().map(|field| Column { field, width: None }));
        }
        Columns::of(list)
    }

    fn of(list: Vec<Column>) -> Self {
        Columns {
            places: list.clone(),
            list,
            cursor: 0,
        }
    }

    /// The columns of a text: fields, and widths given by hand as `bytes:12`; what
    /// is no field is passed over, and `None` when nothing is left.
    pub fn parse(text: &str) -> Option<Self> {
        let columns = text.split_whitespace().filter_map(|word| {
            let (name, width) = word.split_once(':').unwrap_or((word, ""));
            let field = field::find(name)?;
            let width = width.parse().ok();
            let width = width.map(|width: u16| width.clamp(least(field), WIDEST));
            Some(Column { field, width })
        });
        let mut list: Vec<Column> = Vec::new();
        for column in columns {
            if list.iter().all(|it| it.field != column.field) {
                list.push(column);
            }
        }
        (!list.is_empty()).then(|| Columns::of(list))
    }

    /// All of them but one as such a text.
    pub fn text(&self, without: &str) -> String {
        let kept = self.list.iter().filter(|it| it.field.name != without);
        let words = kept.map(|it| match it.width {
            Some(width) => format!("{}:{width}", it.field.name),
            None => it.field.name.to_owned(),
        });
        words.collect::<Vec<_>>().join(" ")
    }

    /// All of them, in order.
    pub fn list(&self) -> &[Column] {
        &self.list
    }

    /// The place of the one under the cursor.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// The field under the cursor.
    pub fn field(&self) -> &'static Field {
        self.list[self.cursor].field
    }

    /// Whether a field has a column.
    pub fn has(&self, field: &Field) -> bool {
        position(&self.list, field).is_some()
    }

    /// Moves the cursor by columns.
    pub fn step(&mut self, step: isize) {
        self.go(self.cursor.saturating_add_signed(step));
    }

    /// Moves the cursor to a column.
    pub fn go(&mut self, place: usize) {
        self.cursor = place.min(self.list.len() - 1);
    }

    /// Moves the column under the cursor, and the cursor with it.
    pub fn carry(&mut self, step: isize) {
        let from = self.cursor;
        self.step(step);
        let fields = [from, self.cursor].map(|place| self.list[place].field);
        self.list.swap(from, self.cursor);
        let [one, other] = fields.map(|field| position(&self.places, field));
        if let (Some(one), Some(other)) = (one, other) {
            self.places.swap(one, other);
        }
    }

    /// Gives the column under the cursor a width, or its own.
    pub fn resize(&mut self, width: Option<u16>) {
        let column = &mut self.list[self.cursor];
        column.width = width.map(|width| width.clamp(least(column.field), WIDEST));
    }

    /// Has a field second, beside the one that stays in sight, or not at all; the
    /// cursor stays where it is.
    pub fn put_second(&mut self, field: &'static Field, wanted: bool) {
        let under = self.field();
        let place = position(&self.list, field);
        match (place, wanted) {
            (None, true) => {
                if self.take_in(field).is_none() {
                    self.insert(1, Column { field, width: None });
                }
            }
            (Some(place), false) if self.list.len() > 1 => self.leave_out(place),
            _ => return,
        }
        self.go(position(&self.list, under).unwrap_or(self.cursor));
    }

    /// Puts a column at a place of the list, wherever it stood before.
    fn insert(&mut self, place: usize, column: Column) {
        self.places.retain(|it| it.field != column.field);
        let before = self.list[..place].last();
        let before = before.and_then(|it| position(&self.places, it.field));
        self.places.insert(before.map_or(0, |at| at + 1), column);
        self.list.insert(place, column);
    }

    /// Leaves a column out, and notes how wide it was.
    fn leave_out(&mut self, place: usize) {
        let column = self.list.remove(place);
        if let Some(stood) = position(&self.places, column.field) {
            self.places[stood] = column;
        }
    }

    /// Takes a column in where it stood before, if it did, and answers where that is.
    fn take_in(&mut self, field: &'static Field) -> Option<usize> {
        let stood = position(&self.places, field)?;
        let before = self.places[..stood].iter();
        let place = before.filter(|it| self.has(it.field)).count();
        self.list.insert(place, self.places[stood]);
        Some(place)
    }

    /// Takes a field in under the cursor, where it stood or else beside the cursor,
    /// or leaves it out. The last column stays: false.
    pub fn toggle(&mut self, field: &'static Field) -> bool {
        match position(&self.list, field) {
            Some(_) if self.list.len() == 1 => return false,
            Some(place) => {
                self.leave_out(place);
                if self.cursor > place || self.cursor == self.list.len() {
                    self.cursor -= 1;
                }
            }
            None => match self.take_in(field) {
                Some(place) => self.cursor = place,
                None => {
                    self.cursor += 1;
                    self.insert(self.cursor, Column { field, width: None });
                }
            },
        }
        true
    }
}

fn position(list: &[Column], field: &Field) -> Option<usize> {
    list.iter().position(|it| it.field == field)
}

/// The least width of a column: its name and the mark of the order are never
/// cut, nor is what misleads when it is: numbers, times, IPv4 addresses.
pub fn least(field: &Field) -> u16 {
    let header = field.header.len() as u16 + 1;
    match field.kind {
        Kind::Time | Kind::Seconds => header.max(CLOCK),
        Kind::Address => header.max(field.width),
        _ if field.is_numeric() => header.max(field.width),
        _ => header,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(columns: &Columns) -> Vec<&str> {
        columns.list().iter().map(|it| it.field.name).collect()
    }

    #[test]
    fn columns_come_and_go_and_the_cursor_stays_on_its_own() {
        let mut columns = Columns::new(&["start", "service", "bytes"]);
        columns.step(9);
        assert_eq!(columns.field().name, "bytes");
        columns.carry(-1);
        assert_eq!(names(&columns), ["start", "bytes", "service"]);
        assert_eq!(columns.field().name, "bytes");
        let field = |name| field::find(name).unwrap_or(&FIELDS[0]);
        assert!(columns.toggle(field("start")));
        assert_eq!(columns.field().name, "bytes");
        assert!(columns.toggle(field("end")) && columns.toggle(field("version")));
        assert_eq!(names(&columns), ["bytes", "end", "version", "service"]);
        for name in ["service", "version", "end"] {
            assert!(columns.toggle(field(name)), "{name}");
        }
        assert!(!columns.toggle(field("bytes")), "one column stays");
        columns.carry(-5);
        columns.carry(5);
        assert_eq!((names(&columns), columns.cursor()), (vec!["bytes"], 0));
    }

    #[test]
    fn no_width_cuts_a_header_or_a_number() {
        for field in FIELDS {
            let mut columns = Columns::new(&[field.name]);
            columns.resize(Some(0));
            let width = columns.list()[0].width.unwrap_or(0);
            assert!(usize::from(width) > field.header.len(), "{}", field.name);
            assert!(!field.is_numeric() || width >= field.width.min(CLOCK));
            columns.resize(Some(u16::MAX));
            assert_eq!(columns.list()[0].width, Some(WIDEST));
        }
    }
}
