//! The parts that the app is made of, each with no knowledge of the others' keys: tabs and
//! lists, columns, prompts, what is open, what is kept from run to run.

pub mod columns;
pub mod command;
pub mod detail;
pub mod following;
pub mod kept;
pub mod list;
pub mod prompt;
pub mod quote;
pub mod scroll;
pub mod seek;
pub mod size;
pub mod sources;
pub mod spark;
pub mod tabs;
pub mod time;
pub mod together;
pub mod top;
pub mod typing;
