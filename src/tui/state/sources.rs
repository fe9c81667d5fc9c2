//! The state of the view of sources: what its rows stand for, and the pane of
//! the one that is open. What is selected stays so while the lists grow,
//! because a row's number says what it is.

use crate::model::flow::LineAt;
use crate::model::intake::Intake;
use crate::query::run::Rows;
use crate::table::store::RowId;

/// Something the view has a line for: its place in the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// An input file.
    File(usize),
    /// What was named and could not be read.
    Refused(usize),
    /// An exporter.
    Exporter(usize),
    /// A rejected line.
    Reject(usize),
    /// A damaged stretch.
    Damage(usize),
}

/// Bits of a row's number that are the place; those above say what it is.
const BITS: u32 = 28;
/// The kinds, by the number they have there.
const KINDS: [fn(usize) -> Item; 5] = [
    Item::File,
    Item::Refused,
    Item::Exporter,
    Item::Reject,
    Item::Damage,
];

impl Item {
    /// The item of a row.
    pub fn of(row: RowId) -> Option<Item> {
        let kind = KINDS.get((row >> BITS) as usize)?;
        Some(kind((row & ((1 << BITS) - 1)) as usize))
    }
}

/// The open pane of an item.
pub struct OpenItem {
    /// What it is about.
    pub item: Item,
    /// The text of a rejected line, once it has been read.
    pub text: Option<Result<String, String>>,
    /// Lines scrolled.
    pub scroll: u16,
}

/// A row for everything the account has an item of.
pub fn rows(intake: &Intake) -> Rows {
    let ids: Vec<RowId> = (0..)
        .zip(counts(intake))
        .flat_map(|(kind, count)| {
            let count = count.min(1 << BITS) as u32;
            (0..count).map(move |place| kind << BITS | place)
        })
        .collect();
    let shown = ids.len() as u64;
    Rows {
        ids,
        shown,
        total: shown,
        ..Rows::default()
    }
}

/// How many items of each kind there are.
fn counts(intake: &Intake) -> [usize; 5] {
    [
        intake.files.len(),
        intake.refused.len(),
        intake.exporters.len(),
        intake.rejects.len(),
        intake.damage.len(),
    ]
}

/// Where the text of a rejected line can be read again.
pub fn place_of(intake: &Intake, item: Item) -> Option<LineAt> {
    match item {
        Item::Reject(number) => intake.rejects.get(number)?.place,
        _ => None,
    }
}
