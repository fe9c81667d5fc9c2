//! What clap complains of, in one line: of what was set elsewhere than on the command
//! line, where nothing can be pointed at.

use std::error::Error;

use clap::error::{ContextKind, ErrorKind};

use super::values::FilterMistake;

/// The complaint.
pub fn in_a_line(error: &clap::Error) -> String {
    let told = |kind| error.get(kind).map(ToString::to_string);
    let argument = told(ContextKind::InvalidArg).unwrap_or_default();
    let value = told(ContextKind::InvalidValue).unwrap_or_default();
    let mut words = match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => {
            format!("a value is required for '{argument}' but none was supplied")
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let value = value.lines().collect::<Vec<_>>().join(" ");
            format!("invalid value '{value}' for '{argument}'")
        }
        other => format!("'{argument}': {other}"),
    };
    if let Some(source) = error.source() {
        let reason = match source.downcast_ref::<FilterMistake>() {
            Some(mistake) => mistake.in_a_line(),
            None => source.to_string(),
        };
        words = format!("{words}: {reason}");
    }
    if let Some(known) = told(ContextKind::ValidValue) {
        words = format!("{words} [possible values: {known}]");
    }
    if let Some(near) = told(ContextKind::SuggestedValue) {
        words = format!("{words} tip: a similar value exists: '{near}'");
    }
    words
}
