//! TABS, the catalogue of views, and the state each view keeps of its own.

use super::columns::Columns;
use super::list::List;
use crate::query::field;
use crate::query::order::sort::Sort;
use crate::query::run::Preset;

/// What a view shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// Rows of the table, in columns.
    Rows(Preset),
    /// Groups of rows.
    Top,
    /// Rows over time.
    Timeline,
    /// Files, exporters and what could not be used.
    Sources,
}

/// One row of [`TABS`].
pub struct TabInfo {
    /// The digit that is its key.
    pub number: usize,
    /// What it is called.
    pub title: &'static str,
    /// What its rows are, in the plural.
    pub noun: &'static str,
    /// What it shows.
    pub body: Body,
    /// The fields of its columns, if it has any.
    pub columns: &'static [&'static str],
}

/// The catalogue of views: the unmatched flows are the same table under another preset.
pub const TABS: &[TabInfo] = &[
    TabInfo {
        number: 1,
        title: "Connections",
        noun: "connections",
        body: Body::Rows(Preset::Connections),
        columns: &[
            "start",
            "service",
            "src_addr",
            "dst_addr",
            "bytes",
            "packets",
            "duration_ms",
            "src_port",
            "dst_port",
            "src_bytes",
            "dst_bytes",
            "protocol",
            "client",
            "match",
            "skew_ms",
            "src_flags",
            "dst_flags",
            "exporter",
            "version",
        ],
    },
    TabInfo {
        number: 2,
        title: "Unmatched",
        noun: "unmatched flows",
        body: Body::Rows(Preset::Unmatched),
        columns: &[
            "start",
            "reason",
            "src_addr",
            "dst_addr",
            "service",
            "packets",
            "bytes",
            "duration_ms",
            "src_port",
            "dst_port",
            "protocol",
            "src_flags",
            "exporter",
            "version",
        ],
    },
    TabInfo {
        number: 3,
        title: "Top",
        noun: "groups",
        body: Body::Top,
        columns: &[],
    },
    TabInfo {
        number: 4,
        title: "Timeline",
        noun: "steps",
        body: Body::Timeline,
        columns: &[],
    },
    TabInfo {
        number: 5,
        title: "Sources",
        noun: "sources",
        body: Body::Sources,
        columns: &[],
    },
];

impl TabInfo {
    /// Lines above the table: the unmatched flows have one of reasons.
    pub fn lead(&self) -> u16 {
        u16::from(self.body == Body::Rows(Preset::Unmatched))
    }
}

/// The place in [`TABS`] of the view with this digit.
pub fn of_number(number: usize) -> Option<usize> {
    TABS.iter().position(|info| info.number == number)
}

/// A view's own state.
pub struct Tab {
    /// What it shows.
    pub info: &'static TabInfo,
    /// Its rows and where one is in them.
    pub list: List,
    /// Their order, that of the file without one.
    pub sort: Option<Sort>,
    /// Its columns.
    pub columns: Columns,
}

impl Tab {
    /// A view at its beginning.
    pub fn new(info: &'static TabInfo, sort: Option<Sort>) -> Self {
        Tab {
            info,
            list: List::default(),
            sort,
            columns: Columns::new(info.columns),
        }
    }

    /// Has the columns of the catalogue again.
    pub fn usual_columns(&mut self) {
        self.columns = Columns::new(self.info.columns);
    }

    /// Has a column that names what a duplicate repeats, or has none.
    pub fn show_repeats(&mut self, shown: bool) {
        if let (Body::Rows(_), Some(field)) = (self.info.body, field::find("duplicate_of")) {
            self.columns.put_second(field, shown);
        }
    }
}
