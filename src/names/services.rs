//! What a port is called: `(protocol, port) -> name`, and back.
//!
//! The machine's own services database comes first, because it is what the user's other tools
//! show; a port it does not name falls back to the embedded IANA registry, which knows fifty
//! times as many. Both are read once, at start, into flat tables: a lookup is two array reads,
//! since sorting and grouping ask for millions of rows. The database is a file that anybody may
//! have written, so only names of harmless characters and of a sane length are taken from it.

use std::borrow::Cow;

use crate::model::protocol::WITH_PORTS;
use crate::small_files;

const REGISTRY: &str = include_str!("../../assets/services.tsv");
const DATABASE: &str = "/etc/services";
/// A real database has some hundred kilobytes at most; the rest of a larger file is not read.
const DATABASE_LIMIT: u64 = 4 << 20;
const NAME_LIMIT: usize = 32;

/// The transports that have names of their own, in the order in which `any` prefers them.
const TRANSPORTS: [&str; 4] = ["tcp", "udp", "dccp", "sctp"];
/// Whose names each protocol of [`WITH_PORTS`] uses: UDP-Lite shares those of UDP.
const NAMED_AS: [usize; WITH_PORTS.len()] = [0, 1, 2, 3, 1];

/// What people call services that IANA calls otherwise.
const NICKNAMES: [(&str, &str); 6] = [
    ("dhcp", "bootps"),
    ("dns", "domain"),
    ("ike", "isakmp"),
    ("postgres", "postgresql"),
    ("rdp", "ms-wbt-server"),
    ("smb", "microsoft-ds"),
];

/// The names of all ports, immutable once built.
pub struct Services {
    names: Vec<Cow<'static, str>>,
    by_transport: [Ports; TRANSPORTS.len()],
    any: Ports,
    /// Further names of a port: (place in `TRANSPORTS`, port, name).
    aliases: Vec<(usize, u16, Box<str>)>,
}

struct Ports {
    /// For each port the place of its name in `Services::names`, plus one; 0 is no name.
    names: Vec<u32>,
    /// A bit for each port that has a name: whether it has is asked far more often.
    known: Vec<u64>,
}

impl Ports {
    fn new() -> Self {
        Self {
            names: vec![0; 1 << 16],
            known: vec![0; 1 << 10],
        }
    }

    fn get(&self, port: u16) -> Option<usize> {
        (self.names[usize::from(port)] as usize).checked_sub(1)
    }

    /// Keeps the first name given to a port; says whether this was it.
    fn claim(&mut self, port: u16, name: usize) -> bool {
        let slot = &mut self.names[usize::from(port)];
        let free = *slot == 0;
        if free {
            *slot = name as u32 + 1;
            self.known[usize::from(port / 64)] |= 1 << (port % 64);
        }
        free
    }
}

impl Services {
    /// The names this machine uses. A database that cannot be read is one that is not there.
    pub fn system() -> Self {
        let bytes = small_files::beginning(DATABASE.as_ref(), DATABASE_LIMIT).ok();
        let text = bytes.as_deref().map(String::from_utf8_lossy);
        Self::from_texts(text.as_deref(), REGISTRY)
    }

    /// The same from given texts: a services database in the form of `services(5)`, and a
    /// registry of `port<TAB>transport<TAB>name` lines.
    pub fn from_texts(system: Option<&str>, registry: &'static str) -> Self {
        let mut services = Self {
            names: Vec::new(),
            by_transport: std::array::from_fn(|_| Ports::new()),
            any: Ports::new(),
            aliases: Vec::new(),
        };
        for line in system.unwrap_or_default().lines() {
            services.add_database_line(line);
        }
        for line in registry.lines() {
            services.add_registry_line(line);
        }
        if system.is_none() {
            services.fill_any();
        }
        services
    }

    /// The name of a port under an IANA protocol number; `None` for protocols without ports.
    pub fn name(&self, protocol: i32, port: u16) -> Option<&str> {
        let transport = transport_of(protocol)?;
        let place = self.by_transport[transport].get(port)?;
        Some(&self.names[place])
    }

    /// A bit for each port that has a name under an IANA protocol number.
    pub fn known(&self, protocol: i32) -> &[u64] {
        transport_of(protocol).map_or(&[], |transport| &self.by_transport[transport].known)
    }

    /// What C's `getservbyport(port, NULL)` answers: the first line of the database with this
    /// port, whatever the protocol. Without a database: the registry's name, TCP's first.
    pub fn any(&self, port: u16) -> Option<&str> {
        self.any.get(port).map(|place| &*self.names[place])
    }

