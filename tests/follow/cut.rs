//! Files that are cut short and go on: what was certain is not read again, what was not
//! is read once it is whole.

use std::fs::OpenOptions;
use std::io::Write;
use std::ops::Range;
use std::path::Path;
use std::slice::from_ref;
use std::thread;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use flowpeek::load::Snapshot;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use crate::following::{Following, assert_alike, flows, read_afresh};
use crate::support::append;
use crate::{line, member};

fn text(numbers: Range<u32>) -> Vec<u8> {
    numbers.map(line).collect::<String>().into_bytes()
}

fn gzip(numbers: Range<u32>) -> Vec<u8> {
    numbers.flat_map(|number| member(&line(number))).collect()
}

fn zstd(numbers: Range<u32>) -> Vec<u8> {
    numbers
        .flat_map(|number| {
            compress_to_vec(&text(number..number + 1)[..], CompressionLevel::Fastest)
        })
        .collect()
}

fn cut(path: &Path, size: usize) {
    let file = OpenOptions::new().write(true).open(path).unwrap();
    file.set_len(size as u64).unwrap();
    // so that it is seen before more comes
    thread::sleep(Duration::from_millis(500));
}

/// Follows a file with so many flows, which is cut to this size and goes on.
#[track_caller]
fn follow(path: &Path, content: &[u8], known: u64, size: usize, rest: &[u8]) -> [Snapshot; 2] {
    let _ = std::fs::remove_file(path);
    append(path, content);
    let mut following = Following::of(from_ref(&path.to_owned()));
    following.wait_flows(known);
    cut(path, size);
    append(path, rest);
    let afresh = read_afresh(&[path.to_owned()]);
    let last = following.wait("what came", |last| {
        let there = flows(&last.table);
        flows(&afresh.table)
            .keys()
            .all(|flow| there.contains_key(flow))
    });
    [last, afresh]
}

#[test]
fn what_is_half_written_when_a_file_is_cut_is_read_once_it_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    for pack in [text, gzip, zstd] {
        let (begin, half) = (pack(0..4), pack(4..5));
        let content = [&begin[..], &half[..half.len() * 2 / 3]].concat();
        for left in [0, 12, half.len() / 3] {
            let more = pack(5..7);
            // the same goes on, or another one begins behind it
            for rest in [&half[left..], b""] {
                let rest = [rest, &more].concat();
                let size = begin.len() + left;
                let [last, afresh] = follow(&path, &content, 4, size, &rest);
                assert_alike(&last, &afresh);
                let told = |last: &Snapshot| {
                    let intake = &last.intake;
                    let lines: Vec<_> = intake.rejects.iter().map(|it| it.line).collect();
                    (lines, intake.damaged_bytes)
                };
                assert_eq!(told(&last), told(&afresh), "{left}");
            }
        }
    }
}

/// A member that is written line by line, as by a collector whose output is compressed.
#[test]
fn a_member_that_was_read_in_part_is_read_on_from_where_it_is_cut() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let ends: Vec<usize> = (0..60)
        .map(|number| {
            encoder.write_all(line(number).as_bytes()).unwrap();
            encoder.flush().unwrap();
            encoder.get_ref().len()
        })
        .collect();
    let whole = encoder.finish().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.gz");
    for size in [ends[20], ends[20] + 20] {
        let [last, afresh] = follow(&path, &whole[..ends[40]], 41, size, &whole[size..]);
        // those that were read before the cut were written again
        assert_eq!(flows(&last.table).len(), 60);
        assert_eq!(afresh.table.totals().flows, 60);
        assert_eq!(last.intake.damaged_bytes, 0);
    }
}
