//! Sources, noise, and looks, as a person meets them.

use std::time::Duration;

use super::harness::{Terminal, flowpeek};
use super::{SAMPLE, commas, reported};

const HOSTILE: &str = "tests/data/hostile.json";

#[test]
fn sources_tell_of_files_exporters_and_rejects() {
    let mut terminal = Terminal::start(80, 24, &["-n", "--utc", SAMPLE, HOSTILE]);
    terminal.wait_for_text(" connections");
    terminal.keys("5");
    terminal.wait_for("sums", |lines| {
        lines[1].starts_with("2 files  1 exporter  2 rejected")
    });
    // 134 export packets were sent, and 133 are in the file
    terminal.wait_for("the loss", |lines| {
        let mut exporters = lines.iter().filter(|line| line.starts_with("127.0.0.1"));
        exporters.any(|line| line.contains("1 packet ") && line.contains("4,091"))
    });
    terminal.keys("G\r");
    // the text of the line, with what would steer the terminal spelled out
    terminal.wait_for_text(r"\u{1b}[31mcolour\u{1b}[0m and a bell \u{7}");
    assert!(terminal.oddities().is_empty(), "{:?}", terminal.oddities());
    terminal.keys("\x1b");
    terminal.wait_for_text("Exporters");
    terminal.keys("gjj\r");
    terminal.wait_for_text("1 packet in 1 gap of the sequence numbers");
    // from a pane to another view, and by Tab around
    terminal.keys("1");
    terminal.wait_for_text(" of 1,418 connections");
    terminal.keys("\x1b[Z");
    terminal.wait_for_text("Exporters");
    // keys for tables are explained
    terminal.keys("s");
    terminal.wait_for_text("1 shows the connections");
    terminal.quit();
}

#[test]
fn a_shows_the_noise_and_hides_it() {
    let mut terminal = Terminal::start(80, 24, &["-n", SAMPLE]);
    let counts = |least| {
        let shown = reported(&["--show", "unmatched", "-p", least]);
        let total = reported(&["--show", "unmatched", "-p", "0"]);
        format!("{} of {} unmatched flows", commas(shown), commas(total))
    };
    terminal.keys("2");
    terminal.wait_for_text(&counts("10"));
    terminal.keys("a");
    terminal.wait_for_text(&counts("0"));
    // as many as the report finds
    for reason in ["one-way", "near miss", "scan", "multicast", "ping"] {
        let filter = format!("reason \"{reason}\"");
        let count = reported(&["--show", "unmatched", "-p", "0", "--filter", &filter]);
        terminal.wait_for_text(&format!("{reason} {}", commas(count)));
    }
    terminal.keys("a");
    terminal.wait_for_text(&counts("10"));
    terminal.wait_for_text("packets >= 10");
}

#[test]
fn ascii_means_ascii() {
    let mut terminal = Terminal::start(
        60,
        15,
        &["-n", "--ascii", SAMPLE, "tests/data/pmacctd-ipfix.gz"],
    );
    terminal.wait_for_text(" connections");
    for keys in ["lll", "2", "\r", "\x1b", "5", "?", "\x1b", "1/host ::\r"] {
        terminal.keys(keys);
        terminal.settle(Duration::from_millis(300));
    }
    let beyond: Vec<&u8> = terminal
        .bytes
        .iter()
        .filter(|byte| !byte.is_ascii())
        .collect();
    assert!(beyond.is_empty(), "{} bytes beyond ASCII", beyond.len());
}

/// The colours of the characters on a screen.
fn colours(args: &[&str], told: &str) -> Vec<vt100::Color> {
    let mut command = flowpeek(&[args, &["-n", SAMPLE]].concat());
    command.env("COLORFGBG", told);
    let mut terminal = Terminal::spawn(80, 24, command);
    terminal.wait_for_text("796 of 1,418 connections");
    terminal.settle(Duration::from_millis(300));
    let screen = terminal.screen();
    let cells = (0..24).flat_map(|row| (0..80).map(move |column| (row, column)));
    let mut colours = Vec::new();
    for (row, column) in cells {
        let colour = screen.cell(row, column).unwrap().fgcolor();
        if !colours.contains(&colour) {
            colours.push(colour);
        }
    }
    colours
}

#[test]
fn colours_follow_the_background() {
    use vt100::Color::Idx;
    // by what was said, else by what the terminal says; cyan is for both
    for (args, told, has, lacks) in [
        (&[][..], "", Idx(6), Idx(4)),
        (&["--theme", "light"], "", Idx(4), Idx(6)),
        (&["--theme", "dark"], "0;15", Idx(14), Idx(4)),
        (&[], "15;0", Idx(14), Idx(6)),
        (&["--theme", "auto"], "0;15", Idx(4), Idx(6)),
    ] {
        let colours = colours(args, told);
        assert!(colours.contains(&has), "{args:?} {told}: {colours:?}");
        assert!(!colours.contains(&lacks), "{args:?} {told}: {colours:?}");
    }
}

#[test]
fn a_small_terminal_says_so_and_recovers() {
    let mut terminal = Terminal::start(80, 24, &["-n", SAMPLE]);
    terminal.wait_for_text(" of 1,418 connections");
    terminal.resize(50, 10);
    terminal.wait_for_text("50x10, needs 60x15");
    terminal.resize(60, 15);
    terminal.wait_for_text(" of 1,418 connections");
    terminal.quit();
}
