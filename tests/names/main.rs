//! Names of hosts from a real name server, on the loopback interface of a
//! network namespace of the test's own: what is asked, what is shown, and that
//! nobody waits for it. Where such namespaces are not allowed, it says so.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod browser;
#[path = "../terminal/harness.rs"]
#[allow(dead_code, reason = "made for another test, which needs more of it")]
mod harness;
mod network;
mod report;
#[path = "../support/mod.rs"]
mod support;
