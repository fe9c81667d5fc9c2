//! `Marks`: where in a file the bytes of a buffer come from.

use crate::model::flow::LineAt;

/// Positions in a buffer at which a piece of the inflated stream begins, with its member
/// and how many inflated bytes of that come before.
#[derive(Default)]
pub struct Marks(Vec<(usize, u64, u64)>);

impl Marks {
    /// A piece begins here.
    pub fn add(&mut self, position: usize, member: u64, skip: u64) {
        self.0.push((position, member, skip));
    }

    /// The place of a byte; its line is not known here.
    pub fn place(&self, position: usize) -> LineAt {
        let known = self.0.iter().rev().find(|mark| mark.0 <= position);
        let &(begin, member, skip) = known.unwrap_or(&(position, 0, 0));
        LineAt {
            member,
            skip: skip + (position - begin) as u64,
            ..LineAt::default()
        }
    }

    /// What stood before this position is dropped. If anything is left there is no newline
    /// in it, so of all marks only the one of its beginning is of use: there may be as many
    /// as the stream has members.
    pub fn begin(&mut self, position: usize, is_left: bool) {
        let LineAt { member, skip, .. } = self.place(position);
        self.0.clear();
        if is_left {
            self.add(0, member, skip);
        }
    }
}
