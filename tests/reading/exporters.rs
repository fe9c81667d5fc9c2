//! What exporters tell of their own exports: lost ones and sampling. The figures
//! for real exports are those of the machine that made them, which knows what it
//! left out; the rest is the same exports with lines taken out.

use crate::support;

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use flowpeek::ingest::decoder::Decoder;
use flowpeek::load::{Inputs, LoadPlan, load, load_by};
use flowpeek::model::attr::Attr;
use flowpeek::model::flow::{EXPORTER_NAMES, Flow, LineAt, Packet};
use flowpeek::model::intake::{DomainIntake, Intake, Sampling};
use flowpeek::table::build::{Builder, Pairing};
use serde_json::{Value, json};

fn intake(file: &Path, threads: usize) -> Intake {
    let inputs = Inputs::look_at(&[file.to_owned()]).unwrap();
    let pairing = Pairing::Strict { tolerance: 1000 };
    let snapshot = load(inputs, pairing, threads, |_| true);
    (*snapshot.intake).clone()
}

fn domains(intake: &Intake) -> impl Iterator<Item = &DomainIntake> {
    let exporters = intake.exporters.iter();
    exporters.flat_map(|exporter| &exporter.domains)
}

/// The lines of an export from tests/data.
fn lines(name: &str) -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let mut text = String::new();
    let mut gzip = MultiGzDecoder::new(fs::File::open(file).unwrap());
    gzip.read_to_string(&mut text).unwrap();
    text.lines().map(str::to_owned).collect()
}

fn written(lines: &[String]) -> Intake {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    for line in lines {
        writeln!(file, "{line}").unwrap();
    }
    intake(file.path(), 1)
}

/// A member of the header of a line.
fn header(line: &str, key: &str) -> u64 {
    let line: Value = serde_json::from_str(line).unwrap();
    let packet = line.as_object().unwrap().values().next().unwrap();
    packet["header"][key].as_u64().unwrap()
}

#[test]
fn what_the_sequence_numbers_miss_is_what_was_left_out() {
    let Some(folder) = support::exports() else {
        return;
    };
    let stats: Value =
        serde_json::from_slice(&fs::read(folder.join("stats.json")).unwrap()).unwrap();
    let (mut seen, mut lossy) = (0, 0);
    for (name, figures) in stats.as_object().unwrap() {
        // datagrams of many sources stand in the others, with whatever numbers
        if name.starts_with("vendors") || name.starts_with("reference") {
            continue;
        }
        let intake = intake(&folder.join(name), 2);
        let left_out = &figures["datagrams_left_out_because_the_collector_dies_on_them"];
        let left_out = left_out["error"].as_u64().unwrap_or(0);
        let lost: u64 = domains(&intake).map(|domain| domain.lost).sum();
        let restarts: u64 = domains(&intake).map(|domain| domain.restarts).sum();
        // that the very first datagram is missing nobody can see
        let first = u64::from(left_out > 0 && lost + 1 == left_out);
        if name.contains("restarts") {
            // 15 runs, some of which have lost all they sent
            assert!((10..=14).contains(&restarts), "{name}: {restarts}");
        } else {
            assert_eq!((lost + first, restarts), (left_out, 0), "{name}");
        }
        let flows: u64 = intake.exporters.iter().map(|exporter| exporter.flows).sum();
        let bytes: u128 = intake.exporters.iter().map(|exporter| exporter.bytes).sum();
        let file = &intake.files[0];
        assert_eq!(
            (flows, intake.exporters.len() as u64),
            (file.flows, figures["exporters"].as_u64().unwrap())
        );
        if figures["version_neither_4_nor_6"] == 0 {
            assert_eq!(
                Some(bytes),
                figures["bytes"].as_u64().map(u128::from),
                "{name}"
            );
        }
        seen += 1;
        lossy += u64::from(lost > 0);
    }
    assert!(
        seen > 20 && lossy >= 3,
        "{seen} exports, {lossy} with losses"
    );
}

