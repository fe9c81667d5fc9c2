//! Numbers for people: sizes, counts and durations in columns that line up,
//! and the same units read back from a filter.

use humansize::{DECIMAL, FormatSizeOptions, format_size_i};

/// The most octets that have a unit.
const MOST: u128 = 999_900_000_000_000_000_000_000_000;

/// Units of time in milliseconds, from the longest to the shortest.
const TIMES: [(i64, &str); 5] = [
    (86_400_000, "d"),
    (3_600_000, "h"),
    (60_000, "m"),
    (1000, "s"),
    (1, "ms"),
];

/// Octets as `999 B`, `1.2 kB`, `12.3 MB`, and so on to `999.9 YB`; powers of 1000, one
/// decimal, at most 8 wide.
pub fn bytes(octets: u128) -> String {
    let options = FormatSizeOptions::from(DECIMAL)
        .decimal_places(1)
        .decimal_zeroes(if octets < 1000 { 0 } else { 1 });
    format_size_i(at_the_decimal(octets.min(MOST)) as f64, options)
}

/// Rounds half up to one decimal of its unit beforehand, so that 999,950 reads
/// `1.0 MB` and not `1000.0 kB`.
fn at_the_decimal(octets: u128) -> u128 {
    let mut unit = 1;
    while octets / unit >= 1000 {
        unit *= 1000;
    }
    let tenth = (unit / 10).max(1);
    (octets + tenth / 2) / tenth * tenth
}

