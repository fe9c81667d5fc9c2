//! Traffic over time as a sheet: a line for each step, or for each step and
//! group, the others last.

use super::groups::key_cells;
use super::sheet::{Cell, Column, Sheet};
use crate::model::time::{DAY, Zone, rfc3339};
use crate::model::units;
use crate::model::value::Datum;
use crate::query::group::Groups;
use crate::query::run::Preset;
use crate::query::stack::OTHER;
use crate::query::time::bins::Bins;
use crate::query::time::timeline::{Amount, Timeline};

/// The most characters of a bar.
const BAR: usize = 40;
/// What is told of a step: amounts in this order, and the bytes of both ways.
const AMOUNTS: [Amount; 3] = [Amount::Connections, Amount::Packets, Amount::Bytes];
const WAYS: [(&str, &str); 2] = [("sent", "Sent"), ("received", "Rcvd")];

/// The numbers of one line, or of all.
type Numbers = [u128; AMOUNTS.len() + WAYS.len()];

/// What came of spreading rows over time.
pub struct Steps {
    /// Which rows.
    pub preset: Preset,
    /// The steps.
    pub bins: Bins,
    /// What was added up, each in layers: one of all rows, or one for each group
    /// and one for the others.
    pub lines: [Vec<Timeline>; Amount::ALL.len()],
    /// The groups, if it is by any.
    pub groups: Option<Groups>,
    /// What bars show.
    pub bars: Amount,
}

impl Steps {
    /// All of it as a table.
    pub fn sheet(&self, zone: &Zone) -> Sheet {
        let names = self.groups.iter().flat_map(|groups| &groups.by);
        let names: Vec<String> = names.map(|by| by.name()).collect();
        let by = match names.is_empty() {
            true => String::new(),
            false => format!(" by {}", names.join(",")),
        };
        let (bars, _) = self.bars.called(self.preset);
        let most = self.all().map(|at| self.numbers(at)[self.barred()]).max();
        let most = most.unwrap_or(0).max(1);
        let step = [format!("{}ms", self.bins.step)];
        let add = |sum: Numbers, at| {
            let numbers = self.numbers(at);
            std::array::from_fn(|place| sum[place] + numbers[place])
        };
        Sheet {
            by: step.into_iter().chain(names).collect::<Vec<_>>().join(","),
            list: "steps",
            title: format!(
                "{} of {}{by}, bars are {bars}",
                units::many(self.bins.count as u128, "steps"),
                units::duration(self.bins.step),
            ),
            columns: self.columns(),
            rows: self.rows(most, zone),
            total: amounts(self.all().fold(Numbers::default(), add)),
        }
    }

    /// Every step, and every layer in it.
    fn all(&self) -> impl Iterator<Item = (usize, usize)> {
        let layers = self.lines[0].len();
        (0..self.bins.count).flat_map(move |bin| (0..layers).map(move |layer| (bin, layer)))
    }

    fn numbers(&self, (bin, layer): (usize, usize)) -> Numbers {
        let ways = |amount: Amount| {
            let line = &self.lines[amount.place()][layer];
            (line.sent[bin], line.received[bin])
        };
        let [rows, packets, bytes] = AMOUNTS.map(|amount| ways(amount).0 + ways(amount).1);
        let (sent, received) = ways(Amount::Bytes);
        [rows, packets, bytes, sent, received]
    }

    /// Which of the numbers bars show.
    fn barred(&self) -> usize {
        let place = AMOUNTS.iter().position(|&amount| amount == self.bars);
        place.unwrap_or(0)
    }

    /// What the numbers are called as data, and for people.
    fn names(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let amounts = AMOUNTS.map(|amount| amount.called(self.preset));
        amounts.into_iter().chain(WAYS)
    }

    fn rows(&self, most: u128, zone: &Zone) -> Vec<Vec<Cell>> {
        let pattern = self.pattern(zone);
        let rows = self.all().map(|at| self.row(at, most, (zone, &pattern)));
        rows.collect()
    }

    /// How it is told when a step begins: with the offset where a time is there twice.
    fn pattern(&self, zone: &Zone) -> String {
        let mut starts = (0..self.bins.count).map(|bin| self.bins.start(bin));
        let is_day = |start: i64| zone.floor(start, DAY) == start;
        let pattern = match self.bins.step {
            ..1000 => "%Y-%m-%d %H:%M:%S.%3f",
            // not where summer time makes one of 23 hours
            DAY.. if starts.clone().all(is_day) => return "%Y-%m-%d".to_owned(),
            _ => "%Y-%m-%d %H:%M:%S",
        };
        let offset = match starts.any(|start| zone.shows_twice(start)) {
            true => " %:z",
            false => "",
        };
        format!("{pattern}{offset}")
    }

    fn row(&self, at: (usize, usize), most: u128, clock: (&Zone, &str)) -> Vec<Cell> {
        let numbers = self.numbers(at);
        let length = (numbers[self.barred()] * BAR as u128).div_ceil(most);
        let start = self.bins.start(at.0);
        let mut cells = vec![begin(start, length as usize, clock)];
        if let Some(groups) = &self.groups {
            cells.extend(match groups.list.get(at.1) {
                Some(group) => key_cells(groups, group, clock.0),
                None => groups.by.iter().map(|_| others()).collect(),
            });
        }
        cells.extend(amounts(numbers));
        cells
    }

    fn columns(&self) -> Vec<Column> {
        let column = |name: &str, header: &str, right| Column {
            name: name.to_owned(),
            header: header.to_owned(),
            right,
        };
        let keys = self.groups.iter().flat_map(|groups| &groups.by);
        let keys = keys.map(|by| column(&by.name(), &by.header(), false));
        let names = self.names();
        let numbers = names.map(|(name, header)| column(name, header, true));
        let start = [column("start", "Start", false)].into_iter();
        start.chain(keys).chain(numbers).collect()
    }
}

/// When a step begins, and its bar.
fn begin(start: i64, length: usize, (zone, pattern): (&Zone, &str)) -> Cell {
    let bar = "#".repeat(length);
    Cell {
        shown: format!("{}  {bar:<BAR$}", zone.print(start, pattern)),
        datum: Some(Datum::Text(rfc3339(start))),
    }
}

fn others() -> Cell {
    Cell {
        shown: OTHER.to_owned(),
        datum: Some(Datum::Text(OTHER.to_owned())),
    }
}

fn amounts(numbers: Numbers) -> Vec<Cell> {
    let of = AMOUNTS.into_iter().chain([Amount::Bytes; WAYS.len()]);
    let cell = |(amount, number): (Amount, u128)| Cell {
        shown: amount.shown(number),
        datum: Some(Datum::Number(number.to_string())),
    };
    of.zip(numbers).map(cell).collect()
}
