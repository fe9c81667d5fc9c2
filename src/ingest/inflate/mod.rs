//! From bytes as they are stored to bytes as they were written: `sniff` tells in which form
//! a file is, a `window` reads it, `gzip` and `zstd` inflate it, and a `stream` is either.
//! Of gzip, a `member` is found wherever it begins, inflated `whole` or in `pieces`, and
//! large ones have points to `restart` from; what members that run into one another cost is
//! bounded (`overrun`). Of zstd, a `frame` is found likewise. Each `step` hands on bytes, or a gap in them.

pub mod frame;
pub mod gzip;
pub mod member;
pub mod overrun;
pub mod pieces;
pub mod restart;
pub mod sniff;
pub mod step;
pub mod stream;
pub mod whole;
pub mod window;
pub mod zstd;
