//! Why a flow is unmatched: each reason where the contract has it, and nowhere else.

use std::io::Write;

use flowpeek::ingest::decoder::Decoder;
use flowpeek::load::{Inputs, Snapshot, load};
use flowpeek::model::flow::LineAt;
use flowpeek::table::build::{Builder, Pairing};
use flowpeek::table::nearest::{Candidate, Difference, nearest};
use flowpeek::table::store::{Side, Table};
use serde_json::{Value, json};

const TOLERANCE: i64 = 1000;

/// A flow: where it goes, when it starts, and what else its record says.
struct Flow {
    ends: [&'static str; 2],
    ports: [u16; 2],
    protocol: u8,
    start: u32,
    more: (&'static str, u32),
    exporter: &'static str,
}

const TCP: Flow = Flow {
    ends: ["10.0.0.1", "10.0.0.2"],
    ports: [40_000, 443],
    protocol: 6,
    start: 100_000,
    more: ("TCP_FLAGS", 0x1b),
    exporter: "192.0.2.1",
};
const UDP: Flow = Flow {
    protocol: 17,
    more: ("TCP_FLAGS", 0),
    ..TCP
};
const BACK: Flow = Flow {
    ends: ["10.0.0.2", "10.0.0.1"],
    ports: [443, 40_000],
    ..TCP
};

/// The same by another protocol.
const OTHER_PROTOCOL: Flow = Flow {
    protocol: 17,
    ..BACK
};

/// The same from another host.
const OTHER_HOST: Flow = Flow {
    ends: ["10.0.0.3", "10.0.0.1"],
    ..BACK
};
const ICMP: Flow = Flow {
    ports: [0, 0],
    protocol: 1,
    more: ("ICMP_TYPE", 0x0800),
    ..TCP
};
const ICMP6: Flow = Flow {
    ends: ["2001:db8::1", "2001:db8::2"],
    protocol: 58,
    more: ("ICMP_TYPE", 0x8000),
    ..ICMP
};

impl Flow {
    fn line(&self) -> String {
        let family = if self.ends[0].contains(':') { 6 } else { 4 };
        let mut record = json!({"L4_SRC_PORT": self.ports[0], "L4_DST_PORT": self.ports[1],
            "PROTOCOL": self.protocol, "IN_BYTES": 40, "IN_PKTS": 1,
            "FIRST_SWITCHED": self.start, "LAST_SWITCHED": self.start});
        record[format!("IPV{family}_SRC_ADDR")] = json!(self.ends[0]);
        record[format!("IPV{family}_DST_ADDR")] = json!(self.ends[1]);
        record[self.more.0] = json!(self.more.1);
        let header =
            json!({"version": 9, "count": 1, "timestamp": 1_700_000_000, "uptime": 200_000});
        let packet: Value =
            json!({"client": [self.exporter, 2055], "header": header, "flows": [record]});
        json!({"1700000000.5": packet}).to_string() + "\n"
    }
}

fn loaded(flows: &[Flow]) -> Snapshot {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    for flow in flows {
        file.write_all(flow.line().as_bytes()).unwrap();
    }
    let inputs = Inputs::look_at(&[file.path().to_owned()]).unwrap();
    let pairing = Pairing::Strict {
        tolerance: TOLERANCE,
    };
    load(inputs, pairing, 1, |_| true)
}

/// The reasons of the flows without a peer, in the order of the file; by how much, for a near miss.
fn reasons(flows: &[Flow]) -> Vec<String> {
    told(&loaded(flows).table)
}

fn told(table: &Table) -> Vec<String> {
    let rows = table.rows().filter(|row| !row.is_connection());
    rows.map(|row| {
        let name = row.reason().expect("every unmatched flow has one").name();
        match row.distance() {
            Some(distance) => format!("{name} by {distance}"),
            None => name.to_owned(),
        }
    })
    .collect()
}

#[test]
fn a_lone_flow_is_what_its_record_says() {
    let to = |dst, flow: Flow| Flow {
        ends: [flow.ends[0], dst],
        ..flow
    };
    let flags = |flags, flow: Flow| Flow {
        more: ("TCP_FLAGS", flags),
        ..flow
    };
    let icmp = |type_code, flow: Flow| Flow {
        more: ("ICMP_TYPE", type_code),
        ..flow
    };
    let without_type = Flow {
        ports: [0, 0x0800],
        more: ("SRC_TOS", 0),
        ..ICMP
    };
    let to_itself = Flow {
        ends: ["10.0.0.1", "10.0.0.1"],
        ports: [500, 500],
        ..UDP
    };
    for (flow, reason) in [
        (TCP, "one-way"),
        (to("224.0.0.251", UDP), "multicast"),
        (to("239.255.255.255", UDP), "multicast"),
        (to("255.255.255.255", UDP), "multicast"),
        (to("ff02::fb", ICMP6), "multicast"),
        (to("223.255.255.255", UDP), "one-way"),
        (flags(0x02, TCP), "scan"),
        (flags(0x06, TCP), "scan"),
        (flags(0x12, TCP), "one-way"),
        (flags(0x04, TCP), "one-way"),
        (flags(0x00, TCP), "one-way"),
        (flags(0x02, UDP), "one-way"),
        (ICMP, "ping"),
        (ICMP6, "ping"),
        // where there is no field for it, the type stands in the port
        (without_type, "ping"),
        (icmp(0x0000, ICMP), "one-way"),
        (icmp(0x8000, ICMP), "one-way"),
        (icmp(0x0800, ICMP6), "one-way"),
        (icmp(0x8100, ICMP6), "one-way"),
        (to_itself, "one-way"),
    ] {
        let line = flow.line();
        assert_eq!(reasons(&[flow]), [reason], "{line}");
    }
}

#[test]
fn a_flow_the_other_way_beyond_the_tolerance_is_a_near_miss() {
    let at = |start, flow: Flow| Flow { start, ..flow };
    let back = |start| at(start, BACK);
    assert_eq!(reasons(&[TCP, back(101_000)]), [] as [&str; 0]);
    assert_eq!(reasons(&[TCP, back(101_001)]), ["near miss by 1001"; 2]);
    assert_eq!(
        reasons(&[back(92_000), TCP, back(105_000)]),
        [
            "near miss by 8000",
            "near miss by 5000",
            "near miss by 5000"
        ]
    );
    // among many the nearest, whichever side of it they are
    let mut flows: Vec<Flow> = (1..20).map(|step| back(100_000 + step * 2000)).collect();
    flows.extend((2..20).map(|step| back(100_000 - step * 2000)));
    flows.push(TCP);
    assert_eq!(reasons(&flows).last().unwrap(), "near miss by 2000");
    // it may have a peer of its own
    assert_eq!(
        reasons(&[TCP, back(100_000), at(107_000, TCP)]),
        ["near miss by 7000"]
    );
    // what a scan looks like is none when there was an answer
    let syn = Flow {
        more: ("TCP_FLAGS", 2),
        ..TCP
    };
    assert_eq!(reasons(&[syn, back(102_000)]), ["near miss by 2000"; 2]);
}

/// Of what grows reasons are told time and again: each time they are those of all that
/// is there by then.
#[test]
fn a_reason_is_that_of_what_has_come_until_then() {
    let back = |start| Flow { start, ..BACK };
    let flows = [TCP, back(107_000), back(103_000), TCP, back(100_200), BACK];
    let strict = Pairing::Strict {
        tolerance: TOLERANCE,
    };
    let mut builder = Builder::new(strict);
    for (count, flow) in (1..).zip(&flows) {
        let line = Decoder::default().decode(flow.line().as_bytes()).unwrap();
        for packet in &line.packets {
            builder.add(packet, LineAt::default(), 0);
        }
        builder.explain();
        assert_eq!(
            told(&builder.snapshot()),
            reasons(&flows[..count]),
            "{count}"
        );
    }
}

#[test]
fn a_flow_whose_peer_went_to_another_has_collided() {
    assert_eq!(reasons(&[TCP, BACK, BACK]), ["collision"]);
    assert_eq!(reasons(&[TCP, TCP, BACK]), ["collision"]);
    // whatever else was near
    let at = |start, flow: Flow| Flow { start, ..flow };
    let flows = [
        at(100_500, TCP),
        at(100_500, BACK),
        at(105_000, TCP),
        at(105_000, BACK),
        TCP,
    ];
    assert_eq!(reasons(&flows), ["collision"]);
}

#[test]
fn what_differs_in_more_than_time_is_no_answer() {
    let other_port = Flow {
        ports: [443, 40_001],
        ..BACK
    };
    let other_exporter = Flow {
        exporter: "192.0.2.2",
        ..BACK
    };
    for other in [other_port, other_exporter, OTHER_PROTOCOL, OTHER_HOST, TCP] {
        let line = other.line();
        assert_eq!(reasons(&[TCP, other]), ["one-way"; 2], "{line}");
    }
}

#[test]
fn the_nearest_flows_the_other_way_are_told_with_what_keeps_them_apart() {
    let at = |start, flow: Flow| Flow { start, ..flow };
    let ports = |ports, flow: Flow| Flow { ports, ..flow };
    let exporter = |flow: Flow| Flow {
        exporter: "192.0.2.2",
        ..flow
    };
    let other_ports = [ports([444, 40_000], BACK), ports([443, 40_001], BACK)];
    let flows = [
        at(90_000, TCP),
        OTHER_PROTOCOL,
        OTHER_HOST,
        exporter(ports([444, 40_000], BACK)),
        at(90_000, ports([443, 1], TCP)),
    ];
    let told = |flows: &[Flow]| nearest(&loaded(flows).table, 0);
    assert_eq!(told(&flows), []);
    let one = |row, later, difference| Candidate {
        row,
        side: Side::First,
        later,
        difference,
    };
    let [first, second] = other_ports;
    let mut flows = Vec::from(flows);
    flows.extend([at(91_500, first), at(87_000, second)]);
    let by_ports = [
        one(5, 1500, Difference::Ports),
        one(6, -3000, Difference::Ports),
    ];
    assert_eq!(told(&flows), by_ports);
    flows.push(exporter(at(90_300, BACK)));
    assert_eq!(told(&flows), [one(7, 300, Difference::Exporter)]);
    // of a connection either flow, and no more than five
    flows.push(at(95_000, BACK));
    flows.push(at(95_100, TCP));
    flows.extend((1..=6).map(|step| at(95_000 + step * 2000, BACK)));
    let five = [8, 9, 10, 11, 12]
        .map(|row| one(row, 5000 + (i64::from(row) - 8) * 2000, Difference::Time));
    assert_eq!(told(&flows), five);
    // as long as it is not the row itself
    let turned = [
        at(80_000, BACK),
        at(80_000, TCP),
        at(90_000, TCP),
        at(99_000, TCP),
    ];
    let turned = nearest(&loaded(&turned).table, 1);
    assert_eq!(turned, [one(0, -10_000, Difference::Time)]);
}

/// Without a time at which the exporter was started, all flows of an IPFIX message have its
/// export time for a start, and only the exporter's own clock tells them apart.
#[test]
fn the_own_clock_tells_who_came_near_where_absolute_times_are_stand_ins() {
    let record = |ends: [u32; 2], uptime: u32| {
        json!({"sourceIPv4Address": ends[0], "destinationIPv4Address": ends[1],
            "sourceTransportPort": 5060, "destinationTransportPort": 5060,
            "protocolIdentifier": 17, "flowStartSysUpTime": uptime})
    };
    let strangers = (0..9).map(|minute| record([2, 1], 300_000 + minute * 60_000));
    let pair = [record([1, 2], 10_000), record([2, 1], 10_000)];
    let records: Vec<Value> = strangers
        .chain(pair)
        .chain([record([1, 2], 10_300), record([1, 2], 17_000)])
        .collect();
    let header = json!({"version": 10, "export_uptime": 1_700_000_000});
    let packet = json!({"client": ["192.0.2.1", 4739], "header": header, "flows": records});
    let mut file = tempfile::NamedTempFile::new().unwrap();
    writeln!(file, "{}", json!({"1700000000.5": packet})).unwrap();
    let inputs = Inputs::look_at(&[file.path().to_owned()]).unwrap();
    let pairing = Pairing::Strict {
        tolerance: TOLERANCE,
    };
    let reasons = told(&load(inputs, pairing, 1, |_| true).table);
    let reasons = &reasons[reasons.len() - 2..];
    assert_eq!(reasons, ["collision", "near miss by 7000"]);
}
