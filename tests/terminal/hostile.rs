//! Nothing from a file steers the terminal, whatever view it is shown in.

use std::io::Write;

use super::edges::page_to;
use super::harness::Terminal;

/// A line whose every text tries something.
const LINES: &str = concat!(
    r#"{"1700000000.0": {"client": ["\u001b[2J\u001b]0;owned\u0007127.0.0.1\u202e", 40000], "header": {"version": 9, "count": 2, "uptime": 5000000, "timestamp": 1700000000, "note\u001b[31m": 1}, "flows": ["#,
    r#"{"IPV4_SRC_ADDR": "10.1.0.47", "IPV4_DST_ADDR": "198.51.100.73", "FIRST_SWITCHED": 2702, "LAST_SWITCHED": 3102, "IN_BYTES": 1246, "IN_PKTS": 18, "L4_SRC_PORT": 40046, "L4_DST_PORT": 80, "PROTOCOL": 6, "TCP_FLAGS": "\u001b[999;999Hxx", "interfaceName": "eth0\u001b]0;owned\u0007\u001b[2J\u009b31mred\r\nnew line\ttab", "\u200bhidden\u001b]52;c;aGk=\u0007": "BIDIleft"}, "#,
    r#"{"IPV4_SRC_ADDR": "198.51.100.73", "IPV4_DST_ADDR": "10.1.0.47", "FIRST_SWITCHED": 2702, "LAST_SWITCHED": 3102, "IN_BYTES": 9138, "IN_PKTS": 11, "L4_SRC_PORT": 80, "L4_DST_PORT": 40046, "PROTOCOL": 6, "TCP_FLAGS": 27}]}}"#,
    "\n{\"\u{1b}[2J\": 1}\n"
);

#[test]
fn escape_sequences_stay_text() {
    let mut file = tempfile::Builder::new()
        .prefix("name\u{1b}]0;owned\u{7}\u{202e}")
        .tempfile()
        .unwrap();
    let lines = LINES.replace("BIDI", "\u{202e}\u{2066}\u{200b}");
    file.write_all(lines.as_bytes()).unwrap();
    let name = file.path().to_str().unwrap().to_owned();
    for (columns, rows) in [(120, 36), (80, 24)] {
        let mut terminal = Terminal::start(columns, rows, &["-n", &name]);
        terminal.wait_for_text("1 of 1 connections");
        terminal.wait_for_text("rejected lines 1");
        terminal.keys("\r");
        page_to(&mut terminal, "interfaceName");
        terminal.keys("G");
        terminal.wait_for_text("uptime");
        terminal.keys("2");
        terminal.wait_for_text("unmatched flows");
        terminal.keys("1/owned");
        terminal.wait_for_text("1 of 1 connections");
        terminal.keys("\rllllllllllllllllllll");
        terminal.wait_for_text("Exporter");
        assert_eq!(terminal.oddities(), [] as [&str; 0]);
        let hidden = "\u{202e}\u{2066}\u{200b}\u{9b}";
        let text = terminal.lines().concat();
        assert!(!text.contains(|c: char| hidden.contains(c)), "{text}");
        terminal.keys("q");
        assert_eq!(terminal.wait_exit(), 0);
        terminal.assert_restored();
    }
}
