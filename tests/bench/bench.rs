//! Benchmarks: `cargo bench` (1M flows), `cargo bench -- --flows 100000`, or
//! `cargo bench -- --export FILE` for an export of one's own, with `--groups`
//! of its groups alone (`--only NAME` of one of them), with `--keys` of its queries and keys alone. Every figure
//! stands beside a reference measured in the same run, because machines are
//! noisy; what is not installed is named and left out, and with `--bare` all that
//! groups are compared with. It fails on a wrong result, never on a time.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod browser;
mod duckdb;
mod export;
mod reference;
#[path = "../support/start.rs"]
mod start;
mod together;

use std::path::Path;
use std::time::{Duration, Instant};

use export::Export;
use flowpeek::load::{Inputs, Snapshot, load};
use flowpeek::table::build::Pairing;

/// Runs of which the median counts.
const RUNS: usize = 5;

/// The median time of some runs.
pub fn median(mut work: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let begun = Instant::now();
            work();
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[RUNS / 2]
}

/// Prints a figure, with its ratio to a reference.
pub fn print(what: &str, time: Duration, reference: Option<(&str, Duration)>) {
    let milliseconds = time.as_secs_f64() * 1e3;
    match reference {
        Some((name, other)) => {
            let ratio = time.as_secs_f64() / other.as_secs_f64();
            println!("{what:<44} {milliseconds:>9.1} ms   {ratio:>7.3} of {name}");
        }
        None => println!("{what:<44} {milliseconds:>9.1} ms"),
    }
}

/// Loads a file with all cores, or as many threads as told.
pub fn loaded(file: &Path, threads: Option<usize>) -> Snapshot {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let inputs = Inputs::look_at(&[file.to_owned()]).unwrap();
    let pairing = Pairing::Strict { tolerance: 0 };
    load(inputs, pairing, threads.unwrap_or(cores), |_| true)
}

fn loading(export: &Export) {
    let inflate = reference::inflate(&export.file);
    let against = inflate.as_ref().map(|(name, time)| (name.as_str(), *time));
    for threads in [None, Some(1)] {
        let time = median(|| drop(loaded(&export.file, threads)));
        let threads = threads.map_or(String::new(), |count| format!(", {count} thread"));
        print(&format!("load {}{threads}", export.name), time, against);
    }
    let totals = loaded(&export.file, None).table.totals();
    assert_eq!(
        totals.flows, export.truth["flows"],
        "flows of {}",
        export.name
    );
    assert_eq!(
        totals.connections, export.truth["connections"],
        "connections of {}",
        export.name
    );
    assert_eq!(
        totals.bytes,
        u128::from(export.truth["bytes"].as_u64().unwrap())
    );
}

/// The same for an export that is there.
fn existing(file: &Path) {
    if is_given("--keys") {
        return browser::bench(&loaded(file, None));
    }
    if is_given("--groups") {
        return together::bench(file, &loaded(file, None));
    }
    let inflate = reference::inflate(file);
    let against = inflate.as_ref().map(|(name, time)| (name.as_str(), *time));
    let time = median(|| drop(loaded(file, None)));
    print(&format!("load {}", file.display()), time, against);
    let snapshot = loaded(file, None);
    together::bench(file, &snapshot);
    browser::bench(&snapshot);
}

/// Whether an option is given.
pub fn is_given(name: &str) -> bool {
    std::env::args().any(|arg| arg == name)
}

/// What is given with an option.
pub fn option(name: &str) -> Option<String> {
    std::env::args().skip_while(|arg| arg != name).nth(1)
}

fn main() {
    if let Some(file) = option("--export") {
        return existing(Path::new(&file));
    }
    let flows = option("--flows").map_or(1_000_000, |count| count.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    println!("{flows} flows, median of {RUNS} runs\n");
    let forms: [(&str, &[&str]); 5] = [
        ("v9, many members", &[]),
        ("v9, one member", &["--single-member"]),
        ("v9, plain text", &["--plain"]),
        ("v5, many members", &["--version", "5"]),
        ("IPFIX, many members", &["--version", "10"]),
    ];
    // beyond that one form says all, and its files are large
    let forms = &forms[..if flows > 2_000_000 { 1 } else { 5 }];
    let exports: Vec<Export> = forms
        .iter()
        .map_while(|(name, args)| Export::make(folder.path(), name, flows, args))
        .collect();
    let Some(first) = exports.first() else {
        println!("no export could be made: that needs python3 and ../shared/tools/make_export.py");
        return;
    };
    exports.iter().for_each(loading);
    reference::duckdb(first);
    reference::analyzer(folder.path(), flows.min(1_000_000));
    let snapshot = loaded(&first.file, None);
    together::bench(&first.file, &snapshot);
    browser::bench(&snapshot);
}
