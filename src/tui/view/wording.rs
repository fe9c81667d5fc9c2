//! `Wording`, how much the status line tells: the most that there is room for.

/// What the status line tells in how many words.
#[derive(Clone, Copy)]
pub struct Wording {
    /// Of groups also the rows that they are of.
    pub rows: bool,
    /// What is looked for.
    pub sought: bool,
    /// How many rows the threshold hides.
    pub hidden: bool,
    /// What is counted.
    pub noun: bool,
    /// Everything in few words.
    pub brief: bool,
}

/// From the wordiest on. What is hidden is told before anything is in many words: nobody
/// misses rows that are not there. Where even the last is too much, parts are left out by
/// their worth.
pub const WORDINGS: [Wording; 7] = {
    let full = Wording {
        rows: true,
        sought: true,
        hidden: true,
        noun: true,
        brief: false,
    };
    let without_rows = Wording {
        rows: false,
        ..full
    };
    let without_sought = Wording {
        sought: false,
        ..without_rows
    };
    let brief = Wording {
        brief: true,
        ..without_sought
    };
    let without_hidden = Wording {
        hidden: false,
        ..without_sought
    };
    let briefly_without_hidden = Wording {
        hidden: false,
        ..brief
    };
    let least = Wording {
        noun: false,
        ..briefly_without_hidden
    };
    [
        full,
        without_rows,
        without_sought,
        brief,
        without_hidden,
        briefly_without_hidden,
        least,
    ]
};
