//! What is read does not depend on the number of threads: not on real files,
//! and not on files laid out to confuse those who share them.

use std::io::{BufRead, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use flowpeek::ingest::inflate::sniff::Form;
use flowpeek::ingest::inflate::window::Window;
use flowpeek::ingest::text::lines::Lines;
use flowpeek::ingest::threads::piped::read_stream;
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

/// Documents whose members begin anywhere: each has to be read from its beginning.
#[test]
fn objects_and_columns_in_many_members() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    // no line of the collector's has a tab, so members with some are none to begin with
    let columns = text("zeek-conn.log").replace("\\x09", "|");
    for text in [text("nfdump.json"), columns] {
        let text = text.replace('\t', "|").replace("\n|", "\n ");
        let members: Vec<_> = text.as_bytes().chunks(300).map(member).collect();
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&members.concat()).unwrap();
        let read = loaded(file.path(), 1);
        assert!(read.contains("rejected_lines: 0"), "{read}");
        assert_alike(file.path());
    }
}

/// Gives one line, and the next when it is told that the first has come.
struct Pausing {
    lines: Vec<Vec<u8>>,
    came: Receiver<()>,
    has_begun: bool,
}

impl Read for Pausing {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let Some(line) = self.lines.pop() else {
            return Ok(0);
        };
        if std::mem::replace(&mut self.has_begun, true) {
            let told = self.came.recv_timeout(Duration::from_secs(60));
            told.map_err(|_| std::io::Error::other("nobody saw the line before"))?;
        }
        out[..line.len()].copy_from_slice(&line);
        Ok(line.len())
    }
}

/// Who writes into a pipe may wait for long; what it wrote is taken meanwhile.
#[test]
fn a_line_of_a_pipe_is_taken_before_the_next_one_comes() {
    let text = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/sample.gz")).unwrap();
    let mut lines = std::io::BufReader::new(MultiGzDecoder::new(&text[..])).lines();
    let lines: Vec<Vec<u8>> = (0..3)
        .map(|_| (lines.next().unwrap().unwrap() + "\n").into_bytes())
        .collect();
    for form in [Form::Plain, Form::Gzip] {
        let (tell, came) = channel();
        let pausing = Pausing {
            lines: match form {
                Form::Gzip => lines.iter().map(|line| member(line)).collect(),
                _ => lines.clone(),
            },
            came,
            has_begun: false,
        };
        let lines = Lines::of(Window::new(Box::new(pausing), 0), form);
        let mut taken = 0;
        read_stream(lines, 1, Duration::from_secs(60), |batch| {
            assert_eq!(batch.failure, None);
            taken += batch.lines.len();
            batch.lines.iter().for_each(|_| tell.send(()).unwrap_or(()));
            true
        });
        assert_eq!(taken, 3);
    }
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
