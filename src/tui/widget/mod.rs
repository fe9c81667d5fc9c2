//! Pieces of the screen without any knowledge of flows.

pub mod grid;
pub mod fit;
