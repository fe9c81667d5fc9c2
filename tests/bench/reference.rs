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
pub fn analyzer(folder: &Path) {
    let args = ["--icmp", "ports", "--ipv6", "0"];
    let Some(export) = Export::make(folder, "for the analyzer", 100_000, &args) else {
        return;
    };
    let module = ["-m", "netflow.analyzer", "-n", "-p", "0", "-f"];
    match run("python3", &module, &export.file) {
        Some(time) => {
            let own = median(|| drop(loaded(&export.file, None)));
            print("load 100,000 flows", own, Some(("the analyzer", time)));
        }
        None => println!("the PyPI package netflow is not installed: not compared"),
    }
}
