//! The lines around the table on narrow screens: what is in force is told, and
//! help and quit are always there.

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::KeyCode;
use flowpeek::load::{Full, Growth, Snapshot};
use flowpeek::model::intake::Intake;
use flowpeek::query::run::Rows;
use flowpeek::query::totals::Totals;
use flowpeek::table::store::Table;
use flowpeek::tui::threads::inbox::Message;

use super::Browser;

const FILTER: &str = "service https and not host 127.0.0.0/8";

/// A browser with everything in force: filter, threshold, order, rejects.
fn with_everything(width: u16, height: u16) -> Browser {
    let mut browser = Browser::open(width, height);
    let intake = Intake {
        rejected_lines: 295,
        ..(*browser.app.intake).clone()
    };
    browser.hear(intake);
    browser.keys("lllllls/");
    browser.keys(FILTER);
    browser.press(KeyCode::Enter);
    browser
}

fn line(browser: &Browser, number: usize) -> String {
    let screen = browser.screen();
    let line = screen.lines().nth(number).unwrap();
    line.trim_matches('"').trim_end().to_owned()
}

/// How much of the filter is told.
fn told(status: &str) -> usize {
    let chip = ["[filter ", "[/ "].iter().find_map(|begin| {
        let (_, rest) = status.split_once(begin)?;
        rest.strip_suffix(']')
    });
    let told = chip.unwrap_or_else(|| panic!("no filter in {status}"));
    let (kept, end) = told.split_once('…').unwrap_or((told, ""));
    assert!(FILTER.starts_with(kept), "{status}");
    assert!(kept.len() == FILTER.len() || told.contains('…'), "{status}");
    // the last term is there whole, or not at all
    let is_whole = end.is_empty() || end == "and not host 127.0.0.0/8";
    assert!(is_whole, "{status}");
    kept.len() + end.len()
}

#[test]
fn the_last_term_is_told_where_it_fits_whole() {
    for (width, filter, end) in [
        (
            80,
            "not port 7000 and proto tcp and ip 172.16.42.216",
            "…and ip 172.16.42.216]",
        ),
        (
            100,
            "not port 7000 and (bytes > 1000 or packets > 9)",
            "…and (bytes > 1000 or packets > 9)]",
        ),
        (80, "not port 7000 and (bytes > 1000 or packets > 9)", "…]"),
    ] {
        let mut browser = Browser::open(width, 24);
        browser.keys(&format!("/{filter}"));
        browser.press(KeyCode::Enter);
        let status = line(&browser, 1);
        assert!(status.ends_with(end), "{status}");
    }
}

#[test]
fn everything_in_force_is_told_at_every_width() {
    for width in (60..170).step_by(7) {
        let status = line(&with_everything(width, 15), 1);
        for word in [" of 1,418", " >= 10", "Durationv", "295", "reject"] {
            assert!(status.contains(word), "{word} at {width}: {status}");
        }
        assert!(told(&status) >= 2, "{width}: {status}");
    }
    // where there is room for all of it, all of it is told
    assert_eq!(
        line(&with_everything(160, 15), 1),
        format!(
            "138 of 1,418 connections [packets >= 10, 41 hidden] [by Durationv] rejected lines 295 [filter {FILTER}]"
        )
    );
}

#[test]
fn filter_and_threshold_are_told_beside_any_numbers() {
    for width in [60, 80, 100] {
        let mut browser = with_everything(width, 15);
        browser.app.threshold = 1_000_000;
        let rows = Rows {
            ids: vec![0],
            shown: 123_456_789,
            total: 1_234_567_890,
            below_threshold: 987_654_321,
            totals: Totals {
                src_bytes: u128::from(u64::MAX),
                dst_bytes: u128::from(u64::MAX),
                packets: u128::from(u64::MAX),
            },
            ..Rows::default()
        };
        browser.tell(Message::Rows(browser.app.asked, Arc::new(rows)));
        let status = line(&browser, 1);
        assert!(
            status.starts_with("123,456,789 of 1,234,567,890"),
            "{status}"
        );
        assert!(status.contains(">= 1000000"), "{status}");
        assert!(told(&status) >= 1, "{width}: {status}");
    }
}

