//! A row's record is found again for the detail pane, whole, wherever it stands in
//! whatever file; and no other is taken for it when the file is another one by then.
//! The oracle reads the same bytes as JSON values, or by cutting lines at tabs.

use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::slice::from_ref;

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use flowpeek::load::{Inputs, Snapshot, load};
use flowpeek::model::raw::{RawRecord, Wanted};
use flowpeek::table::build::Pairing;
use flowpeek::table::store::Side;
use serde_json::{Value, json};

/// Octets of the two directions of a record, by program.
const OCTETS: [(&str, &[&str]); 4] = [
    ("nfdump.json", &["/in_bytes"]),
    ("zeek-conn.json", &["/orig_ip_bytes", "/resp_ip_bytes"]),
    (
        "suricata-eve.json",
        &[
            "/flow/bytes_toserver",
            "/flow/bytes_toclient",
            "/netflow/bytes",
        ],
    ),
    ("goflow2.json", &["/bytes"]),
];

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name)
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// Plain, in one member, and in many that begin wherever they like.
fn packed(text: &[u8]) -> [Vec<u8>; 3] {
    let members = text.chunks(700).map(gzip).collect::<Vec<_>>().concat();
    [text.to_vec(), gzip(text), members]
}

fn loaded(path: &Path) -> (Snapshot, impl Fn(&Wanted) -> Result<RawRecord, String>) {
    let inputs = Inputs::look_at(&[path.to_owned()]).unwrap();
    let library = inputs.library.clone();
    let read = load(inputs, Pairing::Strict { tolerance: 1000 }, 1, |_| true);
    (read, move |wanted: &Wanted| library.record(wanted))
}

fn all_wanted(read: &Snapshot) -> Vec<Wanted> {
    let sides = |row| [(row, Side::First), (row, Side::Mate)];
    let rows = read.table.rows().flat_map(sides);
    rows.filter_map(|(row, side)| row.wanted(side)).collect()
}

/// Members and their values, the values read as JSON, of which ends of lines are
/// shown as what they are.
fn read_as_json(fields: &[(String, String)]) -> Vec<(String, Value)> {
    let lines = |text: &str| text.replace("\\u{d}", "\r").replace("\\u{a}", "\n");
    let read = |text: &str| serde_json::from_str(&lines(text)).unwrap();
    let fields = fields.iter();
    fields
        .map(|(key, value)| (key.clone(), read(value)))
        .collect()
}

fn members(object: &Value) -> Vec<(String, Value)> {
    let members = object.as_object().unwrap().iter();
    members
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// The records of a sample, with octets by which each is known: a thousand times its
/// number, from 1, and some.
fn numbered(name: &str, octets: &[&str]) -> Vec<Value> {
    let text = fs::read_to_string(data(name)).unwrap();
    let mut records: Vec<Value> = serde_json::from_str(&text)
        .unwrap_or_else(|_| text.lines().flat_map(serde_json::from_str).collect());
    for (number, record) in (1..).zip(&mut records) {
        for (more, path) in (0..).zip(octets) {
            if let Some(value) = record.pointer_mut(path) {
                *value = Value::from(number * 1000 + more);
            }
        }
        record["a text"] = Value::from(format!("{number} }}]{{[,\\\"}}\\"));
    }
    records
}

/// Lines that are not indented, as `json.dump(..., indent=0)` writes them.
fn flat(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
    lines.join("\n")
}

/// Ways to lay out objects that stand for themselves.
fn layouts(records: &[Value]) -> Vec<String> {
    let lines: Vec<String> = records.iter().map(Value::to_string).collect();
    let pretty: Vec<String> = (records.iter())
        .map(|record| serde_json::to_string_pretty(record).unwrap())
        .collect();
    vec![
        lines.join("\n"),
        format!("\u{feff}{}\n", lines.join("\n")),
        format!("\n \n{}\n\n", lines.join("\n\n")),
        format!("[{}]", lines.join(", ")),
        format!("\u{feff}[\r\n{}\r\n]\r\n", lines.join(",\r\n")),
        format!("\n[\n{},\n", lines.join(",\n\n")),
        format!("[{}\n]", lines.join("\n,")),
        serde_json::to_string_pretty(records).unwrap(),
        flat(&serde_json::to_string_pretty(records).unwrap()),
        pretty.join("\n"),
        flat(&pretty.join("\n")),
        format!("[\n{}\n]", pretty.join(" , ")),
        pretty.join("\r\n\r\n").replace('\n', "\r\n"),
    ]
}

#[test]
fn whatever_wrote_it_and_however_it_is_laid_out_it_is_the_whole_record() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("any.name");
    for (name, octets) in OCTETS {
        let records = numbered(name, octets);
        for (number, layout) in layouts(&records).iter().enumerate() {
            for content in packed(layout.as_bytes()) {
                fs::write(&path, content).unwrap();
                let (read, find) = loaded(&path);
                assert_eq!(read.intake.rejects, [], "{name} {number}");
                let wanted = all_wanted(&read);
                assert_eq!(wanted.len() as u64, read.table.totals().flows);
                assert!(wanted.len() > 3, "{name} {number}");
                for wanted in wanted {
                    let found = find(&wanted).unwrap();
                    let octets = wanted.marks.counts[0].unwrap();
                    let original = &records[octets as usize / 1000 - 1];
                    assert_eq!(
                        read_as_json(&found.record),
                        members(original),
                        "{name} {number}"
                    );
                    assert_eq!(found.header, [], "they have none");
                }
            }
        }
    }
}

