//! Small files of the user's own, kept from run to run: read up to a limit,
//! written whole for their owner alone, and put in place at once.

use std::fs::DirBuilder;
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::small_files::beginning;

/// The program's own folder under a directory of the XDG specification: that in the variable,
/// else that below the home directory. `None` where neither is known.
pub fn folder(variable: &str, below_home: &str) -> Option<PathBuf> {
    let absolute = |name: &str| {
        let path = std::env::var_os(name).map(PathBuf::from);
        path.filter(|path: &PathBuf| path.is_absolute())
    };
    let home = || absolute("HOME").map(|home| home.join(below_home));
    let base = absolute(variable).or_else(home)?;
    Some(base.join("flowpeek"))
}

/// The text of a file, no more of it than `limit`; empty where there is none that can be read.
pub fn read(path: &Path, limit: u64) -> String {
    // a pipe or a device of that name would never end
    let bytes = match path.is_file() {
        true => beginning(path, limit).unwrap_or_default(),
        false => Vec::new(),
    };
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Writes lines to a file beside the old one, for its owner alone, and puts it in its place.
///
/// # Errors
/// When it cannot be written.
pub fn replace(path: &Path, lines: &[String]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let mut file = NamedTempFile::new_in(folder)?;
    let mut text = lines.join("\n");
    text.push('\n');
    file.write_all(text.as_bytes())?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
