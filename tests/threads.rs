//! What is read does not depend on the number of threads: not on real files,
//! and not on files laid out to confuse those who share them.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use flowpeek::load::{Inputs, load};
use flowpeek::table::build::Pairing;
use flowpeek::table::store::Side;
use proptest::prelude::*;

const THREADS: [usize; 3] = [1, 2, 7];

/// Everything there is to know after loading, as text.
fn loaded(path: &Path, threads: usize) -> String {
    let Ok(inputs) = Inputs::look_at(&[PathBuf::from(path)]) else {
        return "refused".to_owned();
    };
    let snapshot = load(inputs, Pairing::Strict { tolerance: 1000 }, threads, |_| {
        true
    });
    let mut text = format!("{:#?}\n{:?}\n", snapshot.intake, snapshot.table.totals());
    for row in snapshot.table.rows() {
        let sides = [Side::First, Side::Mate];
        let ends = sides.map(|side| row.ends(side));
        let records = sides.map(|side| row.record(side));
        let starts = sides.map(|side| row.start(side));
        text += &format!(
            "{ends:?} {records:?} {starts:?} {:?} {:?}\n",
            row.skew(),
            row.reason()
        );
    }
    text
}

fn assert_alike(path: &Path) {
    let [one, others @ ..] = THREADS.map(|threads| loaded(path, threads));
    for (threads, other) in THREADS[1..].iter().zip(others) {
        let differ = one
            .lines()
            .zip(other.lines())
            .find(|(one, other)| one != other);
        assert!(
            one == other,
            "{} with {threads} threads: {differ:?}",
            path.display()
        );
    }
}

#[test]
fn real_files() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![root.join("assets/sample.gz")];
    for folder in [
        root.join("tests/data"),
        root.join("../shared/data"),
        root.join("../shared/data/edge"),
    ] {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        files.extend(
            entries
                .map(|entry| entry.path())
                .filter(|path| path.is_file()),
        );
    }
    assert!(files.len() > 3);
    files.iter().for_each(|file| assert_alike(file));
}

/// A part of a file made to confuse.
#[derive(Clone, Debug)]
enum Part {
    /// So many bytes of the lines, as a member.
    Member(usize),
    /// So many whole lines, as a member.
    Lines(usize),
    Empty,
    Padding(usize),
    Garbage(Vec<u8>),
}

fn part() -> impl Strategy<Value = Part> {
    prop_oneof![
        6 => (1usize..30_000).prop_map(Part::Member),
        12 => (1usize..4).prop_map(Part::Lines),
        1 => (20usize..60).prop_map(Part::Lines),
        2 => Just(Part::Empty),
        1 => (1usize..600).prop_map(Part::Padding),
        1 => prop::collection::vec(any::<u8>(), 1..300).prop_map(Part::Garbage),
    ]
}

fn member(content: &[u8]) -> Vec<u8> {
    let mut member = GzEncoder::new(Vec::new(), Compression::fast());
    member.write_all(content).unwrap();
    member.finish().unwrap()
}

fn lay_out(parts: &[Part]) -> Vec<u8> {
    let sample = std::fs::File::open(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/sample.gz"));
    let mut text = Vec::new();
    MultiGzDecoder::new(sample.unwrap())
        .read_to_end(&mut text)
        .unwrap();
    let mut rest = &text[..];
    let mut file = Vec::new();
    for part in parts {
        let length = match part {
            Part::Member(length) => *length,
            Part::Lines(count) => {
                let ends = rest.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
                ends.map(|(at, _)| at + 1)
                    .nth(count - 1)
                    .unwrap_or(rest.len())
            }
            Part::Empty => 0,
            Part::Padding(length) => {
                file.resize(file.len() + length, 0);
                continue;
            }
            Part::Garbage(bytes) => {
                file.extend_from_slice(bytes);
                continue;
            }
        };
        let (content, after) = rest.split_at(length.min(rest.len()));
        file.extend(member(content));
        rest = after;
    }
    file
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn files_made_to_confuse(parts in prop::collection::vec(part(), 1..120), cut in 0usize..400) {
        let mut bytes = lay_out(&parts);
        bytes.truncate(bytes.len().saturating_sub(cut.saturating_sub(200)).max(1));
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&bytes).unwrap();
        assert_alike(file.path());
    }
}
