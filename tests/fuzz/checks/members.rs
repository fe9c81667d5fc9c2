//! Of lines from compressed bytes: the same however the bytes come, in order,
//! within the file, to be found again at their places, and where nothing is
//! damaged those that another decoder gives.

use std::io::{Cursor, Read};

use flate2::bufread::MultiGzDecoder;
use flowpeek::ingest::inflate::sniff::Form;
use flowpeek::ingest::inflate::step::Gap;
use flowpeek::ingest::inflate::window::Window;
use flowpeek::ingest::text::entry::Ending;
use flowpeek::ingest::text::lines::{LINE_LIMIT, Lines};
use flowpeek::model::flow::LineAt;

/// A line with its place and ending.
type Line = (LineAt, Ending, Vec<u8>);

/// Gives a few bytes at a time.
pub struct Dribble(pub Cursor<Vec<u8>>, pub usize);

impl Read for Dribble {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let count = out.len().min(self.1);
        self.0.read(&mut out[..count])
    }
}

fn lines_of(bytes: &[u8], form: Form, at_once: usize) -> Lines {
    let reader = Dribble(Cursor::new(bytes.to_vec()), at_once);
    Lines::of(Window::new(Box::new(reader), 0), form)
}

/// All lines, all gaps, and the error that ends the stream.
fn read(bytes: &[u8], form: Form, at_once: usize) -> (Vec<Line>, Vec<Gap>, Option<String>) {
    let mut lines = lines_of(bytes, form, at_once);
    let (mut all, mut error) = (Vec::new(), None);
    loop {
        match lines.next_line() {
            Ok(Some((place, ending, line))) => all.push((place, ending, line.to_vec())),
            Ok(None) => break,
            Err(failed) => {
                error = Some(failed.to_string());
                break;
            }
        }
    }
    assert!(lines.offset() <= bytes.len() as u64);
    (all, lines.take_gaps(), error)
}

/// Checks all of it for bytes that are gzip or zstd, or taken for it.
pub fn check(bytes: &[u8], form: Form, at_once: usize) {
    let whole = read(bytes, form, usize::MAX);
    assert_eq!(
        whole,
        read(bytes, form, at_once.max(1)),
        "in pieces of {at_once}"
    );
    let (lines, gaps, error) = whole;
    for (number, (place, _, line)) in lines.iter().enumerate() {
        assert_eq!(place.line, number as u64 + 1);
        assert!(!line.contains(&b'\n') && line.len() <= LINE_LIMIT);
    }
    if form == Form::Gzip {
        assert_eq!(error, None);
        let places = lines.iter().map(|line| (line.0.member, line.0.skip));
        assert!(
            places.clone().is_sorted_by(|one, next| one < next),
            "{places:?}"
        );
        assert!(places.clone().all(|place| place.0 < bytes.len() as u64));
        let mut end = 0;
        for &Gap {
            offset,
            bytes: count,
            ..
        } in &gaps
        {
            assert!(
                end <= offset && offset + count <= bytes.len() as u64,
                "{gaps:?}"
            );
            end = offset + count;
        }
        found_again(bytes, &lines);
    }
    if form == Form::Gzip
        && let Some(content) = decoded(bytes)
    {
        assert_eq!(gaps, [], "nothing is damaged");
        let ours: Vec<&[u8]> = lines.iter().map(|line| &line.2[..]).collect();
        let content = content.strip_suffix(b"\n").unwrap_or(&content);
        let theirs: Vec<&[u8]> = content.split(|&byte| byte == b'\n').collect();
        assert!(ours == theirs || content.is_empty() && ours.concat().is_empty());
    }
}

/// Checks that a sound file has the lines of this content, and no others.
pub fn has_lines(bytes: &[u8], form: Form, content: &[u8]) {
    let (lines, gaps, error) = read(bytes, form, usize::MAX);
    assert!(gaps.is_empty() && error.is_none(), "{error:?}");
    let lines: Vec<&[u8]> = lines.iter().map(|line| &line.2[..]).collect();
    let content = content.strip_suffix(b"\n").unwrap_or(content);
    let wanted: Vec<&[u8]> = content.split(|&byte| byte == b'\n').collect();
    assert!(lines == wanted || content.is_empty());
}

/// What another decoder makes of it, if all is well with it.
pub fn decoded(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    MultiGzDecoder::new(bytes).read_to_end(&mut content).ok()?;
    Some(content)
}

/// Each line begins at its place: the detail of a record is read from there.
fn found_again(bytes: &[u8], lines: &[Line]) {
    for (place, ending, line) in lines.iter().take(8).chain(lines.iter().rev().take(2)) {
        let from = place.member as usize;
        let reader = Cursor::new(bytes[from..].to_vec());
        let mut again = Lines::of(Window::new(Box::new(reader), place.member), Form::Gzip);
        again.skip(place.skip).unwrap();
        let found = again.next_line().unwrap();
        let (at, end, text) = found.expect("a line at its place");
        assert_eq!(
            (at.member, at.skip, end, text),
            (place.member, place.skip, *ending, &line[..])
        );
    }
}
