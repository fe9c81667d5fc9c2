//! A file that grows while one looks at it.

use std::fs;
use std::time::{Duration, Instant};

use super::harness::Terminal;
use super::streaming::{gzipped, line};
use super::support::append;

fn count(terminal: &mut Terminal, count: usize) {
    terminal.wait_for_text(&format!("{count} of {count} connections"));
}

fn selected(terminal: &mut Terminal, number: usize) {
    terminal.keys("\r");
    terminal.wait_for_text(&format!("10.0.0.{number}"));
    terminal.keys("\x1b");
    terminal.wait_for("the table", |lines| {
        lines[1].contains("connections") && !lines.concat().contains("Flow of the source")
    });
}

#[test]
fn new_rows_come_without_moving_what_one_looks_at() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.gz");
    append(
        &path,
        &(1..40)
            .flat_map(|number| gzipped(line(number)))
            .collect::<Vec<_>>(),
    );
    let mut terminal = Terminal::start(80, 24, &["-n", "--follow", path.to_str().unwrap()]);
    count(&mut terminal, 39);
    terminal.wait_for("the beat", |lines| {
        lines[0].contains("following, ") && lines[0].contains(" ago")
    });
    terminal.keys("jjj");
    let half = gzipped(line(40));
    append(&path, &half[..half.len() / 2]);
    std::thread::sleep(Duration::from_millis(500));
    append(&path, &half[half.len() / 2..]);
    let begun = Instant::now();
    count(&mut terminal, 40);
    // 300 ms on a machine that has nothing else to do
    assert!(
        begun.elapsed() < Duration::from_secs(3),
        "{:?}",
        begun.elapsed()
    );
    selected(&mut terminal, 4);
    assert!(
        !terminal.lines()[1].contains("reject"),
        "{:?}",
        terminal.lines()
    );
    // at the end one sees what comes
    terminal.keys("G");
    append(&path, &gzipped(line(41)));
    count(&mut terminal, 41);
    terminal.wait_for("the newest row", |lines| {
        lines.concat().contains("10.0.0.41")
    });
    selected(&mut terminal, 41);
    // its record is found in the file that was rotated
    fs::rename(&path, folder.path().join("x.gz.1")).unwrap();
    append(&path, &gzipped(line(42)));
    count(&mut terminal, 42);
    terminal.keys("k\r");
    terminal.wait_for("its record", |lines| lines.concat().contains("IP version"));
    let begun = Instant::now();
    terminal.quit();
    assert!(begun.elapsed() < Duration::from_secs(2));
}

#[test]
fn a_key_follows_a_file_that_was_only_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.gz");
    append(&path, &gzipped(line(1)));
    let half = gzipped(line(2));
    append(&path, &half[..half.len() / 2]);
    let mut terminal = Terminal::start(120, 24, &["-n", path.to_str().unwrap()]);
    count(&mut terminal, 1);
    terminal.wait_for_text("rejected lines 1");
    terminal.keys("f");
    terminal.wait_for("no reject any more", |lines| !lines[1].contains("reject"));
    append(&path, &half[half.len() / 2..]);
    count(&mut terminal, 2);
    fs::rename(&path, folder.path().join("x.gz.1")).unwrap();
    append(&path, b"");
    terminal.keys("\r");
    terminal.wait_for("its record", |lines| lines.concat().contains("IP version"));
    terminal.keys("\x1b");
    terminal.wait_for("the table", |lines| lines[1].contains("connections"));
    terminal.keys("f");
    terminal.wait_for("the name", |lines| lines[0].contains("x.gz"));
    append(&path, &gzipped(line(3)));
    std::thread::sleep(Duration::from_millis(600));
    count(&mut terminal, 2);
    terminal.keys("\x03");
    assert_eq!(terminal.wait_exit(), 0);
}

#[test]
fn a_pairing_that_needs_everything_does_not_follow() {
    let args = ["-n", "--pairing", "analyzer", super::SAMPLE];
    let mut terminal = Terminal::start(120, 24, &args);
    terminal.wait_for("the table", |lines| lines[1].contains(" connections"));
    terminal.keys("f");
    terminal.wait_for_text("cannot follow");
    terminal.quit();
}
