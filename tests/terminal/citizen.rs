//! A good citizen of the terminal: stopped and brought back, resized without end,
//! cut off, ended in the middle of work, or failing.

use std::time::{Duration, Instant};

use flowpeek::load::Inputs;
use flowpeek::names::{Pool, USUAL};
use flowpeek::query::field::{Field, Kind, Read};
use flowpeek::query::order::sort::Sort;
use flowpeek::tui::run;
use flowpeek::tui::screen::Screen;
use flowpeek::tui::threads::start;

use super::harness::{Terminal, program};
use super::start::start;
use super::{SAMPLE, path};

const FLOWPEEK: &str = env!("CARGO_BIN_EXE_flowpeek");

/// A shell with job control that runs this.
fn shell(columns: u16, rows: u16, script: &str) -> Terminal {
    let mut command = program("sh");
    command.args(["-c", &format!("set -m; {script}"), FLOWPEEK]);
    Terminal::spawn(columns, rows, command)
}

#[test]
fn it_is_stopped_and_brought_back_with_something_piping_in() {
    let script = "(cat assets/sample.gz; sleep 4) | \"$0\" -n -; \
        echo stopped; fg >/dev/null; echo left $?";
    let mut terminal = shell(80, 24, script);
    terminal.wait_for_text(" of 1,418 connections");
    terminal.keys("jj\x1a");
    terminal.wait_for("back again", |lines| {
        lines[22].contains("row 3/796") && lines[1].contains(" of 1,418")
    });
    terminal.keys("j");
    terminal.wait_for_text("row 4/796");
    terminal.keys("q");
    terminal.wait_for_text("left 0");
    assert!(terminal.lines().iter().any(|line| line.contains("stopped")));
    terminal.assert_restored();
}

#[test]
fn it_finds_its_way_back_when_somebody_else_stops_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pid");
    // the shell has its own way with the terminal meanwhile
    let script = format!(
        "sh -c 'echo $$ > {}; exec \"$0\" -n assets/sample.gz' \"$0\"; \
         stty sane; clear; echo stopped; fg >/dev/null; echo left $?",
        file.display()
    );
    let mut terminal = shell(80, 24, &script);
    terminal.wait_for_text("row 1/796");
    let pid = std::fs::read_to_string(&file).unwrap();
    let stop = std::process::Command::new("kill")
        .args(["-s", "STOP", pid.trim()])
        .status();
    assert!(stop.unwrap().success());
    terminal.wait_for_text("row 1/796");
    terminal.settle(Duration::from_millis(500));
    // raw again: keys count at once
    terminal.keys("j");
    terminal.wait_for_text("row 2/796");
    assert!(terminal.screen().alternate_screen());
    terminal.keys("q");
    terminal.wait_for_text("left 0");
}

#[test]
fn it_is_stopped_while_something_is_typed_too() {
    let script = "\"$0\" -n assets/sample.gz; echo stopped; fg >/dev/null; echo left $?";
    for (typed, shown) in [("/port 4", "/port 4"), (":w x", ":w x")] {
        let mut terminal = shell(80, 24, script);
        terminal.wait_for_text(" of 1,418 connections");
        terminal.keys(typed);
        terminal.wait_for_text(shown);
        terminal.keys("\x1a");
        terminal.settle(Duration::from_millis(300));
        terminal.wait_for_text(shown);
        terminal.keys("\x1b");
        terminal.wait_for_text("row 1");
        terminal.keys("q");
        terminal.wait_for_text("left 0");
        assert!(terminal.lines().iter().any(|line| line.contains("stopped")));
    }
}

#[test]
fn a_size_that_changes_while_it_is_stopped_is_noticed() {
    // the shell waits for a key before it brings the program back
    let script = "\"$0\" -n assets/sample.gz; echo stopped; read -r x; fg >/dev/null; echo left $?";
    let mut terminal = shell(80, 24, script);
    terminal.wait_for_text(" of 1,418 connections");
    terminal.keys("m");
    terminal.wait_for_text("the mouse is on");
    terminal.keys("\x1a");
    terminal.wait_for_text("stopped");
    terminal.settle(Duration::from_millis(100));
    terminal.assert_restored();
    assert_eq!(
        terminal.screen().mouse_protocol_mode(),
        vt100::MouseProtocolMode::None
    );
    terminal.resize(100, 30);
    terminal.keys("\n");
    terminal.wait_for("all of the larger screen", |lines| {
        lines.len() == 30 && lines[28].contains("row 1 of 796") && lines[27].contains(':')
    });
    assert_eq!(
        terminal.screen().mouse_protocol_mode(),
        vt100::MouseProtocolMode::PressRelease
    );
    terminal.keys("G");
    terminal.wait_for_text("row 796 of 796");
    terminal.keys("q");
    terminal.wait_for_text("left 0");
}

