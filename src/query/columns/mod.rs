//! What a chunk of rows tells, read a whole column at a time: `chunk` reads what a field
//! or an end is made of, `vector` says which fields can be read so, `counters` are kept as
//! narrow as the table keeps them, `servers` and `service_key` tell who served what.

pub mod chunk;
pub mod counters;
pub mod servers;
pub mod service_key;
pub mod vector;
