//! The threads around the event loop: `inbox` is what they all tell and the ones that listen
//! to the outside, each begun by `start`, `workers` answer what the app asks, and `saving` writes a view to a file.

pub mod inbox;
pub mod saving;
pub mod start;
pub mod workers;
