//! A large gzip member is inflated again from points within it: what comes of that is
//! what comes of the way from its beginning, whoever compressed it, damaged or not; and
//! what stands before a point is not read again.

use crate::chance::Chance;

use std::fs::{self, OpenOptions};
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::slice::from_ref;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use flowpeek::ingest::inflate::gzip::Members;
use flowpeek::ingest::inflate::restart::Point;
use flowpeek::ingest::inflate::step::Step;
use flowpeek::ingest::inflate::window::Window;
use flowpeek::load::{Inputs, Library, LoadPlan, Snapshot, keep_loading, load};
use flowpeek::model::raw::Wanted;
use flowpeek::table::build::Pairing;
use flowpeek::table::store::{Side, Table};
use libdeflater::{CompressionLvl, Compressor};
use proptest::prelude::*;
use zlib_rs::crc32::crc32;
use zlib_rs::{Deflate, DeflateConfig, DeflateFlush, Strategy as Way};

const STRIDE: u64 = 64 << 10;

/// Lines of so many bytes in all, some of them like others, some like nothing.
fn some_text(seed: u64, length: usize) -> Vec<u8> {
    let (mut chance, mut text) = (Chance(seed), Vec::with_capacity(length));
    while text.len() < length {
        let noise = chance.below(40) * chance.below(3);
        write!(text, "{{\"octets\": {}, \"host\": \"", chance.below(5000)).unwrap();
        text.extend((0..noise).map(|_| b' ' + chance.below(90) as u8));
        text.extend_from_slice(b"\"}\n");
    }
    text.truncate(length);
    text
}

/// A gzip member around a deflate stream.
fn member(deflate: &[u8], text: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    bytes.extend_from_slice(deflate);
    bytes.extend(crc32(0, text).to_le_bytes());
    bytes.extend((text.len() as u32).to_le_bytes());
    bytes
}

/// Deflated in pieces, with a flush after each.
fn flushed(text: &[u8], config: DeflateConfig, flush: DeflateFlush, each: usize) -> Vec<u8> {
    let mut deflate = Deflate::new_with_config(DeflateConfig {
        window_bits: -15,
        ..config
    });
    let mut out = vec![0; text.len() * 2 + 4096];
    let mut filled = 0;
    let pieces = text.chunks(each).map(|piece| (piece, flush));
    for (mut piece, flush) in pieces.chain([(&b""[..], DeflateFlush::Finish)]) {
        loop {
            let before = [deflate.total_in(), deflate.total_out()];
            deflate.compress(piece, &mut out[filled..], flush).unwrap();
            piece = &piece[(deflate.total_in() - before[0]) as usize..];
            let given = (deflate.total_out() - before[1]) as usize;
            filled += given;
            if given == 0 || piece.is_empty() {
                break;
            }
        }
    }
    out.truncate(filled);
    out
}

fn by_libdeflate(text: &[u8], level: i32) -> Vec<u8> {
    let mut compressor = Compressor::new(CompressionLvl::new(level).unwrap());
    let mut out = vec![0; compressor.deflate_compress_bound(text.len())];
    let length = compressor.deflate_compress(text, &mut out).unwrap();
    out.truncate(length);
    out
}

/// Counts what is read of it.
struct Counted(Cursor<Vec<u8>>, Arc<AtomicUsize>);

impl Read for Counted {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(out)?;
        self.1.fetch_add(read, Ordering::Relaxed);
        Ok(read)
    }
}

/// What a walk gives: text with its member and its place there, or anything else.
#[derive(Clone, Debug, PartialEq)]
enum Event {
    Text(u64, u64, Vec<u8>),
    Other(Step),
}

