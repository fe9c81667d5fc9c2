//! Words of which an option takes one.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::names::Dns;
use crate::query::facts::Orient;
use crate::report::view::Show;

/// What each word means, and what the help says of it.
macro_rules! words {
    ($kind:ident: $($word:literal $meaning:ident $help:literal,)*) => {
        impl ValueEnum for $kind {
            fn value_variants<'a>() -> &'a [Self] {
                &[$($kind::$meaning),*]
            }

            fn to_possible_value(&self) -> Option<PossibleValue> {
                Some(match self {
                    $($kind::$meaning => PossibleValue::new($word).help($help),)*
                })
            }
        }
    };
}

words! { Show:
    "connections" Connections "Flows that belong together",
    "unmatched" Unmatched "Flows without a peer",
    "summary" Summary "Sums",
    "rejects" Rejects "Lines that could not be used",
    "files" Files "What was read of each file",
    "exporters" Exporters "What each exporter sent, and what was lost of it",
}

words! { Orient:
    "bytes" Bytes "The end that sent more bytes",
    "client" Client "The end that began",
}

words! { Dns:
    "system" System "All of them",
    "private" Private "Private, shared, unique local and link-local ones alone",
    "off" Off "None",
}

/// The word that means this.
pub fn word(meaning: &impl ValueEnum) -> String {
    let value = meaning.to_possible_value();
    value.map_or_else(String::new, |value| value.get_name().to_owned())
}

/// Pages of the help.
#[derive(Clone, Copy, ValueEnum)]
pub enum Topic {
    /// The filter language
    Filter,
    /// Options of the report
    Report,
}

/// How flows become connections.
#[derive(Clone, Copy, ValueEnum)]
pub enum PairingArg {
    /// Addresses, ports, protocol and exporter must fit
    Strict,
    /// What analyzer.py does, flaws included
    Analyzer,
}
