//! What the lines of an export say of their packets and of what is no flow, by table:
//! each is read for the first time, again, and by the general parser.

use flowpeek::ingest::decoder::{Decoder, Line};
use flowpeek::model::attr::Attr;
use flowpeek::model::flow::{Export, Flow};
use flowpeek::model::skipped::Skipped;
use serde_json::{Value, json};

const TIME: &str = "1700000000.5";

fn try_read(line: &str) -> Result<Line, String> {
    let mut decoder = Decoder::default();
    let first = decoder.decode(line.as_bytes());
    assert_eq!(first, decoder.decode(line.as_bytes()), "{line}");
    assert_eq!(first, decoder.decode_generally(line.as_bytes()), "{line}");
    first
}

fn read(line: &Value) -> Line {
    try_read(&line.to_string()).unwrap()
}

fn flow() -> Value {
    json!({"IPV4_SRC_ADDR": "10.0.0.1", "IPV4_DST_ADDR": "10.0.0.2", "IN_BYTES": 40})
}

fn with(more: &Value) -> Value {
    let mut flow = flow();
    let more = more.as_object().unwrap().clone();
    flow.as_object_mut().unwrap().extend(more);
    flow
}

/// A line of one packet with these members.
fn packet(members: Value) -> Line {
    read(&json!({TIME: members}))
}

#[test]
fn a_header_says_who_exports_how_much_and_since_when() {
    let nothing = Export {
        records: 1,
        ..Export::default()
    };
    let max = u32::MAX;
    for (header, told) in [
        (json!({}), nothing),
        (
            json!({"count": 30}),
            Export {
                records: 30,
                ..nothing
            },
        ),
        (json!({"count": 0}), Export::default()),
        (
            json!({"count": 65_535}),
            Export {
                records: 65_535,
                ..nothing
            },
        ),
        // a count of more than 16 bits is none
        (json!({"count": 65_536}), nothing),
        (json!({"count": i64::MAX}), nothing),
        (json!({"count": u64::MAX}), nothing),
        (
            json!({"sequence": max}),
            Export {
                sequence: Some(max),
                ..nothing
            },
        ),
        (
            json!({"sequence_number": 0}),
            Export {
                sequence: Some(0),
                ..nothing
            },
        ),
        (json!({"sequence": u64::from(max) + 1}), nothing),
        (
            json!({"source_id": max}),
            Export {
                domain: Some(max),
                ..nothing
            },
        ),
        (
            json!({"obervation_domain_id": 7}),
            Export {
                domain: Some(7),
                ..nothing
            },
        ),
        (
            json!({"observation_domain_id": 7}),
            Export {
                domain: Some(7),
                ..nothing
            },
        ),
        (json!({"source_id": u64::from(max) + 1}), nothing),
        (
            json!({"engine_type": 255, "engine_id": 255}),
            Export {
                domain: Some(65_535),
                ..nothing
            },
        ),
        (
            json!({"engine_type": 1, "engine_id": 0}),
            Export {
                domain: Some(256),
                ..nothing
            },
        ),
        (
            json!({"engine_type": 0, "engine_id": 3}),
            Export {
                domain: Some(3),
                ..nothing
            },
        ),
        (json!({"engine_type": 256, "engine_id": 0}), nothing),
        (json!({"engine_id": 3}), nothing),
        (
            json!({"engine_type": 1, "engine_id": 2, "source_id": 3}),
            Export {
                domain: Some(3),
                ..nothing
            },
        ),
        (
            json!({"sampling_interval": 65_535}),
            Export {
                v5_sampling: Some(65_535),
                ..nothing
            },
        ),
        (json!({"sampling_interval": 65_536}), nothing),
        // uptimes are milliseconds, clocks seconds and nanoseconds
        (
            json!({"timestamp": 5000, "uptime": 0}),
            Export {
                header_boot: Some(5_000_000),
                ..nothing
            },
        ),
        (
            json!({"timestamp": 5000, "timestamp_nano": 999_999_999, "uptime": 1_250}),
            Export {
                header_boot: Some(4_999_749),
                ..nothing
            },
        ),
        (
            json!({"timestamp": 5000, "timestamp_nano": 1_000_000_000, "uptime": max}),
            Export {
                header_boot: Some(5_000_000 - i64::from(max)),
                ..nothing
            },
        ),
        (
            json!({"timestamp": u64::from(max) + 1, "uptime": 0}),
            nothing,
        ),
        (
            json!({"timestamp": max, "uptime": u64::from(max) + 1}),
            nothing,
        ),
        (json!({"uptime": 1}), nothing),
    ] {
        let line = packet(json!({"header": header, "flows": [flow()]}));
        assert_eq!(line.packets[0].export, told, "{header}");
    }
    // a version that fits no header is none; without a header the records say it
    for (version, told) in [
        (json!(9), Some(9)),
        (json!(65_535), Some(65_535)),
        (json!(65_536), None),
    ] {
        let line = packet(json!({"header": {"version": version}, "flows": [flow()]}));
        assert_eq!(line.packets[0].version, told.or(Some(9)), "{version}");
    }
}

