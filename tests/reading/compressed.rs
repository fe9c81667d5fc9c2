//! The same export, however it is compressed, is the same table.

use std::fs;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use flowpeek::load::{Inputs, Snapshot, load};
use flowpeek::table::build::Pairing;
use flowpeek::table::store::Side;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

fn read(path: &Path, threads: usize) -> Snapshot {
    let inputs = Inputs::look_at(&[PathBuf::from(path)]).unwrap();
    load(inputs, Pairing::Strict { tolerance: 1000 }, threads, |_| {
        true
    })
}

fn rows(snapshot: &Snapshot) -> Vec<String> {
    let rows = snapshot.table.rows().map(|row| {
        let sides = [Side::First, Side::Mate];
        format!(
            "{:?} {:?}",
            sides.map(|side| row.ends(side)),
            row.evidence()
        )
    });
    rows.collect()
}

fn inflated(gzip: &str) -> Vec<u8> {
    let mut text = Vec::new();
    let file = fs::File::open(Path::new(env!("CARGO_MANIFEST_DIR")).join(gzip)).unwrap();
    std::io::copy(&mut MultiGzDecoder::new(file), &mut text).unwrap();
    text
}

#[test]
fn zstd_is_read_as_what_is_in_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let gzip = read(&root.join("tests/data/old-0.8.2-v9.gz"), 2);
    // three frames of the zstd program, the second one with nothing but a comment
    let path = root.join("tests/data/old-0.8.2-v9.zst");
    for threads in [1, 2] {
        let zstd = read(&path, threads);
        assert_eq!(rows(&zstd), rows(&gzip));
        assert_eq!(zstd.intake.lines(), gzip.intake.lines());
        assert_eq!(zstd.intake.rejected_lines, 0);
        // bytes of the file, not of what is in it
        let account = &zstd.intake.files[0];
        assert_eq!(Some(account.read), account.size);
    }
    // a record of its last line is found again
    let inputs = Inputs::look_at(&[path]).unwrap();
    let zstd = read(&root.join("tests/data/old-0.8.2-v9.zst"), 1);
    let last = zstd.table.rows().last().unwrap();
    assert!(
        inputs
            .library
            .record(&last.wanted(Side::First).unwrap())
            .is_ok()
    );
}

#[test]
fn zstd_that_is_cut_or_damaged_gives_what_comes_before() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let whole = fs::read(root.join("tests/data/old-0.8.2-v9.zst")).unwrap();
    let all = read(&root.join("tests/data/old-0.8.2-v9.zst"), 1)
        .table
        .totals()
        .flows;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    // within the checksum nothing is lost
    fs::write(&path, &whole[..whole.len() - 3]).unwrap();
    let cut = read(&path, 1);
    assert_eq!(cut.intake.rejected_lines, 0, "{:?}", cut.intake.rejects);
    assert_eq!(cut.table.totals().flows, all);
    fs::write(&path, &whole[..whole.len() - 9]).unwrap();
    let cut = read(&path, 1);
    assert!(cut.intake.losses()[0].contains("a zstd frame that ends too early"));
    assert!(cut.table.totals().flows > 0);
    let mut damaged = whole.clone();
    let middle = whole.len() * 3 / 4;
    damaged[middle..middle + 8].fill(0x55);
    fs::write(&path, &damaged).unwrap();
    let damaged = read(&path, 1);
    assert!(damaged.intake.damaged_bytes > 0);
    let flows = damaged.table.totals().flows;
    assert!((1..=all).contains(&flows), "{flows}");
    // the lines of the first frame are all there
    let text = inflated("tests/data/old-0.8.2-v9.gz");
    assert!(text.iter().filter(|&&byte| byte == b'\n').count() > 6);
    assert!(damaged.intake.lines() >= 6);
}

/// Frames of so many lines each, and the flows of all lines.
fn frames(lines: &[usize]) -> (Vec<Vec<u8>>, Vec<u64>) {
    let text = inflated("assets/sample.gz");
    let mut rest = text.split_inclusive(|&byte| byte == b'\n').cycle();
    let frames = lines.iter().map(|&count| {
        let text: Vec<u8> = rest.by_ref().take(count).flatten().copied().collect();
        let flows = String::from_utf8_lossy(&text)
            .matches("FIRST_SWITCHED")
            .count();
        let frame = compress_to_vec(&text[..], CompressionLevel::Fastest);
        (frame, flows as u64)
    });
    frames.unzip()
}

fn read_bytes(bytes: &[u8], threads: usize) -> Snapshot {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), bytes).unwrap();
    read(file.path(), threads)
}

