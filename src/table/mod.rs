//! The connection table: columns of numbers, one row a connection or an
//! unmatched flow. A `Table` is never changed once it is handed out; `Builder`
//! is the only thing that makes one. Every accepted flow stands in exactly one
//! row, and a row with one side empty is unmatched, so sums over the table
//! equal sums over the input. The table does not know how flows are spelled.

pub mod analyzer;
mod blocks;
mod bounds;
pub mod build;
mod cells;
pub mod chunked;
pub mod column;
pub mod duplicates;
mod eras;
mod free;
mod hosts;
pub mod keep;
mod many;
pub mod narrow;
pub mod nearest;
mod ordered;
pub mod pair;
pub mod peer;
pub mod reason;
pub mod rows;
pub mod scaling;
pub mod scan;
pub mod share;
mod sieve;
pub mod skew;
pub mod store;
pub mod verdict;
pub mod waiting;
