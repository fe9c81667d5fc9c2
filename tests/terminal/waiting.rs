//! Who is there before its input waits for it on the screen, and has room for many
//! files though few may be open.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::harness::{Terminal, program};
use super::streaming::{gzipped, line};
use super::support::append;

fn follow(files: &[&Path]) -> Terminal {
    let files = files.iter().map(|path| path.to_str().unwrap());
    let args: Vec<&str> = ["-n", "--follow"].into_iter().chain(files).collect();
    Terminal::start(80, 24, &args)
}

fn pipe(folder: &Path) -> PathBuf {
    let pipe = folder.join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    pipe
}

#[test]
fn a_file_that_is_not_there_or_empty_is_waited_for() {
    for is_there in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.gz");
        if is_there {
            File::create(&path).unwrap();
        }
        let mut terminal = follow(&[&path]);
        terminal.wait_for_text("Waiting for /");
        terminal.wait_for_text("x.gz; no connections so far");
        terminal.wait_for("the title", |lines| lines[0].contains("waiting for"));
        // what has come is told by the file
        terminal.keys("5");
        terminal.wait_for("zeros", |lines| {
            let file = lines
                .iter()
                .find(|line| line.contains("x.gz") && line.contains(" 0 "));
            file.is_some() && lines[1].contains(" 0 rejected")
        });
        terminal.keys("1");
        let bytes = gzipped(line(1));
        append(&path, &bytes[..bytes.len() / 2]);
        terminal.settle(Duration::from_millis(300));
        terminal.wait_for_text("x.gz; no connections so far");
        append(&path, &bytes[bytes.len() / 2..]);
        terminal.wait_for_text("1 of 1 connections");
        terminal.wait_for("the beat", |lines| lines[0].contains(" ago"));
        append(&path, &gzipped(line(2)));
        terminal.wait_for_text("2 of 2 connections");
        // its record is found where the file is now
        fs::rename(&path, folder.path().join("x.gz.1")).unwrap();
        terminal.keys("\r");
        terminal.wait_for_text("IP version");
        terminal.quit();
        terminal.assert_restored();
    }
}

#[test]
fn who_waits_leaves_when_it_is_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = follow(&[&folder.path().join("x.gz")]);
    terminal.wait_for_text("Waiting for /");
    terminal.quit();
    // who follows no more is told what is missing, and may go on
    let mut terminal = follow(&[&folder.path().join("x.gz")]);
    terminal.wait_for_text("Waiting for /");
    terminal.keys("f");
    terminal.wait_for_text("rejected lines 1");
    terminal.keys("f");
    terminal.wait_for_text("Waiting for /");
    append(&folder.path().join("x.gz"), &gzipped(line(1)));
    terminal.wait_for_text("1 of 1 connections");
    terminal.quit();
}

#[test]
fn a_directory_without_files_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = follow(&[folder.path()]);
    terminal.wait_for_text("Waiting for files; no connections so far");
    append(&folder.path().join("x.gz"), &gzipped(line(1)));
    terminal.wait_for_text("1 of 1 connections");
    terminal.quit();
}

#[test]
fn a_file_that_is_missing_beside_another_is_told_and_read_when_it_appears() {
    let folder = tempfile::tempdir().unwrap();
    let [good, late] = ["good.gz", "late.gz"].map(|name| folder.path().join(name));
    append(&good, &gzipped(line(1)));
    let mut terminal = follow(&[&good, &late]);
    terminal.wait_for_text("1 of 1 connections");
    terminal.wait_for("a notice", |lines| {
        lines[23].contains("waiting for") && lines[23].contains("late.gz")
    });
    append(&late, &gzipped(line(2)));
    terminal.wait_for_text("2 of 2 connections");
    terminal.quit();
}

#[test]
fn a_pipe_to_which_nobody_writes_yet_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = pipe(folder.path());
    let start = || Terminal::start(80, 24, &["-n", pipe.to_str().unwrap()]);
    let mut terminal = start();
    terminal.wait_for_text("pipe; no connections so far");
    terminal.quit();
    let mut terminal = start();
    terminal.wait_for_text("pipe; no connections so far");
    let mut writer = OpenOptions::new().write(true).open(&pipe).unwrap();
    // who has come and says nothing is waited for too
    terminal.settle(Duration::from_millis(300));
    terminal.wait_for_text("pipe; no connections so far");
    for number in 1..4 {
        let bytes = gzipped(line(number));
        std::io::Write::write_all(&mut writer, &bytes).unwrap();
        terminal.wait_for_text(&format!("{number} of {number} connections"));
    }
    terminal.wait_for("loading", |lines| lines[0].contains("loading"));
    drop(writer);
    terminal.wait_for("the end", |lines| !lines[0].contains("loading"));
    terminal.keys("\r");
    terminal.wait_for_text("IP version");
    terminal.quit();
}

