//! Values of options that need more than clap knows: each is text in, value or
//! a message out.

use std::fs::File;
use std::io::Read;

use crate::model::units::parse_duration;
use crate::query::expr::Expr;
use crate::query::parse::parse;

/// A filter, or its mistake pointed at.
pub fn filter(text: &str) -> Result<Expr, String> {
    parse(text).map_err(|error| {
        let lines = error.show(text);
        format!("\n\n  {}\n", lines.replace('\n', "\n  "))
    })
}

/// Longer files are no filters.
const FILTER_LIMIT: u64 = 1 << 20;

/// The filter in a file.
pub fn filter_file(path: &str) -> Result<Expr, String> {
    let mut text = String::new();
    File::open(path)
        .and_then(|file| file.take(FILTER_LIMIT).read_to_string(&mut text))
        .map_err(|error| error.to_string())?;
    if text.len() as u64 == FILTER_LIMIT {
        return Err("longer than any filter".to_owned());
    }
    filter(&text)
}

/// Milliseconds.
pub fn tolerance(text: &str) -> Result<i64, String> {
    parse_duration(text).ok_or_else(|| "expected a duration such as 0, 250ms or 1s".to_owned())
}
