//! The newest moment in a table, which times like `-15m` and `14:05` are
//! counted from: exports are most often read long after they were made.

use crate::model::attr::UNKNOWN;
use crate::model::time::milliseconds;
use crate::query::columns::vector::Vector;
use crate::query::field::{Field, Kind};
use crate::table::column::{number_of, unzigzag};
use crate::table::scan::Stored;
use crate::table::share::in_parallel;
use crate::table::store::{Side, Table};

/// The greatest Unix milliseconds of a field of times, if any row has one:
/// of the starts, the ends, or the times at which the packets were received.
pub fn newest(table: &Table, field: &Field) -> Option<i64> {
    if field.kind == Kind::Seconds {
        let received = table.packets().map(|packet| milliseconds(packet.received));
        return received.max();
    }
    let is_start = field.vector() == Some(Vector::Start);
    let chunks = in_parallel(table.chunks(), |chunk| {
        let read = |source| table.values(source, chunk);
        let sides = [Side::First, Side::Mate].map(|side| {
            let starts = read(Stored::Start(side)).into_iter();
            let elapsed = read(Stored::Elapsed(side)).into_iter();
            let moments =
                starts
                    .zip(elapsed)
                    .filter_map(|(start, elapsed)| match (start, elapsed) {
                        (UNKNOWN, _) => None,
                        _ if is_start => Some(number_of(start)),
                        (_, UNKNOWN) => None,
                        _ => Some(number_of(start).saturating_add(unzigzag(elapsed).max(0))),
                    });
            moments.max()
        });
        sides.into_iter().flatten().max()
    });
    chunks.into_iter().flatten().max()
}
