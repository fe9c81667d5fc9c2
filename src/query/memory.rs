//! What was found out for the query before, so that the next one looks for what is
//! new in it alone: another order reads its keys, a longer filter its last term.

use std::sync::{Arc, Weak};

use super::bits::Bits;
use super::columns::chunk::Chunk;
use super::columns::vector::Vector;
use super::facts::Context;
use super::field::Field;
use super::filter::predicate::{Predicate, prepare};
use super::language::expr::Expr;
use super::order::keys::{Ranked, Ranks};
use super::question::{Preset, Query};
use super::shown::Shown;
use super::totals::Totals;
use crate::names::Answers;
use crate::query::order::sort::Sort;
use crate::table::scan::Stored;
use crate::table::share::each_in_parallel;
use crate::table::store::{Edition, Table};
use crate::table::verdict::Reasons;

/// What is remembered of one query. It takes some bits for each row.
#[derive(Default)]
pub struct Memory {
    asked: Option<Asked>,
    found: Vec<ChunkMemory>,
    ranks: Vec<(Ranked, Ranks)>,
}

/// What was asked.
struct Asked {
    edition: Edition,
    /// But for the names: who holds them makes learning one more copy all of them.
    context: Context,
    names: Weak<Answers>,
    query: Query,
}

/// What was found in a chunk.
#[derive(Default)]
pub struct ChunkMemory {
    preset: Option<Bits>,
    /// The rows with enough packets.
    enough: Option<Bits>,
    /// The rows that pass so many terms of the filter: all of them, and all but the last.
    passing: Vec<(usize, Bits)>,
    /// Whether the first side is shown as the source's.
    sources: Option<Vec<bool>>,
    part: Option<ChunkAnswer>,
}

/// What a chunk adds to the answer.
pub struct ChunkAnswer {
    /// Its rows.
    pub shown: Bits,
    /// Why they are unmatched.
    pub reasons: Reasons,
    /// Rows of the preset.
    pub total: u64,
    /// Rows with too few packets.
    pub below_threshold: u64,
    /// Rows that repeat others.
    pub duplicates: u64,
    /// Sums over its rows.
    pub totals: Totals,
}

impl Memory {
    /// Finds out what a query asks, and what its order needs.
    pub fn find(&mut self, table: &Table, query: &Query, context: &Context) {
        let terms = terms(&query.filter);
        self.forget(table, query, context, &terms);
        let known = self.found.first().map_or(0, ChunkMemory::terms);
        let new: Vec<_> = terms[known..]
            .iter()
            .map(|term| prepare(term, table, context))
            .collect();
        let has_source = |sort: Sort| sort.field.vector().is_some_and(Vector::has_source);
        let has_source = query.sort.is_some_and(has_source);
        each_in_parallel(&mut self.found, |number, found| {
            let chunk = Chunk::new(table, context, number);
            if has_source && found.sources.is_none() {
                found.sources = Some(chunk.sources().to_vec());
            }
            if found.part.is_none() {
                found.part = Some(found.find(&chunk, query, &new));
            }
        });
        let ranked = query.sort.and_then(|sort| Ranked::of(sort.field));
        if let Some(ranked) = ranked.filter(|ranked| self.ranks.iter().all(|it| it.0 != *ranked)) {
            self.ranks.push((ranked, ranked.ranks(table, context)));
        }
    }

    /// What each chunk adds to the answer.
    pub fn parts(&self) -> Vec<&ChunkAnswer> {
        let found = self.found.iter();
        found.filter_map(|found| found.part.as_ref()).collect()
    }

    /// Whether the first sides of a chunk are shown as the sources', if it is known.
    pub fn sources(&self, number: usize) -> Option<&[bool]> {
        self.found.get(number)?.sources.as_deref()
    }

    /// What a field is ordered by, if it is by ranks.
    pub fn ranks(&self, field: &Field) -> Option<&Ranks> {
        let ranked = Ranked::of(field)?;
        let ranks = self.ranks.iter().find(|(known, _)| *known == ranked);
        ranks.map(|(_, ranks)| ranks)
    }