#[test]
fn what_stands_in_place_of_a_header_a_sender_or_a_record_is_none() {
    for (client, name) in [
        (json!(["192.0.2.1", 2055]), Some("192.0.2.1")),
        (json!(["2001:DB8::0:1", 2055, 0, 0]), Some("2001:db8::1")),
        (json!(["a\u{1b}name"]), Some("a\\u{1b}name")),
        (json!("192.0.2.7"), Some("192.0.2.7")),
        (json!([]), None),
        (json!(null), None),
    ] {
        let line = packet(json!({"client": client, "flows": [flow()]}));
        assert_eq!(line.packets[0].exporter.as_deref(), name, "{client}");
    }
    let line = packet(json!({"header": null, "flows": [flow()]}));
    assert_eq!(
        line.packets[0].export,
        packet(json!({"flows": [flow()]})).packets[0].export
    );
    // elements of the list that are no objects
    for element in [
        json!(null),
        json!(true),
        json!(-1),
        json!(1),
        json!(1.5),
        json!("x"),
        json!([[1], {}]),
    ] {
        for line in [
            packet(json!({"flows": [flow(), element, flow()]})),
            packet(json!([flow(), element, flow()])),
        ] {
            let places = line.packets[0].flows.iter().map(|flow| flow.index);
            assert_eq!(places.collect::<Vec<_>>(), [0, 2], "{element}");
            let malformed = Skipped {
                malformed: 1,
                ..Skipped::default()
            };
            assert_eq!(line.skipped, malformed, "{element}");
            assert_eq!(line.packets[0].export.records, 3);
        }
    }
    for (line, why) in [
        (
            json!({TIME: {"client": 5, "flows": []}}),
            "invalid type: integer `5`",
        ),
        (
            json!({TIME: {"header": "x", "flows": []}}),
            "invalid type: string \"x\"",
        ),
        (json!({TIME: {"header": {}}}), "without \"flows\""),
        (json!({TIME: {"flows": {}}}), "invalid type: map"),
        (json!({TIME: 5}), "invalid type: integer `5`"),
        (json!([5]), "invalid type: sequence"),
        (json!({}), "an object without a time key"),
    ] {
        let rejected = try_read(&line.to_string()).unwrap_err();
        assert!(rejected.contains(why), "{line}: {rejected}");
    }
}

/// All kinds several times over, in one packet and in two of one line.
#[test]
fn what_is_no_flow_is_counted_by_its_kind() {
    let phantom = with(&json!({"IP_PROTOCOL_VERSION": 9}));
    let odd = with(&json!({"L4_SRC_PORT": 65_536, "IN_BYTES": -1, "PROTOCOL": "tcp"}));
    let empty = json!({"IN_BYTES": 40});
    let options = json!({"templateId": 5, "IN_BYTES": 40});
    let records = json!([
        null, empty, options, odd, 7, phantom, empty, options, 5, empty, odd, options, options
    ]);
    let header = json!({"count": 12});
    let kinds = Skipped {
        options: 4,
        no_address: 3,
        phantom: 1,
        malformed: 3,
        events: 0,
    };
    let one = json!({"header": header, "flows": records});
    let line = packet(one.clone());
    assert_eq!((line.skipped, line.unreadable), (kinds, 6));
    // members of the header that do not fit, or are no numbers
    let odd_header = json!({"count": 12, "uptime": -1, "timestamp": 1_u64 << 33, "version": "9"});
    let line = packet(json!({"header": odd_header, "flows": records}));
    assert_eq!((line.skipped, line.unreadable), (kinds, 6 + 3));
    let line = read(&json!({TIME: one, "1700000001": one}));
    let mut twice = kinds;
    twice.add(kinds);
    assert_eq!((line.skipped, line.unreadable), (twice, 12));
    assert_eq!(line.packets.len(), 2);
    // and where the collector's own writing is read fast
    let plain = json!({TIME: {"header": header, "flows": [odd_number(), empty, options, odd_number(), empty]}});
    let line = read(&plain);
    let kinds = Skipped {
        options: 1,
        no_address: 2,
        ..Skipped::default()
    };
    assert_eq!((line.skipped, line.unreadable), (kinds, 4));
}

