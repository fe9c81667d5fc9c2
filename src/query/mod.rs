//! Questions to a table. `field` is the catalogue of what a row can tell;
//! `words` is the catalogue of the filter language; `lex` and `parse` turn a
//! filter's text into an expression, `print` turns it back, and `cell` makes one
//! of a cell; `filter` turns the expression into a predicate over one table,
//! `sort` puts rows in order, `run` does all of it: pure, from a table and a
//! query to row numbers; and `seek` finds some of them.

pub mod bits;
pub mod cell;
pub mod chunk;
pub mod complete;
pub mod cursor;
pub mod doubt;
pub mod expr;
pub mod facts;
pub mod field;
pub mod filter;
pub mod help;
pub mod keys;
pub mod lex;
pub mod newest;
pub mod numbers;
pub mod order;
pub mod parse;
pub mod print;
pub mod run;
pub mod scan;
pub mod seek;
pub mod seen;
pub mod servers;
pub mod sets;
pub mod sort;
pub mod terms;
pub mod totals;
pub mod vector;
pub mod words;
