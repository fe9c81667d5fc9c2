//! What other programs write: any bytes, and exports made of them, as entries and
//! their flows; small ones also as a whole load.

#![no_main]

#[path = "../checks/mod.rs"]
mod checks;

use checks::foreign::{check, export};
use checks::made::{Bytes, damage};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut bytes = Bytes(bytes);
    let (how, at_once) = (bytes.byte(), usize::from(bytes.short()) % 500);
    let mut file = match how & 1 {
        0 => bytes.0.to_vec(),
        _ => export(&mut bytes),
    };
    if how & 6 == 6 {
        damage(&mut bytes, &mut file);
    }
    check(&file, at_once);
    if how & 0x38 == 0x38 {
        checks::load::check(&file);
    }
});
