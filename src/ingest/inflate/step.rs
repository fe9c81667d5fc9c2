//! `Step`: what comes of inflating a little more.

/// A stretch of a file that could not be inflated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Where it begins.
    pub offset: u64,
    /// How many bytes it has.
    pub bytes: u64,
    /// What is wrong.
    pub reason: &'static str,
}

/// What came out of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Data was appended to the output. It belongs to the member that begins at
    /// this offset and follows that many inflated bytes of it.
    Data {
        /// Offset of the member in the file.
        member: u64,
        /// Inflated bytes of the member before this data.
        skip: u64,
    },
    /// A stretch could not be inflated and was passed over.
    Damage(Gap),
    /// The end.
    End,
    /// The end came in the middle of a member; of which nothing was given, this is lost.
    Cut(Option<Gap>),
}
