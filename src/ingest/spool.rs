//! A copy of what can be read only once, in a temporary file without a name, so
//! that its records can be looked up later. It takes no more than a limit, and a
//! full disk ends the copy, not the reading.

use std::fs::File;
use std::io::{self, Read, Write};
use std::sync::Arc;

use super::again::{COPIED, Origin};

/// Reads a stream, which is copied on the way, and where the copy can be read.
pub fn spool<R: Read + Send>(stream: R) -> (impl Read + Send + use<R>, Origin) {
    copying(stream, COPIED)
}

fn copying<R: Read + Send>(stream: R, limit: u64) -> (impl Read + Send + use<R>, Origin) {
    let (origin, copy) = match tempfile::tempfile().and_then(|kept| Ok((kept.try_clone()?, kept))) {
        Ok((kept, copy)) => (Origin::Copy(Arc::new(kept)), Some(copy)),
        Err(_) => (Origin::Lost, None),
    };
    let left = limit;
    (Tee { stream, copy, left }, origin)
}

struct Tee<R> {
    stream: R,
    copy: Option<File>,
    left: u64,
}

impl<R: Read> Read for Tee<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.stream.read(out)?;
        if let Some(copy) = &mut self.copy {
            let wanted = self.left.min(read as u64);
            self.left -= wanted;
            let full = copy.write_all(&out[..wanted as usize]).is_err();
            if full || self.left == 0 {
                self.copy = None;
            }
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::ingest::again::read_line;
    use crate::ingest::inflate::sniff::Form;
    use crate::model::flow::LineAt;

    #[test]
    fn the_copy_ends_at_its_limit_and_says_so() {
        let text = b"first\nsecond\n";
        let (mut reader, origin) = copying(&text[..], 9);
        let mut read = Vec::new();
        reader.read_to_end(&mut read).unwrap();
        assert_eq!(read, text);
        let line = |skip| {
            let place = LineAt {
                skip,
                ..LineAt::default()
            };
            read_line(&origin, Some(Form::Plain), place, None)
        };
        assert_eq!(line(0).unwrap().unwrap(), b"first");
        // it lies in the copy in part, or not at all
        for skip in [6, 13] {
            let error = line(skip).unwrap_err().to_string();
            assert!(error.contains("1.1 GB"), "{error}");
        }
    }
}
