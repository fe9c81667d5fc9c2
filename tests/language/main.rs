//! The filter language itself: what it says when a filter is wrong, that it
//! prints what it reads, and that it means what a naive reading of it means.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod cells;
mod errors;
mod help;
mod limits;
mod meaning;
mod nfdump;
mod nfdump_top;
mod printing;
mod remembered;
mod world;

#[path = "../support/samples.rs"]
mod samples;
#[path = "../support/mod.rs"]
mod support;
