//! What a key press costs: queries on the whole table, a frame, and the bytes
//! that go to the terminal.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use flowpeek::load::Snapshot;
use flowpeek::model::time::Zone;
use flowpeek::names::Services;
use flowpeek::query::facts::{Context, Orient};
use flowpeek::query::language::parse::parse;
use flowpeek::query::memory::Memory;
use flowpeek::query::order::sort::Sort;
use flowpeek::query::run::{Preset, Query, answer, run};
use flowpeek::table::store::Table;
use flowpeek::tui::app::{App, Effect};
use flowpeek::tui::screen::scroll::Scrolling;
use flowpeek::tui::threads::inbox::Message;
use flowpeek::tui::update::update;
use flowpeek::tui::view::draw;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::{Rect, Size};
use ratatui::{TerminalOptions, Viewport};

use super::start::start;
use super::{median, print};

fn query(filter: &str, sort: Option<&str>) -> Query {
    Query {
        preset: Preset::Connections,
        filter: parse(filter).unwrap(),
        threshold: 10,
        sort: sort.map(|sort| Sort::parse(sort).unwrap()),
    }
}

/// Queries, frames and bytes over a loaded export.
pub fn bench(snapshot: &Snapshot) {
    let services = Arc::new(Services::system());
    let context = Context::new(services, Zone::utc(), Orient::Bytes);
    println!("\n{} rows", snapshot.table.len());
    for (what, filter, sort) in [
        ("threshold alone", "any", None),
        ("filter on a port", "port 443", None),
        ("filter on a network", "net 10.0.0.0/8", None),
        ("filter on a service", "service https", None),
        (
            "three filters together",
            "proto tcp and port 443 and bytes > 10k",
            None,
        ),
        (
            "filter on a list of ports",
            "port in [80, 443, 8080, 53]",
            None,
        ),
        ("filter on flags", "flags S and not flags A", None),
        ("filter on a time", "start > -15m", None),
        ("filter on an end", "client port > 1024", None),
        ("filter on any text", "http", None),
        ("sort by bytes", "any", Some("bytes")),
        ("sort by start", "any", Some("start")),
        ("sort by source port", "any", Some("src_port")),
        ("sort by source address", "any", Some("src_addr")),
        ("sort by service", "any", Some("service")),
    ] {
        let query = query(filter, sort);
        let all = median(|| drop(run(&snapshot.table, &query, &context)));
        print(what, all, None);
        if sort.is_some() {
            let first = median(|| {
                let mut memory = Memory::default();
                answer(&snapshot.table, &query, &context, &mut memory, |_| false);
            });
            print("  its first rows", first, Some(("all of them", all)));
            let longest = longest_stretch(&snapshot.table, &query, &context);
            print(
                "  before it is given up, at most",
                longest,
                Some(("all of them", all)),
            );
        }
    }
    frames(snapshot);
    presses(snapshot);
}

/// How long nobody asks whether the rest is still wanted, after the first rows.
fn longest_stretch(table: &Table, query: &Query, context: &Context) -> Duration {
    let (mut since, mut longest) = (None, Duration::ZERO);
    answer(table, query, context, &mut Memory::default(), |_| {
        let stretch = since
            .replace(Instant::now())
            .map(|since: Instant| since.elapsed());
        longest = longest.max(stretch.unwrap_or_default());
        true
    });
    longest
}

/// A terminal that counts what is written to it.
#[derive(Clone, Default)]
struct Counter(Arc<AtomicUsize>);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.fetch_add(bytes.len(), Ordering::Relaxed);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The program, and what is remembered of the question before.
struct Browser {
    app: App,
    memory: Memory,
}

impl Browser {
    /// Tells the program something, and answers what it asks with the first rows or groups.
    fn tell(&mut self, message: Message) {
        for effect in update(&mut self.app, message) {
            if let Effect::Ask(ask) = effect {
                let mut first = None;
                let memory = &mut self.memory;
                answer(&ask.table, &ask.query, &ask.context, memory, |rows| {
                    first = rows;
                    false
                });
                let rows = Arc::new(first.unwrap());
                self.tell(Message::Rows(ask.generation, rows));
            } else if let Effect::Sum(sum) = effect {
                let mut first = None;
                sum.answer(|answer| {
                    first.get_or_insert(answer);
                    sum.over.store(true, Ordering::Relaxed);
                });
                self.tell(Message::Together(sum.generation, first.unwrap()));
            }
        }
    }

