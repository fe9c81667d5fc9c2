//! Options of the report that put rows together: `--top` and `--timeline`.

use clap::Args;

use crate::model::typo::NameError;
use crate::model::units::parse_duration;
use crate::query::group::by::By;
use crate::query::group::measure::{BYTES, Order};
use crate::query::order::sort::Sort;
use crate::query::run::Preset;
use crate::query::task::{GroupTask, Task, TimeTask};
use crate::query::time::timeline::Amount;
use crate::report::view::Show;

/// Groups unless told otherwise.
const USUAL_GROUPS: usize = 10;
/// The most groups of a timeline.
const TIMED_GROUPS: usize = 100;
/// Steps of a timeline.
const STEPS_LIMIT: usize = 100_000;
/// Steps of all groups of a timeline: all are held in memory, at about 1 KB each.
const LINES_LIMIT: usize = 250_000;

/// The options.
#[derive(Args)]
pub struct TopArgs {
    /// Group by a field or two, greatest first: host, src_addr, pair, service, dst_port,
    /// protocol, exporter, as, net/24, hour ... (10 groups unless --limit says otherwise)
    #[arg(long, value_name = "FIELD[,FIELD]", value_parser = fields)]
    top: Option<Fields>,
    /// Print connections, packets and bytes over time, in steps such as 10s, 5m or 1h, counted
    /// from midnight before the first row; with --top a line for each step and group, and one
    /// for all others
    #[arg(long, value_name = "STEP", value_parser = step, allow_hyphen_values = true)]
    timeline: Option<i64>,
}

/// Groupings, one or two.
#[derive(Clone)]
struct Fields(Vec<By>);

fn fields(text: &str) -> Result<Fields, String> {
    let by = By::parse_some(text).map(Fields);
    by.map_err(|error| error.at_length())
}

fn step(text: &str) -> Result<i64, String> {
    let step = parse_duration(text).filter(|&step| step > 0);
    step.ok_or_else(|| "expected a positive duration such as 10s, 5m or 1h".to_owned())
}

/// An order of rows, of groups, or of both.
#[derive(Clone)]
pub struct SortArg {
    text: String,
    rows: Result<Sort, NameError>,
    groups: Result<Order, NameError>,
}

/// What rows or groups are sorted by; which of them is known when all options are, and
/// whether a grouping is the key of these groups.
///
/// # Errors
/// In words, when neither can be; what is wrong for one of them is said when it is used.
pub fn sort(text: &str) -> Result<SortArg, String> {
    let (rows, groups) = (Sort::parse(text), Order::parse(text));
    if let (Err(rows), Err(groups), None) = (&rows, &groups, key(text)) {
        return Err(match rows.near() == groups.near() {
            true => rows.at_length(),
            false => format!("{rows}; {}", groups.at_length()),
        });
    }
    Ok(SortArg {
        text: text.to_owned(),
        rows,
        groups,
    })
}

/// The grouping that an order names.
fn key(text: &str) -> Option<By> {
    let (name, _) = text.split_once(':').unwrap_or((text, ""));
    By::parse(name).ok()
}

impl SortArg {
    /// The order of groups by these: what they are grouped by is called their key, too.
    fn groups(self, by: &[By]) -> Result<Order, NameError> {
        let is_of = |key: By| by.iter().any(|it| key.is_like(it));
        match key(&self.text).is_some_and(is_of) {
            true if self.groups.is_err() => {
                let (_, order) = self.text.split_once(':').unwrap_or_default();
                Order::parse(&format!("key:{order}"))
            }
            _ => self.groups,
        }
    }
}

impl TopArgs {
    /// What was asked for, if it was, and the order of rows.
    ///
    /// # Errors
    /// In words, when the options do not go together.
    pub fn read(
        self,
        sort: Option<SortArg>,
        show: Option<Show>,
        limit: Option<usize>,
    ) -> Result<(Option<Task>, Option<Sort>), String> {
        let limit = limit.unwrap_or(USUAL_GROUPS);
        let task = match (self.top, self.timeline) {
            (Some(Fields(by)), None) => Task::Groups(GroupTask {
                order: sort
                    .map_or(Ok(Order::by(BYTES)), |sort| sort.groups(&by))
                    .map_err(|error| error.at_length())?,
                by,
                limit,
            }),
            (Some(_), Some(_)) if limit > TIMED_GROUPS => {
                let most = format!("--limit {TIMED_GROUPS}");
                return Err(format!("a timeline is of a few groups: {most} at most"));
            }
            (by, Some(step)) => {
                let by = by.map_or(Vec::new(), |Fields(by)| by);
                let layers = if by.is_empty() { 1 } else { limit + 1 };
                Task::Time(TimeTask {
                    amount: sort.map_or(Ok(Amount::Bytes), |sort| amount(&sort.text, show))?,
                    by,
                    limit,
                    range: None,
                    step: Some(step),
                    most: STEPS_LIMIT.min(LINES_LIMIT / layers),
                })
            }
            (None, None) => return Ok((None, rows(sort)?)),
        };
        match show.is_none_or(Show::has_rows) {
            true => Ok((Some(task), None)),
            false => Err(
                "--top and --timeline go with --show connections or --show unmatched".to_owned(),
            ),
        }
    }
}

/// The order of rows that are not put together.
pub fn rows(sort: Option<SortArg>) -> Result<Option<Sort>, String> {
    let rows = sort.map(|sort| sort.rows).transpose();
    rows.map_err(|error| error.at_length())
}

fn amount(text: &str, show: Option<Show>) -> Result<Amount, String> {
    let preset = show.map_or(Preset::Connections, Show::preset);
    let is_meant = |amount: &Amount| amount.name() == text || amount.called(preset).0 == text;
    let found = Amount::ALL.into_iter().find(is_meant);
    found.ok_or_else(|| "a timeline is of bytes, packets or connections: --sort packets".to_owned())
}
