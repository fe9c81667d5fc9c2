//! Which flows come nearest to being the peer of an unmatched one: looked for
//! in the whole table when somebody asks, row by row.

use super::rows::Row;
use super::share::in_parallel;
use super::skew::clock_difference;
use super::store::{RowId, Side, Table};
use crate::model::flow::Start;

/// How many are told.
const NEAREST: usize = 5;

/// What keeps a flow in the other direction from being the peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// Nothing but its time, or that it has another peer.
    Time,
    /// Another exporter reports it.
    Exporter,
    /// Its ports.
    Ports,
}

/// A flow in the other direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its row.
    pub row: RowId,
    /// Which flow of the row it is.
    pub side: Side,
    /// By how many milliseconds it began later, negative for earlier.
    pub later: i64,
    /// What else differs.
    pub difference: Difference,
}

/// The flows in the other direction that come nearest to being the peer of an
/// unmatched flow: what fits best first, then the nearest in time.
pub fn nearest(table: &Table, id: RowId) -> Vec<Candidate> {
    let row = table.row(id);
    let found = in_parallel(table.chunks(), |chunk| {
        let (first, rows) = table.chunk_rows(chunk);
        let others = (first..first + rows as u32).filter(|&other| other != id);
        let candidates = others.flat_map(|other| candidates(row, table.row(other)));
        candidates.collect::<Vec<_>>()
    });
    let mut found: Vec<Candidate> = found.into_iter().flatten().collect();
    found.sort_by_key(|found| (found.difference, found.later.unsigned_abs(), found.row));
    if let Some(best) = found.first().map(|found| found.difference) {
        found.retain(|found| found.difference == best);
    }
    found.truncate(NEAREST);
    found
}

fn candidates<'a>(row: Row<'a>, other: Row<'a>) -> impl Iterator<Item = Candidate> {
    let sides = [Side::First, Side::Mate].into_iter();
    let sides = sides.filter(move |&side| side == Side::First || other.is_connection());
    sides.filter_map(move |side| candidate(row, other, side))
}

fn candidate(row: Row, other: Row, side: Side) -> Option<Candidate> {
    let [src, dst] = row.ends(Side::First);
    let [from, to] = other.ends(side);
    if [from.host, to.host] != [dst.host, src.host] || other.protocol() != row.protocol() {
        return None;
    }
    let same_ports = !row.has_ports() || [from.port, to.port] == [dst.port, src.port];
    let same_exporter = row.exporter_number() == other.exporter_number();
    let difference = match (same_exporter, same_ports) {
        (true, true) => Difference::Time,
        (false, true) => Difference::Exporter,
        (true, false) => Difference::Ports,
        (false, false) => return None,
    };
    Some(Candidate {
        row: other.id,
        side,
        later: later(row.start(Side::First)?, other.start(side)?),
        difference,
    })
}

/// By how many milliseconds the other start is later: on the own clock if both
/// agree about the era, else in absolute time.
pub fn later(start: Start, other: Start) -> i64 {
    let absolute = other.absolute.saturating_sub(start.absolute);
    let clock = clock_difference(other, start);
    let agree = absolute.unsigned_abs().abs_diff(clock.unsigned_abs()) <= 2000;
    if agree || start.approximate || other.approximate {
        clock
    } else {
        absolute
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The exporter's own clock is the better one, but comes round and is set anew.
    #[test]
    fn the_own_clock_tells_what_is_later_unless_the_calendar_says_that_it_was_set_anew() {
        let at = |absolute, uptime, approximate| Start {
            absolute,
            uptime,
            approximate,
        };
        let clock = |absolute, uptime| at(absolute, Some(uptime), false);
        for (start, other, milliseconds) in [
            (clock(50_000, 700), clock(50_000, 1000), 300),
            (clock(50_000, 700), clock(52_300, 1000), 300),
            (clock(50_000, 700), clock(52_301, 1000), 2301),
            (clock(50_000, 700), clock(47_700, 400), -300),
            (clock(50_000, 700), clock(47_699, 400), -2301),
            (clock(50_000, u32::MAX - 99), clock(50_200, 100), 200),
            (clock(50_000, 700), clock(99_000, 800), 49_000),
            // a guess says nothing of the clock
            (at(50_000, Some(700), true), clock(99_000, 800), 100),
            (clock(50_000, 700), at(99_000, Some(800), true), 100),
            (at(50_000, None, false), clock(99_000, 800), 49_000),
        ] {
            assert_eq!(later(start, other), milliseconds, "{start:?} {other:?}");
        }
    }
}
