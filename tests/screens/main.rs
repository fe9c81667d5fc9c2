//! Whole screens, drawn from a recorded list of keys: the app is updated with
//! messages and its effects are carried out in place, so a run is exact.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod ahead;
mod any;
mod cells;
mod dates;
mod detail;
#[path = "../support/effects.rs"]
mod effects;
mod empty;
mod filtering;
mod grid;
mod late;
mod loading;
mod looks;
mod names;
mod sources;
mod sparkline;
#[path = "../support/start.rs"]
mod start;
mod status;
#[path = "../support/mod.rs"]
mod support;
mod together;
mod unmatched;

use std::path::PathBuf;
use std::sync::Arc;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use effects::answered;
use flowpeek::load::{Growth, Inputs, Library, Snapshot, load};
use flowpeek::model::intake::Intake;
use flowpeek::names::{Dns, Names, Services};
use flowpeek::table::build::Pairing;
use flowpeek::tui::app::{App, Effect};
use flowpeek::tui::keys::action::KEYS;
use flowpeek::tui::keys::bindings::Bindings;
use flowpeek::tui::state::kept::Note;
use flowpeek::tui::threads::inbox::Message;
use flowpeek::tui::update::update;
use flowpeek::tui::view::draw;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Size;
use start::start;

const REGISTRY: &str = include_str!("../../assets/services.tsv");

/// The app with the sample export loaded, on a screen of this size.
struct Browser {
    app: App,
    library: Arc<Library>,
    kept: Vec<Note>,
    copied: Vec<String>,
    /// Everything that happened, to be told again.
    told: Vec<Message>,
}

impl Browser {
    fn open(width: u16, height: u16) -> Self {
        Self::open_files(width, height, &["assets/sample.gz"])
    }

    fn open_files(width: u16, height: u16, files: &[&str]) -> Self {
        let mut browser = Self::empty(width, height);
        // the name stands in the title: it must be the same on every machine
        std::env::set_current_dir(env!("CARGO_MANIFEST_DIR")).unwrap();
        let files: Vec<PathBuf> = files.iter().map(PathBuf::from).collect();
        let inputs = Inputs::look_at(&files).unwrap();
        browser.library = inputs.library.clone();
        let snapshot = load(inputs, Pairing::Strict { tolerance: 1000 }, 2, |_| true);
        browser.tell(Message::Load(Box::new(snapshot)));
        browser
    }

    fn empty(width: u16, height: u16) -> Self {
        let mut start = start();
        start.context.services = Arc::new(Services::from_texts(None, REGISTRY));
        Browser {
            app: App::new(start, Size { width, height }),
            library: Inputs::look_at(&[PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("LICENSE")])
                .unwrap()
                .library,
            kept: Vec::new(),
            copied: Vec::new(),
            told: Vec::new(),
        }
    }

    /// Forgets all names; such may be asked for from now on.
    fn allow(&mut self, dns: Dns) {
        (self.app.names, self.app.sought) = (Names::new(dns), None);
    }

    /// Hears that this is what was read and lost.
    fn hear(&mut self, intake: Intake) {
        self.tell(Message::Load(Box::new(Snapshot {
            table: self.app.table.clone(),
            intake: Arc::new(intake),
            complete: true,
            elapsed: self.app.elapsed,
            growth: Growth::default(),
        })));
    }

