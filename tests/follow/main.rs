//! Files that grow while flowpeek follows them: every flow that they hold at the
//! end is in the table, none twice, whatever happens to the files on the way. The
//! oracle is a fresh reading of all files as they are at the end.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod collector;
mod cut;
mod following;
mod logs;
mod memory;
mod softflowd;
#[path = "../support/mod.rs"]
mod support;
mod waiting;

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::slice::from_ref;
use std::thread;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use flowpeek::load::Snapshot;
use flowpeek::table::store::Side;
use flowpeek::table::verdict::Reason;
use following::{Following, assert_alike, flows, read_afresh};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use support::append;

/// A line with one flow of the exporter; flows 2n and 2n + 1 belong together.
fn line(number: u32) -> String {
    let (pair, back) = (number / 2, number % 2 == 1);
    let ports = [pair / 40_000 + 1, pair % 40_000 + 1024];
    let (src, dst, from, to) = match back {
        false => ("10.0.0.1", "192.0.2.9", ports[1], ports[0]),
        true => ("192.0.2.9", "10.0.0.1", ports[0], ports[1]),
    };
    let start = 1000 + pair % 1_000_000;
    format!(
        "{{\"17000000{:02}.{number:06}\": {{\"client\": [\"192.0.2.254\", 2055], \"header\": \
         {{\"version\": 9, \"count\": 1, \"uptime\": 9000, \"timestamp\": 1700000000, \
         \"sequence\": {number}, \"source_id\": 0}}, \"flows\": [{{\"IPV4_SRC_ADDR\": \"{src}\", \
         \"IPV4_DST_ADDR\": \"{dst}\", \"FIRST_SWITCHED\": {start}, \"LAST_SWITCHED\": {}, \
         \"IN_BYTES\": {number}, \"IN_PKTS\": 20, \"L4_SRC_PORT\": {from}, \"L4_DST_PORT\": {to}, \
         \"PROTOCOL\": 6, \"TCP_FLAGS\": 27, \"IP_PROTOCOL_VERSION\": 4}}]}}}}\n",
        number % 100,
        start + 500
    )
}

fn member(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn members(numbers: std::ops::Range<u32>) -> Vec<u8> {
    numbers.flat_map(|number| member(&line(number))).collect()
}

#[test]
fn a_member_is_read_when_it_is_whole_and_is_no_loss_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.gz");
    append(&path, &members(0..3));
    let mut following = Following::of(from_ref(&path));
    let last = following.wait_flows(3);
    assert_eq!((last.table.totals().connections, last.table.len()), (1, 2));
    for number in 3..9 {
        let bytes = member(&line(number));
        // the cut goes through the header, the content, and the trailer
        let cut = [3, 40, bytes.len() / 2, bytes.len() - 9, bytes.len() - 4, 12];
        append(&path, &bytes[..cut[number as usize - 3]]);
        thread::sleep(Duration::from_millis(350));
        append(&path, &bytes[cut[number as usize - 3]..]);
        let last = following.wait_flows(u64::from(number) + 1);
        let intake = &last.intake;
        assert_eq!(
            (intake.rejected_lines, intake.damaged_bytes),
            (0, 0),
            "{number}"
        );
    }
    let last = following.wait_flows(9);
    // the late partner has joined the flow that waited
    assert_eq!((last.table.totals().connections, last.table.len()), (4, 5));
    assert_eq!(last.intake.files[0].lines, 9);
    assert_alike(&last, &read_afresh(&[path]));
}

#[test]
fn a_writer_killed_in_a_member_costs_that_member_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.gz");
    append(&path, &members(0..5));
    let mut following = Following::of(from_ref(&path));
    following.wait_flows(5);
    for number in (5..35).step_by(3) {
        let bytes = member(&line(number));
        append(&path, &bytes[..11 + bytes.len() * number as usize / 40]);
        if number % 2 == 1 {
            thread::sleep(Duration::from_millis(200));
        }
        append(&path, &members(number + 1..number + 3));
    }
    append(&path, &members(35..36));
    let afresh = read_afresh(&[path]);
    let last = following.wait_flows(afresh.table.totals().flows);
    assert_alike(&last, &afresh);
    assert!(
        afresh.table.totals().flows > 5 + 20,
        "{:?}",
        afresh.intake.damage
    );
    assert_eq!(
        (last.intake.damaged_bytes, last.intake.rejected_lines),
        (afresh.intake.damaged_bytes, afresh.intake.rejected_lines)
    );
}