#[test]
fn a_pipe_that_is_no_export_is_told_and_does_not_hold_it_up() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = pipe(folder.path());
    let mut terminal = Terminal::start(80, 24, &["-n", pipe.to_str().unwrap()]);
    terminal.wait_for_text("pipe; no connections so far");
    fs::write(&pipe, b"\xff\xd8\xff\xe0\0\0").unwrap();
    terminal.wait_for_text("rejected");
    terminal.keys("f");
    terminal.quit();
}

#[test]
fn many_files_are_read_and_followed_where_few_may_be_open() {
    let folder = tempfile::tempdir().unwrap();
    let at = |number: u8| folder.path().join(format!("{number:03}.gz"));
    (0..150).for_each(|number| append(&at(number), &gzipped(line(number))));
    for follow in ["--follow", ""] {
        let mut command = program("sh");
        let script = format!("ulimit -n 64; exec \"$0\" -n {follow} \"$1\"");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_flowpeek")]);
        command.arg(folder.path());
        let mut terminal = Terminal::spawn(80, 24, command);
        let before = if follow.is_empty() { 152 } else { 150 };
        let count = |count: usize| format!("{count} of {count} connections");
        terminal.wait_for_text(&count(before));
        assert!(
            !terminal.lines()[1].contains("reject"),
            "{:?}",
            terminal.lines()
        );
        if follow.is_empty() {
            terminal.keys("f");
            terminal.wait_for("the beat", |lines| lines[0].contains(" ago"));
        }
        // one that is kept open, and one that is not
        for (place, number) in [0, 149].into_iter().enumerate() {
            append(
                &at(number),
                &gzipped(line(200 + (before - 150) as u8 + place as u8)),
            );
            terminal.wait_for_text(&count(before + place + 1));
        }
        terminal.keys("G\r");
        terminal.wait_for_text("IP version");
        terminal.quit();
    }
}

#[test]
fn a_file_that_is_not_kept_open_is_found_by_another_name_and_makes_way_for_others() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for number in 0..100 {
        append(&at(&format!("{number:03}.gz")), &gzipped(line(number)));
    }
    let mut command = program("sh");
    let script = "ulimit -n 64; exec \"$0\" -n --follow \"$1\"";
    command.args(["-c", script, env!("CARGO_BIN_EXE_flowpeek")]);
    command.arg(folder.path());
    let mut terminal = Terminal::spawn(80, 24, command);
    let count = |count: usize| format!("{count} of {count} connections");
    terminal.wait_for_text(&count(100));
    fs::rename(at("099.gz"), at("moved.gz")).unwrap();
    append(&at("moved.gz"), &gzipped(line(100)));
    terminal.wait_for_text(&count(101));
    // the next file gets the number on the disk that the last one had, on most file systems
    for number in 0..5 {
        fs::remove_file(at(&format!("{:03}.gz", 98 - number))).unwrap();
        append(
            &at(&format!("new{number}.gz")),
            &gzipped(line(101 + number)),
        );
        terminal.wait_for_text(&count(102 + usize::from(number)));
    }
    // rotated within the directory: the old one has more to say, and so has the new one
    fs::rename(at("090.gz"), at("090.gz.1")).unwrap();
    append(&at("090.gz"), &gzipped(line(106)));
    terminal.wait_for_text(&count(107));
    append(&at("090.gz.1"), &gzipped(line(107)));
    terminal.wait_for_text(&count(108));
    terminal.quit();
}

#[test]
fn a_file_that_is_followed_takes_little_memory_before_its_turn() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = gzipped(line(1));
    for number in 0..1000 {
        fs::write(folder.path().join(format!("{number}.gz")), &bytes).unwrap();
    }
    let mut memory = Vec::new();
    for args in [&["-n"][..], &["-n", "--follow"]] {
        let args = [args, &[folder.path().to_str().unwrap()]].concat();
        let mut terminal = Terminal::start(80, 24, &args);
        terminal.wait_for_text("connections");
        terminal.wait_for("the end", |lines| {
            lines[0].contains(" ago") || lines[0].contains("1000 files")
        });
        memory.push(terminal.most_memory());
        terminal.quit();
    }
    // 60 MB more when each had what inflates it
    assert!(memory[1] < memory[0] + 20, "{memory:?}");
}