/// A whole number with commas: `12,345,678`.
pub fn commas(number: impl Into<u128>) -> String {
    let digits = number.into().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number of things, of which the plural is given: `1 row`, `1,000 rows`.
pub fn many(count: impl Into<u128>, plural: &str) -> String {
    match count.into() {
        1 => format!("1 {}", plural.trim_end_matches('s')),
        count => format!("{} {plural}", commas(count)),
    }
}

/// A count in at most 6 characters: `99,999`, then `123k`, `12.3M`, `1.2G`.
pub fn count(number: u128) -> String {
    const UNITS: [(u128, char); 6] = [
        (1_000_000_000_000_000_000, 'E'),
        (1_000_000_000_000_000, 'P'),
        (1_000_000_000_000, 'T'),
        (1_000_000_000, 'G'),
        (1_000_000, 'M'),
        (1000, 'k'),
    ];
    if number < 100_000 {
        return commas(number);
    }
    for (unit, letter) in UNITS {
        // what would round to 1000 of the next smaller unit is shown in this one
        if number.saturating_add(unit / 2000) < unit {
            continue;
        }
        let tenths = number.saturating_add(unit / 20) / (unit / 10);
        if tenths >= 1000 {
            return format!("{}{letter}", tenths / 10);
        }
        return format!("{}.{}{letter}", tenths / 10, tenths % 10);
    }
    number.to_string()
}

/// Milliseconds in at most 8 characters: `12 ms`, `3.4 s`, `2m05s`, `3h02m`, `4d03h`.
pub fn duration(milliseconds: i64) -> String {
    if milliseconds < 0 {
        return format!("-{}", duration(milliseconds.saturating_neg()));
    }
    if milliseconds < 1000 {
        return format!("{milliseconds} ms");
    }
    for ((long, large), (short, small)) in TIMES.into_iter().zip(TIMES.into_iter().skip(1)) {
        if milliseconds >= long && short > 1 {
            let rest = milliseconds % long / short;
            return format!("{}{large}{rest:02}{small}", milliseconds / long);
        }
    }
    format!("{}.{} s", milliseconds / 1000, milliseconds % 1000 / 100)
}

/// A duration as [`parse_duration`] reads it, nothing rounded.
pub fn exact(milliseconds: i64) -> String {
    let is_whole = |length: i64| milliseconds != 0 && milliseconds % length == 0;
    let whole = TIMES.into_iter().find(|unit| is_whole(unit.0));
    let (length, unit) = whole.unwrap_or((1, "ms"));
    format!("{}{unit}", milliseconds / length)
}

/// A number with an optional multiplier: K M G T are powers of 1000, Ki Mi Gi
/// Ti of 1024, a trailing B is allowed: `1.5M`, `64Ki`, `10kB`.
pub fn parse_number(text: &str) -> Option<u128> {
    let (number, unit) = parts(text);
    let factor: u128 = match unit.strip_suffix('b').unwrap_or(&unit) {
        "" => 1,
        "k" => 1000,
        "m" => 1000 * 1000,
        "g" => 1000 * 1000 * 1000,
        "t" => 1000 * 1000 * 1000 * 1000,
        "ki" => 1 << 10,
        "mi" => 1 << 20,
        "gi" => 1 << 30,
        "ti" => 1 << 40,
        _ => return None,
    };
    scaled(number, factor)
}

/// A duration in milliseconds: a bare number is milliseconds, else ms s m h d, or several
/// of them from long to short, as durations are printed: `1m30s`.
pub fn parse_duration(text: &str) -> Option<i64> {
    let (number, unit) = parts(text);
    if unit.is_empty() {
        return i64::try_from(scaled(number, 1)?).ok();
    }
    let (mut sum, mut shorter_than, mut rest) = (0i64, i64::MAX, text);
    while !rest.is_empty() {
        let (number, unit) = parts(rest);
        let end = unit.find(|c: char| !c.is_ascii_alphabetic());
        let unit = &unit[..end.unwrap_or(unit.len())];
        let (length, _) = TIMES
            .into_iter()
            .find(|&(length, name)| name == unit && length < shorter_than)?;
        sum = sum.checked_add(i64::try_from(scaled(number, length as u128)?).ok()?)?;
        (shorter_than, rest) = (length, &rest[number.len() + unit.len()..]);
    }
    Some(sum)
}

/// A number and its unit, in small letters.
fn parts(text: &str) -> (&str, String) {
    let digits = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    (number, unit.to_ascii_lowercase())
}

/// `number * factor` exactly, the fraction rounded down: `1.5` times 1000 is 1500.
fn scaled(number: &str, factor: u128) -> Option<u128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() || fraction.len() > 18 {
        return None;
    }
    let whole: u128 = if whole.is_empty() {
        0
    } else {
        whole.parse().ok()?
    };
    let part = if fraction.is_empty() {
        0
    } else {
        fraction.parse::<u128>().ok()?.checked_mul(factor)? / 10u128.pow(fraction.len() as u32)
    };
    whole.checked_mul(factor)?.checked_add(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_line_up_and_round_into_the_next_unit() {
        for (octets, shown) in [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (999_949, "999.9 kB"),
            (999_950, "1.0 MB"),
            (1_550_000_000, "1.6 GB"),
        ] {
            assert_eq!(bytes(octets), shown);
        }
        // beyond 64 bits, too
        assert_eq!(bytes(73_786_976_294_838_206_456), "73.8 EB");
        let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
        for (power, pair) in units.windows(2).enumerate() {
            let unit = 1000_u128.pow(power as u32 + 1);
            assert_eq!(bytes(unit), format!("1.0 {}", pair[1]));
            assert_eq!(bytes(unit - 1).contains(pair[1]), power > 0);
            assert_eq!(bytes(unit * 9995 / 10), format!("999.5 {}", pair[1]));
        }
        assert_eq!(bytes(u128::MAX), "999.9 YB");
    }

    #[test]
    fn counts_and_durations_stay_narrow() {
        for (number, shown) in [
            (0, "0"),
            (12_345, "12,345"),
            (99_999, "99,999"),
            (100_000, "100k"),
            (999_499, "999k"),
            (999_500, "1.0M"),
            (12_345_678, "12.3M"),
        ] {
            assert_eq!(count(number), shown, "{number}");
        }
        for (ms, shown) in [
            (0, "0 ms"),
            (1999, "1.9 s"),
            (125_000, "2m05s"),
            (10_925_000, "3h02m"),
            (356_400_000, "4d03h"),
        ] {
            assert_eq!(duration(ms), shown);
        }
        for e in 0..39 {
            assert!(count(10u128.pow(e)).len() <= 6 || e > 20);
        }
    }

    #[test]
    fn units_are_read_as_nfdump_reads_them() {
        for (text, number) in [
            ("1.5M", 1_500_000),
            ("10kB", 10_000),
            ("1.", 1),
            (".5K", 500),
            ("2g", 2_000_000_000),
            ("3T", 3_000_000_000_000),
            ("64Ki", 65_536),
            ("2Mi", 2_097_152),
            ("1.5GiB", 1_610_612_736),
            ("1ti", 1_099_511_627_776),
            ("0.000000000000000001M", 0),
        ] {
            assert_eq!(parse_number(text), Some(number), "{text}");
        }
        for text in ["", ".", "K", "1x", "1.5.5", "0.0000000000000000001M"] {
            assert_eq!(parse_number(text), None, "{text}");
        }
        for (text, milliseconds) in [
            ("250", 250),
            ("250ms", 250),
            ("1s", 1000),
            ("1.5M", 90_000),
            ("2h", 7_200_000),
            ("1d", 86_400_000),
            ("1m30s", 90_000),
            ("12h00m", 43_200_000),
            ("1D02h", 93_600_000),
        ] {
            assert_eq!(parse_duration(text), Some(milliseconds), "{text}");
        }
        for text in ["", "soon", "1w", "1m30", "30s1m", "1m1m", "1m s", "1m30š"] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }

    #[test]
    fn a_duration_that_is_printed_exactly_is_in_its_largest_whole_unit() {
        for (milliseconds, shown) in [
            (0, "0ms"),
            (1500, "1500ms"),
            (60_000, "1m"),
            (90_000, "90s"),
            (7_200_000, "2h"),
            (172_800_000, "2d"),
        ] {
            assert_eq!(exact(milliseconds), shown);
            assert_eq!(parse_duration(shown), Some(milliseconds));
        }
    }
}
