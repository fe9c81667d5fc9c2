//! A file is read as far as it is there, and read on when there is more of it: the
//! entries and their places are those of the whole file, wherever it had ended before.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use flate2::Compression;
use flate2::write::GzEncoder;
use flowpeek::ingest::again::entries_at;
use flowpeek::ingest::batch::{Decoded, Stop, read};
use flowpeek::ingest::decoder::Decoder;
use flowpeek::ingest::inflate::sniff::Form;
use flowpeek::model::flow::LineAt;

/// The entries from a place on; how many are certain, and where what follows them begins.
fn entries(file: &Arc<File>, form: Form, from: LineAt) -> (Vec<Decoded>, usize, LineAt) {
    let mut lines = entries_at(file.clone(), form, from, None).unwrap();
    let mut decoder = Decoder::default();
    let (mut all, mut certain, mut next) = (Vec::new(), 0, from);
    let mut stop = Stop::Full;
    while stop == Stop::Full {
        let (mut batch, stopped) = read(&mut lines, &mut decoder, u64::MAX);
        stop = stopped;
        batch.renumber(from.line);
        if let Some((count, place)) = batch.sure {
            (certain, next) = (all.len() + count, place);
        }
        all.extend(batch.lines);
    }
    (all, certain, next)
}

/// What is read of a file that once ended anywhere is what is read of it at once; each
/// member, of which it has these, holds so many bytes of the text.
fn assert_grows(members: &[Vec<u8>], of: usize, form: Form, what: &str) {
    let content = members.concat();
    let begins = members.iter().scan(0, |end, member| {
        *end += member.len() as u64;
        Some(*end - member.len() as u64)
    });
    let begins: Vec<u64> = begins.collect();
    // a place behind a member's end is the same as one in the next member
    let in_text = |place: LineAt| {
        let member = begins.iter().position(|begin| *begin == place.member);
        (place.line, (member.unwrap() * of) as u64 + place.skip)
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("any.name");
    fs::write(&path, &content).unwrap();
    let file = Arc::new(File::open(&path).unwrap());
    let (whole, ..) = entries(&file, form, LineAt::default());
    assert!(whole.iter().filter(|entry| entry.1.is_ok()).count() > 2);
    // where an object or a line ends, every place counts
    let counts = |cut: &usize| match form {
        Form::Plain => {
            (content[cut.saturating_sub(2)..].iter().take(4)).any(|byte| b"{}[],\n".contains(byte))
        }
        _ => cut.is_multiple_of(7),
    };
    for cut in (0..content.len()).filter(counts) {
        let mut growing = OpenOptions::new().write(true).truncate(true).open(&path);
        growing
            .as_mut()
            .unwrap()
            .write_all(&content[..cut])
            .unwrap();
        let (mut read, certain, next) = entries(&file, form, LineAt::default());
        read.truncate(certain);
        growing.unwrap().write_all(&content[cut..]).unwrap();
        read.extend(entries(&file, form, next).0);
        assert_eq!(read.len(), whole.len(), "{what} at {cut}, from {next:?}");
        for ((place, line), (wanted, expected)) in read.iter().zip(&whole) {
            assert_eq!(in_text(*place), in_text(*wanted), "{what} at {cut}");
            assert_eq!(line, expected, "{what} at {cut}");
        }
    }
}

fn data(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    fs::read_to_string(folder.join(name)).unwrap()
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// Records in the ways in which programs lay them out.
fn layouts() -> Vec<String> {
    let records: Vec<serde_json::Value> = serde_json::from_str(&data("nfdump.json")).unwrap();
    let kept = [
        "type",
        "first",
        "last",
        "in_packets",
        "in_bytes",
        "src4_addr",
        "dst4_addr",
    ];
    let short = |record: &serde_json::Value| {
        let members = kept.map(|key| (key.to_owned(), record[key].clone()));
        serde_json::Value::Object(members.into_iter().collect())
    };
    let records: Vec<_> = records.iter().map(short).take(3).collect();
    let lines: Vec<String> = records.iter().map(ToString::to_string).collect();
    let pretty = records.iter().map(serde_json::to_string_pretty);
    let pretty: Vec<String> = pretty.map(Result::unwrap).collect();
    let log = data("zeek-conn.log");
    let log: Vec<&str> = log.lines().collect();
    vec![
        lines.join("\n") + "\n",
        lines.join("\n\n"),
        format!("[{}]\n", lines.join(", ")),
        format!("\u{feff}[\r\n{}\r\n]\r\n", lines.join(",\r\n")),
        format!("[\n{}\n]\n", pretty.join(",\n")),
        format!("[\n{}\n]\n", pretty.join(",\n")).replace("\n  ", "\n"),
        format!("{}\n", pretty.join("\n")),
        format!("[\n{}\n]\n", pretty.join("\nnothing of the kind\n")),
        // of junk that goes on over lines the first is told, wherever the file had ended
        format!("[\n{}\n]\n", pretty.join("\nnothing\nof the\n\nkind,\n")),
        format!("\n\n[{}]\n", pretty.join(" , ")),
        log[4..12].join("\n") + "\n",
    ]
}

#[test]
fn what_is_read_on_has_the_places_it_has_in_the_whole_file() {
    for layout in layouts() {
        let text = layout.as_bytes();
        assert_grows(&[text.to_vec()], 0, Form::Plain, &layout);
        assert_grows(&[gzip(text)], 0, Form::Gzip, &layout);
        let members: Vec<_> = text.chunks(150).map(gzip).collect();
        assert_grows(&members, 150, Form::Gzip, &layout);
    }
}
