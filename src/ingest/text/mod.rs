//! From bytes to entries: `lines` finds where they end, and `entries` are lines, or the
//! `objects` of a JSON document that has no lines of its own.

pub mod entries;
pub mod entry;
pub mod lines;
pub mod objects;
