//! The terminal is given back, however the program ends.

use std::time::Duration;

use super::harness::{Terminal, flowpeek, program};
use super::{SAMPLE, commas, reported};

fn open(columns: u16, rows: u16) -> Terminal {
    let mut terminal = Terminal::start(columns, rows, &["-n", SAMPLE]);
    terminal.wait_for_text(" connections");
    assert!(terminal.screen().alternate_screen());
    terminal
}

#[test]
fn quitting_restores_the_screen() {
    for key in ["q", "\x03"] {
        let mut terminal = open(80, 24);
        terminal.keys(key);
        assert_eq!(terminal.wait_exit(), 0);
        terminal.assert_restored();
    }
}

#[test]
fn signals_restore_the_screen() {
    for (name, code) in [
        ("TERM", 143),
        ("HUP", 129),
        ("INT", 130),
        ("QUIT", 131),
        ("ALRM", 142),
        ("USR1", 138),
        ("USR2", 140),
        ("ABRT", 134),
        ("XCPU", 152),
        ("XFSZ", 153),
    ] {
        let mut terminal = open(80, 24);
        terminal.signal(name);
        assert_eq!(terminal.wait_exit(), code, "{name}");
        terminal.assert_restored();
    }
}

#[test]
fn a_dumb_terminal_is_not_drawn_on() {
    let mut command = program("env");
    command.args(["TERM=dumb", env!("CARGO_BIN_EXE_flowpeek"), SAMPLE]);
    let mut terminal = Terminal::spawn(160, 24, command);
    assert_eq!(terminal.wait_exit(), 1);
    assert!(
        terminal
            .lines()
            .join(" ")
            .contains("flowpeek report prints instead")
    );
}

#[test]
fn keys_are_no_data() {
    let mut terminal = Terminal::start(80, 24, &["-"]);
    assert_eq!(terminal.wait_exit(), 2);
    assert!(
        terminal
            .lines()
            .join(" ")
            .contains("standard input is the keyboard")
    );
}

#[test]
fn it_follows_the_size_of_the_terminal() {
    let mut terminal = open(80, 24);
    terminal.resize(120, 36);
    terminal.wait_for("a wider header", |lines| lines[3].contains("Bytes <"));
    terminal.resize(40, 10);
    terminal.wait_for_text("too small");
    terminal.resize(60, 15);
    terminal.wait_for("the table again", |lines| lines[2].contains("Destination"));
    terminal.quit();
}

#[test]
fn a_key_pressed_while_the_size_changes_is_not_lost() {
    let mut terminal = open(80, 24);
    // before there are rows there is nothing to move
    terminal.wait_for_text(" of 1,418 connections");
    let inverse = |terminal: &Terminal, row| {
        let cell = terminal.screen().cell(row, 0);
        cell.is_some_and(vt100::Cell::inverse)
    };
    for turn in 0..60 {
        terminal.resize(80 + turn % 2, 24);
        let (key, row) = if turn % 2 == 0 { ("j", 5) } else { ("k", 4) };
        terminal.keys(key);
        let until = std::time::Instant::now() + super::harness::PATIENCE;
        while !inverse(&terminal, row) {
            assert!(
                std::time::Instant::now() < until,
                "{key} is lost in turn {turn}"
            );
            terminal.settle(Duration::from_millis(5));
        }
    }
}

#[test]
fn what_cannot_be_read_leaves_the_terminal_alone() {
    for (file, words) in [("no-such-file", "No such file"), ("/dev/null", "empty")] {
        let mut terminal = Terminal::start(80, 24, &[file]);
        assert_eq!(terminal.wait_exit(), 1);
        terminal.wait_for_text(words);
        assert!(!terminal.screen().alternate_screen());
        let said = terminal
            .lines()
            .iter()
            .filter(|line| !line.is_empty())
            .count();
        assert_eq!(said, 1, "one line: {:?}", terminal.lines());
    }
}

