//! `Moment`, a point or interval of time as a person writes it in a filter:
//! `2026-11-24T14:05`, `14:05`, `-15m`. Which milliseconds it means depends on
//! the zone and on the newest flow, so it is kept as written until both are known.

use std::fmt;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use jiff::{Span, ToSpan};

use super::time::{Interval, Zone, milliseconds};
use super::units::parse_duration;

/// Digits of a whole number of Unix seconds, at least and at most: with fewer it would be a
/// year or a date without dashes, and more are no milliseconds of 64 bits.
const LEAST: usize = 9;
const MOST: usize = 16;

/// A time as it was written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Moment {
    /// So many milliseconds before the newest.
    Ago(i64),
    /// Unix seconds, a whole second or a millisecond of it.
    Unix(f64, Exact),
    /// What a calendar and a clock show.
    Shown {
        /// The day, that of the newest flow where none is written.
        day: Option<Date>,
        /// The time of day.
        time: Time,
        /// How exactly it is written.
        exact: Exact,
        /// Its own offset from UTC.
        offset: Option<Offset>,
    },
}

/// The smallest part of a time that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exact {
    /// `2026`
    Year,
    /// `2026-11`
    Month,
    /// `2026-11-24`
    Day,
    /// `2026-11-24T14`
    Hour,
    /// `14:05`
    Minute,
    /// `14:05:30`
    Second,
    /// `14:05:30.250`
    Millisecond,
}

impl Exact {
    fn span(self) -> Span {
        match self {
            Exact::Year => 1.year(),
            Exact::Month => 1.month(),
            Exact::Day => 1.day(),
            Exact::Hour => 1.hour(),
            Exact::Minute => 1.minute(),
            Exact::Second => 1.second(),
            Exact::Millisecond => 1.millisecond(),
        }
    }

    fn pattern(self) -> &'static str {
        match self {
            Exact::Year => "%Y",
            Exact::Month => "%Y-%m",
            Exact::Day => "%Y-%m-%d",
            Exact::Hour => "%Y-%m-%dT%H",
            Exact::Minute => "%Y-%m-%dT%H:%M",
            Exact::Second => "%Y-%m-%dT%H:%M:%S",
            Exact::Millisecond => "%Y-%m-%dT%H:%M:%S.%3f",
        }
    }
}

impl Moment {
    /// Reads the beginning of an ISO date and time, a time of day, an age with
    /// a minus, or Unix seconds.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(age) = text.strip_prefix('-') {
            // nobody asks for the last 15 ms by -15
            let has_unit = age.ends_with(|c: char| c.is_ascii_alphabetic());
            return has_unit.then(|| parse_duration(age).map(Moment::Ago))?;
        }
        if let Some(unix) = unix(text) {
            return Some(unix);
        }
        let (day, clock) = match text.split_once(['T', 't', ' ']) {
            Some((day, clock)) => (Some(day), Some(clock)),
            None if text.contains(':') => (None, Some(text)),
            None => (Some(text), None),
        };
        let (date, exact) = match day {
            Some(day) => date(day).map(|(date, exact)| (Some(date), exact))?,
            None => (None, Exact::Day),
        };
        let Some(clock) = clock else {
            return Some(shown(date, Time::midnight(), exact, None));
        };
        // a time of day stands behind a whole date alone
        if exact != Exact::Day {
            return None;
        }
        let (clock, offset) = offset(clock)?;
        let (time, exact) = time(clock)?;
        Some(shown(date, time, exact, offset))
    }

    /// What it means: two intervals where clocks show it twice, none where no calendar reaches.
    pub fn intervals(self, zone: &Zone, newest: impl FnOnce() -> i64) -> Vec<Interval> {
        let (day, time, exact, offset) = match self {
            Moment::Ago(age) => {
                let then = newest().saturating_sub(age);
                return vec![(then, then.saturating_add(1))];
            }
            Moment::Unix(seconds, exact) => {
                let length = if exact == Exact::Second { 1000 } else { 1 };
                let begin = milliseconds(seconds);
                return vec![(begin, begin.saturating_add(length))];
            }
            Moment::Shown {
                day,
                time,
                exact,
                offset,
            } => (day, time, exact, offset),
        };
        let day = day.or_else(|| zone.day(newest()));
        let begin = day.map(|day| DateTime::from_parts(day, time));
        let shown = begin.and_then(|begin| Some([begin, begin.checked_add(exact.span()).ok()?]));
        shown.map_or(Vec::new(), |shown| zone.intervals(shown, offset))
    }
}

