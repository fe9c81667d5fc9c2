//! What the rows of catalogues have in common: two are the same if their names
//! are, and for programmers a row is printed as its name.

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
