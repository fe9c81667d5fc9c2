//! Any bytes at all, taken for a gzip file: nothing crashes, and reading ends.

#![no_main]

use std::io::Cursor;

use flowpeek::ingest::batch::read_all;
use flowpeek::ingest::lines::Lines;
use flowpeek::ingest::window::Window;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let window = Window::new(Box::new(Cursor::new(bytes.to_vec())), 0);
    read_all(Lines::gzip(window), &mut |_| true);
});