/// Goes to the end.
fn walk(mut members: Members) -> (Vec<Event>, Vec<Point>) {
    let mut events = Vec::new();
    let mut out = Vec::new();
    loop {
        out.clear();
        let step = members.step(&mut out).unwrap();
        match (step, events.last_mut()) {
            (Step::Data { member, skip }, Some(Event::Text(of, from, text)))
                if *of == member && *from + text.len() as u64 == skip =>
            {
                text.extend_from_slice(&out);
            }
            (Step::Data { member, skip }, _) => {
                events.push(Event::Text(member, skip, out.clone()));
            }
            (step, _) => {
                let ends = matches!(step, Step::End | Step::Cut(_));
                events.push(Event::Other(step));
                if ends {
                    return (events, members.take_points());
                }
            }
        }
    }
}

/// What a walk gives from a point on.
fn rest(events: &[Event], point: &Point) -> Vec<Event> {
    let reached = point.reached;
    let before = |event: &Event| match event {
        Event::Text(member, skip, text) => {
            *member != reached.member || skip + (text.len() as u64) <= reached.inflated
        }
        Event::Other(_) => true,
    };
    let mut events = events.iter().skip_while(|event| before(event)).cloned();
    let first = events.next().map(|event| match event {
        Event::Text(member, skip, text) => {
            let from = (reached.inflated - skip) as usize;
            Event::Text(member, reached.inflated, text[from..].to_vec())
        }
        event => event,
    });
    first.into_iter().chain(events).collect()
}

fn members(bytes: &[u8], from: u64) -> (Members, Arc<AtomicUsize>) {
    let read = Arc::new(AtomicUsize::new(0));
    let bytes = Cursor::new(bytes[from as usize..].to_vec());
    let window = Window::new(Box::new(Counted(bytes, read.clone())), from);
    (Members::noting(window, STRIDE), read)
}

/// Each point of a file leads to what the whole walk gives; answers the points.
fn assert_restarts(bytes: &[u8], what: &str) -> Vec<Point> {
    let (whole, points) = walk(members(bytes, 0).0);
    for pair in points.windows(2) {
        let [one, next] = [pair[0].reached, pair[1].reached];
        assert!(next.member > one.member || next.inflated - one.inflated >= STRIDE);
    }
    // small blocks give many
    for point in points.iter().step_by(points.len() / 5 + 1) {
        let (mut again, read) = members(bytes, point.mark);
        assert!(again.restart(point).unwrap(), "{what}: {:?}", point.reached);
        let given = walk(again).0;
        assert!(
            given == rest(&whole, point),
            "{what}: differs from {:?}",
            point.reached
        );
        assert_eq!(
            read.load(Ordering::Relaxed),
            bytes.len() - point.mark as usize
        );
        assert!(point.offset - point.mark <= 2 << 20);
    }
    points
}

#[test]
fn whoever_compressed_it_a_point_leads_to_the_same_text() {
    let text = some_text(1, 3_000_000);
    for level in 0..10 {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::new(level));
        encoder.write_all(&text).unwrap();
        let points = assert_restarts(&encoder.finish().unwrap(), &format!("level {level}"));
        // the first level of this one writes a single block
        assert!(points.len() > 2 || level == 1, "level {level}");
    }
    let several = [700_000, 90_000, 700_000].map(|length| file_of(&some_text(2, length), 6));
    let points = assert_restarts(&several.concat(), "several members");
    assert!(points[0].reached.member < points[points.len() - 1].reached.member);
    let mut found = 0;
    for level in 0..=12 {
        let bytes = member(&by_libdeflate(&text, level), &text);
        let points = assert_restarts(&bytes, &format!("libdeflate {level}"));
        found += points.len();
    }
    // its blocks are long, and few end with a byte
    assert!(found > 10);
    for strategy in [Way::Default, Way::HuffmanOnly, Way::Rle, Way::Fixed] {
        for flush in [
            DeflateFlush::NoFlush,
            DeflateFlush::PartialFlush,
            DeflateFlush::SyncFlush,
            DeflateFlush::FullFlush,
            DeflateFlush::Block,
        ] {
            for (level, each) in [(6, 9000), (2, 70_000), (0, 100_000)] {
                let config = DeflateConfig {
                    level,
                    strategy,
                    ..DeflateConfig::default()
                };
                let bytes = member(&flushed(&text, config, flush, each), &text);
                let what = format!("{strategy:?} {flush:?} {level} {each}");
                let points = assert_restarts(&bytes, &what);
                assert!(points.len() > 1, "{what}: {}", points.len());
            }
        }
    }
}

