//! The same flows in nfdump's files and in the collector's: filtered by both,
//! the same number of them passes. Every flow goes one way and no two are each
//! other's reverse, so that a row is a flow, as it is for nfdump.

use std::fmt::Write as _;
use std::fs;
use std::net::{Ipv4Addr, Ipv6Addr, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::support::{self, Promise};

/// Filters that both understand. Not here: AS numbers, for which nfdump wants a
/// data base of places; `!=` and `!`, which it does not know; and ICMP's
/// destination port, where it keeps type and code.
const BOTH: &[&str] = &[
    "any",
    "ipv4",
    "inet6",
    "not ipv4",
    "proto tcp",
    "proto 17",
    "proto icmp or proto gre",
    "src ip 10.0.0.3",
    "dst host 192.0.2.7",
    "ip 192.0.2.7",
    "ip 10.0.0.3 or ip 2001:db8::5",
    "net 10.0.0.0/29",
    "src net 10.0.0.0/30",
    "dst net 192.0.2.0/28",
    "src net 2001:db8::/125",
    "src ip in [10.0.0.1 10.0.0.2 10.0.0.9]",
    "port 53",
    "src port > 1024",
    "proto udp and dst port < 1024",
    "not proto icmp and dst port >= 443",
    "port in [53 80 8080]",
    "src port 53 or dst port 53",
    "src and dst port > 1000",
    "flags S",
    "flags SA",
    "flags AS",
    "flags X",
    "not flags A",
    "flags R or flags F",
    "packets > 10",
    "packets GT 10",
    "src port le 1024",
    "proto tcp and dst port lt 1024 or packets EQ 3",
    "bytes GE 1000",
    "packets = 1",
    "packets 1",
    "packets <= 3",
    "in packets > 3",
    "in bytes < 1k",
    "bytes > 1k",
    "bytes > 1000",
    "bytes >= 1m",
    "bytes < 100k",
    "duration > 1000",
    "duration < 50",
    "duration = 0",
    "bpp > 500",
    "pps > 10",
    "bps > 10k",
    "tos 8",
    "tos > 0",
    "in if 2",
    "out if 3",
    "if 2",
    "src mask 24",
    "dst mask 16",
    "mask 8",
    "src vlan 10",
    "vlan 20",
    "proto icmp and icmp-type 8",
    "proto tcp and dst port 443 and bytes > 1k",
    "proto tcp or proto udp and bytes > 100k",
    "(proto tcp or proto udp) and bytes > 100k",
    "not proto tcp and dst port 53",
    "not (proto tcp and dst port 53)",
    "proto tcp and not (src port 53 or flags A) and packets > 2",
    "not proto tcp && port 80 || proto 47",
];

/// What nfdump says otherwise: its `not flags` is "none of these", where flowpeek's
/// `not` is always the rest.
const TRANSLATED: [(&str, &str); 3] = [
    ("flags S and not flags AFRPU", "flags S/SAFRPU"),
    ("not flags SA", "flags /SA"),
    ("not (flags S and flags A)", "not flags SA"),
];

/// A small random generator: the same flows every time.
struct Dice(u64);

impl Dice {
    fn roll<T: Copy>(&mut self, sides: &[T]) -> T {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        sides[(self.0 % sides.len() as u64) as usize]
    }
}

/// Name in the collector's JSON, number and length in a v9 template.
const FIELDS: [(&str, u16, usize); 18] = [
    ("L4_SRC_PORT", 7, 2),
    ("L4_DST_PORT", 11, 2),
    ("PROTOCOL", 4, 1),
    ("TCP_FLAGS", 6, 1),
    ("SRC_TOS", 5, 1),
    ("IN_PKTS", 2, 4),
    ("IN_BYTES", 1, 4),
    ("FIRST_SWITCHED", 22, 4),
    ("LAST_SWITCHED", 21, 4),
    ("INPUT_SNMP", 10, 4),
    ("OUTPUT_SNMP", 14, 4),
    ("SRC_AS", 16, 4),
    ("DST_AS", 17, 4),
    ("SRC_MASK", 9, 1),
    ("DST_MASK", 13, 1),
    ("SRC_VLAN", 58, 2),
    ("DST_VLAN", 59, 2),
    ("ICMP_TYPE", 32, 2),
];

struct Flow {
    v6: bool,
    hosts: (u8, u8),
    values: [u32; FIELDS.len()],
}

fn flows() -> Vec<Flow> {
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let ports = [22, 53, 80, 443, 1000, 1024, 1025, 8080, 40_000, 65_535];
    let flow = |index: u32| {
        let protocol = dice.roll(&[6, 6, 6, 17, 17, 1, 47]);
        let (has_ports, is_tcp) = ([6, 17].contains(&protocol), protocol == 6);
        let packets = dice.roll(&[1, 1, 2, 3, 5, 10, 11, 200, 5000]);
        let bytes = packets * dice.roll(&[40, 60, 100, 500, 501, 1000, 1500]);
        let first = 10_000 + 17 * index;
        let icmp = if protocol == 1 {
            dice.roll(&[8 << 8, 3 << 8 | 1, 0])
        } else {
            0
        };
        Flow {
            v6: dice.roll(&[false, false, true]) && protocol != 1,
            hosts: (
                dice.roll(&[1, 2, 3, 4, 5, 9, 33]),
                dice.roll(&[7, 8, 15, 16, 200]),
            ),
            values: [
                if has_ports { dice.roll(&ports) } else { 0 },
                if has_ports { dice.roll(&ports) } else { 0 },
                protocol,
                if is_tcp {
                    dice.roll(&[0x02, 0x12, 0x10, 0x18, 0x1b, 0x14, 0x04, 0x3f])
                } else {
                    0
                },
                dice.roll(&[0, 0, 8, 32]),
                packets,
                bytes,
                first,
                first + dice.roll(&[0, 10, 49, 50, 999, 1000, 1001, 60_000]),
                dice.roll(&[1, 2, 3]),
                dice.roll(&[1, 2, 3]),
                dice.roll(&[0, 65_001, 65_002, 65_003]),
                dice.roll(&[0, 65_001, 65_002, 65_003]),
                dice.roll(&[8, 16, 24]),
                dice.roll(&[8, 16, 24]),
                dice.roll(&[0, 10, 20]),
                dice.roll(&[0, 10, 20]),
                icmp,
            ],
        }
    };
    (0..900).map(flow).collect()
}

impl Flow {
    fn addresses(&self) -> [(&'static str, u16, Vec<u8>, String); 2] {
        let (src, dst) = self.hosts;
        if self.v6 {
            let end = |net, host| Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, net, u16::from(host));
            let (src, dst) = (end(0, src), end(1, dst));
            let bytes = |address: Ipv6Addr| address.octets().to_vec();
            [
                ("IPV6_SRC_ADDR", 27, bytes(src), src.to_string()),
                ("IPV6_DST_ADDR", 28, bytes(dst), dst.to_string()),
            ]
        } else {
            let (src, dst) = (Ipv4Addr::new(10, 0, 0, src), Ipv4Addr::new(192, 0, 2, dst));
            let bytes = |address: Ipv4Addr| address.octets().to_vec();
            [
                ("IPV4_SRC_ADDR", 8, bytes(src), src.to_string()),
                ("IPV4_DST_ADDR", 12, bytes(dst), dst.to_string()),
            ]
        }
    }

    fn record(&self) -> Value {
        let mut record = json!({"IP_PROTOCOL_VERSION": if self.v6 { 6 } else { 4 }});
        for (name, _, _, text) in self.addresses() {
            record[name] = text.into();
        }
        for ((name, _, _), value) in FIELDS.iter().zip(self.values) {
            // the collector has names of its own for masks of IPv6
            let name = match (*name, self.v6) {
                ("SRC_MASK", true) => "IPV6_SRC_MASK",
                ("DST_MASK", true) => "IPV6_DST_MASK",
                (name, _) => name,
            };
            record[name] = value.into();
        }
        record
    }

    fn template(&self) -> u16 {
        if self.v6 { 301 } else { 300 }
    }

    /// Numbers and lengths, as a template has them.
    fn layout(&self) -> Vec<(u16, usize)> {
        let ends = self
            .addresses()
            .map(|(_, number, bytes, _)| (number, bytes.len()));
        let rest = FIELDS
            .iter()
            .map(|&(_, number, length)| match (number, self.v6) {
                (9, true) => (29, length),
                (13, true) => (30, length),
                (number, _) => (number, length),
            });
        ends.into_iter().chain(rest).collect()
    }

    fn bytes(&self) -> Vec<u8> {
        let ends = self.addresses().into_iter().flat_map(|end| end.2);
        let rest = FIELDS
            .iter()
            .zip(self.values)
            .flat_map(|(field, value)| value.to_be_bytes()[4 - field.2..].to_vec());
        ends.chain(rest).collect()
    }
}

/// RFC 3954, section 5: the header, and flowsets.
fn datagram(sequence: u32, records: u16, sets: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend(
        [9u16, records]
            .iter()
            .flat_map(|number| number.to_be_bytes()),
    );
    let rest = [100_000, 1_700_000_000, sequence, 0];
    bytes.extend(rest.iter().flat_map(|number: &u32| number.to_be_bytes()));
    bytes.extend(sets);
    bytes
}

fn set(id: u16, mut content: Vec<u8>) -> Vec<u8> {
    content.resize(content.len().next_multiple_of(4), 0);
    let length = content.len() as u16 + 4;
    let mut bytes: Vec<u8> = [id, length]
        .iter()
        .flat_map(|number| number.to_be_bytes())
        .collect();
    bytes.extend(content);
    bytes
}

fn datagrams(flows: &[Flow]) -> Vec<Vec<u8>> {
    let mut sent = Vec::new();
    for v6 in [false, true] {
        let of_family: Vec<&Flow> = flows.iter().filter(|flow| flow.v6 == v6).collect();
        let layout = of_family[0].layout();
        let words = [of_family[0].template(), layout.len() as u16];
        let fields = layout
            .iter()
            .flat_map(|&(number, length)| [number, length as u16]);
        let template = words
            .into_iter()
            .chain(fields)
            .flat_map(u16::to_be_bytes)
            .collect();
        sent.push(datagram(sent.len() as u32, 1, &set(0, template)));
        for some in of_family.chunks(15) {
            let records = some.iter().flat_map(|flow| flow.bytes()).collect();
            let data = set(some[0].template(), records);
            sent.push(datagram(sent.len() as u32, some.len() as u16, &data));
        }
    }
    sent
}

/// Ends the collector with the test.
struct Collector(Child);

impl Drop for Collector {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Has nfcapd write the datagrams into a directory.
fn collect(folder: &Path, datagrams: &[Vec<u8>]) {
    let free = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let mut command = Command::new("nfcapd");
    command.args([
        "-b",
        "127.0.0.1",
        "-t",
        "3600",
        "-p",
        &port.to_string(),
        "-l",
    ]);
    let child = command
        .arg(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut collector = Collector(child);
    let listening = format!("0100007F:{port:04X}");
    let started = Instant::now();
    while !fs::read_to_string("/proc/net/udp")
        .unwrap()
        .contains(&listening)
    {
        assert!(
            started.elapsed() < Duration::from_secs(20),
            "nfcapd does not listen"
        );
        sleep(Duration::from_millis(20));
    }
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    for datagram in datagrams {
        socket.send_to(datagram, ("127.0.0.1", port)).unwrap();
        // slowly enough that none is lost
        sleep(Duration::from_millis(3));
    }
    sleep(Duration::from_millis(300));
    let pid = collector.0.id().to_string();
    assert!(Command::new("kill").arg(pid).status().unwrap().success());
    collector.0.wait().unwrap();
}

fn nfdump_counts(folder: &Path, filter: &str) -> usize {
    let mut command = Command::new("nfdump");
    let out = command
        .args(["-q", "-6", "-o", "fmt:%sa", "-R"])
        .arg(folder)
        .arg(filter)
        .output()
        .unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    assert!(
        out.status.success(),
        "{filter}: {}",
        String::from_utf8_lossy(&out.stderr)
    );
    let is_address = |line: &&str| line.trim().parse::<std::net::IpAddr>().is_ok();
    text.lines().filter(is_address).count()
}

fn flowpeek_counts(file: &Path, filter: &str) -> usize {
    report(file, &["--filter", filter]).lines().count()
}

/// A report of all flows, none of which has a peer.
pub fn report(file: &Path, args: &[&str]) -> String {
    let mut command = support::command();
    command.args(["report", "-n", "-p", "0", "--format", "ndjson"]);
    command.args(["--show", "unmatched"]).args(args).arg(file);
    let out = command.output().unwrap();
    assert!(
        out.status.success(),
        "{args:?}: {}",
        String::from_utf8_lossy(&out.stderr)
    );
    String::from_utf8(out.stdout).unwrap()
}

pub fn is_missing() -> bool {
    let found = ["nfdump", "nfcapd"].iter().all(|name| {
        let mut command = Command::new(name);
        command
            .arg("-V")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok()
    });
    if !found {
        let why = "nfdump is not installed (Debian package nfdump)";
        support::skip(Promise::Gate, why);
    }
    !found
}

/// The same flows, kept by nfcapd and as the collector writes them.
pub struct Kept {
    pub folder: tempfile::TempDir,
    flows: usize,
}

impl Kept {
    pub fn new() -> Self {
        let flows = flows();
        let folder = tempfile::tempdir().unwrap();
        let kept = Kept {
            folder,
            flows: flows.len(),
        };
        fs::create_dir(kept.by_nfcapd()).unwrap();
        collect(&kept.by_nfcapd(), &datagrams(&flows));
        let records: Vec<Value> = flows.iter().map(Flow::record).collect();
        let header = json!({"version": 9, "count": records.len(), "uptime": 100_000, "timestamp": 1_700_000_000});
        let packet = json!({"client": ["127.0.0.1", 1], "header": header, "flows": records});
        fs::write(kept.file(), json!({"1700000000.0": packet}).to_string()).unwrap();
        kept
    }

    pub fn by_nfcapd(&self) -> PathBuf {
        self.folder.path().join("nfcapd")
    }

    pub fn file(&self) -> PathBuf {
        self.folder.path().join("export.json")
    }
}

#[test]
fn nfdump_and_flowpeek_let_the_same_flows_through() {
    if is_missing() {
        return;
    }
    let both = Kept::new();
    let (kept, file, flows) = (both.by_nfcapd(), both.file(), both.flows);
    let (mut differ, mut telling) = (String::new(), 0);
    let both = BOTH.iter().map(|filter| (filter, filter));
    let translated = TRANSLATED.iter().map(|(theirs, ours)| (theirs, ours));
    for (theirs, filter) in both.chain(translated) {
        let (theirs, ours) = (nfdump_counts(&kept, theirs), flowpeek_counts(&file, filter));
        if theirs != ours {
            writeln!(differ, "{filter}: nfdump {theirs}, flowpeek {ours}").unwrap();
        }
        telling += usize::from(ours > 0 && ours < flows);
    }
    assert_eq!(differ, "");
    assert!(telling >= 25, "only {telling} filters tell flows apart");
}
