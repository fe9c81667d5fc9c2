//! What the program says on standard error, made printable: in the words of the
//! system, of the command line and of a failure stand names of files and worse.

use std::io::{self, Write};
use std::panic::PanicHookInfo;
use std::process::ExitCode;
use std::thread;

use crate::model::text::{clean, clean_lines, is_clean};

/// Longer words are cut.
const LONGEST: usize = 2000;

/// Says something; there may be nobody to hear it.
pub fn tell(words: &str) {
    let _ = writeln!(io::stderr(), "flowpeek: {}", clean(words, LONGEST));
}

/// Says what is wrong with the arguments, or the help that they ask for; answers the exit code.
/// The arguments are repeated there, and a shell may have put the names of a stranger's files
/// among them.
///
/// # Errors
/// When the help cannot be written.
pub fn tell_usage(error: &clap::Error) -> io::Result<ExitCode> {
    let mut arguments = std::env::args_os();
    let told = if arguments.all(|argument| is_clean(&argument.to_string_lossy())) {
        error.print()
    } else {
        let words = clean_lines(error.render().to_string().trim_end());
        match error.use_stderr() {
            true => writeln!(io::stderr(), "{words}"),
            false => writeln!(io::stdout(), "{words}"),
        }
    };
    // nobody may be there to hear of a mistake
    if !error.use_stderr() {
        told?;
    }
    Ok(ExitCode::from(error.exit_code() as u8))
}

/// From here on a panic on any thread ends the program.
pub fn exit_on_panic() {
    std::panic::set_hook(Box::new(|panic| report_panic(panic)));
}

/// Reports a panic and ends the program. What failed may be text of the input.
pub fn report_panic(panic: &PanicHookInfo) -> ! {
    let thread = thread::current();
    let name = thread.name().unwrap_or("unnamed");
    tell("this is a mistake in the program:");
    let words = clean_lines(&format!("thread '{name}' {panic}"));
    let _ = writeln!(io::stderr(), "{words}");
    std::process::exit(101)
}
