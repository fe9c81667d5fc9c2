//! How screens look: with ASCII alone, on light and dark backgrounds, without
//! colour, and too small to be used.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use flowpeek::tui::app::Effect;
use flowpeek::tui::keys::bindings::Bindings;
use flowpeek::tui::state::saving::{Saving, Told};
use flowpeek::tui::theme::{Ground, Look};
use flowpeek::tui::threads::inbox::Message;
use flowpeek::tui::update::update;
use flowpeek::tui::view::draw;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Size;
use ratatui::style::{Color, Modifier};

use super::Browser;

pub fn buffer(browser: &Browser) -> Buffer {
    let size = browser.app.size;
    let mut terminal = Terminal::new(TestBackend::new(size.width, size.height)).unwrap();
    terminal.draw(|frame| draw(&browser.app, frame)).unwrap();
    terminal.backend().buffer().clone()
}

/// Browsers in every view and pane.
fn everywhere(width: u16, height: u16) -> Vec<Browser> {
    let mut all = vec![Browser::empty(width, height)];
    for keys in [
        "",
        "2",
        "5",
        "?",
        "\r",
        "2\r",
        "5G\r",
        "/port 1",
        ":x",
        "/foo bar",
        "2/port 1\r",
        "jjs",
        "5s",
    ] {
        let mut browser = Browser::open_files(
            width,
            height,
            &[
                "assets/sample.gz",
                "tests/data/vendors-v5.gz",
                "tests/data/hostile.json",
            ],
        );
        browser.keys(keys);
        all.push(browser);
    }
    all
}

#[test]
fn nothing_but_ascii_where_that_is_wanted() {
    let mut replaced = 0;
    for (width, height) in [(60, 15), (80, 24), (120, 40), (300, 100), (30, 5)] {
        for mut browser in everywhere(width, height) {
            let before = buffer(&browser);
            browser.app.look.ascii = true;
            let after = buffer(&browser);
            for (was, is) in before.content.iter().zip(&after.content) {
                assert!(
                    is.symbol().is_ascii(),
                    "{} in {}",
                    is.symbol(),
                    browser.screen()
                );
                replaced += u32::from(was != is);
            }
        }
    }
    assert!(replaced > 10);
}

#[test]
fn only_the_sixteen_colours_and_those_that_the_background_bears() {
    for (ground, unreadable) in [
        (
            Ground::Unknown,
            vec![Color::Black, Color::White, Color::Gray, Color::Blue],
        ),
        (
            Ground::Dark,
            vec![Color::Black, Color::Blue, Color::DarkGray],
        ),
        (
            Ground::Light,
            vec![
                Color::White,
                Color::Gray,
                Color::Yellow,
                Color::Cyan,
                Color::LightYellow,
                Color::LightCyan,
                Color::LightGreen,
            ],
        ),
    ] {
        for mut browser in everywhere(80, 24) {
            browser.app.look = Look {
                ground,
                ..Look::default()
            };
            for cell in &buffer(&browser).content {
                for colour in [cell.fg, cell.bg] {
                    assert!(!matches!(colour, Color::Rgb(..) | Color::Indexed(_)));
                    assert!(!unreadable.contains(&colour), "{colour:?} on {ground:?}");
                }
            }
        }
    }
}

/// A screen without its colours: signs and attributes.
fn colourless(browser: &Browser) -> Vec<(String, Modifier)> {
    let buffer = buffer(browser);
    let cells = buffer.content.iter();
    cells
        .map(|cell| (cell.symbol().to_owned(), cell.modifier))
        .collect()
}

#[test]
fn where_one_is_can_be_told_without_colour() {
    for view in ["", "2", "5"] {
        let mut browser =
            Browser::open_files(80, 24, &["assets/sample.gz", "tests/data/vendors-v5.gz"]);
        browser.keys(view);
        let before = colourless(&browser);
        let line = browser.app.tab().list.line();
        browser.press(KeyCode::Down);
        let after = colourless(&browser);
        assert_eq!(browser.app.tab().list.line(), line + 1);
        // one line is no longer reversed, and another is; the sums tell the place
        let changed = (0..22).filter(|row| before[row * 80..][..80] != after[row * 80..][..80]);
        assert_eq!(changed.count(), 2, "in view {view}");
        // and so is the name of the view
        let reversed: String = after[..80]
            .iter()
            .filter(|cell| cell.1.contains(Modifier::REVERSED))
            .map(|cell| cell.0.as_str())
            .collect();
        assert_eq!(
            reversed.trim().split(' ').next(),
            Some(if view.is_empty() { "1" } else { view })
        );
    }
}

#[test]
fn a_screen_too_small_says_what_it_needs() {
    for (width, height) in [(59, 15), (60, 14), (40, 10), (20, 5), (10, 4), (1, 1)] {
        insta::assert_snapshot!(
            format!("too_small_{width}x{height}"),
            Browser::empty(width, height).screen()
        );
    }
    // and is of use again as soon as it is large enough
    let mut browser = Browser::open(80, 24);
    let before = browser.screen();
    browser.app.resize(Size {
        width: 30,
        height: 5,
    });
    browser.screen();
    browser.app.resize(Size {
        width: 80,
        height: 24,
    });
    assert_eq!(browser.screen(), before);
}

