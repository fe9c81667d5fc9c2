//! A read error in the middle of a file of any form: what came before it is there,
//! each line whole, and the rest is told once, with the place and the reason.

use std::fs::File;
use std::io::{self, Cursor, Read, Write};
use std::sync::Arc;
use std::time::Duration;

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use flowpeek::ingest::batch::{Batch, read_all};
use flowpeek::ingest::decoder::Line;
use flowpeek::ingest::inflate::sniff::Form;
use flowpeek::ingest::inflate::window::Window;
use flowpeek::ingest::text::lines::Lines;
use flowpeek::ingest::threads::parallel::read_file;
use flowpeek::ingest::threads::piped::read_stream;
use flowpeek::load::{Inputs, load};
use flowpeek::table::build::Pairing;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

const EIO: i32 = 5;

/// A disk that breaks behind so many bytes.
struct Breaking(Cursor<Vec<u8>>);

impl Read for Breaking {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let some = out.len().min(700);
        match self.0.read(&mut out[..some])? {
            0 => Err(io::Error::from_raw_os_error(EIO)),
            read => Ok(read),
        }
    }
}

fn member(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// A form by name, and a file of it.
type Named = (&'static str, Form, Vec<u8>);

/// The first lines of the sample, in each form that a file may have.
fn forms() -> (Vec<Vec<u8>>, [Named; 4]) {
    let file = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/sample.gz")).unwrap();
    let mut text = Vec::new();
    MultiGzDecoder::new(&file[..])
        .read_to_end(&mut text)
        .unwrap();
    let lines: Vec<Vec<u8>> = text
        .split_inclusive(|&byte| byte == b'\n')
        .take(30)
        .map(<[u8]>::to_vec)
        .collect();
    let text = lines.concat();
    let forms = [
        ("plain", Form::Plain, text.clone()),
        (
            "members",
            Form::Gzip,
            lines.iter().flat_map(|line| member(line)).collect(),
        ),
        ("one member", Form::Gzip, member(&text)),
        (
            "zstd",
            Form::Zstd,
            compress_to_vec(&text[..], CompressionLevel::Fastest),
        ),
    ];
    (lines, forms)
}

fn breaking(file: &[u8], at: usize, form: Form) -> Lines {
    let reader = Breaking(Cursor::new(file[..at].to_vec()));
    Lines::of(Window::new(Box::new(reader), 0), form)
}

type Gathered = (Vec<Line>, Vec<(u64, String)>, u64);

/// What came, what went wrong and behind which byte, and how far it was read.
fn gathered(read: impl FnOnce(&mut dyn FnMut(&mut Batch) -> bool)) -> Gathered {
    let (mut lines, mut failures, mut offset) = (Vec::new(), Vec::new(), 0);
    read(&mut |batch| {
        offset = offset.max(batch.offset);
        lines.extend(
            batch
                .lines
                .drain(..)
                .map(|line| line.1.expect("a whole line")),
        );
        failures.extend(batch.failure.take().map(|reason| (offset, reason)));
        true
    });
    (lines, failures, offset)
}

#[test]
fn what_came_before_a_read_error_is_there_and_the_rest_is_told() {
    let (originals, forms) = forms();
    let mut decoder = flowpeek::ingest::decoder::Decoder::default();
    let wanted: Vec<Line> = originals
        .iter()
        .map(|line| decoder.decode(line.trim_ascii_end()).unwrap())
        .collect();
    for (name, form, file) in forms {
        for at in [
            1,
            400,
            file.len() / 3,
            file.len() / 2,
            file.len() - 9,
            file.len(),
        ] {
            let alone = gathered(|mut take| {
                read_all(breaking(&file, at, form), &mut take);
            });
            for decoders in [1, 3] {
                let piped = gathered(|take| {
                    let pause = Duration::from_secs(5);
                    read_stream(breaking(&file, at, form), decoders, pause, take);
                });
                assert_eq!(alone, piped, "{name} at {at}");
            }
            let (lines, failures, offset) = alone;
            assert!(
                lines.len() <= wanted.len() && lines[..] == wanted[..lines.len()],
                "{name}"
            );
            assert_eq!(failures.len(), 1, "{name} at {at}");
            assert!(failures[0].1.contains("Input/output error"), "{failures:?}");
            assert!(
                failures[0].0 <= at as u64 && offset <= at as u64,
                "{name} at {at}: {failures:?}"
            );
            // every line whose bytes had come is there
            let mut end = 0;
            let came = originals.iter().filter(|line| {
                end += if name == "members" {
                    member(line).len()
                } else {
                    line.len()
                };
                end <= at
            });
            let came = came.count();
            if name == "plain" || name == "members" {
                assert!(
                    lines.len() >= came,
                    "{name} at {at}: {} of {came}",
                    lines.len()
                );
            } else if at == file.len() {
                assert_eq!(lines.len(), wanted.len(), "{name}");
            }
        }
    }
}

/// A directory opens like a file, and no byte of it can be read.
#[test]
fn threads_tell_of_an_error_once() {
    let folder = tempfile::tempdir().unwrap();
    let unreadable = Arc::new(File::open(folder.path()).unwrap());
    for threads in [1, 2, 4] {
        let (lines, failures, _) = gathered(|take| {
            read_file(&unreadable, 10 << 20, threads, take);
        });
        assert_eq!((lines.len(), failures.len()), (0, 1), "{failures:?}");
    }
}

#[test]
fn a_frame_that_asks_for_too_much_memory_is_damage_with_its_place() {
    let (_, forms) = forms();
    let text = &forms[0].2;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("zstd");
    // a sound frame, and one that asks for more memory than there may be
    let frame = compress_to_vec(&text[..], CompressionLevel::Fastest);
    let begin = frame.len() as u64;
    let asking = [&frame[..], &[0x28, 0xb5, 0x2f, 0xfd, 0, 21 << 3, 1, 0, 0]].concat();
    std::fs::write(&path, asking).unwrap();
    let inputs = Inputs::look_at(&[path]).unwrap();
    let snapshot = load(inputs, Pairing::Strict { tolerance: 1000 }, 2, |_| true);
    assert_eq!(snapshot.intake.packets, 30);
    let [damage] = &snapshot.intake.damage[..] else {
        panic!("{:?}", snapshot.intake.damage);
    };
    assert_eq!((damage.offset, damage.bytes), (begin, 9));
    assert_eq!(damage.reason, "a zstd frame that needs too much memory");
}
