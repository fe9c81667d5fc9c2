//! `End`: a flow goes from one to the other.

/// One end of a flow; the discriminant is its place among both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum End {
    /// Where its packets came from.
    Source = 0,
    /// Where they went.
    Destination = 1,
}

impl End {
    /// Both, in the order in which they are stored.
    pub const BOTH: [End; 2] = [End::Source, End::Destination];

    /// The other end.
    pub const fn other(self) -> End {
        match self {
            End::Source => End::Destination,
            End::Destination => End::Source,
        }
    }
}
