//! What a key press costs: queries on the whole table, a frame, and the bytes
//! that go to the terminal.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Instant;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use flowpeek::load::Snapshot;
use flowpeek::model::time::Zone;
use flowpeek::names::services::Services;
use flowpeek::query::expr::{Expr, Test};
use flowpeek::query::facts::{Context, Orient};
use flowpeek::query::parse::parse;
use flowpeek::query::run::{Preset, Query, answer, run};
use flowpeek::query::sort::Sort;
use flowpeek::table::build::Pairing;
use flowpeek::tui::app::{App, Effect, Start};
use flowpeek::tui::inbox::Message;
use flowpeek::tui::scroll::Scrolling;
use flowpeek::tui::update::update;
use flowpeek::tui::view::draw;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::{Rect, Size};
use ratatui::{TerminalOptions, Viewport};

use super::{median, print};

fn query(filter: &str, sort: Option<&str>) -> Query {
    Query {
        preset: Preset::Connections,
        filter: parse(filter).unwrap(),
        threshold: 10,
        sort: sort.map(|sort| Sort::parse(sort).unwrap()),
        orient: Orient::Bytes,
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
            let first = median(|| answer(&snapshot.table, &query, &context, |_| false));
            print("  its first rows", first, Some(("all of them", all)));
        }
    }
    frames(snapshot);
}

/// A terminal that counts what is written to it.
#[derive(Clone, Default)]
struct Counter(Arc<std::sync::atomic::AtomicUsize>);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .fetch_add(bytes.len(), std::sync::atomic::Ordering::Relaxed);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn tell(app: &mut App, message: Message) {
    for effect in update(app, message) {
        if let Effect::Ask(ask) = effect {
            let rows = run(&ask.table, &ask.query, &ask.context);
            tell(app, Message::Rows(ask.generation, Arc::new(rows)));
        }
    }
}

fn frames(snapshot: &Snapshot) {
    let size = Size {
        width: 120,
        height: 52,
    };
    let start = Start {
        query: Query {
            filter: Expr::Test(Test::Any),
            ..query("any", None)
        },
        pairing: Pairing::Strict { tolerance: 0 },
        threads: 1,
        zone: Zone::utc(),
        services: Arc::new(Services::system()),
        dns: false,
    };
    let mut app = App::new(start, size);
    tell(&mut app, Message::Load(Box::new(snapshot.clone())));
    let counter = Counter::default();
    let area = Rect::new(0, 0, size.width, size.height);
    let options = TerminalOptions {
        viewport: Viewport::Fixed(area),
    };
    let backend = Scrolling::new(CrosstermBackend::new(counter.clone()), size);
    let mut terminal = Terminal::with_options(backend, options).unwrap();
    println!("\n120x52, a frame and the bytes written for it");
    for (what, key, times) in [
        ("the first frame", KeyCode::Null, 1),
        ("move the selection", KeyCode::Char('j'), 40),
        ("to the last line", KeyCode::Char('j'), 7),
        ("scroll by a line", KeyCode::Char('j'), 40),
        ("scroll by a page", KeyCode::PageDown, 20),
    ] {
        let before = counter.0.load(std::sync::atomic::Ordering::Relaxed);
        let begun = Instant::now();
        for _ in 0..times {
            tell(
                &mut app,
                Message::Input(Event::Key(KeyEvent::new(key, KeyModifiers::NONE))),
            );
            terminal.draw(|frame| draw(&app, frame)).unwrap();
        }
        let bytes = counter.0.load(std::sync::atomic::Ordering::Relaxed) - before;
        print(what, begun.elapsed() / times, None);
        println!("{:<44} {:>9} bytes", "", bytes / times as usize);
    }
}