/// The bits of a deflate stream.
#[derive(Default)]
struct Bits(Vec<u8>, usize);

impl Bits {
    fn push(&mut self, bits: usize, count: usize) {
        for bit in 0..count {
            if self.1.is_multiple_of(8) {
                self.0.push(0);
            }
            *self.0.last_mut().unwrap() |= ((bits >> bit & 1) << (self.1 % 8)) as u8;
            self.1 += 1;
        }
    }

    /// A stored block (RFC 1951, 3.2.4).
    fn stored(&mut self, text: &[u8], last: bool) {
        self.push(usize::from(last), 3);
        self.1 = self.0.len() * 8;
        self.0.extend((text.len() as u16).to_le_bytes());
        self.0.extend((!text.len() as u16).to_le_bytes());
        self.0.extend(text);
        self.1 = self.0.len() * 8;
    }

    /// A block of fixed codes (3.2.6), which ends two bits behind a byte if it begins with one.
    fn literals(&mut self, text: &[u8]) {
        self.push(2, 3);
        for byte in text {
            self.push((0x30 + byte).reverse_bits().into(), 8);
        }
        self.push(0, 7);
    }
}

#[test]
fn the_beginning_of_a_stored_block_is_not_mistaken() {
    // the header of a stored block stands in the bits that are left of a byte, and what
    // follows looks like another one: its length has no low bits, and its text goes on so
    for byte in [b' ', b'0', 0, b'x'] {
        for low in [0, usize::from(byte)] {
            let mut bits = Bits::default();
            let mut text = Vec::new();
            for block in 0..20 {
                let literals = some_text(block, 80_000);
                bits.literals(&literals);
                let mut piece = some_text(block, 0x7f00 | low);
                piece[..20_000].fill(byte);
                bits.stored(&piece, block == 19);
                text.extend([literals, piece].concat());
            }
            let points = assert_restarts(&member(&bits.0, &text), "stored");
            assert!(points.len() > 3);
        }
    }
}

/// A member that begins anywhere in a file, and members that follow or lie within it.
fn file_of(text: &[u8], level: u32) -> Vec<u8> {
    let small = |text: &[u8], level| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::new(level));
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    };
    let mut inner = text.to_vec();
    for part in inner.chunks_mut(150_000) {
        let within = small(b"a line within\n", 6);
        if part.len() > within.len() {
            part[..within.len()].copy_from_slice(&within);
        }
    }
    [
        small(b"first\n", 6),
        small(&inner, level),
        small(b"last\n", 6),
    ]
    .concat()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn damage_behind_a_point_is_found_as_on_the_whole_way(
        seed: u64,
        length in 300_000..3_000_000usize,
        level in prop::sample::select(vec![0, 1, 6]),
        hurt in prop::collection::vec((0.0..1.0, 1..256usize), 0..3),
        end in 0.5..1.2,
    ) {
        let mut bytes = file_of(&some_text(seed, length), level);
        bytes.truncate((bytes.len() as f64 * end) as usize);
        for (place, change) in hurt {
            let place = (bytes.len() as f64 * place) as usize;
            bytes[place] ^= change as u8;
        }
        let (whole, points) = walk(members(&bytes, 0).0);
        for point in points.iter().step_by(5) {
            let mut again = members(&bytes, point.mark).0;
            prop_assert!(again.restart(point).unwrap());
            prop_assert!(walk(again).0 == rest(&whole, point));
        }
    }
}

