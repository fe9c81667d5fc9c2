//! Of loading: nothing is lost without a count, sums over rows are sums over the
//! input, the number of threads makes no difference, and what comes of a sound
//! file is what comes of its lines one by one.

use std::fs;
use std::path::{Path, PathBuf};

use flowpeek::ingest::decoder::Decoder;
use flowpeek::load::{Inputs, LoadPlan, Snapshot, load_by};
use flowpeek::model::attr::Attr;
use flowpeek::model::skipped::Skipped;
use flowpeek::table::analyzer::Rules;
use flowpeek::table::build::Pairing;
use flowpeek::table::store::Side;

use super::members::decoded;

pub const STRICT: Pairing = Pairing::Strict { tolerance: 1000 };
pub const ANALYZER: Pairing = Pairing::Analyzer(Rules {
    is_0_12: false,
    match_host: None,
});
const LATEST: Pairing = Pairing::Analyzer(Rules {
    is_0_12: true,
    match_host: None,
});

/// A file of these bytes, in a folder that goes with the first value.
pub fn file(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export");
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// What is loaded of a file, if it is taken for an export at all.
pub fn load(path: &Path, plan: LoadPlan) -> Option<Snapshot> {
    let inputs = Inputs::look_at(&[path.to_owned()]).ok()?;
    Some(load_by(inputs, plan, |_| true))
}

/// Checks all of it; `sound` files were not damaged. Answers what was loaded, strictly paired.
pub fn check(bytes: &[u8]) -> Option<Snapshot> {
    let (_folder, path) = file(bytes);
    let mut loaded = None;
    for (pairing, threads) in [(STRICT, 2), (ANALYZER, 3), (LATEST, 2)] {
        let one = load(&path, LoadPlan::once(pairing, 1))?;
        adds_up(&one);
        let more = load(&path, LoadPlan::once(pairing, threads)).expect("it was there before");
        same(&one, &more);
        if pairing == STRICT {
            as_line_by_line(bytes, &one);
        }
        loaded.get_or_insert(one);
    }
    let scaled = LoadPlan {
        scale: true,
        ..LoadPlan::once(STRICT, 1)
    };
    adds_up_in_rows(&load(&path, scaled)?);
    loaded
}

fn adds_up(snapshot: &Snapshot) {
    adds_up_in_rows(snapshot);
    let intake = &snapshot.intake;
    let bytes: u128 = intake.exporters.iter().map(|exporter| exporter.bytes).sum();
    let totals = snapshot.table.totals();
    assert!(
        totals.bytes <= bytes,
        "{totals:?}, {bytes} bytes of exporters"
    );
    assert!(
        totals.left_out > 0 || totals.bytes == bytes,
        "{totals:?}, {bytes} bytes of exporters"
    );
}

fn adds_up_in_rows(snapshot: &Snapshot) {
    let (table, intake) = (&snapshot.table, &snapshot.intake);
    let totals = table.totals();
    let files: u64 = intake.files.iter().map(|file| file.flows).sum();
    let exporters: u64 = intake.exporters.iter().map(|exporter| exporter.flows).sum();
    let domains = intake
        .exporters
        .iter()
        .flat_map(|exporter| &exporter.domains);
    assert_eq!(totals.flows + totals.left_out, files);
    assert_eq!(exporters, files);
    assert_eq!(domains.map(|domain| domain.flows).sum::<u64>(), files);
    let packets = intake.exporters.iter().map(|exporter| exporter.packets);
    assert_eq!(packets.sum::<u64>(), intake.packets);
    let (mut flows, mut both, mut bytes, mut sent) = (0, 0, 0, 0);
    for row in table.rows() {
        let sides = [Side::First, Side::Mate].map(|side| row.start(side).is_some());
        assert!(sides[0]);
        assert_eq!(sides[1], row.is_connection());
        assert!(!sides[1] || row.reason().is_none());
        flows += 1 + u64::from(sides[1]);
        both += u64::from(sides[1]);
        bytes += row.sum(Attr::Octets);
        sent += row.sum(Attr::Packets);
    }
    assert_eq!((flows, both), (totals.flows, totals.connections));
    assert_eq!((bytes, sent), (totals.bytes, totals.packets));
    let rejected: u64 = intake.files.iter().map(|file| file.rejected).sum();
    assert_eq!(rejected, intake.rejected_lines);
    for file in &intake.files {
        assert!(file.size.is_none_or(|size| file.read <= size));
        assert!(file.damaged <= file.read, "{file:?}");
    }
}

fn same(one: &Snapshot, more: &Snapshot) {
    // long to print, so compared before it is
    let account = |snapshot: &Snapshot| format!("{:?}", snapshot.intake);
    let (one_account, other) = (account(one), account(more));
    let differ = |(this, that): (char, char)| this != that;
    if let Some(at) = one_account.chars().zip(other.chars()).position(differ) {
        let part = |text: &str| {
            text.chars()
                .skip(at.saturating_sub(60))
                .take(300)
                .collect::<String>()
        };
        panic!("by threads\n{}\n{}", part(&one_account), part(&other));
    }
    assert!(
        super::report::whole(one) == super::report::whole(more),
        "rows differ by threads"
    );
}

/// A sound file's lines, decoded one by one by the general parser alone.
fn as_line_by_line(bytes: &[u8], snapshot: &Snapshot) {
    let Some(content) = decoded(bytes) else {
        return;
    };
    // other programs write objects over several lines, or columns under a header
    let begin = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&content);
    let begin = begin.trim_ascii_start();
    let first = begin.split(|&byte| byte == b'\n').next();
    if begin.starts_with(b"[")
        || begin.starts_with(b"#")
        || first.is_some_and(|it| it.trim_ascii() == b"{")
    {
        return;
    }
    let mut decoder = Decoder::default();
    let (mut lines, mut rejected, mut packets, mut flows) = (0, 0, 0, 0);
    let mut skipped = Skipped::default();
    for line in content.split(|&byte| byte == b'\n') {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        lines += 1;
        // what no collector writes may be of another program
        let read = decoder.decode_generally(line);
        let Ok(decoded) = read.or_else(|_| decoder.decode(line)) else {
            rejected += 1;
            continue;
        };
        skipped.add(decoded.skipped);
        packets += decoded.packets.len() as u64;
        let all = decoded.packets.iter().flat_map(|packet| &packet.flows);
        flows += all.filter(|flow| !flow.phantom).count() as u64;
    }
    let intake = &snapshot.intake;
    assert_eq!((intake.lines(), intake.rejected_lines), (lines, rejected));
    assert_eq!(
        (intake.packets, snapshot.table.totals().flows),
        (packets, flows)
    );
    assert_eq!(intake.skipped, skipped);
    assert_eq!(intake.damaged_bytes, 0);
}
