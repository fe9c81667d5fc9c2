//! Small files, read up to a limit, whatever kind of file they are: a shell may
//! name a pipe where the user names a file.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::model::units;

/// What is in a file, no more of it than `limit` bytes.
///
/// # Errors
/// When it cannot be read.
pub fn beginning(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes));
    read.map(|_| bytes).map_err(|error| plain(&error))
}

/// The system's reason without its number: "No such file or directory".
fn plain(error: &io::Error) -> io::Error {
    let text = error.to_string();
    let reason = text.split(" (os error").next().unwrap_or(&text);
    io::Error::new(error.kind(), reason)
}

/// All that is in a file.
///
/// # Errors
/// When it cannot be read, or is longer than `limit` bytes.
pub fn whole(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let bytes = beginning(path, limit + 1)?;
    match bytes.len() as u64 > limit {
        true => {
            let limit = units::bytes(limit.into());
            Err(io::Error::other(format!("longer than {limit}")))
        }
        false => Ok(bytes),
    }
}

/// All of the text in a file.
///
/// # Errors
/// When it cannot be read, is longer than `limit` bytes, or is no text.
pub fn text(path: &Path, limit: u64) -> io::Result<String> {
    String::from_utf8(whole(path, limit)?).map_err(|_| io::Error::other("not text in UTF-8"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_may_be_as_long_as_the_limit_and_no_longer() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "four").unwrap();
        assert_eq!(text(&path, 4).unwrap(), "four");
        assert_eq!(whole(&path, 3).unwrap_err().to_string(), "longer than 3 B");
        assert_eq!(beginning(&path, 3).unwrap(), b"fou");
        fs::write(&path, b"\xff").unwrap();
        assert!(text(&path, 4).is_err());
        assert_eq!(whole(&path, 4).unwrap(), b"\xff");
        assert!(beginning(&folder.path().join("none"), 4).is_err());
    }
}