    /// Every (protocol, port) that is shown under this name, or that the database also calls
    /// so; in ascending order, upper and lower case alike. A nickname that is none of these
    /// stands for the service that it means.
    pub fn ports_named(&self, name: &str) -> Vec<(i32, u16)> {
        let mut found = Vec::new();
        for (protocol, transport) in WITH_PORTS.into_iter().zip(NAMED_AS) {
            let shown = (0..=u16::MAX).filter(|&port| {
                self.by_transport[transport]
                    .get(port)
                    .is_some_and(|place| self.names[place].eq_ignore_ascii_case(name))
            });
            let also = self.aliases.iter().filter_map(|(column, port, alias)| {
                (*column == transport && alias.eq_ignore_ascii_case(name)).then_some(*port)
            });
            found.extend(shown.chain(also).map(|port| (protocol, port)));
        }
        found.sort_unstable();
        found.dedup();
        let is_meant = |nick: &&(&str, &str)| nick.0.eq_ignore_ascii_case(name);
        match NICKNAMES.iter().find(is_meant) {
            Some((_, name)) if found.is_empty() => self.ports_named(name),
            _ => found,
        }
    }

    /// `name port/transport alias... # comment`
    fn add_database_line(&mut self, line: &str) {
        let content = line.split('#').next().unwrap_or_default();
        let mut words = content.split_ascii_whitespace();
        let (Some(name), Some(place)) = (words.next(), words.next()) else {
            return;
        };
        let Some((port, transport)) = place.split_once('/') else {
            return;
        };
        let Ok(port) = port.parse::<u16>() else {
            return;
        };
        if !is_harmless(name) {
            return;
        }
        let stored = self.names.len();
        self.names.push(Cow::Owned(name.to_owned()));
        self.any.claim(port, stored);
        let Some(transport) = TRANSPORTS.iter().position(|known| *known == transport) else {
            return;
        };
        // A port's second line gives it one more name, as getservbyname(3) has it.
        let second = !self.by_transport[transport].claim(port, stored);
        let further = second.then_some(name).into_iter().chain(words);
        let harmless = further.filter(|alias| is_harmless(alias));
        self.aliases
            .extend(harmless.map(|alias| (transport, port, alias.into())));
    }

    /// `port<TAB>transport<TAB>name`
    fn add_registry_line(&mut self, line: &'static str) {
        let mut columns = line.split('\t');
        let (Some(port), Some(transport), Some(name)) =
            (columns.next(), columns.next(), columns.next())
        else {
            return;
        };
        let transport = TRANSPORTS.iter().position(|known| *known == transport);
        let (Ok(port), Some(transport)) = (port.parse::<u16>(), transport) else {
            return;
        };
        if is_harmless(name) && self.by_transport[transport].claim(port, self.names.len()) {
            self.names.push(Cow::Borrowed(name));
        }
    }

    fn fill_any(&mut self) {
        for ports in &self.by_transport {
            for port in 0..=u16::MAX {
                if let Some(place) = ports.get(port) {
                    self.any.claim(port, place);
                }
            }
        }
    }
}

fn transport_of(protocol: i32) -> Option<usize> {
    let place = WITH_PORTS.iter().position(|known| *known == protocol);
    place.map(|place| NAMED_AS[place])
}

