//! Recursive descent over a filter's tokens. Every error has a place, says what
//! was expected there, and names the nearest word when one was mistyped.

use std::net::IpAddr;

use super::cursor::{Cursor, Parsed, nearest};
use super::expr::{Direction, Expr, Place, Test};
use super::field::{self, Field, Kind};
use super::lex::Token;
use super::terms;

/// Parentheses and `not` may be nested this deep.
const NESTING: usize = 100;

/// Parses a filter; an empty one lets everything through.
///
/// # Errors
/// The first mistake in it.
pub fn parse(text: &str) -> Parsed<Expr> {
    let mut parser = Parser {
        cursor: Cursor::new(text)?,
        depth: 0,
    };
    if parser.cursor.peek().is_none() {
        return Ok(Expr::Test(Test::Any));
    }
    let expr = parser.or()?;
    match parser.cursor.peek() {
        None => Ok(expr),
        Some(_) => parser.cursor.fail("expected \"and\", \"or\" or the end"),
    }
}

struct Parser {
    cursor: Cursor,
    depth: usize,
}

type Term = fn(&mut Cursor, Direction) -> Parsed<Test>;

/// The words a test can begin with, whether a direction may stand before them,
/// and how it goes on. What is missing here is looked up among the fields.
const TERMS: &[(&str, bool, Term)] = &[
    ("any", false, |_, _| Ok(Test::Any)),
    ("ipv4", false, |_, _| Ok(Test::V6(false))),
    ("ipv6", false, |_, _| Ok(Test::V6(true))),
    ("matched", false, |_, _| Ok(Test::Matched)),
    ("ambiguous", false, |_, _| Ok(Test::Ambiguous)),
    ("ip", true, terms::networks),
    ("host", true, terms::networks),
    ("net", true, terms::networks),
    ("proto", false, terms::protocol),
    ("service", false, terms::service),
    ("exporter", false, terms::exporter),
    ("reason", false, terms::reason),
];

const DIRECTIONS: [(&str, Direction); 4] = [
    ("src", Direction::Src),
    ("dst", Direction::Dst),
    ("client", Direction::Client),
    ("server", Direction::Server),
];

/// Words of both ends' fields: `port` is `src_port` and `dst_port`.
const ENDS: [&str; 6] = ["port", "as", "if", "tos", "bytes", "packets"];

/// The signs that compare.
const COMPARISONS: [&str; 7] = ["=", "==", "!=", ">", "<", ">=", "<="];

/// One word for a direction and another, as nfdump has them.
const SHORT: [(&str, Direction, &str); 6] = [
    ("sip", Direction::Src, "ip"),
    ("dip", Direction::Dst, "ip"),
    ("srcip", Direction::Src, "ip"),
    ("dstip", Direction::Dst, "ip"),
    ("sport", Direction::Src, "port"),
    ("dport", Direction::Dst, "port"),
];

impl Parser {
    fn or(&mut self) -> Parsed<Expr> {
        let mut terms = vec![self.and()?];
        while self.cursor.sign(&["||"]).is_some() || self.cursor.keyword("or") {
            terms.push(self.and()?);
        }
        Ok(Expr::of(terms, Expr::Or))
    }

    fn and(&mut self) -> Parsed<Expr> {
        let mut terms = vec![self.not()?];
        while self.cursor.sign(&["&&"]).is_some() || self.cursor.keyword("and") {
            terms.push(self.not()?);
        }
        Ok(Expr::of(terms, Expr::And))
    }

    fn not(&mut self) -> Parsed<Expr> {
        self.depth += 1;
        if self.depth > NESTING {
            return self.cursor.fail("nested too deep");
        }
        let expr = if self.cursor.sign(&["!"]).is_some() || self.cursor.keyword("not") {
            Expr::Not(Box::new(self.not()?))
        } else if self.cursor.sign(&["("]).is_some() {
            let inner = self.or()?;
            if self.cursor.sign(&[")"]).is_none() {
                return self.cursor.fail("expected \"and\", \"or\" or \")\"");
            }
            inner
        } else {
            self.prim()?
        };
        self.depth -= 1;
        Ok(expr)
    }

