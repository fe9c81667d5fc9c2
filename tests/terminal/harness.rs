//! flowpeek in a pseudo-terminal, with a terminal emulator looking at what it
//! writes. A thread reads; whoever waits for a screen feeds the emulator, so
//! there is nothing to lock and no need to sleep.

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::support::fixed_environment;

/// How long a screen may take to come; machines are slow at times.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Everything the program made the terminal do besides drawing.
#[derive(Default)]
pub struct Oddities(pub Vec<String>);

impl vt100::Callbacks for Oddities {
    fn audible_bell(&mut self, _: &mut vt100::Screen) {
        self.0.push("bell".to_owned());
    }

    fn set_window_title(&mut self, _: &mut vt100::Screen, title: &[u8]) {
        self.0
            .push(format!("title {}", String::from_utf8_lossy(title)));
    }

    fn set_window_icon_name(&mut self, _: &mut vt100::Screen, name: &[u8]) {
        self.0
            .push(format!("icon {}", String::from_utf8_lossy(name)));
    }

    fn copy_to_clipboard(&mut self, _: &mut vt100::Screen, _: &[u8], data: &[u8]) {
        self.0
            .push(format!("clipboard {}", String::from_utf8_lossy(data)));
    }

    fn visual_bell(&mut self, _: &mut vt100::Screen) {
        self.0.push("visual bell".to_owned());
    }

    fn resize(&mut self, _: &mut vt100::Screen, size: (u16, u16)) {
        self.0.push(format!("resize {size:?}"));
    }

    fn paste_from_clipboard(&mut self, _: &mut vt100::Screen, _: &[u8]) {
        self.0.push("clipboard asked for".to_owned());
    }

    fn unhandled_escape(
        &mut self,
        _: &mut vt100::Screen,
        first: Option<u8>,
        _: Option<u8>,
        byte: u8,
    ) {
        // the end of a string is no escape of its own
        if (first, byte) != (None, b'\\') {
            self.0.push(format!("escape {first:?} {byte:#x}"));
        }
    }

    fn unhandled_csi(
        &mut self,
        _: &mut vt100::Screen,
        first: Option<u8>,
        _: Option<u8>,
        params: &[&[u16]],
        last: char,
    ) {
        // synchronized output and the colour of underlines, which the emulator does not know
        let known = [
            (Some(b'?'), 2026, 'h'),
            (Some(b'?'), 2026, 'l'),
            (None, 59, 'm'),
        ];
        let is_known =
            |&(mark, number, end): &_| (first, params, last) == (mark, &[&[number][..]][..], end);
        if !known.iter().any(is_known) {
            self.0.push(format!("csi {first:?} {params:?} {last}"));
        }
    }

    fn unhandled_char(&mut self, _: &mut vt100::Screen, c: char) {
        self.0.push(format!("char {c:?}"));
    }

    fn unhandled_control(&mut self, _: &mut vt100::Screen, byte: u8) {
        self.0.push(format!("control {byte:#x}"));
    }

    fn unhandled_osc(&mut self, _: &mut vt100::Screen, params: &[&[u8]]) {
        self.0.push(format!("osc {params:?}"));
    }
}

/// A process that does not outlive its test.
struct Running(Box<dyn Child + Send + Sync>);

/// A running flowpeek.
pub struct Terminal {
    parser: vt100::Parser<Oddities>,
    output: Receiver<Vec<u8>>,
    reader: JoinHandle<()>,
    input: Box<dyn Write + Send>,
    child: Running,
    master: Box<dyn MasterPty + Send>,
    /// Bytes written so far.
    pub written: usize,
    /// Those bytes.
    pub bytes: Vec<u8>,
}

fn size(columns: u16, rows: u16) -> (NonZeroU16, NonZeroU16) {
    (
        NonZeroU16::new(rows).unwrap(),
        NonZeroU16::new(columns).unwrap(),
    )
}

fn pty_size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}

/// A command for a terminal, in a fixed environment and the project's folder.
pub fn program(name: impl AsRef<OsStr>) -> CommandBuilder {
    let mut command = CommandBuilder::new(name);
    for (name, value) in fixed_environment() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        }
    }
    command.env("TERM", "xterm-256color");
    command.cwd(env!("CARGO_MANIFEST_DIR"));
    command
}

