//! The README's demo: a session played in the pseudo-terminal, as one animated
//! SVG. `FLOWPEEK_PICTURE=write cargo test --test terminal demo` makes it anew;
//! otherwise it is only looked at.

use std::fmt::Write;
use std::time::Duration;

use super::harness::Terminal;
use super::picture::{COLUMNS, HEIGHT, INK, MARGIN, ROWS, framed, line};
use super::{SAMPLE, path};

const FILE: &str = "assets/demo.svg";
/// What a page may weigh.
const MOST: usize = 300_000;
/// Milliseconds from key to key.
const TYPED: u32 = 90;

/// What is pressed, what must be there then, milliseconds to look at it, and what stands below.
const SCRIPT: &[(&str, &str, u32, &str)] = &[
    ("", " of 1,418", 2200, "flowpeek sample.gz"),
    ("llll", "row 1", 500, "l l l l   to the bytes"),
    ("s", "Bytesv", 1800, "s   sort"),
    ("/", "Enter keeps", 400, "/   filter as you type"),
    (
        "proto tcp and bytes > 100k",
        "100k",
        900,
        "/   filter as you type",
    ),
    ("\r", "filter proto", 1200, "Enter   keep it"),
    ("j", "row 2", 500, "j   down"),
    (
        "\r",
        "Paired",
        3200,
        "Enter   both flows, and why they were paired",
    ),
    ("\x1b", "row 2", 600, "Esc   back"),
    ("3", "groups by host", 2400, "3   who used the most"),
    ("\r", "of 1,418", 1800, "Enter   what that host did"),
    ("\x1b", "groups by host", 500, "Esc   back"),
    ("\x1b\x1b", "groups by host", 500, "Esc   no filter"),
    ("4", "over time", 2200, "4   when it happened"),
    (
        "2",
        "unmatched flows",
        2200,
        "2   what did not pair, and why",
    ),
    ("1", " of 1,418", 800, "? help   q quit"),
];

/// The lines of a screen as they are drawn, the caption, and how long it stays.
struct Frame {
    lines: Vec<String>,
    time: u32,
}

fn caption(text: &str) -> String {
    let y = MARGIN + (f32::from(ROWS) + 1.24) * HEIGHT;
    format!("<text x=\"{MARGIN}\" y=\"{y:.1}\" fill=\"{INK}\" font-weight=\"bold\">{text}</text>\n")
}

fn frame(terminal: &Terminal, text: &str, time: u32) -> Frame {
    let lines = (0..ROWS).map(|row| line(terminal.screen(), row));
    Frame {
        lines: lines.chain([caption(text)]).collect(),
        time,
    }
}

fn play() -> Vec<Frame> {
    let mut terminal = Terminal::start(COLUMNS, ROWS, &["-n", "--utc", SAMPLE]);
    let mut frames = Vec::new();
    for (keys, sign, time, text) in SCRIPT {
        for key in keys.chars() {
            terminal.keys(key.encode_utf8(&mut [0; 4]));
            terminal.settle(Duration::from_millis(300));
            frames.push(frame(&terminal, text, TYPED));
        }
        terminal.wait_for_text(sign);
        terminal.settle(Duration::from_millis(500));
        frames.push(frame(&terminal, text, *time));
    }
    frames
}

/// One line of the screen through all frames: what it shows, each with when.
fn line_svg(svg: &mut String, frames: &[Frame], row: usize) {
    let total: u32 = frames.iter().map(|frame| frame.time).sum();
    let mut texts: Vec<&str> = frames.iter().map(|frame| &*frame.lines[row]).collect();
    texts.sort_unstable();
    texts.dedup();
    for text in texts.into_iter().filter(|text| !text.is_empty()) {
        let (mut times, mut values, mut begin) = (String::new(), Vec::new(), 0);
        for frame in frames {
            let value = match frame.lines[row] == text {
                true => "visible",
                false => "hidden",
            };
            if values.last() != Some(&value) {
                let separator = if values.is_empty() { "" } else { ";" };
                let _ = write!(
                    times,
                    "{separator}{:.4}",
                    f64::from(begin) / f64::from(total)
                );
                values.push(value);
            }
            begin += frame.time;
        }
        if values == ["visible"] {
            svg.push_str(text);
            continue;
        }
        // where nothing moves the first screen stays
        let _ = write!(
            svg,
            "<g visibility=\"{}\"><animate attributeName=\"visibility\" dur=\"{total}ms\" \
             repeatCount=\"indefinite\" calcMode=\"discrete\" keyTimes=\"{times}\" values=\"{}\"/>\n{text}</g>\n",
            values[0],
            values.join(";")
        );
    }
}

#[test]
fn the_demo_in_the_readme_is_a_real_session() {
    let frames = play();
    let mut lines = String::new();
    for row in 0..=usize::from(ROWS) {
        line_svg(&mut lines, &frames, row);
    }
    let svg = framed(ROWS + 2, &lines);
    if std::env::var("FLOWPEEK_PICTURE").is_ok() {
        std::fs::write(path(FILE), &svg).unwrap();
    }
    let readme = std::fs::read_to_string(path("README.md")).unwrap();
    assert!(readme.contains(FILE), "{FILE} is not in the README");
    let kept = std::fs::read_to_string(path(FILE)).unwrap();
    for svg in [&svg, &kept] {
        assert!(svg.len() < MOST, "{} bytes", svg.len());
        assert_eq!(svg.matches("<g ").count(), svg.matches("</g>").count());
        for (_, _, _, text) in SCRIPT {
            assert!(svg.contains(text), "{text}");
        }
        for words in ["Paired", "groups by host", "near miss"] {
            assert!(svg.contains(words), "{words}");
        }
    }
}
