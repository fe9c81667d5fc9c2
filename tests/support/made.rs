//! Made exports: strategies for packets, and packets as the collector spells them.
#![allow(
    dead_code,
    missing_docs,
    reason = "a part of several tests, of which some need less"
)]

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A flow from a world so small that many have peers, and some several.
#[derive(Debug, Clone)]
pub struct Flow {
    pub hosts: (u32, u32),
    pub ports: (u16, u16),
    pub protocol: u8,
    pub first: u32,
    pub lasts: u32,
    pub bytes: u64,
    pub packets: u64,
}

impl Flow {
    fn spelled(&self, version: u8) -> Value {
        let address = |host: u32| 0x0a00_0000 + host;
        let text = |host: u32| std::net::Ipv4Addr::from_bits(address(host)).to_string();
        let (src, dst) = self.hosts;
        let last = self.first.wrapping_add(self.lasts);
        match version {
            5 => {
                json!({"IPV4_SRC_ADDR": address(src), "IPV4_DST_ADDR": address(dst), "IN_PACKETS": self.packets,
                "IN_OCTETS": self.bytes, "FIRST_SWITCHED": self.first, "LAST_SWITCHED": last,
                "SRC_PORT": self.ports.0, "DST_PORT": self.ports.1, "PROTO": self.protocol})
            }
            9 => {
                json!({"IPV4_SRC_ADDR": text(src), "IPV4_DST_ADDR": text(dst), "IN_PKTS": self.packets,
                "IN_BYTES": self.bytes, "FIRST_SWITCHED": self.first, "LAST_SWITCHED": last, "IP_PROTOCOL_VERSION": 4,
                "L4_SRC_PORT": self.ports.0, "L4_DST_PORT": self.ports.1, "PROTOCOL": self.protocol})
            }
            _ => json!({"sourceIPv4Address": address(src), "destinationIPv4Address": address(dst),
                "packetDeltaCount": self.packets, "octetDeltaCount": self.bytes, "flowStartSysUpTime": self.first,
                "flowEndSysUpTime": last, "sourceTransportPort": self.ports.0,
                "destinationTransportPort": self.ports.1, "protocolIdentifier": self.protocol}),
        }
    }
}

fn flow() -> impl Strategy<Value = Flow> {
    let port = prop::sample::select(vec![443_u16, 40_000]);
    let protocol = prop::sample::select(vec![1_u8, 6, 47, 132]);
    let first = prop::sample::select(vec![0_u32, 1, 900, 2500, u32::MAX - 400]);
    (
        (0..2_u32, 0..2_u32),
        (port.clone(), port),
        protocol,
        first,
        0..5000_u32,
        0..1_u64 << 40,
        0..1_u64 << 20,
    )
        .prop_map(
            |(hosts, ports, protocol, first, lasts, bytes, packets)| Flow {
                hosts,
                ports,
                protocol,
                first,
                lasts,
                bytes,
                packets,
            },
        )
}

/// One packet of an export.
#[derive(Debug, Clone)]
pub struct Packet {
    pub version: u8,
    pub exporter: u8,
    pub second: u32,
    pub flows: Vec<Flow>,
}

pub fn packet() -> impl Strategy<Value = Packet> {
    let version = prop::sample::select(vec![5_u8, 9, 10]);
    let flows = prop::collection::vec(flow(), 0..20);
    (
        version,
        prop::sample::select(vec![1_u8, 1, 1, 2]),
        0..20_u32,
        flows,
    )
        .prop_map(|(version, exporter, second, flows)| Packet {
            version,
            exporter,
            second,
            flows,
        })
}

impl Packet {
    /// The line that the collector would write.
    pub fn line(&self) -> String {
        let time = 1_700_000_000 + self.second;
        let flows: Vec<_> = self
            .flows
            .iter()
            .map(|flow| flow.spelled(self.version))
            .collect();
        let header = match self.version {
            10 => {
                json!({"version": 10, "length": 100, "export_uptime": time, "sequence_number": 1})
            }
            version => {
                json!({"version": version, "count": flows.len(), "uptime": 5000, "timestamp": time,
                "sequence": 1})
            }
        };
        // An exporter speaks one version.
        let client = json!([format!("10.255.{}.{}", self.version, self.exporter), 40_000]);
        let packet = json!({"client": client, "header": header, "flows": flows});
        json!({format!("{time}.25"): packet}).to_string() + "\n"
    }
}

/// One gzip member a line, as the collector writes them.
pub fn members(lines: &[String]) -> Vec<u8> {
    let member = |line: &String| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(line.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    lines.iter().flat_map(member).collect()
}
