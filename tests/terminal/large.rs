//! What is typed, pasted and named may be of any length: a filter of a megabyte from
//! a file and from the clipboard, names of files as long as there can be, keys by the
//! thousand.

use std::fs;
use std::time::Duration;

use super::harness::Terminal;
use super::{SAMPLE, path};

/// Megabytes.
const MEMORY: u64 = 300;

#[track_caller]
fn end(mut terminal: Terminal) {
    let memory = terminal.most_memory();
    assert!(memory <= MEMORY, "{memory} MB");
    terminal.quit();
    let odd = terminal.oddities();
    assert!(odd.is_empty(), "{odd:?}");
}

#[test]
fn a_paste_of_a_megabyte_is_told_at_once_not_to_fit() {
    for (prompt, begin) in [("/", "port 443 or "), (":", "filter port 443 or ")] {
        let mut terminal = Terminal::start(100, 30, &["-n", SAMPLE]);
        terminal.wait_for_text(" of 1,418 connections");
        let text = begin.repeat((1 << 20) / begin.len());
        terminal.keys(prompt);
        terminal.keys(&format!("\x1b[200~{text}\x1b[201~"));
        terminal.wait_for_text("60,000 bytes at most");
        terminal.keys("\r\x1b");
        terminal.wait_for_text(" of 1,418 connections");
        terminal.wait_for("no prompt", |lines| !lines.concat().contains("port 443 or"));
        end(terminal);
    }
}

#[test]
fn a_filter_of_a_megabyte_from_a_file_is_used_and_shown() {
    let folder = tempfile::tempdir().unwrap();
    let filter = folder.path().join("filter");
    // in a release build all of a megabyte is used as quickly
    let kilobytes = if cfg!(debug_assertions) { 100 } else { 1000 };
    let text = "port 443 or ".repeat(kilobytes * 1000 / 12) + "port 53";
    fs::write(&filter, text).unwrap();
    let args = ["-n", "--filter-file", filter.to_str().unwrap(), SAMPLE];
    let mut terminal = Terminal::start(100, 30, &args);
    terminal.wait_for("rows", |lines| {
        lines[1].contains(" of 1,418 connections") && !lines[0].contains("loading")
    });
    terminal.keys("/");
    terminal.settle(Duration::from_millis(300));
    terminal.keys("\x1b");
    terminal.keys("2135");
    terminal.wait_for_text("sample.gz");
    end(terminal);
}

#[test]
fn names_of_files_as_long_as_there_can_be() {
    let folder = tempfile::tempdir().unwrap();
    let mut long = folder.path().to_owned();
    for part in 0..12 {
        long.push(format!("{part}\u{1b}[31m{}", "n".repeat(240)));
    }
    fs::create_dir_all(&long).unwrap();
    long.push("\n".repeat(255));
    fs::copy(path(SAMPLE), &long).unwrap();
    let mut terminal = Terminal::start(100, 30, &["-n", long.to_str().unwrap()]);
    terminal.wait_for_text(" of 1,418 connections");
    terminal.keys("\r");
    terminal.wait_for_text("Paired");
    terminal.keys("G");
    terminal.settle(Duration::from_millis(100));
    terminal.keys("\x1b5");
    terminal.wait_for_text("nnnnnnnn");
    terminal.keys("\r");
    terminal.settle(Duration::from_millis(100));
    end(terminal);
}
