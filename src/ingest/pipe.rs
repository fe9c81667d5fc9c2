//! Pipes: opened without waiting for who writes, and read when somebody has.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::io::Errno;

/// Opens a file; a pipe with a name at once, though nobody may write to it yet.
///
/// # Errors
/// When it cannot be opened.
pub fn open(path: &Path) -> io::Result<File> {
    if !fs::metadata(path)?.file_type().is_fifo() {
        return File::open(path);
    }
    let at_once = OFlags::NONBLOCK.bits().cast_signed();
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(at_once)
        .open(path)?;
    // who reads it waits
    fcntl_setfl(&file, fcntl_getfl(&file)?.difference(OFlags::NONBLOCK))?;
    Ok(file)
}

/// Waits until a pipe has something to say or has come to its end; false when that
/// takes longer.
pub fn wait(pipe: &File, due: Option<Instant>) -> bool {
    loop {
        let left = due.map(|due| due.saturating_duration_since(Instant::now()));
        let time = left.and_then(|left| Timespec::try_from(left).ok());
        match poll(&mut [PollFd::new(pipe, PollFlags::IN)], time.as_ref()) {
            Ok(0) => return false,
            Err(Errno::INTR) => {}
            // what is wrong with it is told when it is read
            _ => return true,
        }
    }
}

/// Reads a pipe from when somebody writes to it: before, it seems to be at its end.
pub struct Patient {
    pipe: File,
    begun: bool,
}

impl Patient {
    /// Has read nothing yet.
    pub fn new(pipe: File) -> Patient {
        let begun = false;
        Patient { pipe, begun }
    }
}

impl Read for Patient {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.begun = self.begun || wait(&self.pipe, None);
        loop {
            match self.pipe.read(out) {
                // whoever made the pipe may not want to wait, and we do
                Err(error) if error.kind() == ErrorKind::WouldBlock => wait(&self.pipe, None),
                read => return read,
            };
        }
    }
}
