//! The real collector (the Python package `netflow`) writing while flowpeek follows.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::net::UdpSocket;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::slice::from_ref;
use std::thread;
use std::time::{Duration, Instant};

use super::following::{Following, assert_alike, read_afresh};
use super::support::{Promise, skip};

/// The collector, a process of its own.
pub struct Collector {
    process: Child,
    pub port: u16,
}

/// Whether there is a collector.
pub fn whether() -> bool {
    let mut probe = Command::new("python3");
    let probe = probe.args(["-c", "import netflow"]).output();
    probe.is_ok_and(|probe| probe.status.success())
}

/// Says what is tested with what, even where the output of tests that pass is not shown.
pub fn tell(words: &str) {
    let _ = writeln!(std::io::stderr().lock(), "\nfollowing tests: {words}");
}

/// Says what there is not, which `.ci/run` installs.
#[track_caller]
pub fn without(what: &str) {
    tell(&format!("skipped: {what}"));
    skip(Promise::Gate, what);
}

/// Waits until nothing is written any more.
pub fn settle(output: &Path) {
    let mut last = None;
    loop {
        let size = fs::metadata(output).ok().map(|about| about.len());
        if size.is_some() && size == last {
            return;
        }
        last = size;
        thread::sleep(Duration::from_millis(400));
    }
}

impl Collector {
    pub fn start(output: &Path) -> Collector {
        Collector::limited(output, None)
    }

    /// One that may make no file larger than so many blocks of 512 bytes.
    pub fn limited(output: &Path, blocks: Option<u32>) -> Collector {
        let probe = UdpSocket::bind("127.0.0.1:0").unwrap();
        let port = probe.local_addr().unwrap().port();
        drop(probe);
        let limit = blocks.map_or("unlimited".to_owned(), |blocks| blocks.to_string());
        let mut command = Command::new("sh");
        let script = "ulimit -f \"$0\"; exec python3 \"$@\"";
        command.args([
            "-c",
            script,
            &limit,
            "-m",
            "netflow.collector",
            "--host",
            "127.0.0.1",
        ]);
        command.args(["-p", &port.to_string(), "-o"]).arg(output);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let process = command.spawn().unwrap();
        Collector { process, port }
    }

    /// Sends the packets of these numbers, and waits until the first of them, said
    /// again and again since nobody knows when it listens, has been written.
    pub fn feed(&self, output: &Path, numbers: std::ops::Range<u32>) {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let size = || fs::metadata(output).map_or(0, |about| about.len());
        let (before, begun) = (size(), Instant::now());
        while size() == before {
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "the collector is silent"
            );
            let hello = datagram(numbers.start);
            let _ = socket.send_to(&hello, ("127.0.0.1", self.port));
            thread::sleep(Duration::from_millis(100));
        }
        for number in numbers.skip(1) {
            socket
                .send_to(&datagram(number), ("127.0.0.1", self.port))
                .unwrap();
            thread::sleep(Duration::from_millis(5));
        }
        settle(output);
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// A NetFlow v5 packet with two flows that belong together.
fn datagram(number: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend([5u16, 2].map(u16::to_be_bytes).concat());
    let header = [10_000, 1_700_000_000, 0, number * 2, 0];
    bytes.extend(header.map(u32::to_be_bytes).concat());
    for back in [false, true] {
        let (us, them) = (0x0a00_0001u32, 0xc000_0201);
        let (src, dst) = if back { (them, us) } else { (us, them) };
        let (port, service) = (1024 + number as u16, 443u16);
        let ports = if back {
            [service, port]
        } else {
            [port, service]
        };
        bytes.extend([src, dst, 0, 0].map(u32::to_be_bytes).concat());
        bytes.extend(
            [20, 1500 + number, 4000, 5000]
                .map(u32::to_be_bytes)
                .concat(),
        );
        bytes.extend(ports.map(u16::to_be_bytes).concat());
        bytes.extend([0, 0x1b, 6, 0, 0, 0, 0, 0, 24, 24, 0, 0]);
    }
    bytes
}

#[test]
fn nothing_of_a_real_collector_is_missed_or_read_twice() {
    if !whether() {
        return without("no Python package netflow");
    }
    let folder = tempfile::tempdir().unwrap();
    let (path, rotated) = (folder.path().join("x.gz"), folder.path().join("x.gz.1"));
    fs::File::create(&path).unwrap();
    let mut following = Following::of(from_ref(&path));
    let collector = Collector::start(&path);
    collector.feed(&path, 0..40);
    following.wait_flows(80);
    // the collector opens the file for each packet, so it goes on in a new one
    fs::rename(&path, &rotated).unwrap();
    collector.feed(&path, 40..60);
    following.wait_flows(120);
    // killed in the middle of a member, and started anew
    drop(collector);
    let whole = fs::read(&path).unwrap();
    let mut file = OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(&whole[..60]).unwrap();
    let collector = Collector::start(&path);
    collector.feed(&path, 60..90);
    drop(collector);
    let afresh = read_afresh(&[rotated, path]);
    let last = following.wait_flows(afresh.table.totals().flows);
    assert!(afresh.table.totals().flows >= 180, "{:?}", afresh.intake);
    assert_alike(&last, &afresh);
    assert_eq!(last.intake.lines(), afresh.intake.lines());
    assert_eq!(last.intake.damaged_bytes, afresh.intake.damaged_bytes);
}
