//! Every key of the catalogue does what it says, on a real export.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyModifiers};
use flowpeek::tui::keys::action::KEYS;

use super::SAMPLE;
use super::harness::Terminal;

/// The program ends.
const ENDS: &str = "(ends)";
/// The screen is drawn again.
const DRAWN: &str = "(drawn)";

/// A row of the catalogue, and keys with what is on the screen after each.
const STEPS: &[(&str, &[(&str, &str)])] = &[
    (
        "j k Up Down",
        &[
            ("j", "row 2 of"),
            ("\x1b[B", "row 3 of"),
            ("\x0e", "row 4 of"),
            ("k", "row 3 of"),
            ("\x1b[A", "row 2 of"),
            ("\x10", "row 1 of"),
        ],
    ),
    (
        "Ctrl-d Ctrl-u",
        &[("\x04", "row 13 of"), ("\x15", "row 1 of")],
    ),
    (
        "PgDn PgUp",
        &[
            ("\x1b[6~", "row 25 of"),
            ("\x06", "row 49 of"),
            ("\x1b[5~", "row 25 of"),
            ("\x02", "row 1 of"),
        ],
    ),
    ("Space", &[(" ", "row 25 of")]),
    (
        "g Home",
        &[
            ("jj", "row 3 of"),
            ("g", "row 1 of"),
            ("jj", "row 3 of"),
            ("\x1b[H", "row 1 of"),
        ],
    ),
    (
        "G End",
        &[
            ("G", "row 796 of"),
            ("g", "row 1 of"),
            ("\x1b[F", "row 796 of"),
        ],
    ),
    (
        "h l Left Right",
        &[
            ("l", "column 2 of"),
            ("\x1b[C", "column 3 of"),
            ("h", "column 2 of"),
            ("\x1b[D", "column 1 of"),
        ],
    ),
    ("/", &[("/", "Esc restores")]),
    ("Enter", &[("\r", "Flow of the source")]),
    (
        "J K",
        &[
            (
                "J",
                "that key is for the details of a row, which Enter shows",
            ),
            ("\rK", "there is no earlier row"),
            ("J", "Source            127.0.0.1"),
            ("K", "Source            104.156.149.6"),
        ],
    ),
    (
        "Esc",
        &[("/port 53\r", "[filter port 53]"), ("\x1b", "row 1 of 796")],
    ),
    (
        "u",
        &[("/port 53\r", "[filter port 53]"), ("u", "row 1 of 796")],
    ),
    (
        "[ ]",
        &[
            ("/port 53\r", "[filter port 53]"),
            ("u", "row 1 of 796"),
            ("[", "[filter port 53]"),
            ("]", "row 1 of 796"),
        ],
    ),
    (
        "= !",
        &[
            ("l=", "[filter service \"http\"]"),
            ("u!", "[filter not service \"http\"]"),
        ],
    ),
    ("#", &[("l#", "[find http]")]),
    (
        "n N",
        &[
            ("l#", "[find http]"),
            ("gN", "no more \"http\" above"),
            ("Gn", "no more \"http\" below"),
        ],
    ),
    (":", &[(":filter nosuch\r", "no filter is called nosuch")]),
    ("s", &[("llllls", "[by Pktsv]")]),
    ("S", &[("S", "[by Startv]")]),
    ("+ -", &[("+", "packets >= 20"), ("-", "packets >= 10")]),
    (
        "Tab Shift-Tab",
        &[("\t", " unmatched flows"), ("\x1b[Z", " connections")],
    ),
    (
        "a",
        &[
            ("a", "rows with few packets are shown"),
            ("a", "[packets >= 10"),
        ],
    ),
    (
        "1 2 3 4 5",
        &[
            ("2", " unmatched flows"),
            ("3", "groups by"),
            ("4", "over time"),
            ("5", "1 exporter"),
            ("1", " connections"),
        ],
    ),
    ("F", &[("F", "groups by minute")]),
    ("t", &[("4", "a bar is 1m00s"), ("t", "brush 2023-")]),
    (
        "z Z",
        &[
            ("4", "a bar is 1m00s"),
            ("z", "[zoomed 22:"),
            ("Z", "622 hidden]"),
        ],
    ),
    ("d", &[("d", "names are off (-n)")]),
    ("p", &[("p", "22:15:52 80 ")]),
    ("o", &[("o", "the source is the client")]),
    ("D", &[("D", "there are no duplicates to show")]),
    (
        "x",
        &[
            ("x", "no exporter tells of sampling"),
            ("x", "as they were exported"),
        ],
    ),
    (
        "f",
        &[
            ("f", "growing files are followed"),
            ("f", "not followed any more"),
        ],
    ),
    ("C", &[("C", "[x] Service")]),
    (
        "< >",
        &[("l>", "Service       Source"), ("<", "Service      Source")],
    ),
    ("H L", &[("L", "Start Source"), ("H", "Start Service")]),
    ("y Y", &[("y", "copied \""), ("Y", "copied the row")]),
    ("m", &[("m", "the mouse is on"), ("m", "the mouse is off")]),
    ("Ctrl-l", &[("\x0c", DRAWN)]),
    ("Ctrl-z", &[("\x1a", "no shell to suspend to")]),
    (
        "? F1",
        &[
            ("?", "move by a row"),
            ("\x1b", "row 1 of"),
            ("\x1bOP", "move by a row"),
        ],
    ),
    ("q Ctrl-c", &[("q", ENDS), ("\x03", ENDS)]),
];

