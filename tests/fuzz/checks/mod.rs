//! What must hold of any input, whatever its bytes: checks that the fuzz targets
//! and the test of mutated files have in common. They panic where it does not.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a part of several programs, of which each needs some"
)]

pub mod foreign;
pub mod load;
pub mod made;
pub mod members;
pub mod report;
pub mod screen;
