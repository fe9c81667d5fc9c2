//! Writing what a view shows to a file: beside it first, then put in its place,
//! on a thread of its own that can be told to stop.

use std::fs::{self, File, Permissions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;

use crate::tui::state::saving::{Export, Saving, Told};

/// How often progress is told.
const PACE: Duration = Duration::from_millis(100);
/// Bytes that go out at once.
const BUFFER: usize = 64 << 10;

/// Writes a view, until nobody listens to `wanted` any more; what came of it is told last.
pub fn save(saving: Saving, export: Export, wanted: &Receiver<()>, tell: &mut dyn FnMut(Told)) {
    let path = path_of(&saving.name);
    if !saving.over && path.symlink_metadata().is_ok() {
        return tell(Told::Exists(Box::new(saving)));
    }
    let told = match write(&saving, &path, export, wanted, tell) {
        Ok(rows) => Told::Done(rows),
        Err(_) if is_over(wanted) => Told::Failed("stopped; nothing was written".to_owned()),
        Err(error) => Told::Failed(error.to_string()),
    };
    tell(told);
}

/// `~/` is the home directory, as in a shell.
fn path_of(name: &str) -> PathBuf {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    match name.strip_prefix("~/").zip(home) {
        Some((rest, home)) => home.join(rest),
        None => PathBuf::from(name),
    }
}

fn is_over(wanted: &Receiver<()>) -> bool {
    wanted.try_recv() == Err(TryRecvError::Disconnected)
}

fn write(
    saving: &Saving,
    path: &Path,
    export: Export,
    wanted: &Receiver<()>,
    tell: &mut dyn FnMut(Told),
) -> io::Result<u64> {
    let format = export.format(&saving.name).map_err(io::Error::other)?;
    // a link stays a link
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let old = fs::metadata(&path).ok();
    if old.as_ref().is_some_and(|old| !old.is_file()) {
        return Err(io::Error::other("that is no regular file"));
    }
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    // less the umask, as for any file
    let file = tempfile::Builder::new()
        .prefix(".flowpeek-")
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(folder)
        .map_err(|error| no_place(folder, &error))?;
    if let Some(old) = old {
        file.as_file().set_permissions(old.permissions())?;
    }
    let rows = fill(&file, (saving, format, export), wanted, tell)?;
    put(file, &path, saving.over)?;
    Ok(rows)
}

/// Why there can be no file in a directory; the name of one that never came to be says nothing.
fn no_place(folder: &Path, error: &io::Error) -> io::Error {
    let is_missing =
        |it: &&Path| !it.as_os_str().is_empty() && matches!(it.try_exists(), Ok(false));
    match folder.ancestors().filter(is_missing).last() {
        Some(first) => io::Error::other(format!("there is no directory {}", first.display())),
        None => error.kind().into(),
    }
}

fn fill(
    file: &NamedTempFile,
    (saving, format, export): (&Saving, &str, Export),
    wanted: &Receiver<()>,
    tell: &mut dyn FnMut(Told),
) -> io::Result<u64> {
    let counter = Counter {
        file: file.as_file(),
        lines: 0,
        told: Instant::now(),
        wanted,
        tell,
    };
    let mut out = BufWriter::with_capacity(BUFFER, counter);
    let rows = (export.write)(&saving.view, format, &mut out)?;
    out.flush()?;
    Ok(rows)
}

fn put(file: NamedTempFile, path: &Path, over: bool) -> io::Result<()> {
    let put = match over {
        true => file.persist(path),
        // one that has come meanwhile stays
        false => file.persist_noclobber(path),
    };
    put.map(drop).map_err(|error| error.error)
}

/// A file that counts its lines, tells how many there are, and takes no more when
/// nobody wants it.
struct Counter<'a> {
    file: &'a File,
    lines: u64,
    told: Instant,
    wanted: &'a Receiver<()>,
    tell: &'a mut dyn FnMut(Told),
}

impl Write for Counter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if is_over(self.wanted) {
            return Err(io::Error::other("stopped"));
        }
        let written = self.file.write(bytes)?;
        self.lines += memchr::memchr_iter(b'\n', &bytes[..written]).count() as u64;
        if self.told.elapsed() >= PACE {
            self.told = Instant::now();
            (self.tell)(Told::Lines(self.lines));
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::time::Zone;
    use crate::names::services::Services;
    use crate::query::facts::{Context, Orient};
    use crate::table::store::Table;
    use crate::tui::state::saving::{FrozenView, What};
    use std::sync::Arc;
    use std::sync::mpsc::channel;

    /// A view that never ends.
    fn endless(_: &FrozenView, _: &str, out: &mut dyn Write) -> io::Result<u64> {
        loop {
            out.write_all(b"row\n")?;
        }
    }

    #[test]
    fn what_is_stopped_leaves_nothing_behind() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let services = Arc::new(Services::from_texts(None, ""));
        let saving = Saving {
            name: folder.path().join("a.csv").display().to_string(),
            over: false,
            view: FrozenView {
                what: What::Files,
                table: Table::default(),
                context: Context::new(services, Zone::utc(), Orient::Bytes),
                intake: Arc::default(),
            },
        };
        let export = Export {
            formats: &[("csv", "csv")],
            write: endless,
        };
        let (wish, wanted) = channel();
        let mut wish = Some(wish);
        let mut last = None;
        save(saving, export, &wanted, &mut |told| {
            // Esc, once it is under way
            if let Told::Lines(1..) = told {
                wish = None;
            }
            last = Some(told);
        });
        assert!(matches!(last, Some(Told::Failed(words)) if words.contains("nothing was written")));
        assert_eq!(std::fs::read_dir(folder.path())?.count(), 0);
        Ok(())
    }
}