/// Between objects that are sound: one that loses its end, one that loses its beginning,
/// what is no object at all, and a line that only looks like the beginning of an array.
#[test]
fn what_is_broken_between_records_hides_none_of_the_others() {
    let records = numbered("nfdump.json", OCTETS[0].1);
    let pretty: Vec<String> = (records.iter())
        .map(|record| serde_json::to_string_pretty(record).unwrap())
        .collect();
    let lines: Vec<&str> = pretty[1].lines().collect();
    let document = |second: &str| {
        let others = pretty[2..].join(",\n");
        format!("[\n{},\n{second}\n{others}\n]\n", pretty[0])
    };
    let export = json!({"1.5": [{"IPV4_SRC_ADDR": "10.0.0.1", "IPV4_DST_ADDR": "10.0.0.2",
        "IN_BYTES": 1000}]});
    let sound = records.len() as u64 - 1;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("any.name");
    for (content, flows, rejects) in [
        (document(&lines[..6].join("\n")), sound, vec![lines[0]]),
        (document(&lines[1..].join("\n")), sound, vec![lines[1]]),
        (
            document("nothing, of the kind\n\nnothing"),
            sound,
            vec!["nothing"],
        ),
        (document("\"a }{ text\","), sound, vec!["\"a }{"]),
        (
            format!("[no array\nnor this\n{export}\n{export}\n"),
            2,
            vec!["[no array", "nor this"],
        ),
    ] {
        fs::write(&path, &content).unwrap();
        let (read, find) = loaded(&path);
        assert_eq!(read.table.totals().flows, flows, "{content}");
        for wanted in all_wanted(&read) {
            assert!(find(&wanted).is_ok(), "{content}");
        }
        // each is told once, by the line that it begins in
        let told = read.intake.rejects.iter();
        let told: Vec<&str> = told
            .map(|reject| {
                content
                    .lines()
                    .nth(reject.line as usize - 1)
                    .unwrap()
                    .trim()
            })
            .collect();
        let is_told = told.len() == rejects.len()
            && told
                .iter()
                .zip(&rejects)
                .all(|(told, reject)| told.starts_with(reject.trim()));
        assert!(is_told, "{told:?} {rejects:?}");
    }
}

/// In an array as `jq .` or `json.dump` prints it, an object that loses its end does not take the others with
/// it, and is itself no more than what stands before the next one.
#[test]
fn an_object_on_many_lines_without_its_end_costs_itself_alone() {
    let records = numbered("nfdump.json", OCTETS[0].1);
    let whole = serde_json::to_string_pretty(&records).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("any.name");
    for whole in [whole.replace("  ", "\t"), flat(&whole), whole] {
        let mut lines: Vec<&str> = whole.lines().collect();
        let is_end = |line: &&str| line.trim_start() == "}," && line.len() < 5;
        let end = lines.iter().position(is_end).unwrap();
        lines.remove(end);
        for content in packed(lines.join("\n").as_bytes()) {
            fs::write(&path, content).unwrap();
            let (read, find) = loaded(&path);
            assert_eq!(read.table.totals().flows, records.len() as u64 - 1);
            for wanted in all_wanted(&read) {
                assert!(find(&wanted).is_ok());
            }
            let told: Vec<_> = read.intake.rejects.iter().map(|it| it.line).collect();
            assert_eq!(told, [2]);
            let inputs = Inputs::look_at(from_ref(&path)).unwrap();
            let text = inputs.library.text(read.intake.rejects[0].place.unwrap());
            assert_eq!(text.unwrap().matches("src4_addr").count(), 1);
        }
    }
}

