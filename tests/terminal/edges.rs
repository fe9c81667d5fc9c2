//! Exports made to hurt: in no view does a byte of theirs steer the terminal.

use std::path::PathBuf;
use std::time::Duration;

use super::harness::Terminal;
use super::support;

/// Sequences that stand in the files and that the program never writes itself.
const PAYLOADS: [&str; 5] = [
    "\x1b]0;",
    "\x1b[31m",
    "\x1b[999;999H",
    "\u{9b}",
    "\x1b[2J\x1b]",
];

fn edge(name: &str) -> Option<PathBuf> {
    Some(support::exports()?.join("edge").join(name))
}

/// Characters that hide or reorder what stands beside them.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{9f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\0' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// Everything that was ever written, not only what the last screen shows.
#[track_caller]
fn assert_clean(terminal: &Terminal) {
    assert_eq!(terminal.oddities(), [] as [&str; 0]);
    let written = String::from_utf8(terminal.bytes.clone()).unwrap();
    for payload in PAYLOADS {
        assert!(!written.contains(payload), "{payload:?} was written");
    }
    let hidden = written.chars().find(|&c| is_hidden(c));
    assert_eq!(hidden, None, "in {written:?}");
}

/// Pages on until a text is there.
#[track_caller]
pub fn page_to(terminal: &mut Terminal, text: &str) {
    for _ in 0..10 {
        if terminal.lines().iter().any(|line| line.contains(text)) {
            return;
        }
        terminal.keys("\x1b[6~");
        terminal.settle(Duration::from_millis(100));
    }
    panic!("no {text} in\n{}", terminal.lines().join("\n"));
}

/// Every view, and every column of it; what would steer is written out in the detail.
fn look_everywhere(terminal: &mut Terminal, made_visible: &str) {
    let far = "l".repeat(20);
    terminal.keys(&far);
    terminal.wait_for_text("Exporter");
    terminal.keys("\r");
    terminal.wait_for_text("Paired");
    page_to(terminal, made_visible);
    terminal.keys("G");
    terminal.wait_for_text("source_id");
    terminal.keys("2");
    terminal.wait_for_text("unmatched flows");
    terminal.keys(&far);
    terminal.wait_for_text("Exporter");
    terminal.keys("1/owned");
    terminal.wait_for_text("/owned");
    terminal.keys("\x1b");
    terminal.wait_for("the footer", |lines| {
        lines.last().unwrap().contains("/ filter")
    });
}

#[test]
fn hostile_exports_are_shown_and_steer_nothing() {
    for (name, count, made_visible) in [
        ("escape-sequences.gz", "5 of 5 connections", r"eth0\u"),
        ("bidi-and-c1.gz", "1 of 1 connections", r"left\u{"),
    ] {
        let Some(file) = edge(name) else {
            return;
        };
        for (columns, rows) in [(120, 36), (80, 24)] {
            let args = ["-n", file.to_str().unwrap()];
            let mut terminal = Terminal::start(columns, rows, &args);
            terminal.wait_for_text(count);
            look_everywhere(&mut terminal, made_visible);
            terminal.quit();
            assert_clean(&terminal);
        }
    }
}

#[test]
fn what_is_pasted_is_text_too() {
    let mut terminal = Terminal::start(80, 24, &["-n", super::SAMPLE]);
    terminal.wait_for_text(" of 1,4");
    terminal.keys("/\x1b[200~service\u{202e} https\n\x1b]0;owned\u{7}\u{9b}31m\x1b[201~");
    terminal.wait_for_text("owned");
    terminal.keys("\x1b");
    terminal.wait_for("the footer", |lines| {
        lines.last().unwrap().contains("/ filter")
    });
    terminal.quit();
    assert_clean(&terminal);
}

#[test]
fn what_is_copied_found_and_filtered_by_is_clean() {
    let Some(file) = edge("escape-sequences.gz") else {
        return;
    };
    let mut terminal = Terminal::start(120, 36, &["-n", file.to_str().unwrap()]);
    terminal.wait_for_text("5 of 5 connections");
    // every column of every row: copied, looked for, filtered by
    for _ in 0..5 {
        for _ in 0..20 {
            terminal.keys("yY#=u!ul");
        }
        terminal.keys("hhhhhhhhhhhhhhhhhhhhj");
    }
    terminal.wait_for_text("row 5 of 5");
    terminal.quit();
    let (mut copies, mut others) = (0, Vec::new());
    for oddity in terminal.oddities() {
        match oddity.strip_prefix("clipboard ") {
            Some(base64) => {
                let text = super::grid::decoded(base64);
                assert!(
                    !text.chars().any(|c| c.is_control() && c != '\t'),
                    "{text:?}"
                );
                copies += 1;
            }
            None => others.push(oddity),
        }
    }
    assert!(copies > 100, "{copies}");
    assert!(others.is_empty(), "{others:?}");
}
