//! What others take for the same work, measured in the same run.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::export::Export;
use super::{loaded, median, print};

/// Runs a command without looking at what it prints; `None` when it cannot be run.
fn run(command: &str, args: &[&str], file: &Path) -> Option<Duration> {
    let begun = Instant::now();
    let status = Command::new(command)
        .args(args)
        .arg(file)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .ok()?;
    status.success().then(|| begun.elapsed())
}

/// The time to inflate a gzip file on one thread, by the fastest tool there is.
pub fn inflate(file: &Path) -> Option<(String, Duration)> {
    let bytes = std::fs::read(file).unwrap();
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return None;
    }
    for tool in ["libdeflate-gzip", "gzip"] {
        if run(tool, &["-dc"], file).is_some() {
            let time = median(|| {
                run(tool, &["-dc"], file);
            });
            return Some((format!("{tool} -dc"), time));
        }
        println!("{tool} is not installed: not compared");
    }
    None
}

/// The original analyzer on an export that it gets through.
pub fn analyzer(folder: &Path, flows: u64) {
    let args = ["--icmp", "ports", "--ipv6", "0"];
    let Some(export) = Export::make(folder, "for the analyzer", flows, &args) else {
        return;
    };
    let module = ["-m", "netflow.analyzer", "-n", "-p", "0", "-f"];
    match run("python3", &module, &export.file) {
        Some(time) => {
            let own = median(|| drop(loaded(&export.file, None)));
            print(
                &format!("load {flows} flows"),
                own,
                Some(("the analyzer", time)),
            );
        }
        None => println!("the PyPI package netflow is not installed: not compared"),
    }
}

/// DuckDB, doing the same load and join with as many threads.
pub fn duckdb(export: &Export) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench/in_duckdb.py");
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        let begun = Instant::now();
        let output = Command::new("python3")
            .arg(script)
            .arg(&export.file)
            .arg(threads.to_string())
            .output();
        let output = output.ok().filter(|output| output.status.success())?;
        let answer = String::from_utf8(output.stdout).unwrap();
        Some((answer, begun.elapsed()))
    };
    let Some((answer, time)) = work() else {
        println!("the PyPI package duckdb is not installed: not compared");
        return;
    };
    let truth = format!("{} {}", export.truth["flows"], export.truth["bytes"]);
    assert_eq!(answer.trim(), truth, "what DuckDB read");
    let own = median(|| drop(loaded(&export.file, None)));
    print(
        &format!("load {}", export.name),
        own,
        Some(("DuckDB", time)),
    );
}
