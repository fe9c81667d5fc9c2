//! Exports made from arbitrary bytes: lines like the collector's with something
//! odd here and there, in any of its forms, then perhaps damaged. So a fuzzer's
//! bytes get deep where they would otherwise end at the first bracket.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use super::foreign;

/// Bytes taken one after another; zeros when there are no more.
pub struct Bytes<'a>(pub &'a [u8]);

impl<'a> Bytes<'a> {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn byte(&mut self) -> u8 {
        self.take(1).first().copied().unwrap_or(0)
    }

    pub fn short(&mut self) -> u16 {
        u16::from_le_bytes([self.byte(), self.byte()])
    }

    pub fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        taken
    }

    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::from(self.byte()) % of.len()]
    }
}

/// Keys of records: what each version calls things, and what nobody does.
const KEYS: [&str; 40] = [
    "IPV4_SRC_ADDR",
    "IPV4_DST_ADDR",
    "IPV6_SRC_ADDR",
    "IPV6_DST_ADDR",
    "sourceIPv4Address",
    "destinationIPv4Address",
    "sourceIPv6Address",
    "destinationIPv6Address",
    "L4_SRC_PORT",
    "L4_DST_PORT",
    "SRC_PORT",
    "DST_PORT",
    "PROTOCOL",
    "PROTO",
    "protocolIdentifier",
    "IP_PROTOCOL_VERSION",
    "IN_BYTES",
    "IN_PKTS",
    "IN_OCTETS",
    "IN_PACKETS",
    "octetDeltaCount",
    "packetDeltaCount",
    "TCP_FLAGS",
    "ICMP_TYPE",
    "FIRST_SWITCHED",
    "LAST_SWITCHED",
    "flowStartSysUpTime",
    "flowEndSysUpTime",
    "flowStartMilliseconds",
    "flowEndMilliseconds",
    "flowStartMicroseconds",
    "flowStartNanoseconds",
    "flowStartSeconds",
    "flowStartDeltaMicroseconds",
    "systemInitTimeMilliseconds",
    "samplingInterval",
    "meteringProcessId",
    "UNKNOWN_FIELD_TYPE",
    "\\u001b]0;x\\u0007",
    "\u{202e}odd",
];

/// Values that stand where a number, an address or a text is expected.
pub const VALUES: [&str; 40] = [
    "0",
    "1",
    "6",
    "17",
    "58",
    "80",
    "443",
    "40000",
    "65535",
    "65536",
    "255",
    "256",
    "4294967295",
    "4294967296",
    "9007199254740993",
    "18446744073709551614",
    "18446744073709551615",
    "18446744073709551616",
    "340282366920938463463374607431768211455",
    "340282366920938463463374607431768211456",
    "-1",
    "-9223372036854775808",
    "1.0",
    "1.5",
    "1e300",
    "-0.0",
    "null",
    "true",
    "\"\"",
    "\"10.0.0.1\"",
    "\"10.0.0.2\"",
    "\"::1\"",
    "\"=1+1\"",
    "\"\\u001b[2J\\u202e\"",
    "[1, 2]",
    "[2208988800, 4294967295]",
    "[18446744073709551615, 1]",
    "{}",
    "[]",
    "1700000000123",
];

