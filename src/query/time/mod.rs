//! Traffic over time: `times` reads when flows began and ended, `bins` are equal steps, a
//! `pen` lays amounts on them, and `timeline` is all of it for the rows of a query.

pub mod bins;
pub mod pen;
pub mod timeline;
pub mod times;
