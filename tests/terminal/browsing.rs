//! Looking around: counts, moving, sorting, filtering, detail, views, help.

use std::time::Duration;

use super::harness::Terminal;
use super::{SAMPLE, commas, path, reported};

const SIZES: [(u16, u16); 2] = [(120, 36), (80, 24)];
/// Lines before the first row: title, status, traffic, header.
const ABOVE: usize = 4;
/// Lines after the last one: totals, footer.
const BELOW: usize = 2;

fn open(columns: u16, rows: u16) -> Terminal {
    let mut terminal = Terminal::start(columns, rows, &["-n", SAMPLE]);
    terminal.wait_for_text(&count_line("10", &[]));
    terminal
}

fn count_line(least: &str, filter: &[&str]) -> String {
    let shown = reported(&[&["-p", least], filter].concat());
    let total = reported(&["-p", "0"]);
    format!("{} of {} connections", commas(shown), commas(total))
}

/// The rows on the screen.
fn rows(terminal: &Terminal) -> Vec<String> {
    let lines = terminal.lines();
    lines[ABOVE..lines.len() - BELOW].to_vec()
}

/// The line of the screen that is shown in reverse.
fn selected(terminal: &Terminal) -> Option<usize> {
    let screen = terminal.screen();
    let (height, _) = screen.size();
    (ABOVE as u16..height.get() - BELOW as u16)
        .find(|&row| screen.cell(row, 0).is_some_and(vt100::Cell::inverse))
        .map(usize::from)
}

#[test]
fn it_opens_and_counts() {
    for (columns, height) in SIZES {
        let terminal = open(columns, height);
        let header = &terminal.lines()[3];
        for name in [
            "Start",
            "Service",
            "Source",
            "Destination",
            "Bytes",
            "Pkts",
            "Duration",
        ] {
            assert!(header.contains(name), "{name} at {columns}: {header}");
        }
        let width = header.trim_end().len();
        assert!(width <= usize::from(columns), "{header}");
        assert_eq!(rows(&terminal).len(), usize::from(height) - ABOVE - BELOW);
        assert!(terminal.oddities().is_empty());
    }
}

#[test]
fn the_keys_move_the_selection() {
    for (columns, height) in SIZES {
        let mut terminal = open(columns, height);
        assert_eq!(selected(&terminal), Some(ABOVE));
        let first = rows(&terminal)[0].clone();
        terminal.keys("jj");
        wait_selected(&mut terminal, ABOVE + 2);
        terminal.keys("k\x1b[B\x1b[B");
        wait_selected(&mut terminal, ABOVE + 3);
        terminal.keys("G");
        terminal.wait_for("the last rows", |lines| !lines.contains(&first));
        wait_selected(&mut terminal, usize::from(height) - BELOW - 1);
        terminal.keys("g");
        terminal.wait_for("the first row", |lines| lines[ABOVE] == first);
        wait_selected(&mut terminal, ABOVE);
        let page = rows(&terminal);
        terminal.keys("\x1b[6~");
        terminal.wait_for("the next page", |lines| lines[ABOVE] != page[0]);
        terminal.keys("\x1b[5~");
        terminal.wait_for("the first page", |lines| lines[ABOVE] == page[0]);
    }
}

#[track_caller]
fn wait_selected(terminal: &mut Terminal, line: usize) {
    for _ in 0..100 {
        if selected(terminal) == Some(line) {
            return;
        }
        terminal.settle(std::time::Duration::from_millis(20));
    }
    panic!("line {line} is not selected but {:?}", selected(terminal));
}

#[test]
fn scrolling_writes_little_and_leaves_the_screen_right() {
    let mut terminal = open(120, 52);
    terminal.keys("\x1b[6~\x1b[6~");
    terminal.answer();
    for (keys, most) in [
        ("j", 700),
        ("k", 700),
        ("jjjj", 2800),
        ("\x04", 9000),
        ("\x15\x15", 20_000),
    ] {
        let before = terminal.written;
        terminal.keys(keys);
        terminal.answer();
        let bytes = terminal.written - before;
        assert!((1..most).contains(&bytes), "{bytes} bytes for {keys:?}");
        let scrolled = terminal.lines();
        let selection = selected(&terminal);
        terminal.keys("\x0c");
        terminal.answer();
        assert_eq!(terminal.lines(), scrolled, "after {keys:?}");
        assert_eq!(selected(&terminal), selection, "after {keys:?}");
    }
}

