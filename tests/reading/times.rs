//! When a flow began and how long it lasted, in every way that exporters say it
//! (RFC 7011, 7012 and 5905 for IPFIX; uptimes and clocks for the others).

use flowpeek::ingest::decoder::Decoder;
use flowpeek::model::attr::Attr;
use flowpeek::model::flow::Flow;
use serde_json::{Value, json};

/// 2023-11-14T22:13:20Z, from 1970 and from 1900.
const UNIX: u64 = 1_700_000_000;
const NTP: u64 = UNIX + 2_208_988_800;

/// When packets are received.
const TIME: &str = "1700000100.25";

/// The flow of a record between two hosts, from a line of its own, received at .25 s.
fn flow(header: &Value, fields: &Value) -> Flow {
    let mut record =
        json!({"sourceIPv4Address": 167_772_161, "destinationIPv4Address": 167_772_162});
    let fields = fields.as_object().unwrap().clone();
    record.as_object_mut().unwrap().extend(fields);
    let mut packet = json!({"client": ["192.0.2.1", 4739], "flows": [record]});
    if !header.is_null() {
        packet["header"] = header.clone();
    }
    let line = json!({TIME: packet}).to_string();
    let mut decoder = Decoder::default();
    let read = decoder.decode(line.as_bytes()).unwrap();
    assert_eq!(decoder.decode_generally(line.as_bytes()).unwrap(), read);
    read.packets[0].flows[0].clone()
}

/// Milliseconds from 2023-11-14T22:13:20Z to the start, the duration, and whether the start is a guess.
fn times(header: &Value, fields: &Value) -> (i64, Option<i64>, bool) {
    let flow = flow(header, fields);
    let start = flow.start.absolute - UNIX as i64 * 1000;
    (start, flow.elapsed, flow.start.approximate)
}

#[test]
fn ipfix_times_are_read_in_their_unit() {
    let header = json!({"version": 10, "export_uptime": 0, "timestamp": UNIX + 90});
    let half = 1_u64 << 31;
    for (unit, start, end) in [
        ("Seconds", json!(UNIX), json!(UNIX + 3)),
        (
            "Milliseconds",
            json!(UNIX * 1000 + 500),
            json!(UNIX * 1000 + 3750),
        ),
        // as numbers since 1970, which some write, and as the NTP times of the RFC
        (
            "Microseconds",
            json!(UNIX * 1_000_000 + 500_000),
            json!(UNIX * 1_000_000 + 3_750_999),
        ),
        (
            "Nanoseconds",
            json!(UNIX * 1_000_000_000 + 500_000_000),
            json!(UNIX * 1_000_000_000 + 3_750_000_000_u64),
        ),
        (
            "Microseconds",
            json!(NTP << 32 | half),
            json!((NTP + 3) << 32 | (half + half / 2)),
        ),
        (
            "Nanoseconds",
            json!(NTP << 32 | half),
            json!((NTP + 3) << 32 | (half + half / 2)),
        ),
        (
            "Microseconds",
            json!([NTP, half]),
            json!([NTP + 3, half + half / 2]),
        ),
        (
            "Nanoseconds",
            json!([UNIX, half]),
            json!([UNIX + 3, half + half / 2]),
        ),
    ] {
        let (begin, lasts) = if unit == "Seconds" {
            (0, 3000)
        } else {
            (500, 3250)
        };
        let fields = json!({format!("flowStart{unit}"): start, format!("flowEnd{unit}"): end});
        assert_eq!(
            times(&header, &fields),
            (begin, Some(lasts), false),
            "{fields}"
        );
    }
}

