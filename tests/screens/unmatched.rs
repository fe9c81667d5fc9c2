//! The view of unmatched flows: reasons counted, noise hidden or shown.

use flowpeek::table::verdict::Reason;

use super::Browser;

#[test]
fn on_every_size_of_screen() {
    for (width, height) in [(60, 15), (80, 24), (120, 40)] {
        let mut browser = Browser::open(width, height);
        browser.keys("2");
        insta::assert_snapshot!(format!("list_{width}"), browser.screen());
        browser.keys("a");
        insta::assert_snapshot!(format!("list_{width}_with_noise"), browser.screen());
    }
}

/// What the line says of a reason, whatever stands around it.
fn told(screen: &str, reason: &str) -> u64 {
    let line = screen.lines().nth(3).unwrap();
    let Some((_, rest)) = line.split_once(&format!("{reason} ")) else {
        return 0;
    };
    let digits = rest.chars().take_while(|c| c.is_ascii_digit() || *c == ',');
    digits
        .filter(char::is_ascii_digit)
        .collect::<String>()
        .parse()
        .unwrap()
}

#[test]
fn each_count_is_that_of_a_filter_by_the_reason() {
    for filter in ["", "proto udp", "host 127.0.0.1"] {
        for keys in ["2", "2a"] {
            let mut browser = Browser::open(200, 24);
            browser.keys(keys);
            browser.keys(&format!("/{filter}\r"));
            let counts = browser.screen();
            let mut sum = 0;
            for reason in Reason::ALL {
                let both = match filter {
                    "" => format!("reason \"{}\"", reason.name()),
                    _ => format!("({filter}) and reason \"{}\"", reason.name()),
                };
                let mut only = Browser::open(200, 24);
                only.keys(keys);
                only.keys(&format!("/{both}\r"));
                let shown = only.app.tab().list.rows.shown;
                assert_eq!(told(&counts, reason.name()), shown, "{both}:\n{counts}");
                sum += shown;
            }
            assert_eq!(sum, browser.app.tab().list.rows.shown);
        }
    }
}

#[test]
fn a_shows_the_noise_and_hides_it_again() {
    let mut browser = Browser::open(80, 24);
    browser.keys("2--");
    let before = browser.screen();
    assert!(before.contains("packets >= 2"), "{before}");
    browser.keys("a");
    assert!(!browser.screen().contains("packets >="));
    assert_eq!(browser.app.tab().list.rows.below_threshold, 0);
    browser.keys("a1");
    assert!(browser.screen().contains("packets >= 2"));
    browser.keys("2");
    // the notice of the key is gone with the next one
    assert_eq!(browser.screen(), before);
}
