//! The parts that the app is made of, apart from one another: tabs and their lists, columns,
//! lines that are typed, groups and time, what is open, keys that wait, and what is kept from
//! run to run.

pub mod ahead;
pub mod columns;
pub mod detail;
pub mod editor;
pub mod following;
pub mod kept;
pub mod list;
pub mod prompt;
pub mod question;
pub mod saving;
pub mod seek;
pub mod sources;
pub mod spark;
pub mod tabs;
pub mod time;
pub mod together;
pub mod top;
pub mod typing;
