//! Sort keys: numbers whose order is the order of a field's values, read off
//! the columns for the fields one sorts by most.

use super::facts::Orient;
use super::field::Field;
use super::scan::Chunk;
use crate::model::attr::Attr;
use crate::model::value::Value;
use crate::table::column::unzigzag;
use crate::table::scan::Source;
use crate::table::store::Side;

/// The key of a value that is not there; it goes last.
pub const LAST: u64 = u64::MAX;

/// The keys of all rows of a chunk, when the field's values are numbers.
pub fn keys(chunk: &Chunk, field: &Field, orient: Orient) -> Option<Vec<u64>> {
    let of_source = |source: fn(Side) -> Source, destination: bool| {
        (orient == Orient::Bytes).then(|| chunk.side(source, destination))?
    };
    let octets: fn(Side) -> Source = |side| Source::Attr(side, Attr::Octets);
    let packets: fn(Side) -> Source = |side| Source::Attr(side, Attr::Packets);
    match field.name {
        "bytes" => Some(chunk.sums(Attr::Octets)),
        "packets" => Some(chunk.sums(Attr::Packets)),
        "src_bytes" => of_source(octets, false),
        "dst_bytes" => of_source(octets, true),
        "src_packets" => of_source(packets, false),
        "dst_packets" => of_source(packets, true),
        "start" => of_source(Source::Start, false).map(signed),
        "duration_ms" => of_source(Source::Elapsed, false).map(|keys| {
            let positive = |key: u64| {
                if key == LAST {
                    LAST
                } else {
                    unzigzag(key).max(0) as u64
                }
            };
            keys.into_iter().map(positive).collect()
        }),
        _ => None,
    }
}

/// Zigzag numbers as unsigned ones in the same order.
fn signed(keys: Vec<u64>) -> Vec<u64> {
    let key = |key: u64| {
        if key == LAST {
            LAST
        } else {
            order_of(unzigzag(key))
        }
    };
    keys.into_iter().map(key).collect()
}

/// An unsigned number in the order of the signed ones, below [`LAST`].
fn order_of(number: i64) -> u64 {
    (number as u64 ^ 1 << 63).min(LAST - 1)
}

/// The key of any value that is a number; `None` for words and addresses.
pub fn key_of(value: &Value) -> Option<u64> {
    match value {
        Value::Unknown => Some(LAST),
        Value::Number(number) => {
            let clipped =
                i64::try_from(*number).unwrap_or(if *number < 0 { i64::MIN } else { i64::MAX });
            Some(order_of(clipped))
        }
        Value::Seconds(seconds) => Some(order_of((seconds * 1e6) as i64)),
        Value::Address(_) | Value::Text(_) => None,
    }
}
