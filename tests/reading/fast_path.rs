//! The fast path reads what the general parser reads, from the same bytes,
//! whatever they are: real lines, and real lines that were tampered with.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::sync::OnceLock;

use flate2::read::MultiGzDecoder;
use flowpeek::ingest::decoder::Decoder;
use proptest::prelude::*;

use crate::samples::samples;

fn lines() -> &'static [Vec<u8>] {
    static LINES: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    LINES.get_or_init(|| {
        let read = |path: &PathBuf| {
            let file = std::fs::File::open(path).unwrap();
            let lines = BufReader::new(MultiGzDecoder::new(file)).split(b'\n');
            lines.map(Result::unwrap).take(40).collect::<Vec<_>>()
        };
        samples().iter().flat_map(read).collect()
    })
}

/// A change to a line.
#[derive(Clone, Debug)]
enum Tamper {
    Replace(prop::sample::Index, u8),
    Remove(prop::sample::Index, usize),
    Insert(prop::sample::Index, Vec<u8>),
    Copy(prop::sample::Index, prop::sample::Index, usize),
}

fn tamper() -> impl Strategy<Value = Tamper> {
    let pieces = prop_oneof![
        Just(b" ".to_vec()),
        Just(b"-".to_vec()),
        Just(b".5".to_vec()),
        Just(b"e3".to_vec()),
        Just(b"\\u0041".to_vec()),
        Just(b"\"".to_vec()),
        Just(b",".to_vec()),
        Just(b"{}".to_vec()),
        Just(b"[1]".to_vec()),
        Just(b"null".to_vec()),
        Just(b"0".to_vec()),
        Just(b"99999999999".to_vec()),
        Just(b"340282366920938463463374607431768211456".to_vec()),
        Just("é".as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 1..4),
    ];
    use prop::sample::Index;
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Tamper::Replace(at, byte)),
        (any::<Index>(), 1usize..30).prop_map(|(at, count)| Tamper::Remove(at, count)),
        (any::<Index>(), pieces).prop_map(|(at, piece)| Tamper::Insert(at, piece)),
        (any::<Index>(), any::<Index>(), 1usize..60).prop_map(|(a, b, n)| Tamper::Copy(a, b, n)),
    ]
}

fn apply(line: &mut Vec<u8>, change: &Tamper) {
    if line.is_empty() {
        return;
    }
    match change {
        Tamper::Replace(at, byte) => *at.get_mut(line) = *byte,
        Tamper::Remove(at, count) => {
            let at = at.index(line.len());
            line.drain(at..(at + count).min(line.len()));
        }
        Tamper::Insert(at, piece) => {
            let at = at.index(line.len());
            line.splice(at..at, piece.iter().copied());
        }
        Tamper::Copy(from, to, count) => {
            let from = from.index(line.len());
            let piece = line[from..(from + count).min(line.len())].to_vec();
            let to = to.index(line.len());
            line.splice(to..to, piece);
        }
    }
}

/// Leaves one record: a short line is tampered with where it matters.
fn shorten(line: &mut Vec<u8>) {
    let find = |from: usize, what: &[u8]| {
        let found = line[from..]
            .windows(what.len())
            .position(|part| part == what);
        found.map(|at| from + at)
    };
    if let Some(end) = find(0, b"\"flows\"").and_then(|flows| find(flows, b"}, ")) {
        line.truncate(end + 1);
        line.extend_from_slice(b"]}}");
    }
}

/// A decoder that has met all the real lines.
fn experienced() -> Decoder {
    let mut decoder = Decoder::default();
    for line in lines() {
        decoder.decode(line).unwrap();
    }
    decoder
}

#[test]
fn real_lines_are_read_alike_and_nearly_all_of_them_fast() {
    let mut decoder = experienced();
    for line in lines() {
        assert_eq!(decoder.decode(line), decoder.decode_generally(line));
    }
    let fast = lines().iter().filter(|line| decoder.is_fast(line)).count();
    assert!(fast * 10 > lines().len() * 8, "{fast} of {}", lines().len());
}

/// Keys that differ only behind the bytes that are compared in one go, at one place.
#[test]
fn keys_behind_much_space_are_told_apart() {
    let mut decoder = Decoder::default();
    for space in 0..40 {
        for key in ["IN_BYTES", "IN_BITES", "IN_PKTS_", "IN_BYTES"] {
            let space = " ".repeat(space);
            let line = format!(
                r#"{{"1.5": {{"flows": [{{{space}"{key}": 123, "IPV4_SRC_ADDR": "10.0.0.1", "IPV4_DST_ADDR": "10.0.0.2"}}]}}}}"#
            );
            let line = line.as_bytes();
            assert!(decoder.is_fast(line));
            assert_eq!(decoder.decode(line), decoder.decode_generally(line));
        }
    }
    let unusual = br#"{"1.5": {"flows": [{"IN_BYTES": 1.5}]}}"#;
    assert!(!decoder.is_fast(unusual));
}

