//! What breaks while it works: a device that fails in the middle, a disk that is full,
//! an end that comes while a file is written or followed. What was read stays, what
//! was being written is there whole or not at all, and the terminal is given back.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::Command;

use portable_pty::{PtySize, native_pty_system};

use super::harness::{Terminal, program};
use super::streaming::line;
use super::support::{Promise, command, skip};
use super::{SAMPLE, path};

#[test]
fn a_device_that_fails_in_the_middle_leaves_what_came_before() {
    // a terminal that went away is read as an error (EIO), and not as an end
    let device = native_pty_system().openpty(PtySize::default()).unwrap();
    let name = device.master.tty_name().unwrap();
    // without a sign for the end: the writer would send a newline and that when it is dropped
    let raw = Command::new("stty")
        .args(["raw", "-echo", "eof", "undef", "-F"])
        .arg(&name)
        .status();
    assert!(raw.unwrap().success());
    let mut terminal = Terminal::start(100, 30, &["-n", "-p", "0", name.to_str().unwrap()]);
    let mut writer = device.master.take_writer().unwrap();
    for number in 1..4 {
        writer.write_all(&line(number)).unwrap();
    }
    writer.write_all(&line(4)[..100]).unwrap();
    terminal.wait_for_text("3 of 3 connections");
    drop((writer, device));
    terminal.wait_for("the loss", |lines| lines[1].contains("rejected lines 1"));
    terminal.keys("5G");
    terminal.wait_for_text("Input/output error");
    terminal.wait_for_text("behind byte");
    terminal.keys("1");
    terminal.wait_for_text("3 of 3 connections");
    terminal.quit();
}

/// How a file system of its own may be had here, as root or as root of a user
/// namespace of one's own.
fn unshare() -> Option<&'static [&'static str]> {
    let ways: [&[&str]; 2] = [&["-m"], &["-r", "-m"]];
    let works = |way: &&&[&str]| {
        let script = "mount -t tmpfs -o size=16k none /mnt";
        let tried = Command::new("unshare")
            .args(**way)
            .args(["sh", "-c", script])
            .output();
        tried.is_ok_and(|out| out.status.success())
    };
    ways.iter().find(works).copied()
}

#[test]
fn a_full_disk_ends_a_copy_and_an_export_and_nothing_else() {
    let Some(way) = unshare() else {
        return skip(Promise::Nobody, "no mount namespaces here");
    };
    let folder = tempfile::tempdir().unwrap();
    let full = folder.path().to_str().unwrap();
    let script = format!(
        "mount -t tmpfs -o size=16k none {full} && cat {SAMPLE} | TMPDIR={full} \"$0\" -n; \
         code=$?; ls -A {full} | wc -l; exit $code"
    );
    let mut command = program("unshare");
    command.args(way);
    command.args(["sh", "-c", &script, env!("CARGO_BIN_EXE_flowpeek")]);
    let mut terminal = Terminal::spawn(100, 30, command);
    terminal.wait_for_text(" of 1,418 connections");
    terminal.wait_for("the end", |lines| !lines[0].contains("loading"));
    // its record was not copied any more
    terminal.keys("G\r");
    terminal.wait_for_text("or the disk is full");
    terminal.keys("\x1b");
    terminal.keys(&format!(":w {full}/rows.csv\r"));
    terminal.wait_for_text("No space left on device");
    terminal.keys("\x1bq");
    assert_eq!(terminal.wait_exit(), 0);
    terminal.assert_restored();
    // neither the file nor a piece of it
    let lines = terminal.lines();
    assert!(lines.iter().any(|line| line.trim() == "0"), "{lines:?}");
}

#[test]
fn a_report_on_a_full_disk_says_so() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let out = command()
        .args(["report", "-n"])
        .arg(path(SAMPLE))
        .stdout(full)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(1), "{said}");
    assert!(said.contains("No space left on device"), "{said}");
}

/// Rows enough to be written for a while.
fn many(file: &Path) {
    let sample = fs::read(path(SAMPLE)).unwrap();
    fs::write(file, sample.repeat(12)).unwrap();
}

/// How a run is ended.
#[derive(Clone, Copy, Debug)]
enum End {
    Signal(&'static str, u32),
    HangUp,
}

const ENDS: [End; 3] = [
    End::Signal("TERM", 143),
    End::Signal("HUP", 129),
    End::HangUp,
];

#[track_caller]
fn end(mut terminal: Terminal, how: End) {
    match how {
        End::Signal(name, code) => {
            terminal.signal(name);
            assert_eq!(terminal.wait_exit(), code, "{name}");
            terminal.assert_restored();
        }
        End::HangUp => assert_eq!(terminal.hang_up(), 129),
    }
}

#[test]
fn an_end_while_a_file_is_written_leaves_all_of_it_or_none() {
    for how in ENDS {
        let folder = tempfile::tempdir().unwrap();
        let input = folder.path().join("flows.gz");
        many(&input);
        let out = folder.path().join("out");
        fs::create_dir(&out).unwrap();
        let mut terminal = Terminal::start(100, 30, &["-n", "-p", "0", input.to_str().unwrap()]);
        terminal.wait_for("the end", |lines| {
            lines[1].contains(" connections") && !lines[0].contains("loading")
        });
        terminal.keys(&format!(":w {}\r", out.join("rows.json").display()));
        terminal.wait_for("the writing", |lines| {
            let text = lines.concat();
            text.contains("writing ") || text.contains("rows written")
        });
        end(terminal, how);
        let left: Vec<_> = fs::read_dir(&out)
            .unwrap()
            .map(|it| it.unwrap().path())
            .collect();
        for file in &left {
            assert!(file.ends_with("rows.json"), "{left:?} after {how:?}");
            let text = fs::read(file).unwrap();
            let whole = serde_json::from_slice::<serde_json::Value>(&text);
            assert!(whole.is_ok(), "a part of a file after {how:?}");
        }
    }
}

/// What is done while a file is followed, and what shows it.
const PHASES: &[(&str, &str)] = &[
    ("", "following"),
    ("\r", "Paired"),
    ("/port 5", "/port 5"),
    (":filter", ":filter"),
    ("4", "Timeline"),
    ("5", "flows"),
];

#[test]
fn an_end_while_a_file_is_followed() {
    for (place, (keys, sign)) in PHASES.iter().enumerate() {
        for how in [ENDS[place % 2], ENDS[2]] {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("flows");
            fs::write(&file, line(1)).unwrap();
            let args = ["-n", "-p", "0", "--follow", file.to_str().unwrap()];
            let mut terminal = Terminal::start(100, 30, &args);
            terminal.wait_for_text("1 of 1 connections");
            terminal.keys(keys);
            terminal.wait_for_text(sign);
            end(terminal, how);
        }
    }
}
