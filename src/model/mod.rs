//! The words every other layer speaks: a flow, its stored attributes, and how
//! values are printed. Pure data and pure functions; no I/O, no knowledge of
//! JSON, tables or screens, so everything above can share it.

pub mod attr;
pub mod decode;
pub mod end;
pub mod flow;
pub mod instant;
pub mod intake;
pub mod known;
pub mod moment;
pub mod protocol;
pub mod raw;
pub mod skipped;
pub mod text;
pub mod time;
pub mod toml;
pub mod typo;
pub mod units;
pub mod value;
