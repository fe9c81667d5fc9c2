//! What is read of files: every form of them, whole, damaged, growing or hostile.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod compressed;
mod damage;
mod documents;
mod edge;
mod exporters;
mod fast_path;
mod faults;
mod growing;
mod inputs;
mod packets;
mod records;
mod restarts;
mod threads;
mod times;

#[path = "../support/chance.rs"]
mod chance;
#[path = "../support/manifest.rs"]
mod manifest;
#[path = "../support/samples.rs"]
mod samples;
#[path = "../support/mod.rs"]
mod support;