#[test]
fn lines_taken_out_are_missed_by_what_their_version_counts() {
    for (name, version, key) in [
        ("assets/sample.gz", 9, None),
        ("tests/data/pmacctd-ipfix.gz", 10, Some("sequence_number")),
    ] {
        let all = lines(name);
        let whole = written(&all);
        let before: u64 = domains(&whole).map(|domain| domain.lost).sum();
        let less: Vec<String> = [&all[..20], &all[23..40], &all[41..]].concat();
        let intake = written(&less);
        let domain = domains(&intake).next().unwrap();
        // the numbers that follow say how much the lines counted for
        let lost = match key {
            Some(key) => {
                let step = |from: usize, to: usize| header(&all[to], key) - header(&all[from], key);
                step(20, 23) + step(40, 41)
            }
            None => 4,
        };
        assert_eq!(domain.version, Some(version));
        assert!(domain.numbered);
        assert_eq!(domain.lost, before + lost, "{name}");
        assert!(domain.gaps >= 2, "{name}");
        // late is not lost
        let late = [&all[..20], &all[23..40], &all[20..23], &all[40..]].concat();
        let late = written(&late);
        assert_eq!(
            domains(&late).map(|domain| domain.lost).sum::<u64>(),
            before,
            "{name}"
        );
    }
}

#[test]
fn sampling_and_engines_are_read_from_the_header() {
    let intake = intake(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/vendors-v5.gz"),
        1,
    );
    let told: Vec<_> = domains(&intake)
        .map(|domain| (domain.domain, domain.sampling))
        .collect();
    let sampled = Sampling {
        interval: 1000,
        mode: 0,
    };
    // engine type 19 and id 86
    assert_eq!(
        told,
        [
            (Some(0), Some(sampled)),
            (Some(0), None),
            (Some(19 << 8 | 86), None)
        ]
    );
    let names: Vec<_> = intake
        .exporters
        .iter()
        .map(|exporter| exporter.name.as_deref())
        .collect();
    assert_eq!(
        names,
        [Some("127.0.1.1"), Some("127.0.1.2"), Some("127.0.1.3")]
    );
}

#[test]
fn both_readers_see_the_same_header() {
    // a key with an escape is read by the general parser
    let all = lines("tests/data/vendors-v5.gz");
    let slow: Vec<String> = all
        .iter()
        .map(|line| line.replace("\"engine_type\"", "\"\\u0065ngine_type\""))
        .collect();
    assert_ne!(all, slow);
    let told = |lines: &[String]| written(lines).exporters;
    assert_eq!(told(&slow), told(&all));
}

/// Sequence numbers count packets in v9 and records in IPFIX: they have no sum.
#[test]
fn a_report_does_not_add_up_lost_packets_and_records() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.json");
    let mut text = String::new();
    for (version, number) in [(9, 1), (9, 7), (10, 1), (10, 101)] {
        let flow = json!({"IPV4_SRC_ADDR": "10.0.0.1", "IPV4_DST_ADDR": "10.0.0.2"});
        let header =
            json!({"version": version, "count": 1, "sequence": number, "timestamp": 1_700_000_000});
        let packet = json!({"client": ["192.0.2.1", 9], "header": header, "flows": [flow]});
        text += &(json!({"1700000000.5": packet}).to_string() + "\n");
    }
    fs::write(&path, text).unwrap();
    let sheet = support::report("exporters", "1s", &path).objects();
    assert_eq!(sheet.len(), 1);
    assert_eq!(
        [&sheet[0]["lost_packets"], &sheet[0]["lost_records"]],
        [5, 99]
    );
}

/// Octets and packets of a file's flows by exporter.
fn counted(path: &Path, scale: bool) -> std::collections::BTreeMap<String, [u64; 2]> {
    let inputs = Inputs::look_at(&[path.to_owned()]).unwrap();
    let plan = LoadPlan {
        scale,
        ..LoadPlan::once(Pairing::Strict { tolerance: 1000 }, 1)
    };
    let table = load_by(inputs, plan, |_| true).table;
    let mut sums = std::collections::BTreeMap::new();
    for row in table.rows() {
        let sum = sums
            .entry(row.exporter().unwrap().to_owned())
            .or_insert([0; 2]);
        sum[0] += row.sum(Attr::Octets) as u64;
        sum[1] += row.sum(Attr::Packets) as u64;
    }
    sums
}

