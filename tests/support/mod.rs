//! What the acceptance tests share: where the real exports are, and how the program is run.
#![allow(
    dead_code,
    missing_docs,
    reason = "every test file compiles its own copy and uses a part of it"
)]

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use serde_json::Value;

/// Long enough for a debug build on a busy machine; a program that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// Who promises that what a test needs is there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Promise {
    /// `.ci/run`, which installs it and says so with FLOWPEEK_GATE=1, and whoever says CI=true.
    Gate,
    /// Who says CI=true: all files that stand beside the repository are there.
    Files,
    /// Nobody: it is a matter of rights, or of time.
    Nobody,
}

/// Says on a line why a test does not do what it is called, past the capture of the test
/// runner; where somebody promised what it needs, it fails.
#[track_caller]
pub fn skip(promise: Promise, why: &str) {
    let says = |name: &str, word: &str| env::var_os(name).is_some_and(|value| value == word);
    let is_promised = match promise {
        Promise::Gate => says("FLOWPEEK_GATE", "1") || says("CI", "true"),
        Promise::Files => says("CI", "true"),
        Promise::Nobody => false,
    };
    assert!(!is_promised, "{why}");
    let _ = writeln!(io::stdout().lock(), "\nskipped: {why}");
}

/// Where the real exports are, if they are.
fn folder() -> PathBuf {
    let own = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    env::var_os("FLOWPEEK_EXPORTS").map_or_else(own, PathBuf::from)
}

/// The folder of real exports. `None` (and a line that says so) where it is missing.
#[track_caller]
pub fn exports() -> Option<PathBuf> {
    let folder = folder();
    if folder.join("stats.json").is_file() {
        return Some(folder);
    }
    let place = folder.display();
    let why = format!("no exports in {place}; FLOWPEEK_EXPORTS names another folder");
    skip(Promise::Files, &why);
    None
}

/// Has an export made by the generator beside the real ones, and answers what it says that is
/// true of it. `None` (and a line that says so) where there is no generator.
#[track_caller]
pub fn generated(out: &Path, args: &[&str]) -> Option<Value> {
    let script = folder().join("../tools/make_export.py");
    if !script.is_file() {
        skip(Promise::Files, &format!("there is no {}", script.display()));
        return None;
    }
    let mut command = Command::new("python3");
    command.arg(script).args(args).arg("--out").arg(out);
    let made = match command.output() {
        Ok(made) => made,
        Err(why) => {
            skip(Promise::Gate, &format!("python3: {why}"));
            return None;
        }
    };
    let said = String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success(), "the generator failed: {said}");
    Some(serde_json::from_slice(&made.stdout).expect("the generator prints JSON"))
}

/// One run of the program.
pub struct Run {
    /// The exit status; `None` when a signal ended it.
    pub status: Option<i32>,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

impl Run {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).expect("the output is UTF-8")
    }

    pub fn errors(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }

    /// The objects of an ndjson report that must have worked.
    pub fn objects(&self) -> Vec<Value> {
        assert_eq!(self.status, Some(0), "{}", self.errors());
        self.text()
            .lines()
            .map(|line| serde_json::from_str(line).expect("each line is one JSON object"))
            .collect()
    }
}

/// A command of the program in a fixed environment.
pub fn command() -> Command {
    in_fixed_environment(Command::new(env!("CARGO_BIN_EXE_flowpeek")))
}

/// The variables that the program's output may depend on, each with what it is in tests;
/// `None` is one that is not there. Nothing is left of what whoever runs the tests has set.
pub fn fixed_environment() -> Vec<(OsString, Option<&'static str>)> {
    let own = env::vars_os().map(|(name, _)| name);
    let own = own.filter(|name| name.to_string_lossy().starts_with("FLOWPEEK_"));
    let others = ["NO_COLOR", "CLICOLOR_FORCE", "COLORFGBG", "COLUMNS"].map(OsString::from);
    let set = [
        ("TZ", "UTC"),
        ("LC_ALL", "C.UTF-8"),
        // no settings, and nothing is kept for another run
        ("XDG_CONFIG_HOME", "/dev/null"),
        ("XDG_STATE_HOME", "/dev/null"),
        ("XDG_CACHE_HOME", "/dev/null"),
    ];
    let set = set.map(|(name, value)| (name.into(), Some(value)));
    let unset = own.chain(others).map(|name| (name, None));
    unset.chain(set).collect()
}

