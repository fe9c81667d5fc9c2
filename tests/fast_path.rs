//! The fast path reads what the general parser reads, from the same bytes,
//! whatever they are: real lines, and real lines that were tampered with.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::io::{BufRead, BufReader};
use std::sync::OnceLock;

use flate2::read::MultiGzDecoder;
use flowpeek::ingest::export::Decoder;
use proptest::prelude::*;

const FILES: [&str; 4] = [
    "assets/sample.gz",
    "tests/data/vendors-v5.gz",
    "tests/data/pmacctd-ipfix.gz",
    "tests/data/old-0.8.2-v9.gz",
];

fn lines() -> &'static [Vec<u8>] {
    static LINES: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    LINES.get_or_init(|| {
        let read = |name: &&str| {
            let path = format!("{}/{name}", env!("CARGO_MANIFEST_DIR"));
            let file = std::fs::File::open(path).unwrap();
            let lines = BufReader::new(MultiGzDecoder::new(file)).split(b'\n');
            lines.map(Result::unwrap).take(40).collect::<Vec<_>>()
        };
        FILES.iter().flat_map(read).collect()
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