/// Of a member that stands there twice, the last counts or the line is rejected.
#[test]
fn a_line_that_says_something_twice_is_read_alike() {
    let flows = |bytes: u32| {
        format!(
            r#""flows": [{{"IPV4_SRC_ADDR": "10.0.0.1", "IPV4_DST_ADDR": "10.0.0.2", "IN_BYTES": {bytes}}}]"#
        )
    };
    let members = [
        r#""client": ["192.0.2.1", 2055]"#.to_owned(),
        r#""header": {"version": 9, "count": 1, "timestamp": 1700000000, "uptime": 1000}"#
            .to_owned(),
        flows(40),
    ];
    let others = [
        r#""client": ["192.0.2.2", 2055]"#.to_owned(),
        r#""header": {"version": 9, "count": 2, "timestamp": 1700000009, "uptime": 9000}"#
            .to_owned(),
        flows(50),
    ];
    let mut decoder = Decoder::default();
    for other in &others {
        for place in 0..=members.len() {
            let mut line = members.to_vec();
            line.insert(place, other.clone());
            let line = format!(r#"{{"1700000000.5": {{{}}}}}"#, line.join(", "));
            let line = line.as_bytes();
            assert_eq!(decoder.decode(line), decoder.decode_generally(line));
        }
    }
}

/// A line may end wherever a writer was stopped: in front of a number, too.
#[test]
fn every_beginning_of_a_line_is_read_alike() {
    let mut decoder = experienced();
    for line in lines().iter().step_by(39) {
        for end in (0..line.len().min(700)).chain(line.len().saturating_sub(300)..line.len()) {
            let begun = &line[..end];
            assert_eq!(decoder.decode(begun), decoder.decode_generally(begun));
        }
    }
}

/// Keys of all meanings, and some that nobody knows: longer than what is compared at
/// once, and alike at their beginning.
const KEYS: [&str; 24] = [
    "IPV4_SRC_ADDR",
    "sourceIPv4Address",
    "IPV4_DST_ADDR",
    "IPV6_SRC_ADDR",
    "IPV6_DST_ADDR",
    "L4_SRC_PORT",
    "destinationTransportPort",
    "PROTOCOL",
    "IP_PROTOCOL_VERSION",
    "IN_BYTES",
    "OUT_PKTS",
    "octetDeltaCount",
    "TCP_FLAGS",
    "SRC_MASK",
    "destinationIPv4PrefixLength",
    "destinationIPv6PrefixLength",
    "FIRST_SWITCHED",
    "LAST_SWITCHED",
    "flowStartNanoseconds",
    "flowDurationMilliseconds",
    "UNKNOWN_FIELD_TYPE",
    "samplingInterval",
    "aNameOfSomethingThatNobodyKnowsOfYet",
    "aNameOfSomethingThatNobodyKnowsOfToo",
];

/// A whole number, as often as not one at the edge of what fits somewhere.
fn whole_number() -> impl Strategy<Value = String> {
    let edges = [8, 16, 32, 48, 50, 52, 53, 63, 64, 128].map(|bits| 1_u128.checked_shl(bits));
    let tens = [1_u32, 7, 8, 9, 15, 16, 17, 18, 19, 20].map(|digits| Some(10_u128.pow(digits)));
    let edges = prop::sample::select([edges, tens].concat());
    let near = (edges, 0..3_u128).prop_map(|(edge, back)| edge.unwrap_or(0).wrapping_sub(back));
    prop_oneof![
        near.prop_map(|number| number.to_string()),
        any::<u64>().prop_map(|number| number.to_string()),
        (0..300_u32).prop_map(|number| number.to_string()),
    ]
}

/// What the collector writes, which is to be read fast.
fn plain_value() -> impl Strategy<Value = String> {
    let quoted = |text: String| format!("\"{text}\"");
    prop_oneof![
        6 => whole_number().prop_filter("what always fits", |number| number.len() < 20),
        2 => any::<std::net::Ipv4Addr>().prop_map(move |address| quoted(address.to_string())),
        2 => any::<std::net::Ipv6Addr>().prop_map(move |address| quoted(address.to_string())),
        1 => "[0-9]{1,4}(\\.[0-9]{1,3}){2,4}".prop_map(quoted),
        1 => "[0-9a-f]{0,5}(::?[0-9a-f]{0,5}){2,8}".prop_map(quoted),
        1 => "[ -!#-\\[\\]-~]{0,40}".prop_map(quoted),
    ]
}

fn odd_value() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => plain_value(),
        1 => whole_number(),
        1 => "(0{1,3}|-)[0-9]{1,20}(\\.[0-9]{1,3})?",
        1 => "[0-9]{1,20}(\\.[0-9]{1,3})?([eE][-+]?[0-9]{1,2})?",
        1 => prop::sample::select(vec!["null", "true", "[]", "[1, 2]", "{\"a\": 1}", "\"\\u0031\""])
            .prop_map(str::to_owned),
    ]
}