fn open() -> Terminal {
    let mut terminal = Terminal::start(100, 30, &["-n", SAMPLE]);
    terminal.wait_for_text("row 1 of 796");
    // the name of the file stands there once all of it is loaded
    terminal.wait_for_text(SAMPLE);
    // and then the line of its traffic
    terminal.wait_for_text("▁");
    terminal
}

/// What a terminal sends for a key.
fn bytes(modifiers: KeyModifiers, code: KeyCode) -> String {
    let named = match code {
        KeyCode::Char(c) if modifiers.contains(KeyModifiers::CONTROL) => {
            return char::from(c as u8 & 0x1f).to_string();
        }
        KeyCode::Char(c) => return c.to_string(),
        KeyCode::Up => "\x1b[A",
        KeyCode::Down => "\x1b[B",
        KeyCode::Right => "\x1b[C",
        KeyCode::Left => "\x1b[D",
        KeyCode::Home => "\x1b[H",
        KeyCode::End => "\x1b[F",
        KeyCode::PageUp => "\x1b[5~",
        KeyCode::PageDown => "\x1b[6~",
        KeyCode::BackTab => "\x1b[Z",
        KeyCode::F(1) => "\x1bOP",
        KeyCode::Enter => "\r",
        KeyCode::Esc => "\x1b",
        KeyCode::Tab => "\t",
        code => panic!("what is sent for {code:?}?"),
    };
    named.to_owned()
}

#[test]
fn every_key_of_the_catalogue_does_what_it_says() {
    let mut label = "";
    for key in KEYS {
        label = if key.label.is_empty() {
            label
        } else {
            key.label
        };
        let steps = STEPS.iter().find(|row| row.0 == label);
        let (_, steps) = steps.unwrap_or_else(|| panic!("no step presses {label}"));
        for &(modifiers, code) in key.chords {
            let sent = bytes(modifiers, code);
            let pressed = steps.iter().any(|step| step.0.contains(&sent));
            assert!(pressed, "no step presses {code:?} of {label}");
        }
    }
    assert!(
        STEPS
            .iter()
            .all(|row| KEYS.iter().any(|key| key.label == row.0))
    );
    for (label, steps) in STEPS {
        let mut terminal = open();
        for (keys, words) in *steps {
            if *words == DRAWN {
                // all that is still to come has come
                terminal.settle(Duration::from_millis(1000));
            }
            terminal.keys(keys);
            match *words {
                DRAWN => {
                    let before = terminal.lines();
                    terminal.answer();
                    assert_eq!(terminal.lines(), before);
                }
                ENDS => {
                    assert_eq!(terminal.wait_exit(), 0, "{label}");
                    terminal.assert_restored();
                    terminal = open();
                }
                words => terminal.wait_for_text(words),
            }
        }
    }
}
