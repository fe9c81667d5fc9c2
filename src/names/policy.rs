//! Who may be asked about: asking for a name tells strangers what one looks at.

use std::net::{IpAddr, Ipv4Addr};

/// Which addresses the machine's resolver may be asked about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dns {
    /// All of them.
    #[default]
    System,
    /// Those that have a meaning on one's own networks alone: private (RFC 1918), carriers'
    /// shared (RFC 6598), link-local (RFC 3927, 4291) and unique local ones (RFC 4193).
    Private,
    /// None.
    Off,
}

impl Dns {
    /// Whether it may be asked about this address.
    pub fn allows(self, address: IpAddr) -> bool {
        match self {
            Dns::System => true,
            Dns::Private => is_private(address),
            Dns::Off => false,
        }
    }
}

fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.is_private() || v4.is_link_local() || is_shared(v4),
        IpAddr::V6(v6) => v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

/// 100.64.0.0/10, between a carrier and its customers.
fn is_shared(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    first == 100 && second & 0xc0 == 64
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn private_is_what_stays_on_ones_own_networks() {
        let inside = [
            "10.0.0.0",
            "10.255.255.255",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.0.1",
            "169.254.1.1",
            "100.64.0.0",
            "100.127.255.255",
            "fc00::1",
            "fdff:ffff::1",
            "fe80::1",
            "febf::1",
            "::ffff:10.1.2.3",
        ];
        let outside = [
            "9.255.255.255",
            "11.0.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.167.255.255",
            "192.169.0.0",
            "169.253.1.1",
            "100.63.255.255",
            "100.128.0.0",
            "127.0.0.1",
            "8.8.8.8",
            "224.0.0.1",
            "255.255.255.255",
            "0.0.0.0",
            "2001:db8::1",
            "fec0::1",
            "ff02::1",
            "::1",
            "::",
            "::ffff:8.8.8.8",
        ];
        for (addresses, allowed) in [(&inside[..], true), (&outside, false)] {
            for address in addresses {
                let address: IpAddr = address.parse().unwrap();
                assert_eq!(Dns::Private.allows(address), allowed, "{address}");
                assert!(Dns::System.allows(address) && !Dns::Off.allows(address));
            }
        }
    }
}