/// Seconds of Unix time, and a fraction as reports have it; shorter numbers are years.
fn unix(text: &str) -> Option<Moment> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    if !(LEAST..=MOST).contains(&whole.len())
        || !is_number(whole)
        || !fraction.is_none_or(is_number)
    {
        return None;
    }
    let exact = match fraction {
        Some(_) => Exact::Millisecond,
        None => Exact::Second,
    };
    let seconds: f64 = text.parse().ok()?;
    let is_exact = fraction.is_none() || whole.len() < MOST;
    (is_exact && seconds <= (i64::MAX / 1000) as f64).then_some(Moment::Unix(seconds, exact))
}

fn shown(day: Option<Date>, time: Time, exact: Exact, offset: Option<Offset>) -> Moment {
    Moment::Shown {
        day,
        time,
        exact,
        offset,
    }
}

fn digits<T: std::str::FromStr>(text: &str, count: usize) -> Option<T> {
    let plain = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}

fn date(text: &str) -> Option<(Date, Exact)> {
    let mut parts = text.split('-');
    let year = digits(parts.next()?, 4)?;
    let (month, day) = (parts.next(), parts.next());
    if parts.next().is_some() {
        return None;
    }
    let exact = match (month, day) {
        (None, _) => Exact::Year,
        (_, None) => Exact::Month,
        _ => Exact::Day,
    };
    let part = |part: Option<&str>| part.map_or(Some(1), |text| digits(text, 2));
    Some((Date::new(year, part(month)?, part(day)?).ok()?, exact))
}

fn time(text: &str) -> Option<(Time, Exact)> {
    let (text, fraction) = match text.split_once('.') {
        Some((text, fraction)) => (text, Some(fraction)),
        None => (text, None),
    };
    let parts: Vec<&str> = text.split(':').collect();
    let exact = match (parts.len(), fraction) {
        (1, None) => Exact::Hour,
        (2, None) => Exact::Minute,
        (3, None) => Exact::Second,
        (3, Some(_)) => Exact::Millisecond,
        _ => return None,
    };
    let part = |at: usize| parts.get(at).map_or(Some(0), |text| digits(text, 2));
    // people write 9:05
    let hour = match parts[..] {
        [hour, _, ..] => digits(hour, 1).or_else(|| part(0))?,
        _ => part(0)?,
    };
    let millisecond: i32 = match fraction {
        None => 0,
        Some(fraction) if fraction.is_empty() || fraction.len() > 3 => return None,
        Some(fraction) => digits(&format!("{fraction:0<3}"), 3)?,
    };
    let time = Time::new(hour, part(1)?, part(2)?, millisecond * 1_000_000).ok()?;
    Some((time, exact))
}

