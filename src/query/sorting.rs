//! Rows to show put in order: the first of them found while their keys are read,
//! all of them by their keys.

use std::borrow::Cow;

use super::chunk::Chunk;
use super::facts::Context;
use super::keys::{Keys, Ranks, comparable, keys};
use super::memory::Part;
use super::order::{self, Least, directed};
use super::sort::Sort;
use crate::table::share::{each_in_parallel, in_parallel, in_shares};
use crate::table::store::{RowId, Table};

/// The rows to show, in the order of the file.
pub fn ids(table: &Table, parts: &[&Part]) -> Vec<RowId> {
    let counts = parts.iter().map(|part| part.shown.count() as usize);
    let mut ids = vec![0; counts.clone().sum()];
    let mut rest = &mut ids[..];
    let mut pieces: Vec<_> = counts
        .map(|count| rest.split_off_mut(..count).unwrap_or_default())
        .collect();
    each_in_parallel(&mut pieces, |number, ids| {
        let (first, _) = table.chunk_rows(number);
        parts[number].shown.number(first, ids);
    });
    ids
}

/// What it takes to put the rows of an answer in order.
pub struct Sorting<'a> {
    table: &'a Table,
    context: &'a Context,
    sort: Sort,
    ranks: Ranks,
    /// What each chunk has of the rows.
    parts: &'a [&'a Part],
    /// The keys of the rows, where they had to be read.
    keys: Option<Vec<Vec<u64>>>,
}

impl<'a> Sorting<'a> {
    /// An order for rows.
    pub fn new(table: &'a Table, context: &'a Context, sort: Sort, parts: &'a [&'a Part]) -> Self {
        Sorting {
            table,
            context,
            sort,
            ranks: Ranks::of(table, context, sort.field),
            parts,
            keys: None,
        }
    }

    /// The first rows.
    pub fn first(&mut self, count: usize) -> Vec<RowId> {
        let numbers = |number| match self.chunk_keys(number) {
            Keys::Numbers(keys) => Some(keys.into()),
            Keys::Words(..) => None,
        };
        if let Some(rows) = self.least(count, numbers) {
            return rows;
        }
        let keys = self.all_keys();
        let rows = self.least(count, |number| Some(Cow::Borrowed(&keys[number])));
        self.keys = Some(keys);
        rows.unwrap_or_default()
    }

    /// All of them.
    pub fn all(mut self) -> Vec<RowId> {
        let mut keys = self.keys.take().unwrap_or_else(|| self.all_keys());
        each_in_parallel(&mut keys, |_, keys| {
            let descending = self.sort.descending;
            keys.iter_mut()
                .for_each(|key| *key = directed(*key, descending));
        });
        order::all(&keys.concat(), &ids(self.table, self.parts))
    }

    /// The rows whose keys are least, if the keys of each chunk can be had.
    fn least<'k>(
        &self,
        count: usize,
        keys: impl Fn(usize) -> Option<Cow<'k, [u64]>> + Sync,
    ) -> Option<Vec<RowId>> {
        let descending = self.sort.descending;
        let shares = in_shares(self.parts.len(), |numbers| {
            let mut least = Least::new(count);
            for number in numbers {
                let (first, _) = self.table.chunk_rows(number);
                let keys = keys(number)?;
                let directed = keys.iter().map(|&key| directed(key, descending));
                let rows = self.parts[number]
                    .shown
                    .places()
                    .map(|place| first + place as u32);
                least.add(directed.zip(rows));
            }
            Some(least.sorted())
        });
        let mut least = Least::new(count);
        for share in shares {
            least.add(share?.into_iter());
        }
        Some(least.sorted().into_iter().map(|(_, row)| row).collect())
    }

    fn chunk_keys(&self, number: usize) -> Keys<'a> {
        let chunk = Chunk::new(self.table, self.context, number);
        keys(
            &chunk,
            self.sort.field,
            &self.parts[number].shown,
            &self.ranks,
        )
    }

    fn all_keys(&self) -> Vec<Vec<u64>> {
        comparable(in_parallel(self.parts.len(), |number| {
            self.chunk_keys(number)
        }))
    }
}