/// Octets of a cell such as `1.2 kB`, rounded as it is.
fn octets(row: &str) -> f64 {
    let words: Vec<&str> = row.split_whitespace().collect();
    let at = words
        .iter()
        .position(|word| word.ends_with('B') && word.len() <= 2)
        .unwrap();
    let unit = ["B", "kB", "MB", "GB"]
        .iter()
        .position(|unit| *unit == words[at])
        .unwrap();
    words[at - 1].parse::<f64>().unwrap() * 1000f64.powi(unit as i32)
}

#[test]
fn any_column_sorts() {
    for (columns, height) in SIZES {
        let mut terminal = open(columns, height);
        terminal.keys("lllls");
        terminal.wait_for("the mark of the order", |lines| lines[3].contains("Bytesv"));
        terminal.wait_for("the biggest first", |lines| {
            let sizes: Vec<f64> = lines[ABOVE..ABOVE + 10]
                .iter()
                .map(|row| octets(row))
                .collect();
            sizes[0] > 1e6 && sizes.windows(2).all(|two| two[0] >= two[1])
        });
        terminal.keys("S");
        terminal.wait_for("the smallest first", |lines| {
            let sizes: Vec<f64> = lines[ABOVE..ABOVE + 10]
                .iter()
                .map(|row| octets(row))
                .collect();
            sizes[0] < 1000.0 && sizes.windows(2).all(|two| two[0] <= two[1])
        });
    }
}

#[test]
fn a_filter_applies_as_it_is_typed() {
    for (columns, height) in SIZES {
        let mut terminal = open(columns, height);
        let all = count_line("10", &[]);
        terminal.keys("/service https");
        let https = count_line("10", &["--filter", "service https"]);
        terminal.wait_for_text(&https);
        terminal.keys(" and port >");
        terminal.wait_for_text("^ expected a number");
        terminal.settle(std::time::Duration::from_millis(200));
        assert!(
            terminal.lines()[1].contains(&https),
            "the last valid rows stay: {https}\n{}",
            terminal.lines().join("\n")
        );
        terminal.keys("\x1b");
        terminal.wait_for_text(&all);
        terminal.keys("/proto udp and bytes > 1k\r");
        let udp = count_line("10", &["--filter", "proto udp and bytes > 1k"]);
        terminal.wait_for_text(&udp);
        terminal.wait_for("the footer again", |lines| {
            lines.last().unwrap().contains("/ filter")
        });
        terminal.keys("\x1b");
        terminal.wait_for_text(&all);
        // a lone Esc never quits
        terminal.keys("\x1b");
        terminal.settle(std::time::Duration::from_millis(300));
        terminal.keys("j");
        wait_selected(&mut terminal, ABOVE + 1);
    }
}

#[test]
fn the_threshold_goes_up_and_down() {
    let mut terminal = open(80, 24);
    for (key, least) in [
        ("+", "20"),
        ("+", "50"),
        ("-", "20"),
        ("---", "2"),
        ("--", "0"),
    ] {
        terminal.keys(key);
        terminal.wait_for_text(&count_line(least, &[]));
    }
}

#[test]
fn the_detail_has_every_field_of_both_flows() {
    for (columns, height) in SIZES {
        let mut terminal = open(columns, height);
        terminal.keys("\r");
        terminal.wait_for_text("Paired  ");
        terminal.wait_for_text("TCP flags");
        // side by side where there is room, one below the other where there is not
        let mut seen = 0;
        for _ in 0..8 {
            let keys = ["IN_BYTES", "FIRST_SWITCHED", "IPV4_SRC_ADDR"];
            let lines = terminal.lines();
            seen += keys
                .map(|key| {
                    lines
                        .iter()
                        .map(|line| line.matches(key).count())
                        .sum::<usize>()
                })
                .iter()
                .sum::<usize>();
            terminal.keys("\x04");
            terminal.settle(Duration::from_millis(200));
        }
        assert!(seen >= 6, "{seen} keys of two records at {columns}");
        terminal.keys("G");
        terminal.wait_for_text("source_id");
        terminal.keys("\x1b");
        terminal.wait_for("the table again", |lines| lines[3].contains("Destination"));
    }
}

