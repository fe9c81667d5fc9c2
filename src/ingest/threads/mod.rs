//! Many threads on one input: `parallel` has its `readers` take `stretch`es of a file of
//! many gzip members, `piped` shares out the lines of a stream that cannot be cut up.

mod ahead;
pub mod parallel;
pub mod piped;
mod readers;
mod stretch;
