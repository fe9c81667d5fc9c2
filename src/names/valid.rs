//! What of an answer may be shown. Whoever owns an address decides its reverse
//! name, so a name is text from a stranger: a plain host name stays as it is,
//! an international one is shown in its ASCII form, anything else with every
//! other byte written as in zone files (`\027`), and what reads like an address
//! is no name at all, so that nobody can pass off one address as another.

use std::net::IpAddr;

/// Bytes of a name, and of a label, at most.
const NAME: usize = 253;
const LABEL: usize = 63;

/// The host name in a text, without its final dot and in ASCII: labels of letters, digits,
/// hyphens and underscores. `None` for anything else, and for what reads like an address.
pub fn valid_name(text: &str) -> Option<String> {
    let name = text.strip_suffix('.').unwrap_or(text);
    let name = if name.is_ascii() {
        name.to_owned()
    } else {
        idna::domain_to_ascii_strict(name).ok()?
    };
    let is_plain = name.bytes().all(|byte| byte == b'.' || is_allowed(byte));
    (is_plain && has_labels(&name) && !ends_in_number(&name)).then_some(name)
}

/// How an answer is shown: a valid name, or the text escaped. `None` for what reads like an
/// address, or is no name by its lengths.
pub fn shown_name(text: &str) -> Option<String> {
    valid_name(text).or_else(|| {
        let name = text.strip_suffix('.').unwrap_or(text);
        (has_labels(name) && !reads_like_address(name)).then(|| escaped(name))
    })
}

fn is_allowed(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

fn has_labels(name: &str) -> bool {
    let is_label = |label: &str| (1..=LABEL).contains(&label.len());
    name.len() <= NAME && name.split('.').all(is_label)
}

fn escaped(name: &str) -> String {
    let shown = |byte: u8| match byte {
        b'.' => ".".to_owned(),
        byte if is_allowed(byte) => char::from(byte).to_string(),
        byte => format!("\\{byte:03}"),
    };
    name.bytes().map(shown).collect()
}

/// Whether anything in a text could be taken for an address.
fn reads_like_address(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let is_address = |word: &str| word.parse::<IpAddr>().is_ok();
    // no host name has a colon, every address of IPv6 has
    name.contains(':')
        || name.split(|c| !is_part(c)).any(is_address)
        || ends_in_number(name.trim_matches(|c: char| !is_part(c)))
}

/// As URLs tell numeric addresses from names: 192.0.2.1, but also 3221225985, 0300.2.1 and 0x7f.1.
fn ends_in_number(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    let hex = last.strip_prefix("0x").or_else(|| last.strip_prefix("0X"));
    match hex {
        Some(digits) => digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None => last.bytes().all(|byte| byte.is_ascii_digit()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_host_names_are_valid() {
        let label = "x".repeat(63);
        let longest = format!("{label}.{label}.{label}.{}", "y".repeat(61));
        assert_eq!(longest.len(), 253);
        for name in [
            "localhost",
            "a.example",
            "_dmarc.A-1.example",
            "1.2.3.4.example",
            "xn--bcher-kva.example",
            &longest,
        ] {
            assert_eq!(valid_name(name).as_deref(), Some(name));
            assert_eq!(shown_name(name).as_deref(), Some(name));
        }
        assert_eq!(valid_name("a.example.").as_deref(), Some("a.example"));
        assert_eq!(valid_name("0xyz").as_deref(), Some("0xyz"));
    }

    #[test]
    fn international_names_are_shown_in_ascii() {
        for (name, shown) in [
            ("bücher.example", "xn--bcher-kva.example"),
            ("BÜCHER.example.", "xn--bcher-kva.example"),
            ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
        ] {
            assert_eq!(shown_name(name).as_deref(), Some(shown));
        }
    }

    #[test]
    fn what_is_no_host_name_is_shown_escaped() {
        for (text, shown) in [
            ("a b", "a\\032b"),
            ("a\u{1b}[2Jb.example.", "a\\027\\0912Jb.example"),
            ("a\nb", "a\\010b"),
            ("\u{9b}31m", "\\194\\15531m"),
            ("ex\u{202e}ample", "ex\\226\\128\\174ample"),
            ("a/b", "a\\047b"),
            ("=cmd()", "\\061cmd\\040\\041"),
            ("a\\027b", "a\\092027b"),
        ] {
            assert_eq!(valid_name(text), None, "{text:?}");
            assert_eq!(shown_name(text).as_deref(), Some(shown), "{text:?}");
        }
    }

    #[test]
    fn what_no_name_can_be_long_is_none() {
        let long_label = format!("{}.example", "x".repeat(64));
        let longest_label = "\u{7}".repeat(255);
        let too_long = ["y".repeat(63).as_str(); 4].join(".");
        let long_umlauts = format!("{}.example", "ü".repeat(60));
        for text in [
            "",
            ".",
            "..",
            "a..b",
            ".a",
            "a.example..",
            &long_label,
            &longest_label,
            &too_long,
            &long_umlauts,
        ] {
            assert_eq!(shown_name(text), None, "{text:?}");
        }
    }

    #[test]
    fn what_reads_like_an_address_is_no_name() {
        for text in [
            "192.0.2.1",
            "192.0.2.1.",
            "2001:db8::1",
            "::ffff:192.0.2.1",
            "::",
            "10.1",
            "3221225985",
            "0300.0.2.1",
            "0x7f.1",
            "0xc0000201",
            "0x",
            "1.2.3.4.5",
            "host.123",
            "[::1]",
            "fe80::1%eth0",
            "192.0.2.1:443",
            "192.0.2.1 ",
            "192.0.2.1\u{200b}",
            "(192.0.2.1)",
            "192.0.2.1 (192.0.2.9)",
            "a 192.0.2.1 b",
            "１９２.0.2.1",
        ] {
            assert_eq!(shown_name(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_comes_is_shown_in_harmless_bytes_or_not_at_all(text in "\\PC{0,20}|[\\x00-\\xff]{0,40}|[0-9a-fx:.%\\[\\] ]{0,24}") {
            if let Some(shown) = shown_name(&text) {
                let harmless = |byte: u8| is_allowed(byte) || b".\\".contains(&byte);
                prop_assert!(shown.bytes().all(harmless), "{shown:?}");
                prop_assert!(shown.parse::<IpAddr>().is_err());
                prop_assert!(!shown.is_empty() && shown.len() <= 4 * NAME);
                prop_assert_eq!(valid_name(&text).is_some(), !shown.contains('\\'));
            }
        }
    }
}