/// The command that is flowpeek with these arguments.
pub fn flowpeek(args: &[&str]) -> CommandBuilder {
    let mut command = program(env!("CARGO_BIN_EXE_flowpeek"));
    command.args(args);
    command
}

impl Terminal {
    /// Starts flowpeek with these arguments.
    pub fn start(columns: u16, rows: u16, args: &[&str]) -> Self {
        Self::spawn(columns, rows, flowpeek(args))
    }

    /// Starts flowpeek with a directory for what is kept between runs.
    pub fn keeping(state: &Path, args: &[&str]) -> Self {
        Self::keeping_at(100, 24, state, args)
    }

    /// The same on a screen of this size.
    pub fn keeping_at(columns: u16, rows: u16, state: &Path, args: &[&str]) -> Self {
        let mut command = flowpeek(args);
        command.env("XDG_STATE_HOME", state);
        Self::spawn(columns, rows, command)
    }

    /// Starts flowpeek with a file as its standard input.
    pub fn piped(columns: u16, rows: u16, args: &[&str], input: &Path, cat: bool) -> Self {
        let mut command = program("sh");
        let script = if cat {
            "f=$1; shift; cat \"$f\" | \"$0\" \"$@\""
        } else {
            "f=$1; shift; exec \"$0\" \"$@\" < \"$f\""
        };
        command.args(["-c", script, env!("CARGO_BIN_EXE_flowpeek")]);
        command.arg(input);
        command.args(args);
        Self::spawn(columns, rows, command)
    }

    /// Starts a command in a new terminal.
    pub fn spawn(columns: u16, rows: u16, command: CommandBuilder) -> Self {
        Self::spawn_unseen((columns, rows), (columns, rows), command)
    }

