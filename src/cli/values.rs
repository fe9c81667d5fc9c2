//! Values of options that need more than clap knows: each is text in, value or
//! a message out.

use std::fs::File;
use std::io::Read;
use std::net::IpAddr;

use clap::{Args, ValueEnum};

use crate::model::text::is_clean;
use crate::model::units::{parse_duration, parse_number};
use crate::query::language::expr::{Direction, Expr, Net, Test};
use crate::query::language::parse::parse;
use crate::query::language::written::Filter;
use crate::table::keep::Keep;

/// A filter, or its mistake pointed at.
pub fn filter(text: &str) -> Result<Filter, String> {
    match parse(text) {
        Ok(expr) => {
            // the terminal shows it on one line
            let fits = is_clean(text) && !text.contains('#');
            let text = if fits {
                text.trim().to_owned()
            } else {
                expr.to_string()
            };
            Ok(Filter { text, expr })
        }
        Err(error) => {
            let lines = error.show(text);
            Err(format!("\n\n  {}\n", lines.replace('\n', "\n  ")))
        }
    }
}

/// Longer files are no filters.
const FILTER_LIMIT: u64 = 1 << 20;

/// The filter in a file.
pub fn filter_file(path: &str) -> Result<Filter, String> {
    let mut text = String::new();
    File::open(path)
        .and_then(|file| file.take(FILTER_LIMIT).read_to_string(&mut text))
        .map_err(|error| error.to_string())?;
    if text.len() as u64 == FILTER_LIMIT {
        return Err("longer than any filter".to_owned());
    }
    filter(&text)
}

/// Rows, or a duration with its unit.
pub fn keep(text: &str) -> Result<Keep, String> {
    let seconds = |text| parse_duration(text).map(|ms| Keep::Seconds(ms as f64 / 1000.0));
    let rows = text.parse().ok().map(Keep::Rows);
    rows.or_else(|| seconds(text))
        .ok_or_else(|| "expected a number of rows, or a duration such as 90m or 1d".to_owned())
}

/// Bytes of memory.
pub fn memory(text: &str) -> Result<u64, String> {
    let bytes = parse_number(text).and_then(|bytes| u64::try_from(bytes).ok());
    bytes.ok_or_else(|| "expected a size such as 500M or 2Gi".to_owned())
}

/// Milliseconds.
pub fn tolerance(text: &str) -> Result<i64, String> {
    parse_duration(text).ok_or_else(|| "expected a duration such as 0, 250ms or 1s".to_owned())
}

/// Only what is from or to a host, of what passes a filter.
pub fn with_host(filter: Filter, host: Option<IpAddr>) -> Filter {
    let Some(host) = host else {
        return filter;
    };
    let test = Test::Address(Direction::Either, vec![Net::host(host)]);
    let only = Filter {
        text: format!("host {host}"),
        expr: Expr::Test(test),
    };
    only.and(filter)
}

/// How the browser looks.
#[derive(Args, Clone, Copy, Default)]
pub struct LookArgs {
    /// Colours for a dark or a light background [auto: as the terminal says, else for both]
    #[arg(long, value_enum, default_value = "auto")]
    pub theme: Theme,
    /// Draw with ASCII alone
    #[arg(long)]
    pub ascii: bool,
}

/// The background that colours are for.
#[derive(Clone, Copy, Default, ValueEnum)]
pub enum Theme {
    /// Whatever the terminal says
    #[default]
    Auto,
    /// Dark
    Dark,
    /// Light
    Light,
}
