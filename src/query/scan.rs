//! A predicate over a chunk of rows at once: the common tests run down whole
//! columns and answer with a bitmap, the others look at the rows still in question.

use super::expr::{Direction, Place};
use super::facts::{Context, Facts};
use super::filter::{Predicate, Ready, Wanted};
use crate::model::attr::{Attr, UNKNOWN};
use crate::table::column::zigzag;
use crate::table::scan::Source;
use crate::table::store::{Side, Table};

/// A bit for each row of a chunk.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Bits(Vec<u64>);

impl Bits {
    /// As many rows, all of them in.
    pub fn all(rows: usize) -> Self {
        Bits::of(rows, |_| true)
    }

    /// The rows whose place passes.
    fn of(rows: usize, passes: impl Fn(usize) -> bool) -> Self {
        let word = |first: usize| {
            let places = first..rows.min(first + 64);
            places.fold(0, |word, place| {
                word | u64::from(passes(place)) << (place - first)
            })
        };
        Bits((0..rows).step_by(64).map(word).collect())
    }

    fn combine(mut self, other: &Bits, how: fn(u64, u64) -> u64) -> Self {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word = how(*word, *other);
        }
        self
    }

    /// Those that are in both.
    pub fn and(self, other: &Bits) -> Self {
        self.combine(other, |a, b| a & b)
    }

    fn or(self, other: &Bits) -> Self {
        self.combine(other, |a, b| a | b)
    }

    /// Those that are not in the other.
    pub fn without(self, other: &Bits) -> Self {
        self.combine(other, |a, b| a & !b)
    }

    /// How many are in.
    pub fn count(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    fn is_empty(&self) -> bool {
        self.0.iter().all(|&word| word == 0)
    }

    /// The places that are in, in order.
    pub fn places(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(place, &word)| {
            let mut left = word;
            std::iter::from_fn(move || {
                (left != 0).then(|| {
                    let bit = left.trailing_zeros() as usize;
                    left &= left - 1;
                    place * 64 + bit
                })
            })
        })
    }
}

/// A chunk of a table, seen from a point of view.
pub struct Chunk<'a> {
    table: &'a Table,
    context: &'a Context,
    number: usize,
    /// Its first row.
    pub first: u32,
    /// How many rows it has.
    pub rows: usize,
}

impl<'a> Chunk<'a> {
    /// A chunk by its number.
    pub fn new(table: &'a Table, context: &'a Context, number: usize) -> Self {
        let (first, rows) = table.chunk_rows(number);
        Chunk {
            table,
            context,
            number,
            first,
            rows,
        }
    }

    /// Reads a column.
    pub fn read(&self, source: Source) -> Vec<u64> {
        let mut values = Vec::with_capacity(self.rows);
        self.table.read(source, self.number, &mut values);
        values
    }

    /// A row by its place.
    pub fn facts(&self, place: usize) -> Facts<'a> {
        Facts {
            row: self.table.row(self.first + place as u32),
            context: self.context,
        }
    }

    /// The rows with both sides.
    pub fn connections(&self) -> Bits {
        let evidence = self.read(Source::Evidence);
        Bits::of(self.rows, |place| evidence[place] != UNKNOWN)
    }

    /// A counter of both sides together, the unknown taken for 0.
    pub fn sums(&self, attr: Attr) -> Vec<u64> {
        let mut sums = self.read(Source::Attr(Side::First, attr));
        let mates = self.read(Source::Attr(Side::Mate, attr));
        let known = |value: u64| if value == UNKNOWN { 0 } else { value };
        for (sum, mate) in sums.iter_mut().zip(mates) {
            *sum = known(*sum).saturating_add(known(mate));
        }
        sums
    }

    /// The rows with at least so many packets.
    pub fn above(&self, threshold: u64) -> Bits {
        let packets = self.sums(Attr::Packets);
        Bits::of(self.rows, |place| packets[place] >= threshold)
    }

    /// Those of the rows in question that pass.
    pub fn passing(&self, predicate: &Predicate, question: &Bits) -> Bits {
        match predicate {
            Predicate::All(terms) => terms.iter().fold(question.clone(), |left, term| {
                if left.is_empty() {
                    left
                } else {
                    self.passing(term, &left)
                }
            }),
            Predicate::Any(terms) => {
                let none = question.clone().without(question);
                terms.iter().fold(none, |found, term| {
                    let open = question.clone().without(&found);
                    found.or(&self.passing(term, &open))
                })
            }
            Predicate::Not(inner) => question.clone().without(&self.passing(inner, question)),
            Predicate::Test(test) => match self.whole(test) {
                Some(bits) => bits.and(question),
                None => self.one_by_one(test, question),
            },
        }
    }

    fn one_by_one(&self, test: &Ready, question: &Bits) -> Bits {
        let mut bits = question.clone();
        for place in question.places() {
            if !test.passes(&self.facts(place)) {
                bits.0[place / 64] &= !(1 << (place % 64));
            }
        }
        bits
    }

    /// The answer for all rows, when columns alone can give it.
    fn whole(&self, test: &Ready) -> Option<Bits> {
        match test {
            Ready::Always(true) => Some(Bits::all(self.rows)),
            Ready::Matched => Some(self.connections()),
            Ready::Protocol(numbers) => {
                let wanted = numbers.iter().map(|&number| zigzag(i64::from(number)));
                let wanted: Vec<u64> = wanted.collect();
                let protocols = self.read(Source::Protocol);
                Some(Bits::of(self.rows, |place| {
                    wanted.contains(&protocols[place])
                }))
            }
            Ready::Hosts(Direction::Either, set) if self.table.is_regular(self.number) => {
                Some(self.either(Source::Host, |host| set.has(host as u32)))
            }
            Ready::Number(place, Wanted::Compared(comparison, wanted)) => {
                let wanted = u64::try_from(*wanted).ok()?;
                self.numbers(*place, |number| comparison.holds(number, wanted))
            }
            Ready::Number(place, wanted) => {
                self.numbers(*place, |number| wanted.holds(number.into()))
            }
            _ => None,
        }
    }

    fn numbers(&self, place: Place, holds: impl Fn(u64) -> bool) -> Option<Bits> {
        let passes = |number: u64| number != UNKNOWN && holds(number);
        match place {
            Place::Field(field) => {
                let attr = match field.name {
                    "bytes" => Attr::Octets,
                    "packets" => Attr::Packets,
                    _ => return None,
                };
                let sums = self.sums(attr);
                // a sum at the limit may be greater than it can say
                let exact = sums.iter().all(|&sum| sum < UNKNOWN - 1);
                exact.then(|| Bits::of(self.rows, |place| passes(sums[place])))
            }
            Place::Ends {
                src,
                direction: Direction::Either,
                ..
            } if src.name == "src_port" && self.table.is_regular(self.number) => {
                Some(self.either(Source::Port, passes))
            }
            Place::Ends { .. } => None,
        }
    }

    /// The rows of which either end passes.
    fn either(&self, end: fn(usize) -> Source, passes: impl Fn(u64) -> bool) -> Bits {
        let (src, dst) = (self.read(end(0)), self.read(end(1)));
        Bits::of(self.rows, |place| passes(src[place]) || passes(dst[place]))
    }
}
