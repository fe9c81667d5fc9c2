//! `Lengths`, how long the networks are that hosts are grouped by: those of IPv4,
//! and those of IPv6 that go with them.

/// The longest networks of IPv4, single hosts.
const LONGEST: u8 = 32;

/// Bits of networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lengths {
    /// Of IPv4.
    v4: u8,
    /// They were said of IPv6.
    of_v6: bool,
}

impl Lengths {
    /// The usual networks: /24, and /64 of IPv6.
    pub const USUAL: Lengths = Lengths::of_v4(24);

    const fn of_v4(v4: u8) -> Self {
        Lengths { v4, of_v6: false }
    }

    /// As they are written: a number up to 32 is said of IPv4, one above of IPv6.
    ///
    /// # Errors
    /// When it is no such number, or no length of IPv4 goes with it.
    pub fn parse(bits: &str) -> Result<Self, String> {
        let bits = bits.parse().ok().filter(|&bits: &u8| bits <= 128);
        let bits = bits.ok_or("the prefix length is a number from 0 to 128")?;
        if bits <= LONGEST {
            return Ok(Lengths::of_v4(bits));
        }
        let above = (0..=LONGEST).find(|&length| with_v4(length) >= bits);
        let above = above.unwrap_or(LONGEST);
        match with_v4(above) {
            exact if exact == bits => Ok(Lengths {
                v4: above,
                of_v6: true,
            }),
            longer => Err(format!(
                "/{} and /{longer} of IPv6 have a length of IPv4 beside them, /{bits} has none",
                with_v4(above - 1)
            )),
        }
    }

    /// Bits of networks of IPv4 and IPv6.
    pub fn both(self) -> (u8, u8) {
        (self.v4, with_v4(self.v4))
    }

    /// Bits as they were said.
    pub fn said(self) -> u8 {
        match self.of_v6 {
            true => with_v4(self.v4),
            false => self.v4,
        }
    }

    /// The next longer ones, as far as there are any.
    pub fn longer(self) -> Self {
        Lengths::of_v4((self.v4 + 1).min(LONGEST))
    }

    /// The next shorter ones.
    pub fn shorter(self) -> Self {
        Lengths::of_v4(self.v4.saturating_sub(1))
    }
}

/// Networks of IPv6 that go with those of IPv4: /8 with /32, /16 with /48, /24
/// with /64, and single hosts with single hosts.
fn with_v4(length: u8) -> u8 {
    match length {
        0..8 => 4 * length,
        8..24 => 16 + 2 * length,
        _ => (64 + 8 * (u16::from(length.min(LONGEST)) - 24)) as u8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_of_ipv6_is_the_one_that_was_said_or_a_mistake() {
        for bits in 0..=128 {
            match Lengths::parse(&bits.to_string()) {
                Ok(lengths) => {
                    let (four, six) = lengths.both();
                    assert_eq!(bits, if bits <= 32 { four } else { six });
                    assert_eq!(lengths.said(), bits);
                }
                Err(words) => assert!(bits > 32 && words.contains(&format!(", /{bits} has none"))),
            }
        }
        let words = "/32 and /34 of IPv6 have a length of IPv4 beside them, /33 has none";
        assert_eq!(Lengths::parse("33"), Err(words.to_owned()));
        for (v4, v6) in [(0, 0), (8, 32), (16, 48), (24, 64), (32, 128)] {
            assert_eq!(Lengths::of_v4(v4).both(), (v4, v6));
        }
    }

    #[test]
    fn every_length_is_reached_by_steps() {
        let mut lengths = Lengths::USUAL;
        for v4 in (0..24).rev().chain([0]) {
            lengths = lengths.shorter();
            assert_eq!(lengths, Lengths::of_v4(v4));
        }
        for v4 in (1..=32).chain([32]) {
            lengths = lengths.longer();
            assert_eq!(lengths, Lengths::of_v4(v4));
        }
    }
}