    /// Starts a command in a new terminal that says it is of one size and has an
    /// emulator of another: no emulator is of every size.
    pub fn spawn_unseen(said: (u16, u16), seen: (u16, u16), command: CommandBuilder) -> Self {
        let pair = native_pty_system()
            .openpty(pty_size(said.0, said.1))
            .unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut screen = pair.master.try_clone_reader().unwrap();
        let (sender, output) = channel();
        let reader = thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = screen.read(&mut bytes) {
                if sender.send(bytes[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let (rows, columns) = size(seen.0, seen.1);
        Terminal {
            parser: vt100::Parser::new_with_callbacks(rows, columns, 0, Oddities::default()),
            output,
            reader,
            input: pair.master.take_writer().unwrap(),
            child: Running(child),
            master: pair.master,
            written: 0,
            bytes: Vec::new(),
        }
    }

    /// The screen as text, a line each.
    pub fn lines(&self) -> Vec<String> {
        let (_, columns) = self.screen().size();
        self.screen().rows(0, columns.get()).collect()
    }

    /// The screen.
    pub fn screen(&self) -> &vt100::Screen {
        self.parser.screen()
    }

    /// What else the terminal was made to do.
    pub fn oddities(&self) -> &[String] {
        &self.parser.callbacks().0
    }

    /// Feeds the emulator once; false when the program has hung up.
    fn feed(&mut self, until: Instant) -> Option<bool> {
        let left = until.saturating_duration_since(Instant::now());
        match self.output.recv_timeout(left) {
            Ok(bytes) => {
                self.parser.process(&bytes);
                self.written += bytes.len();
                self.bytes.extend(bytes);
                Some(true)
            }
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(false),
        }
    }

    /// Waits for a screen.
    #[track_caller]
    pub fn wait_for(&mut self, what: &str, seen: impl Fn(&[String]) -> bool) {
        let until = Instant::now() + PATIENCE;
        while !seen(&self.lines()) {
            if self.feed(until) != Some(true) {
                panic!("never saw {what}:\n{}", self.lines().join("\n"));
            }
        }
    }

    /// Waits for a text anywhere on the screen.
    #[track_caller]
    pub fn wait_for_text(&mut self, text: &str) {
        self.wait_for(text, |lines| lines.iter().any(|line| line.contains(text)));
    }

    /// Takes in what comes within this time.
    pub fn settle(&mut self, time: Duration) {
        let until = Instant::now() + time;
        while self.feed(until) == Some(true) {}
    }

    /// Takes in what a key may lead to: what begins to come within the patience that a busy
    /// machine asks for, until nothing more does for a while.
    pub fn rest(&mut self, patience: Duration, silence: Duration) {
        let mut until = Instant::now() + patience;
        while self.feed(until) == Some(true) {
            until = Instant::now() + silence;
        }
    }

    /// Waits until something comes, and then until nothing more does.
    #[track_caller]
    pub fn answer(&mut self) {
        assert_eq!(
            self.feed(Instant::now() + PATIENCE),
            Some(true),
            "no answer"
        );
        while self.feed(Instant::now() + Duration::from_millis(400)) == Some(true) {}
    }

    /// Presses keys.
    pub fn keys(&mut self, keys: &str) {
        self.input.write_all(keys.as_bytes()).unwrap();
        self.input.flush().unwrap();
    }

    /// Waits until these bytes were written since there were so many.
    #[track_caller]
    pub fn wait_written(&mut self, since: usize, wanted: &str) {
        let until = Instant::now() + PATIENCE;
        while !String::from_utf8_lossy(&self.bytes[since..]).contains(wanted) {
            assert_eq!(self.feed(until), Some(true), "{wanted:?} was never written");
        }
    }

    /// The most memory the program has taken so far, in megabytes.
    pub fn most_memory(&self) -> u64 {
        let status = format!("/proc/{}/status", self.child.0.process_id().unwrap());
        let status = std::fs::read_to_string(status).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM:"));
        let number = line.unwrap().split_whitespace().nth(1).unwrap();
        number.parse::<u64>().unwrap() >> 10
    }

    /// Lets the terminal say that it is of this size, whatever the emulator is of.
    pub fn resize_unseen(&mut self, columns: u16, rows: u16) {
        self.master.resize(pty_size(columns, rows)).unwrap();
    }

    /// Makes the terminal another size.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.resize_unseen(columns, rows);
        let (rows, columns) = size(columns, rows);
        self.parser.screen_mut().set_size(rows, columns);
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) {
        let pid = self.child.0.process_id().unwrap().to_string();
        let status = std::process::Command::new("kill")
            .args(["-s", name, &pid])
            .status();
        assert!(status.unwrap().success());
    }

    /// Takes the terminal away, as a closed window does, and answers the exit code.
    #[track_caller]
    pub fn hang_up(mut self) -> u32 {
        // the reader holds the terminal too, and ends at the next output that nobody wants
        self.stop_reading();
        self.keys("j");
        self.reader.join().unwrap();
        drop((self.input, self.master));
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Some(status) = self.child.0.try_wait().unwrap() {
                return status.exit_code();
            }
            thread::sleep(Duration::from_millis(20));
        }
        panic!("it goes on without a terminal");
    }

    /// Takes no more of what the program writes.
    pub fn stop_reading(&mut self) {
        // the reader ends at the next output that nobody wants
        self.output = channel().1;
    }

    /// Waits for the end without a look at what is written, and answers the exit code.
    #[track_caller]
    pub fn wait_exit_unread(&mut self) -> u32 {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Some(status) = self.child.0.try_wait().unwrap() {
                return status.exit_code();
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("it does not end");
    }

    /// Waits for the end, and answers the exit code.
    #[track_caller]
    pub fn wait_exit(&mut self) -> u32 {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.0.try_wait().unwrap() {
                // its last words may still be on their way
                self.settle(PATIENCE);
                return status.exit_code();
            }
            assert!(
                Instant::now() < until,
                "it does not end:\n{}",
                self.lines().join("\n")
            );
            self.settle(Duration::from_millis(20));
        }
    }

    /// Ends the program with its key.
    #[track_caller]
    pub fn quit(&mut self) {
        self.keys("q");
        assert_eq!(self.wait_exit(), 0);
        self.assert_restored();
    }

    /// Whether the terminal is as it was before.
    #[track_caller]
    pub fn assert_restored(&self) {
        assert!(
            !self.screen().alternate_screen(),
            "still on the other screen"
        );
        assert!(!self.screen().hide_cursor(), "the cursor is hidden");
        assert!(!self.screen().bracketed_paste(), "paste is still bracketed");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
    }
}