    fn prim(&mut self) -> Parsed<Expr> {
        let Some(word) = self.cursor.word() else {
            return match self.cursor.peek() {
                Some(Token::Quoted(text)) => {
                    let text = text.clone();
                    self.cursor.advance();
                    Ok(Expr::Test(Test::Text(text)))
                }
                _ => self
                    .cursor
                    .fail("expected a test, such as \"host\", \"port\" or \"bytes\""),
            };
        };
        if ["and", "or", "in"].contains(&word.as_str()) {
            return self.cursor.fail("expected a test before this");
        }
        self.cursor.advance();
        if word == "unmatched" {
            return Ok(Expr::Not(Box::new(Expr::Test(Test::Matched))));
        }
        if let Some(&(_, direction, rest)) = SHORT.iter().find(|row| row.0 == word) {
            return self.test(direction, rest);
        }
        // `client` and the rest are directions only before a word that takes one
        let direction = DIRECTIONS.iter().find(|row| row.0 == word);
        if let (Some(&(_, direction)), Some(next)) = (direction, self.cursor.word()) {
            self.cursor.advance();
            return self.test(direction, &next);
        }
        self.test(Direction::Either, &word)
    }

    /// A test that begins with this word, which has been taken.
    fn test(&mut self, direction: Direction, word: &str) -> Parsed<Expr> {
        let directed = direction != Direction::Either;
        if let Some(&(_, takes_direction, term)) = TERMS.iter().find(|row| row.0 == word)
            && (takes_direction || !directed)
        {
            return term(&mut self.cursor, direction).map(Expr::Test);
        }
        if let Some(place) = place(direction, word) {
            return terms::number(&mut self.cursor, place);
        }
        self.cursor.back();
        if directed {
            return self.cursor.fail(format!(
                "expected \"ip\", \"port\", \"bytes\" or the like{}",
                hint(word)
            ));
        }
        self.sugar(word)
    }

    /// An address, a network, or text to look for.
    fn sugar(&mut self, word: &str) -> Parsed<Expr> {
        let known_field = field::find(word).is_some();
        let followed = match self.cursor.second() {
            Some(Token::Word(next)) => !["and", "or"].contains(&next.to_ascii_lowercase().as_str()),
            Some(Token::Sign(sign)) => COMPARISONS.contains(sign),
            _ => false,
        };
        if followed || known_field {
            return self
                .cursor
                .fail(format!("\"{word}\" cannot be tested so{}", hint(word)));
        }
        if word.contains(['/', ':']) || word.parse::<IpAddr>().is_ok() {
            let net = terms::net(&mut self.cursor)?;
            return Ok(Expr::Test(Test::Address(Direction::Either, vec![net])));
        }
        self.cursor.advance();
        Ok(Expr::Test(Test::Text(word.to_owned())))
    }
}

/// The number a word stands for: a field, or a field of each end.
fn place(direction: Direction, word: &str) -> Option<Place> {
    let of = |end: &str| field::find(&format!("{end}_{word}"));
    let both_known = direction == Direction::Either && field::find(word).is_some();
    if ENDS.contains(&word) && !both_known {
        return Some(Place::Ends {
            src: of("src")?,
            dst: of("dst")?,
            direction,
        });
    }
    let comparable = |field: &&Field| {
        matches!(
            field.kind,
            Kind::Duration | Kind::Bytes | Kind::Count | Kind::Number | Kind::Protocol
        )
    };
    let plain = (direction == Direction::Either).then(|| field::find(word));
    plain.flatten().filter(comparable).map(Place::Field)
}

/// Every word a test can begin with.
fn words() -> impl Iterator<Item = &'static str> {
    let prims = TERMS.iter().map(|row| row.0);
    let fields = field::FIELDS.iter().map(|field| field.name);
    prims
        .chain(DIRECTIONS.iter().map(|row| row.0))
        .chain(ENDS)
        .chain(["unmatched", "duration", "and", "or", "not"])
        .chain(fields)
}

fn hint(word: &str) -> String {
    nearest(word, words())
}