/// A flow from a world so small that many have peers.
fn flow(bytes: &mut Bytes, out: &mut String) {
    let spellings: [[&str; 9]; 3] = [
        [
            "IPV4_SRC_ADDR",
            "IPV4_DST_ADDR",
            "SRC_PORT",
            "DST_PORT",
            "PROTO",
            "IN_OCTETS",
            "IN_PACKETS",
            "FIRST_SWITCHED",
            "LAST_SWITCHED",
        ],
        [
            "IPV4_SRC_ADDR",
            "IPV4_DST_ADDR",
            "L4_SRC_PORT",
            "L4_DST_PORT",
            "PROTOCOL",
            "IN_BYTES",
            "IN_PKTS",
            "FIRST_SWITCHED",
            "LAST_SWITCHED",
        ],
        [
            "sourceIPv4Address",
            "destinationIPv4Address",
            "sourceTransportPort",
            "destinationTransportPort",
            "protocolIdentifier",
            "octetDeltaCount",
            "packetDeltaCount",
            "flowStartSysUpTime",
            "flowEndSysUpTime",
        ],
    ];
    let (
        [
            source,
            destination,
            from,
            to,
            protocol,
            octets,
            packets,
            first,
            last,
        ],
        numbered,
    ) = bytes.pick(&[
        (spellings[0], true),
        (spellings[1], false),
        (spellings[2], true),
    ]);
    let ends = bytes.byte();
    let address = |host: u8| match numbered {
        true => (0x0a00_0000_u32 + u32::from(host)).to_string(),
        false => format!("\"10.0.0.{host}\""),
    };
    let [one, two] = [[40_000, 443], [443, 40_000]][usize::from(ends >> 7)];
    let start = bytes.pick(&[0_u32, 1, 900, 2500, 5000, u32::MAX - 400]);
    let end = start.wrapping_add(u32::from(bytes.short()));
    let kind = bytes.pick(&[6, 17, 1, 58, 47, 132]);
    let amount = u64::from(bytes.short()) << (ends & 31);
    let _ = write!(
        out,
        "{{\"{source}\": {}, \"{destination}\": {}, \"{from}\": {one}, \"{to}\": {two}, \"{protocol}\": {kind}, \
         \"{octets}\": {amount}, \"{packets}\": {}, \"{first}\": {start}, \"{last}\": {end}",
        address(ends >> 5 & 3),
        address(ends >> 3 & 3),
        amount >> 9,
    );
    let oddities = bytes.byte();
    for _ in 0..if oddities > 200 { oddities & 3 } else { 0 } {
        let _ = write!(out, ", \"{}\": {}", bytes.pick(&KEYS), bytes.pick(&VALUES));
    }
    out.push('}');
}

/// A record of any keys and values.
fn record(bytes: &mut Bytes, out: &mut String) {
    out.push('{');
    let count = bytes.byte() % 12;
    for number in 0..count {
        let comma = if number == 0 { "" } else { ", " };
        let _ = write!(
            out,
            "{comma}\"{}\": {}",
            bytes.pick(&KEYS),
            bytes.pick(&VALUES)
        );
    }
    out.push('}');
}

fn flows(bytes: &mut Bytes, out: &mut String) {
    out.push('[');
    let count = bytes.byte() % 24;
    for number in 0..count {
        if number > 0 {
            out.push_str(", ");
        }
        match bytes.byte() {
            0..200 => flow(bytes, out),
            200..250 => record(bytes, out),
            _ => out.push_str(bytes.pick(&VALUES)),
        }
    }
    out.push(']');
}

fn packet(bytes: &mut Bytes, out: &mut String) {
    let time = bytes.pick(&[
        "1700000000.5",
        "1700000001",
        "1700000000.25",
        "-1",
        "1e11",
        "nan",
        "1e400",
        " 5 ",
        "x",
        "",
    ]);
    let _ = write!(out, "\"{time}\": ");
    if bytes.byte() > 230 {
        return flows(bytes, out);
    }
    let client = bytes.pick(&[
        "[\"10.255.0.1\", 40000]",
        "[\"10.255.0.2\", 40000]",
        "[\"::1\", 5, 0, 0]",
        "null",
        "\"=cmd|1\"",
        "[\"\\u001b[2Jname\\u202e\", 1]",
        "[]",
        "7",
    ]);
    let _ = write!(out, "{{\"client\": {client}, ");
    match bytes.byte() {
        0..220 => {
            let version = bytes.pick(&[1, 5, 9, 10, 10, 77]);
            let (count, uptime, sequence) = (bytes.byte(), bytes.short(), bytes.short());
            let (domain, sampling) = (bytes.byte() & 3, bytes.pick(&[0, 0, 1, 16_386, 65_535]));
            let _ = write!(
                out,
                "\"header\": {{\"version\": {version}, \"count\": {count}, \"uptime\": {uptime}, \"timestamp\": 1700000000, \
                 \"export_uptime\": 1700000000, \"sequence\": {sequence}, \"source_id\": {domain}, \
                 \"sampling_interval\": {sampling}}}, ",
            );
        }
        220..240 => {
            let _ = write!(out, "\"header\": {}, ", bytes.pick(&VALUES));
        }
        _ => {}
    }
    out.push_str("\"flows\": ");
    flows(bytes, out);
    out.push('}');
}

