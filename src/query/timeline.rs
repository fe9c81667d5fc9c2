//! Traffic over time.
