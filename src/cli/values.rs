//! Values of options that need more than clap knows: each is text in, value or
//! a message out.

use std::error::Error;
use std::net::IpAddr;

use clap::{Args, ValueEnum};

use crate::model::text::is_clean;
use crate::model::units::{parse_duration, parse_number};
use crate::query::language::expr::{Direction, Expr, Net, Test};
use crate::query::language::parse::parse;
use crate::query::language::written::Filter;
use crate::small_files;
use crate::table::keep::Keep;

/// What is wrong with a filter: the line it is about, what points at the place, and why.
#[derive(Debug, thiserror::Error)]
#[error("\n\n  {}\n", .0.join("\n  "))]
pub struct FilterMistake([String; 3]);

impl FilterMistake {
    /// The same in one line, where nothing can be pointed at.
    pub fn in_a_line(&self) -> String {
        let [line, _, why] = &self.0;
        format!("{} {why}", line.trim())
    }
}

/// A filter, or its mistake pointed at.
pub fn filter(text: &str) -> Result<Filter, FilterMistake> {
    let expr = parse(text).map_err(|error| FilterMistake(error.lines(text)))?;
    // the terminal shows it on one line
    let fits = is_clean(text) && !text.contains('#');
    let text = if fits {
        text.trim().to_owned()
    } else {
        expr.to_string()
    };
    Ok(Filter { text, expr })
}

/// Longer files are no filters.
const FILTER_LIMIT: u64 = 1 << 20;

/// The filter in a file.
pub fn filter_file(path: &str) -> Result<Filter, Box<dyn Error + Send + Sync>> {
    Ok(filter(&small_files::text(path.as_ref(), FILTER_LIMIT)?)?)
}

/// Rows, or a duration with its unit.
pub fn keep(text: &str) -> Result<Keep, String> {
    // more than there can be are all of them
    let rows = |rows: u128| Keep::Rows(u32::try_from(rows).unwrap_or(u32::MAX));
    let seconds = || with_unit(text).map(|ms| Keep::Seconds(ms as f64 / 1000.0));
    let kept = text.parse().map_or_else(|_| seconds(), |it| Some(rows(it)));
    kept.ok_or_else(|| {
        "expected a number of rows, or a duration with its unit such as 90m or 1d".to_owned()
    })
}

/// The milliseconds of a duration that tells its unit.
fn with_unit(text: &str) -> Option<i64> {
    let has_unit = text.ends_with(|last: char| last.is_ascii_alphabetic());
    parse_duration(text).filter(|_| has_unit)
}

/// Packets of a connection.
pub fn packets(text: &str) -> Result<u64, String> {
    let packets = text.parse().ok();
    packets.ok_or_else(|| "expected a number of packets such as 10, or 0 for all".to_owned())
}

/// At most so many rows.
pub fn limit(text: &str) -> Result<usize, String> {
    let rows = text.parse().ok();
    rows.ok_or_else(|| "expected a number of rows or groups such as 100".to_owned())
}

/// The most threads that read.
const THREADS: u16 = 256;

/// Threads that read.
pub fn threads(text: &str) -> Result<u16, String> {
    let threads = text.parse().ok().filter(|it| (1..=THREADS).contains(it));
    threads.ok_or_else(|| format!("expected a number from 1 to {THREADS}"))
}

/// The address of a host.
pub fn host(text: &str) -> Result<IpAddr, String> {
    text.parse().map_err(|_| {
        "expected an address such as 192.0.2.1 or 2001:db8::1; \
         networks and names are for --filter: net 10.0.0.0/8, host NAME"
            .to_owned()
    })
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_whole_numbers_and_durations_have_units() {
        assert_eq!(keep("1000000"), Ok(Keep::Rows(1_000_000)));
        assert_eq!(keep("4294967296"), Ok(Keep::Rows(u32::MAX)));
        assert_eq!(keep("1.5h"), Ok(Keep::Seconds(5400.0)));
        assert_eq!(keep("250ms"), Ok(Keep::Seconds(0.25)));
        for wrong in ["1.5", "1.", "-3", "", "d", "7 days"] {
            assert!(keep(wrong).unwrap_err().contains("unit"), "{wrong}");
        }
    }
}