    /// Presses a key and draws what comes of it.
    fn press(&mut self, terminal: &mut Screen, key: KeyCode) -> Duration {
        let begun = Instant::now();
        let key = KeyEvent::new(key, KeyModifiers::NONE);
        self.tell(Message::Input(Event::Key(key)));
        terminal.draw(|frame| draw(&self.app, frame)).unwrap();
        begun.elapsed()
    }
}

const SIZE: Size = Size {
    width: 120,
    height: 52,
};

/// The browser over a loaded export.
fn browser(snapshot: &Snapshot) -> Browser {
    let mut launch = start();
    launch.context.services = Arc::new(Services::system());
    let mut browser = Browser {
        app: App::new(launch, SIZE),
        memory: Memory::default(),
    };
    browser.tell(Message::Load(Box::new(snapshot.clone())));
    browser
}

type Screen = Terminal<Scrolling<CrosstermBackend<Counter>>>;

fn screen(counter: &Counter) -> Screen {
    let options = TerminalOptions {
        viewport: Viewport::Fixed(Rect::new(0, 0, SIZE.width, SIZE.height)),
    };
    let backend = Scrolling::new(CrosstermBackend::new(counter.clone()), SIZE);
    Terminal::with_options(backend, options).unwrap()
}

/// From a key to the frame that shows what it does, for many presses.
fn presses(snapshot: &Snapshot) {
    let mut terminal = screen(&Counter::default());
    println!("\nfrom a key to its frame at 120x52: median, 99th percentile");
    for (what, before, keys, times) in [
        ("move", "", "jjjjkjjG kgjj", 100),
        ("sort, reverse", "l", "slSlsSlSslSlSsShhhhhhhh", 20),
        (
            "type a filter",
            "/",
            "port 443\u{8}\u{8}\u{8}53\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}",
            12,
        ),
        (
            "type on a filter",
            "/proto tcp and bytes > 10k and ",
            "port 443\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}",
            12,
        ),
        ("group by something else", "3", "FFFFFFFFFF", 10),
        ("another stretch of time", "4", "zlzhlZZ", 10),
    ] {
        let mut browser = browser(snapshot);
        let code = |key| match key {
            '\u{8}' => KeyCode::Backspace,
            key => KeyCode::Char(key),
        };
        for key in before.chars() {
            browser.press(&mut terminal, code(key));
        }
        let keys = std::iter::repeat_n(keys, times).flat_map(str::chars);
        let mut taken: Vec<_> = keys
            .map(|key| browser.press(&mut terminal, code(key)))
            .collect();
        taken.sort_unstable();
        let at = |share: usize| taken[taken.len() * share / 100].as_secs_f64() * 1e3;
        println!("{what:<44} {:>9.1} ms {:>9.1} ms", at(50), at(99));
    }
}

fn frames(snapshot: &Snapshot) {
    let counter = Counter::default();
    let mut browser = browser(snapshot);
    let mut terminal = screen(&counter);
    println!("\n120x52, a frame and the bytes written for it");
    for (what, key, times) in [
        ("the first frame", KeyCode::Null, 1),
        ("move the selection", KeyCode::Char('j'), 40),
        ("to the last line", KeyCode::Char('j'), 7),
        ("scroll by a line", KeyCode::Char('j'), 40),
        ("scroll by a page", KeyCode::PageDown, 20),
    ] {
        let before = counter.0.load(Ordering::Relaxed);
        let begun = Instant::now();
        for _ in 0..times {
            browser.press(&mut terminal, key);
        }
        let bytes = counter.0.load(Ordering::Relaxed) - before;
        print(what, begun.elapsed() / times, None);
        println!("{:<44} {:>9} bytes", "", bytes / times as usize);
    }
}
