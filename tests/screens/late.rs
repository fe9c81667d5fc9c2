//! Answers about rows put together that come late, or in two steps.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use flowpeek::load::{Growth, Snapshot};
use flowpeek::query::group::{GroupQuery, Groups, first, groups};
use flowpeek::query::run::run;
use flowpeek::query::task::{GroupTask, Task};
use flowpeek::tui::app::Effect;
use flowpeek::tui::state::question::RowsRequest;
use flowpeek::tui::state::together::{SumReply, SumRequest};
use flowpeek::tui::threads::inbox::Message;
use flowpeek::tui::threads::workers::Workers;
use flowpeek::tui::update::update;

use super::Browser;

/// What some keys ask for last, which stays without an answer.
#[derive(Default)]
struct Asked {
    rows: Option<RowsRequest>,
    sum: Option<SumRequest>,
}

fn asked(browser: &mut Browser, keys: &str) -> Asked {
    let mut asked = Asked::default();
    for key in keys.chars() {
        let code = match key {
            '\r' => KeyCode::Enter,
            key => KeyCode::Char(key),
        };
        let key = KeyEvent::new(code, KeyModifiers::NONE);
        for effect in update(&mut browser.app, Message::Input(Event::Key(key))) {
            match effect {
                Effect::Sum(sum) => asked.sum = Some(*sum),
                Effect::Ask(rows) => asked.rows = Some(*rows),
                _ => {}
            }
        }
    }
    asked
}

/// Groups that are asked for, at most so many.
fn query(sum: &SumRequest, limit: usize) -> GroupQuery {
    match sum.task.clone() {
        Task::Groups(grouping) => GroupTask { limit, ..grouping }.query(sum.rows.clone()),
        Task::Time(_) => panic!("groups are asked for"),
    }
}

fn told(sum: &SumRequest, groups: Groups) -> Message {
    Message::Together(sum.generation, SumReply::Groups(Arc::new(groups)))
}

/// What a snapshot of the same table has asked.
fn snapshot(browser: &mut Browser) -> Vec<Effect> {
    let snapshot = Snapshot {
        table: browser.app.table.clone(),
        intake: browser.app.intake.clone(),
        complete: false,
        elapsed: Duration::ZERO,
        growth: Growth::default(),
    };
    update(&mut browser.app, Message::Load(Box::new(snapshot)))
}

#[test]
fn keys_pressed_before_the_timeline_is_there_are_not_lost() {
    let mut browser = Browser::open(80, 24);
    let sum = asked(&mut browser, "4Gthhh\r").sum.unwrap();
    sum.answer(|answer| {
        browser.tell(Message::Together(sum.generation, answer));
    });
    let screen = browser.screen();
    assert!(screen.contains("[filter start < "), "{screen}");
}

#[test]
fn the_first_groups_are_shown_before_all_is_known_of_them() {
    for (keys, line) in [("", 0), ("jj", 2), ("G", 8)] {
        let mut browser = Browser::open(140, 24);
        let sum = asked(&mut browser, "3:top pair\r").sum.unwrap();
        let (table, context) = (&sum.table, &sum.context);
        browser.tell(told(&sum, first(table, &query(&sum, 5), context)));
        let screen = browser.screen();
        assert!(screen.contains("5+ groups by pair of 796"), "{screen}");
        browser.keys(keys);
        // only all of them answer the question
        assert!(snapshot(&mut browser).is_empty());
        let effects = update(
            &mut browser.app,
            told(&sum, groups(table, &query(&sum, 9), context)),
        );
        let again = |effect: &Effect| matches!(effect, Effect::Sum(_));
        assert!(effects.iter().any(again));
        let screen = browser.screen();
        assert!(screen.contains("183 groups by pair of 796"), "{screen}");
        let row = screen.lines().nth(4 + line).unwrap();
        assert!(row.contains(" 2 11-14 22:"), "peers are told: {row}");
        assert_eq!(browser.app.together.top.list.line(), line);
    }
}

#[test]
fn who_is_not_at_the_top_waits_for_all_groups() {
    let mut browser = Browser::open(140, 24);
    browser.keys("3:top pair\rjj");
    let before = browser.screen();
    let sum = asked(&mut browser, "S").sum.unwrap();
    let (table, context) = (&sum.table, &sum.context);
    let order = flowpeek::query::group::measure::Order::parse("packets").unwrap();
    let few = GroupQuery {
        order,
        ..query(&sum, 5)
    };
    browser.tell(told(&sum, first(table, &few, context)));
    assert_eq!(browser.screen(), before);
    // those that are all listed at once are of use to anybody
    let all = GroupQuery {
        order,
        ..query(&sum, 10_000)
    };
    browser.tell(told(&sum, first(table, &all, context)));
    assert_ne!(browser.screen(), before);
}

#[test]
fn a_late_answer_to_another_view_leaves_none_to_come() {
    // groups that come after the rows that were asked for later
    let mut browser = Browser::open(80, 24);
    let sum = asked(&mut browser, "3").sum.unwrap();
    browser.keys("1");
    sum.answer(|answer| browser.tell(Message::Together(sum.generation, answer)));
    let asks = |effect: &Effect| matches!(effect, Effect::Ask(_));
    assert!(snapshot(&mut browser).iter().any(asks));
    // and rows that come after groups
    let mut browser = Browser::open(80, 24);
    let rows = asked(&mut browser, "lls").rows.unwrap();
    browser.keys("3");
    let late = run(&rows.table, &rows.query, &rows.context);
    browser.tell(Message::Rows(rows.generation, Arc::new(late)));
    let asks = |effect: &Effect| matches!(effect, Effect::Sum(_));
    assert!(snapshot(&mut browser).iter().any(asks));
}

#[test]
fn threads_tell_the_first_groups_and_give_up_what_is_not_wanted() {
    let mut browser = Browser::open(80, 24);
    let sum = |browser: &mut Browser, keys, first| SumRequest {
        first,
        ..asked(browser, keys).sum.unwrap()
    };
    let (inbox, messages) = sync_channel(9);
    let mut workers = Workers::start(&inbox, browser.library.clone()).unwrap();
    let mut told = |sum: SumRequest, steps: usize| {
        let (generation, over) = (sum.generation, sum.over.clone());
        workers.sum(sum);
        for left in (0..steps).rev() {
            match messages.recv_timeout(Duration::from_secs(30)) {
                Ok(Message::Together(of, answer)) => {
                    assert_eq!((of, answer.is_whole()), (generation, left == 0));
                }
                _ => panic!("groups are told"),
            }
        }
        over
    };
    let one = told(sum(&mut browser, "3", Some(3)), 2);
    assert!(!one.load(Ordering::Relaxed));
    let two = told(sum(&mut browser, "F", None), 1);
    assert!(one.load(Ordering::Relaxed) && !two.load(Ordering::Relaxed));
    // what is over already is not answered
    let three = sum(&mut browser, "F", Some(3));
    three.over.store(true, Ordering::Relaxed);
    told(three, 0);
    let four = told(sum(&mut browser, "F", Some(3)), 2);
    workers.ask(asked(&mut browser, "1").rows.unwrap());
    assert!(four.load(Ordering::Relaxed));
    assert!(matches!(messages.recv(), Ok(Message::Rows(..))));
    // nothing of the one that was over came, nor comes
    assert!(messages.try_recv().is_err());
}