    fn tell(&mut self, message: Message) {
        self.told.push(message.clone());
        for effect in update(&mut self.app, message) {
            self.carry_out(effect);
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        let library = self.library.clone();
        match answered(effect, Some(&library), |message| self.tell(message)) {
            Some(Effect::Keep(note)) => self.kept.push(note),
            Some(Effect::Copy(text)) => self.copied.push(text),
            _ => {}
        }
    }

    fn press(&mut self, code: KeyCode) {
        let key = KeyEvent::new(code, KeyModifiers::NONE);
        self.tell(Message::Input(Event::Key(key)));
    }

    fn keys(&mut self, keys: &str) {
        keys.chars().for_each(|c| {
            self.press(match c {
                '\r' => KeyCode::Enter,
                '\u{1b}' => KeyCode::Esc,
                c => KeyCode::Char(c),
            });
        });
    }

    fn screen(&self) -> String {
        let size = self.app.size;
        let mut terminal = Terminal::new(TestBackend::new(size.width, size.height)).unwrap();
        terminal.draw(|frame| draw(&self.app, frame)).unwrap();
        terminal.backend().to_string()
    }
}

#[test]
fn before_anything_is_read() {
    insta::assert_snapshot!(Browser::empty(80, 24).screen());
}

#[test]
fn connections_at_80_columns() {
    insta::assert_snapshot!(Browser::open(80, 24).screen());
}

#[test]
fn connections_sorted_by_bytes_on_a_wide_screen() {
    let mut browser = Browser::open(160, 20);
    browser.keys("lllls");
    insta::assert_snapshot!(browser.screen());
}

#[test]
fn a_column_far_right_comes_into_sight() {
    let mut browser = Browser::open(60, 15);
    browser.keys("llllllllllll");
    insta::assert_snapshot!(browser.screen());
}

#[test]
fn unmatched_flows_with_their_reasons() {
    let mut browser = Browser::open(80, 24);
    browser.keys("2");
    browser.press(KeyCode::End);
    insta::assert_snapshot!(browser.screen());
}

#[test]
fn a_filter_being_typed_wrong_keeps_the_last_right_one() {
    let mut browser = Browser::open(80, 24);
    browser.keys("/port 53");
    let before = browser.screen();
    browser.keys(" and >");
    let after = browser.screen();
    let rows = |screen: &str| {
        screen
            .lines()
            .take(22)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(rows(&before), rows(&after));
    insta::assert_snapshot!(after);
}

#[test]
fn a_filter_that_nothing_passes_says_so() {
    let mut browser = Browser::open(80, 24);
    browser.keys("/port 1");
    browser.press(KeyCode::Enter);
    insta::assert_snapshot!(browser.screen());
    browser.press(KeyCode::Esc);
    assert!(browser.screen().contains("796 of 1,418 connections"));
}

#[test]
fn the_detail_of_a_connection() {
    let mut browser = Browser::open(100, 40);
    browser.press(KeyCode::Enter);
    insta::assert_snapshot!(browser.screen());
}

#[test]
fn the_keys() {
    let mut browser = Browser::open(80, 24);
    browser.keys("?");
    insta::assert_snapshot!(browser.screen());
}

#[test]
fn the_keys_are_whole_on_the_narrowest_screen() {
    let mut browser = Browser::open(60, 15);
    browser.keys("?");
    let mut text = String::new();
    for _ in 0..200 {
        let screen = browser.screen();
        let first = screen.lines().nth(2).unwrap();
        text.push_str(first.trim_matches('"').trim());
        text.push(' ');
        browser.keys("j");
    }
    assert!(!text.contains('…'));
    for key in KEYS {
        let scrolled = text.contains(key.help) && text.contains(key.label);
        assert!(scrolled, "{} {}", key.label, key.help);
    }
    browser.press(KeyCode::Home);
    insta::assert_snapshot!(browser.screen());
}

#[test]
fn the_help_tells_ones_own_keys_and_which_actions_have_none() {
    let mut browser = Browser::open(80, 24);
    let wishes = [
        ("down", vec!["e", "Ctrl-n"]),
        ("undo", vec![]),
        ("filter", vec![]),
        ("sort", vec![]),
    ];
    browser.app.bindings = Bindings::rebound(&wishes).unwrap();
    assert!(
        browser.screen().contains("\"Enter detail"),
        "no hint without a key"
    );
    browser.keys("3");
    assert!(browser.screen().contains("F by something else  ? help"));
    browser.keys("?");
    let screen = browser.screen();
    let lines: Vec<&str> = screen
        .lines()
        .map(|line| line.trim_matches(['"', ' ']))
        .collect();
    let after = |label: &str| {
        let place = lines.iter().position(|line| line.starts_with(label));
        lines[place.unwrap_or_else(|| panic!("{screen}")) + 1]
    };
    // keys that leave no room for what they do have it below them
    assert_eq!(after("e k Ctrl-n Up Ctrl-p"), "move by a row");
    for help in [
        "back to the filter before this one",
        "filter: Enter keeps it",
    ] {
        let is_it = |line: &&&str| line.contains(help);
        let line = lines
            .iter()
            .find(is_it)
            .unwrap_or_else(|| panic!("{screen}"));
        assert!(line.starts_with("(unbound)  "), "{line}");
    }
}

#[test]
fn a_screen_too_small_says_so() {
    insta::assert_snapshot!(Browser::empty(40, 10).screen());
}

#[test]
fn every_size_can_be_drawn_in_every_view() {
    for (width, height) in [(1, 1), (59, 15), (60, 15), (61, 16), (300, 100)] {
        let mut browser = Browser::open(width, height);
        for keys in [
            "",
            "G",
            "2",
            "3",
            "4",
            "5",
            "G\r",
            "G",
            "\u{1b}",
            "?",
            "?",
            "1d",
            "po",
            "Cj G C",
            "<>lHL#nNyYm=!u[]",
            "/host",
        ] {
            browser.keys(keys);
            browser.screen();
        }
        browser.press(KeyCode::Esc);
        browser.press(KeyCode::Enter);
        browser.screen();
    }
}
