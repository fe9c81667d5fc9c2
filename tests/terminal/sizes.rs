//! Terminals of sizes that no terminal has: it begins, draws, goes on when the size
//! is a usual one again, and ends with the terminal as it was.

use super::SAMPLE;
use super::harness::{Terminal, flowpeek};

const SIZES: [(u16, u16); 6] = [
    (65_535, 65_535),
    (0, 0),
    (1, 1),
    (65_535, 1),
    (1, 65_535),
    (0, 24),
];
/// Megabytes.
const MEMORY: u64 = 300;

#[test]
fn it_begins_and_ends_at_any_size() {
    for said in SIZES {
        let command = flowpeek(&["-n", SAMPLE]);
        let mut terminal = Terminal::spawn_unseen(said, (100, 30), command);
        if said == SIZES[0] {
            terminal.wait_written(0, "kerberos");
        } else {
            terminal.wait_written(0, "\x1b[?1049h");
        }
        // every key does at such a size what it does at any other
        terminal.keys("jG\r\x1b/port 443\r35?\x1b");
        terminal.keys("q");
        terminal.wait_written(0, "\x1b[?1049l");
        assert_eq!(terminal.wait_exit(), 0, "{said:?}");
        terminal.assert_restored();
    }
}

#[test]
fn from_any_size_it_comes_back_to_what_it_showed() {
    let mut terminal = Terminal::start(100, 30, &["-n", SAMPLE]);
    terminal.wait_for("the end", |lines| {
        lines[1].contains(" of 1,418") && !lines[0].contains("loading")
    });
    terminal.settle(std::time::Duration::from_millis(300));
    let screen = terminal.lines();
    for said in SIZES {
        let before = terminal.bytes.len();
        terminal.resize_unseen(said.0, said.1);
        terminal.keys("jk");
        if said == SIZES[0] {
            // more rows than there would be on any other
            terminal.wait_written(before, "kerberos");
        }
        terminal.resize(90, 25);
        terminal.resize(100, 30);
        terminal.wait_for(&format!("the screen as before {said:?}"), |lines| {
            lines == screen
        });
        let memory = terminal.most_memory();
        assert!(memory <= MEMORY, "{memory} MB at {said:?}");
    }
    terminal.quit();
}
