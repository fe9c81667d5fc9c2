//! The terminal browser as a person meets it: the real program in a
//! pseudo-terminal, on real exports, at 120x36 and 80x24.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod breaking;
mod browsing;
mod citizen;
mod demo;
mod edges;
mod endings;
mod exporting;
mod faults;
mod filters;
mod following;
mod grid;
mod harness;
mod hostile;
mod keys;
mod large;
mod lifecycle;
mod loading;
mod order;
mod panes;
mod picture;
mod sizes;
mod streaming;
mod tasks;
mod together;
mod waiting;

#[path = "../support/start.rs"]
mod start;
#[path = "../support/mod.rs"]
mod support;

use std::path::{Path, PathBuf};

use serde_json::Value;

/// The sample that everybody has.
pub const SAMPLE: &str = "assets/sample.gz";

/// A path from the project's root.
pub fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The rows that the report prints with these arguments.
pub fn rows(args: &[&str]) -> Vec<Value> {
    let sample = path(SAMPLE);
    let report = ["report", "--format", "ndjson", "-n"];
    support::flowpeek(&[&report, args, &[sample.to_str().unwrap()]].concat()).objects()
}

/// How many rows the report prints with these arguments.
pub fn reported(args: &[&str]) -> usize {
    rows(args).len()
}

/// A number with commas, as the status line writes it.
pub fn commas(number: usize) -> String {
    let digits = number.to_string();
    let parts = digits.as_bytes().rchunks(3).rev();
    let parts = parts.map(|part| String::from_utf8_lossy(part).into_owned());
    parts.collect::<Vec<_>>().join(",")
}