#[test]
fn counters_are_multiplied_by_what_each_exporter_tells_and_only_when_asked() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/vendors-v5.gz");
    let (plain, scaled) = (counted(&path, false), counted(&path, true));
    assert!(plain.len() == 3 && plain.values().all(|sum| sum[0] > 0));
    for (exporter, sum) in &plain {
        let factor = if exporter == "127.0.1.1" { 1000 } else { 1 };
        assert_eq!(
            scaled[exporter],
            sum.map(|count| count * factor),
            "{exporter}"
        );
    }
}

#[test]
fn what_exporters_sent_is_multiplied_where_rows_are() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/vendors-v5.gz");
    let given = ["report", "-n", "--show", "exporters", "--format", "ndjson"];
    for scale in [false, true] {
        let scaled = ["--scale"].into_iter().filter(|_| scale);
        let args = given.into_iter().chain(scaled).chain(path.to_str());
        let told = support::flowpeek(&args.collect::<Vec<_>>()).objects();
        let rows = counted(&path, scale);
        assert_eq!(told.len(), rows.len());
        for exporter in told {
            let name = exporter["exporter"].as_str().unwrap();
            assert_eq!(exporter["bytes"], rows[name][0], "{name}");
        }
    }
}

#[test]
fn sampling_is_read_from_options_records() {
    // keys of real exports: softflowd and Cisco (IPFIX), Cisco (v9)
    let told = [
        (
            10,
            r#"{"selectorAlgorithm": 1, "samplingPacketSpace": 9, "samplingPacketInterval": 1}"#,
            10,
        ),
        (
            10,
            r#"{"samplerName": "all", "samplerRandomInterval": 64}"#,
            64,
        ),
        (
            9,
            r#"{"SAMPLING_INTERVAL": 100, "SAMPLING_ALGORITHM": 2, "TOTAL_PKTS_EXP": 5}"#,
            100,
        ),
        (
            10,
            r#"{"samplingPacketSpace": 0, "samplingPacketInterval": 1}"#,
            1,
        ),
        (9, r#"{"SAMPLING_INTERVAL": 0}"#, 1),
    ];
    for (version, options, factor) in told {
        let line = |time: u32, record: &str| {
            format!(
                "{{\"{time}\": {{\"client\": [\"192.0.2.1\", 2055], \"header\": {{\"version\": \
                 {version}, \"timestamp\": {time}, \"uptime\": 9000}}, \"flows\": [{record}]}}}}\n"
            )
        };
        let flow = match version {
            10 => {
                r#"{"sourceIPv4Address": 167772161, "destinationIPv4Address": 167772162,
                "octetDeltaCount": 700, "packetDeltaCount": 7, "protocolIdentifier": 6}"#
            }
            _ => {
                r#"{"IPV4_SRC_ADDR": "10.0.0.1", "IPV4_DST_ADDR": "10.0.0.2", "IN_BYTES": 700,
                "IN_PKTS": 7, "PROTOCOL": 6}"#
            }
        };
        let flow = flow.replace('\n', " ");
        let mut file = tempfile::NamedTempFile::new().unwrap();
        write!(
            file,
            "{}{}",
            line(1_700_000_000, options),
            line(1_700_000_001, &flow)
        )
        .unwrap();
        let account = intake(file.path(), 1);
        let sampling = domains(&account).next().unwrap().sampling;
        assert_eq!(
            sampling.map_or(1, |told| told.interval),
            factor as u32,
            "{options}"
        );
        let sums = counted(file.path(), true);
        assert_eq!(sums["192.0.2.1"], [700 * factor, 7 * factor], "{options}");
    }
}