#[test]
fn after_a_storm_of_sizes_the_screen_is_that_of_the_last() {
    let mut terminal = Terminal::start(80, 24, &["-n", SAMPLE]);
    terminal.wait_for_text(" of 1,418 connections");
    for turn in 0..300u16 {
        terminal.resize(40 + turn * 7 % 120, 8 + turn * 5 % 40);
        if turn % 50 == 0 {
            terminal.keys("j");
        }
    }
    terminal.resize(100, 30);
    let mut other = Terminal::start(100, 30, &["-n", SAMPLE]);
    other.wait_for_text("row 1 of 796");
    other.wait_for_text(SAMPLE);
    other.wait_for_text("▁");
    other.settle(Duration::from_millis(300));
    let expected = other.lines();
    // a low screen has scrolled to keep the selection in sight
    terminal.keys("g");
    terminal.wait_for("the last size", |lines| lines == expected);
    terminal.quit();
}

#[test]
fn another_size_while_a_prompt_is_open_keeps_what_was_typed() {
    let mut terminal = Terminal::start(80, 24, &["-n", SAMPLE]);
    terminal.wait_for_text(" of 1,418 connections");
    terminal.keys("/service htt");
    terminal.wait_for_text("/service htt");
    for (columns, rows) in [(120, 36), (30, 6), (60, 15)] {
        terminal.resize(columns, rows);
    }
    terminal.wait_for("the prompt", |lines| lines[13].starts_with("/service htt"));
    terminal.keys("ps\r");
    terminal.wait_for("the filter", |lines| lines[1].starts_with("138 of 1,418"));
}

#[test]
fn it_ends_within_a_second_when_its_terminal_or_its_time_is_up() {
    for _ in 0..3 {
        let mut terminal = Terminal::start(80, 24, &["-n", SAMPLE]);
        terminal.wait_for_text(" of 1,418 connections");
        let begin = Instant::now();
        terminal.signal("HUP");
        assert_eq!(terminal.wait_exit(), 129);
        assert!(
            begin.elapsed() < Duration::from_secs(1),
            "{:?}",
            begin.elapsed()
        );
        terminal.assert_restored();
    }
    let mut terminal = Terminal::start(80, 24, &["-n", SAMPLE]);
    terminal.wait_for_text(" of 1,418 connections");
    let begin = Instant::now();
    assert_eq!(terminal.hang_up(), 129);
    assert!(
        begin.elapsed() < Duration::from_secs(1),
        "{:?}",
        begin.elapsed()
    );
}

#[test]
fn a_terminal_that_takes_no_more_does_not_hold_it() {
    let mut terminal = Terminal::start(250, 60, &["-n", SAMPLE]);
    terminal.wait_for_text(" of 1,418 connections");
    terminal.stop_reading();
    // whole screens, until the terminal is full
    for _ in 0..60 {
        terminal.keys("\x0c");
        std::thread::sleep(Duration::from_millis(20));
    }
    let begin = Instant::now();
    terminal.signal("TERM");
    assert_eq!(terminal.wait_exit_unread(), 143);
    let took = begin.elapsed();
    assert!(took < Duration::from_millis(1500), "{took:?}");
}

#[test]
fn it_is_left_in_the_middle_of_a_load() {
    for (key, code) in [("q", 0), ("\x03", 0), (":q\r", 0)] {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let mut terminal = Terminal::piped(80, 24, &["-n"], &pipe, false);
        let mut writer = std::fs::OpenOptions::new().write(true).open(&pipe).unwrap();
        std::io::copy(&mut std::fs::File::open(path(SAMPLE)).unwrap(), &mut writer).unwrap();
        terminal.wait_for("rows, and more to come", |lines| {
            lines[0].contains("loading") && lines[1].contains(" of 1,4")
        });
        let begin = Instant::now();
        terminal.keys(key);
        assert_eq!(terminal.wait_exit(), code);
        assert!(begin.elapsed() < Duration::from_secs(2));
        terminal.assert_restored();
        drop(writer);
    }
}