/// Sets the fixed environment; what a test sets itself, it sets afterwards.
pub fn in_fixed_environment(mut command: Command) -> Command {
    for (name, value) in fixed_environment() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

/// Runs the program with nothing on standard input.
pub fn flowpeek<S: AsRef<std::ffi::OsStr>>(args: &[S]) -> Run {
    let mut command = command();
    command.args(args);
    run(command, b"", PATIENCE)
}

/// `flowpeek report` of one file, as ndjson, every connection, no names.
pub fn report(show: &str, tolerance: &str, file: &Path) -> Run {
    let file = file.to_str().expect("test paths are UTF-8");
    let options = [
        "--format",
        "ndjson",
        "-p",
        "0",
        "-n",
        "--tolerance",
        tolerance,
    ];
    flowpeek(&[&["report", "--show", show], &options[..], &[file]].concat())
}

/// The one object of `--show summary`.
pub fn summary(tolerance: &str, file: &Path) -> Value {
    let mut objects = report("summary", tolerance, file).objects();
    assert_eq!(
        objects.len(),
        1,
        "the summary of {} is one object",
        file.display()
    );
    objects.remove(0)
}

/// Runs a command to its end; panics when it takes longer than `limit`.
pub fn run(mut command: Command, input: &[u8], limit: Duration) -> Run {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("stdin is piped");
    let stdout = collect(child.stdout.take().expect("stdout is piped"));
    let stderr = collect(child.stderr.take().expect("stderr is piped"));
    let input = input.to_vec();
    // A program that ends without reading its input closes the pipe: no failure of the test.
    let feeder = thread::spawn(move || drop(stdin.write_all(&input)));
    let status = wait(&mut child, limit)
        .unwrap_or_else(|| panic!("{command:?} did not end within {limit:?}"));
    feeder.join().expect("the feeder ends");
    Run {
        status,
        stdout: stdout.join().expect("stdout is read"),
        stderr: stderr.join().expect("stderr is read"),
    }
}

fn collect(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).expect("the pipe can be read");
        bytes
    })
}

/// `None` when the time was over and the child had to be killed.
fn wait(child: &mut Child, limit: Duration) -> Option<Option<i32>> {
    let began = Instant::now();
    while began.elapsed() < limit {
        if let Some(status) = child.try_wait().expect("the child can be waited for") {
            return Some(status.code());
        }
        thread::sleep(Duration::from_millis(5));
    }
    child.kill().expect("the child can be killed");
    child.wait().expect("the child can be waited for");
    None
}

/// Writes behind what a file has, which may not be there yet.
pub fn append(path: &Path, bytes: &[u8]) {
    let mut options = fs::OpenOptions::new();
    let mut file = options
        .create(true)
        .append(true)
        .open(path)
        .expect("the file can be opened");
    file.write_all(bytes).expect("the file can be written");
}

/// A JSON file of the exports' folder.
pub fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).expect("the file can be read"))
        .expect("the file is JSON")
}

/// The text of an export, compressed or not.
pub fn inflated(path: &Path) -> String {
    let bytes = fs::read(path).expect("the export can be read");
    let mut text = String::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        flate2::read::MultiGzDecoder::new(&bytes[..])
            .read_to_string(&mut text)
            .expect("the export is whole gzip of UTF-8");
    } else {
        text = String::from_utf8(bytes).expect("the export is UTF-8");
    }
    text
}