/// An array on one line may be longer than any line, as `jq -c .` prints it.
#[test]
fn an_array_on_one_line_may_have_any_length() {
    let records = numbered("nfdump.json", OCTETS[0].1);
    let long = json!({"event_type": "none", "a text": "}]{[,\\\"".repeat(1 << 18)});
    let count = 50;
    let events = vec![long.to_string(); count].join(",");
    let good: Vec<String> = records.iter().map(Value::to_string).collect();
    let text = format!("[{},{events},{}]\n", good[0], good[1..].join(","));
    assert!(text.len() > 100 << 20);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("any.name");
    for content in [gzip(text.as_bytes()), text.into_bytes()] {
        fs::write(&path, content).unwrap();
        let (read, find) = loaded(&path);
        assert_eq!(read.intake.rejects, []);
        assert_eq!(read.intake.skipped.events, count as u64);
        assert_eq!(read.table.totals().flows, records.len() as u64);
        for wanted in all_wanted(&read) {
            let number = wanted.marks.counts[0].unwrap() as usize / 1000;
            let found = find(&wanted).unwrap();
            assert_eq!(read_as_json(&found.record), members(&records[number - 1]));
        }
    }
}

/// What is broken in a long line costs the rest of it, wherever it is cut to be read.
#[test]
fn what_is_broken_in_a_long_line_is_told_once() {
    let good = &numbered("nfdump.json", OCTETS[0].1)[0];
    let many = vec![good.to_string(); 2000].join(",");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("any.name");
    for junk in ["nothing", "]} nothing"] {
        let text = format!("[{many},{junk},{many}\n,{good}]\n");
        assert!(text.len() > 1 << 20);
        for content in [gzip(text.as_bytes()), text.into_bytes()] {
            fs::write(&path, content).unwrap();
            let (read, _) = loaded(&path);
            assert_eq!(read.table.totals().flows, 2001);
            let told: Vec<_> = read.intake.rejects.iter().map(|it| it.line).collect();
            assert_eq!(told, [1], "{junk}");
        }
    }
}

/// Lines about columns are borne up to a length: one that is longer is told, and no
/// values are taken for those of the columns before.
#[test]
fn a_line_about_columns_that_is_too_long_is_rejected() {
    let text = fs::read_to_string(data("zeek-conn.log")).unwrap();
    let values = |line: &&str| !line.starts_with('#');
    let lines: Vec<&str> = text.lines().filter(values).collect();
    let fields = format!("#fields\tts{}\n", "\tx".repeat(3000));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("conn.log");
    for (content, rejects) in [
        (format!("{text}{fields}{}", "\t".repeat(3000)), 1),
        (format!("{text}{fields}{}\n", lines[0]), 2),
        (format!("{fields}\t\t\n{text}"), 1),
        // a line about nothing that is of use is none of these
        (
            text.replace("#open", &format!("#open{}", " ".repeat(5000))),
            0,
        ),
    ] {
        fs::write(&path, &content).unwrap();
        let (read, _) = loaded(&path);
        assert_eq!(
            read.intake.rejects.len(),
            rejects,
            "{:?}",
            read.intake.rejects
        );
        assert_eq!(read.intake.lines(), (lines.len() + rejects) as u64);
        if let Some(reject) = read.intake.rejects.first() {
            assert_eq!(reject.reason, "a line about columns is longer than 4 KiB");
        }
    }
}

