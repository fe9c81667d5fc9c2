//! Times that span days and years: they tell the day, or the year, where a shorter
//! one would read like another.

use std::fmt::Write as _;
use std::io::Write as _;

use flowpeek::load::{Inputs, load};
use flowpeek::table::build::Pairing;
use flowpeek::tui::threads::inbox::Message;

use super::Browser;

const HOUR: u64 = 3600;
/// 2023-11-14 22:13:20.
const BEGIN: u64 = 1_700_000_000;

/// A browser over unmatched flows, one at each of these Unix seconds.
fn at(moments: &[u64], width: u16, height: u16) -> Browser {
    let mut text = String::new();
    for (number, moment) in moments.iter().enumerate() {
        writeln!(
            text,
            r#"{{"{moment}.5": {{"client": ["192.0.2.1", 2055], "header": {{"version": 9, "count": 1, "uptime": 2000, "timestamp": {moment}, "sequence": {number}, "source_id": 1}}, "flows": [{{"IPV4_SRC_ADDR": "10.0.0.1", "IPV4_DST_ADDR": "192.0.2.7", "FIRST_SWITCHED": 2000, "LAST_SWITCHED": 2000, "IN_BYTES": 60000, "IN_PKTS": 100, "L4_SRC_PORT": 50000, "L4_DST_PORT": 443, "PROTOCOL": 6, "TCP_FLAGS": 2, "IP_PROTOCOL_VERSION": 4}}]}}}}"#
        )
        .unwrap();
    }
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let mut browser = Browser::empty(width, height);
    let inputs = Inputs::look_at(&[file.path().to_owned()]).unwrap();
    browser.library = inputs.library.clone();
    let snapshot = load(inputs, Pairing::Strict { tolerance: 1000 }, 1, |_| true);
    browser.tell(Message::Load(Box::new(snapshot)));
    browser.keys("2");
    browser
}

fn lines(browser: &Browser) -> Vec<String> {
    let screen = browser.screen();
    let lines = screen.lines().map(|line| line.trim_matches('"'));
    lines.map(str::to_owned).collect()
}

/// The times below the marks of a timeline's axis.
fn labels(browser: &Browser) -> Vec<String> {
    let lines = lines(browser);
    let [axis, times, _] = lines.last_chunk().unwrap();
    let times: Vec<char> = times.chars().collect();
    let marks = axis.chars().enumerate().filter(|mark| mark.1 == '┴');
    let label = |from: usize| {
        let text: String = times[from..].iter().collect();
        text.split("  ").next().unwrap().trim_end().to_owned()
    };
    marks.map(|(from, _)| label(from)).collect()
}

#[test]
fn an_axis_of_several_days_tells_them() {
    for hours in [30, 200, 700, 2000] {
        for (width, height) in [(60, 15), (80, 24), (132, 43)] {
            let mut browser = at(&[BEGIN, BEGIN + hours * HOUR], width, height);
            for keys in ["4", "F", "Fz"] {
                browser.keys(keys);
                let labels = labels(&browser);
                assert!(labels.len() > 1, "{hours} h at {width}: {labels:?}");
                assert!(
                    labels.windows(2).all(|pair| pair[0] != pair[1]),
                    "{hours} h at {width}: {labels:?}"
                );
                let bins = browser.app.together.time.course.line.as_ref().unwrap().bins;
                if bins.start(bins.count) - bins.begin > 24 * 3_600_000 {
                    let first = browser.app.context.zone.print(bins.begin, "%m-%d");
                    assert!(labels[0].contains(&first), "{labels:?} from {first}");
                } else {
                    assert!(labels.iter().all(|label| label.len() == 5), "{labels:?}");
                }
            }
        }
    }
}

#[test]
fn a_brush_over_days_tells_both() {
    let mut browser = at(&[BEGIN, BEGIN + 700 * HOUR], 80, 24);
    browser.keys("4t");
    // also over one day, when both ends have the same time
    for (keys, end) in [("l", "11-15 12:00"), ("llll", "11-17 12:00")] {
        browser.keys(keys);
        let about = lines(&browser)[2].clone();
        let words = format!("brush 2023-11-14 12:00 - {end}  ");
        assert!(about.starts_with(&words), "{about}");
    }
}

/// 2015-10-08 10:00, 2016-01-02 03:04, 2023-12-06 17:30, all UTC.
const YEARS: [u64; 3] = [1_444_298_400, 1_451_703_840, 1_701_883_800];

#[test]
fn rows_of_several_years_tell_them() {
    for (width, begin) in [
        (60, "2015-10-08 "),
        (80, "2015-10-08 "),
        (132, "2015-10-08 10:00:00 "),
    ] {
        let browser = at(&YEARS, width, 24);
        let rows = lines(&browser)[5..8].join("\n");
        for year in ["2015-10-08", "2016-01-02", "2023-12-06"] {
            assert!(rows.contains(year), "{year} at {width}:\n{rows}");
        }
        assert!(rows.contains(begin), "{width}:\n{rows}");
    }
}

#[test]
fn groups_of_several_years_tell_them() {
    for width in [60, 80, 132, 200] {
        let mut browser = at(&YEARS, width, 24);
        browser.keys(":top hour\r");
        assert!(browser.screen().contains("2016-01-02 03:00"));
        browser.keys(":top dst\r");
        for (column, name, moment) in [
            (11, "First", "2015-10-08 10:00:00"),
            (12, "Last", "2023-12-06 17:30:00"),
        ] {
            browser.keys(&"h".repeat(20));
            browser.keys(&"l".repeat(column));
            let screen = browser.screen();
            assert!(screen.contains(name) && screen.contains(moment), "{screen}");
        }
    }
}

#[test]
fn sources_of_several_years_tell_them() {
    for (width, first) in [
        (72, "2015-10-08"),
        (80, "2015-10-08"),
        (132, "2015-10-08 10:00:00"),
    ] {
        let mut browser = at(&YEARS, width, 24);
        browser.keys("5");
        let lines = lines(&browser);
        // the file, and the exporter
        for line in [&lines[3], &lines[6]] {
            assert!(
                line.contains(first) && line.contains("2023-12-06"),
                "{line}"
            );
        }
    }
}

#[test]
fn a_night_between_two_years_keeps_its_times() {
    // 2023-12-31 20:00 and 28 hours on
    let browser = at(&[1_704_052_800, 1_704_153_600], 80, 24);
    let rows = lines(&browser)[5..7].join("\n");
    assert!(
        rows.contains("12-31 20:00") && rows.contains("01-02 00:00"),
        "{rows}"
    );
}
