//! Which keys there are: `action` is their catalogue, `chord` reads a key's name, `bindings`
//! are those of the user, `movement` is what many of them share, `view` is what the views are
//! called, and `command` is the catalogue of what is typed behind a colon.

pub mod action;
pub mod bindings;
pub mod chord;
pub mod command;
pub mod movement;
pub mod view;
