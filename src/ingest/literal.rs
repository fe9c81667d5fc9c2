//! Numbers and addresses read straight from JSON text, each in one pass. What is
//! unusual in any way is left to the standard library; what is read here, it
//! reads the same.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// No address is written with more bytes than this, quotes included.
const LONGEST: usize = 48;

/// Digits of a number that always fits.
const FITS: usize = 19;
/// Powers of ten by how many digits are appended.
const POWERS: [u64; 9] = [
    1,
    10,
    100,
    1_000,
    10_000,
    100_000,
    1_000_000,
    10_000_000,
    100_000_000,
];

/// The whole number at the beginning of `json`, and how many digits it has; none
/// when it is spelled in any other way, or too long to fit for certain.
#[inline]
pub fn number(json: &[u8]) -> Option<(u64, usize)> {
    // half of all numbers have one digit
    if let [digit @ b'0'..=b'9', b',' | b'}', ..] = json {
        return Some((u64::from(digit - b'0'), 1));
    }
    let (mut number, mut digits) = eight(json);
    if digits == 8 {
        loop {
            let (more, count) = eight(&json[digits..]);
            number = number.wrapping_mul(POWERS[count]).wrapping_add(more);
            digits += count;
            if count < 8 || digits > FITS {
                break;
            }
        }
    }
    let padded = json[0] == b'0' && digits > 1;
    let goes_on = matches!(json.get(digits), Some(b'.' | b'e' | b'E'));
    (0 < digits && digits <= FITS && !padded && !goes_on).then_some((number, digits))
}

/// The value of up to eight digits, and how many there are. Eight bytes are
/// taken at once, so that no branch depends on the length.
#[inline]
fn eight(text: &[u8]) -> (u64, usize) {
    let word = text.first_chunk().copied().unwrap_or_else(|| {
        let mut padded = [0; 8];
        padded[..text.len()].copy_from_slice(text);
        padded
    });
    let word = u64::from_le_bytes(word) ^ 0x3030_3030_3030_3030;
    // the high bit of each byte that is no digit; what a carry spoils comes after one
    let others = (word.wrapping_add(0x7676_7676_7676_7676) | word) & 0x8080_8080_8080_8080;
    let digits = others.trailing_zeros() as usize / 8;
    // digits to the high end, zeros before them; then pairs, fours and eights are joined
    let word = word.unbounded_shl(64 - 8 * digits as u32);
    let word = (word & 0x0f0f_0f0f_0f0f_0f0f).wrapping_mul(2561) >> 8;
    let word = (word & 0x00ff_00ff_00ff_00ff).wrapping_mul(6_553_601) >> 16;
    let word = (word & 0x0000_ffff_0000_ffff).wrapping_mul(42_949_672_960_001) >> 32;
    (word, digits)
}

/// The address at the beginning of `json`, and its length with both quotes.
pub fn address(json: &[u8], v6: bool) -> Option<(IpAddr, usize)> {
    let text = json.strip_prefix(b"\"")?;
    let text = &text[..text.len().min(LONGEST)];
    if v6 {
        groups(text).map(|(address, length)| (IpAddr::V6(address), length + 1))
    } else {
        dotted(text).map(|(address, length)| (IpAddr::V4(address), length + 1))
    }
}

/// `a.b.c.d"`, and its length with the quote.
fn dotted(text: &[u8]) -> Option<(Ipv4Addr, usize)> {
    let (mut address, mut octet, mut digits, mut dots) = (0u32, 0u32, 0, 0);
    for (at, &byte) in text.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            if digits > 0 && octet == 0 {
                return None;
            }
            octet = octet * 10 + u32::from(digit);
            digits += 1;
            if octet > 255 {
                return None;
            }
            continue;
        }
        let last = dots == 3;
        if digits == 0 || byte != if last { b'"' } else { b'.' } {
            return None;
        }
        address = address << 8 | octet;
        if last {
            return Some((address.into(), at + 1));
        }
        (octet, digits, dots) = (0, 0, dots + 1);
    }
    None
}

/// Groups of hexadecimal digits, `::` for a run of zeros, and a quote; the
/// length is that with the quote.
fn groups(text: &[u8]) -> Option<(Ipv6Addr, usize)> {
    let (mut groups, mut count, mut gap) = ([0u16; 8], 0, None);
    let (mut group, mut digits) = (0u32, 0);
    let mut at = 0;
    if text.starts_with(b"::") {
        (gap, at) = (Some(0), 2);
    }
    loop {
        let byte = *text.get(at)?;
        at += 1;
        if let Some(digit) = (byte as char).to_digit(16) {
            group = group << 4 | digit;
            digits += 1;
            if digits > 4 {
                return None;
            }
            continue;
        }
        let ends = byte == b'"';
        if digits > 0 {
            *groups.get_mut(count)? = group as u16;
            count += 1;
        } else if !ends || gap != Some(count) {
            return None;
        }
        (group, digits) = (0, 0);
        match byte {
            b'"' => break,
            b':' if text.get(at) == Some(&b':') && gap.is_none() => {
                (gap, at) = (Some(count), at + 1);
            }
            // a single colon at the end is none of an address
            b':' if text.get(at) != Some(&b'"') => {}
            _ => return None,
        }
    }
    match gap {
        None if count == 8 => {}
        Some(gap) if count < 8 => {
            groups[gap..].rotate_right(8 - count);
        }
        _ => return None,
    }
    Some((groups.into(), at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str) -> Result<(), TestCaseError> {
        let json = format!("\"{text}\",");
        for v6 in [false, true] {
            if let Some((address, length)) = super::address(json.as_bytes(), v6) {
                prop_assert_eq!(Ok(address), text.parse(), "{}", text);
                prop_assert_eq!(length, text.len() + 2);
            }
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn numbers_are_those_of_the_standard_library(
            value in prop_oneof![any::<u64>(), 0u64..1000, 0u64..1_000_000_000_000],
            zeros in "0{0,2}", tail in "[,} .eE:/a\u{80}]{0,3}",
        ) {
            let json = format!("{zeros}{value}{tail}, \"more\": 12345");
            let text: String = json.chars().take_while(char::is_ascii_digit).collect();
            let rest = &json[text.len()..];
            let usual = !rest.starts_with(['.', 'e', 'E']) && (text == "0" || !text.starts_with('0'));
            let expected = text.parse().ok().filter(|_| usual && text.len() <= FITS);
            prop_assert_eq!(number(json.as_bytes()), expected.map(|number| (number, text.len())));
        }

        #[test]
        fn what_is_read_is_what_the_standard_library_reads(
            four in "[0-9.]{0,16}", six in "(:|::|[0-9a-fA-F]{1,5}){0,18}", any in "[0-9a-f:.]{0,20}",
        ) {
            for text in [four, six, any] {
                check(&text)?;
            }
        }

        #[test]
        fn usual_addresses_are_read(four: [u8; 4], six in prop::array::uniform8(prop_oneof![
            3 => Just(0u16), 2 => any::<u16>(), 1 => 0u16..20])) {
            let [four, six] = [IpAddr::from(four), IpAddr::from(six)];
            let dotted_tail = six.to_string().contains('.');
            for address in [four, six] {
                let json = format!("\"{address}\"");
                let read = super::address(json.as_bytes(), address.is_ipv6());
                prop_assert_eq!(read, (!dotted_tail || address.is_ipv4()).then_some((address, json.len())));
            }
        }
    }
}
