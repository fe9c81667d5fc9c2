//! Keys that come faster than answers: they do what they would do one by one.

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use flowpeek::load::{Growth, Snapshot};
use flowpeek::query::run::Rows;
use flowpeek::tui::app::{Effect, Pane};
use flowpeek::tui::threads::inbox::Message;
use flowpeek::tui::update::update;

use super::Browser;

impl Browser {
    /// Presses keys that come in one read; the answers to all of them come later.
    fn press_at_once(&mut self, keys: &str) -> Vec<Effect> {
        let pressed = keys.chars().flat_map(|key| {
            let code = match key {
                '\r' => KeyCode::Enter,
                '\u{1b}' => KeyCode::Esc,
                key => KeyCode::Char(key),
            };
            let key = KeyEvent::new(code, KeyModifiers::NONE);
            update(&mut self.app, Message::Input(Event::Key(key)))
        });
        pressed.collect()
    }
}

#[test]
fn keys_about_rows_wait_for_those_that_were_asked_for() {
    for keys in [
        "/service domain\rlly",
        "/service domain\r\r",
        "/service domain\rll=",
        "/service domain\rjjY",
        "/service domain\rll!/ and proto tcp or service quic\r",
        "jjj/service domain\r\rJ",
        "llsg\r",
        "jjjsSk\r",
        "++jj\r",
        "GakY",
        "3G",
        "3j\r\r",
        "3SY",
        ":top service\rGY",
        "4Gthhhzlt\r",
        "4zzlll\r",
        "2ll#n",
        "2j1\r",
    ] {
        let mut slow = Browser::open(100, 24);
        slow.keys(keys);
        let mut fast = Browser::open(100, 24);
        let effects = fast.press_at_once(keys);
        effects
            .into_iter()
            .for_each(|effect| fast.carry_out(effect));
        assert_eq!(fast.screen(), slow.screen(), "{keys:?}");
        assert_eq!(fast.copied, slow.copied, "{keys:?}");
    }
}

#[test]
fn nobody_waits_to_leave() {
    let quits = |effect: &Effect| matches!(effect, Effect::Quit(0));
    let mut browser = Browser::open(80, 24);
    let asked = browser.press_at_once("/port 53\r\r\u{1b}");
    assert!(!asked.iter().any(quits));
    asked
        .into_iter()
        .for_each(|effect| browser.carry_out(effect));
    assert!(matches!(browser.app.pane, Pane::Table));
    assert_eq!(browser.app.filter.text, "port 53");
    browser.press_at_once("sj");
    assert!(browser.press_at_once("q").iter().any(quits));
}

#[test]
fn nobody_waits_for_rows_that_came_by_themselves() {
    let mut browser = Browser::open(80, 24);
    let news = Snapshot {
        table: browser.app.table.clone(),
        intake: browser.app.intake.clone(),
        complete: false,
        elapsed: Duration::ZERO,
        growth: Growth::default(),
    };
    let asked = update(&mut browser.app, Message::Load(Box::new(news)));
    assert!(asked.iter().any(|effect| matches!(effect, Effect::Ask(_))));
    browser.press_at_once("jj");
    assert_eq!(browser.app.tab().list.line(), 2);
}

#[test]
fn what_is_pasted_waits_behind_the_keys_before_it() {
    let paste = || Message::Input(Event::Paste("and proto udp".to_owned()));
    let mut fast = Browser::open(80, 24);
    let mut effects = fast.press_at_once("/service domain\rj/");
    effects.extend(update(&mut fast.app, paste()));
    effects.extend(fast.press_at_once("\r"));
    effects
        .into_iter()
        .for_each(|effect| fast.carry_out(effect));
    assert_eq!(fast.app.filter.text, "service domain and proto udp");
}

#[test]
fn keys_behind_the_one_to_the_end_wait_for_all_rows() {
    let mut browser = Browser::open(80, 24);
    let asked = browser.press_at_once("s");
    let all = browser.app.tab().list.rows.clone();
    let some = Rows {
        ids: all.ids[..100].to_vec(),
        ..(*all).clone()
    };
    let first = Message::Rows(browser.app.asked, Arc::new(some));
    update(&mut browser.app, first);
    browser.press_at_once("G\r");
    assert!(matches!(browser.app.pane, Pane::Table));
    asked
        .into_iter()
        .for_each(|effect| browser.carry_out(effect));
    let last = browser.app.tab().list.rows.ids.last();
    let Pane::Detail(detail) = &browser.app.pane else {
        panic!("the details are open");
    };
    assert_eq!(Some(&detail.row), last);
}
