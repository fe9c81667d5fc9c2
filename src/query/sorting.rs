//! Rows to show put in order: the first of them found while their keys are read,
//! all of them by their keys.

use std::borrow::Cow;

use super::columns::chunk::Chunk;
use super::facts::Context;
use super::memory::{ChunkAnswer, Memory};
use super::order::keys::{Keys, comparable, keys};
use super::order::radix::{self, Least, directed};
use crate::query::order::sort::Sort;
use crate::table::share::{each_in_parallel, in_parallel, in_shares};
use crate::table::store::{RowId, Table};

/// The rows to show, in the order of the file.
pub fn ids(table: &Table, parts: &[&ChunkAnswer]) -> Vec<RowId> {
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
    /// The table.
    pub table: &'a Table,
    /// The point of view.
    pub context: &'a Context,
    /// The order.
    pub sort: Sort,
    /// What is known of the rows.
    pub memory: &'a Memory,
    /// What each chunk has of them.
    pub parts: &'a [&'a ChunkAnswer],
}

impl<'a> Sorting<'a> {
    /// The first rows.
    pub fn first(&self, count: usize) -> Vec<RowId> {
        let numbers = |number| match self.chunk_keys(number) {
            Keys::Numbers(keys) => Some(keys.into()),
            Keys::Words(..) => None,
        };
        if let Some(rows) = self.least(count, numbers) {
            return rows;
        }
        let keys = self.all_keys();
        let rows = self.least(count, |number| Some(Cow::Borrowed(&keys[number])));
        rows.unwrap_or_default()
    }

    /// All of them; nothing if that is not wanted any more.
    pub fn all(&self, mut wanted: impl FnMut() -> bool) -> Option<Vec<RowId>> {
        let mut keys = self.all_keys();
        if !wanted() {
            return None;
        }
        each_in_parallel(&mut keys, |number, keys| {
            let shown = self.parts[number].shown.places();
            let own = shown.map(|place| directed(keys[place], self.sort.descending));
            *keys = own.collect();
        });
        let (keys, ids) = (keys.concat(), ids(self.table, self.parts));
        if !wanted() {
            return None;
        }
        radix::all(&keys, &ids, wanted)
    }

    /// The rows whose keys are least, if the keys of each chunk can be had.
    fn least<'k>(
        &self,
        count: usize,
        keys: impl Fn(usize) -> Option<Cow<'k, [u64]>> + Sync,
    ) -> Option<Vec<RowId>> {
        let shares = in_shares(self.parts.len(), |numbers| {
            let mut least = Least::new(count);
            let last = numbers.end + numbers.start;
            for number in numbers {
                // times ascend in most files: from their end, few are greater than all before
                let number = match self.sort.descending {
                    true => last - 1 - number,
                    false => number,
                };
                let (first, _) = self.table.chunk_rows(number);
                let keys = keys(number)?;
                self.parts[number].shown.for_each(|place| {
                    let key = directed(keys[place], self.sort.descending);
                    least.add((key, first + place as u32));
                });
            }
            Some(least.sorted())
        });
        let mut least = Least::new(count);
        for share in shares {
            share?.into_iter().for_each(|keyed| least.add(keyed));
        }
        Some(least.sorted().into_iter().map(|(_, row)| row).collect())
    }

    fn chunk_keys(&self, number: usize) -> Keys<'a> {
        let chunk = Chunk::new(self.table, self.context, number);
        let chunk = chunk.recalled(self.memory.sources(number));
        let ranks = self.memory.ranks(self.sort.field);
        keys(&chunk, self.sort.field, &self.parts[number].shown, ranks)
    }

    fn all_keys(&self) -> Vec<Vec<u64>> {
        let keys = in_parallel(self.parts.len(), |number| self.chunk_keys(number));
        comparable(keys)
    }
}
