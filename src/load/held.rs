//! What of the files is not certain while they may grow: a line whose end is
//! not there yet is no bad line, and a member that cannot be inflated may be
//! half of one. It is held back until a later line is certain. Of any number,
//! all are counted, and no more held than the account has room for.

use crate::model::flow::LineAt;
use crate::model::intake::{Damage, Intake, REJECTS_KEPT, Reject};

/// How far the files are certain, and what comes after that.
#[derive(Clone, Debug, Default)]
pub struct Held {
    files: Vec<Doubts>,
    /// Held of all files.
    rejects: usize,
    damage: usize,
}

/// How far a file is certain, and what comes after that.
#[derive(Clone, Debug, Default)]
struct Doubts {
    next: LineAt,
    rejects: Vec<Reject>,
    damage: Vec<Damage>,
    /// Lines among all rejects.
    lines: u64,
    /// Rejects and damaged bytes without details.
    more: (u64, u64),
}

impl Held {
    /// Holds nothing yet of the file of the next number.
    pub fn file(&mut self) {
        self.files.push(Doubts::default());
    }

    /// Where the line after the last certain one of a file begins, and the number of that one.
    pub fn next(&mut self, file: u32) -> &mut LineAt {
        &mut self.files[file as usize].next
    }

    /// Holds a line, or the end of reading (line 0), that may be bad.
    pub fn reject(&mut self, reject: Reject) {
        let doubts = &mut self.files[reject.file as usize];
        doubts.lines += u64::from(reject.line > 0);
        // of each file the first is known, whatever is held of others
        if self.rejects < REJECTS_KEPT || doubts.rejects.is_empty() {
            self.rejects += 1;
            doubts.rejects.push(reject);
        } else {
            doubts.more.0 += 1;
        }
    }

    /// Holds a stretch that may be damaged.
    pub fn damaged(&mut self, damage: Damage) {
        let doubts = &mut self.files[damage.file as usize];
        if self.damage < REJECTS_KEPT || doubts.damage.is_empty() {
            self.damage += 1;
            doubts.damage.push(damage);
        } else {
            doubts.more.1 += damage.bytes;
        }
    }

    /// Everything held of a file is as it seems.
    pub fn settle(&mut self, file: u32, intake: &mut Intake) {
        let doubts = self.take(file);
        intake.files[file as usize].lines += doubts.lines;
        doubts.rejects.into_iter().for_each(|it| intake.reject(it));
        doubts.damage.into_iter().for_each(|it| intake.damaged(it));
        intake.lost(file, doubts.more.0, doubts.more.1);
    }

    /// Everything held is as it seems.
    pub fn settle_all(&mut self, intake: &mut Intake) {
        (0..self.files.len() as u32).for_each(|file| self.settle(file, intake));
    }

    /// What is held of a file is going to be read again.
    pub fn forget(&mut self, file: u32) {
        self.take(file);
    }

    fn take(&mut self, file: u32) -> Doubts {
        let doubts = &mut self.files[file as usize];
        let next = doubts.next;
        let held = std::mem::replace(
            doubts,
            Doubts {
                next,
                ..Doubts::default()
            },
        );
        self.rejects -= held.rejects.len();
        self.damage -= held.damage.len();
        held
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::intake::FileIntake;

    fn reject(file: u32, line: u64) -> Reject {
        Reject {
            file,
            line,
            offset: 0,
            place: None,
            reason: String::new(),
        }
    }

    fn damage(file: u32) -> Damage {
        Damage {
            file,
            offset: 0,
            bytes: 3,
            reason: String::new(),
        }
    }

    #[test]
    fn all_is_counted_and_little_of_it_held() {
        let many = 3 * REJECTS_KEPT as u64;
        let (mut held, mut intake) = (Held::default(), Intake::default());
        for file in 0..2 {
            held.file();
            intake.files.push(FileIntake::default());
            (1..=many).for_each(|line| held.reject(reject(file, line)));
            (0..many).for_each(|_| held.damaged(damage(file)));
            // the end of reading is no line
            held.reject(reject(file, 0));
        }
        let details = |held: &Held| {
            let files = held.files.iter();
            files.fold((0, 0), |all, doubts| {
                (all.0 + doubts.rejects.len(), all.1 + doubts.damage.len())
            })
        };
        assert_eq!(details(&held), (REJECTS_KEPT + 1, REJECTS_KEPT + 1));
        held.settle_all(&mut intake);
        assert_eq!(details(&held), (0, 0));
        for file in &intake.files {
            let account = (file.lines, file.rejected, file.damaged);
            assert_eq!(account, (many, many + 1, 3 * many));
        }
        assert_eq!(intake.rejected_lines, 2 * (many + 1));
        assert_eq!(intake.damaged_bytes, 6 * many);
        // there is room again for what comes now, and none of it for what is forgotten
        held.reject(reject(1, 7));
        held.reject(reject(1, 8));
        assert_eq!(details(&held).0, 2);
        held.forget(1);
        held.settle_all(&mut intake);
        assert_eq!(intake.rejected_lines, 2 * (many + 1));
    }
}
