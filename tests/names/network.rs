//! The network of `network.py`, and exports of hosts that live in it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Write;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{PATIENCE, Terminal, program};
use crate::support::in_fixed_environment;

/// How `unshare` may be called here: as root, or as root of a user namespace of one's own.
fn unshare() -> Option<&'static [&'static str]> {
    static ALLOWED: OnceLock<Option<&[&str]>> = OnceLock::new();
    *ALLOWED.get_or_init(|| {
        let ways: [&[&str]; 2] = [&["-n", "-m"], &["-r", "-n", "-m"]];
        let mut said = String::new();
        let mut works = |way: &&&[&str]| {
            let probe = "import fcntl,socket,struct;fcntl.ioctl(socket.socket(2,2),0x8914,struct.pack('16sh',b'lo',65))";
            let tried = Command::new("unshare")
                .args(**way)
                .args(["python3", "-c", probe])
                .output();
            match tried {
                Ok(out) if out.status.success() => return true,
                Ok(out) => said = String::from_utf8_lossy(&out.stderr).trim().to_owned(),
                Err(error) => said = format!("unshare: {error}"),
            }
            false
        };
        let way = ways.iter().find(&mut works).copied();
        let words = match way {
            Some(way) => format!("ran in network namespaces (unshare {})", way.join(" ")),
            None => format!("SKIPPED, network namespaces are not allowed here: {said}"),
        };
        // past the capture of the test runner, for whoever reads its output
        let told = format!("\nname server tests: {words}\n");
        std::io::stderr().write_all(told.as_bytes()).unwrap();
        way
    })
}

/// A network with a name server, and a folder for what a test needs.
pub struct Network {
    way: &'static [&'static str],
    /// The folder.
    pub folder: TempDir,
    mode: &'static str,
}

impl Network {
    /// One whose name server answers, or, if it `hangs`, never does. `None` where that cannot be.
    pub fn open(hangs: bool) -> Option<Self> {
        Some(Network {
            way: unshare()?,
            folder: tempfile::tempdir().unwrap(),
            mode: if hangs { "hang" } else { "answer" },
        })
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// The command that runs flowpeek in it.
    fn words(&self, args: &[&str]) -> Vec<OsString> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/names/network.py");
        let words = self.way.iter().copied().chain(["python3", script]);
        let mut words: Vec<OsString> = words.map(OsString::from).collect();
        words.push(self.log().into());
        words.extend([self.mode, env!("CARGO_BIN_EXE_flowpeek")].map(OsString::from));
        words.extend(args.iter().map(OsString::from));
        words
    }

    /// Runs a report.
    pub fn report(&self, args: &[&str]) -> Output {
        let args = [&["report"], args].concat();
        let out = in_fixed_environment(Command::new("unshare"))
            .args(self.words(&args))
            .env("XDG_CACHE_HOME", self.folder.path().join("cache"))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&out.stderr);
        assert!(out.status.success(), "{said}");
        out
    }

    /// Opens the browser.
    pub fn browse(&self, columns: u16, rows: u16, args: &[&str]) -> Terminal {
        let mut command = program("unshare");
        command.args(self.words(args));
        command.env("XDG_CACHE_HOME", self.folder.path().join("cache"));
        Terminal::spawn(columns, rows, command)
    }

    fn noted(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.log()).unwrap_or_default();
        let lines = text.lines().filter(|line| line.ends_with('}'));
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// How often each address was asked for so far.
    pub fn asked(&self) -> BTreeMap<IpAddr, usize> {
        let mut asked = BTreeMap::new();
        for note in self.noted() {
            if let Some(address) = note["asked"].as_str() {
                *asked.entry(address.parse().unwrap()).or_default() += 1;
            }
        }
        asked
    }

    /// How long after this time flowpeek ended.
    pub fn ended_after(&self, begun: SystemTime) -> Duration {
        let until = Instant::now() + PATIENCE;
        loop {
            let noted = self.noted();
            if let Some(ended) = noted.iter().find_map(|note| note["ended"].as_f64()) {
                let begun = begun.duration_since(UNIX_EPOCH).unwrap().as_secs_f64();
                return Duration::from_secs_f64((ended - begun).max(0.0));
            }
            assert!(Instant::now() < until, "it does not end");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// An export of connections, each from one of these hosts to the next.
    pub fn export(&self, hosts: &[IpAddr]) -> String {
        let path = self.folder.path().join("export.json");
        write_export(&path, hosts);
        path.to_str().unwrap().to_owned()
    }

    /// A file with this text.
    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

/// `10.kind.x.y` for so many hosts.
pub fn hosts(kind: u8, count: usize) -> Vec<IpAddr> {
    let host = |number: usize| IpAddr::from([10, kind, (number >> 8) as u8, number as u8]);
    (0..count).map(host).collect()
}

fn write_export(path: &Path, hosts: &[IpAddr]) {
    let flow = |at: usize, src: IpAddr, dst: IpAddr, ports: (u16, u16), bytes: usize| {
        let (source, destination) = match src.is_ipv6() {
            true => ("IPV6_SRC_ADDR", "IPV6_DST_ADDR"),
            false => ("IPV4_SRC_ADDR", "IPV4_DST_ADDR"),
        };
        json!({source: src.to_string(), destination: dst.to_string(), "PROTOCOL": 6, "IN_PKTS": 20,
            "IN_BYTES": bytes, "FIRST_SWITCHED": at, "LAST_SWITCHED": at + 5,
            "L4_SRC_PORT": ports.0, "L4_DST_PORT": ports.1})
    };
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    for (at, pair) in hosts.chunks(2).enumerate() {
        let (src, dst) = (pair[0], *pair.last().unwrap());
        let flows = [
            flow(at, src, dst, (40_000, 443), 5000 - at % 1000),
            flow(at, dst, src, (443, 40_000), 100),
        ];
        let header =
            json!({"version": 9, "count": 2, "uptime": 100_000_000, "timestamp": 1_700_000_000});
        let packet = json!({"client": ["192.0.2.254", 1], "header": header, "flows": flows});
        let key = format!("1700000{:03}.{:03}", at / 1000, at % 1000);
        writeln!(file, "{}", json!({key: packet})).unwrap();
    }
    file.flush().unwrap();
}
