//! TABS, the catalogue of views, and the state each view keeps of its own.

use super::columns::Columns;
use super::list::List;
use crate::query::run::Preset;
use crate::query::sort::Sort;

/// One row of [`TABS`].
pub struct TabInfo {
    /// What it is called.
    pub title: &'static str,
    /// What its rows are, in the plural.
    pub noun: &'static str,
    /// Which rows it has.
    pub preset: Preset,
    /// The fields of its columns.
    pub columns: &'static [&'static str],
}

/// The catalogue of views: the unmatched flows are the same table under another preset.
pub const TABS: &[TabInfo] = &[
    TabInfo {
        title: "Connections",
        noun: "connections",
        preset: Preset::Connections,
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
        title: "Unmatched",
        noun: "unmatched flows",
        preset: Preset::Unmatched,
        columns: &[
            "start",
            "service",
            "src_addr",
            "dst_addr",
            "reason",
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
];

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
}
