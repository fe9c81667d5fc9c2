//! Questions to a table. `field` is the catalogue of what a row can tell;
//! `words` is the catalogue of the filter language; `lex` and `parse` turn a
//! filter's text into an expression, `print` turns it back, `cell` makes one of a
//! cell, and `written` keeps the text beside it; `filter` turns the expression into
//! a predicate over one table, `sort` puts rows in order, `run` does all of it: pure,
//! from a table and a query to row numbers, with a `memory` of what the query before
//! found out; and `seek` finds some of them. `groupings` is the catalogue of what rows
//! are grouped by, `group` groups them, `timeline` spreads them over time, and `stack`
//! does both.

pub mod batch;
pub mod bins;
pub mod bits;
pub mod by;
pub mod cell;
pub mod chunk;
pub mod common;
pub mod complete;
pub mod count;
pub mod counters;
pub mod cursor;
pub mod details;
pub mod doubt;
pub mod drill;
pub mod expr;
pub mod facts;
pub mod field;
pub mod filter;
pub mod group;
pub mod groupings;
pub mod help;
pub mod index;
pub mod key;
pub mod keys;
pub mod labels;
pub mod lex;
pub mod list;
pub mod measure;
pub mod memory;
pub mod newest;
pub mod numbers;
pub mod order;
pub mod parse;
pub mod parts;
pub mod pen;
pub mod plan;
pub mod print;
pub mod question;
pub mod ranking;
pub mod ranks;
pub mod run;
pub mod scan;
pub mod seek;
pub mod seen;
pub mod servers;
pub mod service_key;
pub mod service_ranks;
pub mod sets;
pub mod shown;
pub mod sort;
pub mod sorting;
pub mod stack;
pub mod tally;
pub mod terms;
pub mod time_key;
pub mod timeline;
pub mod times;
pub mod totals;
pub mod vector;
pub mod wanted;
pub mod words;
pub mod written;