    /// Forgets all that may be different for this query.
    fn forget(&mut self, table: &Table, query: &Query, context: &Context, terms: &[&Expr]) {
        let edition = table.edition();
        let before = self.asked.replace(Asked {
            edition: edition.clone(),
            context: Context {
                names: Arc::default(),
                ..context.clone()
            },
            names: Arc::downgrade(&context.names),
            query: query.clone(),
        });
        let before = before.filter(|before| {
            before.edition == *edition && Arc::ptr_eq(&before.context.services, &context.services)
        });
        let names = Arc::downgrade(&context.names);
        let same_names = |it: &Asked| it.names.ptr_eq(&names);
        let named = before.as_ref().is_some_and(same_names);
        self.ranks
            .retain(|(ranked, _)| before.is_some() && (named || *ranked != Ranked::Name));
        let before = before.filter(|before| {
            before.query.preset == query.preset
                && (named || !query.filter.sees_names())
                && before.context.zone == context.zone
                && before.context.stance == context.stance
        });
        match before {
            Some(before) => self.keep(&before.query, query, terms),
            None => {
                self.found = (0..table.chunks())
                    .map(|_| ChunkMemory::default())
                    .collect()
            }
        }
    }

    /// Keeps what two queries have in common.
    fn keep(&mut self, before: &Query, query: &Query, terms: &[&Expr]) {
        let both = self::terms(&before.filter).into_iter().zip(terms);
        let common = both.take_while(|(before, term)| before == *term).count();
        let is_enough = before.threshold == query.threshold;
        let sort = query.sort;
        let is_same = Query {
            sort,
            ..before.clone()
        } == *query;
        for found in &mut self.found {
            found.part.take_if(|_| !is_same);
            found.enough.take_if(|_| !is_enough);
            found.passing.retain(|(terms, _)| *terms <= common);
        }
    }
}

/// The terms of a filter that all must hold.
fn terms(filter: &Expr) -> Vec<&Expr> {
    match filter {
        Expr::And(all) => all.iter().flat_map(terms).collect(),
        one => vec![one],
    }
}

impl ChunkMemory {
    /// How many terms of the filter are known.
    fn terms(&self) -> usize {
        self.passing.last().map_or(0, |(terms, _)| *terms)
    }

    /// What a chunk adds to the answer, by the terms that are not known yet.
    fn find(&mut self, chunk: &Chunk, query: &Query, new: &[Predicate]) -> ChunkAnswer {
        let preset = self
            .preset
            .get_or_insert_with(|| chunk.preset(query.preset));
        let total = preset.count();
        let known = self.passing.pop();
        let (known, mut passing) = known.unwrap_or_else(|| (0, preset.clone()));
        for (number, term) in (known..).zip(new) {
            let next = chunk.passing(term, &passing);
            self.passing = vec![(number, passing)];
            passing = next;
        }
        self.passing.push((known + new.len(), passing.clone()));
        if self.enough.is_none() {
            self.enough = chunk.enough(query.threshold);
        }
        let rows = Shown::of(chunk, passing, self.enough.as_ref());
        ChunkAnswer {
            reasons: reasons(chunk, &rows.shown, query.preset),
            total,
            below_threshold: rows.below_threshold(),
            duplicates: rows.duplicates,
            totals: Totals::of(chunk, &rows.shown),
            shown: rows.shown,
        }
    }
}

/// How many of these rows are unmatched for which reason, as far as it is known.
fn reasons(chunk: &Chunk, rows: &Bits, preset: Preset) -> Reasons {
    let mut counts = Reasons::default();
    if preset == Preset::Unmatched {
        let reasons = chunk.read(Stored::Reason);
        rows.for_each(|place| counts.count(reasons[place]));
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::time::Zone;
    use crate::names::Services;
    use crate::query::facts::Orient;
    use crate::query::language::expr::Test;

    #[test]
    fn names_are_not_held_when_a_question_is_answered() {
        let services = Arc::new(Services::from_texts(None, ""));
        let context = Context::new(services, Zone::utc(), Orient::Bytes);
        let query = Query {
            preset: Preset::Connections,
            filter: Expr::Test(Test::Any),
            threshold: 0,
            sort: None,
        };
        let mut memory = Memory::default();
        memory.find(&Table::default(), &query, &context);
        assert_eq!(Arc::strong_count(&context.names), 1);
        assert!(memory.asked.is_some_and(|asked| asked.query == query));
    }
}