#[test]
fn plain_text_is_followed_by_lines() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.json");
    File::create(&path).unwrap();
    let mut following = Following::of(from_ref(&path));
    following.wait("the empty file", |last| last.complete);
    let text: String = (0..20).map(line).collect();
    for piece in text.as_bytes().chunks(333) {
        append(&path, piece);
        thread::sleep(Duration::from_millis(30));
    }
    append(&path, b"{\"1700000000\": nonsense}\n{\"17000");
    let last = following.wait("the bad line", |last| last.intake.rejected_lines > 0);
    assert_eq!(last.intake.rejected_lines, 1, "the half line is waited for");
    assert_eq!(last.intake.rejects[0].line, 21);
    assert_eq!(last.intake.rejects[0].offset, text.len() as u64);
    assert_eq!(last.table.totals().flows, 20);
    // who follows no more sees the half line as what it is
    following.orders.as_ref().unwrap().send(false).unwrap();
    following.wait("the half line", |last| last.intake.rejected_lines == 2);
    following.orders.as_ref().unwrap().send(true).unwrap();
    append(&path, &line(20).as_bytes()["{\"17000".len()..]);
    let last = following.wait_flows(21);
    assert_eq!(last.intake.rejected_lines, 1);
}

#[test]
fn files_are_rotated_truncated_and_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.gz");
    let first = folder.path().join("x.gz.1");
    let second = folder.path().join("x.gz.2");
    append(&path, &members(0..4));
    let mut following = Following::of(from_ref(&path));
    following.wait_flows(4);
    // rotated by name; the writer still has the old file, and dies in a member
    let mut old = OpenOptions::new().append(true).open(&path).unwrap();
    fs::rename(&path, &first).unwrap();
    old.write_all(&members(4..6)).unwrap();
    following.wait_flows(6);
    append(&path, &members(6..9));
    following.wait_flows(9);
    old.write_all(&members(9..10)).unwrap();
    following.wait_flows(10);
    // rotated again while nobody looks, with a gap without a file
    fs::rename(&first, &second).unwrap();
    fs::rename(&path, &first).unwrap();
    thread::sleep(Duration::from_millis(300));
    append(&path, &members(10..12));
    let last = following.wait_flows(12);
    assert_alike(&last, &read_afresh(&[second, first, path.clone()]));
    // cut short: what was read stays, and what comes is read from the beginning
    OpenOptions::new()
        .write(true)
        .truncate(true)
        .open(&path)
        .unwrap();
    append(&path, &members(12..13));
    following.wait_flows(13);
    // written anew, longer than before, under the same name and inode
    fs::write(&path, members(13..17)).unwrap();
    let last = following.wait_flows(17);
    assert_eq!(last.table.totals().flows, 17);
    let counts = flows(&last.table);
    assert_eq!(counts.len(), 17, "{counts:?}");
    assert_eq!(last.intake.files.len(), 5);
    // what is left of a file that was cut is not read again, even within a member
    for cut in [members(13..15).len(), members(13..14).len() + 50] {
        let file = OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len(cut as u64).unwrap();
        thread::sleep(Duration::from_millis(500));
        let from = flows(&following.last.as_ref().unwrap().table).len() as u32;
        append(&path, &members(from..from + 2));
        let last = following.wait_flows(u64::from(from) + 2);
        assert_eq!(flows(&last.table).len(), from as usize + 2);
    }
    let last = following.wait_flows(21);
    assert_eq!(
        (last.intake.rejected_lines, last.intake.damaged_bytes),
        (0, 0)
    );
}

/// The file is read, and the load goes on with a pipe: only then is the file looked at.
#[test]
fn what_is_cut_short_while_others_are_loaded_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let (path, pipe) = (folder.path().join("x"), folder.path().join("y.pipe"));
    let text = |numbers: std::ops::Range<u32>| numbers.map(line).collect::<String>().into_bytes();
    for (before, after) in [
        (text(0..10), text(20..23)),
        (text(0..10), text(20..60)),
        (members(0..10), members(20..23)),
        (members(0..10), members(20..60)),
    ] {
        fs::write(&path, before).unwrap();
        let made = Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let writer = thread::spawn({
            let pipe = pipe.clone();
            move || {
                let mut writer = OpenOptions::new().write(true).open(pipe).unwrap();
                writer.write_all(line(100).as_bytes()).unwrap();
                writer
            }
        });
        let mut following = Following::of(&[path.clone(), pipe.clone()]);
        let writer = writer.join().unwrap();
        following.wait("the file and the pipe", |last| {
            last.table.totals().flows == 11
        });
        File::create(&path).unwrap().write_all(&after).unwrap();
        drop(writer);
        let came = read_afresh(from_ref(&path)).table.totals().flows;
        following.wait_flows(11 + came);
        let last = following.wait_flows(11 + came);
        assert_eq!(last.table.totals().flows, 11 + came);
        assert_eq!(last.intake.rejected_lines, 0);
        fs::remove_file(&pipe).unwrap();
    }
}

