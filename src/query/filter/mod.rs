//! A filter over one table: `predicate` makes an expression ready, which `scan` answers for a
//! chunk of rows at once, with `sets` of hosts and servers, and `wanted` numbers. Times are
//! counted from the `newest` one.

pub mod newest;
pub mod predicate;
pub mod scan;
pub mod sets;
pub mod wanted;