/// Exporters write 0 where they know no time: it is none, and not 1970.
#[test]
fn an_absolute_time_of_0_is_none() {
    let header = json!({"version": 10, "timestamp": UNIX + 90});
    for (unit, second) in [
        ("Seconds", 1),
        ("Milliseconds", 1000),
        ("Microseconds", 1_000_000),
        ("Nanoseconds", 1_000_000_000),
    ] {
        let both = |start: Value, end: Value| json!({format!("flowStart{unit}"): start, format!("flowEnd{unit}"): end});
        let some = json!(UNIX * second);
        for none in [json!(0), json!([0, 0])] {
            if none.is_array() && second < 1_000_000 {
                continue;
            }
            let received = (100_250, None, true);
            let read = |fields| times(&header, &fields);
            assert_eq!(read(both(none.clone(), none.clone())), received, "{unit}");
            assert_eq!(read(both(none.clone(), some.clone())), received, "{unit}");
            assert_eq!(
                read(both(some.clone(), none.clone())),
                (0, None, false),
                "{unit}"
            );
            let mut ended = both(none.clone(), some.clone());
            ended["flowDurationMilliseconds"] = json!(250);
            assert_eq!(read(ended), (-250, Some(250), false), "{unit}");
            let mut seen = both(none.clone(), none.clone());
            seen[format!("observationTime{unit}")] = none.clone();
            assert_eq!(read(seen), received, "{unit}");
        }
        let unreadable = flow(&header, &both(json!(0), json!(0))).attrs;
        assert_eq!(unreadable, flow(&header, &json!({})).attrs);
    }
    // what another field of the record tells stays, and an event of v9 has a time, too
    let moments = json!({"flowStartMilliseconds": UNIX * 1000, "flowStartSeconds": 0});
    assert_eq!(times(&header, &moments), (0, None, false));
    let asa = json!({"NF_F_FLOW_CREATE_TIME_MSEC": 0, "NF_F_EVENT_TIME_MSEC": UNIX * 1000, "UNKNOWN_FIELD_TYPE": UNIX * 1000});
    assert_eq!(times(&json!({"version": 9}), &asa), (0, None, true));
    // an exporter that does not know when it was started
    let fields = json!({"systemInitTimeMilliseconds": 0, "flowStartSysUpTime": 5});
    let line = json!({TIME: {"header": header, "flows": [fields]}});
    let read = Decoder::default().decode(line.to_string().as_bytes());
    assert_eq!(read.unwrap().packets[0].options_boot, None);
}

#[test]
fn an_uptime_of_0_is_a_time() {
    let header = json!({"version": 9, "timestamp": UNIX, "uptime": 5000});
    let fields = json!({"FIRST_SWITCHED": 0, "LAST_SWITCHED": 0});
    assert_eq!(times(&header, &fields), (-5000, Some(0), false));
}

#[test]
fn other_programs_write_0_for_no_time_as_well() {
    let goflow = |start: u64, end: u64| json!({"time_received_ns": (UNIX + 9) * 1_000_000_000, "sampler_address": "192.0.2.1", "src_addr": "10.0.0.1", "dst_addr": "10.0.0.2", "time_flow_start_ns": start * 1_000_000_000, "time_flow_end_ns": end * 1_000_000_000});
    let nfdump = |start: u64, end: u64| json!({"export_sysid": 0, "src4_addr": "10.0.0.1", "dst4_addr": "10.0.0.2", "t_first": start, "t_last": end, "t_received": UNIX + 9});
    for (start, end, expected) in [
        (0, 0, (9000, None, true)),
        (0, UNIX + 3, (9000, None, true)),
        (UNIX, 0, (0, None, false)),
        (UNIX, UNIX + 3, (0, Some(3000), false)),
    ] {
        for record in [goflow(start, end), nfdump(start, end)] {
            let read = Decoder::default().decode(record.to_string().as_bytes());
            let flow = read.unwrap().packets.remove(0).flows.remove(0);
            let read = (
                flow.start.absolute - UNIX as i64 * 1000,
                flow.elapsed,
                flow.start.approximate,
            );
            assert_eq!(read, expected, "{record}");
        }
    }
}

/// What is too large for one count of time is read as another, or as none.
#[test]
fn a_moment_is_no_later_than_its_unit_can_tell() {
    let header = json!({"version": 10, "timestamp": UNIX});
    let whole = 1_i64 << 50;
    for (unit, told, start) in [
        ("Seconds", u64::MAX / 1000 + 1, None),
        ("Milliseconds", (1 << 50) - 1, Some(whole - 1)),
        ("Milliseconds", 1 << 50, None),
        ("Milliseconds", (1 << 50) + 1, None),
        ("Microseconds", (1 << 52) - 1000, Some((1 << 52) / 1000 - 1)),
        // as NTP has it, which some count from 1970
        ("Microseconds", 1 << 52, Some((1 << 20) * 1000)),
        (
            "Nanoseconds",
            (9 << 60) - 1,
            Some(((9_i128 << 60) / 1_000_000) as i64),
        ),
        (
            "Nanoseconds",
            9 << 60,
            Some(((9 << 28) - 2_208_988_800) * 1000),
        ),
    ] {
        let flow = flow(&header, &json!({format!("flowStart{unit}"): told}));
        let stand_in = (UNIX as i64 + 100) * 1000 + 250;
        let absolute = flow.start.absolute;
        assert_eq!(absolute, start.unwrap_or(stand_in), "{told} {unit}");
        assert_eq!(flow.start.approximate, start.is_none());
    }
}

