//! Of what is printed: in every format only text that no terminal takes for
//! anything else, and data that is read back as what was written.

use std::net::IpAddr;
use std::sync::Arc;

use crossterm::Command;
use crossterm::clipboard::CopyToClipboard;
use flowpeek::load::Snapshot;
use flowpeek::model::text::is_printable;
use flowpeek::model::time::Zone;
use flowpeek::names::{Dns, Names, Reply, Services};
use flowpeek::query::facts::{Context, Orient};
use flowpeek::query::group::by::By;
use flowpeek::query::group::measure::Order;
use flowpeek::query::language::expr::{Expr, Test};
use flowpeek::query::language::parse::parse;
use flowpeek::query::run::{Preset, Query};
use flowpeek::query::task::{GroupTask, Task, TimeTask};
use flowpeek::query::time::timeline::Amount;
use flowpeek::report::losses::losses;
use flowpeek::report::plan::ReportPlan;
use flowpeek::report::view::{Scope, Show};
use flowpeek::report::{FORMATS, Format};
use flowpeek::sums::sheet;
use serde_json::Value;

use super::made::Bytes;

const SHOWS: [Show; 4] = [
    Show::Connections,
    Show::Unmatched,
    Show::Summary,
    Show::Rejects,
];
const GROUPS: [&str; 12] = [
    "host",
    "pair",
    "src_addr,dst_port",
    "service",
    "exporter",
    "net/0",
    "net/24,protocol",
    "hour",
    "reason",
    "match",
    "client,server",
    "version",
];

/// What a resolver answers that means no good.
const HOSTILE: &str = "\u{1b}]0;x\u{7}\u{202e}=cmd|' /C calc'!A0,\"\r\n\t";

fn plan<'a>(snapshot: &'a Snapshot, format: &Format, show: Show, filter: Expr) -> ReportPlan<'a> {
    ReportPlan {
        table: &snapshot.table,
        intake: &snapshot.intake,
        query: Query {
            preset: show.preset(),
            filter,
            threshold: 0,
            sort: None,
        },
        least: 0,
        context: context(),
        scope: Scope {
            show,
            only: false,
            verbose: true,
            limit: usize::MAX,
        },
        prints: format.prints,
        rows: format.rows,
    }
}

fn context() -> Context {
    Context::new(
        Arc::new(Services::from_texts(None, "")),
        Zone::utc(),
        Orient::Client,
    )
}

/// Everything there is of the rows, to compare.
pub fn whole(snapshot: &Snapshot) -> Vec<u8> {
    let format = FORMATS.iter().find(|format| format.name == "json").unwrap();
    let plan = plan(snapshot, format, Show::Connections, Expr::Test(Test::Any));
    let report = plan.report(&mut Names::new(Dns::Off), |_, _| {});
    let mut out = Vec::new();
    (format.write)(&report, &mut out).unwrap();
    out
}

/// Checks every format and everything it can show, with hostile names, and sheets.
pub fn check(snapshot: &Snapshot, bytes: &mut Bytes) {
    let filters = [
        "any",
        "bytes > 100 and src port < 1000",
        "name ~ 'cmd'",
        "not proto tcp",
        "start > 14:05",
    ];
    let filter = bytes.pick(&filters);
    for format in FORMATS {
        for show in SHOWS {
            let plan = plan(snapshot, format, show, parse(filter).unwrap());
            let mut names = Names::new(Dns::System);
            let learn = |names: &mut Names, addresses: &[IpAddr]| {
                for (number, &address) in addresses.iter().enumerate() {
                    let name = format!("{}{HOSTILE}.example", "x".repeat(number % 70));
                    names.learn(address, Reply::Named(name), 0);
                }
            };
            let report = plan.report(&mut names, learn);
            let mut out = Vec::new();
            (format.write)(&report, &mut out).unwrap();
            judge(format, &format!("{show:?}"), out);
        }
    }
    let format = bytes.pick(&[0, 1, 2, 3, 4]);
    sheets(snapshot, &FORMATS[format % FORMATS.len()], bytes);
    for words in losses(&snapshot.table, &snapshot.intake, false) {
        assert!(words.chars().all(is_printable), "{words:?}");
    }
}

/// Groups and timelines in one format; with few steps, as many take long to print.
fn sheets(snapshot: &Snapshot, format: &Format, bytes: &mut Bytes) {
    let by = By::parse_some(bytes.pick(&GROUPS)).unwrap();
    let order = Order::parse("bytes").unwrap();
    let step = bytes.pick(&[1 << 36, 1 << 38, i64::MAX]);
    let timeline = Task::Time(TimeTask {
        amount: Amount::Bytes,
        by: by.clone(),
        limit: 3,
        range: None,
        step: Some(step),
        most: 1000,
    });
    let limit = 5;
    for task in [Task::Groups(GroupTask { by, order, limit }), timeline] {
        let query = plan(snapshot, format, Show::Connections, Expr::Test(Test::Any)).query;
        for preset in [Preset::Connections, Preset::Unmatched] {
            let query = Query {
                preset,
                ..query.clone()
            };
            let sheet = sheet(&task, query, &snapshot.table, &context());
            let mut out = Vec::new();
            (format.sheet)(&sheet, &mut out).unwrap();
            judge(format, "a sheet", out);
        }
    }
}

fn judge(format: &Format, what: &str, out: Vec<u8>) {
    let text = String::from_utf8(out).expect("text");
    let odd = text.chars().find(|&c| c != '\n' && !is_printable(c));
    assert_eq!(
        odd,
        None,
        "{what} as {}: {}",
        format.name,
        text.escape_debug()
    );
    match format.name {
        "csv" => {
            let rows = cells(&text);
            assert!(
                rows.iter().all(|row| row.len() == rows[0].len()),
                "{what}: {text}"
            );
        }
        "json" => drop(serde_json::from_str::<Value>(&text).expect(what)),
        "ndjson" => text
            .lines()
            .for_each(|line| drop(serde_json::from_str::<Value>(line).expect(what))),
        _ => {}
    }
}

/// CSV taken apart by RFC 4180.
fn cells(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut chars) = (false, text.chars().peekable());
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => cell.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            c => cell.push(c),
        }
    }
    assert!(
        !quoted && cell.is_empty() && row.is_empty(),
        "every line has its end"
    );
    rows
}

/// A text goes to the clipboard as OSC 52 alone, whatever it holds.
pub fn copied(text: &str) {
    let mut sent = String::new();
    CopyToClipboard::to_clipboard_from(text)
        .write_ansi(&mut sent)
        .unwrap();
    let inner = sent
        .strip_prefix("\u{1b}]52;c;")
        .and_then(|rest| rest.strip_suffix("\u{1b}\\"));
    let inner = inner.unwrap_or_else(|| panic!("{sent:?}"));
    assert!(
        inner
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte))
    );
}
