//! A search under way: rows like a cell, looked for one after the other.

use crate::query::language::expr::Expr;

/// What is looked for, and how the search stands.
pub struct Seek {
    /// What such a row is.
    pub expr: Expr,
    /// What the cell reads.
    pub text: String,
    /// The line from which the search under way began.
    from: usize,
    forward: bool,
    /// How many rows were asked for since.
    nth: usize,
    /// The number of the search under way.
    waiting: Option<u64>,
}

impl Seek {
    /// Nothing has been looked for so far.
    pub fn new(expr: Expr, text: String) -> Self {
        Seek {
            expr,
            text,
            from: 0,
            forward: true,
            nth: 0,
            waiting: None,
        }
    }

    /// The next row is wanted: answers from which line to count, and which row from
    /// there it is. Asked again before the answer came, it is one more from where the
    /// search began.
    pub fn ask(&mut self, number: u64, line: usize, forward: bool) -> (usize, usize) {
        if self.waiting.is_some() && self.forward == forward {
            self.nth += 1;
        } else {
            (self.nth, self.from) = (1, line);
        }
        (self.forward, self.waiting) = (forward, Some(number));
        (self.from, self.nth)
    }

    /// The answer is not wanted any more.
    pub fn give_up(&mut self) {
        self.waiting = None;
    }

    /// The answer of this number: whether it is about what comes later, if it is
    /// wanted.
    pub fn take(&mut self, number: u64) -> Option<bool> {
        let wanted = self.waiting == Some(number);
        wanted.then(|| {
            self.waiting = None;
            self.forward
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::language::expr::Test;

    #[test]
    fn keys_pressed_before_the_answer_count_and_a_late_answer_does_not() {
        let mut seek = Seek::new(Expr::Test(Test::Any), String::new());
        assert_eq!(seek.ask(1, 5, true), (5, 1));
        assert_eq!(seek.ask(2, 5, true), (5, 2));
        assert_eq!(seek.take(1), None);
        assert_eq!(seek.take(2), Some(true));
        assert_eq!(seek.ask(3, 9, true), (9, 1));
        assert_eq!(
            seek.ask(4, 9, false),
            (9, 1),
            "the other way it begins anew"
        );
        seek.give_up();
        assert_eq!(seek.take(4), None);
    }
}
