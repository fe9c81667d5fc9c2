//! Files of strangers, damaged: every edge file and every small export as it is
//! and mutated (bits flipped, stretches cut, doubled, moved, cleared), loaded,
//! reported and browsed under the checks of the fuzz targets, in bounded time and memory.
//!
//! `FLOWPEEK_MUTATIONS=100000` runs as many cases in place of the usual number, and
//! `FLOWPEEK_MUTATION=7` that one alone; with `--release` they are run as fast as users run them.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/chance.rs"]
mod chance;
#[path = "fuzz/checks/mod.rs"]
mod checks;
mod support;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use chance::Chance;
use checks::made::{Bytes, damage, export};

const CASES: u64 = 2_000;
/// A case may take so long.
const TIME: Duration = Duration::from_secs(5);
/// Megabytes of memory the process may have taken at any moment.
const MEMORY: u64 = 300;
/// What a case is mutated of is no larger, except where the file is itself the test.
const SMALL: u64 = 64 << 10;

/// The edge files, those of this repository, and the inputs the fuzzer found worth keeping.
fn originals() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let own = [
        "assets",
        "tests/data",
        "tests/fuzz/seeds/foreign",
        "tests/fuzz/seeds/load",
        "tests/fuzz/seeds/members",
    ];
    let mut folders = own.map(|folder| root.join(folder)).to_vec();
    folders.extend(support::exports().map(|exports| exports.join("edge")));
    let mut files: Vec<_> = folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.metadata().unwrap().len() <= SMALL)
        .collect();
    files.sort();
    files
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name)
        .ok()
        .map(|text| text.parse().expect("a number"))
}

/// The time that processors have worked for this process: others may keep them busy.
/// Where the system does not tell, it is none.
fn worked() -> Duration {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let numbers = text.rsplit(") ").next().unwrap_or_default();
    let ticks = numbers.split(' ').skip(11).take(2);
    let ticks: u64 = ticks.filter_map(|count| count.parse::<u64>().ok()).sum();
    // a hundred ticks a second on every machine that runs Linux
    Duration::from_millis(ticks * 10)
}

/// The most memory this process has taken so far, in megabytes.
fn most_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? >> 10)
}

/// The file of a case: an original as it is, one mutated, or one made from nothing.
fn made(case: u64, originals: &[Vec<u8>]) -> Vec<u8> {
    let count = originals.len() as u64;
    if case < count {
        return originals[case as usize].clone();
    }
    let mut chance = Chance(case);
    if case % 8 < 2 {
        return export(&mut Bytes(&chance.bytes(1500))).0;
    }
    // the largest are mutated in long runs only
    let few = case < 10 * CASES;
    let mut places = (case..case + count).map(|place| &originals[(place % count) as usize]);
    let fits = |file: &&Vec<u8>| !few || file.len() < 8 << 10;
    let mut file = places.find(fits).cloned().unwrap_or_default();
    let choices = chance.bytes(400);
    let mut choices = Bytes(&choices);
    for _ in 0..=choices.byte() % 4 {
        damage(&mut choices, &mut file);
    }
    file
}

fn check(case: u64, file: &[u8]) {
    let loaded = checks::load::check(file);
    if !case.is_multiple_of(4) {
        return;
    }
    let mut chance = Chance(!case);
    let (_folder, path) = checks::load::file(file);
    checks::screen::check(&path, &mut Bytes(&chance.bytes(60)));
    if let Some(snapshot) = loaded {
        checks::report::check(&snapshot, &mut Bytes(&chance.bytes(16)));
    }
}

/// Ends the process when a case does not end: nothing else would.
fn watch(at: Arc<AtomicU64>) {
    thread::spawn(move || {
        let (mut seen, mut since) = (u64::MAX, Instant::now());
        loop {
            thread::sleep(Duration::from_millis(100));
            let now = at.load(Ordering::Relaxed);
            if now != seen {
                (seen, since) = (now, Instant::now());
            }
            // a machine that is busy is slow: what hangs, hangs for longer
            if since.elapsed() > TIME * 6 {
                // past the capture of the test runner, which ends with the process
                let _ = writeln!(io::stderr().lock(), "case {seen} hangs");
                std::process::abort();
            }
        }
    });
}

#[test]
fn no_damage_to_any_file_does_harm() {
    let originals: Vec<_> = originals()
        .iter()
        .map(|path| fs::read(path).unwrap())
        .collect();
    let cases = match number("FLOWPEEK_MUTATION") {
        Some(case) => case..case + 1,
        None => 0..number("FLOWPEEK_MUTATIONS").unwrap_or(CASES),
    };
    let at = Arc::new(AtomicU64::new(0));
    watch(at.clone());
    let (mut slowest, total) = ((Duration::ZERO, 0), Instant::now());
    let mut bad = Vec::new();
    for case in cases.clone() {
        at.store(case, Ordering::Relaxed);
        let file = made(case, &originals);
        let begun = worked();
        let ended = std::panic::catch_unwind(|| check(case, &file));
        bad.extend(ended.err().map(|_| case));
        assert!(bad.len() < 10, "cases {bad:?}, and it goes on");
        slowest = slowest.max((worked() - begun, case));
        if let Some(memory) = most_memory() {
            assert!(memory <= MEMORY, "case {case}: {memory} MB");
        }
    }
    println!(
        "{} cases in {:?}, the slowest ({}) took {:?}, {} MB at the most",
        cases.count(),
        total.elapsed(),
        slowest.1,
        slowest.0,
        most_memory().unwrap_or(0),
    );
    assert!(bad.is_empty(), "cases {bad:?}: see FLOWPEEK_MUTATION");
    assert!(slowest.0 < TIME, "case {} took {:?}", slowest.1, slowest.0);
}
