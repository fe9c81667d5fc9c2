//! The system refuses: no files, no threads, no memory, no room on a disk, a clock that jumps, a
//! file that is cut while it is read. The program goes on or ends with a word, and the terminal is
//! given back.

use std::fs::{self, File, Permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use super::harness::{Terminal, program};
use super::streaming::{gzipped, line};
use super::{SAMPLE, path};

/// flowpeek under a shell that first does something; `$0` is the program.
fn under(script: &str) -> Terminal {
    let mut command = program("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_flowpeek")]);
    Terminal::spawn(100, 30, command)
}

/// Waits for rows or for the end, and answers the exit code; rows are left with `q`.
#[track_caller]
fn outcome(terminal: &mut Terminal) -> u32 {
    terminal.wait_for("rows or the end", |lines| {
        let text = lines.concat();
        let ends = ["of 1,418 connections", "rejected lines", "flowpeek: "];
        ends.iter().any(|end| text.contains(end))
    });
    if terminal.screen().alternate_screen() {
        if !terminal.lines()[1].contains("of 1,418") {
            terminal.keys("5");
            terminal.wait_for_text("Too many open files");
        }
        terminal.keys("q");
    }
    let code = terminal.wait_exit();
    terminal.assert_restored();
    code
}

#[test]
fn without_files_it_browses_or_says_so() {
    let mut browsed = 0;
    for files in 4..24 {
        let mut terminal = under(&format!("ulimit -n {files}; exec \"$0\" -n {SAMPLE}"));
        let code = outcome(&mut terminal);
        let said = terminal.lines().join("\n");
        match code {
            0 => browsed += 1,
            // the library for keys does not say why
            1 => assert!(
                said.contains("Too many open files") || said.contains("cannot browse: "),
                "{files}: {said}"
            ),
            _ => panic!("{code} with {files}: {said}"),
        }
    }
    assert!(browsed > 4, "{browsed}");
}

#[test]
fn without_threads_it_browses_or_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (program, sample) = (place("flowpeek"), place("sample.gz"));
    fs::copy(env!("CARGO_BIN_EXE_flowpeek"), &program).unwrap();
    fs::copy(path(SAMPLE), &sample).unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    // the system counts no threads of root, and those of all that others have begun
    let (user, most) = match rustix::process::geteuid().is_root() {
        true => ("setpriv --reuid 1000007 --regid 1000007 --clear-groups", 24),
        false => ("", 2),
    };
    let limited = |threads: usize, rest: &str| {
        under(&format!(
            "exec {user} prlimit --nproc={threads} {program} {rest}"
        ))
    };
    let mut browsed = 0;
    for threads in 1..most {
        let mut terminal = limited(threads, &format!("-n {sample}"));
        let code = outcome(&mut terminal);
        let said = terminal.lines().join("\n");
        match code {
            0 => browsed += 1,
            1 => assert!(said.contains("no more threads"), "{threads}: {said}"),
            _ => panic!("{code} with {threads}: {said}"),
        }
    }
    assert!(browsed > 4 || most == 2, "{browsed}");
    // a report takes longer with one thread, and needs no other
    for input in [sample.clone(), format!("< {sample}")] {
        let rest = format!("report -n --format csv {input} > /dev/null && echo it ends");
        let mut terminal = under(&format!("{user} prlimit --nproc=1 {program} {rest}"));
        terminal.wait_for_text("it ends");
        assert_eq!(terminal.wait_exit(), 0);
    }
}

#[test]
fn without_memory_it_browses_or_says_so() {
    for (kibibytes, code) in [(1_000_000, 0), (500_000, 0), (300_000, 0)] {
        let mut terminal = under(&format!("ulimit -v {kibibytes}; exec \"$0\" -n {SAMPLE}"));
        assert_eq!(outcome(&mut terminal), code, "{kibibytes}");
    }
    // far from what the program itself takes, however it was built, and from what is enough
    let mut terminal = under(&format!("ulimit -v 35000; exec \"$0\" report -n {SAMPLE}"));
    assert_eq!(terminal.wait_exit(), 1);
    let said = terminal.lines().join("\n");
    assert!(said.contains("more memory than it may"), "{said}");
}

#[test]
fn a_disk_without_room_ends_the_copy_and_not_the_reading() {
    // the copy of what is piped in may have 4 KiB
    let script = format!("cat {SAMPLE} | (ulimit -f 8; exec \"$0\" -n)");
    let mut terminal = under(&script);
    terminal.wait_for_text(" of 1,418 connections");
    terminal.wait_for("the end", |lines| !lines[0].contains("loading"));
    terminal.keys("G\r");
    terminal.wait_for_text("or the disk is full");
    terminal.quit();
}

#[test]
fn a_directory_for_copies_that_is_not_there_is_done_without() {
    let script = format!("cat {SAMPLE} | TMPDIR=/proc/nowhere \"$0\" -n");
    let mut terminal = under(&script);
    terminal.wait_for_text(" of 1,418 connections");
    terminal.keys("G\r");
    terminal.wait_for_text("was not kept");
    terminal.quit();
}