#[test]
fn a_point_of_another_file_is_not_used() {
    let bytes = file_of(&some_text(1, 3_000_000), 6);
    let other = file_of(&some_text(2, 3_000_000), 6);
    let points = walk(members(&bytes, 0).0).1;
    assert!(points.len() > 3);
    for point in points {
        for changed in [&other[..], &bytes[..point.offset as usize + 20]] {
            let mut again = members(changed, point.mark.min(changed.len() as u64)).0;
            assert!(!again.restart(&point).unwrap());
        }
    }
}

/// A line with one flow.
fn line(number: u32) -> String {
    let (port, octets) = (1024 + number, 1_000_000 + number);
    format!(
        "{{\"17000000{number:02}.5\": {{\"client\": [\"192.0.2.254\", 2055], \"header\": {{\"version\": 9, \
         \"count\": 1, \"uptime\": 9000, \"timestamp\": 1700000000, \"sequence\": {number}, \
         \"source_id\": 0}}, \"flows\": [{{\"IPV4_SRC_ADDR\": \"10.0.0.1\", \
         \"IPV4_DST_ADDR\": \"192.0.2.9\", \"FIRST_SWITCHED\": 1000, \"LAST_SWITCHED\": 2000, \
         \"L4_SRC_PORT\": {port}, \"L4_DST_PORT\": 443, \"PROTOCOL\": 6, \"IN_PKTS\": 9, \
         \"IN_BYTES\": {octets}}}]}}}}\n"
    )
}

/// Lines with 2 MiB of blanks after each, which nobody takes for anything.
fn sparse(numbers: std::ops::Range<u32>) -> Vec<u8> {
    let mut chance = Chance(3);
    let blanks = (0..2 << 20).map(|_| b" \t\n"[chance.below(301) / 150]);
    let blanks: Vec<u8> = blanks.chain([b'\n']).collect();
    let lines = numbers.map(|number| [line(number).as_bytes(), &blanks].concat());
    lines.collect::<Vec<_>>().concat()
}

const LINES: u32 = 22;
/// From where on it is overwritten: far behind the first line, far before the first point.
const WRECK: u64 = 20_000;
/// Text before the first point and well behind it, and behind the second one.
const EARLY: u64 = 10 << 20;
const LATE: u64 = 20 << 20;
const LATEST: u64 = 36 << 20;

fn wreck(path: &Path, from: u64) {
    let file = OpenOptions::new().write(true).open(path).unwrap();
    file.write_all_at(&[0xff; 50_000], from).unwrap();
}

fn encoder() -> GzEncoder<Vec<u8>> {
    GzEncoder::new(Vec::new(), Compression::new(2))
}

fn wanted(table: &Table) -> Vec<Wanted> {
    let sides = |row| [(row, Side::First), (row, Side::Mate)];
    let rows = table.rows().flat_map(sides);
    rows.filter_map(|(row, side)| row.wanted(side)).collect()
}

/// Loads what is named; answers where its records are, and all of them.
fn loaded(path: PathBuf, threads: usize) -> (Arc<Library>, Vec<Wanted>) {
    let inputs = Inputs::look_at(&[path]).unwrap();
    let library = inputs.library.clone();
    let pairing = Pairing::Strict { tolerance: 1000 };
    let read = load(inputs, pairing, threads, |_| true);
    (library, wanted(&read.table))
}

/// Octets of a record that is read again.
fn octets(library: &Library, wanted: &Wanted) -> Result<u64, String> {
    let record = library.record(wanted)?.record;
    let octets = record.iter().find(|(key, _)| key == "IN_BYTES");
    Ok(octets.unwrap().1.parse().unwrap())
}

fn assert_all_found(library: &Library, all: &[Wanted], count: u32) {
    let found: Result<Vec<u64>, String> = all.iter().map(|it| octets(library, it)).collect();
    let mut found = found.unwrap();
    found.sort_unstable();
    let wanted = (0..count).map(|number| 1_000_000 + u64::from(number));
    assert_eq!(found, wanted.collect::<Vec<_>>());
}

