//! A predicate over a chunk of rows at once: the common tests run down whole
//! columns and answer with a bitmap, the others look at the rows still in question.

use super::expr::{Direction, Place};
use super::field::Field;
use super::filter::{Predicate, Ready, Wanted};
use super::scan::{Bits, Chunk};
use crate::model::attr::{Attr, UNKNOWN};
use crate::table::column::{unzigzag, zigzag};
use crate::table::scan::Source;
use crate::table::store::Side;

/// Those of the rows in question that pass.
pub fn passing(chunk: &Chunk, predicate: &Predicate, question: &Bits) -> Bits {
    match predicate {
        Predicate::All(terms) => terms.iter().fold(question.clone(), |left, term| {
            if left.is_empty() {
                left
            } else {
                passing(chunk, term, &left)
            }
        }),
        Predicate::Any(terms) => {
            let none = question.clone().without(question);
            terms.iter().fold(none, |found, term| {
                let open = question.clone().without(&found);
                found.or(&passing(chunk, term, &open))
            })
        }
        Predicate::Not(inner) => {
            let out = passing(chunk, inner, question);
            question.clone().without(&out)
        }
        Predicate::Test(test) => match whole(chunk, test) {
            Some(bits) => bits.and(question),
            None => question.only(|place| test.passes(&chunk.facts(place))),
        },
    }
}

/// The answer for all rows, when columns alone can give it.
fn whole(chunk: &Chunk, test: &Ready) -> Option<Bits> {
    match test {
        Ready::Always(true) => Some(Bits::all(chunk.rows)),
        Ready::Matched => Some(chunk.connections()),
        Ready::Protocol(numbers) => {
            let wanted = numbers.iter().map(|&number| zigzag(i64::from(number)));
            let wanted: Vec<u64> = wanted.collect();
            let protocols = chunk.read(Source::Protocol);
            Some(Bits::of(chunk.rows, |place| {
                wanted.contains(&protocols[place])
            }))
        }
        Ready::Hosts(Direction::Either, set) if chunk.is_regular() => {
            Some(either(chunk, Source::Host, |host| set.has(host as u32)))
        }
        Ready::Number(Place::Field(field), wanted) if TIMES.contains(&field.name) => {
            let times = times(chunk, field.name)?;
            let passes = |time: Option<i64>| time.is_some_and(|time| wanted.holds(time.into()));
            Some(Bits::of(chunk.rows, |place| passes(times[place])))
        }
        // the commonest of them is worth a loop of its own
        Ready::Number(place, Wanted::Compared(comparison, wanted)) => {
            let wanted = u64::try_from(*wanted).ok()?;
            numbers(chunk, *place, |number| comparison.holds(number, wanted))
        }
        Ready::Number(place, Wanted::Bits(mask, set)) => {
            numbers(chunk, *place, |number| number & mask == *set)
        }
        Ready::Number(place, wanted) => {
            numbers(chunk, *place, |number| wanted.holds(number.into()))
        }
        _ => None,
    }
}

/// Fields of the source's flow that are made of its start and how long it lasted.
const TIMES: [&str; 3] = ["start", "end", "duration_ms"];

fn times(chunk: &Chunk, name: &str) -> Option<Vec<Option<i64>>> {
    let read = |source: fn(Side) -> Source| {
        let values = chunk.side(source, false)?.into_iter();
        Some(values.map(|value| (value != UNKNOWN).then(|| unzigzag(value))))
    };
    if name == "start" {
        return Some(read(Source::Start)?.collect());
    }
    let lasted = read(Source::Elapsed)?.map(|elapsed| elapsed.map(|elapsed| elapsed.max(0)));
    if name == "duration_ms" {
        return Some(lasted.collect());
    }
    let both = read(Source::Start)?.zip(lasted);
    let ends = both.map(|(start, lasted)| Some(start?.saturating_add(lasted?)));
    Some(ends.collect())
}

fn numbers(chunk: &Chunk, place: Place, holds: impl Fn(u64) -> bool) -> Option<Bits> {
    let passes = |number: u64| number != UNKNOWN && holds(number);
    match place {
        Place::Field(field) => {
            let attr = match field.name {
                "bytes" => Attr::Octets,
                "packets" => Attr::Packets,
                _ => return None,
            };
            let sums = chunk.sums(attr);
            // a sum at the limit may be greater than it can say
            let exact = sums.iter().all(|&sum| sum < UNKNOWN - 1);
            exact.then(|| Bits::of(chunk.rows, |place| passes(sums[place])))
        }
        Place::Ends { src, direction, .. } if src.name == "src_port" => {
            let plain = direction == Direction::Either && chunk.is_regular();
            plain.then(|| either(chunk, Source::Port, passes))
        }
        Place::Ends { src, direction, .. } => {
            let columns = ends(chunk, src, direction)?;
            Some(Bits::of(chunk.rows, |place| {
                columns.iter().any(|column| passes(column[place]))
            }))
        }
    }
}

/// The columns of an attribute that a test of these ends looks at.
fn ends(chunk: &Chunk, src: &Field, direction: Direction) -> Option<Vec<Vec<u64>>> {
    // what each side counts for itself
    let own = match src.name {
        "src_bytes" => Some(Attr::Octets),
        "src_packets" => Some(Attr::Packets),
        "src_flags" => Some(Attr::TcpFlags),
        "src_tos" => Some(Attr::Tos),
        _ => None,
    };
    if let Some(attr) = own {
        let column = |side| Source::Attr(side, attr);
        return Some(match direction {
            Direction::Either => [Side::First, Side::Mate]
                .map(|side| chunk.read(column(side)))
                .into(),
            Direction::Src => vec![chunk.side(column, false)?],
            Direction::Dst => vec![chunk.side(column, true)?],
            Direction::Client | Direction::Server => return None,
        });
    }
    // what the source's flow says of both ends
    let both = match src.name {
        "src_as" => [Attr::SrcAs, Attr::DstAs],
        "src_if" => [Attr::InputInterface, Attr::OutputInterface],
        "src_mask" => [Attr::SrcMask, Attr::DstMask],
        "src_vlan" => [Attr::SrcVlan, Attr::DstVlan],
        _ => return None,
    };
    let wanted = match direction {
        Direction::Either => &both[..],
        Direction::Src => &both[..1],
        Direction::Dst => &both[1..],
        Direction::Client | Direction::Server => return None,
    };
    let columns = wanted.iter();
    columns
        .map(|&attr| chunk.side(|side| Source::Attr(side, attr), false))
        .collect()
}

/// The rows of which either end passes.
fn either(chunk: &Chunk, end: fn(usize) -> Source, passes: impl Fn(u64) -> bool) -> Bits {
    let (src, dst) = (chunk.read(end(0)), chunk.read(end(1)));
    Bits::of(chunk.rows, |place| passes(src[place]) || passes(dst[place]))
}
