//! Numbers and addresses read straight from JSON text, each in one pass. What is
//! unusual in any way is left to the standard library; what is read here, it
//! reads the same.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// No IPv4 address is written with more bytes than this, the last quote included.
const DOTTED: usize = 16;
/// No IPv6 address is written with more bytes than this, the last quote included.
const GROUPED: usize = 40;

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

/// The digits at the beginning of `json` as a whole number, and how many they
/// are; none where JSON has no such number, or one too long to fit for certain.
/// The caller has to see that no fraction and no exponent follows.
#[inline(always)]
pub fn number(json: &[u8]) -> Option<(u64, usize)> {
    let (mut number, mut digits) = eight(json);
    if digits == 8 {
        (number, digits) = longer(json, number);
    }
    let padded = json.first() == Some(&b'0') && digits > 1;
    ((digits.wrapping_sub(1) < FITS) & !padded).then_some((number, digits))
}

/// A number whose first eight digits are known.
#[inline(never)]
fn longer(json: &[u8], first: u64) -> (u64, usize) {
    let (mut number, mut digits) = (first, 8);
    loop {
        let (more, count) = eight(&json[digits..]);
        number = number.wrapping_mul(POWERS[count]).wrapping_add(more);
        digits += count;
        if count < 8 || digits > FITS {
            return (number, digits);
        }
    }
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
/// None also where `json` ends so soon behind it that no whole words can be taken.
#[inline]
pub fn address(json: &[u8], v6: bool) -> Option<(IpAddr, usize)> {
    let text = json.strip_prefix(b"\"")?;
    if v6 {
        groups(text.first_chunk()?).map(|(address, length)| (IpAddr::V6(address), length + 1))
    } else {
        dotted(text.first_chunk()?).map(|(address, length)| (IpAddr::V4(address), length + 1))
    }
}

/// The smallest octet of so many digits: none begins with a zero.
const LEAST: [u32; 4] = [256, 0, 10, 100];

/// `a.b.c.d"`, and its length with the quote. No branch depends on how long the
/// octets are, which nobody could foretell.
fn dotted(text: &[u8; DOTTED + 4]) -> Option<(Ipv4Addr, usize)> {
    let mut ends = bits(text, 0, no_digits) | bits(text, 8, no_digits) << 8;
    let (mut address, mut valid, mut begin) = (0, true, 0);
    for sign in [b'.', b'.', b'.', b'"'] {
        let end = (ends.trailing_zeros() as usize).min(DOTTED - 1);
        ends &= ends.wrapping_sub(1);
        let digits = end.wrapping_sub(begin);
        // the digits to the high end
        let octet = four(text, begin) << (32 - 8 * digits.min(3) as u32).min(31) & 0x0f0f_0f0f;
        let octet = (octet >> 24) + (octet >> 16 & 15) * 10 + (octet >> 8 & 15) * 100;
        valid &= text[end] == sign && digits <= 3;
        valid &= octet >= LEAST[digits & 3] && octet <= 255;
        address = address << 8 | octet;
        begin = end + 1;
    }
    valid.then(|| (address.into(), begin))
}

/// Groups of hexadecimal digits, `::` for a run of zeros, and a quote; the
/// length is that with the quote.
fn groups(text: &[u8; GROUPED + 4]) -> Option<(Ipv6Addr, usize)> {
    let mut ends = (0..GROUPED / 8).fold(0, |ends, word| {
        ends | bits(text, word * 8, no_hexadecimals) << (word * 8)
    });
    let (mut groups, mut count, mut gap, mut begin) = ([0u16; 8], 0, None, 0);
    if text.starts_with(b"::") {
        (gap, begin, ends) = (Some(0), 2, ends & !3);
    }
    loop {
        // without any end this is behind the text
        let end = ends.trailing_zeros() as usize;
        ends &= ends.wrapping_sub(1);
        let sign = *text[..GROUPED].get(end)?;
        let digits = end - begin;
        if digits > 0 {
            *groups.get_mut(count)? = hexadecimal(four(text, begin), digits)?;
            count += 1;
        } else if sign != b'"' || gap != Some(count) {
            return None;
        }
        begin = end + 1;
        match (sign, text[begin]) {
            (b'"', _) => break,
            (b':', b':') if gap.is_none() => {
                (gap, begin, ends) = (Some(count), begin + 1, ends & ends.wrapping_sub(1));
            }
            (b':', _) => {}
            _ => return None,
        }
    }
    match gap {
        None if count == 8 => {}
        Some(gap) if count < 8 => groups[gap..].rotate_right(8 - count),
        _ => return None,
    }
    Some((groups.into(), begin))
}

/// Four bytes of a text, the first the lowest.
#[inline]
fn four(text: &[u8], at: usize) -> u32 {
    let bytes = text.get(at..).and_then(<[u8]>::first_chunk);
    bytes.map_or(0, |&bytes| u32::from_le_bytes(bytes))
}

/// A group of up to four hexadecimal digits, the first the lowest byte.
#[inline]
fn hexadecimal(text: u32, digits: usize) -> Option<u16> {
    let shift = 32 - 8 * u32::try_from(digits).ok().filter(|&digits| digits <= 4)?;
    // the digits to the high end, zeros before them; a letter has bit 6 and counts nine more
    let text = text.unbounded_shl(shift);
    let digits = (text & 0x0f0f_0f0f) + (text >> 6 & 0x0101_0101) * 9;
    let pairs = (digits << 4 | digits >> 8) & 0x00ff_00ff;
    Some(((pairs & 0xff) << 8 | pairs >> 16) as u16)
}

/// A bit for each of eight bytes, the first the lowest, from the high bits that
/// `kind` leaves.
#[inline]
fn bits(text: &[u8], at: usize, kind: impl Fn(u64) -> u64) -> u64 {
    let bytes = text.get(at..).and_then(<[u8]>::first_chunk);
    let high = kind(bytes.map_or(0, |&bytes| u64::from_le_bytes(bytes))) & HIGH;
    (high >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// The high bit of each byte.
const HIGH: u64 = 0x8080_8080_8080_8080;

/// The same byte eight times.
const fn all(byte: u8) -> u64 {
    0x0101_0101_0101_0101 * byte as u64
}

/// The high bit of each byte that is no digit.
#[inline]
fn no_digits(word: u64) -> u64 {
    !within(word, b'0', b'9')
}

/// The high bit of each byte that is no hexadecimal digit.
#[inline]
fn no_hexadecimals(word: u64) -> u64 {
    !(within(word, b'0', b'9') | within(word | all(0x20), b'a', b'f'))
}

/// The high bit of each byte that lies between two ASCII signs, or is one of them.
#[inline]
fn within(word: u64, least: u8, most: u8) -> u64 {
    // without its high bit no byte carries into the next
    let low = word & !HIGH;
    let at_least = low + all(0x80 - least);
    let above = low + all(0x7f - most);
    at_least & !above & !word
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Text behind an address, as there is in any record.
    const BEHIND: &str = "\"IPV6_DST_ADDR\": \"2001:db8::1\", \"PROTOCOL\": 6";

    fn check(text: &str) -> Result<(), TestCaseError> {
        let json = format!("\"{text}\", {BEHIND}");
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
            let usual = text == "0" || !text.starts_with('0');
            let expected = text.parse().ok().filter(|_| usual && text.len() <= FITS);
            prop_assert_eq!(number(json.as_bytes()), expected.map(|number| (number, text.len())));
        }

        #[test]
        fn what_is_read_is_what_the_standard_library_reads(
            four in "[0-9.]{0,16}", six in "(:|::|[0-9a-fA-F]{1,5}){0,18}", any in "[0-9a-f:.]{0,20}",
            eight in "[0-9a-f]{1,4}(:[0-9a-f]{1,4}){5,7}(::?[0-9a-f]{1,4}){0,3}:?", at in 0usize..20,
        ) {
            // a gap somewhere, of no groups as well
            let mut gap = eight.clone();
            gap.insert(at.min(gap.len()), ':');
            for text in [four, six, any, eight, gap] {
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
                let text = format!("{json}, {BEHIND}");
                let read = super::address(text.as_bytes(), address.is_ipv6());
                prop_assert_eq!(read, (!dotted_tail || address.is_ipv4()).then_some((address, json.len())));
            }
        }
    }
}
