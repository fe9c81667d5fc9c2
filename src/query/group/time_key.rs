//! Hours, or other steps of the clock, as the numbers that rows are grouped by.

use crate::model::attr::UNKNOWN;
use crate::model::time::Zone;
use crate::query::columns::chunk::Chunk;
use crate::query::time::times::Times;
use crate::table::column::zigzag;

/// Milliseconds of a minute.
const MINUTE: i64 = 60_000;

/// When the step began in which the flow shown as the source's began, zigzag, of each row.
pub fn codes(minutes: i64, chunk: &Chunk, zone: &Zone) -> Vec<u64> {
    let times = Times::both(chunk);
    let sides = times.each_ref().map(Times::view);
    // rows come in the order of the file, so the last answer often fits again
    let mut last = (0, 0, UNKNOWN);
    let code = |(place, &is_first): (usize, &bool)| {
        let (start, end) = sides[usize::from(!is_first)].of(place);
        if start > end {
            return UNKNOWN;
        }
        if !(last.0..last.1).contains(&start) {
            // offsets from UTC change at quarters of an hour at most
            let length = (minutes * MINUTE).min(15 * MINUTE);
            let begin = start.saturating_sub(start.rem_euclid(length));
            let code = zigzag(zone.floor(start, minutes * MINUTE));
            last = (begin, begin.saturating_add(length), code);
        }
        last.2
    };
    chunk.sources().iter().enumerate().map(code).collect()
}
