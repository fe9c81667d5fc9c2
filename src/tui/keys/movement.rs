//! Movement: how far a key goes in whatever has lines, be that a list, a pane or a choice.

/// How far to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// By lines.
    Lines(isize),
    /// By halves of a page.
    HalfPages(isize),
    /// To the first line.
    First,
    /// To the last line.
    Last,
}

impl Move {
    /// Where it leads from a line, with so many lines on a page, and no further than the last.
    pub fn lead(self, line: usize, page: usize, last: usize) -> usize {
        let to = match self {
            Move::Lines(lines) => line.saturating_add_signed(lines),
            Move::HalfPages(halves) => line.saturating_add_signed(halves * page as isize / 2),
            Move::First => 0,
            Move::Last => last,
        };
        to.min(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_leads_no_further_than_there_are_lines() {
        let lead = |step: Move| step.lead(4, 5, 10);
        assert_eq!([lead(Move::Lines(3)), lead(Move::Lines(-5))], [7, 0]);
        assert_eq!(
            [1, 2, -1, 4].map(|halves| lead(Move::HalfPages(halves))),
            [6, 9, 2, 10]
        );
        assert_eq!([lead(Move::First), lead(Move::Last)], [0, 10]);
    }
}
