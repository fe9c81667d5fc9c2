//! A predicate over a chunk of rows at once: tests run down whole columns and
//! answer with a bitmap; the few that cannot look at the rows still in question.

use super::predicate::{Predicate, Ready};
use super::sets::{ServerSet, TextTest};
use super::wanted::{Wanted, WantedKeys};
use crate::model::attr::UNKNOWN;
use crate::model::end::End;
use crate::query::bits::{Bits, has_bit};
use crate::query::columns::chunk::{Chunk, EndKind};
use crate::query::columns::vector;
use crate::query::language::expr::{Direction, Subject};
use crate::table::column::zigzag;
use crate::table::scan::Stored;
use crate::table::verdict::{Evidence, Reason};

impl Chunk<'_> {
    /// Those of the rows in question that pass.
    pub fn passing(&self, predicate: &Predicate, question: &Bits) -> Bits {
        match predicate {
            Predicate::All(terms) => terms.iter().fold(question.clone(), |left, term| {
                if left.is_empty() {
                    left
                } else {
                    self.passing(term, &left)
                }
            }),
            Predicate::Any(terms) => {
                let none = question.clone().without(question);
                terms.iter().fold(none, |found, term| {
                    let open = question.clone().without(&found);
                    found.or(&self.passing(term, &open))
                })
            }
            Predicate::Not(inner) => question.clone().without(&self.passing(inner, question)),
            Predicate::Test(test) => match self.whole(test) {
                Some(bits) => bits.and(question),
                None => self.one_by_one(test, question),
            },
        }
    }

    fn one_by_one(&self, test: &Ready, question: &Bits) -> Bits {
        question.filter(|place| test.passes(&self.facts(place)))
    }

    /// The answer for all rows, when columns alone can give it.
    fn whole(&self, test: &Ready) -> Option<Bits> {
        Some(match test {
            Ready::Always(answer) => Bits::of(self.rows, |_| *answer),
            Ready::Matched => self.connections(),
            Ready::Ambiguous => self.coded(Stored::Evidence, |code| {
                Evidence::ALL.get(code) == Some(&Evidence::Ambiguous)
            }),
            Ready::Duplicate => self.duplicates().unwrap_or(Bits::of(self.rows, |_| false)),
            Ready::Reason(reasons) => self.coded(Stored::Reason, |code| {
                Reason::ALL.get(code).is_some_and(|it| reasons.contains(it))
            }),
            Ready::Exporters(known) => {
                self.coded(Stored::Exporter, |code| known.get(code) == Some(&true))
            }
            Ready::Protocol(numbers) => {
                let wanted = numbers.iter().map(|&number| zigzag(i64::from(number)));
                let wanted: Vec<u64> = wanted.collect();
                let protocols = self.read(Stored::Protocol);
                Bits::of_values(&protocols, |protocol| wanted.contains(&protocol))
            }
            Ready::Hosts(direction, set) => {
                let has = |host: u64| host != UNKNOWN && set.has(host as u32);
                match direction {
                    Direction::Either => self.either_end(*direction, vector::hosts(self), has),
                    _ => {
                        let hosts = |end| self.shown_end(EndKind::Host, end);
                        self.either_end(*direction, End::BOTH.map(hosts), has)
                    }
                }
            }
            Ready::Number(place, wanted) => self.numbers(*place, wanted)?,
            Ready::Service(set, _) => self.served(test, set),
            Ready::Text(text) => self.texts(text).or(&self.served(test, &text.servers)),
            Ready::Word(..) => return None,
        })
    }

    /// The rows that have a text anywhere but in their service.
    fn texts(&self, text: &TextTest) -> Bits {
        let either = |column: fn(End) -> Stored, passes: &dyn Fn(u64) -> bool| {
            let both = End::BOTH.map(|end| self.read(column(end)));
            self.either_end(Direction::Either, both, passes)
        };
        let has_reason = |code| Reason::ALL.get(code).is_some_and(|&it| text.has_reason(it));
        let mut found = Bits::of(self.rows, |_| false);
        // most words are in none of these, and columns need not be read then
        if !text.hosts.is_empty() {
            found = found.or(&either(Stored::Host, &|host| text.hosts.has(host as u32)));
        }
        if let Some(port) = text.port {
            found = found.or(&either(Stored::Port, &|it| it == u64::from(port)));
        }
        if text.exporters.contains(&true) {
            found = found.or(&self.coded(Stored::Exporter, |code| {
                text.exporters.get(code) == Some(&true)
            }));
        }
        if Reason::ALL.into_iter().any(|it| text.has_reason(it)) {
            found = found.or(&self.coded(Stored::Reason, has_reason));
        }
        found
    }

    /// The rows with a server in the set; those without one are looked at.
    fn served(&self, test: &Ready, set: &ServerSet) -> Bits {
        let servers = self.servers();
        let served = |place: usize| match servers.server(place) {
            Some(server) => set.has_port(server),
            None => test.passes(&self.facts(place)),
        };
        Bits::of(self.rows, |place| match servers.candidates(place) {
            // mostly both ports say the same, and which of them serves is no matter
            Some((transport, ports)) => match ports.map(|port| set.has_port((transport, port))) {
                [src, dst] if src == dst => src,
                _ => served(place),
            },
            None => served(place),
        })
    }

    /// The rows whose code in a column passes.
    fn coded(&self, source: Stored, passes: impl Fn(usize) -> bool) -> Bits {
        let codes = self.read(source);
        Bits::of_values(&codes, |code| passes(code as usize))
    }

    fn numbers(&self, subject: Subject, wanted: &Wanted) -> Option<Bits> {
        let vector = subject.field().vector()?;
        match wanted.keys(vector) {
            WantedKeys::None => self.compared(subject, |_| false),
            WantedKeys::Within(range) => {
                let (first, more) = (*range.start(), range.end() - range.start());
                self.compared(subject, |key| key.wrapping_sub(first) <= more)
            }
            WantedKeys::Small(set) => self.compared(subject, |key| has_bit(&set, key)),
            WantedKeys::Bits(mask, set) => {
                self.compared(subject, |key| (key != UNKNOWN) & (key & mask == set))
            }
            WantedKeys::Number => self.compared(subject, |key| {
                key != UNKNOWN && wanted.holds(vector.number(key))
            }),
        }
    }

    /// The rows of which a key passes; `passes` is asked of [`UNKNOWN`] too.
    fn compared(&self, subject: Subject, passes: impl Fn(u64) -> bool) -> Option<Bits> {
        Some(match subject {
            Subject::Field(field) => {
                let keys = vector::keys(self, field.vector()?)?;
                Bits::of_values(&keys, passes)
            }
            Subject::Ends {
                src,
                dst,
                direction,
            } => {
                let (src, dst) = (src.vector()?, dst.vector()?);
                let both = match direction {
                    Direction::Either => vector::either(self, src, dst)?,
                    _ => [vector::keys(self, src)?, vector::keys(self, dst)?],
                };
                self.either_end(direction, both, passes)
            }
        })
    }

    /// The rows of which the end that a direction means passes.
    fn either_end(
        &self,
        direction: Direction,
        [src, dst]: [Vec<u64>; 2],
        passes: impl Fn(u64) -> bool,
    ) -> Bits {
        let initiator = |place: usize| {
            let client = self.clients()[place]?;
            Some(client != self.sources()[place])
        };
        match direction {
            Direction::Either => Bits::of_values(&src, &passes).or(&Bits::of_values(&dst, &passes)),
            Direction::Src => Bits::of_values(&src, passes),
            Direction::Dst => Bits::of_values(&dst, passes),
            Direction::Client | Direction::Server => Bits::of(self.rows, |place| {
                initiator(place).is_some_and(|is_destination| {
                    let wanted = is_destination == (direction == Direction::Client);
                    passes(if wanted { dst[place] } else { src[place] })
                })
            }),
        }
    }
}