/// An object over many lines is borne as long as a line is, and no longer.
#[test]
fn an_object_has_64_mebibytes_and_no_more() {
    let good = &numbered("nfdump.json", OCTETS[0].1)[0];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("any.name");
    for more in [0, 1] {
        let begin = "{\"event_type\": \"none\"\n";
        let blank = (" ".repeat((1 << 20) - 1) + "\n").repeat(63);
        let rest = (64 << 20) - begin.len() - blank.len() - 1 + more;
        let object = format!("{begin}{blank}{}}}", " ".repeat(rest));
        assert_eq!(object.len(), (64 << 20) + more);
        fs::write(&path, format!("[\n{object},\n{good}\n]\n")).unwrap();
        let (read, _) = loaded(&path);
        assert_eq!(read.table.totals().flows, 1);
        assert_eq!(read.intake.skipped.events, 1 - more as u64);
        let told = read.intake.rejects.iter();
        let told: Vec<_> = told.map(|reject| (reject.line, &*reject.reason)).collect();
        assert_eq!(told, [(2, "the line is longer than 64 MiB")][..more]);
    }
}

/// Logs one behind the other, the second with its columns in another order: each line
/// has the columns of the lines before it, and no others.
#[test]
fn a_line_of_values_has_the_columns_that_were_named_before_it() {
    let text = fs::read_to_string(data("zeek-conn.log")).unwrap();
    let turned: Vec<String> = (text.lines())
        .map(|line| match line.strip_prefix("#fields\t") {
            Some(names) => format!("#fields\tuid\t{}", names.replace("\tuid\t", "\t")),
            None if line.starts_with('#') => line.to_owned(),
            None => {
                let cells: Vec<&str> = line.split('\t').collect();
                [&[cells[1], cells[0]], &cells[2..]].concat().join("\t")
            }
        })
        .collect();
    let json = fs::read_to_string(data("zeek-conn.json")).unwrap();
    let json = json.lines().next().unwrap();
    // lines of nothing, and a line that stands for itself, are none of values
    let text = text.replacen("\n1700", &format!("\n\n \t\n{json}\n1700"), 2);
    let both = format!("\n{text}{}\n", turned.join("\n"));
    let cut = |text: &str| text.split('\t').map(str::to_owned).collect::<Vec<_>>();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("conn.log");
    for content in packed(both.as_bytes()) {
        fs::write(&path, content).unwrap();
        let (read, find) = loaded(&path);
        assert_eq!(read.intake.rejects, []);
        let wanted = all_wanted(&read);
        assert_eq!(wanted.len() as u64, read.table.totals().flows);
        assert_eq!(wanted.len(), 2 * 11 + 2 * 2);
        for wanted in wanted {
            let lines: Vec<&str> = both.lines().collect();
            let line = wanted.place.line as usize - 1;
            let names = lines[..line].iter().rev();
            let names = names
                .clone()
                .find_map(|line| line.strip_prefix("#fields\t"));
            let record = find(&wanted).unwrap().record;
            if lines[line] == json {
                assert_eq!(read_as_json(&record).len(), record.len());
                continue;
            }
            let (keys, values): (Vec<String>, Vec<String>) = record.into_iter().unzip();
            assert_eq!(keys, cut(names.unwrap()));
            assert_eq!(values, cut(lines[line]));
            let octets = wanted.marks.counts[0].unwrap().to_string();
            assert!(values.contains(&octets), "{octets} in {values:?}");
        }
    }
}

/// Where a packet's record says its octets.
fn octets_of(record: &Value) -> Option<u64> {
    let keys = ["IN_BYTES", "IN_OCTETS", "octetDeltaCount"];
    keys.iter().find_map(|key| record[key].as_u64())
}

