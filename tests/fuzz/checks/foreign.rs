//! What other programs write, made from arbitrary bytes in each of its layouts, and
//! what must hold of its entries: the same however the bytes come, each counted once,
//! and nothing in a flow that its column has no room for.

use std::fmt::Write as _;
use std::io::Cursor;

use flowpeek::ingest::decoder::{Decoder, Line};
use flowpeek::ingest::inflate::sniff::Form;
use flowpeek::ingest::inflate::window::Window;
use flowpeek::ingest::text::entries::Entries;
use flowpeek::ingest::text::entry::Ending;
use flowpeek::ingest::text::lines::Lines;
use flowpeek::model::attr::{ATTRS, Attr};
use flowpeek::model::flow::LineAt;
use flowpeek::model::text::is_printable;

use super::made::{Bytes, VALUES};
use super::members::Dribble;

/// Keys of a program, the first of which tells it, and what usually stands there.
type Keys = &'static [(&'static str, &'static str)];

const NFDUMP: Keys = &[
    ("src4_addr", "\"10.0.0.1\""),
    ("dst4_addr", "\"10.0.0.2\""),
    ("export_sysid", "1"),
    ("src6_addr", "\"::1\""),
    ("dst6_addr", "\"::2\""),
    ("src_port", "443"),
    ("dst_port", "40000"),
    ("proto", "6"),
    ("in_bytes", "1000"),
    ("in_packets", "10"),
    ("out_bytes", "100"),
    ("out_packets", "1"),
    ("tcp_flags", "\"...AP.SF\""),
    ("icmp_type", "8"),
    ("icmp_code", "0"),
    ("first", "\"2023-11-14T22:13:20.123\""),
    ("t_first", "\"2023-11-14T22:13:20.123\""),
    ("last", "\"2023-11-14T22:13:21.000\""),
    ("received", "\"2023-11-14T22:13:22.000\""),
    ("ip4_router", "\"192.0.2.1\""),
    ("ip6_router", "\"2001:db8::1\""),
];
const GOFLOW: Keys = &[
    ("time_received_ns", "1700000000250000000"),
    ("type", "\"NETFLOW_V9\""),
    ("src_addr", "\"10.0.0.2\""),
    ("dst_addr", "\"10.0.0.1\""),
    ("src_port", "40000"),
    ("dst_port", "443"),
    ("proto", "\"TCP\""),
    ("bytes", "660"),
    ("packets", "6"),
    ("sampling_rate", "100"),
    ("sampler_address", "\"192.0.2.1\""),
    ("time_flow_start_ns", "1700000000000000000"),
    ("time_flow_end_ns", "1700000000100000000"),
    ("observation_domain_id", "1"),
    ("etype", "\"IPv4\""),
];
const ZEEK: Keys = &[
    ("id.orig_h", "\"10.0.0.1\""),
    ("_path", "\"conn\""),
    ("ts", "1700000000.123"),
    ("uid", "\"C1\""),
    ("id.orig_p", "51000"),
    ("id.resp_h", "\"10.0.0.2\""),
    ("id.resp_p", "443"),
    ("proto", "\"tcp\""),
    ("duration", "0.25"),
    ("conn_state", "\"SF\""),
    ("orig_bytes", "100"),
    ("resp_bytes", "1000"),
    ("orig_pkts", "5"),
    ("resp_pkts", "6"),
    ("orig_ip_bytes", "300"),
    ("resp_ip_bytes", "1300"),
    ("history", "\"ShADadFf\""),
    ("vlan", "20"),
    ("_write_ts", "1700000001.5"),
    ("_system_name", "\"sensor\""),
];
const SURICATA: Keys = &[
    ("event_type", "\"flow\""),
    ("timestamp", "\"2023-11-14T23:13:20.123456+0100\""),
    ("src_ip", "\"10.0.0.1\""),
    ("dest_ip", "\"10.0.0.2\""),
    ("src_port", "51000"),
    ("dest_port", "443"),
    ("proto", "\"TCP\""),
    ("icmp_type", "8"),
    ("vlan", "[20, 30]"),
    (
        "flow",
        "{\"pkts_toserver\": 5, \"pkts_toclient\": 6, \"bytes_toserver\": 300, \"bytes_toclient\": 1300, \
         \"start\": \"2023-11-14T23:13:20.000000+0100\", \"end\": \"2023-11-14T23:13:20.100000+0100\"}",
    ),
    (
        "netflow",
        "{\"pkts\": 5, \"bytes\": 300, \"start\": \"2023-11-14T23:13:20.000000+0100\"}",
    ),
    (
        "tcp",
        "{\"tcp_flags_ts\": \"1b\", \"tcp_flags_tc\": \"0x1a\"}",
    ),
    ("host", "\"sensor\""),
];

