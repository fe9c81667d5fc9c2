//! Every report of a made export under a made file name, and copies of any text.

#![no_main]

#[path = "../checks/mod.rs"]
mod checks;

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use checks::load::{ANALYZER, STRICT, load};
use checks::made::{Bytes, export};
use flowpeek::load::LoadPlan;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut bytes = Bytes(bytes);
    let length = usize::from(bytes.byte() % 64);
    let name = bytes.take(length);
    checks::report::copied(&String::from_utf8_lossy(name));
    let pairing = if bytes.byte() & 1 == 0 {
        STRICT
    } else {
        ANALYZER
    };
    let mut choices = Bytes(bytes.take(16));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(OsStr::from_bytes(name));
    if std::fs::write(&path, export(&mut bytes).0).is_err() {
        return; // no name of a file
    }
    if let Some(snapshot) = load(&path, LoadPlan::once(pairing, 1)) {
        checks::report::check(&snapshot, &mut choices);
    }
});
