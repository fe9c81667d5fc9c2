//! What keys do: `action` is the catalogue, `chord` reads a key's name, and `bindings` are
//! those of the user.

pub mod action;
pub mod bindings;
pub mod chord;