/// What stands where the usual should, besides the values of any export.
const ODD: [&str; 16] = [
    "\"-\"",
    "\"2023-13-01T00:00:00\"",
    "\"9999-12-31T23:59:59Z\"",
    "\"-009999-01-01T00:00:00Z\"",
    "\"icmp\"",
    "\"dns\"",
    "\"netflow\"",
    "1e400",
    "1e15",
    "-1e15",
    "\"1e300\"",
    "\"inf\"",
    "\"0xffffffffffffffffff\"",
    "\"fe80::1%eth0\"",
    "[[[1]]]",
    "1700000000123",
];

/// Name and value of each field of a record.
fn fields(bytes: &mut Bytes, keys: Keys) -> Vec<(&'static str, &'static str)> {
    let (oddities, missing) = (bytes.byte(), bytes.short());
    let mut fields: Vec<_> = (keys.iter().enumerate())
        .filter(|(place, _)| *place == 0 || missing >> (place % 16) & 1 == 0)
        .map(|(_, field)| *field)
        .collect();
    for _ in 0..if oddities > 140 { oddities & 3 } else { 0 } {
        let at = usize::from(bytes.byte()) % fields.len();
        fields[at].1 = match bytes.byte() & 1 {
            0 => bytes.pick(&ODD),
            _ => bytes.pick(&VALUES),
        };
    }
    if oddities > 240 {
        fields.push((bytes.pick(keys).0, bytes.pick(&VALUES)));
    }
    fields
}

fn object(bytes: &mut Bytes, keys: Keys, between: &str) -> String {
    let fields = fields(bytes, keys);
    let fields = fields
        .iter()
        .map(|(name, value)| format!("\"{name}\": {value}"));
    let fields: Vec<String> = fields.collect();
    format!(
        "{{{between}{}{between}}}",
        fields.join(&format!(",{between}"))
    )
}

/// Columns under the lines that name them.
fn columns(bytes: &mut Bytes, out: &mut String) {
    let separator = bytes.pick(&["\t", "\t", "\t", ",", "|", "\u{1}", " ", "ab"]);
    let names: Vec<&str> = fields(bytes, ZEEK).iter().map(|field| field.0).collect();
    let told = match separator {
        "\t" => "\\x09",
        "\u{1}" => "\\x01",
        other => other,
    };
    let _ = writeln!(out, "#separator {told}");
    let unset = bytes.pick(&["-", "-", "", "(empty)"]);
    let _ = writeln!(out, "#unset_field{separator}{unset}");
    if bytes.byte() < 230 {
        let path = bytes.pick(&["conn", "conn", "conn", "dns", ""]);
        let _ = writeln!(out, "#path{separator}{path}");
    }
    if bytes.byte() < 240 {
        let _ = writeln!(out, "#fields{separator}{}", names.join(separator));
    }
    for _ in 0..bytes.byte() % 12 {
        let cell = |(_, value): (&str, &str)| value.trim_matches('"').to_owned();
        let mut cells: Vec<String> = fields(bytes, ZEEK).into_iter().map(cell).collect();
        if bytes.byte() < 230 {
            cells.resize(names.len(), unset.to_owned());
        }
        let _ = writeln!(out, "{}", cells.join(separator));
    }
    if bytes.byte() > 128 {
        out.push_str("#close\t2023-11-14-22-15-00\n");
    }
}

