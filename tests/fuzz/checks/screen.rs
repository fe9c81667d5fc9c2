//! Of the screen: whatever is loaded, typed and answered, it can be drawn at
//! any size, and no cell holds what a terminal would not take for text.

use std::path::Path;
use std::sync::Arc;

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use flowpeek::load::{Inputs, Library, LoadPlan, load_by};
use flowpeek::model::text::is_printable;
use flowpeek::names::{Dns, Names, Reply};
use flowpeek::tui::app::{App, Effect};
use flowpeek::tui::hosts::wanted;
use flowpeek::tui::keys::action::{Action, KEYS};
use flowpeek::tui::threads::inbox::Message;
use flowpeek::tui::update::update;
use flowpeek::tui::view::draw;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Size;

use super::load::STRICT;
use super::made::Bytes;
use super::report::copied;

#[path = "../../support/effects.rs"]
mod effects;
#[path = "../../support/start.rs"]
mod start;
use effects::answered;
use start::start;

/// What somebody types or pastes, and what names come to.
const TEXTS: [&str; 20] = [
    "port 443",
    "bytes > 0 or",
    "(((",
    "not matched",
    "name ~ ''",
    "\u{1b}[2J\u{202e}\u{200b}",
    "größe 日本",
    "\u{301}\u{301}",
    "host 10.0.0.1",
    "start > 2023-11-14",
    "flags S",
    "\"",
    "in [",
    "src_addr,dst_addr",
    "net/64",
    "bytes",
    "sparkline",
    "filter save x",
    "top host",
    "🇩🇪👨‍👩‍👧",
];

struct Browser {
    app: App,
    library: Option<Arc<Library>>,
}

/// Loads a file and does with it what the bytes say.
pub fn check(path: &Path, bytes: &mut Bytes) {
    let size = Size {
        width: u16::from(bytes.byte()),
        height: u16::from(bytes.byte()) % 100,
    };
    let mut start = start();
    start.query.threshold = 0;
    start.names = Names::new(Dns::System);
    let mut browser = Browser {
        app: App::new(start, size),
        library: None,
    };
    browser.app.look.ascii = bytes.byte() & 1 == 1;
    browser.look();
    let named = [path.to_owned()];
    if let Ok(inputs) = Inputs::look_at(&named) {
        browser.library = Some(inputs.library.clone());
        let plan = LoadPlan::once(STRICT, 1);
        let snapshot = load_by(inputs, plan, |_| true);
        browser.tell(Message::Load(Box::new(snapshot)));
    }
    browser.look();
    for _ in 0..40 {
        if bytes.is_empty() {
            return;
        }
        browser.step(bytes);
        browser.look();
    }
}

impl Browser {
    fn step(&mut self, bytes: &mut Bytes) {
        let what = bytes.byte();
        let event = match what {
            0..170 => {
                let ends = |action| matches!(action, Action::Quit | Action::Suspend);
                let chords = KEYS
                    .iter()
                    .filter(|key| !ends(key.action))
                    .flat_map(|key| key.chords);
                let chords: Vec<_> = chords.copied().collect();
                let (modifiers, code) = bytes.pick(&chords);
                Event::Key(KeyEvent::new(code, modifiers))
            }
            170..190 => Event::Resize(u16::from(bytes.byte()), u16::from(bytes.byte()) % 100),
            190..210 => Event::Paste(bytes.pick(&TEXTS).to_owned()),
            210..220 => Event::Mouse(MouseEvent {
                kind: bytes.pick(&[
                    MouseEventKind::Down(MouseButton::Left),
                    MouseEventKind::ScrollDown,
                ]),
                column: bytes.short(),
                row: u16::from(bytes.byte()),
                modifiers: KeyModifiers::NONE,
            }),
            220..235 => {
                let code = bytes.pick(&[
                    KeyCode::Enter,
                    KeyCode::Esc,
                    KeyCode::Tab,
                    KeyCode::Backspace,
                    KeyCode::Up,
                ]);
                Event::Key(KeyEvent::new(code, KeyModifiers::NONE))
            }
            _ => return self.name(bytes),
        };
        self.tell(Message::Input(event));
    }

    fn name(&mut self, bytes: &mut Bytes) {
        let text = bytes.pick(&TEXTS).repeat(1 + usize::from(bytes.byte()));
        for address in wanted(&mut self.app, 0) {
            let reply = match bytes.byte() {
                0..200 => Reply::Named(text.clone()),
                200..230 => Reply::Nameless,
                _ => Reply::Silent,
            };
            self.tell(Message::Named(address, reply, 0));
        }
    }

    fn tell(&mut self, message: Message) {
        for effect in update(&mut self.app, message) {
            let library = self.library.clone();
            let rest = answered(effect, library.as_deref(), |message| self.tell(message));
            if let Some(Effect::Copy(text)) = rest {
                let is_text = |c| c == '\t' || c == '\n' || is_printable(c);
                assert!(text.chars().all(is_text), "{text:?}");
                copied(&text);
            }
        }
    }

    /// Draws it and looks at every cell.
    fn look(&self) {
        let Size { width, height } = self.app.size;
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| draw(&self.app, frame)).unwrap();
        for cell in terminal.backend().buffer().content() {
            let odd = cell.symbol().chars().find(|&c| !is_printable(c));
            assert_eq!(odd, None, "{:?}", cell.symbol());
        }
    }
}
