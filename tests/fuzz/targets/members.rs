//! Bytes taken for gzip or zstd, and members made around made lines: what comes
//! out is in order, within the file, and the same however the bytes come in.

#![no_main]

#[path = "../checks/mod.rs"]
mod checks;

use checks::made::{Bytes, damage, export, frames};
use flowpeek::ingest::inflate::sniff::Form;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut bytes = Bytes(bytes);
    let (how, at_once) = (bytes.byte(), usize::from(bytes.short()) % 5000);
    let form = if how & 1 == 0 { Form::Gzip } else { Form::Zstd };
    if how & 2 == 0 {
        checks::members::check(bytes.0, form, at_once);
    } else {
        let (mut file, _) = export(&mut bytes);
        if form == Form::Zstd && how & 4 == 0 {
            let content = std::mem::replace(&mut file, Vec::new());
            file = frames(&content, how & 8 == 0);
            checks::members::has_lines(&file, form, &content);
            if how & 16 == 0 {
                damage(&mut Bytes(&content), &mut file);
            }
        }
        checks::members::check(&file, form, at_once);
    }
});
