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
    let groups = Wording {
        rows: false,
        ..full
    };
    let found = Wording {
        sought: false,
        ..groups
    };
    let brief = Wording {
        brief: true,
        ..found
    };
    let shown = Wording {
        hidden: false,
        ..found
    };
    let both = Wording {
        hidden: false,
        ..brief
    };
    let least = Wording {
        noun: false,
        ..both
    };
    [full, groups, found, brief, shown, both, least]
};
