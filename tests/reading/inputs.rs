//! What other programs write: nfdump's JSON, goflow2, Zeek's conn.log, Suricata's
//! eve.json. The oracle reads the samples by itself, as JSON values or by cutting
//! lines at tabs; `tests/data/README.md` says where they are from.

use crate::support;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use flowpeek::ingest::decoder::Decoder;
use flowpeek::load::{Inputs, Snapshot, load};
use flowpeek::model::attr::Attr;
use flowpeek::table::build::Pairing;
use flowpeek::table::store::Side;
use proptest::prelude::*;
use serde_json::Value;

const STRICT: Pairing = Pairing::Strict { tolerance: 1000 };
const SAMPLES: [&str; 5] = [
    "nfdump.json",
    "zeek-conn.log",
    "zeek-conn.json",
    "suricata-eve.json",
    "goflow2.json",
];

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name)
}

fn text(name: &str) -> String {
    fs::read_to_string(sample(name)).unwrap()
}

fn read_all(paths: &[PathBuf], threads: usize) -> Snapshot {
    let inputs = Inputs::look_at(paths).unwrap();
    load(inputs, STRICT, threads, |_| true)
}

/// Reads what a file of this content gives.
fn read(content: impl AsRef<[u8]>) -> Snapshot {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("any.name");
    fs::write(&path, content).unwrap();
    let read = read_all(std::slice::from_ref(&path), 1);
    assert_eq!(rows(&read), rows(&read_all(&[path], 3)), "threads differ");
    read
}

fn rows(snapshot: &Snapshot) -> Vec<String> {
    let rows = snapshot.table.rows().map(|row| {
        let sides = [Side::First, Side::Mate];
        format!(
            "{:?} {:?} {:?} {:?}",
            sides.map(|side| row.ends(side).map(|end| (row.address(end), end.port))),
            sides.map(|side| (row.start(side), row.elapsed(side))),
            sides.map(|side| row.wanted(side).map(|wanted| wanted.marks.counts)),
            row.evidence(),
        )
    });
    rows.collect()
}

/// Flows, octets and packets of a table.
fn sums(snapshot: &Snapshot) -> [u128; 3] {
    let totals = snapshot.table.totals();
    [totals.flows.into(), totals.bytes, totals.packets]
}

/// The same of a sample, read by itself: octets and packets of each flow that is not empty.
fn expected(name: &str) -> [u128; 3] {
    let pairs: Vec<[&str; 2]> = match name {
        "nfdump.json" => vec![["/in_bytes", "/in_packets"]],
        "goflow2.json" => vec![["/bytes", "/packets"]],
        "suricata-eve.json" => vec![
            ["/flow/bytes_toserver", "/flow/pkts_toserver"],
            ["/flow/bytes_toclient", "/flow/pkts_toclient"],
            ["/netflow/bytes", "/netflow/pkts"],
        ],
        _ => vec![
            ["/orig_ip_bytes", "/orig_pkts"],
            ["/resp_ip_bytes", "/resp_pkts"],
        ],
    };
    let mut sums = [0; 3];
    for record in records(name) {
        if record["event_type"] == "alert" {
            continue;
        }
        for pair in &pairs {
            let [bytes, packets] = pair.map(|path| {
                let value = record.pointer(path).cloned().unwrap_or_default();
                value.as_u64().unwrap_or(0)
            });
            sums[0] += u128::from(packets > 0);
            sums[1] += u128::from(bytes);
            sums[2] += u128::from(packets);
        }
    }
    sums
}

fn records(name: &str) -> Vec<Value> {
    let text = text(name);
    match name {
        "nfdump.json" => serde_json::from_str(&text).unwrap(),
        "zeek-conn.log" => {
            let names = text.lines().find(|line| line.starts_with("#fields"));
            let names: Vec<&str> = names.unwrap().split('\t').skip(1).collect();
            let lines = text.lines().filter(|line| !line.starts_with('#'));
            let record = |line: &str| {
                let cells = line.split('\t').map(|cell| match cell.parse::<u64>() {
                    Ok(number) => Value::from(number),
                    Err(_) => Value::from(cell),
                });
                names
                    .iter()
                    .map(|name| (*name).to_owned())
                    .zip(cells)
                    .collect()
            };
            lines.map(record).collect()
        }
        _ => text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect(),
    }
}

