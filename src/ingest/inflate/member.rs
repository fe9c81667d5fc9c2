//! How a gzip member (RFC 1952) begins, how to tell one from chance, and where the
//! next one is.

use std::io;

use flate2::{Decompress, FlushDecompress};

use super::window::Window;

/// The first bytes of a member: magic and the one compression method there is.
pub const MAGIC: [u8; 3] = [0x1f, 0x8b, 8];
/// How much of a candidate is looked at to tell a member from chance.
const PROBE: usize = 32 << 10;

/// What begins at a place.
pub enum Header {
    /// The header is that long.
    Long(usize),
    /// More bytes are needed.
    Cut,
    /// No member begins here.
    Not,
}

/// The length of a member's header (RFC 1952, 2.3).
pub fn header_length(bytes: &[u8]) -> Header {
    let known = MAGIC.len().min(bytes.len());
    if bytes[..known] != MAGIC[..known] || bytes.get(3).is_some_and(|flags| flags & 0xe0 != 0) {
        return Header::Not;
    }
    let Some(&flags) = bytes.get(3) else {
        return Header::Cut;
    };
    let mut length = 10;
    if flags & 4 != 0 {
        match bytes.get(length..length + 2) {
            Some(extra) => length += 2 + usize::from(u16::from_le_bytes([extra[0], extra[1]])),
            None => return Header::Cut,
        }
    }
    for flag in [8, 16] {
        if flags & flag != 0 {
            match bytes.get(length..).and_then(|rest| memchr::memchr(0, rest)) {
                Some(end) => length += end + 1,
                None => return Header::Cut,
            }
        }
    }
    length += if flags & 2 != 0 { 2 } else { 0 };
    if length <= bytes.len() {
        Header::Long(length)
    } else {
        Header::Cut
    }
}

/// Whether what begins here inflates to something that can be a collector's line.
fn is_member(bytes: &[u8]) -> bool {
    let Header::Long(length) = header_length(bytes) else {
        return false;
    };
    let mut out = Vec::with_capacity(PROBE);
    let mut inflate = Decompress::new(false);
    let status = inflate.decompress_vec(&bytes[length..], &mut out, FlushDecompress::None);
    status.is_ok() && !out.is_empty() && is_text(&out[..out.len().min(64)])
}

/// Whether text can begin so.
pub(super) fn is_text(beginning: &[u8]) -> bool {
    let mut bytes = beginning.iter();
    bytes.all(|byte| *byte >= b' ' || b"\t\n\r".contains(byte))
}

/// Moves to the next member whose content proves valid, to the end of the
/// stream, or somewhere behind `until`.
///
/// # Errors
/// What reading the stream answers.
pub(super) fn find_member(window: &mut Window, until: u64) -> io::Result<()> {
    while window.offset() < until {
        window.set_mark();
        window.fill(PROBE)?;
        let ahead = window.ahead();
        let candidate =
            memchr::memmem::find_iter(ahead, &MAGIC).find(|&at| is_member(&ahead[at..]));
        // a candidate near the end of the buffer is looked at again when more is there
        let enough = ahead.len().saturating_sub(PROBE / 2);
        match candidate {
            Some(at) if at <= enough || window.ended() => {
                window.consume(at);
                return Ok(());
            }
            _ if window.ended() => {
                window.consume(ahead.len());
                return Ok(());
            }
            _ => window.consume(enough.max(1)),
        }
    }
    Ok(())
}