fn line(bytes: &mut Bytes) -> Vec<u8> {
    let mut out = String::from("{");
    packet(bytes, &mut out);
    while bytes.byte() > 240 {
        out.push_str(", ");
        packet(bytes, &mut out);
    }
    out.push_str("}\n");
    match bytes.byte() {
        0..230 => out.into_bytes(),
        230..235 => b"\n".to_vec(),
        235..240 => out.replace('\n', "\r\n").into_bytes(),
        240..245 => bytes.take(40).to_vec(),
        245..250 => {
            let depth = usize::from(bytes.byte());
            let line = format!(
                "{{\"1.5\": {{\"flows\": {}{}}}}}\n",
                "[".repeat(depth),
                "]".repeat(depth)
            );
            line.into_bytes()
        }
        // a long line of nothing, so that a file of few bytes is shared by threads
        _ => {
            let blank = " ".repeat(usize::from(bytes.byte()) * 100);
            format!("{blank}{out}").into_bytes()
        }
    }
}

fn member(content: &[u8], level: u8) -> Vec<u8> {
    let level = Compression::new(u32::from(level % 3) * 3);
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// Content in frames of zstd, and perhaps frames between them that are to be skipped.
pub fn frames(content: &[u8], skipped: bool) -> Vec<u8> {
    let frames = content.chunks(900).flat_map(|piece| {
        let skippable: &[u8] = if skipped {
            b"\x53\x2a\x4d\x18\x02\0\0\0{\n"
        } else {
            b""
        };
        let frame = compress_to_vec(piece, CompressionLevel::Fastest);
        [skippable, &frame].concat()
    });
    frames.collect()
}

/// An export, and whether it is as some collector could have left it.
pub fn export(bytes: &mut Bytes) -> (Vec<u8>, bool) {
    let form = bytes.byte() % 16;
    let damages = bytes.byte();
    let level = bytes.byte();
    let mut rest = Bytes(bytes.0);
    let mut lines: Vec<Vec<u8>> = Vec::new();
    while !bytes.is_empty() && lines.len() < 60 {
        let next = line(bytes);
        lines.push(next);
    }
    let mut file = match form {
        0 => lines.concat(),
        1 => member(&lines.concat(), level),
        2 => compress_to_vec(&lines.concat()[..], CompressionLevel::Fastest),
        // whatever was written is a line's text again: members within members
        3 => lines.iter().fold(Vec::new(), |mut file, line| {
            let inner = [&line[..], &member(line, level)].concat();
            file.extend(member(&inner, 0));
            file
        }),
        // lines that run over members
        4 => lines
            .concat()
            .chunks(700)
            .flat_map(|piece| member(piece, level))
            .collect(),
        // what other programs write
        5 => foreign::export(&mut rest),
        6 => member(&foreign::export(&mut rest), level),
        _ => lines.iter().flat_map(|line| member(line, level)).collect(),
    };
    let damages = if damages > 128 { damages & 3 } else { 0 };
    for _ in 0..damages {
        damage(bytes, &mut file);
    }
    (file, damages == 0)
}

/// Flips a bit, cuts, doubles, moves or takes out a stretch.
pub fn damage(bytes: &mut Bytes, file: &mut Vec<u8>) {
    if file.is_empty() {
        return;
    }
    let place = |bytes: &mut Bytes| {
        let at = u32::from(bytes.short()) << 8 | u32::from(bytes.byte());
        at as usize % file.len()
    };
    let (one, two) = (place(bytes), place(bytes));
    let (begin, end) = (one.min(two), one.max(two));
    match bytes.byte() % 8 {
        0 => file.truncate(one),
        1 => drop(file.drain(begin..end)),
        2 => drop(file.drain(..begin)),
        3 => {
            let piece = file[begin..end].to_vec();
            file.splice(begin..begin, piece);
        }
        4 => file[begin..end].fill(0),
        5 => {
            let junk = bytes.take(30).to_vec();
            file.splice(one..one, junk);
        }
        _ => file[one] ^= 1 << (bytes.byte() & 7),
    }
}
