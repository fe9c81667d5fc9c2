//! Effects: what the app wants done that is not in its power.

use super::state::detail::RecordsRequest;
use super::state::kept::Note;
use super::state::question::RowsRequest;
use super::state::saving::Saving;
use super::state::spark::SparkRequest;
use super::state::together::SumRequest;
use crate::model::flow::LineAt;
use crate::query::seek::SearchRequest;

/// Something the event loop has to do for the app.
pub enum Effect {
    /// Answer this.
    Ask(Box<RowsRequest>),
    /// Put rows together.
    Sum(Box<SumRequest>),
    /// Spread the rows above a table over time.
    Spark(Box<SparkRequest>),
    /// Read these records again.
    Read(RecordsRequest),
    /// Read this line again.
    ReadLine(LineAt),
    /// Look for this among the rows.
    Seek(Box<SearchRequest>),
    /// Keep this for the next run.
    Keep(Note),
    /// Write a view to a file.
    Save(Box<Saving>),
    /// Write it no further.
    StopSaving,
    /// Put this on the clipboard.
    Copy(String),
    /// Listen to the mouse, or do not.
    Mouse(bool),
    /// Have files followed, or not any more.
    Follow(bool),
    /// Have the whole job halted, as by the shell.
    Suspend,
    /// Halt until somebody goes on with it.
    Halt,
    /// Take the terminal over again.
    Resume,
    /// Draw everything anew.
    Redraw,
    /// End with this exit code.
    Quit(u8),
}
