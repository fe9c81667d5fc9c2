//! Values put in order once, so that their places can stand for them.

use super::radix::LAST;
use crate::model::value::Value;

/// A value as what it is sorted by: a text that is an address, as most exporters are, or
/// a network has the order of addresses.
pub fn sortable(value: Value) -> Value {
    let Value::Text(text) = &value else {
        return value;
    };
    let address = text.split('/').next().unwrap_or_default();
    address.parse().map_or(value, Value::Address)
}

/// The place of each value among all of them in order, the same for equal ones.
pub fn ranks(values: &[Option<Value>]) -> Vec<u64> {
    let known = values.iter().enumerate();
    let mut known: Vec<_> = known
        .filter_map(|(place, value)| Some((value.as_ref()?, place)))
        .map(|(value, place)| (value.prefix(), value, place))
        .collect();
    known.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.order(b.1)));
    let mut ranks = vec![LAST; values.len()];
    let mut rank = 0;
    for (at, (_, value, place)) in known.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| known[before].1);
        if before.is_some_and(|before| before.order(value).is_ne()) {
            rank = at as u64;
        }
        ranks[*place] = rank;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_are_addresses_or_networks_are_sorted_as_such() {
        let sorted = [
            "9.0.0.0/24",
            "10.0.0.1",
            "127.0.1.3",
            "127.0.1.10",
            "::/0",
            "Core",
            "edge",
        ];
        let values = sorted.map(|text| Some(sortable(Value::word(text))));
        assert_eq!(ranks(&values), Vec::from_iter(0..sorted.len() as u64));
    }
}