/// A record's members, and what stands between a key and its value and between two members.
type Fields = Vec<(usize, String, &'static str, &'static str)>;

fn fields(value: impl Strategy<Value = String>, odd: u32) -> impl Strategy<Value = Fields> {
    let colon = prop_oneof![6 => Just(": "), odd => Just(":"), odd => Just(" :\t")];
    let comma = prop_oneof![6 => Just(", "), odd => Just(","), odd => Just(" ,  ")];
    prop::collection::vec((0..KEYS.len(), value, colon, comma), 1..9)
}

/// Who sent a packet, with a name or without, or nothing of it.
fn client() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        2 => Just(String::new()),
        1 => any::<std::net::IpAddr>().prop_map(|address| address.to_string()),
        1 => "[ -!#-\\[\\]-~]{1,80}",
    ];
    let rest = prop::sample::select(vec!["", ", 2055", ", 2055, 0, 0"]);
    prop_oneof![
        1 => Just(String::new()),
        4 => (name, rest).prop_map(|(name, rest)| format!(r#""client": ["{name}"{rest}], "#)),
    ]
}

fn spelled(client: &str, records: &[Fields]) -> String {
    let records = records.iter().map(|fields| {
        let fields = fields.iter().enumerate().map(|(at, field)| {
            let (key, value, colon, comma) = field;
            let comma = if at == 0 { "" } else { comma };
            format!("{comma}\"{}\"{colon}{value}", KEYS[*key])
        });
        format!("{{{}}}", fields.collect::<String>())
    });
    let records: Vec<String> = records.collect();
    let header = r#"{"version": 9, "count": 2, "timestamp": 1700000000, "uptime": 4294967295}"#;
    let records = records.join(", ");
    format!(r#"{{"1700000000.5": {{{client}"header": {header}, "flows": [{records}]}}}}"#)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    /// One decoder reads all lines, so that it meets keys again in other orders, and
    /// with other signs around them.
    #[test]
    fn lines_of_edge_values_are_read_alike(
        client in client(), records in prop::collection::vec(fields(odd_value(), 1), 1..4),
    ) {
        thread_local! { static DECODER: std::cell::RefCell<Decoder> = Decoder::default().into(); }
        let line = spelled(&client, &records);
        let expected = Decoder::default().decode_generally(line.as_bytes());
        let mut novice = Decoder::default();
        for _ in 0..2 {
            prop_assert_eq!(&novice.decode(line.as_bytes()), &expected, "{}", line);
        }
        DECODER.with_borrow_mut(|decoder| {
            prop_assert_eq!(&decoder.decode(line.as_bytes()), &expected, "{}", line);
            Ok(())
        })?;
    }

    /// Giving up would be right, but slow.
    #[test]
    fn what_the_collector_writes_is_read_fast(
        client in client(), records in prop::collection::vec(fields(plain_value(), 0), 1..4),
    ) {
        let line = spelled(&client, &records);
        let mut decoder = Decoder::default();
        for _ in 0..2 {
            prop_assert!(decoder.is_fast(line.as_bytes()), "{}", line);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tampered_lines_are_read_alike(
        which in any::<prop::sample::Index>(), changes in prop::collection::vec(tamper(), 1..4),
        novice: bool,
    ) {
        thread_local! { static DECODER: std::cell::RefCell<Decoder> = experienced().into(); }
        let mut line = which.get(lines()).clone();
        shorten(&mut line);
        prop_assert!(Decoder::default().decode(&line).is_ok());
        changes.iter().for_each(|change| apply(&mut line, change));
        let text = String::from_utf8_lossy(&line).into_owned();
        if novice {
            let mut decoder = Decoder::default();
            prop_assert_eq!(decoder.decode(&line), decoder.decode_generally(&line), "{}", text);
        } else {
            DECODER.with_borrow_mut(|decoder| {
                prop_assert_eq!(decoder.decode(&line), decoder.decode_generally(&line), "{}", text);
                Ok(())
            })?;
        }
    }
}