#[test]
fn a_damaged_zstd_frame_costs_itself_alone() {
    let (frames, flows) = frames(&[5; 5]);
    let [first, second, rest @ ..] = &frames[..] else {
        panic!();
    };
    let rest = rest.concat();
    let mut flipped = second.clone();
    flipped[second.len() / 2] ^= 0x10;
    let gzip = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/sample.gz")).unwrap();
    let wrongs = [
        flipped,
        second[..second.len() / 2].to_vec(),
        // a stored block that says it has more than comes of its frame
        [&second[..6], &[0, 0, 2], &[b'x'; 100]].concat(),
        b"nothing of the kind".repeat(100),
        gzip[..1000].to_vec(),
        // magics of frames, and one of a frame that is passed over and longer than the file
        second[..4].repeat(100),
        [
            &second[..second.len() / 2],
            &[0x50, 0x2a, 0x4d, 0x18],
            &[0xff; 4],
        ]
        .concat(),
    ];
    for wrong in wrongs {
        let file = [&first[..], &wrong, &rest].concat();
        let [one, two] = [1, 2].map(|threads| read_bytes(&file, threads));
        let sound = flows[0] + flows[2..].iter().sum::<u64>();
        let found = one.table.totals().flows;
        assert!((sound..=sound + flows[1]).contains(&found), "{found}");
        assert_eq!(one.intake.damage.len(), 1, "{:?}", one.intake.damage);
        let damaged = one.intake.damaged_bytes;
        assert!(damaged > 0 && damaged <= wrong.len() as u64, "{damaged}");
        assert_eq!(one.intake.damage, two.intake.damage);
        assert_eq!(one.intake.rejects, two.intake.rejects);
        // where it comes last, it is counted as well
        let last = read_bytes(&[&first[..], &wrong].concat(), 1);
        assert!(last.table.totals().flows >= flows[0]);
        assert!(last.intake.damaged_bytes + last.intake.rejected_lines > 0);
    }
}

#[test]
fn a_cut_zstd_frame_gives_all_blocks_that_are_there() {
    let (frames, flows) = frames(&[10, 2000]);
    let [small, large] = &frames[..] else {
        panic!();
    };
    // one byte before its checksum
    let cut = read_bytes(&large[..large.len() - 5], 1);
    let all = flows[1];
    let found = cut.table.totals().flows;
    assert!(found > all / 2 && found < all, "{found} of {all}");
    assert_eq!(cut.intake.rejects.len(), 1);
    assert!(cut.intake.rejects[0].reason.contains("the file ends"));
    for missing in 1..=4 {
        let cut = read_bytes(&small[..small.len() - missing], 1);
        assert_eq!(cut.table.totals().flows, flows[0], "{missing}");
        assert_eq!(cut.intake.losses(), [""; 0]);
    }
    // damaged as well: what is not there is told of
    for at in (20..small.len() - 10).step_by(7) {
        let mut damaged = small[..small.len() - 1].to_vec();
        damaged[at] ^= 0x10;
        let read = read_bytes(&damaged, 1);
        // what decodes is as good as its text is
        let found = read.table.totals().flows + read.intake.skipped.total();
        let is_whole = found >= flows[0];
        assert!(is_whole || !read.intake.losses().is_empty(), "at {at}");
    }
}

#[test]
fn sound_zstd_frames_are_found_behind_many_that_are_damaged() {
    let (mut frames, flows) = frames(&[2; 30]);
    // the first one says that it has more than comes of it, the next have wrong checksums
    frames[0] = [&frames[0][..6], &[0, 0, 2], &[b'x'; 100]].concat();
    for frame in &mut frames[1..=12] {
        *frame.last_mut().unwrap() ^= 1;
    }
    let read = read_bytes(&frames.concat(), 1);
    assert!(read.table.totals().flows >= flows[13..].iter().sum::<u64>());
    // a wrong length of a frame for other programs hides none
    let skippable = [0x50, 0x2a, 0x4d, 0x18, 0xff, 0xff, 0xff, 0];
    let read = read_bytes(&[&skippable[..], &frames[20..].concat()].concat(), 1);
    assert_eq!(read.table.totals().flows, flows[20..].iter().sum::<u64>());
    assert_eq!(read.intake.damaged_bytes, skippable.len() as u64);
}

#[test]
fn a_zstd_file_may_begin_with_a_frame_for_other_programs() {
    let (frames, flows) = frames(&[10]);
    for first in 0x50..=0x5f {
        let skippable = [first, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4];
        let snapshot = read_bytes(&[&skippable[..], &frames[0]].concat(), 2);
        assert_eq!(snapshot.table.totals().flows, flows[0]);
        assert_eq!(snapshot.intake.losses(), [""; 0]);
    }
}

/// Tapes and block devices fill up their last block; behind gzip such zeros are no damage either.
#[test]
fn zeros_between_and_behind_zstd_frames_are_no_damage() {
    let (frames, flows) = frames(&[5; 2]);
    let all = flows.iter().sum::<u64>();
    for zeros in [1, 3, 4, 17, 18, 512, 3 << 20] {
        let zeros = vec![0; zeros];
        let files = [
            [&frames[0][..], &frames[1], &zeros].concat(),
            [&frames[0][..], &zeros, &frames[1]].concat(),
        ];
        for file in files {
            let read = read_bytes(&file, 2);
            assert_eq!(read.table.totals().flows, all);
            assert_eq!(read.intake.losses(), [""; 0], "{}", zeros.len());
        }
    }
    // behind damage they are part of it
    let cut = [&frames[0][..], &frames[1][..frames[1].len() / 2], &[0; 512]].concat();
    assert!(!read_bytes(&cut, 2).intake.losses().is_empty());
}