#[test]
fn unmatched_flows_have_reasons() {
    for (columns, height) in SIZES {
        let mut terminal = open(columns, height);
        let shown = reported(&["--show", "unmatched", "-p", "10"]);
        let total = reported(&["--show", "unmatched", "-p", "0"]);
        for key in ["\t", "\x1b[Z", "2"] {
            terminal.keys(key);
            let wanted = if key == "\x1b[Z" {
                " connections"
            } else {
                " unmatched flows"
            };
            terminal.wait_for_text(wanted);
        }
        terminal.wait_for_text(&format!(
            "{} of {} unmatched flows",
            commas(shown),
            commas(total)
        ));
        terminal.wait_for_text("Reason");
        for reason in ["one-way", "multicast"] {
            terminal.wait_for_text(reason);
        }
        terminal.keys("\r");
        terminal.wait_for_text("Unmatched  ");
        terminal.wait_for_text("Nearest  ");
        terminal.keys("\x06");
        terminal.wait_for_text("FIRST_SWITCHED");
    }
}

#[test]
fn the_help_lists_the_keys() {
    for (columns, height) in SIZES {
        let mut terminal = open(columns, height);
        terminal.keys("?");
        terminal.wait_for_text("sort by the column under the cursor");
        terminal.wait_for_text("Ctrl-d Ctrl-u");
        terminal.keys("?");
        terminal.wait_for("the table again", |lines| lines[3].contains("Destination"));
    }
}

#[test]
fn it_reads_standard_input() {
    for (columns, height) in SIZES {
        for (cat, args) in [
            (false, &["-n", "-"][..]),
            (false, &["-n"]),
            (true, &["-n", "-"]),
        ] {
            let mut terminal = Terminal::piped(columns, height, args, &path(SAMPLE), cat);
            terminal.wait_for_text(&count_line("10", &[]));
            terminal.keys("/port 53\r");
            terminal.wait_for_text(&count_line("10", &["--filter", "port 53"]));
            terminal.keys("\r");
            terminal.wait_for_text("TCP flags");
            terminal.keys("\x06");
            terminal.wait_for_text("FIRST_SWITCHED");
            terminal.quit();
        }
    }
}

#[test]
fn a_filter_of_the_command_line_is_told_and_cleared_like_any_other() {
    for (columns, height) in SIZES {
        let filter = "service https";
        let mut terminal = Terminal::start(columns, height, &["-n", "--filter", filter, SAMPLE]);
        terminal.wait_for_text(&count_line("10", &["--filter", filter]));
        terminal.wait_for("the filter in force", |lines| {
            lines[1].contains("filter service https")
        });
        terminal.keys("\x1b");
        terminal.wait_for_text(&count_line("10", &[]));
    }
}

#[test]
fn the_status_line_tells_of_everything_in_force_even_when_it_is_short() {
    let rejected = path("tests/terminal/browsing.rs");
    let args = ["-n", "--sort", "duration:desc", SAMPLE];
    for (columns, height) in [(80, 24), (60, 15)] {
        let mut terminal = Terminal::start(
            columns,
            height,
            &[&args[..], &[rejected.to_str().unwrap()]].concat(),
        );
        terminal.wait_for_text(" of 1,418 ");
        terminal.keys("/service https\r");
        terminal.wait_for("count, threshold, order, rejects and filter", |lines| {
            let told = |word: &str| lines[1].contains(word);
            told(" of 1,418") && told("10") && told("Duration") && told("reject") && told("[/ ser")
        });
    }
}

#[test]
fn esc_and_the_key_after_it_count_even_in_one_piece() {
    let mut terminal = open(80, 24);
    let all = count_line("10", &[]);
    terminal.keys("/service https");
    terminal.wait_for_text(&count_line("10", &["--filter", "service https"]));
    terminal.keys("\x1bj");
    terminal.wait_for_text(&all);
    wait_selected(&mut terminal, ABOVE + 1);
}
