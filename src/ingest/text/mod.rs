//! From bytes to entries: `lines` finds where they end, and `entries` are lines, or the
//! `objects` of a JSON document that has no lines of its own, by their `nesting`.

pub mod entries;
pub mod entry;
pub mod lines;
pub mod marks;
pub mod nesting;
pub mod objects;
