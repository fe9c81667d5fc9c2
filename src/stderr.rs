//! What the program says on standard error, made printable: in the words of the
//! system, of the command line and of a failure stand names of files and worse.

use std::io::{self, Write};
use std::panic::PanicHookInfo;
use std::thread;

use crate::model::text::{clean, clean_lines, is_clean};

/// Longer words are cut.
const LONGEST: usize = 2000;

/// Says something; there may be nobody to hear it.
pub fn tell(words: &str) {
    let _ = writeln!(io::stderr(), "flowpeek: {}", clean(words, LONGEST));
}

/// Ends the program with what is wrong with its arguments, or with the help that
/// they ask for. The arguments are repeated there, and a shell may have put the
/// names of a stranger's files among them.
pub fn end(error: &clap::Error) -> ! {
    let mut arguments = std::env::args_os();
    if arguments.all(|argument| is_clean(&argument.to_string_lossy())) {
        error.exit();
    }
    let words = clean_lines(&error.render().to_string());
    let _ = match error.use_stderr() {
        true => writeln!(io::stderr(), "{}", words.trim_end()),
        false => writeln!(io::stdout(), "{}", words.trim_end()),
    };
    std::process::exit(error.exit_code())
}

/// From here on a panic on any thread ends the program.
pub fn end_by_panics() {
    std::panic::set_hook(Box::new(|panic| end_by_panic(panic)));
}

/// Reports a panic and ends the program. What failed may be text of the input.
pub fn end_by_panic(panic: &PanicHookInfo) -> ! {
    let thread = thread::current();
    let name = thread.name().unwrap_or("unnamed");
    tell("this is a mistake in the program:");
    let words = clean_lines(&format!("thread '{name}' {panic}"));
    let _ = writeln!(io::stderr(), "{words}");
    std::process::exit(101)
}