#[test]
fn records_are_looked_up_behind_points_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (path, pipe) = (folder.path().join("one.gz"), folder.path().join("pipe"));
    let mut encoder = encoder();
    encoder.write_all(&sparse(0..LINES)).unwrap();
    let bytes = encoder.finish().unwrap();
    for threads in [1, 2, 7] {
        fs::write(&path, &bytes).unwrap();
        let (library, all) = loaded(path.clone(), threads);
        assert_all_found(&library, &all, LINES);
        wreck(&path, WRECK);
        let late: Vec<_> = all.iter().filter(|it| it.place.skip > LATE).collect();
        assert!(late.len() > 5 && late.iter().all(|it| octets(&library, it).is_ok()));
        let lost = |it: &&Wanted| (1 << 20..EARLY).contains(&it.place.skip);
        let lost: Vec<_> = all.iter().filter(lost).collect();
        assert!(lost.len() > 2 && lost.iter().all(|it| octets(&library, it).is_err()));
        // between the first two points
        wreck(&path, bytes.len() as u64 / 2);
        let latest: Vec<_> = late.iter().filter(|it| it.place.skip > LATEST).collect();
        assert!(latest.len() > 2 && latest.iter().all(|it| octets(&library, it).is_ok()));
        // the same text, but other bytes: the points are no good any more
        let mut other = GzEncoder::new(Vec::new(), Compression::none());
        other.write_all(&sparse(0..LINES)).unwrap();
        fs::write(&path, other.finish().unwrap()).unwrap();
        for wanted in [late[0], late[late.len() - 1], lost[0]] {
            assert!(octets(&library, wanted).is_ok());
        }

        Command::new("mkfifo").arg(&pipe).status().unwrap();
        let (sender, sent) = (pipe.clone(), bytes.clone());
        let sender = thread::spawn(move || fs::write(sender, sent).unwrap());
        let (library, all) = loaded(pipe.clone(), threads);
        sender.join().unwrap();
        fs::remove_file(&pipe).unwrap();
        assert_all_found(&library, &all, LINES);
    }
}

/// A busy machine takes its time.
const PATIENCE: Duration = Duration::from_secs(300);

/// Waits until all that is there was read, and so many flows.
fn wait(told: &Receiver<Snapshot>, flows: u32) -> Snapshot {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let last = told.recv_timeout(PATIENCE).unwrap();
        if last.complete && last.table.totals().flows == u64::from(flows) {
            return last;
        }
    }
    panic!("there are no {flows} flows");
}

#[test]
fn a_member_that_grows_is_read_on_behind_points_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("growing.gz");
    let mut encoder = encoder();
    encoder.write_all(&sparse(0..LINES)).unwrap();
    encoder.flush().unwrap();
    fs::write(&path, encoder.get_ref()).unwrap();
    let inputs = Inputs::look(from_ref(&path), true).unwrap();
    let library = inputs.library.clone();
    let plan = LoadPlan {
        follow: true,
        ..LoadPlan::once(Pairing::Strict { tolerance: 1000 }, 2)
    };
    let ((orders, given), (tell, told)) = (channel(), channel());
    let loader = thread::spawn(move || {
        keep_loading(inputs, plan, &given, |snapshot| tell.send(snapshot).is_ok());
    });
    // while it is followed, it grows: past points that only who follows has met
    let mut read = LINES;
    for more in [2, 10, 2] {
        let last = wait(&told, read);
        let all = wanted(&last.table);
        let late: Vec<_> = all.iter().filter(|it| it.place.skip > LATE).collect();
        assert!(late.iter().all(|it| octets(&library, it).is_ok()));
        wreck(&path, WRECK);
        let before = encoder.get_ref().len();
        encoder.write_all(&sparse(read..read + more)).unwrap();
        encoder.flush().unwrap();
        let mut file = OpenOptions::new().write(true).open(&path).unwrap();
        file.seek(SeekFrom::End(0)).unwrap();
        file.write_all(&encoder.get_ref()[before..]).unwrap();
        read += more;
    }
    assert!(wait(&told, read).intake.damage.is_empty());
    drop(orders);
    loader.join().unwrap();
}
