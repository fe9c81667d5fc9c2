//! Threads on a stream that cannot be cut up (piped input, one large gzip
//! member, plain text): one inflates and finds the lines, others decode them in
//! turn, and what they decoded is taken in that turn again.

use std::sync::mpsc::{Receiver, RecvError, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::Builder;
use std::time::Duration;

use super::ahead::Ahead;
use crate::ingest::batch::{Batch, Long, TEXT, read_all, reason};
use crate::ingest::decoder::Decoder;
use crate::ingest::inflate::restart::Point;
use crate::ingest::inflate::step::Gap;
use crate::ingest::text::entries::Entries;
use crate::ingest::text::entry::{Ending, Entry};
use crate::ingest::text::lines::Lines;
use crate::model::flow::LineAt;

/// Inflated bytes that are handed over at once.
const BLOCK: usize = 256 << 10;
/// Lines that are handed over at once, however short.
const LINES: usize = 4096;
/// Blocks that may wait to be decoded by a thread.
const AHEAD: usize = 8;
/// Bytes of all that are inflated and not taken yet: a few make many flows.
const HELD: usize = 8 << 20;

/// Lines as they stand in the file, one after another.
#[derive(Default)]
struct Block {
    bytes: Vec<u8>,
    /// Place, ending, end in `bytes` of each line, and where it goes on.
    lines: Vec<(LineAt, Ending, usize, LineAt)>,
    gaps: Vec<Gap>,
    points: Vec<Point>,
    offset: u64,
    failure: Option<String>,
}

/// Reads a stream with `decoders` threads besides this one and the one that
/// inflates, or on this one alone where the system has no threads for that. `take` is
/// given the batches in order, and by threads an empty one when for the length of a
/// `pause` nothing came; when it answers false, reading stops.
pub fn read_stream(
    lines: Lines,
    decoders: usize,
    pause: Duration,
    mut take: impl FnMut(&mut Batch) -> bool,
) -> bool {
    // not scoped: a reader that waits for its input must not keep the program from ending
    let decoders = (0..decoders.max(1)).map_while(|_| decoder());
    let (blocks, decoded): (Vec<_>, Vec<_>) = decoders.unzip();
    let (hand, handed) = sync_channel(1);
    let (ahead, taken) = Ahead::new(HELD);
    let inflates = move || {
        if let Ok(lines) = handed.recv() {
            inflate(lines, &blocks, ahead);
        }
    };
    if decoded.is_empty() || Builder::new().spawn(inflates).is_err() {
        return read_all(lines, &mut take);
    }
    // not before it has begun: a thread that does not begin would not give them back
    let _ = hand.send(lines);
    let mut decoder = Decoder::default();
    for Decoded { batches, used } in decoded.iter().cycle() {
        let (mut batch, weight) = match next(batches, pause, &mut take) {
            Ok(Some(decoded)) => decoded,
            Ok(None) => return false,
            Err(RecvError) => return true,
        };
        let is_own = batch.finish(&mut decoder);
        if !take(&mut batch) {
            return false;
        }
        if !is_own {
            // a thread that has no time for it need not have it
            let _ = used.try_send(batch);
        }
        let _ = taken.send(weight);
    }
    true
}

/// What a thread has decoded, of how many bytes, and who takes back what is left of it.
struct Decoded {
    batches: Receiver<(Batch, usize)>,
    used: SyncSender<Batch>,
}

/// Starts a thread that decodes blocks, if the system has one.
fn decoder() -> Option<(SyncSender<Block>, Decoded)> {
    let (blocks, ready) = sync_channel::<Block>(AHEAD);
    let (tell, batches) = sync_channel(AHEAD);
    let (used, back) = sync_channel::<Batch>(AHEAD);
    let work = move || {
        let mut decoder = Decoder::default();
        while let Ok(block) = ready.recv() {
            let bytes = block.bytes.len();
            if tell.send((decode(block, &mut decoder), bytes)).is_err() {
                return;
            }
            back.try_iter().for_each(drop);
        }
    };
    Builder::new().spawn(work).ok()?;
    Some((blocks, Decoded { batches, used }))
}

/// The next batch; `None` when nobody wants more.
fn next(
    decoded: &Receiver<(Batch, usize)>,
    pause: Duration,
    take: &mut impl FnMut(&mut Batch) -> bool,
) -> Result<Option<(Batch, usize)>, RecvError> {
    match decoded.recv_timeout(pause) {
        Ok(batch) => Ok(Some(batch)),
        Err(RecvTimeoutError::Disconnected) => Err(RecvError),
        // once is enough: until more comes, nothing changes
        Err(RecvTimeoutError::Timeout) if take(&mut Batch::default()) => decoded.recv().map(Some),
        Err(RecvTimeoutError::Timeout) => Ok(None),
    }
}

fn inflate(lines: Lines, decoders: &[SyncSender<Block>], mut ahead: Ahead) {
    let mut lines = Entries::new(lines);
    for blocks in decoders.iter().cycle() {
        let mut block = Block::default();
        let more = fill(&mut lines, &mut block);
        block.gaps = lines.take_gaps();
        block.points = lines.take_points();
        block.offset = lines.offset();
        let bytes = block.bytes.len();
        if blocks.send(block).is_err() || !more || !ahead.add(bytes) {
            return;
        }
    }
}

/// Fills a block, no longer than can be done without waiting for input; false
/// at the end of the stream.
fn fill(lines: &mut Entries, block: &mut Block) -> bool {
    let mut seen = 0;
    loop {
        seen += 1;
        match lines.next_entry() {
            // there may be more of these than of anything else
            Ok(Some(entry)) if entry.text.is_empty() && entry.ending == Ending::Whole => {}
            Ok(Some(entry)) => {
                block.bytes.extend_from_slice(entry.text);
                let end = block.bytes.len();
                block
                    .lines
                    .push((entry.place, entry.ending, end, entry.next));
            }
            Ok(None) => return false,
            Err(error) => {
                block.failure = Some(reason(&error));
                return false;
            }
        }
        let is_full = block.bytes.len() >= BLOCK || seen >= LINES;
        if is_full || lines.is_drained() {
            return true;
        }
    }
}

fn decode(mut block: Block, decoder: &mut Decoder) -> Batch {
    let mut batch = Batch {
        gaps: block.gaps,
        points: block.points,
        offset: block.offset,
        failure: block.failure,
        ..Batch::default()
    };
    let mut begin = 0;
    for (place, ending, end, next) in block.lines {
        let entry = |text| Entry {
            place,
            ending,
            text,
            next,
        };
        if end - begin > TEXT {
            // no other one stands behind it
            block.bytes.drain(..begin);
            batch.long = Some(Long::new(&entry(b""), block.bytes));
            break;
        }
        batch.take(&entry(&block.bytes[begin..end]), decoder);
        begin = end;
    }
    batch
}