/// An export of another program, or of several after one another.
pub fn export(bytes: &mut Bytes) -> Vec<u8> {
    let mut out = String::new();
    if bytes.byte() > 240 {
        out.push('\u{feff}');
    }
    for _ in 0..=bytes.byte() % 3 {
        let keys = bytes.pick(&[NFDUMP, GOFLOW, ZEEK, SURICATA]);
        let records = bytes.byte() % 12;
        match bytes.byte() % 8 {
            0..4 => (0..records).for_each(|_| {
                let _ = writeln!(out, "{}", object(bytes, keys, ""));
            }),
            layout @ 4..6 => {
                let between = ["\n  ", "\r\n"][usize::from(layout - 4)];
                let records: Vec<String> =
                    (0..records).map(|_| object(bytes, keys, between)).collect();
                let _ = writeln!(out, "[\n{}\n]", records.join(",\n"));
            }
            6 => columns(bytes, &mut out),
            _ => (0..records).for_each(|_| {
                let _ = writeln!(out, "{}", object(bytes, keys, "\n"));
            }),
        }
        if bytes.byte() > 250 {
            out.push_str("[\nNo matching flows\n]\n");
        }
    }
    out.into_bytes()
}

/// What an entry came to, and where it stands.
type Read = (LineAt, Ending, LineAt, Result<Line, String>);

fn entries(file: &[u8], at_once: usize) -> Vec<Read> {
    let reader = Dribble(Cursor::new(file.to_vec()), at_once);
    let lines = Lines::of(Window::new(Box::new(reader), 0), Form::Plain);
    let (mut entries, mut decoder) = (Entries::new(lines), Decoder::default());
    let mut all = Vec::new();
    while let Some(entry) = entries.next_entry().unwrap() {
        let read = decoder.decode(entry.text);
        all.push((entry.place, entry.ending, entry.next, read));
    }
    assert_eq!(entries.offset(), file.len() as u64);
    all
}

/// Checks the entries of a plain file.
pub fn check(file: &[u8], at_once: usize) {
    let all = entries(file, usize::MAX);
    assert!(
        all == entries(file, at_once.max(1)),
        "in pieces of {at_once}"
    );
    assert!(all.is_sorted_by_key(|entry| (entry.0.skip, entry.0.line)));
    let size = file.len() as u64;
    for (place, _, next, read) in &all {
        assert!(
            place.skip <= next.skip && next.skip <= size,
            "{place:?}, {next:?} of {size}"
        );
        match read {
            Ok(line) => fits(line),
            Err(reason) => assert!(reason.chars().all(is_printable), "{reason:?}"),
        }
    }
}

/// Whatever stood there, values are within their columns.
fn fits(line: &Line) {
    assert!(line.event.iter().all(|kind| kind.chars().all(is_printable)));
    for packet in &line.packets {
        assert!(packet.received.abs() < 1e13, "{}", packet.received);
        let exporter = packet.exporter.as_deref().unwrap_or_default();
        assert!(exporter.chars().all(is_printable), "{exporter:?}");
        for flow in &packet.flows {
            for info in ATTRS {
                let number = flow.attrs.get(info.attr);
                assert!(number.is_none_or(|number| number <= info.max), "{flow:?}");
            }
            assert!(flow.start.absolute.unsigned_abs() < 1 << 52, "{flow:?}");
            let elapsed = flow.elapsed.unwrap_or(0).unsigned_abs();
            assert!(elapsed < 1 << 52, "{flow:?}");
            assert!(flow.attrs.get(Attr::Octets) != Some(u64::MAX));
        }
    }
}
