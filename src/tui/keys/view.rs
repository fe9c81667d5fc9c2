//! `View`, what the views are called, in the order in which they stand side by side.

macro_rules! views {
    ($(#[$about:meta])+ $first:ident, $($(#[$other_about:meta])+ $other:ident,)*) => {
        /// One of the views.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum View {
            $(#[$about])+ $first,
            $($(#[$other_about])+ $other,)*
        }

        impl View {
            /// All of them.
            pub const ALL: &[View] = &[View::$first, $(View::$other,)*];

            /// What it is called.
            pub const fn title(self) -> &'static str {
                match self {
                    View::$first => stringify!($first),
                    $(View::$other => stringify!($other),)*
                }
            }
        }

        /// What the help says of the keys that show them.
        pub const HELP: &str = concat!(
            stringify!($first),
            $(", ", stringify!($other),)*
            " (files, exporters, rejects)"
        );
    };
}

views! {
    /// Rows with both directions.
    Connections,
    /// Rows with one.
    Unmatched,
    /// Groups of rows.
    Top,
    /// Rows over time.
    Timeline,
    /// Files, exporters and what could not be used.
    Sources,
}
