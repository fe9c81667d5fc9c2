//! The state of the view of time: what is spread over it, which stretch, the
//! cursor and the brush.

use std::cmp::Reverse;
use std::ops::Range;
use std::sync::Arc;

use crate::model::time::{DAY, Zone};
use crate::query::stack::Stack;
use crate::query::time::timeline::{Amount, Timeline};

/// Columns of the scale beside the bars.
pub const SCALE: u16 = 9;
/// Groups that bars are made of, and one more for the others.
pub const LAYERS: usize = 5;
/// Steps so long may go through years.
const YEARLY: i64 = 7 * DAY;
/// Longer stretches that lie in several years are told with them.
pub const LONG: i64 = 100 * DAY;
/// No shorter stretch is shown, in milliseconds.
const SHORTEST: i64 = 10;

/// The course of rows over time.
#[derive(Clone, Default)]
pub struct Course {
    /// The steps, none without rows.
    pub line: Option<Arc<Timeline>>,
    /// What bars are made of, if that is groups.
    pub stack: Option<Arc<Stack>>,
    /// Rows that pass the filter but have too few packets.
    pub below_threshold: u64,
}

/// The state of the view.
#[derive(Clone, Default)]
pub struct Time {
    /// What is spread.
    pub amount: Amount,
    /// The stretch that is shown; all there is without one.
    pub range: Option<Range<i64>>,
    /// All there was when it was shown last.
    whole: Option<Range<i64>>,
    /// Bars are made of groups, by what the view of groups is by.
    pub stacked: bool,
    /// The answer.
    pub course: Course,
    /// The moment that the cursor is on.
    moment: Option<i64>,
    /// The bar that is looked at closer: the cursor goes to the highest of its parts.
    closer: Option<Range<i64>>,
    /// The moment at which the brush was put down.
    pub brush: Option<i64>,
}

impl Time {
    /// Takes an answer.
    pub fn take(&mut self, course: Course) {
        if self.range.is_none() {
            self.whole = course.line.as_ref().map(|line| line.bins.range());
        }
        self.course = course;
        let bar = self.closer.take();
        let highest = bar.and_then(|bar| self.highest(&bar));
        self.moment = highest.or(self.moment);
    }

    /// Where the highest of the bars begins that a stretch of time has a part in, the first of
    /// several; none where there is nothing.
    fn highest(&self, stretch: &Range<i64>) -> Option<i64> {
        let line = self.course.line.as_ref()?;
        let bars = line.sums().enumerate().filter(|(bar, sum)| {
            let (begin, end) = (line.bins.start(*bar), line.bins.start(bar + 1));
            *sum > 0 && begin < stretch.end && end > stretch.start
        });
        let (bar, _) = bars.max_by_key(|&(bar, sum)| (sum, Reverse(bar)))?;
        Some(line.bins.start(bar))
    }

    /// The step that the cursor is on.
    pub fn cursor(&self) -> usize {
        self.step_of(self.moment)
    }

    /// Whether a brush is down, or a part of all time is shown: the way back is out of it.
    pub fn is_within(&self) -> bool {
        self.brush.is_some() || self.range.is_some()
    }

    /// The steps that the brush has gone over.
    pub fn brushed(&self) -> Option<Range<usize>> {
        let from = self.brush.map(|_| self.step_of(self.brush))?;
        let to = self.cursor();
        Some(from.min(to)..from.max(to) + 1)
    }

    fn step_of(&self, moment: Option<i64>) -> usize {
        let (Some(line), Some(moment)) = (&self.course.line, moment) else {
            return 0;
        };
        let step = moment
            .saturating_sub(line.bins.begin)
            .div_euclid(line.bins.step);
        usize::try_from(step)
            .unwrap_or(0)
            .min(line.bins.count.saturating_sub(1))
    }