#[test]
fn help_and_quit_are_always_in_the_footer() {
    for width in (60..100).step_by(3) {
        let footer = line(&Browser::open(width, 15), 14);
        assert!(footer.starts_with("/ filter"), "{footer}");
        assert!(footer.ends_with("? help  q quit"), "{footer}");
        assert!(footer.len() <= usize::from(width), "{footer}");
    }
}

/// The same file twice: every row is seen twice.
fn twice(width: u16, height: u16) -> Browser {
    Browser::open_files(width, height, &["tests/data/old-0.8.2-v9.gz"; 2])
}

#[test]
fn what_is_seen_twice_is_left_out_until_it_is_asked_for() {
    let mut browser = twice(100, 18);
    let once = Browser::open_files(100, 18, &["tests/data/old-0.8.2-v9.gz"]);
    let sums = |browser: &Browser| {
        let line = line(browser, 16);
        line.split("column").next().unwrap().trim_end().to_owned()
    };
    assert_eq!(sums(&browser), sums(&once));
    assert!(line(&browser, 1).contains("duplicates left out]"));
    let mut one = twice(100, 18);
    Arc::make_mut(&mut one.app.tab_mut().list.rows).duplicates = 1;
    assert!(line(&one, 1).contains("[1 duplicate left out]"));
    browser.keys("D");
    assert_ne!(sums(&browser), sums(&once));
    insta::assert_snapshot!("duplicates", browser.screen());
    browser.keys("sG");
    browser.press(KeyCode::Enter);
    insta::assert_snapshot!("duplicate_detail", browser.screen());
    browser.press(KeyCode::Esc);
    browser.keys("D");
    assert_eq!(sums(&browser), sums(&once));
    browser.keys("/duplicate");
    browser.press(KeyCode::Enter);
    assert_eq!(sums(&browser), sums(&once), "who asks for them sees them");
}

#[test]
fn the_usual_columns_name_what_a_duplicate_repeats_while_such_are_shown() {
    let mut browser = twice(100, 18);
    let usual = browser.screen();
    browser.keys("D");
    let shown = browser.screen();
    assert!(shown.contains(" Repeats "), "{shown}");
    browser.keys("l]:columns\r");
    let heads = |screen: &str| screen.lines().nth(2).map(str::to_owned);
    assert_eq!(heads(&browser.screen()), heads(&shown));
    browser.keys("D");
    assert_eq!(heads(&browser.screen()), heads(&usual));
}

#[test]
fn groups_and_time_count_once_too() {
    for view in ["3", "4"] {
        let mut browser = twice(100, 18);
        let mut once = Browser::open_files(100, 18, &["tests/data/old-0.8.2-v9.gz"]);
        browser.keys(view);
        once.keys(view);
        let below = |browser: &Browser| -> Vec<String> {
            (2..17).map(|number| line(browser, number)).collect()
        };
        assert_eq!(below(&browser), below(&once));
        assert!(line(&browser, 1).contains("[duplicates left out]"));
        browser.keys("D");
        assert_ne!(below(&browser), below(&once));
        assert!(line(&browser, 1).contains("[duplicates counted]"));
    }
}

#[test]
fn sampled_data_is_multiplied_by_a_key_and_the_badge_says_so() {
    let mut browser = Browser::open_files(100, 18, &["tests/data/vendors-v5.gz"]);
    browser.keys("2");
    let before = browser.screen();
    assert!(line(&browser, 1).contains("sampled 1:1,000, not scaled"));
    browser.keys("x");
    assert!(line(&browser, 1).contains("sampled, scaled by 1,000"));
    insta::assert_snapshot!("scaled", browser.screen());
    browser.keys("x");
    browser.keys("kj");
    assert_eq!(
        browser.screen().lines().take(16).collect::<Vec<_>>(),
        before.lines().take(16).collect::<Vec<_>>()
    );
    let mut plain = Browser::open(100, 18);
    plain.keys("x");
    assert!(line(&plain, 17).contains("no exporter tells of sampling"));
    plain.keys("D");
    assert!(line(&plain, 17).contains("there are no duplicates to show"));
    assert!(plain.app.context.stance.folds);
    plain.keys("z");
    assert!(line(&plain, 17).contains("4 shows it"));
}

