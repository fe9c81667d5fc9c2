//! What of a file is not certain while the file may grow: a line whose end is
//! not there yet is no bad line, and a member that cannot be inflated may be
//! half of one. It is held back until a later line is certain.

use crate::model::flow::Place;
use crate::model::intake::{Damage, Intake, Reject};

/// How far a file is certain, and what comes after that.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// Where the line after the last certain one begins, and the number of that one.
    pub next: Place,
    rejects: Vec<Reject>,
    damage: Vec<Damage>,
}

impl Held {
    /// Holds a line, or the end of reading (line 0), that may be bad.
    pub fn reject(&mut self, reject: Reject) {
        self.rejects.push(reject);
    }

    /// Holds a stretch that may be damaged.
    pub fn damaged(&mut self, damage: Damage) {
        self.damage.push(damage);
    }

    /// Everything held is as it seems.
    pub fn settle(&mut self, intake: &mut Intake) {
        for reject in self.rejects.drain(..) {
            intake.files[reject.file as usize].lines += u64::from(reject.line > 0);
            intake.reject(reject);
        }
        for damage in self.damage.drain(..) {
            intake.damaged(damage);
        }
    }

    /// What is held is going to be read again.
    pub fn forget(&mut self) {
        self.rejects.clear();
        self.damage.clear();
    }
}