/// Numbers that do not fit, as the fast path may read them.
fn odd_number() -> Value {
    with(
        &json!({"L4_SRC_PORT": 65_536, "IPV4_DST_ADDR": "nowhere", "IPV6_SRC_ADDR": "::1",
        "IPV6_DST_ADDR": "::2"}),
    )
}

#[test]
fn a_record_beyond_those_announced_is_none_if_it_has_no_ip_version() {
    for (version, count, phantom) in [
        (json!(4), json!(1), false),
        (json!(6), json!(1), false),
        (json!(0), json!(1), true),
        (json!(5), json!(1), true),
        (json!(9), json!(1), true),
        (json!(9), json!(2), false),
        (json!(9), json!(3), false),
        (json!(9), json!(null), false),
    ] {
        let record = with(&json!({"IP_PROTOCOL_VERSION": version}));
        let line = packet(json!({"header": {"count": count}, "flows": [flow(), record]}));
        let flows = line.packets[0].flows.iter();
        let phantoms: Vec<bool> = flows.map(|flow| flow.phantom).collect();
        assert_eq!(phantoms, [false, phantom], "{version} {count}");
        assert_eq!(line.skipped.phantom, u64::from(phantom));
    }
}

#[test]
fn a_time_key_is_a_number_of_seconds_within_reach() {
    for (key, time) in [
        ("1700000000.5", Some(1_700_000_000.5)),
        (" 5 ", Some(5.0)),
        ("-1", Some(-1.0)),
        ("999999999999.5", Some(999_999_999_999.5)),
        ("1000000000000", None),
        ("-1000000000000", None),
        ("inf", None),
        ("NaN", None),
        ("", None),
        ("yesterday", None),
    ] {
        let line = json!({key: {"flows": [flow()]}}).to_string();
        let read = try_read(&line).map(|line| line.packets[0].received);
        assert_eq!(read.ok(), time, "{key}");
    }
}

#[test]
fn sampling_is_one_of_so_many_packets() {
    for (told, one_of) in [
        (
            json!({"samplingPacketInterval": 1, "samplingPacketSpace": 9}),
            Some(10),
        ),
        (
            json!({"samplingPacketInterval": 2, "samplingPacketSpace": 6}),
            Some(4),
        ),
        (
            json!({"samplingPacketInterval": 3, "samplingPacketSpace": 0}),
            Some(1),
        ),
        (
            json!({"samplingPacketInterval": 0, "samplingPacketSpace": 9}),
            None,
        ),
        (json!({"samplingPacketSpace": 9}), None),
        (json!({"samplingPacketInterval": 9}), None),
        (
            json!({"samplingSize": 2, "samplingPopulation": 200}),
            Some(100),
        ),
        (json!({"samplingSize": 9, "samplingPopulation": 3}), Some(1)),
        (json!({"samplingSize": 0, "samplingPopulation": 3}), None),
        (json!({"samplingPopulation": 3}), None),
        // it stands there, and nothing is known
        (json!({"samplingInterval": 0}), None),
        (json!({"samplingInterval": 1}), Some(1)),
        (json!({"samplingInterval": u32::MAX}), Some(u32::MAX)),
        (json!({"samplingInterval": u64::from(u32::MAX) + 1}), None),
        (
            json!({"samplingInterval": 7, "samplingPacketInterval": 1, "samplingPacketSpace": 9}),
            Some(7),
        ),
    ] {
        let line = packet(json!({"flows": [told, {"samplingInterval": 99}]}));
        let first = one_of.unwrap_or(99);
        assert_eq!(
            line.packets[0].export.announced_interval,
            Some(first),
            "{told}"
        );
        assert_eq!(line.skipped.options, 2);
    }
}

