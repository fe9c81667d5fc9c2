//! What is told of a file and of an exporter: one row a fact, from which come a column of the
//! report, one of the list in Sources, and a line of what is told of one of them there.

use std::collections::BTreeSet;

use super::catalogue::is_same;
use crate::model::intake::{ExporterIntake, FileIntake};

/// Where a fact comes from.
pub enum ValueOf<T> {
    /// Words, or nothing.
    Text(fn(&T) -> Option<String>),
    /// Unix seconds, if it is known when.
    Moment(fn(&T) -> Option<f64>),
    /// A count, of which there is a sum.
    Count(fn(&T) -> u128),
    /// Octets as exported, or times the sampling.
    Octets(fn(&T, bool) -> u128),
}

use ValueOf::{Count, Moment, Octets, Text};

/// One row of the catalogues.
pub struct Fact<T> {
    /// Its name as data.
    pub name: &'static str,
    /// The head of its column.
    pub header: &'static str,
    /// What it is called where there is room.
    pub label: &'static str,
    /// Its value.
    pub value: ValueOf<T>,
}

macro_rules! facts {
    ($($name:literal $header:literal $label:literal => $value:expr;)*) => {
        &[$(Fact {
            name: $name,
            header: $header,
            label: $label,
            value: $value,
        }),*]
    };
}

/// Of a file; counts come last, and are summed up.
pub const FILES: &[Fact<FileIntake>] = facts! {
    "file" "File" "File" => Text(|file| Some(file.name.clone()));
    "received_first" "Received" "Received from" => Moment(|file| Some(file.received?.0));
    "received_last" "Until" "Received until" => Moment(|file| Some(file.received?.1));
    "bytes_read" "Bytes read" "Bytes read" => Count(|file| file.read.into());
    "lines" "Lines" "Lines" => Count(|file| file.lines.into());
    "flows" "Flows" "Flows" => Count(|file| file.flows.into());
    "rejected_lines" "Rejects" "Rejected lines" => Count(|file| file.rejected.into());
    "damaged_bytes" "Damaged" "Damaged bytes" => Count(|file| file.damaged.into());
};

/// Of an exporter; counts come last, too.
pub const EXPORTERS: &[Fact<ExporterIntake>] = facts! {
    "exporter" "Exporter" "Exporter" => Text(|exporter| exporter.name.clone());
    "versions" "Versions" "Versions" => Text(|exporter| {
        words(exporter.domains.iter().filter_map(|it| it.version))
    });
    "sampling" "Sampling" "Sampling" => Text(|exporter| {
        let told = exporter.domains.iter().filter_map(|it| it.sampling);
        words(told.map(|sampling| sampling.interval))
    });
    "first" "Received" "Received from" => Moment(|exporter| Some(exporter.seen?.0));
    "last" "Until" "Received until" => Moment(|exporter| Some(exporter.seen?.1));
    "packets_exported" "Packets" "Export packets" => Count(|exporter| exporter.packets.into());
    "flows" "Flows" "Flows" => Count(|exporter| exporter.flows.into());
    "bytes" "Bytes" "Bytes" => Octets(ExporterIntake::octets);
    "lost_packets" "Lost packets" "Lost packets" => Count(|exporter| lost(exporter, true));
    "lost_records" "Lost records" "Lost records" => Count(|exporter| lost(exporter, false));
    "gaps" "Gaps" "Gaps" => Count(|exporter| {
        exporter.domains.iter().map(|it| u128::from(it.gaps)).sum()
    });
};

/// The row of this name. There being none is a mistake that compiling finds.
#[allow(clippy::panic, reason = "nothing but constants are made of it")]
pub const fn known<T>(facts: &'static [Fact<T>], name: &str) -> &'static Fact<T> {
    let mut place = 0;
    while place < facts.len() {
        if is_same(facts[place].name, name) {
            return &facts[place];
        }
        place += 1;
    }
    panic!("no row of the catalogue has this name")
}

impl<T> ValueOf<T> {
    /// Whether it is a number, of which there is a sum.
    pub const fn is_number(&self) -> bool {
        matches!(self, Count(_) | Octets(_))
    }

    /// The number, if it is one.
    pub fn number(&self, of: &T, scaled: bool) -> Option<u128> {
        match self {
            Text(_) | Moment(_) => None,
            Count(value) => Some(value(of)),
            Octets(value) => Some(value(of, scaled)),
        }
    }
}

/// What is missing by sequence numbers that count packets, or by those that count records.
fn lost(exporter: &ExporterIntake, packets: bool) -> u128 {
    let domains = exporter.domains.iter();
    let counted = domains.filter(|domain| domain.numbers_packets() == packets);
    counted.map(|domain| u128::from(domain.lost)).sum()
}

/// Different values, in their order.
fn words<T: Ord + ToString>(values: impl Iterator<Item = T>) -> Option<String> {
    let values: BTreeSet<T> = values.collect();
    let values: Vec<String> = values.iter().map(ToString::to_string).collect();
    (!values.is_empty()).then(|| values.join(" "))
}