#[test]
fn differences_and_durations_are_read_as_they_are_meant() {
    let header = json!({"version": 10, "timestamp": UNIX + 90});
    let unnamed =
        |end: u64| json!({"flowStartMilliseconds": UNIX * 1000, "UNKNOWN_FIELD_TYPE": end});
    for (fields, expected) in [
        // before the export, not after it
        (
            json!({"flowStartDeltaMicroseconds": 5_000_000, "flowEndDeltaMicroseconds": 1_500_000}),
            (85_000, Some(3500), false),
        ),
        (
            json!({"flowStartMilliseconds": UNIX * 1000, "flowDurationMilliseconds": 77}),
            (0, Some(77), false),
        ),
        (
            json!({"flowStartMilliseconds": UNIX * 1000, "flowDurationMicroseconds": 77_999}),
            (0, Some(77), false),
        ),
        // from the end back, however that is told
        (
            json!({"flowEndSeconds": UNIX + 5, "flowDurationMilliseconds": 2500}),
            (2500, Some(2500), false),
        ),
        (
            json!({"flowEndDeltaMicroseconds": 5_000_000, "flowDurationMicroseconds": 1_000_000}),
            (84_000, Some(1000), false),
        ),
        // nobody told when the exporter was started, but the time stands beside it
        (
            json!({"flowStartSysUpTime": 12_345, "flowStartMilliseconds": UNIX * 1000 + 70}),
            (70, None, false),
        ),
        (json!({"flowStartSysUpTime": 12_345}), (90_000, None, true)),
        // when it began nobody knows
        (json!({"flowEndSeconds": UNIX + 5}), (100_250, None, true)),
        (
            json!({"flowEndSeconds": 0, "flowDurationMilliseconds": 2500}),
            (100_250, Some(2500), true),
        ),
        (
            json!({"flowStartMilliseconds": UNIX * 1000}),
            (0, None, false),
        ),
        // pmacctd and softflowd: the end has no name; what cannot be one is none
        (unnamed(UNIX * 1000), (0, Some(0), false)),
        (unnamed(UNIX * 1000 + 1234), (0, Some(1234), false)),
        (unnamed(UNIX * 1000 - 1), (0, None, false)),
        (
            unnamed(UNIX * 1000 + (1 << 32) - 1),
            (0, Some((1 << 32) - 1), false),
        ),
        (unnamed(UNIX * 1000 + (1 << 32)), (0, None, false)),
        // an event has a time of its own; it is no start
        (
            json!({"observationTimeMilliseconds": UNIX * 1000 + 40}),
            (40, None, true),
        ),
        (json!({}), (100_250, None, true)),
    ] {
        assert_eq!(times(&header, &fields), expected, "{fields}");
    }
}

#[test]
fn uptimes_are_turned_into_times_by_the_exporters_clock() {
    let header = |uptime: u32| json!({"version": 5, "count": 1, "timestamp": UNIX + 90, "timestamp_nano": 250_000_000, "uptime": uptime});
    let from = |first: u32, last: u32| json!({"FIRST_SWITCHED": first, "LAST_SWITCHED": last});
    let wrapped = u32::MAX - 999;
    for (uptime, first, last, expected) in [
        (600_000, 590_000, 595_500, (80_250, Some(5500), false)),
        // the uptime came round between start and export, then within the flow
        (9000, wrapped, wrapped + 500, (80_250, Some(500), false)),
        (9000, wrapped, 1000, (80_250, Some(2000), false)),
        // an end a little before the start is none of 49 days
        (600_000, 590_000, 589_998, (80_250, Some(-2), false)),
    ] {
        let read = times(&header(uptime), &from(first, last));
        assert_eq!(read, expected, "{uptime} {first} {last}");
    }
    // an end and a duration
    let ended =
        |duration: u32| json!({"LAST_SWITCHED": 1000, "flowDurationMilliseconds": duration});
    let read = times(&header(9000), &ended(2000));
    assert_eq!(read, (80_250, Some(2000), false));
    // without a header the last moment is taken for when it was received
    assert_eq!(
        times(&Value::Null, &from(590_000, 595_500)),
        (94_750, Some(5500), true)
    );
}