/// Values in whatever spelling: what is no whole number, or too large a one, is not
/// known and is counted.
#[test]
fn a_value_is_the_whole_number_it_is() {
    let two_53 = 1_u64 << 53;
    for (spelled, number) in [
        ("0", Some(0)),
        ("12345678", Some(12_345_678)),
        ("123456789", Some(123_456_789)),
        ("1234567890123456", Some(1_234_567_890_123_456)),
        ("9999999999999999999", Some(9_999_999_999_999_999_999)),
        ("10000000000000000000", Some(10_000_000_000_000_000_000)),
        ("18446744073709551614", Some(u64::MAX - 1)),
        ("18446744073709551615", None),
        ("18446744073709551616", None),
        ("7.0", Some(7)),
        ("7e2", Some(700)),
        ("9007199254740992.0", Some(two_53)),
        ("9007199254740994.0", None),
        ("7.5", None),
        ("-0.5", None),
        ("-7", None),
        ("-7.0", None),
        ("null", None),
        ("true", None),
        ("\"7\"", None),
        ("[1, 2]", None),
        ("{\"a\": [1]}", None),
    ] {
        for (before, attr) in [
            ("\"IN_BYTES\":", Attr::Octets),
            ("\"OUT_BYTES\":", Attr::Octets),
            ("\"IN_PKTS\":", Attr::Packets),
            ("\"OUT_PKTS\":", Attr::Packets),
            // of what stands there twice, the last counts
            ("\"IN_BYTES\": 9, \"IN_BYTES\":", Attr::Octets),
            ("\"IN_PKTS\": 9, \"IN_PKTS\":", Attr::Packets),
        ] {
            let line = format!(
                r#"{{"{TIME}": {{"flows": [{{"IPV4_SRC_ADDR": "10.0.0.1", "IPV4_DST_ADDR": "10.0.0.2", {before} {spelled}}}]}}}}"#
            );
            let line = try_read(&line).unwrap();
            let value = line.packets[0].flows[0].attrs.get(attr);
            assert_eq!(value, number, "{before} {spelled}");
            assert_eq!(line.unreadable, u64::from(number.is_none()), "{spelled}");
        }
    }
    for (protocol, number) in [
        (json!(6), Some(6)),
        (json!(-1), Some(-1)),
        (json!(-2_147_483_648), Some(i32::MIN)),
        (json!(-2_147_483_649_i64), None),
        (json!(2_147_483_648_u32), None),
        (json!("tcp"), None),
    ] {
        let line = packet(json!({"flows": [with(&json!({"PROTOCOL": protocol}))]}));
        assert_eq!(line.packets[0].flows[0].protocol, number, "{protocol}");
        assert_eq!(line.unreadable, u64::from(number.is_none()));
    }
    // what has no name may be anything
    let line = packet(json!({"flows": [with(&json!({"UNKNOWN_FIELD_TYPE": "0x00"}))]}));
    assert_eq!(line.unreadable, 0);
}