/// The time without the offset behind it: `Z`, `+02:00`, `-0530` or `+02`.
fn offset(text: &str) -> Option<(&str, Option<Offset>)> {
    if let Some(text) = text.strip_suffix(['Z', 'z']) {
        return Some((text, Some(Offset::UTC)));
    }
    let Some(at) = text.find(['+', '-']) else {
        return Some((text, None));
    };
    let (text, written) = text.split_at(at);
    let (sign, written) = written.split_at(1);
    let (hours, minutes) = match written.split_once(':') {
        Some(both) => both,
        None if written.len() == 2 => (written, "00"),
        None => written.split_at_checked(2)?,
    };
    let minutes = digits(minutes, 2).filter(|&minutes: &i32| minutes < 60)?;
    let seconds = digits::<i32>(hours, 2)? * 3600 + minutes * 60;
    let signed = if sign == "-" { -seconds } else { seconds };
    Some((text, Some(Offset::from_seconds(signed).ok()?)))
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match *self {
            Moment::Ago(age) => write!(f, "-{age}ms"),
            Moment::Unix(seconds, Exact::Second) => write!(f, "{seconds:0LEAST$.0}"),
            Moment::Unix(seconds, _) => {
                let text = format!("{seconds:?}");
                let fraction = text.split_once('.').map_or(0, |parts| 1 + parts.1.len());
                write!(f, "{text:0>width$}", width = LEAST + fraction)
            }
            Moment::Shown {
                day,
                time,
                exact,
                offset,
            } => {
                let pattern = match day {
                    Some(_) => exact.pattern(),
                    None => exact.pattern().trim_start_matches("%Y-%m-%dT"),
                };
                let shown = DateTime::from_parts(day.unwrap_or(Date::ZERO), time);
                write!(f, "{}", shown.strftime(pattern))?;
                match offset.map(Offset::seconds) {
                    None => Ok(()),
                    Some(seconds) => {
                        let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds / 60);
                        let minutes = minutes.abs();
                        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2023-11-14T22:13:20Z
    const NEWEST: i64 = 1_700_000_000_000;

    #[test]
    fn a_prefix_is_the_interval_it_names() {
        const DAY: i64 = 86_400_000;
        let midnight = NEWEST - NEWEST % DAY;
        for (text, begin, length) in [
            ("2023-11-14", midnight, DAY),
            ("2023-11", midnight - 13 * DAY, 30 * DAY),
            ("2023-11-14T22", midnight + 22 * 3_600_000, 3_600_000),
            ("2023-11-14T22:13", midnight + 79_980_000, 60_000),
            ("2023-11-14 22:13:20", NEWEST, 1000),
            ("2023-11-14T22:13:20.5Z", NEWEST + 500, 1),
            ("2023-11-15T00:13:20+02:00", NEWEST, 1000),
            ("2023-11-14T16:43:20-0530", NEWEST, 1000),
            ("22:13", midnight + 79_980_000, 60_000),
            ("1700000000", NEWEST, 1000),
            ("1700000000.0", NEWEST, 1),
            ("1700000000.379484", NEWEST + 379, 1),
            ("000000000.5", 500, 1),
            ("000012345.125", 12_345_125, 1),
            ("999999999999.5", 999_999_999_999_500, 1),
            ("9000000000000000", 9_000_000_000_000_000_000, 1000),
            ("-15m", NEWEST - 900_000, 1),
        ] {
            let moment = Moment::parse(text).unwrap_or_else(|| panic!("{text} is a time"));
            let intervals = moment.intervals(&Zone::utc(), || NEWEST);
            assert_eq!(intervals, [(begin, begin + length)], "{text}");
            assert_eq!(Moment::parse(&moment.to_string()), Some(moment), "{moment}");
        }
    }

    #[test]
    fn an_offset_is_shown_with_its_sign() {
        for (text, shown) in [
            ("22:13Z", "22:13+00:00"),
            ("22:13+5:30", ""),
            ("22:13+0530", "22:13+05:30"),
            ("22:13+05", "22:13+05:00"),
            ("22:13-00:30", "22:13-00:30"),
        ] {
            let moment = Moment::parse(text).map(|moment| moment.to_string());
            assert_eq!(moment.unwrap_or_default(), shown, "{text}");
        }
    }

    #[test]
    fn what_no_clock_shows_is_no_time() {
        for text in [
            "",
            "-",
            "-15",
            "-1.5",
            "14",
            "soon",
            "24:00",
            "14:60",
            "2023-02-30",
            "2023-1-1",
            "2023T14",
            "2023-11-14T",
            "14:05:30.",
            "14:05+25:99",
            "14:05+05:60",
            "14:05+05:3:0",
            "14:05+0:530",
            "14:05+05:",
            "14:05+053",
            "14:05+",
            "20231114",
            "1700000000.",
            "1700000000.-5",
            "170000.5",
            "10000000000000000",
            "9999999999999999",
            "9000000000000000.5",
            "2023-11-14-15",
            "1:2",
            "é:05",
        ] {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
        let last = Moment::parse("9999").map(|moment| moment.intervals(&Zone::utc(), || 0));
        assert_eq!(last, Some(Vec::new()));
    }
}