#[test]
fn what_is_in_a_sample_is_in_the_table() {
    for name in SAMPLES {
        let read = read(text(name));
        assert_eq!(sums(&read), expected(name), "{name}");
        assert_eq!(read.intake.rejects, [], "{name}");
        assert_eq!(read.intake.unreadable_values, 0, "{name}");
    }
}

#[test]
fn nfdump_counts_the_same_however_its_document_is_laid_out() {
    let records = records("nfdump.json");
    let lines: Vec<String> = records.iter().map(Value::to_string).collect();
    let pretty = |value: &Value| serde_json::to_string_pretty(value).unwrap();
    let layouts = [
        text("nfdump.json"),
        text("nfdump.json").repeat(2),
        lines.join("\n"),
        format!("[{}]", lines.join(",")),
        pretty(&Value::from(records.clone())),
        records.iter().map(pretty).collect::<Vec<_>>().join("\n"),
        format!("[\nNo matching flows\n]\n{}", text("nfdump.json")),
        format!("\u{feff}{}", text("nfdump.json").replace('\n', "\r\n")),
    ];
    for (number, layout) in layouts.iter().enumerate() {
        let read = read(layout);
        // as `nfdump -r` sums them up itself
        let times = if number == 1 { 2 } else { 1 };
        assert_eq!(
            sums(&read),
            [17, 5780, 31].map(|sum| sum * times),
            "{number}"
        );
        assert_eq!(read.intake.rejects, [], "{number}");
    }
    assert_eq!(read("[\nNo matching flows\n]\n").intake.rejects, []);
}

#[test]
fn records_of_both_directions_are_connections() {
    let run = support::report("connections", "1s", &sample("zeek-conn.log"));
    let rows = run.objects();
    assert_eq!(rows.len(), 4);
    for row in &rows {
        assert_eq!(row["match"], "biflow");
        assert_eq!(row["skew_ms"], Value::Null);
        assert_eq!(row["client"], "dst", "who answered sent more");
        assert!(row["dst_addr"].as_str().unwrap().ends_with('5'));
    }
    let sent = |row: &Value| [&row["src_bytes"], &row["dst_bytes"]].map(|n| n.as_u64().unwrap());
    assert_eq!(sent(&rows[0]), [2460, 660]);
    assert_eq!(rows[0]["start"], "2023-11-14T22:13:20.250Z");
    assert_eq!(rows[0]["duration_ms"], 180);
    assert_eq!(rows[3]["service"], "echo");
    // JSON and columns say the same
    let json = support::report("connections", "1s", &sample("zeek-conn.json"));
    assert_eq!(json.objects(), rows);
    // who did not answer is no connection, and a scan is one
    let alone = support::report("unmatched", "1s", &sample("zeek-conn.log")).objects();
    let reasons: Vec<&str> = alone
        .iter()
        .map(|row| row["reason"].as_str().unwrap())
        .collect();
    assert_eq!(reasons, ["scan", "multicast", "multicast"]);
    assert_eq!(alone[2]["service"], "neighbor sol");
    // Suricata's offsets, and its netflow events are paired like any others
    let eve = support::report("connections", "1s", &sample("suricata-eve.json")).objects();
    let evidence: Vec<&str> = eve
        .iter()
        .map(|row| row["match"].as_str().unwrap())
        .collect();
    assert_eq!(evidence, ["biflow", "biflow", "biflow", "skew"]);
    assert_eq!(eve[0]["start"], "2023-11-14T22:13:20.250Z");
}

