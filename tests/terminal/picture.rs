//! The README's pictures: real screens as SVG. `FLOWPEEK_PICTURE=write cargo
//! test --test terminal picture` makes it anew; otherwise it is only compared.

use std::fmt::Write;

use super::harness::Terminal;
use super::{SAMPLE, path};

pub const COLUMNS: u16 = 100;
pub const ROWS: u16 = 30;
/// Pixels of a cell.
const WIDTH: f32 = 8.4;
pub const HEIGHT: f32 = 18.0;
pub const MARGIN: f32 = 12.0;
const PAPER: &str = "#1c1f26";
pub const INK: &str = "#d5d8de";

fn colour(colour: vt100::Color, default: &str) -> String {
    let named = match colour {
        vt100::Color::Idx(1) => "#e06c75",
        vt100::Color::Idx(2) => "#98c379",
        vt100::Color::Idx(3) => "#e5c07b",
        vt100::Color::Idx(6) => "#56b6c2",
        _ => default,
    };
    named.to_owned()
}

/// How a cell looks.
#[derive(Clone, PartialEq)]
struct Look {
    ink: String,
    paper: String,
    bold: bool,
    dim: bool,
    underline: bool,
}

fn look(cell: &vt100::Cell) -> Look {
    let (mut ink, mut paper) = (colour(cell.fgcolor(), INK), colour(cell.bgcolor(), PAPER));
    if cell.inverse() {
        std::mem::swap(&mut ink, &mut paper);
    }
    Look {
        ink,
        paper,
        bold: cell.bold(),
        dim: cell.dim(),
        underline: cell.underline(),
    }
}

/// Cells that look alike, as one text.
fn run(svg: &mut String, row: u16, column: u16, text: &str, look: &Look) {
    let (x, y) = (
        MARGIN + f32::from(column) * WIDTH,
        MARGIN + f32::from(row) * HEIGHT,
    );
    let width = text.chars().count() as f32 * WIDTH;
    if look.paper != PAPER {
        let _ = writeln!(
            svg,
            r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{HEIGHT}" fill="{}"/>"#,
            look.paper
        );
    }
    if text.trim().is_empty() {
        return;
    }
    let text = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let weight = if look.bold {
        r#" font-weight="bold""#
    } else {
        ""
    };
    let opacity = if look.dim { r#" opacity="0.6""# } else { "" };
    let line = if look.underline {
        r#" text-decoration="underline""#
    } else {
        ""
    };
    let base = y + HEIGHT * 0.74;
    let _ = writeln!(
        svg,
        r#"<text x="{x:.1}" y="{base:.1}" fill="{}" textLength="{width:.1}"{weight}{opacity}{line}>{text}</text>"#,
        look.ink
    );
}

/// A whole picture of so many lines, with this in it.
pub fn framed(rows: u16, inside: &str) -> String {
    let (width, height) = (
        2.0 * MARGIN + f32::from(COLUMNS) * WIDTH,
        2.0 * MARGIN + f32::from(rows) * HEIGHT,
    );
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" font-size=\"14\" \
         xml:space=\"preserve\">\n<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{PAPER}\"/>\n\
         {inside}</svg>\n"
    )
}

/// A line of the screen.
pub fn line(screen: &vt100::Screen, row: u16) -> String {
    let mut svg = String::new();
    let mut begin = 0;
    let mut text = String::new();
    let mut now = look(screen.cell(row, 0).unwrap());
    for column in 0..COLUMNS {
        let cell = screen.cell(row, column).unwrap();
        if look(cell) != now {
            run(&mut svg, row, begin, &text, &now);
            (begin, now) = (column, look(cell));
            text.clear();
        }
        text.push_str(if cell.has_contents() {
            cell.contents()
        } else {
            " "
        });
    }
    run(&mut svg, row, begin, &text, &now);
    svg
}

fn draw(screen: &vt100::Screen) -> String {
    let lines: String = (0..ROWS).map(|row| line(screen, row)).collect();
    framed(ROWS, &lines)
}

/// A picture: its file, the keys that lead to it (a person waits at each bar), what comes then, and words that
/// stand in it whatever the machine calls services.
const PICTURES: [(&str, &str, &str, &[&str]); 3] = [
    (
        "assets/screen.svg",
        "lllls|/not host 127.0.0.0/8\r|jj",
        "filter not host",
        &["of 1,418 connections", "Destination", "Bytesv"],
    ),
    (
        "assets/detail.svg",
        "lllls|/not host 127.0.0.0/8\r|j\r",
        "TCP flags",
        &["Paired", "Flow of the destination", "DSCP"],
    ),
    (
        "assets/unmatched.svg",
        "2|jjj",
        "Reason",
        &["of 1,255 unmatched flows", "near miss", "multicast"],
    ),
];

#[test]
fn the_pictures_in_the_readme_are_real_screens() {
    let readme = std::fs::read_to_string(path("README.md")).unwrap();
    for (file, keys, last, words) in PICTURES {
        let mut terminal = Terminal::start(COLUMNS, ROWS, &["-n", "--utc", SAMPLE]);
        terminal.wait_for_text(" of 1,418 connections");
        for keys in keys.split('|') {
            terminal.keys(keys);
            terminal.settle(std::time::Duration::from_millis(500));
        }
        terminal.wait_for_text(last);
        let svg = draw(terminal.screen());
        assert!(readme.contains(file), "{file} is not in the README");
        let file = path(file);
        if std::env::var("FLOWPEEK_PICTURE").is_ok() {
            std::fs::write(&file, &svg).unwrap();
        }
        // names of services depend on the machine, the frame around them does not
        let kept = std::fs::read_to_string(file).unwrap();
        for words in words.iter().chain(&["flowpeek"]) {
            assert!(svg.contains(words) && kept.contains(words), "{words}");
        }
    }
}