/// Old exports have lines without a header: the spelling tells.
#[test]
fn a_record_without_a_header_tells_its_version_by_its_spelling() {
    let v1 = r#""SRC_ADDR": 1, "DST_ADDR": 2, "IN_PACKETS": 1, "IN_OCTETS": 40, "PROTO": 6"#;
    let v5 = format!(r#"{v1}, "SRC_AS": 0, "SRC_MASK": 24"#);
    let v9 = r#""IPV4_SRC_ADDR": "10.0.0.1", "IPV4_DST_ADDR": "10.0.0.2", "IN_PKTS": 1"#;
    let ipfix = r#""sourceIPv4Address": 1, "destinationIPv4Address": 2, "octetDeltaCount": 40"#;
    let unknown = r#""IPV4_SRC_ADDR": "10.0.0.1", "IPV4_DST_ADDR": "10.0.0.2""#;
    for (record, version) in [
        (v1, Some(1)),
        (&v5, Some(5)),
        (v9, Some(9)),
        (ipfix, Some(10)),
        (unknown, None),
    ] {
        let line = format!(
            r#"{{"1700000000.5": {{"client": ["192.0.2.1", 9], "flows": [{{{record}}}]}}}}"#
        );
        let mut decoder = Decoder::default();
        // the first line of its kind, one whose kind is known, and the general parser
        let first = decoder.decode(line.as_bytes()).unwrap();
        let again = decoder.decode(line.as_bytes()).unwrap();
        let generally = decoder.decode_generally(line.as_bytes()).unwrap();
        for read in [first, again, generally] {
            assert_eq!(read.packets[0].version, version, "{line}");
        }
    }
}

/// Templates of MPLS exports have addresses of both families, one pair of them empty.
#[test]
fn of_two_pairs_of_addresses_the_one_that_is_not_empty_counts() {
    for (four, six, source) in [
        (["10.0.0.1", "10.0.0.2"], ["::", "::"], "10.0.0.1"),
        (["0.0.0.0", "0.0.0.0"], ["2001:db8::1", "::"], "2001:db8::1"),
        (["0.0.0.0", "10.0.0.2"], ["2001:db8::1", "::"], "0.0.0.0"),
        (
            ["10.0.0.1", "10.0.0.2"],
            ["2001:db8::1", "2001:db8::2"],
            "10.0.0.1",
        ),
        (["0.0.0.0", "0.0.0.0"], ["::", "::"], "0.0.0.0"),
    ] {
        let record = serde_json::json!({"IPV4_SRC_ADDR": four[0], "IPV4_DST_ADDR": four[1],
            "IPV6_SRC_ADDR": six[0], "IPV6_DST_ADDR": six[1]});
        let line = serde_json::json!({"1.5": {"client": ["192.0.2.1", 9], "flows": [record]}});
        let read = Decoder::default()
            .decode(line.to_string().as_bytes())
            .unwrap();
        assert_eq!(read.packets[0].flows[0].src.to_string(), source, "{line}");
    }
}

#[test]
fn exporters_are_in_the_order_of_their_addresses_then_names() {
    let ascending = [
        "127.0.1.1",
        "127.0.1.3",
        "127.0.1.10",
        "127.0.2.2",
        "2001:db8::9",
        "2001:db8::10",
        "Border",
        "core",
    ];
    let line = |place: usize| {
        let flow = serde_json::json!({"IPV4_SRC_ADDR": "10.0.0.1", "IPV4_DST_ADDR": "10.0.0.2",
            "IN_BYTES": 100, "IN_PKTS": 1, "PROTOCOL": 6, "IP_PROTOCOL_VERSION": 4});
        let header = serde_json::json!({"version": 9, "timestamp": 1_700_000_000, "uptime": 5000});
        let packet = serde_json::json!({"client": [ascending[place], 2055], "header": header,
            "flows": [flow]});
        serde_json::json!({"1700000000.5": packet}).to_string() + "\n"
    };
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let lines = [5, 2, 7, 0, 4, 1, 6, 3].map(line);
    file.write_all(lines.concat().as_bytes()).unwrap();
    let told = |args: &[&str]| -> Vec<String> {
        let given = ["report", "-n", "-p", "0", "--show", "unmatched"];
        let format = ["--format", "ndjson", file.path().to_str().unwrap()];
        let rows = support::flowpeek(&[&given[..], args, &format].concat()).objects();
        let names = rows.iter().map(|row| row["exporter"].as_str());
        names.map(|name| name.unwrap().to_owned()).collect()
    };
    assert_eq!(told(&["--sort", "exporter"]), ascending);
    assert_eq!(told(&["--top", "exporter", "--sort", "key"]), ascending);
    let descending: Vec<&str> = ascending.into_iter().rev().collect();
    assert_eq!(told(&["--sort", "exporter:desc"]), descending);
    assert_eq!(
        told(&["--top", "exporter", "--sort", "key:desc"]),
        descending
    );
    // the first few are found by another way than all
    assert_eq!(
        told(&["--sort", "exporter", "--limit", "3"]),
        ascending[..3]
    );
}

/// Anybody can send packets in the name of anybody.
#[test]
fn beyond_many_exporters_all_have_one_name() {
    let mut builder = Builder::new(Pairing::Strict { tolerance: 1000 });
    let flow = br#"{"1.5": [{"IPV4_SRC_ADDR": "10.0.0.1", "IPV4_DST_ADDR": "10.0.0.2"}]}"#;
    let flows = Decoder::default()
        .decode(flow)
        .unwrap()
        .packets
        .remove(0)
        .flows;
    let mut hear = |exporter: String, flows: &[Flow]| {
        let packet = Packet {
            exporter: Some(exporter),
            flows: flows.to_vec(),
            ..Packet::default()
        };
        builder.add(&packet, LineAt::default(), 0);
    };
    // who tells of nothing takes no place
    for number in 0..EXPORTER_NAMES {
        hear(format!("silent {number}"), &[]);
    }
    for number in 0..EXPORTER_NAMES + 1000 {
        hear(number.to_string(), &flows);
    }
    hear("7".to_owned(), &flows);
    let table = builder.snapshot();
    let [first, .., last, others] = table.exporters() else {
        panic!("{}", table.exporters().len());
    };
    assert_eq!(table.exporters().len(), EXPORTER_NAMES + 1);
    assert_eq!(first.as_deref(), Some("0"));
    assert_eq!(last.clone(), Some((EXPORTER_NAMES - 1).to_string()));
    assert_eq!(others.as_deref(), Some("(other exporters)"));
}

/// Probes on one host, one for each interface, have the same domain and different ports.
#[test]
fn each_process_at_an_address_numbers_and_samples_by_itself() {
    let packet = |port: u16, sequence: u32, sampling: u32| {
        let mut record = json!({"IPV4_SRC_ADDR": "10.0.0.1", "IPV4_DST_ADDR": "10.0.0.2",
            "IN_BYTES": 1000, "IN_PKTS": 1});
        if sampling > 0 {
            record = json!({"SAMPLING_INTERVAL": sampling});
        }
        let header = json!({"version": 9, "source_id": 0, "sequence": sequence});
        let time = format!("{}.5", 1_700_000_000 + sequence % 1000);
        json!({time: {"client": ["192.0.2.1", port], "header": header, "flows": [record]}})
            .to_string()
    };
    let intake = written(&[
        packet(4000, 10, 100),
        packet(4001, 5010, 0),
        packet(4000, 11, 0),
        packet(4001, 5011, 0),
        // two are lost of one process
        packet(4000, 14, 0),
        packet(4001, 5012, 0),
    ]);
    let [domain] = &domains(&intake).collect::<Vec<_>>()[..] else {
        panic!("one domain");
    };
    assert_eq!((domain.packets, domain.lost, domain.gaps), (6, 2, 1));
    assert_eq!(domain.restarts, 0);
    assert_eq!(domain.sampling.map(|told| told.interval), Some(100));
    // two flows of a hundredfold, three that stand for themselves
    assert_eq!(intake.exporters[0].scaled, 2 * 100_000 + 3 * 1000);
}
