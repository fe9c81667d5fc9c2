//! From files to flows. Bytes come in (`source`, `open`, `stream`), become lines
//! (`lines`) and entries (`entries`, `objects`), and each entry becomes packets of
//! flows or a reject (`export`, with `record` and `dialect` for what a version
//! calls things and `kept` for what times they are; `foreign` for what other programs
//! write). Bad input is data: nothing here panics, and whatever cannot be used is
//! handed on with a reason.

pub mod again;
pub mod batch;
pub mod boots;
pub mod chain;
pub mod dialect;
pub mod entries;
pub mod entry;
pub mod export;
pub mod fast;
pub mod fields;
pub mod foreign;
pub mod gzip;
pub mod header;
pub mod inputs;
pub mod json;
pub mod kept;
pub mod library;
pub mod lines;
pub mod literal;
pub mod member;
pub mod objects;
pub mod open;
pub mod orders;
pub mod overrun;
pub mod packet;
pub mod parallel;
pub mod pieces;
pub mod piped;
mod readers;
pub mod record;
pub mod restart;
pub mod scalar;
pub mod sequence;
pub mod slot;
pub mod sniff;
pub mod source;
mod spool;
pub mod step;
pub mod stream;
mod stretch;
pub mod tail;
pub mod tally;
pub mod unit;
pub mod whole;
pub mod window;
pub mod zstd;
