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
pub const WORDINGS: [Wording; 7] = [
    // rows, sought, hidden, noun; brief
    wording([true, true, true, true], false),
    wording([false, true, true, true], false),
    wording([false, false, true, true], false),
    wording([false, false, true, true], true),
    wording([false, false, false, true], false),
    wording([false, false, false, true], true),
    wording([false, false, false, false], true),
];

const fn wording([rows, sought, hidden, noun]: [bool; 4], brief: bool) -> Wording {
    Wording {
        rows,
        sought,
        hidden,
        noun,
        brief,
    }
}
