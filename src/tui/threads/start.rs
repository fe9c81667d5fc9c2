//! How a thread of the browser is started.

use std::io;
use std::thread::{Builder, JoinHandle};

/// Starts a thread under a name, which stands in the report if it fails.
///
/// # Errors
/// When the system has no more threads for this user, or for this container.
pub fn start(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle<()>> {
    let thread = Builder::new().name(name.to_owned()).spawn(work);
    thread.map_err(|error| io::Error::other(format!("no more threads are to be had: {error}")))
}