#[test]
fn nothing_may_be_nested_deeper_than_64_levels_wherever_it_stands() {
    let arrays = |count: usize| "[".repeat(count) + &"]".repeat(count);
    let objects = |count: usize| "{\"a\": ".repeat(count) + "1" + &"}".repeat(count);
    // what stands before and behind it, how deep it stands there, and what is no record's field
    for (before, behind, depth) in [
        (r#"{"1.5": {"flows": [{"x": "#, "}]}}", 4),
        (r#"{"1.5": {"flows": [{"IN_BYTES": "#, "}]}}", 4),
        (r#"{"1.5": {"flows": ["#, "]}}", 3),
        (r#"{"1.5": [{"x": "#, "}]}", 3),
        (r#"{"1.5": ["#, "]}", 2),
        (r#"{"1.5": {"more": "#, r#", "flows": []}}"#, 2),
        (r#"{"1.5": {"header": {"x": "#, r#"}, "flows": []}}"#, 3),
        (r#"{"1.5": {"client": ["x", "#, r#"], "flows": []}}"#, 3),
    ] {
        for levels in [&arrays as &dyn Fn(usize) -> String, &objects] {
            for (count, is_taken) in [(64 - depth, true), (65 - depth, false), (300, false)] {
                let line = format!("{before}{}{behind}", levels(count));
                let read = try_read(&line);
                assert_eq!(read.is_ok(), is_taken, "{count} levels in {before}");
                if let Err(why) = read {
                    assert!(
                        why.contains("nested deeper than 64 levels") || count == 300,
                        "{why}"
                    );
                }
            }
        }
    }
}

/// The collector writes a record's keys in any order, and IPFIX may tell one thing in
/// several fields.
#[test]
fn a_record_says_the_same_in_whichever_order_its_keys_come() {
    let (second, half) = (1_700_000_000_u64, 1_700_000_000_500_u64);
    let seconds = ("flowStartSeconds", second);
    let octets = |flow: &Flow| flow.attrs.get(Attr::Octets);
    let source_mask = |flow: &Flow| flow.attrs.get(Attr::SrcMask);
    let type_code = |flow: &Flow| flow.attrs.get(Attr::IcmpTypeCode);
    let vlan = |flow: &Flow| flow.attrs.get(Attr::SrcVlan);
    let start = |flow: &Flow| Some(flow.start.absolute as u64);
    let elapsed = |flow: &Flow| flow.elapsed.map(|elapsed| elapsed as u64);
    type Field = (&'static str, u64);
    type Told = fn(&Flow) -> Option<u64>;
    let cases: [(&[Field], Told, u64); 13] = [
        (&[("octetDeltaCount", 5), ("octetTotalCount", 9)], octets, 5),
        (
            &[("octetTotalCount", 5), ("postOctetDeltaCount", 9)],
            octets,
            5,
        ),
        (
            &[("NF_F_FWD_FLOW_DELTA_BYTES", 5), ("OUT_BYTES", 9)],
            octets,
            5,
        ),
        (
            &[
                ("sourceIPv4PrefixLength", 24),
                ("sourceIPv6PrefixLength", 0),
            ],
            source_mask,
            24,
        ),
        (&[("IPV6_SRC_MASK", 0), ("SRC_MASK", 24)], source_mask, 24),
        (&[("IPV6_SRC_MASK", 64)], source_mask, 64),
        (&[("vlanId", 3), ("dot1qVlanId", 7)], vlan, 3),
        (&[("dot1qVlanId", 7)], vlan, 7),
        (&[seconds, ("flowStartMilliseconds", half)], start, half),
        (
            &[seconds, ("flowStartMicroseconds", half * 1000)],
            start,
            half,
        ),
        // both of one unit, or none of them is right
        (
            &[
                seconds,
                ("flowEndSeconds", second + 1),
                ("flowEndMilliseconds", half),
            ],
            elapsed,
            1000,
        ),
        (
            &[
                ("observationTimeSeconds", second),
                ("observationTimeMilliseconds", half),
            ],
            start,
            half,
        ),
        // softflowd's v9 has no other field for it
        (
            &[("protocolIdentifier", 58), ("UNKNOWN_FIELD_TYPE", 34_560)],
            type_code,
            34_560,
        ),
    ];
    for (fields, told, expected) in cases {
        let mut fields: Vec<String> = fields
            .iter()
            .map(|(key, number)| format!("\"{key}\": {number}"))
            .collect();
        for _ in 0..fields.len() {
            fields.rotate_left(1);
            let record = format!(
                "{{\"sourceIPv4Address\": 1, \"destinationIPv4Address\": 2, {}}}",
                fields.join(", ")
            );
            let line = try_read(&format!("{{\"{TIME}\": {{\"flows\": [{record}]}}}}")).unwrap();
            assert_eq!(told(&line.packets[0].flows[0]), Some(expected), "{record}");
        }
    }
}

#[test]
fn a_record_that_is_none_does_not_set_the_clock_of_a_packet_without_header() {
    let at = |last: u64, version: u64| {
        with(
            &json!({"FIRST_SWITCHED": last - 100, "LAST_SWITCHED": last, "IP_PROTOCOL_VERSION": version}),
        )
    };
    let line = packet(json!({"flows": [at(1_000_000, 4), at(2_900_000_000, 77)]}));
    assert_eq!(line.packets[0].flows[0].start.absolute, 1_700_000_000_400);
}
