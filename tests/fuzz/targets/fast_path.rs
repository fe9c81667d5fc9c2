//! The fast path and the general parser read the same from the same lines,
//! whatever they are. Several lines, so that the fast path has something to remember.

#![no_main]

use flowpeek::ingest::decoder::Decoder;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut decoder = Decoder::default();
    for line in bytes.split(|&byte| byte == b'\n') {
        assert_eq!(decoder.decode(line), decoder.decode_generally(line));
    }
});