#[test]
fn without_a_header_the_last_moment_is_the_one_after_the_wrap() {
    let record = |last: u32| json!({"IPV4_SRC_ADDR": "10.0.0.1", "IPV4_DST_ADDR": "10.0.0.2", "FIRST_SWITCHED": last, "LAST_SWITCHED": last});
    for ends in [[u32::MAX - 999, 2000], [2000, u32::MAX - 999]] {
        let line =
            json!({"1700000100.25": {"client": ["192.0.2.1", 9], "flows": ends.map(record)}});
        let read = Decoder::default().decode(line.to_string().as_bytes());
        let flows = read.unwrap().packets.remove(0).flows;
        let mut starts: Vec<i64> = flows.iter().map(|flow| flow.start.absolute).collect();
        starts.sort_unstable();
        let received = UNIX as i64 * 1000 + 100_250;
        assert_eq!(starts, [received - 3000, received]);
    }
    // what is not told is often 0, and nothing has come round
    let ends = [3_000_000_000, 0, 2_999_999_000];
    let line = json!({"1700000100.25": {"client": ["192.0.2.1", 9], "flows": ends.map(record)}});
    let read = Decoder::default().decode(line.to_string().as_bytes());
    let flows = read.unwrap().packets.remove(0).flows;
    let received = UNIX as i64 * 1000 + 100_250;
    let starts = [0, 2].map(|place: usize| flows[place].start.absolute);
    assert_eq!(starts, [received, received - 1000]);
}

/// Cisco's flexible templates name the ports by their protocol, and may have several.
#[test]
fn ports_of_tcp_and_of_udp_have_names_of_their_own() {
    let header = json!({"version": 10, "timestamp": UNIX});
    let both = |protocol: u8| {
        json!({"protocolIdentifier": protocol, "tcpSourcePort": 40_000, "tcpDestinationPort": 443,
            "udpSourcePort": 0, "udpDestinationPort": 53})
    };
    for (fields, ports) in [
        (both(6), (Some(40_000), Some(443))),
        (both(17), (Some(0), Some(53))),
        (json!({"udpSourcePort": 5353}), (Some(5353), None)),
        (
            json!({"protocolIdentifier": 17, "tcpDestinationPort": 9}),
            (None, Some(9)),
        ),
        (
            json!({"sourceTransportPort": 1, "tcpSourcePort": 2}),
            (Some(1), None),
        ),
    ] {
        let flow = flow(&header, &fields);
        assert_eq!((flow.src_port, flow.dst_port), ports, "{fields}");
    }
}

#[test]
fn what_an_asa_counts_of_the_one_who_began_are_octets() {
    let fields = json!({"NF_F_FWD_FLOW_DELTA_BYTES": 1234, "NF_F_REV_FLOW_DELTA_BYTES": 567_890});
    let flow = flow(&json!({"version": 9, "timestamp": UNIX}), &fields);
    assert_eq!(flow.attrs.get(Attr::Octets), Some(1234));
}

#[test]
fn an_icmp_type_of_its_own_is_joined_with_its_code() {
    let header = json!({"version": 10, "timestamp": UNIX});
    for (fields, code) in [
        (json!({"icmpTypeIPv4": 3, "icmpCodeIPv4": 13}), 0x030d),
        (json!({"icmpTypeIPv6": 128}), 0x8000),
        (
            json!({"icmpTypeIPv4": 3, "postOctetDeltaCount": 84, "postPacketDeltaCount": 1}),
            0x0300,
        ),
        (json!({"icmpTypeCodeIPv4": 2048}), 2048),
        (
            json!({"NF_F_ICMP_TYPE_IPV6": 128, "NF_F_ICMP_CODE_IPV6": 1}),
            0x8001,
        ),
        (json!({"icmpTypeCodeIPv6": 32_768}), 0x8000),
        (
            json!({"protocolIdentifier": 1, "icmpTypeCodeIPv4": 2048, "icmpTypeCodeIPv6": 0}),
            0x0800,
        ),
        (
            json!({"protocolIdentifier": 58, "icmpTypeCodeIPv6": 32_768, "icmpTypeCodeIPv4": 0}),
            0x8000,
        ),
        // a template has both, in any order: that of the protocol counts
        (
            json!({"protocolIdentifier": 58, "icmpTypeIPv6": 135, "icmpTypeIPv4": 0}),
            0x8700,
        ),
        (
            json!({"protocolIdentifier": 1, "icmpTypeIPv6": 0, "icmpCodeIPv6": 9, "icmpTypeIPv4": 8}),
            0x0800,
        ),
    ] {
        let flow = flow(&header, &fields);
        assert_eq!(flow.attrs.get(Attr::IcmpTypeCode), Some(code), "{fields}");
    }
}
