//! How a zstd frame (RFC 8878) begins, how to tell one from chance, and where the
//! next one is.

use std::io::{self, Read};

use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::member::is_text;
use super::window::Window;

/// The first bytes of a frame.
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// A header is no longer than that.
pub const HEADER: usize = 18;
/// What stands before each block, and behind the last one of most frames.
const BLOCK_HEADER: usize = 3;
const CHECKSUM: usize = 4;
/// No block has more (RFC 8878, 3.1.1.2.4).
const BLOCK: usize = 128 << 10;

/// Whether a frame begins so, or one whose content is for other programs.
pub fn begins(head: &[u8]) -> bool {
    head.starts_with(&magic(head))
}

/// Whether it takes more to tell.
pub fn may_begin(head: &[u8]) -> bool {
    head.len() < MAGIC.len() && magic(head).starts_with(head)
}

/// What a frame that begins with this byte begins with.
fn magic(head: &[u8]) -> [u8; 4] {
    match head {
        [first @ 0x50..=0x5f, ..] => [*first, 0x2a, 0x4d, 0x18],
        _ => MAGIC,
    }
}

/// Whether a checksum comes last in the frame with this header.
pub fn has_checksum(header: &[u8]) -> bool {
    header
        .get(MAGIC.len())
        .is_some_and(|descriptor| descriptor & 4 != 0)
}

/// The length of a block and what belongs to it, as far as its header is there.
pub struct BlockLength {
    /// Of its header and what is in it.
    pub block: usize,
    /// Of these, and of the checksum if it is the last one.
    pub all: usize,
}

/// How long the block is that begins here. What no decoder takes has no content.
pub fn block_length(bytes: &[u8], has_checksum: bool) -> BlockLength {
    let Some(&[first, second, third]) = bytes.first_chunk::<BLOCK_HEADER>() else {
        return BlockLength {
            block: BLOCK_HEADER,
            all: BLOCK_HEADER,
        };
    };
    let header = u32::from_le_bytes([first, second, third, 0]);
    let size = (header >> 3) as usize;
    let content = match header >> 1 & 3 {
        // a byte that is repeated
        1 => 1,
        0 | 2 if size <= BLOCK => size,
        _ => 0,
    };
    let block = BLOCK_HEADER + content;
    let is_last = header & 1 != 0;
    let checksum = if is_last && has_checksum { CHECKSUM } else { 0 };
    BlockLength {
        block,
        all: block + checksum,
    }
}

/// Makes the decoder give out all that it has decoded, when its frame has no sound end.
pub fn release(decoder: &mut FrameDecoder) {
    // a last block with nothing in it, and a checksum
    let end = [1, 0, 0, 0, 0, 0, 0];
    let _ = decoder.decode_blocks(&end[..], BlockDecodingStrategy::UptoBlocks(1));
}

/// What stands where a frame seems to begin.
#[derive(PartialEq)]
enum Candidate {
    /// A frame with text in it.
    Frame,
    /// More bytes are needed.
    Short,
    /// Something else.
    Chance,
}

/// Looks at the first block of what may be a frame.
fn candidate(bytes: &[u8], decoder: &mut FrameDecoder) -> Candidate {
    if bytes.len() < HEADER {
        return Candidate::Short;
    }
    let mut rest = bytes;
    if decoder.init(&mut rest).is_err() {
        return Candidate::Chance;
    }
    if rest.len() < block_length(rest, has_checksum(bytes)).all {
        return Candidate::Short;
    }
    let decoded = decoder.decode_blocks(&mut rest, BlockDecodingStrategy::UptoBlocks(1));
    release(decoder);
    let mut text = [0; 64];
    match (decoded, decoder.read(&mut text)) {
        (Ok(_), Ok(count)) if count > 0 && is_text(&text[..count]) => Candidate::Frame,
        _ => Candidate::Chance,
    }
}

/// Moves to the next frame whose content proves valid, or to the end of the stream.
///
/// # Errors
/// What reading the stream answers.
pub fn find_frame(window: &mut Window, decoder: &mut FrameDecoder) -> io::Result<()> {
    loop {
        window.set_mark();
        window.fill(MAGIC.len())?;
        let (ahead, ended) = (window.ahead(), window.ended());
        let found = memchr::memmem::find_iter(ahead, &MAGIC)
            .map(|at| (at, candidate(&ahead[at..], decoder)))
            .find(|(_, what)| *what == Candidate::Frame || *what == Candidate::Short && !ended);
        match found {
            Some((at, what)) => {
                window.consume(at);
                if what == Candidate::Frame {
                    return Ok(());
                }
                window.set_mark();
                window.fill(window.ahead().len() + 1)?;
            }
            None if ended => {
                window.consume(ahead.len());
                return Ok(());
            }
            // the next one may begin with the last bytes
            None => window.consume((ahead.len() + 1).saturating_sub(MAGIC.len()).max(1)),
        }
    }
}
