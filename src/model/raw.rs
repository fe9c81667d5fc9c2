//! A record as its exporter sent it: keys and values as text, for the detail pane.

/// Keys and values of an object, cleaned for a terminal.
pub type Fields = Vec<(String, String)>;

/// The header of a packet and one of its records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawRecord {
    /// Members of the packet's header.
    pub header: Fields,
    /// Members of the record.
    pub record: Fields,
}