#[test]
fn the_filter_and_the_groups_know_biflows() {
    let path = sample("suricata-eve.json");
    let path = path.to_str().unwrap();
    let lines = |options: &[&str]| {
        let run = support::flowpeek(&[&["report", "-n", "-p", "0"], options, &[path]].concat());
        assert_eq!(run.status, Some(0), "{}", run.errors());
        run.text().to_owned()
    };
    let of = |filter| {
        lines(&["--format", "ndjson", "--filter", filter])
            .lines()
            .count()
    };
    assert_eq!(of("match biflow"), 3);
    assert_eq!(of("not match biflow"), 1);
    assert_eq!(of("client ip 10.1.0.5"), 3);
    assert_eq!(of("server port 443"), 1);
    assert_eq!(of("vlan 20"), 1);
    assert_eq!(of("src flags S"), 2);
    assert!(lines(&["--top", "match", "--format", "csv"]).contains("biflow"));
    let clients = lines(&["--top", "client", "--format", "csv"]);
    assert!(clients.contains("10.1.0.5"), "{clients}");
}

#[test]
fn zeek_is_read_as_shippers_write_it_and_by_the_number_of_its_protocol() {
    let json = text("zeek-conn.json");
    let shipped = json.replace("id.", "id_");
    assert_ne!(shipped, json);
    assert_eq!(rows(&read(shipped)), rows(&read(json)));
    let record = |protocol: &str| {
        format!(
            "{{\"ts\":1700000000.25,\"id.orig_h\":\"10.1.0.5\",\"id.resp_h\":\"192.0.2.80\",{protocol},\
             \"conn_state\":\"OTH\",\"orig_pkts\":6,\"orig_ip_bytes\":660,\"resp_pkts\":0}}\n"
        )
    };
    for (written, number) in [
        ("\"proto\":\"unknown_transport\",\"ip_proto\":47", Some(47)),
        ("\"proto\":\"unknown_transport\"", None),
        ("\"proto\":\"tcp\",\"ip_proto\":6", Some(6)),
        ("\"ip_proto\":17,\"proto\":\"udp\"", Some(17)),
    ] {
        let read = read(record(written));
        let protocols: Vec<_> = read.table.rows().map(|row| row.protocol()).collect();
        assert_eq!(protocols, [number], "{written}");
        assert_eq!(read.intake.unreadable_values, 0, "{written}");
    }
}

#[test]
fn other_events_are_counted_by_kind() {
    let eve = read(text("suricata-eve.json"));
    assert_eq!(eve.intake.skipped.events, 3);
    let kinds = ["alert", "dns", "stats"].map(|kind| (kind.to_owned(), 1));
    assert_eq!(eve.intake.events, BTreeMap::from(kinds));
    let dns = text("zeek-conn.log").replace("#path\tconn", "#path\tdns");
    let dns = read(dns);
    assert_eq!(sums(&dns), [0; 3]);
    assert_eq!(dns.intake.events, BTreeMap::from([("dns".to_owned(), 7)]));
    let many: String = (0..200)
        .map(|n| format!("{{\"event_type\":\"k\\u001b{n}\"}}\n"))
        .collect();
    let many = read(many);
    assert_eq!(many.intake.events.values().sum::<u64>(), 200);
    assert!(many.intake.events.len() <= 65);
    assert!(
        many.intake
            .events
            .keys()
            .all(|kind| !kind.contains('\u{1b}'))
    );
}

#[test]
fn compressed_mixed_and_piped_they_are_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let mut paths = vec![sample("old-0.8.2-v9.gz")];
    let mut wanted = sums(&read_all(&paths, 1));
    for name in SAMPLES {
        let text = text(name);
        // a member for each three lines: none of them knows the columns by itself
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let members = lines.chunks(3).map(|some| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(some.concat().as_bytes()).unwrap();
            encoder.finish().unwrap()
        });
        let path = folder.path().join(name);
        fs::write(&path, members.collect::<Vec<_>>().concat()).unwrap();
        let plain = rows(&read_all(&[sample(name)], 1));
        for threads in [1, 4] {
            let packed = read_all(std::slice::from_ref(&path), threads);
            assert_eq!(rows(&packed), plain, "{name}");
        }
        paths.push(path);
        let mut command = support::command();
        command.args([
            "report", "-n", "-p", "0", "--show", "summary", "--format", "ndjson",
        ]);
        let limit = std::time::Duration::from_secs(60);
        let piped = support::run(command, text.as_bytes(), limit).objects();
        let expected = expected(name);
        assert_eq!(u128::from(piped[0]["bytes"].as_u64().unwrap()), expected[1]);
        for (sum, more) in wanted.iter_mut().zip(expected) {
            *sum += more;
        }
    }
    assert_eq!(sums(&read_all(&paths, 2)), wanted);
}