/// What happens to a file; the bytes are those of another.
type Change = fn(&Path, &[u8]);

#[test]
fn a_file_that_is_cut_is_told_of_and_one_that_lost_its_name_is_read_all_the_same() {
    let other = [gzipped(line(1)), gzipped(line(2))].concat();
    let changes: [(Change, &str); 3] = [
        (
            |file, _| {
                File::options()
                    .write(true)
                    .open(file)
                    .unwrap()
                    .set_len(100)
                    .unwrap()
            },
            "changed since it was read",
        ),
        (|file, _| fs::remove_file(file).unwrap(), "IP version"),
        (
            |file, other| {
                fs::remove_file(file).unwrap();
                fs::write(file, other).unwrap();
            },
            "IP version",
        ),
    ];
    for (change, words) in changes {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("flows.gz");
        fs::copy(path(SAMPLE), &file).unwrap();
        let mut terminal = Terminal::start(100, 30, &["-n", file.to_str().unwrap()]);
        terminal.wait_for_text(" of 1,418 connections");
        terminal.wait_for("the end", |lines| !lines[0].contains("loading"));
        change(&file, &other);
        terminal.keys("G\r");
        terminal.wait_for_text(words);
        terminal.keys("\x1b25q");
        assert_eq!(terminal.wait_exit(), 0);
        terminal.assert_restored();
    }
}

/// What is being done when the end comes, and what shows it.
const PHASES: &[(&str, &str)] = &[
    ("", " of 1,418 connections"),
    ("\r", "Paired"),
    ("/port 5", "/port 5"),
    (":filter", ":filter"),
    ("?", "move by half a page"),
    ("3", "groups"),
    ("4", "Timeline"),
    ("5", "standard input"),
    ("C", "Columns"),
    ("f", "connections"),
    ("m", "the mouse is on"),
];

/// The sample through a pipe that stays open: it loads for ever.
fn loading() -> (tempfile::TempDir, Terminal, File) {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let terminal = Terminal::piped(100, 30, &["-n"], &pipe, false);
    let mut writer = File::options().write(true).open(&pipe).unwrap();
    writer.write_all(&fs::read(path(SAMPLE)).unwrap()).unwrap();
    (folder, terminal, writer)
}

#[test]
fn a_signal_ends_it_in_every_phase_and_gives_the_terminal_back() {
    for (place, (keys, sign)) in PHASES.iter().enumerate() {
        let (name, code) = [("TERM", 143), ("HUP", 129), ("INT", 130)][place % 3];
        let (_folder, mut terminal, _writer) = loading();
        terminal.wait_for_text(" of 1,418 connections");
        terminal.keys(keys);
        terminal.wait_for_text(sign);
        terminal.signal(name);
        assert_eq!(terminal.wait_exit(), code, "{name} after {keys:?}");
        terminal.assert_restored();
        let mouse = terminal.screen().mouse_protocol_mode();
        assert_eq!(mouse, vt100::MouseProtocolMode::None, "after {keys:?}");
    }
}

#[test]
fn a_terminal_that_goes_away_ends_it_in_every_phase() {
    for (keys, sign) in PHASES {
        let (_folder, mut terminal, _writer) = loading();
        terminal.wait_for_text(" of 1,418 connections");
        terminal.keys(keys);
        terminal.wait_for_text(sign);
        assert_eq!(terminal.hang_up(), 129, "after {keys:?}");
    }
}

#[test]
fn signals_and_hang_ups_before_anything_has_come() {
    for signal in ["TERM", "HUP", "INT"] {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let mut terminal = Terminal::piped(80, 24, &["-n"], &pipe, false);
        let writer = File::options().write(true).open(&pipe).unwrap();
        terminal.settle(Duration::from_millis(300));
        terminal.signal(signal);
        terminal.wait_exit();
        terminal.assert_restored();
        drop(writer);
    }
}

#[test]
fn no_age_is_negative_when_the_clock_was_set_back() {
    // what was received tomorrow, as of today's clock
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("flows");
    let now = std::time::SystemTime::now();
    let now = now.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let text = String::from_utf8(line(1)).unwrap();
    let future = text.replace("1700000001", &(now + 86_400).to_string());
    fs::write(
        &file,
        future.replace("1700000000", &(now + 86_400).to_string()),
    )
    .unwrap();
    let mut terminal = Terminal::start(100, 30, &["-n", "--follow", file.to_str().unwrap()]);
    terminal.wait_for_text("1 of 1 connections");
    terminal.wait_for("an age", |lines| lines[0].ends_with(" 0 s ago"));
    terminal.keys("/start > -1h\r4t\x1b[D\r5q");
    assert_eq!(terminal.wait_exit(), 0);
    terminal.assert_restored();
}
