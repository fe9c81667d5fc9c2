//! What the system allows the program, and what is done about it at the start.

use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::Arc;

use rustix::process::{Resource, getrlimit};
use signal_hook::consts::SIGXFSZ;

/// How many heaps glibc has, each with 64 MiB of addresses set aside, used or not.
const HEAPS: &str = "MALLOC_ARENA_MAX";

/// Has the program get by with what files and addresses are limited to.
pub fn adapt() {
    // who has this signal caught is not killed by it: a file that may grow no more is an error
    // of its writer, and not the end of the program
    let _ = signal_hook::flag::register(SIGXFSZ, Arc::default());
    if getrlimit(Resource::As).current.is_some() && std::env::var_os(HEAPS).is_none() {
        spare_addresses();
    }
}

/// Begins again with one heap for all threads: of limited addresses none may be set aside. The C
/// library can be told so only before it begins.
fn spare_addresses() {
    if let Ok(program) = std::env::current_exe() {
        let arguments = std::env::args_os().skip(1);
        // it comes back only if it fails, and then all goes on as it is
        let _ = Command::new(program).args(arguments).env(HEAPS, "1").exec();
    }
}
