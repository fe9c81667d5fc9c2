//! TABS, the catalogue of views, and the state each view keeps of its own.

use super::columns::Columns;
use super::list::List;
use crate::query::field::field;
use crate::query::order::sort::Sort;
use crate::query::run::Preset;
use crate::tui::keys::action::Action;
use crate::tui::keys::view::View;

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
    /// What it is called.
    pub view: View,
    /// What it shows.
    pub body: Body,
    /// The fields of its columns, if it has any.
    pub columns: &'static [&'static str],
}

/// The catalogue of views: the unmatched flows are the same table under another preset.
pub const TABS: &[TabInfo] = &[
    TabInfo {
        view: View::Connections,
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
        view: View::Unmatched,
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
        view: View::Top,
        body: Body::Top,
        columns: &[],
    },
    TabInfo {
        view: View::Timeline,
        body: Body::Timeline,
        columns: &[],
    },
    TabInfo {
        view: View::Sources,
        body: Body::Sources,
        columns: &[],
    },
];

impl TabInfo {
    /// What it is called.
    pub fn title(&self) -> &'static str {
        self.view.title()
    }

    /// Lines above the table: the unmatched flows have one of reasons.
    pub fn lead(&self) -> u16 {
        u16::from(self.body == Body::Rows(Preset::Unmatched))
    }
}

/// The place of a view in [`TABS`].
pub fn place(view: View) -> usize {
    let place = TABS.iter().position(|info| info.view == view);
    place.unwrap_or(0)
}

impl Body {
    /// Its view.
    pub fn view(self) -> View {
        match self {
            Body::Rows(Preset::Connections) => View::Connections,
            Body::Rows(Preset::Unmatched) => View::Unmatched,
            Body::Top => View::Top,
            Body::Timeline => View::Timeline,
            Body::Sources => View::Sources,
        }
    }

    /// The place of its view in [`TABS`].
    pub fn place(self) -> usize {
        place(self.view())
    }

    /// What brings that view onto the screen.
    pub fn action(self) -> Action {
        Action::View(self.view())
    }

    /// What its rows are, in the plural.
    pub fn noun(self) -> &'static str {
        match self {
            Body::Rows(preset) => preset.noun(),
            Body::Top => "groups",
            Body::Timeline => "steps",
            Body::Sources => "sources",
        }
    }
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
        if let Body::Rows(_) = self.info.body {
            self.columns.put_second(field!("duplicate_of"), shown);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::keys::action::KEYS;

    #[test]
    fn every_view_has_a_key_of_its_name() {
        for info in TABS {
            assert_eq!(info.view, info.body.view());
        }
        let views = KEYS
            .iter()
            .filter(|key| matches!(key.action, Action::View(_)));
        let keys: Vec<(Action, String)> =
            views.map(|key| (key.action, key.name.to_owned())).collect();
        let titles = TABS
            .iter()
            .map(|info| (info.body.action(), info.title().to_lowercase()));
        assert_eq!(keys, titles.collect::<Vec<_>>());
    }
}