#[test]
fn a_record_of_a_packet_comes_with_its_header() {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for name in ["old-0.8.2-v9.gz", "vendors-v5.gz", "pmacctd-ipfix.gz"] {
        let mut text = Vec::new();
        let file = fs::File::open(data(name)).unwrap();
        MultiGzDecoder::new(file).read_to_end(&mut text).unwrap();
        files.push((name.to_owned(), text));
    }
    // several packets in a line: an old one is a list; of what is there twice the last counts
    let record = |octets: u32| {
        format!(
            r#"{{"IPV4_SRC_ADDR": "10.0.0.1", "IPV4_DST_ADDR": "10.0.0.2", "PROTOCOL": 6, "IN_BYTES": {octets}}}"#
        )
    };
    let several = format!(
        r#"{{"1700000000": [{}, {}], "1700000001.5": {{"header": {{"version": 9}}, "flows": [{}], "header": {{"version": 9, "count": 2}}, "flows": [{{"templateId": 5}}, {}, {}]}}, "1700000002": {{"flows": [{}], "more": []}}}}"#,
        record(1),
        record(2),
        record(3),
        record(4),
        record(5),
        record(6)
    );
    files.push(("several".to_owned(), several.into_bytes()));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("any.name");
    for (name, text) in files {
        let lines: Vec<Value> = (text.split(|&byte| byte == b'\n'))
            .filter(|line| !line.is_empty())
            .map(|line| serde_json::from_slice(line).unwrap())
            .collect();
        for content in packed(&text) {
            fs::write(&path, content).unwrap();
            let (read, find) = loaded(&path);
            let wanted = all_wanted(&read);
            assert_eq!(wanted.len() as u64, read.table.totals().flows);
            for wanted in wanted.into_iter().take(300) {
                let line = lines[wanted.place.line as usize - 1].as_object().unwrap();
                let is_it = |time: &str| time.parse() == Ok(wanted.received);
                let packet = line.iter().find(|packet| is_it(packet.0)).unwrap().1;
                let flows = packet.get("flows").unwrap_or(packet);
                let original = &flows[wanted.index as usize];
                assert_eq!(octets_of(original), wanted.marks.counts[0], "{name}");
                let header = packet.get("header").cloned().unwrap_or(json!({}));
                let RawRecord {
                    header: told,
                    record,
                } = find(&wanted).unwrap();
                let sorted = |fields: &[(String, String)]| {
                    let mut fields = read_as_json(fields);
                    fields.sort_by(|one, other| one.0.cmp(&other.0));
                    fields
                };
                assert_eq!(sorted(&record), members(original), "{name}");
                assert_eq!(sorted(&told), members(&header), "{name}");
            }
        }
    }
}

/// The file is written over where it stands: a record that differs in anything by
/// which flows are told apart is not the one that was asked for.
#[test]
fn no_other_record_is_taken_for_the_one_that_was_there() {
    let record = json!({"IPV4_SRC_ADDR": "10.0.0.1", "IPV4_DST_ADDR": "10.0.0.2", "PROTOCOL": 6,
        "L4_SRC_PORT": 4000, "L4_DST_PORT": 443, "FIRST_SWITCHED": 1000, "LAST_SWITCHED": 1500,
        "IN_BYTES": 40, "IN_PKTS": 1, "SRC_TOS": 0});
    let line = |time: &str, records: &[&Value]| {
        json!({time: {"client": ["192.0.2.1", 9], "header": {"version": 9}, "flows": records}})
            .to_string()
    };
    let with = |key: &str, value: Value| {
        let mut record = record.clone();
        record[key] = value;
        record
    };
    let time = "1700000000.5";
    let mut others: Vec<String> = [
        ("IPV4_SRC_ADDR", json!("10.0.0.3")),
        ("IPV4_DST_ADDR", json!("10.0.0.3")),
        ("L4_SRC_PORT", json!(4001)),
        ("L4_DST_PORT", json!(80)),
        ("FIRST_SWITCHED", json!(1001)),
        ("IN_BYTES", json!(41)),
        ("IN_PKTS", json!(2)),
    ]
    .map(|(key, value)| line(time, &[&with(key, value)]))
    .into();
    others.push(line("1700000000.6", &[&record]));
    others.push(line(time, &[&with("IN_PKTS", json!(3)), &record]));
    others.push(line(time, &[]));
    others.push("no line of an export".to_owned());
    others.push(String::new());
    let mut file = tempfile::NamedTempFile::new().unwrap();
    writeln!(file, "{}", line(time, &[&record])).unwrap();
    let (read, find) = loaded(file.path());
    let [wanted] = all_wanted(&read).try_into().unwrap();
    let write = |text: &str| {
        let mut over = OpenOptions::new().write(true).truncate(true).open(&file);
        writeln!(over.as_mut().unwrap(), "{text}").unwrap();
    };
    let changed = Err("the file has changed since it was read".to_owned());
    for other in others {
        write(&other);
        assert_eq!(find(&wanted), changed, "{other}");
    }
    // what flows are not told apart by may differ
    write(&line(time, &[&with("SRC_TOS", json!(8))]));
    let found = find(&wanted).unwrap().record;
    assert!(found.contains(&("SRC_TOS".to_owned(), "8".to_owned())));
}
