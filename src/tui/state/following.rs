//! What is known of files that grow: the beat, the memory, and how new rows enter a list.

use std::sync::Arc;
use std::time::Duration;

use super::list::List;
use crate::load::{Full, Growth, LoadPlan};
use crate::model::units;
use crate::query::run::Rows;
use crate::table::build::Pairing;

/// Before this it cannot be told how much memory is needed.
const SOON: Duration = Duration::from_secs(1);

/// What the app knows of files that grow.
pub struct Following {
    /// What the loader said last.
    growth: Growth,
    /// Whether files are to be followed; the loader may not know yet.
    wanted: bool,
    /// The pairing needs all input.
    impossible: bool,
}

impl Following {
    /// As it was planned.
    pub fn planned(plan: LoadPlan) -> Following {
        Following {
            growth: Growth::default(),
            wanted: plan.follow,
            impossible: matches!(plan.pairing, Pairing::Analyzer(_)),
        }
    }

    /// Takes what the loader says; answers whether the table is still the same.
    pub fn take(&mut self, growth: Growth) -> bool {
        let before = std::mem::replace(&mut self.growth, growth).version;
        before > 0 && before == growth.version
    }

    /// Begins or ends to follow.
    ///
    /// # Errors
    /// In words, when that is not possible.
    pub fn toggle(&mut self) -> Result<bool, String> {
        if self.impossible {
            return Err("the analyzer's pairing needs all input; it cannot follow".to_owned());
        }
        if let Some((stopped, _)) = self.stopped() {
            let option = match self.growth.stopped {
                Some(Full::Memory(_)) => " (--memory)",
                _ => "",
            };
            return Err(format!("nothing more is read: {stopped}{option}"));
        }
        self.wanted = !self.wanted;
        Ok(self.wanted)
    }

    /// Takes an answer. What one looks at stays in its place, but who is at the
    /// end of a growing table stays there.
    pub fn show(&self, rows: Arc<Rows>, list: &mut List) {
        match self.growth.pulse {
            Some(_) => list.grow(rows),
            None => list.set_rows(rows),
        }
    }

    /// The file that is waited for, by number.
    pub fn waits(&self) -> Option<u32> {
        self.growth.waits
    }

    /// Whether files are followed.
    pub fn goes_on(&self) -> bool {
        self.growth.pulse.is_some()
    }

    /// How much memory it will take when all is read, as far as it can be told: the
    /// table grows with what is read, the rest does not.
    pub fn needs(&self, read: u64, size: Option<u64>, elapsed: Duration) -> Option<String> {
        let size = size.filter(|&size| elapsed >= SOON && read > 0 && read < size)?;
        let Growth { table, memory, .. } = self.growth;
        let needs = u128::from(table) * u128::from(size) / u128::from(read);
        Some(units::bytes(needs + u128::from(memory - table)))
    }

    /// That there was no room for more, in two lengths.
    pub fn stopped(&self) -> Option<(String, String)> {
        let (limit, what) = match self.growth.stopped? {
            Full::Memory(limit) => (units::bytes(limit.into()), " of memory"),
            Full::Numbers => ("4.29G rows".to_owned(), ", the last that have numbers"),
        };
        let short = format!("stopped at {limit}");
        Some((format!("{short}{what}"), short))
    }

    /// Whether there is nothing to be told.
    pub fn is_silent(&self) -> bool {
        self.growth.pulse.is_none() && self.growth.stopped.is_none()
    }

    /// The beat of what comes in, in two lengths.
    pub fn pulse(&self) -> Option<(String, String)> {
        let pulse = self.growth.pulse?;
        let rate = match pulse.rate {
            rate if rate > 0.0 && rate < 10.0 => format!("{rate:.1}"),
            rate => units::count(rate as u128),
        };
        let newest = pulse.age.map(ago).unwrap_or_default();
        let (long, short) = match newest.as_str() {
            "" => (String::new(), String::new()),
            age => (format!(", newest {age} ago"), format!(", {age} ago")),
        };
        Some((
            format!("following, {rate} flows/s{long}"),
            format!("{rate}/s{short}"),
        ))
    }
}

/// In the greatest unit of which there are two.
fn ago(age: Duration) -> String {
    let seconds = age.as_secs();
    let units = [(86_400, "d"), (3600, "h"), (60, "m")];
    let unit = units.iter().find(|unit| seconds >= 2 * unit.0);
    let &(length, name) = unit.unwrap_or(&(1, "s"));
    format!("{} {name}", seconds / length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_told_in_one_unit() {
        let told = [0, 119, 120, 7199, 7200, 172_799, 172_800]
            .map(Duration::from_secs)
            .map(ago);
        assert_eq!(told, ["0 s", "119 s", "2 m", "119 m", "2 h", "47 h", "2 d"]);
    }
}
