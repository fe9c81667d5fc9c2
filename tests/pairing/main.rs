//! Which flows become one connection, why others do not, and that none is lost.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod analyzer;
mod conservation;
mod duplicates;
mod reasons;
mod strict;

#[path = "../support/flow.rs"]
mod flow;
#[path = "../support/made.rs"]
mod made;
#[path = "../support/oracle.rs"]
mod oracle;
#[path = "../support/record.rs"]
mod record;
#[path = "../support/services.rs"]
mod services;
#[path = "../support/mod.rs"]
mod support;
