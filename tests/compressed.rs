//! The same export, however it is compressed, is the same table.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use flowpeek::load::{Inputs, Snapshot, load};
use flowpeek::table::build::Pairing;
use flowpeek::table::store::Side;

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
    fs::write(&path, &whole[..whole.len() - 3]).unwrap();
    let cut = read(&path, 1);
    assert_eq!(cut.intake.rejected_lines, 1, "{:?}", cut.intake.rejects);
    assert!(cut.table.totals().flows > 0);
    let mut damaged = whole.clone();
    let middle = whole.len() * 3 / 4;
    damaged[middle..middle + 8].fill(0x55);
    fs::write(&path, &damaged).unwrap();
    let damaged = read(&path, 1);
    assert!(damaged.intake.rejected_lines > 0);
    let flows = damaged.table.totals().flows;
    assert!((1..=all).contains(&flows), "{flows}");
    // the lines of the first frame are all there
    let text = inflated("tests/data/old-0.8.2-v9.gz");
    assert!(text.iter().filter(|&&byte| byte == b'\n').count() > 6);
    assert!(damaged.intake.lines() >= 6);
}
