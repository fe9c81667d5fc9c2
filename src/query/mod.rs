//! Questions to a table. `field` is the catalogue of what a row can tell, and `facts` are
//! what one row tells. A filter is a text in a `language`, made ready for one table (`filter`)
//! to say which rows are `shown`; they have an `order`, in which `sorting` puts them, and
//! `totals`. `run` does all of it: pure, from a table and a `question` to row numbers, with a
//! `memory` of what the question before found out. `seek` finds some of them, `cell` makes a
//! filter of a cell, and `doubt` says for which names it has to wait. `group` puts rows
//! together, `time` spreads them over time, and `stack` does both; a `task` is either, of
//! whatever rows. `sources` are what is told of files and exporters. Rows are read by `columns` of a chunk, and a set of them is a bitmap (`bits`).
//! Rows of a `catalogue` are told apart by their names.

pub mod bits;
mod catalogue;
pub mod cell;
pub mod columns;
pub mod doubt;
pub mod facts;
pub mod field;
pub mod filter;
pub mod group;
pub mod language;
pub mod means;
pub mod memory;
pub mod order;
pub mod question;
pub mod run;
pub mod seek;
pub mod shown;
pub mod sorting;
pub mod sources;
pub mod stack;
pub mod task;
pub mod time;
pub mod totals;
