//! flowpeek
