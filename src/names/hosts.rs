//! Files in the form of `hosts(5)`: `address name alias... # comment`. They answer before the
//! network is asked, and are written by people, so a line that is none of that is passed over.

use std::net::IpAddr;

use super::valid::shown_name;

/// Each address with the first name it is given, in the order of the text.
pub fn parse(text: &str) -> Vec<(IpAddr, String)> {
    text.lines().filter_map(line).collect()
}

fn line(line: &str) -> Option<(IpAddr, String)> {
    let content = line.split('#').next()?;
    let mut words = content.split_ascii_whitespace();
    let address = words.next()?.parse().ok()?;
    Some((address, shown_name(words.next()?)?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn lines_are_read_as_hosts_5_has_them_and_others_passed_over() {
        let text = "# hosts\n127.0.0.1\tlocalhost  loopback # me\r\n\n  2001:db8::1 six.example.\n\
            192.0.2.1\n192.0.2.256 a\nfe80::1%lo0 b\nname 192.0.2.2\n192.0.2.3 192.0.2.4\n\
            192.0.2.5 b\u{fc}cher.example\n192.0.2.6 \u{1b}[31mred\n192.0.2.7#none\n#192.0.2.8 a\n";
        let found: Vec<String> = parse(text)
            .into_iter()
            .map(|(address, name)| format!("{address} {name}"))
            .collect();
        assert_eq!(
            found,
            [
                "127.0.0.1 localhost",
                "2001:db8::1 six.example",
                "192.0.2.5 xn--bcher-kva.example",
                "192.0.2.6 \\027\\09131mred"
            ]
        );
    }
}
