//! What the rows of catalogues have in common: two are the same if their names
//! are, for programmers a row is printed as its name, and code that means one of them
//! finds it while it is compiled.

/// Makes rows of a catalogue known by their names.
macro_rules! by_name {
    ($Row:ty, |$row:ident| $name:expr) => {
        impl PartialEq for $Row {
            fn eq(&self, other: &Self) -> bool {
                let name = |$row: &Self| $name;
                name(self) == name(other)
            }
        }

        impl std::fmt::Debug for $Row {
            fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                let $row = self;
                f.write_str($name)
            }
        }
    };
}

pub(crate) use by_name;

/// Makes `known`, which finds a row of a catalogue that there is, and `get`, for constants.
macro_rules! by_constant_name {
    ($Row:ty, $ROWS:ident) => {
        /// The row of this name. There being none is a mistake that compiling finds.
        #[allow(clippy::panic, reason = "nothing but constants are made of it")]
        pub const fn known(name: &str) -> &'static $Row {
            match get(name) {
                Some(row) => row,
                None => panic!("no row of the catalogue has this name"),
            }
        }

        /// The row of this name, if there is one.
        pub const fn get(name: &str) -> Option<&'static $Row> {
            let mut place = 0;
            while place < $ROWS.len() {
                if $crate::query::catalogue::is_same($ROWS[place].name, name) {
                    return Some(&$ROWS[place]);
                }
                place += 1;
            }
            None
        }
    };
}

pub(crate) use by_constant_name;

/// Whether two names are the same.
pub const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut place = 0;
    while place < one.len() && place < other.len() && one[place] == other[place] {
        place += 1;
    }
    place == one.len() && place == other.len()
}
