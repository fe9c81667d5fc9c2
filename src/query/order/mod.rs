//! Rows in the order of a field, which `sort` names: `keys` are numbers in the order of its
//! values, with `ranks` and `service_ranks` where values are no numbers, and `radix` sorts by
//! them.

pub mod keys;
pub mod radix;
pub mod ranks;
pub mod service_ranks;
pub mod sort;
