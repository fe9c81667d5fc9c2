//! The traffic above tables: where it is, what it marks, and when it is asked for.

use std::sync::Arc;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use flowpeek::model::end::End;
use flowpeek::query::time::timeline::Timeline;
use flowpeek::tui::app::Effect;
use flowpeek::tui::state::spark::steps;
use flowpeek::tui::threads::inbox::Message;
use flowpeek::tui::update::update;

use super::Browser;

/// The line under the status line.
fn line(browser: &Browser) -> String {
    let screen = browser.screen();
    screen.lines().nth(2).unwrap().trim_matches('"').to_owned()
}

#[test]
fn it_is_above_every_table_of_a_screen_that_has_room() {
    for (height, shown) in [(15, false), (19, false), (20, true), (52, true)] {
        let mut browser = Browser::open(120, height);
        for view in ["1", "2", "3"] {
            browser.keys(view);
            let line = line(&browser);
            assert_eq!(
                line.contains('[') && line.contains('█'),
                shown,
                "{view}: {line}"
            );
        }
        for view in ["4", "5"] {
            browser.keys(view);
            assert!(!line(&browser).contains('['), "{view}: {}", line(&browser));
        }
    }
}

#[test]
fn brackets_are_around_the_time_of_the_rows_on_the_screen() {
    let mut browser = Browser::open(120, 24);
    browser.keys("jjj");
    for keys in [
        "",
        "j",
        "G",
        "g/service https\r",
        "lllls",
        "S",
        "G",
        "3",
        "G",
    ] {
        browser.keys(keys);
        let spark = browser.app.spark.line.clone().unwrap();
        let inside = line(&browser);
        let inside = inside.split_once('[').unwrap().1;
        let marked = inside.split_once(']').unwrap().0.chars().count();
        let list = match browser.app.current {
            2 => &browser.app.together.top.list,
            _ => &browser.app.tab().list,
        };
        let spans = list
            .visible()
            .0
            .iter()
            .map(|&row| match browser.app.current {
                2 => {
                    let tally = browser.app.together.top.group(row).unwrap().tally;
                    (tally.first, tally.last)
                }
                _ => {
                    let facts = browser.app.facts(row);
                    let start = |end| facts.side(end).and_then(|side| facts.row.start(side));
                    let end = |end| {
                        let side = facts.side(end)?;
                        Some(
                            facts.row.start(side)?.absolute
                                + facts.row.elapsed(side).unwrap_or(0).max(0),
                        )
                    };
                    let begin = [start(End::Source), start(End::Destination)]
                        .into_iter()
                        .flatten()
                        .map(|start| start.absolute);
                    (
                        begin.min().unwrap(),
                        end(End::Source).max(end(End::Destination)).unwrap(),
                    )
                }
            });
        let spans: Vec<(i64, i64)> = spans.collect();
        let begin = spans.iter().map(|span| span.0).min().unwrap();
        let end = spans.iter().map(|span| span.1).max().unwrap();
        let bins = spark.bins;
        assert_eq!(
            marked as i64,
            bins.of(end) - bins.of(begin) + 1,
            "after {keys:?}: {}",
            line(&browser)
        );
    }
}

#[test]
fn it_is_of_the_rows_that_the_table_has_as_they_are_seen_there() {
    let sample = "assets/sample.gz";
    let twice = "tests/data/old-0.8.2-v9.gz";
    for (files, all) in [
        (
            [sample].as_slice(),
            ["", "-", "/proto udp\r", "2", "3", "1+"].as_slice(),
        ),
        (&[sample], &["/src port 80\r", "o", "o"]),
        (&[twice, twice], &["", "D", "D", "/duplicate\r"]),
    ] {
        let mut browser = Browser::open_files(100, 30, files);
        for keys in all {
            browser.keys(keys);
            let spark = browser.app.spark.line.clone();
            browser.keys("4");
            let whole = browser.app.together.time.course.line.clone();
            let sum = |line: &Option<Arc<Timeline>>| {
                let sums = line.as_ref().map(|line| line.sums().sum::<u128>());
                sums.unwrap_or(0)
            };
            assert_eq!(sum(&spark), sum(&whole), "after {keys:?}");
            assert!(spark.is_none_or(|line| line.bins.count <= steps(100)));
            browser.keys("1");
        }
    }
}

/// What a key has asked for.
fn asked(browser: &mut Browser, key: char) -> usize {
    let key = KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE);
    let mut waiting = vec![Message::Input(Event::Key(key))];
    let mut count = 0;
    while let Some(message) = waiting.pop() {
        for effect in update(&mut browser.app, message) {
            match effect {
                Effect::Spark(sparks) => {
                    count += 1;
                    waiting.push(Message::Spark(sparks.answer()));
                }
                Effect::Ask(ask) => {
                    let rows = flowpeek::query::run::run(&ask.table, &ask.query, &ask.context);
                    waiting.push(Message::Rows(ask.generation, rows.into()));
                }
                Effect::Sum(sum) => sum.answer(|answer| {
                    waiting.push(Message::Together(sum.generation, answer));
                }),
                _ => {}
            }
        }
    }
    count
}

#[test]
fn it_is_asked_for_once_for_the_same_rows() {
    let mut browser = Browser::open(100, 30);
    for (key, count) in [
        ('j', 0),
        ('G', 0),
        ('s', 0),
        ('S', 0),
        // what a filter calls src is another end
        ('o', 1),
        ('l', 0),
        ('3', 0),
        ('F', 0),
        ('s', 0),
        ('4', 0),
        ('1', 0),
        ('+', 1),
        ('-', 1),
        ('2', 1),
        ('3', 0),
        ('a', 1),
    ] {
        assert_eq!(asked(&mut browser, key), count, "{key}");
    }
}

#[test]
fn the_old_one_stays_until_there_is_another() {
    let mut browser = Browser::open(100, 30);
    let before = line(&browser);
    for key in ['/', 'u', 'd', 'p'] {
        let key = KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE);
        for effect in update(&mut browser.app, Message::Input(Event::Key(key))) {
            assert!(!matches!(effect, Effect::Spark(_)), "rows come first");
        }
        assert_eq!(line(&browser), before);
    }
}

#[test]
fn another_size_has_another_line() {
    let mut browser = Browser::open(100, 15);
    assert!(line(&browser).contains("Destination"), "rows need its room");
    for (width, height) in [(100, 24), (60, 20), (200, 50)] {
        browser.tell(Message::Input(Event::Resize(width, height)));
        let count = browser.app.spark.line.as_ref().unwrap().bins.count;
        assert!(
            (steps(width) / 2..=steps(width)).contains(&count),
            "{count} at {width}"
        );
        assert!(
            line(&browser).trim_end().ends_with(" 23:12"),
            "{}",
            line(&browser)
        );
    }
}

#[test]
fn it_can_be_had_away_and_back() {
    let mut browser = Browser::open(80, 24);
    let with = browser.screen();
    browser.keys(":sparkline\r");
    assert!(line(&browser).contains("Destination"), "{}", line(&browser));
    insta::assert_snapshot!(browser.screen());
    browser.keys("G:sparkline\rg");
    assert_eq!(browser.screen(), with);
}

#[test]
fn it_can_be_read_in_ascii() {
    let mut browser = Browser::open(80, 24);
    browser.app.look.ascii = true;
    browser.keys("G");
    assert!(
        line(&browser).is_ascii() && line(&browser).contains('#'),
        "{}",
        line(&browser)
    );
    insta::assert_snapshot!(line(&browser));
}
