//! JSON documents that are damaged: what stands before and behind the damage is there, what
//! is torn by it is counted, and nothing is put together of what stands on either side.

use std::io::Write;
use std::ops::Range;
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;
use flowpeek::load::{Inputs, Snapshot, load};
use flowpeek::table::build::Pairing;
use flowpeek::table::store::Side;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use serde_json::{Value, json};

/// The octets of each flow of an object: a sum of them tells of which objects it is.
fn octets(number: usize) -> u64 {
    1 << (2 * number)
}

/// A packet of three flows as the collector keeps it.
fn packet(number: usize) -> Value {
    let flow = |host: usize| {
        json!({"IPV4_SRC_ADDR": format!("10.0.0.{host}"), "IPV4_DST_ADDR": "192.0.2.9",
            "IN_BYTES": octets(number), "IN_PKTS": 1, "PROTOCOL": 6})
    };
    let flows = [flow(1), flow(2), flow(3)];
    json!({format!("{}.5", 1_700_000_000 + number): {"client": ["192.0.2.254", 2055],
        "header": {"version": 9, "count": 3}, "flows": flows}})
}

/// A record as nfdump prints it.
fn record(number: usize) -> Value {
    json!({"type": "FLOW", "first": "2023-11-14T22:13:20.000", "last": "2023-11-14T22:13:21.000",
        "in_packets": 1, "in_bytes": octets(number), "proto": 6, "src4_addr": "10.0.0.1",
        "dst4_addr": "10.0.0.2", "src_port": 1024, "dst_port": 80})
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap()
}

fn within(value: &Value) -> String {
    format!("  {}", pretty(value).replace('\n', "\n  "))
}

fn flat(value: &Value) -> String {
    let lines: Vec<String> = pretty(value)
        .lines()
        .map(|line| line.trim_start().to_owned())
        .collect();
    lines.join("\n")
}

fn tabbed(value: &Value) -> String {
    within(value).replace("  ", "\t")
}

/// What stands before, between and behind objects, and how these are printed.
type Layout = (
    &'static str,
    &'static str,
    &'static str,
    fn(&Value) -> String,
);

const LAYOUTS: [Layout; 8] = [
    ("[", ", ", "]\n", Value::to_string),
    ("[\n", ",\n", "\n]\n", Value::to_string),
    ("", "\n", "\n", pretty),
    ("[\n", ",\n", "\n]\n", pretty),
    ("[\n", ",\n", "\n]\n", within),
    ("[\n", ",\n", "\n]\n", tabbed),
    ("[\n", ",\n", "\n]\n", flat),
    ("", "\n", "\n", flat),
];

/// The text of a document and where its objects stand in it.
fn laid_out(objects: &[Value], layout: Layout) -> (String, Vec<Range<usize>>) {
    let (before, between, behind, print) = layout;
    let (mut text, mut places) = (before.to_owned(), Vec::new());
    for object in objects {
        if !places.is_empty() {
            text += between;
        }
        let begin = text.len();
        text += &print(object);
        places.push(begin..text.len());
    }
    (text + behind, places)
}

fn member(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// A member of which nothing can be inflated.
fn damaged(text: &str) -> Vec<u8> {
    let mut member = member(text);
    // there is no such kind of block
    member[10] = 7;
    member
}

/// A frame of zstd, of which nothing can be decoded if it is damaged.
fn frame(text: &str, is_damaged: bool) -> Vec<u8> {
    let mut frame = compress_to_vec(text.as_bytes(), CompressionLevel::Fastest);
    if is_damaged {
        // there is no such kind of block
        frame[6] |= 6;
    }
    frame
}

/// A text cut into pieces of at least so many bytes: anywhere, or where lines end.
fn pieces(text: &str, size: usize, by_lines: bool) -> Vec<&str> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    while !rest.is_empty() {
        let mut end = size.min(rest.len());
        if by_lines {
            end = rest[end..].find('\n').map_or(rest.len(), |at| end + at + 1);
        }
        let (piece, behind) = rest.split_at(end);
        pieces.push(piece);
        rest = behind;
    }
    pieces
}

