//! Protocol numbers and the names within them: IANA's "Assigned Internet
//! Protocol Numbers", ICMP types and TCP flags, as far as people know them by name.

/// ICMP for IPv4.
pub const ICMP: i32 = 1;
/// TCP.
pub const TCP: i32 = 6;
/// UDP.
pub const UDP: i32 = 17;
/// ICMP for IPv6.
pub const ICMPV6: i32 = 58;

/// TCP flag FIN.
pub const FIN: u64 = 0x01;
/// TCP flag SYN.
pub const SYN: u64 = 0x02;
/// TCP flag RST.
pub const RST: u64 = 0x04;
/// TCP flag ACK.
pub const ACK: u64 = 0x10;

/// number, name
const PROTOCOLS: &[(i32, &str)] = &[
    (1, "icmp"),
    (2, "igmp"),
    (4, "ipip"),
    (6, "tcp"),
    (8, "egp"),
    (9, "igp"),
    (17, "udp"),
    (27, "rdp"),
    (33, "dccp"),
    (41, "ipv6"),
    (43, "ipv6-route"),
    (44, "ipv6-frag"),
    (46, "rsvp"),
    (47, "gre"),
    (50, "esp"),
    (51, "ah"),
    (58, "icmp6"),
    (59, "ipv6-nonxt"),
    (60, "ipv6-opts"),
    (88, "eigrp"),
    (89, "ospf"),
    (94, "ipip-94"),
    (97, "etherip"),
    (103, "pim"),
    (108, "ipcomp"),
    (112, "vrrp"),
    (115, "l2tp"),
    (124, "isis"),
    (132, "sctp"),
    (133, "fc"),
    (136, "udplite"),
    (137, "mpls-in-ip"),
];

/// The transports with ports: TCP, UDP, DCCP, SCTP and UDP-Lite.
pub const WITH_PORTS: [i32; 5] = [TCP, UDP, 33, 132, 136];

/// Whether flows of the protocol are told apart by ports. Asked for every flow.
pub fn has_ports(protocol: i32) -> bool {
    WITH_PORTS.contains(&protocol)
}

/// Whether it is ICMP for either address family.
pub fn is_icmp(protocol: i32) -> bool {
    protocol == ICMP || protocol == ICMPV6
}

/// The protocol's name in lower case, if it is a known one.
pub fn name(protocol: i32) -> Option<&'static str> {
    PROTOCOLS
        .iter()
        .find(|row| row.0 == protocol)
        .map(|row| row.1)
}

/// The number of a protocol name; `icmpv6` and `ipv6-icmp` are taken for `icmp6`.
pub fn number(name: &str) -> Option<i32> {
    let name = name.to_ascii_lowercase();
    if name == "icmpv6" || name == "ipv6-icmp" {
        return Some(ICMPV6);
    }
    PROTOCOLS.iter().find(|row| row.1 == name).map(|row| row.0)
}

/// All names, for completion and nearest-word hints.
pub fn names() -> impl Iterator<Item = &'static str> {
    PROTOCOLS.iter().map(|row| row.1)
}

/// type, name; the codes are shown as numbers
const ICMP_TYPES: &[(u64, &str)] = &[
    (0, "echo reply"),
    (3, "unreachable"),
    (4, "quench"),
    (5, "redirect"),
    (8, "echo"),
    (9, "router adv"),
    (10, "router sol"),
    (11, "time exceeded"),
    (12, "parameter"),
    (13, "timestamp"),
    (14, "timestamp reply"),
];

const ICMPV6_TYPES: &[(u64, &str)] = &[
    (1, "unreachable"),
    (2, "too big"),
    (3, "time exceeded"),
    (4, "parameter"),
    (128, "echo"),
    (129, "echo reply"),
    (130, "mld query"),
    (131, "mld report"),
    (132, "mld done"),
    (133, "router sol"),
    (134, "router adv"),
    (135, "neighbor sol"),
    (136, "neighbor adv"),
    (137, "redirect"),
    (143, "mldv2 report"),
];

