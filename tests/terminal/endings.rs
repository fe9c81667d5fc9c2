//! Ends and half-ends: a terminal that goes away, a signal in any view, keys
//! that arrive in pieces.

use std::time::Duration;

use super::SAMPLE;
use super::harness::Terminal;

fn open() -> Terminal {
    let mut terminal = Terminal::start(80, 24, &["-n", SAMPLE]);
    terminal.wait_for_text(" of 1,4");
    terminal
}

#[test]
fn it_ends_when_its_terminal_goes_away() {
    assert_eq!(open().hang_up(), 129);
}

#[test]
fn a_signal_restores_the_screen_from_every_view() {
    for (keys, sign) in [
        ("/port 5", "/port 5"),
        ("\r", "Paired"),
        ("?", "move by half a page"),
        ("2", "unmatched flows"),
    ] {
        for (signal, code) in [("TERM", 143), ("HUP", 129)] {
            let mut terminal = open();
            terminal.keys(keys);
            terminal.wait_for_text(sign);
            terminal.signal(signal);
            assert_eq!(terminal.wait_exit(), code, "{signal} with {sign}");
            terminal.assert_restored();
        }
    }
}

#[test]
fn an_arrow_that_arrives_in_pieces_ends_nothing() {
    let mut terminal = open();
    for piece in ["\x1b", "[", "B"] {
        terminal.keys(piece);
        terminal.settle(Duration::from_millis(150));
    }
    terminal.keys("2");
    terminal.wait_for_text("unmatched flows");
    terminal.quit();
}

#[test]
fn it_opens_on_any_size() {
    for (columns, rows, words) in [(60, 15, "Destination"), (40, 10, "too small"), (1, 1, "")] {
        let mut terminal = Terminal::start(columns, rows, &["-n", SAMPLE]);
        terminal.wait_for(words, |lines| {
            let text = lines.concat();
            !text.trim().is_empty() && text.contains(words)
        });
        terminal.keys("j\rG?2q");
        assert_eq!(terminal.wait_exit(), 0, "{columns}x{rows}");
        terminal.assert_restored();
    }
}