fn is_harmless(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+._/*-".contains(&byte);
    (1..=NAME_LIMIT).contains(&name.len()) && name.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const REGISTRY: &str = "# port\ttransport\tname\n80\tsctp\thttp\n80\ttcp\thttp\n80\tudp\thttp\n\
        443\tdccp\tsecure-d\n443\tudp\tquic\n443\ttcp\thttps\n7000\tudp\tseven\n9\tdccp\tdiscard\n";

    const DATABASE: &str = "# comment\n\
        web\t\t80/tcp\t\twww www-http\t# the World Wide Web\n\
        other 80/tcp\n\
        zip 6/ddp\n\
        last 7000/sctp seventh\n\
        first 6/udp\n";

    #[test]
    fn the_database_is_asked_before_the_registry_and_per_transport() {
        let services = Services::from_texts(Some(DATABASE), REGISTRY);
        assert_eq!(services.name(6, 80), Some("web"));
        assert_eq!(services.name(17, 80), Some("http"));
        assert_eq!(services.name(132, 80), Some("http"));
        assert_eq!(services.name(33, 443), Some("secure-d"));
        assert_eq!(services.name(6, 81), None);
        assert_eq!(services.name(132, 7000), Some("last"));
        assert_eq!(services.name(17, 7000), Some("seven"));
    }

    #[test]
    fn udp_lite_has_the_names_of_udp_and_other_protocols_have_none() {
        let services = Services::from_texts(None, REGISTRY);
        assert_eq!(services.name(136, 443), Some("quic"));
        for protocol in [-3, 0, 1, 58, 256] {
            assert_eq!(services.name(protocol, 443), None, "protocol {protocol}");
        }
    }

    #[test]
    fn any_is_the_first_line_of_the_database_whatever_its_protocol() {
        let services = Services::from_texts(Some(DATABASE), REGISTRY);
        assert_eq!(services.any(80), Some("web"));
        assert_eq!(services.any(6), Some("zip"));
        assert_eq!(services.any(443), None, "the registry must not answer");
    }

    #[test]
    fn any_is_the_registrys_tcp_name_first_when_there_is_no_database() {
        let services = Services::from_texts(None, REGISTRY);
        assert_eq!(services.any(443), Some("https"));
        assert_eq!(services.any(7000), Some("seven"));
        assert_eq!(services.any(9), Some("discard"));
    }

    #[test]
    fn nicknames_stand_for_what_nothing_else_is_called() {
        let services = Services::from_texts(None, super::REGISTRY);
        for (nickname, name) in NICKNAMES {
            let ports = services.ports_named(&nickname.to_ascii_uppercase());
            assert!(!ports.is_empty(), "{name}");
            assert_eq!(ports, services.ports_named(name), "{nickname}");
        }
        let services = Services::from_texts(Some("dns 5/tcp"), super::REGISTRY);
        assert_eq!(services.ports_named("dns"), [(6, 5)]);
    }

    #[test]
    fn a_name_leads_to_all_its_ports() {
        let services = Services::from_texts(Some(DATABASE), REGISTRY);
        assert_eq!(services.ports_named("WEB"), [(6, 80)]);
        assert_eq!(services.ports_named("www"), [(6, 80)]);
        assert_eq!(services.ports_named("other"), [(6, 80)]);
        assert_eq!(services.ports_named("Seventh"), [(132, 7000)]);
        // The database calls 80/tcp something else, so it is not shown as http.
        assert_eq!(
            services.ports_named("http"),
            [(17, 80), (132, 80), (136, 80)]
        );
        assert_eq!(services.ports_named("quic"), [(17, 443), (136, 443)]);
        assert_eq!(services.ports_named("nothing"), []);
        assert_eq!(services.ports_named(""), []);
    }

    #[test]
    fn hostile_lines_are_left_out() {
        let long = "x".repeat(NAME_LIMIT + 1);
        let text = format!(
            "\u{1b}[31mred 1/tcp good\n{long} 2/tcp\nname\u{202e} 3/tcp\nok 65536/tcp\nok /tcp\n\
             ok 4\nok\nok 5/tcp \u{7}bell fine\n  indented 6/udp\nok -1/tcp\n#x 7/tcp\n\u{0} 8/tcp\n"
        );
        let services = Services::from_texts(Some(&text), "");
        let named: Vec<u16> = (0..=u16::MAX)
            .filter(|&port| services.any(port).is_some())
            .collect();
        assert_eq!(named, [5, 6]);
        assert_eq!(services.ports_named("good"), []);
        assert_eq!(services.ports_named("fine"), [(6, 5)]);
        assert_eq!(services.ports_named("\u{7}bell"), []);
    }

    #[test]
    fn the_embedded_registry_is_taken_whole() {
        let services = Services::from_texts(None, super::REGISTRY);
        let entries: Vec<_> = super::REGISTRY
            .lines()
            .filter(|line| !line.starts_with('#'))
            .collect();
        assert!(entries.len() > 11_000, "{} entries", entries.len());
        for entry in entries {
            let mut columns = entry.split('\t');
            let port: u16 = columns.next().unwrap().parse().unwrap();
            let transport = columns.next().unwrap();
            let protocol = match transport {
                "tcp" => 6,
                "udp" => 17,
                "dccp" => 33,
                _ => 132,
            };
            assert_eq!(services.name(protocol, port), columns.next(), "{entry}");
        }
    }

    #[test]
    fn every_port_of_the_machine_finds_its_way_back() {
        let services = Services::system();
        let mut named = 0;
        for port in 0..=u16::MAX {
            if let Some(name) = services.name(6, port).filter(|_| port % 50 == 0) {
                assert!(services.ports_named(name).contains(&(6, port)), "{name}");
                named += 1;
            }
        }
        assert!(named > 50, "only {named} names tried");
    }
}