fn read(bytes: &[u8]) -> Snapshot {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    let [one, two] = [1, 2].map(|threads| {
        let inputs = Inputs::look_at(&[PathBuf::from(file.path())]).unwrap();
        let pairing = Pairing::Strict { tolerance: 1000 };
        load(inputs, pairing, threads, |_| true)
    });
    assert_eq!(one.table.totals(), two.table.totals());
    assert_eq!(one.intake.rejects, two.intake.rejects);
    // records are found again wherever they stand
    let inputs = Inputs::look_at(&[PathBuf::from(file.path())]).unwrap();
    for row in one.table.rows().step_by(7) {
        let found = inputs.library.record(&row.wanted(Side::First).unwrap());
        assert!(found.is_ok(), "{found:?}");
    }
    one
}

/// Makes the object of a number.
type Make = fn(usize) -> Value;

/// The objects of either kind, and how many flows each has.
const KINDS: [(Make, u128); 2] = [(packet, 3), (record, 1)];
const OBJECTS: usize = 24;

/// Every kind of object in every layout, and in pieces.
fn documents(mut check: impl FnMut(&str, &[Range<usize>], u128, &[&str])) {
    for (make, flows) in KINDS {
        let objects: Vec<Value> = (0..OBJECTS).map(make).collect();
        for layout in LAYOUTS {
            let (text, places) = laid_out(&objects, layout);
            for by_lines in [false, true] {
                let pieces = pieces(&text, 900, by_lines);
                let what = format!("{:?}, {flows} flows, by lines: {by_lines}", &text[..20]);
                check(&what, &places, flows, &pieces);
            }
        }
    }
}

/// The octets of the objects whose places are such.
fn sum(places: &[Range<usize>], flows: u128, is_there: impl Fn(&Range<usize>) -> bool) -> u128 {
    let there = (0..places.len()).filter(|it| is_there(&places[*it]));
    there.map(|it| u128::from(octets(it)) * flows).sum()
}

#[test]
fn what_stands_before_damage_is_there_and_what_it_tears_is_counted() {
    documents(|what, places, flows, pieces| {
        for at in 1..pieces.len() {
            let begin = pieces[..at].concat().len();
            let mut file: Vec<u8> = pieces[..at].iter().flat_map(|it| member(it)).collect();
            file.extend(damaged(pieces[at]));
            let read = read(&file);
            let sound = sum(places, flows, |place| place.end <= begin);
            assert_eq!(read.table.totals().bytes, sound, "{what}, {at}");
            let torn = places
                .iter()
                .filter(|it| it.start < begin && begin < it.end);
            assert_eq!(
                read.intake.rejected_lines,
                torn.count() as u64,
                "{what}, {at}"
            );
            assert!(read.intake.damaged_bytes > 0, "{what}, {at}");
        }
    });
}

#[test]
fn a_document_is_the_same_however_far_it_is_indented() {
    let packets: Vec<Value> = (0..OBJECTS).map(packet).collect();
    let members: Vec<_> = (packets.iter())
        .flat_map(|packet| packet.as_object().unwrap().clone())
        .collect();
    // one object of many packets, which may be no more than their flows
    let lists = members.iter();
    let lists = lists.map(|(time, packet)| (time.clone(), packet["flows"].clone()));
    let one = Value::Object(lists.collect());
    let other = Value::Object(members.clone().into_iter().collect());
    for document in [Value::from(packets), one, other] {
        for print in [pretty, tabbed, flat] {
            let text = print(&document);
            let read = read(text.as_bytes());
            assert_eq!(read.intake.rejected_lines, 0, "{}", &text[..60]);
            assert_eq!(read.table.totals().bytes, 4_u128.pow(OBJECTS as u32) - 1);
        }
    }
}