#[test]
fn a_file_that_cannot_be_read_is_told_of_beside_those_that_can() {
    let long = "long".repeat(50);
    for (missing, words) in [
        (&["no-such-file"][..], "no-such-file: No such file"),
        (
            &["none", "nor-this"],
            "2 cannot be read: none: No such file",
        ),
        (&[&long, "none"], "2 cannot be read: …"),
        (&[&long], "longlong: No such file or directory"),
    ] {
        let mut terminal = Terminal::start(80, 24, &[missing, &["-n", SAMPLE]].concat());
        terminal.wait_for("rows, and what is missing", |lines| {
            lines[1].contains(" connections") && lines[23].contains(words)
        });
        terminal.keys("j");
        // the notice of it goes, its number stays
        terminal.wait_for("the keys", |lines| {
            lines[23].contains("filter") && lines[1].contains("unread files ")
        });
        terminal.quit();
    }
}

#[test]
fn without_colours_the_selection_is_still_seen() {
    let mut command = flowpeek(&["-n", SAMPLE]);
    command.env("NO_COLOR", "1");
    let mut terminal = Terminal::spawn(80, 24, command);
    terminal.wait_for_text(" connections");
    terminal.settle(Duration::from_millis(300));
    let screen = terminal.screen();
    // all of the row, and the view's name
    let is_selected = |column| screen.cell(4, column).is_some_and(vt100::Cell::inverse);
    assert!((0..70).all(is_selected));
    let title = screen.contents_between(0, 0, 0, 80).find("1 Connections");
    let title = u16::try_from(title.unwrap()).unwrap();
    assert!(screen.cell(0, title).is_some_and(vt100::Cell::inverse));
    assert!(
        screen.cell(3, 3).is_some_and(vt100::Cell::bold),
        "the header"
    );
    let coloured = (0..24).flat_map(|row| (0..80).map(move |column| (row, column)));
    for (row, column) in coloured {
        let cell = screen.cell(row, column).unwrap();
        assert_eq!(cell.fgcolor(), vt100::Color::Default, "{row} {column}");
    }
}

#[test]
fn a_terminal_that_does_not_read_utf8_gets_none() {
    for (locale, ascii, is_plain) in [
        ("C", "", true),
        ("de_DE.ISO-8859-1", "", true),
        ("de_DE.utf8", "", false),
        // who says something knows better
        ("C", "no", false),
        ("de_DE.utf8", "yes", true),
    ] {
        let mut command = flowpeek(&["-n", SAMPLE]);
        command.env("LC_ALL", locale);
        command.env("FLOWPEEK_ASCII", ascii);
        let mut terminal = Terminal::spawn(80, 24, command);
        terminal.wait_for("the line of traffic", |lines| lines[2].contains('['));
        let is_ascii = terminal.lines().concat().is_ascii();
        assert_eq!(is_ascii, is_plain, "{locale}");
        terminal.quit();
    }
}

#[test]
fn suspended_it_gives_the_terminal_back_and_takes_it_again() {
    stopped_and_continued(|terminal, _| terminal.keys("\x1a"));
}

#[test]
fn stopped_by_another_program_it_gives_the_terminal_back_too() {
    stopped_and_continued(|_, process| {
        let mut kill = std::process::Command::new("kill");
        assert!(kill.args(["-TSTP", process]).status().unwrap().success());
    });
}

/// Has it stopped somehow, by who is told its process; a shell goes on with it.
fn stopped_and_continued(stop: impl Fn(&mut Terminal, &str)) {
    let folder = tempfile::tempdir().unwrap();
    let note = folder.path().join("process");
    let mut command = program("sh");
    // a shell with job control: it is told when the program stops, and goes on with it
    let script = "set -m; sh -c 'echo $$ >\"$1\"; exec \"$0\" -n assets/sample.gz' \"$0\" \"$1\"; \
        echo stopped; fg >/dev/null; echo left $?";
    command.args(["-c", script, env!("CARGO_BIN_EXE_flowpeek")]);
    command.arg(&note);
    let mut terminal = Terminal::spawn(80, 24, command);
    let count = format!("of {} connections", commas(reported(&["-p", "0"])));
    terminal.wait_for_text(&count);
    let process = std::fs::read_to_string(&note).unwrap();
    stop(&mut terminal, process.trim());
    terminal.settle(Duration::from_millis(500));
    terminal.wait_for_text(&count);
    terminal.keys("j");
    terminal.settle(Duration::from_millis(500));
    assert!(
        terminal.screen().alternate_screen(),
        "{:?}",
        terminal.lines()
    );
    terminal.keys("q");
    terminal.wait_for_text("left 0");
    assert!(terminal.lines().iter().any(|line| line.contains("stopped")));
    terminal.assert_restored();
}
