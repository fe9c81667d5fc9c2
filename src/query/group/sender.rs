//! `Sender`, which of a row's flows an end of it sent: that end is in a group, and
//! what it sent is what its group sent.

/// Whose flow an end of a row sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Sender {
    /// The first flow.
    First = 0,
    /// Its mate.
    Mate = 1,
    /// It is not known which end that is.
    Unknown = 2,
}

impl Sender {
    /// The first flow or its mate.
    #[inline]
    pub fn first_if(is_first: bool) -> Self {
        if is_first {
            Sender::First
        } else {
            Sender::Mate
        }
    }

    /// Whose flow the other end sent.
    pub fn other(self) -> Self {
        match self {
            Sender::First => Sender::Mate,
            Sender::Mate => Sender::First,
            Sender::Unknown => Sender::Unknown,
        }
    }
}