#[test]
fn progress_is_told_at_every_width_and_memory_only_where_there_is_room() {
    let of = |width: u16, view: &str| {
        let mut browser = Browser::open(width, 15);
        let mut intake = (*browser.app.intake).clone();
        (intake.files[0].read, intake.files[0].size) = (28_800_000, Some(125_300_000));
        browser.tell(Message::Load(Box::new(Snapshot {
            table: browser.app.table.clone(),
            intake: Arc::new(intake),
            complete: false,
            elapsed: Duration::from_secs(10),
            growth: Growth {
                table: 150_000_000,
                memory: 200_000_000,
                ..Growth::default()
            },
        })));
        browser.keys(view);
        line(&browser, 0)
    };
    for width in (60..170).step_by(5) {
        for view in ["1", "2", "3", "4", "5"] {
            let title = of(width, view);
            assert!(title.contains(" loading 22%"), "{width}: {title}");
            let has_rate = title.contains("flows/s");
            assert!(has_rate || !title.contains("RAM"), "{width}: {title}");
        }
    }
    assert!(of(60, "1").ends_with(" loading 22% of 125.3 MB"));
    assert!(of(80, "1").ends_with(" loading 22% of 125.3 MB, 409 flows/s"));
    let all = " loading 22% of 125.3 MB, 409 flows/s, needs 702.6 MB RAM";
    assert!(of(160, "1").ends_with(all), "{}", of(160, "1"));
}

#[test]
fn flows_that_are_in_no_rows_yet_count_for_the_rate() {
    let mut browser = Browser::open(80, 15);
    let mut intake = (*browser.app.intake).clone();
    (intake.files[0].read, intake.files[0].size) = (28_800_000, Some(125_300_000));
    browser.tell(Message::Load(Box::new(Snapshot {
        table: Table::default(),
        intake: Arc::new(intake),
        complete: false,
        elapsed: Duration::from_secs(10),
        growth: Growth::default(),
    })));
    assert!(line(&browser, 0).ends_with(", 409 flows/s"));
}

#[test]
fn what_was_lost_is_told_as_far_as_there_is_room() {
    for width in 60..140 {
        let mut browser = twice(width, 15);
        let intake = Intake {
            rejected_lines: 8,
            damaged_bytes: 97,
            unreadable_values: 12,
            ..(*browser.app.intake).clone()
        };
        browser.hear(intake);
        let status = line(&browser, 1);
        assert!(
            status.contains(" reject") && status.contains(" 8"),
            "{status}"
        );
        let left = usize::from(width) - status.len();
        for loss in ["damaged 97", "unreadable 12"] {
            let short = loss.split(' ').next().unwrap();
            assert!(
                status.contains(short) || left <= loss.len() + ", ".len(),
                "{loss} at {width}: {status}"
            );
        }
        // and also beside a filter
        browser.keys("/service https and not host 127.0.0.0/8\r");
        let status = line(&browser, 1);
        assert!(status.contains(" reject") && told(&status) >= 2, "{status}");
    }
}

#[test]
fn the_usual_noise_is_hidden_again_after_all_was_asked_for() {
    let mut browser = Browser::open(80, 24);
    // as with -p 0
    (browser.app.threshold, browser.app.noise) = (0, 0);
    browser.keys("a");
    assert_eq!(browser.app.threshold, 10);
    assert!(browser.screen().contains("fewer than 10 packets"));
    browser.keys("aa");
    assert_eq!(browser.app.threshold, 10);
}

#[test]
fn a_command_says_what_it_prints_beside_what_is_shown() {
    let mut browser = Browser::open(80, 24);
    browser.keys(":cmd\r");
    assert!(!browser.screen().contains("It reads"));
    browser.press(KeyCode::Esc);
    for (full, at) in [
        (Full::Memory(60_000_000), "60.0 MB"),
        (Full::Numbers, "4.29G rows"),
    ] {
        browser.tell(Message::Load(Box::new(Snapshot {
            table: browser.app.table.clone(),
            intake: Arc::clone(&browser.app.intake),
            complete: true,
            elapsed: Duration::from_secs(1),
            growth: Growth {
                stopped: Some(full),
                ..Growth::default()
            },
        })));
        browser.keys(":cmd\r");
        assert!(browser.screen().contains("It reads all of the input"));
        browser.press(KeyCode::Esc);
        browser.keys("f");
        let words = format!("nothing more is read: stopped at {at}");
        assert!(browser.screen().contains(&words), "{}", browser.screen());
    }
}
