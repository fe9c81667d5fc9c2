//! From files to flows. Bytes come in (`source`, `open`) and are inflated (`inflate`), become
//! lines and entries (`text`), and each entry becomes packets of flows or a reject (`decoder`):
//! `decode` reads what the collector writes, `foreign` what other programs do. `batch`es of
//! them come from as many `threads` as are wanted; a `tail` reads on where a file grows, and a
//! `library` reads again what is asked for (`again`), with `fields` in the words of its record.
//! `boots`, `sequence` and `tally` are the accounts of exporters. Bad input is data: nothing
//! here panics, and whatever cannot be used is handed on with a reason.

pub mod again;
pub mod batch;
pub mod bom;
pub mod boots;
pub mod chain;
pub mod decode;
pub mod decoder;
pub mod fields;
pub mod foreign;
pub mod inflate;
pub mod inputs;
pub mod library;
pub mod open;
mod pipe;
pub mod sequence;
mod shelves;
pub mod source;
mod spool;
pub mod tail;
pub mod tally;
pub mod text;
pub mod threads;
