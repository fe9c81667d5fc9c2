//! What `flowpeek help filter` prints, made from the catalogue of words.

use std::fmt::Write;

use super::words::WORDS;

/// Whole filters, and what they find.
pub const EXAMPLES: &[(&str, &str)] = &[
    (
        "proto tcp and dst port 443 and bytes > 1M",
        "large transfers to web servers",
    ),
    (
        "client 10.0.0.0/8 and not server 10.0.0.0/8",
        "connections from inside to outside",
    ),
    (
        "flags S and not flags A and packets <= 3",
        "attempts that nobody answered",
    ),
    (
        "host in [192.0.2.1, 2001:db8::/32] and start > -15m",
        "what two sites did in the last quarter of an hour",
    ),
    (
        "server name ~ example and not service in [https, domain]",
        "unusual services of hosts with example in their names",
    ),
    (
        "start >= 2026-11-24T14:00 and start < 2026-11-24T15:00",
        "what began in one hour",
    ),
    (
        "reason in [scan, ping] or ambiguous",
        "what deserves a second look",
    ),
];

/// What a filter is.
pub const HEAD: &str = "\
The filter language, for / in the terminal, for --filter and --filter-file.

A filter is tests joined by and (&&), or (||), not (!) and parentheses; and
binds tighter than or, not tightest. Upper and lower case are alike. # hides
the rest of a line. A lone address or network is a test for it; any other lone
word or text in quotes is looked for in hosts, names, services, protocols,
exporters and reasons, and a lone number also among the ports: port 80 or 443
looks for 443 anywhere, port in [80 443] for either port.

";

/// What the words in the tests' forms mean, a term each.
pub const TAIL: &str = "\
[dir]     src, dst, client or server: which end is meant; without one, either.
          src and dst are what the columns show; client and server are who
          began and who answered, where that can be told; an unmatched flow has
          neither. src and dst port 53 wants both, src or dst port 53 either.
          nfdump's in and out stand for src and dst before if, bytes and
          packets.
CMP       = (or ==) != > >= < <=, and nfdump's words eq gt ge lt le; != also
          holds where the value is unknown, as it is what = leaves.
in [..]   any of a list, with or without commas.
N, SIZE   100, 0x64, 1.5M, 64Ki: K M G T are of 1000, Ki Mi Gi Ti of 1024.
DURATION  milliseconds, or with ms s m h d: 250, 1.5s, 2m.
TIME      the beginning of an ISO date and time: 2026-11-24, 2026-11-24T14:05,
          with a zone such as Z or +02:00 behind it if need be; 14:05 on the
          day of the newest flow; -15m, so long before the newest flow; or
          Unix seconds, as received has them in reports: 1700000000.25. A time
          is as long as it is exact: = is within that minute or day, > after it,
          >= from its beginning, < before it. Times are local, --utc has UTC.
LETTERS   TCP flags: C E U A P R S F, X for UAPRSF. All that are named must be
          set, the others may be: S and not flags A. S/SA is S set, of S and A
          alone. = takes the letters or the number for all that is set.
NET       192.0.2.0/24 or 2001:db8::/32; 10/8 is 10.0.0.0/8.
NAME      a host's whole name. Names are asked for as they are needed, and rows
          appear as names arrive; with -n nobody is asked.

";

/// What differs from nfdump.
pub const NFDUMP: &str = "\
What nfdump users should know

A row is a connection, both directions of it, where nfdump has two flows; an
unmatched flow is a row by itself. So
- a test without a direction holds when either end, or either direction, passes;
- bytes and packets without src or dst are of both directions together, and bps,
  pps and bpp are made from that; src bytes is what the source sent;
- duration, start and end are those of the flow that the source sent;
- src is the end that sent more bytes (or the client: --orient client), so
  src port 53 may find what nfdump finds with dst port 53;
- flags S holds when one direction has S; not flags A when neither has A.
not is always the rest: not flags SA lets pass what has S alone, where nfdump
wants neither; write flags /SA, and flags S/SAFRPU for SYN and nothing else.
nfdump finds ICMP type and code as destination port; here icmp-type does. Rates
of flows that took no time are unknown, not 0.
What both can say of single flows they answer alike: tests hold the two to that.
Not taken over: next hops, MAC addresses, MPLS labels, NAT and payload; ident,
flows, dir and fwdstat; a network mask behind an address (10.0.0.0/8 has it).
";

/// The page about the filter language.
pub fn filter_page() -> String {
    let mut page = HEAD.to_owned();
    page += "Tests\n\n";
    for word in WORDS {
        // writing to a String cannot fail
        let _ = writeln!(page, "{:<38} {}", word.usage(), word.help);
        let mut more = Vec::new();
        if word.example != word.names[0] {
            more.push(word.example.to_owned());
        }
        if word.names.len() > 1 {
            more.push(format!("(also {})", word.names[1..].join(", ")));
        }
        if !more.is_empty() {
            let _ = writeln!(page, "    {}", more.join("  "));
        }
    }
    page += "\n";
    page += "Shorter: sip dip srcip dstip sport dport, and src 10.0.0.1 for src ip 10.0.0.1.\n\n";
    page += TAIL;
    page += "Examples\n\n";
    for (filter, what) in EXAMPLES {
        let _ = writeln!(page, "{filter}\n    {what}");
    }
    page += "\n";
    page += NFDUMP;
    page
}
