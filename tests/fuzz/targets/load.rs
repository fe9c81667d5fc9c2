//! A whole load from bytes to table, with every pairing and number of threads:
//! bytes as they are, and exports made of them.

#![no_main]

#[path = "../checks/mod.rs"]
mod checks;

use checks::made::{Bytes, export};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut bytes = Bytes(bytes);
    if bytes.byte() & 3 == 0 {
        checks::load::check(bytes.0);
    } else {
        checks::load::check(&export(&mut bytes).0);
    }
});