#[test]
fn a_bad_record_is_rejected_and_the_rest_is_there() {
    let nfdump = text("nfdump.json");
    let reject = |content: String| {
        let read = read(content);
        let rejects: Vec<(u64, String)> = (read.intake.rejects.iter())
            .map(|reject| (reject.line, reject.reason.clone()))
            .collect();
        (read.table.totals().flows, rejects)
    };
    // the second record loses its end: the third begins within it
    let lines: Vec<&str> = nfdump.split_inclusive('\n').collect();
    let second = lines
        .iter()
        .enumerate()
        .filter(|line| line.1.starts_with('{'))
        .nth(1);
    let second = second.unwrap().0;
    let without = |from: usize, to: usize| [&lines[..from], &lines[to..]].concat().concat();
    let end = second + 17;
    assert_eq!(lines[end], "},\n");
    let (flows, rejects) = reject(without(second + 3, end + 1));
    assert_eq!((flows, rejects.len()), (16, 1), "{rejects:?}");
    assert_eq!(
        rejects[0].0,
        second as u64 + 1,
        "where it begins: {rejects:?}"
    );
    // or its beginning: one reject, not one for each line of it
    let (flows, rejects) = reject(without(second, second + 3));
    assert_eq!((flows, rejects.len()), (16, 1), "{rejects:?}");
    let (flows, rejects) = reject(nfdump[..nfdump.len() - 40].to_owned());
    assert_eq!((flows, rejects.len()), (16, 1));
    assert_eq!(rejects[0].1, "the file ends in the middle of this line");
    // columns
    let zeek = text("zeek-conn.log");
    let (flows, rejects) = reject(zeek.replace("\ttcp\tssl", "\ttcp"));
    assert_eq!(
        (flows, rejects),
        (9, vec![(9, "20 values in 21 columns".to_owned())])
    );
    let (flows, rejects) = reject(
        zeek.trim_end_matches("#close\t2023-11-14-22-15-00\n")
            .trim_end()
            .to_owned(),
    );
    assert_eq!(
        (flows, rejects.len()),
        (10, 1),
        "its last cell may be cut: {rejects:?}"
    );
    // numbers that do not fit are unknown, and counted
    let odd = read(text("zeek-conn.json").replace("\"id.orig_p\":51000", "\"id.orig_p\":70000"));
    assert_eq!(odd.intake.unreadable_values, 1);
    assert_eq!(odd.table.totals().flows, 11);
    for wrong in [
        "10.1.0.5\t300\t192.0.2.80\t0",
        "10.1.0.5\t8\t192.0.2.80\t256",
    ] {
        let odd = read(text("zeek-conn.log").replace("10.1.0.5\t8\t192.0.2.80\t0", wrong));
        assert_eq!(odd.intake.unreadable_values, 1, "{wrong}");
        assert_eq!(odd.table.totals().flows, 11, "{wrong}");
        let icmp = odd
            .table
            .rows()
            .find(|row| row.protocol() == Some(1))
            .unwrap();
        assert_eq!(icmp.attr(Side::First, Attr::IcmpTypeCode), None, "{wrong}");
    }
    let negative = read(text("goflow2.json").replace("\"bytes\":660", "\"bytes\":-660"));
    assert_eq!(negative.intake.unreadable_values, 1);
    let deep = format!(
        "{{\"event_type\":\"flow\",\"x\":{}{}}}\n",
        "[".repeat(70),
        "]".repeat(70)
    );
    let (flows, rejects) = reject(deep + &text("suricata-eve.json"));
    assert_eq!((flows, rejects.len()), (9, 1));
    assert!(rejects[0].1.contains("nested deeper"), "{rejects:?}");
}

