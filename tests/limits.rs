//! Input has no bound that flowpeek does not set. Amounts
//! that nobody has who means well are refused or read, in memory that hardly grows.
//!
//! One test, because memory is that of the whole process.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/chance.rs"]
mod chance;

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use chance::Chance;
use flate2::{Compression, GzBuilder};
use flowpeek::load::{Inputs, Snapshot, load};
use flowpeek::table::build::Pairing;
use ruzstd::encoding::{CompressionLevel, compress};

const LIMIT: usize = 64 << 20;
const GOOD: &str = r#"{"1700000000.5": {"client": ["192.0.2.1", 2055], "header": {"version": 9}, "flows": [{"IPV4_SRC_ADDR": "10.0.0.1", "IPV4_DST_ADDR": "10.0.0.2"}]}}"#;

/// A record of many keys that nobody knows, a header of many, and exporters and hosts without end.
fn crowd(count: u32, what: &str) -> Vec<u8> {
    let mut text = String::new();
    match what {
        "keys" => {
            let keys = (0..count).fold(String::new(), |mut keys, n| {
                let _ = write!(keys, ", \"key {n}\": {n}");
                keys
            });
            let line = GOOD.replace(r#""10.0.0.2""#, &format!(r#""10.0.0.2"{keys}"#));
            text = line.replace(r#""version": 9"#, &format!(r#""version": 9{keys}"#)) + "\n";
        }
        "orders" => {
            // each line has its keys in another order
            for n in 0..count {
                let keys = format!(r#""10.0.0.2", "{n}": {n}, "{}": 1"#, n / 2);
                let _ = writeln!(text, "{}", GOOD.replace(r#""10.0.0.2""#, &keys));
            }
        }
        "exporters" => {
            for n in 0..count {
                let _ = writeln!(
                    text,
                    "{}",
                    GOOD.replace("192.0.2.1", &format!("exporter {n}"))
                );
            }
        }
        _ => {
            for n in 0..count {
                let [_, a, b, c] = n.to_be_bytes();
                let _ = writeln!(
                    text,
                    "{}",
                    GOOD.replace("10.0.0.2", &format!("{}.{a}.{b}.{c}", 11 + n % 9))
                );
            }
        }
    }
    text.into_bytes()
}

/// A line of so many blanks and another one, compressed on the way.
fn line_of(blanks: usize, path: &Path, zstd: bool) {
    let begin = GOOD.as_bytes()[..1].chain(io::repeat(b' ').take(blanks as u64));
    let text = begin.chain(&GOOD.as_bytes()[1..]).chain(&b"\n"[..]);
    let mut text = text.chain(GOOD.as_bytes()).chain(&b"\n"[..]);
    let file = File::create(path).unwrap();
    if zstd {
        compress(text, file, CompressionLevel::Fastest);
    } else {
        let mut encoder = GzBuilder::new().write(file, Compression::fast());
        io::copy(&mut text, &mut encoder).unwrap();
        encoder.finish().unwrap();
    }
}

/// Members of a million rejected lines each, and so much noise that each is for another thread.
fn members_of_rejects(count: u32) -> Vec<u8> {
    let (mut chance, mut noise) = (Chance(1), String::new());
    while noise.len() < 130_000 {
        let _ = write!(noise, "{:06x}", chance.below(1 << 24));
    }
    let text = "{}\n".repeat(1_000_000) + &noise + "\n";
    let mut member = Vec::new();
    GzBuilder::new()
        .read(text.as_bytes(), Compression::fast())
        .read_to_end(&mut member)
        .unwrap();
    member.repeat(count as usize)
}

/// Lines of so many bytes, each one packet of flows that say nothing but from where to where,
/// in one gzip member or one each; answers how many flows there are.
fn lines_of_flows(count: usize, bytes: usize, path: &Path, members: bool) -> u64 {
    let record = r#"{"IPV4_SRC_ADDR":1,"IPV4_DST_ADDR":2}"#;
    let (head, tail) = GOOD.split_at(GOOD.find(r#"{"IPV4_SRC"#).unwrap());
    let tail = &tail[tail.find(']').unwrap()..];
    let flows = (bytes - GOOD.len()) / (record.len() + 1);
    let line = [head, &[record].repeat(flows).join(","), tail, "\n"].concat();
    let mut file = File::create(path).unwrap();
    for lines in [line.as_bytes()]
        .repeat(count)
        .chunks(if members { 1 } else { count })
    {
        let mut encoder = GzBuilder::new().write(&mut file, Compression::fast());
        lines
            .iter()
            .for_each(|line| encoder.write_all(line).unwrap());
        encoder.finish().unwrap();
    }
    (count * flows) as u64
}

/// Loads a file by so many threads; answers how many megabytes more that took at the most.
fn measured(path: &Path, threads: usize) -> (Snapshot, u64) {
    let status = |key: &str| {
        let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(key));
        line.map_or(0, |line| {
            line.split_whitespace()
                .nth(1)
                .unwrap()
                .parse::<u64>()
                .unwrap()
        })
    };
    // the most so far is what there is now; where that cannot be told, memory counts as none
    let _ = fs::write("/proc/self/clear_refs", "5");
    let before = status("VmRSS:");
    let inputs = Inputs::look_at(&[path.to_owned()]).unwrap();
    let snapshot = load(inputs, Pairing::Strict { tolerance: 1000 }, threads, |_| {
        true
    });
    let most = status("VmHWM:").saturating_sub(before) >> 10;
    (snapshot, most)
}

#[test]
fn amounts_without_bounds_are_borne() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export");
    let check_by = |threads: usize, what: &str, flows: u64, rejected: u64, most: u64| {
        let (snapshot, memory) = measured(&path, threads);
        println!(
            "{what}: {} bytes, {memory} MB",
            path.metadata().unwrap().len()
        );
        let reasons = || {
            snapshot
                .intake
                .rejects
                .iter()
                .map(|reject| reject.reason.clone())
        };
        assert_eq!(
            snapshot.intake.rejected_lines,
            rejected,
            "{what}: {:?}",
            reasons().next()
        );
        assert_eq!(snapshot.table.totals().flows, flows, "{what}");
        assert!(memory <= most, "{what} took {memory} MB");
        reasons().next()
    };
    let check = |what: &str, flows, rejected, most| check_by(2, what, flows, rejected, most);
    let too_long = Some("the line is longer than 64 MiB".to_owned());
    let exactly = LIMIT - GOOD.len();
    for zstd in [false, true] {
        line_of(exactly, &path, zstd);
        assert_eq!(check("a line of 64 MiB", 2, 0, 200), None);
        line_of(exactly + 1, &path, zstd);
        assert_eq!(check("a line of a byte more", 1, 1, 200), too_long);
        // of zstd less, as it takes its time
        line_of(if zstd { 200 << 20 } else { 1 << 30 }, &path, zstd);
        assert!(path.metadata().unwrap().len() < 10 << 20);
        assert_eq!(check("a line of 200 MiB or 1 GiB", 1, 1, 200), too_long);
    }
    // lines with nothing in them, in a file that is hardly larger than one
    let blank = io::repeat(b'\n').take(20 << 20).chain(GOOD.as_bytes());
    let mut encoder = GzBuilder::new().write(File::create(&path).unwrap(), Compression::fast());
    io::copy(&mut { blank }, &mut encoder).unwrap();
    encoder.finish().unwrap();
    check("20 million blank lines", 1, 0, 60);
    // a million members with nothing in them, before the line that is in the last one
    let mut empty = Vec::new();
    GzBuilder::new()
        .read(io::empty(), Compression::fast())
        .read_to_end(&mut empty)
        .unwrap();
    let mut members = empty.repeat(1_000_000);
    GzBuilder::new()
        .read(GOOD.as_bytes(), Compression::fast())
        .read_to_end(&mut members)
        .unwrap();
    fs::write(&path, members).unwrap();
    check("a million empty members", 1, 0, 60);
    fs::write(&path, members_of_rejects(4)).unwrap();
    let reason = check("millions of rejected lines", 0, 4_000_004, 80);
    assert_eq!(reason.unwrap(), "an object without a time key");
    // records that begin with a key of their own
    let records = (0..650_000).fold(String::new(), |mut records, n| {
        let _ = write!(records, "{{\"k{n}\":1}},");
        records
    });
    let line = GOOD.replace(r#"{"IPV4_SRC"#, &(records + r#"{"IPV4_SRC"#));
    fs::write(&path, line + "\n").unwrap();
    let begun = Instant::now();
    check("first keys", 1, 0, 200);
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(10), "{took:?}");
    // keys that nobody knows, none of which comes again
    let mut encoder = GzBuilder::new().write(File::create(&path).unwrap(), Compression::fast());
    let key = "k".repeat(1 << 20);
    for number in 0..150 {
        let unknown = format!("\"{number}{key}\": 1, \"IPV4_DST_ADDR\"");
        let line = GOOD.replace("\"IPV4_DST_ADDR\"", &unknown);
        encoder.write_all((line + "\n").as_bytes()).unwrap();
    }
    encoder.finish().unwrap();
    check("long keys", 150, 0, 90);
    for (what, count, flows, most) in [
        ("keys", 200_000, 1, 150),
        ("orders", 20_000, 20_000, 100),
        ("exporters", 20_000, 20_000, 150),
        ("hosts", 50_000, 50_000, 150),
    ] {
        fs::write(&path, crowd(count, what)).unwrap();
        check(what, flows, 0, most);
    }
    // of lines that make much more than they are, no thread holds many
    for members in [true, false] {
        let flows = lines_of_flows(24, 8 << 20, &path, members);
        check_by(4, "lines of 8 MiB of flows", flows, 0, 450);
    }
    let flows = lines_of_flows(4, LIMIT, &path, true);
    check_by(4, "lines of 64 MiB of flows", flows, 0, 1500);
    let (name, key) = ("n".repeat(1 << 20), "k".repeat(1 << 20));
    let long = GOOD
        .replace("192.0.2.1", &name)
        .replace("\"version\"", &format!("\"{key}\": 1, \"version\""));
    fs::write(&path, long + "\n").unwrap();
    let (snapshot, _) = measured(&path, 2);
    let exporter = snapshot.intake.exporters[0].name.clone().unwrap();
    assert!(exporter.chars().count() <= 65, "{exporter}");
    assert_eq!(snapshot.table.totals().flows, 1);
}
