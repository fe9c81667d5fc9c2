//! A made export in the browser, and keys, pastes, sizes and names as the bytes say.

#![no_main]

#[path = "../checks/mod.rs"]
mod checks;

use checks::load::file;
use checks::made::{Bytes, export};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut bytes = Bytes(bytes);
    let length = usize::from(bytes.byte());
    let mut keys = Bytes(bytes.take(length));
    let (_folder, path) = file(&export(&mut bytes).0);
    checks::screen::check(&path, &mut keys);
});
