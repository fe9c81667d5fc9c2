//! Pieces of the screen without any knowledge of flows.

pub mod fit;
pub mod grid;
