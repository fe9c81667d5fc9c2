//! From an entry of the collector to the records of a packet: `dialect` is the catalogue of
//! what versions call things, `fast` reads the usual way of writing JSON in one pass, with
//! the `orders` of keys that it has learned; `export` reads any other line, and `json` its
//! records. A `record` has numbers in `slot`s, a `packet` has records and a `header`, and those
//! that can be flows are `kept`. A value is a `scalar` and comes by a
//! `seed`, or is read as a `literal` on the fast way.

pub mod dialect;
pub mod export;
pub mod fast;
pub mod header;
pub mod json;
pub mod kept;
pub mod literal;
pub mod orders;
pub mod packet;
pub mod record;
pub mod scalar;
mod seed;
pub mod slot;