#[test]
fn every_frame_is_drawn_at_once() {
    let mut terminal = Terminal::start(80, 24, &["-n", SAMPLE]);
    terminal.wait_for_text(" of 1,418 connections");
    terminal.keys("jjG?q");
    assert_eq!(terminal.wait_exit(), 0);
    let text = String::from_utf8_lossy(&terminal.bytes).into_owned();
    let mut open = false;
    let marks = text
        .match_indices("\x1b[?2026")
        .map(|(at, _)| &text[at + 7..=at + 7]);
    for mark in marks {
        assert!(mark == "l" || !open, "a frame within a frame");
        open = mark == "h";
    }
    assert!(!open);
    // nothing is drawn outside
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("\x1b[?2026h") {
        assert!(!before.contains("connections"), "{before:?}");
        rest = after.split_once("\x1b[?2026l").unwrap().1;
    }
}

/// What fails in [`a_thread_fails`].
const THREADS: [&str; 5] = ["query", "loader", "records", "search", "names"];
const FAILING: &str = "FLOWPEEK_TEST_FAILING";

/// A field that cannot be sorted by.
static BAD: Field = Field {
    name: "bad",
    aliases: &[],
    header: "Bad",
    help: "",
    kind: Kind::Number,
    width: 5,
    read: Read::Row(|_| panic!("on purpose")),
};

#[test]
#[ignore = "the next test runs it in a terminal of its own"]
fn a_thread_fails() {
    let failing = std::env::var(FAILING).unwrap();
    let mut inputs = Inputs::look_at(&[path(SAMPLE)]).unwrap();
    let mut sort = None;
    match failing.as_str() {
        "query" => sort = Some(Sort::by(&BAD)),
        "loader" => inputs.inputs[0] = failing_input(),
        _ => {}
    }
    let _screen = ["records", "search", "names"]
        .contains(&failing.as_str())
        .then(|| Screen::open().unwrap());
    let _pool = match failing.as_str() {
        "names" => {
            let mut pool = Pool::start(USUAL, |_| panic!("on purpose"), |_, _| {});
            pool.ask(&["192.0.2.1".parse().unwrap()]);
            Some(pool)
        }
        "records" | "search" => {
            start::start(&failing, || panic!("on purpose")).unwrap();
            None
        }
        _ => {
            let mut start = start();
            start.query.sort = sort;
            run(start, inputs).unwrap();
            None
        }
    };
    std::thread::sleep(Duration::from_secs(60));
}

fn failing_input() -> flowpeek::ingest::inputs::Input {
    struct Failing;
    impl std::io::Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            panic!("on purpose")
        }
    }
    use flowpeek::ingest::again::Origin;
    use flowpeek::ingest::inflate::sniff::Form;
    use flowpeek::ingest::inflate::window::Window;
    use flowpeek::ingest::inputs::Ready;
    use flowpeek::ingest::open::Opened;
    use flowpeek::ingest::source::InputName;
    use flowpeek::ingest::text::lines::Lines;
    flowpeek::ingest::inputs::Input {
        source: InputName::Path(path(SAMPLE)),
        size: None,
        ready: Ready::Opened(Opened {
            name: "failing".to_owned(),
            lines: Lines::of(Window::new(Box::new(Failing), 0), Form::Plain),
            size: None,
            origin: Origin::Lost,
            file: None,
            form: Form::Plain,
        }),
    }
}

#[test]
fn a_failing_thread_gives_the_terminal_back_and_says_so() {
    let own = std::env::current_exe().unwrap();
    for failing in THREADS {
        let mut command = program(&own);
        command.args([
            "--exact",
            "citizen::a_thread_fails",
            "--ignored",
            "--nocapture",
        ]);
        command.env(FAILING, failing);
        command.env("RUST_BACKTRACE", "0");
        let mut terminal = Terminal::spawn(100, 40, command);
        assert_eq!(terminal.wait_exit(), 101, "{failing}");
        terminal.assert_restored();
        let bytes = String::from_utf8_lossy(&terminal.bytes).into_owned();
        assert!(bytes.contains("\x1b[?1049h"), "the screen was taken over");
        let said = terminal.lines().join("\n");
        for words in ["mistake in the program", "on purpose", "panicked"] {
            assert!(said.contains(words), "{failing}: {said}");
        }
        assert!(
            !said.contains("test result"),
            "the program itself has ended"
        );
    }
}
