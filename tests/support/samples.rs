//! Exports that stand beside the tests: of several exporters, and with much that is odd.
#![allow(dead_code, reason = "every test program uses a part of it")]

use std::path::PathBuf;

use flowpeek::load::{Inputs, load};
use flowpeek::table::build::Pairing;
use flowpeek::table::store::Table;

/// Strict pairing as it is where nothing is said.
pub const STRICT: Pairing = Pairing::Strict { tolerance: 0 };

/// The files; the first one has the most of everything.
pub fn samples() -> [PathBuf; 4] {
    [
        "assets/sample.gz",
        "tests/data/pmacctd-ipfix.gz",
        "tests/data/vendors-v5.gz",
        "tests/data/old-0.8.2-v9.gz",
    ]
    .map(|name| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name))
}

/// The table of all, and of so many more copies of the first: rows of several chunks.
pub fn table_of_samples(copies: usize, pairing: Pairing) -> Table {
    let mut files = samples().to_vec();
    files.extend(vec![files[0].clone(); copies]);
    load(Inputs::look_at(&files).unwrap(), pairing, 2, |_| true).table
}