/// A writer that begins a file anew writes its first bytes, which may be those of the file before.
#[test]
fn the_first_bytes_of_a_new_beginning_are_not_taken_for_those_of_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.gz");
    append(&path, &members(0..4));
    let mut following = Following::of(from_ref(&path));
    following.wait_flows(4);
    let bytes = members(4..6);
    for piece in [&bytes[..12], &bytes[12..]] {
        if piece.len() == 12 {
            fs::write(&path, piece).unwrap();
        } else {
            append(&path, piece);
        }
        thread::sleep(Duration::from_millis(500));
    }
    let last = following.wait_flows(6);
    assert_eq!(
        (last.intake.rejected_lines, last.intake.damaged_bytes),
        (0, 0)
    );
}

#[test]
fn a_directory_is_followed_and_no_file_is_read_under_two_names() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    append(&at("a.gz"), &members(0..3));
    let mut following = Following::of(&[folder.path().to_owned()]);
    following.wait_flows(3);
    append(&at("b.gz"), &members(3..5));
    following.wait_flows(5);
    fs::rename(at("b.gz"), at("c.gz")).unwrap();
    append(&at("c.gz"), &members(5..6));
    append(&at("b.gz"), &members(6..8));
    following.wait_flows(8);
    thread::sleep(Duration::from_millis(1500));
    let last = following.wait_flows(8);
    let files = ["a.gz", "b.gz", "c.gz"].map(at);
    assert_alike(&last, &read_afresh(&files));
}

#[test]
fn reasons_are_those_of_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.gz");
    append(&path, &members(0..1));
    let mut following = Following::of(from_ref(&path));
    let reason = |last: &Snapshot, row: u32| last.table.row(row).reason();
    following.wait("the first", |last| reason(last, 0) == Some(Reason::OneWay));
    append(&path, &members(2..3));
    following.wait("another", |last| reason(last, 1) == Some(Reason::OneWay));
    append(&path, &members(1..2));
    let last = following.wait_flows(3);
    assert_eq!(reason(&last, 0), None, "it has its mate now");
    assert!(last.table.row(0).is_connection());
}

#[test]
fn sound_zstd_frames_behind_a_damaged_one_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.zst");
    let frame = |numbers: std::ops::Range<u32>| {
        let text: String = numbers.map(line).collect();
        compress_to_vec(text.as_bytes(), CompressionLevel::Fastest)
    };
    append(&path, &frame(0..10));
    let mut following = Following::of(from_ref(&path));
    following.wait_flows(10);
    let mut damaged = frame(10..20);
    // a stored letter of its first line
    damaged[20] ^= 0x10;
    append(&path, &damaged);
    thread::sleep(Duration::from_millis(350));
    for number in 2..5 {
        append(&path, &frame(10 * number..10 * number + 10));
        thread::sleep(Duration::from_millis(100));
    }
    let afresh = read_afresh(from_ref(&path));
    assert!(afresh.table.totals().flows >= 40);
    let last = following.wait_flows(afresh.table.totals().flows);
    assert_alike(&last, &afresh);
    assert_eq!(last.intake.damaged_bytes, afresh.intake.damaged_bytes);
    assert!(afresh.intake.damaged_bytes > 0);
}

#[test]
fn zstd_is_read_on_from_its_last_frame() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let bytes = fs::read(root.join("tests/data/old-0.8.2-v9.zst")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.zst");
    append(&path, &bytes);
    let flows = read_afresh(from_ref(&path)).table.totals().flows;
    let mut following = Following::of(from_ref(&path));
    following.wait_flows(flows);
    // the same frames again, in pieces
    for piece in bytes.chunks(bytes.len() / 5 + 1) {
        append(&path, piece);
        thread::sleep(Duration::from_millis(200));
    }
    let last = following.wait_flows(2 * flows);
    let afresh = read_afresh(from_ref(&path));
    assert_alike(&last, &afresh);
    assert_eq!(last.intake.lines(), afresh.intake.lines());
    assert_eq!(last.intake.rejected_lines, 0);
    let (first, newest) = (last.table.row(0), last.table.rows().last().unwrap());
    let place = |row: flowpeek::table::rows::Row| row.record(Side::First).unwrap().0.place;
    assert_eq!(place(first).member, 0);
    assert!(
        place(newest).member > bytes.len() as u64,
        "{:?}",
        place(newest)
    );
    assert_eq!(last.intake.files[0].read, 2 * bytes.len() as u64);
}