/// `echo`, `unreachable/3` or `42/1`: an ICMP type and code, the code left out when 0.
pub fn icmp_name(protocol: i32, type_code: u64) -> String {
    let (kind, code) = (type_code >> 8, type_code & 0xff);
    let types = if protocol == ICMPV6 {
        ICMPV6_TYPES
    } else {
        ICMP_TYPES
    };
    let named = types.iter().find(|row| row.0 == kind).map(|row| row.1);
    match (named, code) {
        (Some(name), 0) => name.to_owned(),
        (Some(name), code) => format!("{name}/{code}"),
        (None, code) => format!("{kind}/{code}"),
    }
}

/// Whether it asks for an echo (a ping).
pub fn is_echo_request(protocol: i32, type_code: u64) -> bool {
    let kind = type_code >> 8;
    (protocol == ICMP && kind == 8) || (protocol == ICMPV6 && kind == 128)
}

/// Bit, letter and name of a TCP flag (RFC 9293), the highest first, as they are written.
const FLAGS: [(u64, char, &str); 8] = [
    (0x80, 'C', "CWR"),
    (0x40, 'E', "ECE"),
    (0x20, 'U', "URG"),
    (ACK, 'A', "ACK"),
    (0x08, 'P', "PSH"),
    (RST, 'R', "RST"),
    (SYN, 'S', "SYN"),
    (FIN, 'F', "FIN"),
];

/// TCP flags in tcpdump's letters, `.` for those not set: `...AP.SF`.
pub fn tcp_flags(flags: u64) -> String {
    FLAGS
        .iter()
        .map(|&(bit, letter, _)| if flags & bit != 0 { letter } else { '.' })
        .collect()
}

/// The letters of the flags that are set: `AS`.
pub fn flag_letters(flags: u64) -> String {
    let set = FLAGS.iter().filter(|row| flags & row.0 != 0);
    set.map(|row| row.1).collect()
}

/// The names of the flags that are set, the lowest first.
pub fn flag_names(flags: u64) -> impl Iterator<Item = &'static str> {
    let set = FLAGS.iter().rev().filter(move |row| flags & row.0 != 0);
    set.map(|row| row.2)
}

/// The flags of such letters in any order and case; X is all of UAPRSF, as in nfdump.
pub fn flags_of(letters: &str) -> Option<u64> {
    let flag = |letter: char| match letter.to_ascii_uppercase() {
        'X' => Some(0x3f),
        letter => FLAGS.iter().find(|row| row.1 == letter).map(|row| row.0),
    };
    letters
        .chars()
        .try_fold(0, |flags, letter| Some(flags | flag(letter)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_letters_are_read_as_people_write_them() {
        for name in ["icmp6", "ICMPv6", "IPv6-ICMP"] {
            assert_eq!(number(name), Some(58), "{name}");
        }
        assert_eq!((number("tcp"), number("no such")), (Some(6), None));
        // nfdump: X is UAPRSF; a letter twice is the letter
        for (letters, flags) in [("sa", 0x12), ("CE", 0xc0), ("X", 0x3f), ("xs", 0x3f)] {
            assert_eq!(flags_of(letters), Some(flags), "{letters}");
        }
        assert_eq!(flags_of("SZ"), None);
    }

    #[test]
    fn ports_are_those_of_transports_that_have_them() {
        let with_ports: Vec<i32> = (0..256).filter(|&number| has_ports(number)).collect();
        assert_eq!(with_ports, [6, 17, 33, 132, 136]);
    }

    #[test]
    fn a_ping_is_an_echo_request_of_its_own_protocol() {
        // type * 256 + code; 8 is what asks in ICMP, 128 in ICMPv6
        for (protocol, type_code, asks) in [
            (1, 0x0800, true),
            (1, 0x0000, false),
            (1, 0x8000, false),
            (58, 0x8000, true),
            (58, 0x8100, false),
            (58, 0x0800, false),
            (17, 0x0800, false),
            (17, 0x8000, false),
        ] {
            assert_eq!(
                is_echo_request(protocol, type_code),
                asks,
                "{protocol} {type_code}"
            );
        }
    }
}
