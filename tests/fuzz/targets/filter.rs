//! Any text at all, taken for a filter: it is read or refused, errors point
//! into it, and what was read prints as text that reads the same.

#![no_main]

use flowpeek::query::language::parse::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match parse(text) {
        Ok(expr) => assert_eq!(parse(&expr.to_string()), Ok(expr)),
        Err(error) => {
            assert!(text.get(error.span.clone()).is_some());
            error.show(text);
        }
    }
});