#[test]
fn nfdumps_times_are_those_of_the_zone_it_ran_in() {
    let path = sample("nfdump.json");
    let options = ["report", "-n", "-p", "0", "--format", "ndjson"];
    let first = |zone: &str| {
        let mut command = support::command();
        command.env("TZ", zone).args(options).arg(&path);
        let run = support::run(command, b"", std::time::Duration::from_secs(60));
        run.objects()[0]["start"].as_str().unwrap().to_owned()
    };
    assert_eq!(first("UTC"), "2023-11-14T22:13:21.254Z");
    assert_eq!(first("Asia/Tokyo"), "2023-11-14T13:13:21.254Z");
}

#[test]
fn the_analyzer_reads_none_of_them_and_they_are_counted() {
    for name in SAMPLES {
        let inputs = Inputs::look_at(&[sample(name), sample("old-0.8.2-v9.gz")]).unwrap();
        let read = load(inputs, Pairing::Analyzer(Default::default()), 1, |_| true);
        let totals = read.table.totals();
        assert_eq!(u128::from(totals.left_out), expected(name)[0], "{name}");
        assert_eq!(totals.connections, 172);
    }
}

#[test]
fn sampling_and_version_come_with_goflow2() {
    let read = read(text("goflow2.json"));
    let told: Vec<_> = (read.intake.exporters.iter())
        .map(|exporter| {
            let domain = &exporter.domains[0];
            let sampling = domain.sampling.map(|sampling| sampling.interval);
            (exporter.name.as_deref().unwrap(), domain.version, sampling)
        })
        .collect();
    let wanted = [
        ("192.0.2.1", Some(10), Some(100)),
        ("2001:db8::1", Some(9), None),
        ("10.11.10.26", None, Some(10_000)),
    ];
    assert_eq!(told, wanted);
}

/// Every beginning of a sample loads without a panic, and never gives flows that
/// the whole does not have.
#[test]
fn every_beginning_is_read() {
    for name in SAMPLES {
        let text = text(name);
        let whole = rows(&read(&text)).len();
        for end in (1..text.len()).step_by(97) {
            let part = read(&text.as_bytes()[..end]);
            assert!(part.intake.rejected_lines <= 1, "{name} {end}");
            assert!(rows(&part).len() <= whole, "{name} {end}");
        }
    }
}

/// Values of all kinds.
fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[-0-9.T:Zx]{0,24}".prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
        Just(serde_json::json!(["10.0.0.1", 5])),
        Just(serde_json::json!({"flow": {"bytes": 1}})),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// One field after another is something else: each record is a flow, is skipped
    /// or is rejected, and nothing panics.
    #[test]
    fn whatever_stands_in_a_field(
        which in 0..SAMPLES.len(), place in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), value()), 1..4),
    ) {
        let records = records(SAMPLES[which]);
        let mut record = place.get(&records).clone();
        for (field, value) in changes {
            let members = record.as_object_mut().unwrap();
            let name = members.keys().nth(field.index(members.len())).unwrap().clone();
            match members[&name].as_object_mut() {
                Some(inner) if !inner.is_empty() => {
                    let name = inner.keys().nth(field.index(inner.len())).unwrap().clone();
                    inner.insert(name, value);
                }
                _ => {
                    members.insert(name, value);
                }
            }
        }
        if let Ok(line) = Decoder::default().decode(record.to_string().as_bytes()) {
            let flows: usize = line.packets.iter().map(|packet| packet.flows.len()).sum();
            prop_assert!(flows <= 2);
            prop_assert_eq!(flows > 0, line.skipped.total() == 0);
        }
    }

    /// Bytes of a document that are others.
    #[test]
    fn whatever_stands_in_a_file(
        which in 0..SAMPLES.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
    ) {
        let mut text = text(SAMPLES[which]).into_bytes();
        for (place, byte) in changes {
            let length = text.len();
            text[place.index(length)] = byte;
        }
        if flowpeek::ingest::inflate::sniff::form(&text).is_ok() {
            read(text);
        }
    }
}
