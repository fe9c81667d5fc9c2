//! Moments in the zone the user reads them in. A thin layer over `jiff`: the
//! rest of the program holds Unix milliseconds and never a time zone.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

/// Milliseconds of most days.
pub const DAY: i64 = 86_400_000;

/// Whole milliseconds of seconds; what a float cannot tell from the next microsecond is that.
pub fn milliseconds(seconds: f64) -> i64 {
    ((seconds * 1e6).round() / 1e3).floor() as i64
}

/// An interval of time: its first millisecond, and the one after its last.
pub type Interval = (i64, i64);

/// The time zone of everything that is printed for people.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone(TimeZone);

impl Zone {
    /// The machine's zone, or UTC where the machine knows none.
    pub fn local() -> Self {
        Zone(TimeZone::try_system().unwrap_or(TimeZone::UTC))
    }

    /// UTC.
    pub fn utc() -> Self {
        Zone(TimeZone::UTC)
    }

    /// A moment by a `strftime` pattern; what no calendar holds is shown as a number.
    pub fn print(&self, milliseconds: i64, pattern: &str) -> String {
        match Timestamp::from_millisecond(milliseconds) {
            Ok(moment) => moment
                .to_zoned_datetime(self.0.clone())
                .strftime(pattern)
                .to_string(),
            Err(_) => milliseconds.to_string(),
        }
    }

    /// The day of a moment.
    pub fn day(&self, milliseconds: i64) -> Option<Date> {
        let moment = Timestamp::from_millisecond(milliseconds).ok()?;
        Some(moment.to_zoned_datetime(self.0.clone()).date())
    }

    /// The last moment, up to this one, at which this zone's clocks showed a whole
    /// number of such steps since midnight; of a day and more it is midnight.
    pub fn floor(&self, milliseconds: i64, step: i64) -> i64 {
        let day = self.day(milliseconds).filter(|_| step >= DAY);
        if let Some(begin) = day.and_then(|day| self.moment(day.into())) {
            return begin;
        }
        let offset = Timestamp::from_millisecond(milliseconds).map_or(0, |moment| {
            i64::from(self.0.to_offset(moment).seconds()) * 1000
        });
        let shown = milliseconds.saturating_add(offset).rem_euclid(DAY);
        milliseconds.saturating_sub(shown.rem_euclid(step.max(1)))
    }

    /// When the clocks of this zone show this, for the first time.
    pub fn moment(&self, shown: DateTime) -> Option<i64> {
        let moment = self.0.to_timestamp(shown).ok()?;
        Some(moment.as_millisecond())
    }

    /// When a clock shows what begins and ends so, in this zone or at an offset of its own:
    /// twice where clocks were put back meanwhile, never where no calendar reaches.
    pub fn intervals(&self, [begin, end]: [DateTime; 2], offset: Option<Offset>) -> Vec<Interval> {
        let zone = offset.map_or_else(|| self.0.clone(), TimeZone::fixed);
        let zones = match zone.to_ambiguous_timestamp(begin).offset() {
            AmbiguousOffset::Fold { before, after } => [before, after].map(TimeZone::fixed).into(),
            _ => vec![zone],
        };
        let interval = |zone: TimeZone| {
            let [begin, end] = [begin, end].map(|shown| zone.to_timestamp(shown).ok());
            Some((begin?.as_millisecond(), end?.as_millisecond()))
        };
        zones.into_iter().filter_map(interval).collect()
    }

    /// Whether clocks show the time of this moment twice, as they are put back.
    pub fn shows_twice(&self, milliseconds: i64) -> bool {
        let shown = Timestamp::from_millisecond(milliseconds)
            .map(|moment| self.0.to_datetime(moment))
            .map(|shown| self.0.to_ambiguous_timestamp(shown));
        shown.is_ok_and(|shown| shown.is_ambiguous())
    }
}

/// RFC 3339 in UTC with milliseconds: `2026-11-24T05:02:08.123Z`.
pub fn rfc3339(milliseconds: i64) -> String {
    Zone::utc().print(milliseconds, "%Y-%m-%dT%H:%M:%S.%3fZ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_utc_and_survives_what_no_calendar_holds() {
        assert_eq!(rfc3339(1_700_000_000_123), "2023-11-14T22:13:20.123Z");
        assert_eq!(rfc3339(-1), "1969-12-31T23:59:59.999Z");
        assert_eq!(rfc3339(i64::MAX), i64::MAX.to_string());
    }

    #[test]
    fn steps_begin_where_the_clocks_of_the_zone_do() {
        // 03:43:20 on the 15th in India, where clocks are half an hour off
        let moment = 1_700_000_000_000;
        let india = Zone(TimeZone::fixed(
            Offset::from_seconds(19_800).unwrap_or(Offset::UTC),
        ));
        for (step, shown) in [
            (3_600_000, "2023-11-15T03:00:00"),
            (21_600_000, "2023-11-15T00:00:00"),
            (DAY, "2023-11-15T00:00:00"),
            (1000, "2023-11-15T03:43:20"),
            // steps that no day is a multiple of, too
            (7 * 60_000, "2023-11-15T03:37:00"),
            (7 * 3_600_000, "2023-11-15T00:00:00"),
            (7 * DAY, "2023-11-15T00:00:00"),
        ] {
            let begin = india.floor(moment, step);
            assert_eq!(india.print(begin, "%Y-%m-%dT%H:%M:%S"), shown);
        }
    }
}
