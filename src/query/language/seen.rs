//! Values that rows have, the most frequent first: what Tab offers behind a
//! word of a filter.

use std::cmp::Reverse;

use foldhash::{HashMap, HashMapExt};

use super::words::Values;
use crate::model::end::End;
use crate::query::facts::Facts;

/// The values of a kind in these rows.
pub fn seen<'a>(kind: Values, rows: impl Iterator<Item = Facts<'a>>) -> Vec<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut count = |value: String| *counts.entry(value).or_default() += 1;
    for facts in rows {
        match kind {
            Values::None => {}
            Values::Hosts => End::BOTH
                .iter()
                .filter_map(|&end| facts.address(end))
                .for_each(|address| count(address.to_string())),
            Values::Names => End::BOTH
                .iter()
                .filter_map(|&end| facts.host(end))
                .for_each(|name| count(name.to_owned())),
            Values::Services => count(facts.service().into_owned()),
            Values::Protocols => count(facts.protocol_name().into_owned()),
            Values::Exporters => facts
                .row
                .exporter()
                .map(str::to_owned)
                .into_iter()
                .for_each(&mut count),
            Values::Reasons => {
                let reason = facts.row.reason().map(|reason| reason.name().to_owned());
                reason.into_iter().for_each(&mut count);
            }
        }
    }
    let mut values: Vec<(String, usize)> = counts.into_iter().collect();
    values.sort_unstable_by(|a, b| (Reverse(a.1), &a.0).cmp(&(Reverse(b.1), &b.0)));
    values.into_iter().map(|value| value.0).collect()
}
