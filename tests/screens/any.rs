//! Whatever is pressed, pointed at, pasted or resized: the screen can be drawn,
//! both cursors are in sight, and the same messages make the same screen.

use crossterm::event::{Event, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use flowpeek::query::language::parse::parse;
use flowpeek::tui::keys::action::{Action, KEYS};
use flowpeek::tui::threads::inbox::Message;
use flowpeek::tui::update::update;
use flowpeek::tui::view;
use proptest::prelude::*;
use proptest::sample::select;

use super::Browser;

fn key() -> impl Strategy<Value = Event> {
    let ends = |action| matches!(action, Action::Quit | Action::Suspend);
    let chords = KEYS.iter().filter(move |key| !ends(key.action));
    let chords: Vec<_> = chords.flat_map(|key| key.chords).copied().collect();
    select(chords).prop_map(|(modifiers, code)| Event::Key(KeyEvent::new(code, modifiers)))
}

fn event() -> impl Strategy<Value = Event> {
    let button = MouseEventKind::Down(MouseButton::Left);
    let kinds = vec![button, MouseEventKind::ScrollDown, MouseEventKind::ScrollUp];
    let mouse = (select(kinds), 0..140u16, 0..45u16).prop_map(|(kind, column, row)| {
        let modifiers = KeyModifiers::NONE;
        Event::Mouse(MouseEvent {
            kind,
            column,
            row,
            modifiers,
        })
    });
    prop_oneof![
        12 => key(),
        2 => mouse,
        1 => (1..140u16, 1..45u16).prop_map(|(width, height)| Event::Resize(width, height)),
        1 => select(vec!["port 53", " or ", "\u{1b}[2J)", "größe"]).prop_map(|text| Event::Paste(text.to_owned())),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn anything_can_happen(events in prop::collection::vec(event(), 1..60)) {
        let mut browser = Browser::open(80, 24);
        for event in events {
            browser.tell(Message::Input(event));
            browser.screen();
            let app = &browser.app;
            let cursor = app.tab().columns.cursor();
            prop_assert!(view::columns_of(app).iter().any(|at| at.0 == cursor));
            let (rows, line) = app.tab().list.visible();
            prop_assert!(rows.is_empty() || line < rows.len());
            let meant = parse(&app.filter.text).unwrap();
            prop_assert_eq!(&meant, &app.filter.expr);
        }
        let mut again = Browser::empty(80, 24);
        for message in browser.told.clone() {
            update(&mut again.app, message);
        }
        prop_assert_eq!(again.screen(), browser.screen());
    }
}
