//! The program as it is called: its options, what it prints, and what it tells of itself.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod cli;
mod completions;
mod config;
mod injection;
mod manual;
mod readme;
mod reports;
mod together;

#[path = "../support/hostile.rs"]
mod hostile;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/tools.rs"]
mod tools;
