//! `Step`: what comes of inflating a little more.

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
    Damage {
        /// Where it begins.
        offset: u64,
        /// Bytes passed over.
        bytes: u64,
        /// What is wrong.
        reason: &'static str,
    },
    /// The end. `whole` is false when it came in the middle of a member.
    End {
        /// Whether the last member was complete.
        whole: bool,
    },
}