/// No object begins where a key is due, nor at the margin within one that is indented.
#[test]
fn an_object_that_loses_a_bracket_costs_itself_alone() {
    let objects: Vec<Value> = (0..OBJECTS).map(packet).collect();
    for print in [flat, within] {
        let (text, places) = laid_out(&objects, ("[\n", ",\n", "\n]\n", print));
        let place = &places[4];
        let brackets = text[place.clone()].rmatch_indices(['}', ']']);
        // the end of its last flow, of the list of these, of the packet, its own
        for (at, _) in brackets.take(4) {
            let mut broken = text.clone();
            broken.remove(place.start + at);
            let read = read(broken.as_bytes());
            let sound = sum(&places, 3, |it| it != place);
            assert_eq!(read.table.totals().bytes, sound, "{at}");
            assert!(read.intake.rejected_lines > 0, "{at}");
        }
    }
}

/// Wherever the damage begins and ends: at the beginning of the document, within an object,
/// between two lines.
#[test]
fn what_stands_on_either_side_of_damage_is_there_and_nothing_is_put_together() {
    documents(|what, places, flows, pieces| {
        for (at, is_gzip) in (0..pieces.len()).flat_map(|at| [(at, true), (at, false)]) {
            let begin = pieces[..at].concat().len();
            let end = begin + pieces[at].len();
            let pieces = pieces.iter().enumerate();
            let packed = pieces.flat_map(|(number, piece)| match (is_gzip, number == at) {
                (true, true) => damaged(piece),
                (true, false) => member(piece),
                (false, is_damaged) => frame(piece, is_damaged),
            });
            let read = read(&packed.collect::<Vec<u8>>());
            let is_sound = |place: &Range<usize>| place.end <= begin || end <= place.start;
            let sound = sum(places, flows, is_sound);
            let intake = &read.intake;
            let bytes = read.table.totals().bytes;
            assert_eq!(bytes, sound, "{what}, {at}: {:?}", intake.rejects.first());
            let mut rest = places.iter().filter(|it| it.start < begin || end < it.end);
            let is_torn = rest.any(|place| !is_sound(place));
            assert!(intake.rejected_lines > 0 || !is_torn, "{what}, {at}");
        }
    });
}

/// Nothing else tells of it where the text before ends between two objects of a line.
#[test]
fn a_member_of_which_nothing_is_there_is_told() {
    let objects: Vec<Value> = (0..OBJECTS).map(record).collect();
    let (text, places) = laid_out(&objects, LAYOUTS[0]);
    for end in [places[9].end, places[9].end + 1, places[10].start] {
        let (before, behind) = text.split_at(end);
        let cut = &member(behind)[..14];
        let snapshot = read(&[&member(before)[..], cut].concat());
        assert_eq!(snapshot.table.totals().flows, 10);
        assert_eq!(snapshot.intake.damaged_bytes, cut.len() as u64);
        // an object that is cut tells it itself
        let (before, behind) = text.split_at(end + 20);
        let snapshot = read(&[&member(before)[..], &member(behind)[..14]].concat());
        let told = (
            snapshot.intake.rejected_lines,
            snapshot.intake.damaged_bytes,
        );
        assert_eq!((snapshot.table.totals().flows, told), (10, (1, 0)));
    }
}

/// Where the beginning is damaged, lines that stand for themselves are still taken for such.
#[test]
fn lines_behind_damage_are_no_document() {
    let objects: Vec<Value> = (0..OBJECTS).map(packet).collect();
    let (text, places) = laid_out(&objects, ("", "\n", "\n", Value::to_string));
    let text = text + "nothing,\nnothing\n";
    for by_lines in [false, true] {
        let pieces = pieces(&text, 900, by_lines);
        let rest = pieces[1..].iter().flat_map(|it| member(it));
        let read = read(
            &damaged(pieces[0])
                .into_iter()
                .chain(rest)
                .collect::<Vec<u8>>(),
        );
        let end = pieces[0].len();
        let sound = sum(&places, 3, |place| end <= place.start);
        assert_eq!(read.table.totals().bytes, sound);
        let torn = places
            .iter()
            .filter(|it| it.start < end && end < it.end)
            .count();
        assert_eq!(read.intake.rejected_lines, 2 + torn as u64);
    }
}
