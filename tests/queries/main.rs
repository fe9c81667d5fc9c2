//! What is asked of the table: filters, orders, groups and timelines.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod clocks;
mod columns;
mod drilling;
mod filter;
mod groups;

#[path = "../support/samples.rs"]
mod samples;
#[path = "../support/mod.rs"]
mod support;
