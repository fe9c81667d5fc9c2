//! A large sorted table while it loads: answers come in two parts and new
//! snapshots come between them, and still every row can be reached.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent};
use flowpeek::load::{Growth, Snapshot};
use flowpeek::model::attr::{Attr, Attrs};
use flowpeek::model::flow::{Flow, LineAt, Packet, Start};
use flowpeek::query::memory::Memory;
use flowpeek::query::run::{Rows, answer};
use flowpeek::table::build::{Builder, Pairing};
use flowpeek::tui::app::Effect;
use flowpeek::tui::state::question::RowsRequest;
use flowpeek::tui::threads::inbox::Message;
use flowpeek::tui::update::update;

use super::Browser;

/// Enough rows for an answer in two parts.
const ROWS: u32 = 60_000;

/// An unmatched flow of as many octets as its number says.
fn flow(number: u32) -> Flow {
    let mut attrs = Attrs::default();
    attrs.set(Attr::Octets, u64::from(number));
    attrs.set(Attr::Packets, 100);
    Flow {
        src: IpAddr::V4(Ipv4Addr::from_bits(0x0a00_0000 + number)),
        dst: IpAddr::from([192, 0, 2, 1]),
        src_port: Some(50_000),
        dst_port: Some(443),
        protocol: Some(6),
        start: Start {
            absolute: 1_700_000_000_000,
            uptime: Some(1000),
            approximate: false,
        },
        elapsed: Some(5),
        attrs,
        index: number,
        textual: true,
        empty_ipv4: false,
        phantom: false,
    }
}

fn snapshot(rows: u32) -> Message {
    let mut builder = Builder::new(Pairing::Strict { tolerance: 1000 });
    let packet = Packet {
        flows: (0..rows).map(flow).collect(),
        ..Packet::default()
    };
    builder.add(&packet, LineAt::default(), 0);
    Message::Load(Box::new(Snapshot {
        table: builder.snapshot(),
        intake: Arc::default(),
        complete: false,
        elapsed: Duration::ZERO,
        growth: Growth::default(),
    }))
}

/// What the app asks because of a message.
fn asked(browser: &mut Browser, message: Message) -> Vec<RowsRequest> {
    let effects = update(&mut browser.app, message).into_iter();
    let questions = effects.filter_map(|effect| match effect {
        Effect::Ask(question) => Some(*question),
        _ => None,
    });
    questions.collect()
}

fn press(browser: &mut Browser, code: KeyCode) -> Vec<RowsRequest> {
    asked(browser, Message::Input(Event::Key(KeyEvent::from(code))))
}

/// The answer to the only question, in its two parts.
fn answered(questions: &[RowsRequest]) -> [Message; 2] {
    let [question] = questions else {
        panic!("{} questions instead of one", questions.len());
    };
    let mut parts: Vec<Rows> = Vec::new();
    answer(
        &question.table,
        &question.query,
        &question.context,
        &mut Memory::default(),
        |rows| {
            parts.extend(rows);
            true
        },
    );
    assert_eq!(parts.len(), 2, "the first rows, then all");
    assert!(parts[0].ids.len() < parts[1].ids.len());
    let message = |rows| Message::Rows(question.generation, Arc::new(rows));
    let [first, all] = parts.try_into().unwrap();
    [message(first), message(all)]
}

/// The screen's selected row is the last of so many, and shows so many octets.
#[track_caller]
fn assert_at_end(browser: &Browser, rows: u32, octets: &str) {
    let list = &browser.app.tab().list;
    assert_eq!(list.line(), rows as usize - 1);
    let screen = browser.screen();
    let last = screen.lines().nth(22).unwrap();
    assert!(last.contains(octets), "no {octets} in {last}");
}

#[test]
fn every_row_of_a_sorted_table_can_be_reached_while_it_loads() {
    let mut browser = Browser::empty(120, 24);
    browser.keys("2");
    browser.keys(&"l".repeat(6));
    asked(&mut browser, snapshot(ROWS));
    // bytes, the most first
    let [first, all] = answered(&press(&mut browser, KeyCode::Char('s')));
    asked(&mut browser, first);
    let screen = browser.screen();
    assert!(
        screen.lines().nth(5).unwrap().contains("60.0 kB"),
        "{screen}"
    );
    // what is loaded meanwhile must not make the rest of the answer outdated
    assert!(asked(&mut browser, snapshot(ROWS + 1)).is_empty());
    let next = asked(&mut browser, all);
    press(&mut browser, KeyCode::End);
    assert_at_end(&browser, ROWS, " 0 B");
    // the first rows of the next answer are no news at the end, and take nothing away
    let [first, all] = answered(&next);
    asked(&mut browser, first);
    assert_at_end(&browser, ROWS, " 0 B");
    asked(&mut browser, all);
    assert_at_end(&browser, ROWS + 1, " 0 B");
    press(&mut browser, KeyCode::Char('g'));
    press(&mut browser, KeyCode::Char('G'));
    assert_at_end(&browser, ROWS + 1, " 0 B");
}

/// How often the traffic above the table is asked for when this many rows are there.
fn outlined(browser: &mut Browser, rows: u32) -> usize {
    let mut waiting = vec![snapshot(rows)];
    let mut count = 0;
    while let Some(message) = waiting.pop() {
        for effect in update(&mut browser.app, message) {
            match effect {
                Effect::Ask(question) => {
                    let (table, context) = (&question.table, &question.context);
                    let rows = flowpeek::query::run::run(table, &question.query, context);
                    waiting.push(Message::Rows(question.generation, Arc::new(rows)));
                }
                Effect::Spark(sparks) => {
                    count += 1;
                    waiting.push(Message::Spark(sparks.answer()));
                }
                _ => {}
            }
        }
    }
    count
}

#[test]
fn a_few_more_rows_do_not_draw_the_traffic_anew() {
    let mut browser = Browser::empty(120, 24);
    browser.keys("2");
    for (rows, count) in [(1000, 1), (1100, 0), (1240, 0), (1250, 1), (1500, 0)] {
        assert_eq!(outlined(&mut browser, rows), count, "at {rows} rows");
    }
    // the end is exact
    let Message::Load(mut last) = snapshot(1501) else {
        unreachable!()
    };
    last.complete = true;
    browser.tell(Message::Load(last));
    let line = browser.app.spark.line.clone().unwrap();
    assert_eq!(line.sums().sum::<u128>(), (0..1501).sum::<u128>());
}
