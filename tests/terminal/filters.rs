//! Filters that outlive the run: the history, and those with names.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::SAMPLE;
use super::harness::Terminal;

const ALL: &str = "of 1,418 connections";

#[test]
fn filters_are_kept_from_run_to_run() {
    let state = tempfile::tempdir().unwrap();
    let mut first = Terminal::keeping(state.path(), &["-n", SAMPLE]);
    first.wait_for_text(ALL);
    first.keys("/port 53 and proto udp\r");
    first.wait_for_text("filter port 53");
    first.keys(":filter save dns\r");
    first.wait_for_text("saved");
    first.keys("/ and bytes > 100\r");
    first.wait_for_text("bytes > 100");
    first.keys(":q\r");
    assert_eq!(first.wait_exit(), 0);

    let mut second = Terminal::keeping(state.path(), &["-n", SAMPLE]);
    second.wait_for_text(ALL);
    second.keys("/\x1b[A");
    second.wait_for_text("/port 53 and proto udp and bytes > 100");
    second.keys("\x1b[A\r");
    second.wait_for("the older one", |lines| {
        lines[1].contains("filter port 53") && !lines[1].contains("bytes")
    });
    second.keys("/ and port 1\r");
    second.wait_for_text("and port 1");
    second.keys("u:filter dns\r");
    second.wait_for("the filter of that name", |lines| {
        lines[1].contains("filter port 53 and proto udp ") || lines[1].trim_end().ends_with("udp")
    });
    second.quit();
    let history = state.path().join("flowpeek/history");
    let mode = fs::metadata(&history).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn nothing_is_needed_of_the_state_directory() {
    let state = tempfile::tempdir().unwrap();
    let file = state.path().join("file");
    fs::write(&file, "no directory").unwrap();
    let mut terminal = Terminal::keeping(&file, &["-n", SAMPLE]);
    terminal.wait_for_text(ALL);
    terminal.keys("/port 53\r");
    terminal.wait_for_text("filter port 53");
    terminal.keys(":filter save a\r");
    terminal.wait_for_text("a is kept for this run only");
    terminal.keys("/ and port 1\r");
    terminal.wait_for_text("and port 1");
    terminal.keys(":filter a\r");
    terminal.wait_for("the filter of that name", |lines| {
        !lines[1].contains("and port 1")
    });
    terminal.quit();
    assert_eq!(fs::read_to_string(&file).unwrap(), "no directory");
}