    /// The stretch under the brush, or under the cursor.
    pub fn picked(&self) -> Option<Range<i64>> {
        let line = self.course.line.as_ref()?;
        let cursor = self.cursor();
        let steps = self.brushed().unwrap_or(cursor..cursor + 1);
        Some(line.bins.start(steps.start)..line.bins.start(steps.end))
    }

    /// Puts the brush down, or lifts it.
    pub fn put_brush(&mut self) {
        self.brush = match self.brush {
            Some(_) => None,
            None => self.picked().map(|picked| picked.start),
        };
    }

    /// Moves the cursor by steps.
    pub fn go(&mut self, steps: isize) {
        let Some(line) = &self.course.line else {
            return;
        };
        let last = line.bins.count.saturating_sub(1);
        let to = self.cursor().saturating_add_signed(steps).min(last);
        self.moment = Some(line.bins.start(to));
    }

    /// Half the stretch around the cursor, or the brushed one; or twice as much.
    /// Answers whether there is something else to see.
    pub fn zoom(&mut self, closer: bool) -> bool {
        let Some(line) = &self.course.line else {
            return false;
        };
        let shown = line.bins.range();
        let length = shown.end.saturating_sub(shown.start);
        let brushed = self.brushed().and_then(|_| self.picked());
        if !closer {
            let was_part = self.range.take().is_some();
            let wanted = length.saturating_mul(2);
            // beyond its ends there is nothing to see
            let whole = self.whole.as_ref().filter(|_| was_part);
            let whole = whole.filter(|whole| wanted < whole.end.saturating_sub(whole.start));
            self.range = whole.map(|whole| {
                let begin = shown.start.saturating_sub(length / 2);
                let begin = begin.clamp(whole.start, whole.end - wanted);
                begin..begin + wanted
            });
            return was_part;
        }
        if length <= SHORTEST {
            return false;
        }
        let bar = line.bins.start(self.cursor())..line.bins.start(self.cursor() + 1);
        let middle = bar.start + (bar.end - bar.start) / 2;
        let range = brushed.unwrap_or_else(|| {
            let begin = (middle - length / 4).clamp(shown.start, shown.end - length / 2);
            begin..begin + (length / 2).max(1)
        });
        if self.brush.take().is_none() {
            (self.moment, self.closer) = (Some(middle), Some(bar));
        }
        self.range = Some(range);
        true
    }
}

/// The steps that a screen has room for.
pub fn steps(width: u16) -> usize {
    usize::from(width.saturating_sub(SCALE).max(1))
}

/// As much of its date as a time is told with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Date {
    /// Nothing.
    No,
    /// Month and day.
    Day,
    /// All of it.
    Year,
}

impl Date {
    /// What it takes so that times from one moment up to another do not read alike, and
    /// look in order where they are. A night between two years needs no year.
    pub fn needed(begin: i64, end: i64, zone: &Zone) -> Self {
        let year = |moment| zone.day(moment).map(|day| day.year());
        match end.saturating_sub(begin) {
            ..DAY => Date::No,
            LONG.. if year(begin) != year(end) => Date::Year,
            _ => Date::Day,
        }
    }
}

/// A moment on an axis: with its day where that is told, with parts of seconds
/// where steps are that short.
pub fn clock(zone: &Zone, moment: i64, step: i64, date: Date) -> String {
    let pattern = match (date, step) {
        (Date::No | Date::Day, YEARLY..) => "%Y-%m-%d",
        (Date::No | Date::Day, DAY..) => "%m-%d",
        (Date::No, ..1000) => "%H:%M:%S.%3f",
        (Date::No, ..60_000) => "%H:%M:%S",
        (Date::No, _) => "%H:%M",
        (Date::Day, _) => "%m-%d %H:%M",
        (Date::Year, ..1000) => "%Y-%m-%d %H:%M:%S.%3f",
        (Date::Year, ..60_000) => "%Y-%m-%d %H:%M:%S",
        (Date::Year, _) => "%Y-%m-%d %H:%M",
    };
    zone.print(moment, pattern)
}