/// The words on the screen.
fn words(browser: &Browser) -> String {
    let screen = browser.screen();
    let words = screen.split(|c: char| c.is_whitespace() || c == '"');
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

#[test]
fn a_screen_too_small_tells_of_the_prompt_that_takes_the_keys() {
    let control_c = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
    let control_c = Message::Input(Event::Key(control_c));
    let ends_it = |mut browser: Browser| {
        let told = words(&browser);
        assert!(told.ends_with(" Ctrl-c ends the prompt"), "{told}");
        assert!(!told.contains("quits"), "{told}");
        browser.tell(control_c.clone());
        assert!(words(&browser).ends_with(" q quits"));
    };
    for (width, height) in [(40, 10), (20, 5), (10, 6)] {
        assert!(words(&Browser::empty(width, height)).ends_with(" q quits"));
        for prompt in ["/", ":"] {
            let mut browser = Browser::empty(width, height);
            browser.keys(prompt);
            ends_it(browser);
        }
        // whether a file is to be written over is asked where any other key is a no
        let mut browser = Browser::empty(width, height);
        let saving = written(&mut browser);
        browser.tell(Message::Saving(Told::Exists(saving)));
        ends_it(browser);
    }
}

/// What writing the view to a file asks for.
fn written(browser: &mut Browser) -> Box<Saving> {
    browser.app.export.formats = &[("csv", "csv")];
    browser.keys(":w rows.csv");
    let effects = update(&mut browser.app, key(KeyCode::Enter));
    saving_of(effects).unwrap()
}

fn key(code: KeyCode) -> Message {
    Message::Input(Event::Key(code.into()))
}

fn saving_of(effects: Vec<Effect>) -> Option<Box<Saving>> {
    effects.into_iter().find_map(|effect| match effect {
        Effect::Save(saving) => Some(saving),
        _ => None,
    })
}

#[test]
fn what_keys_are_told_to_press_are_the_keys_there_are() {
    let wishes = [
        ("like", vec!["%"]),
        ("find-next", vec!["P"]),
        ("find-previous", vec!["V"]),
        ("open", vec!["e"]),
        ("filter", vec!["&"]),
        ("connections", vec!["A"]),
    ];
    for (keys, told) in [
        ("P", "% looks for rows like the cell, P for the next"),
        ("%V", "above; P looks below"),
        ("3%", "e shows those of this group"),
        ("4%", "e shows those of this time"),
        ("5%", "A shows the connections"),
        (":filter save x\r", "& makes one"),
    ] {
        let mut browser = Browser::open(120, 24);
        browser.app.bindings = Bindings::rebound(&wishes).unwrap();
        browser.keys(keys);
        let screen = browser.screen();
        assert!(screen.contains(told), "{keys}:\n{screen}");
    }
}

#[test]
fn a_question_about_a_file_waits_for_what_is_being_typed() {
    for prompt in ["/", ":"] {
        let mut browser = Browser::empty(80, 24);
        let saving = written(&mut browser);
        browser.keys(prompt);
        browser.keys("an");
        browser.tell(Message::Saving(Told::Exists(saving)));
        assert!(saving_of(update(&mut browser.app, key(KeyCode::Char('y')))).is_none());
        assert!(browser.screen().contains(&format!("{prompt}any")));
        browser.press(KeyCode::Esc);
        assert!(
            browser
                .screen()
                .contains("rows.csv exists: y writes over it")
        );
        let saving = saving_of(update(&mut browser.app, key(KeyCode::Char('y'))));
        assert!(saving.is_some_and(|saving| saving.over));
    }
}

#[test]
fn no_other_file_is_written_while_the_question_about_one_waits() {
    let mut browser = Browser::empty(80, 24);
    let saving = written(&mut browser);
    browser.keys(":w other.csv");
    browser.tell(Message::Saving(Told::Exists(saving)));
    let pasted = Message::Input(Event::Paste("y".to_owned()));
    browser.tell(pasted.clone());
    assert!(browser.screen().contains(":w other.csvy"));
    browser.press(KeyCode::Backspace);
    assert!(saving_of(update(&mut browser.app, key(KeyCode::Enter))).is_none());
    let asked = browser.screen();
    assert!(asked.contains("rows.csv exists: y writes over it"));
    // what is pasted answers nothing
    browser.tell(pasted);
    assert_eq!(browser.screen(), asked);
    browser.keys("n");
    assert!(browser.screen().contains("rows.csv is as it was"));
}

#[test]
fn no_word_of_a_header_is_cut_at_80_columns() {
    for mut browser in everywhere(80, 24) {
        for _ in 0..20 {
            let screen = browser.screen();
            for line in screen.lines().take(3) {
                let path = ["…ata/", "…ts/", "…"].iter().any(|cut| line.contains(cut))
                    && line.contains("flowpeek");
                assert!(path || !line.contains('…'), "{line}");
            }
            browser.press(KeyCode::Right);
        }
    }
}
