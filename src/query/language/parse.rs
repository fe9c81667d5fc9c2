//! Recursive descent over a filter's tokens. Every error has a place, says what
//! was expected there, and names the nearest word when one was mistyped.

use std::net::IpAddr;

use super::cursor::{Cursor, Parsed};
use super::expr::{Direction, Expr, Test};
use super::lex::Token;
use super::terms;
use super::words::{self, WORDS, hint};
use crate::model::typo::{named, nearest};
use crate::query::field::field;

/// Parentheses and `not` may be nested this deep.
const NESTING: usize = 100;
/// A lone word this near to one of the language is taken for a slip of it.
const LONE: usize = 6;

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
        Some(Token::Sign(")")) => parser.cursor.fail("no \"(\" stands before this \")\""),
        Some(_) => parser.cursor.fail("expected \"and\", \"or\" or the end"),
    }
}

struct Parser {
    cursor: Cursor,
    depth: usize,
}

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
            let message = format!("nested too deep: {NESTING} levels are enough for anybody");
            return self.cursor.fail(message);
        }
        let expr = if self.cursor.sign(&["!"]).is_some() || self.cursor.keyword("not") {
            self.not()?.negated(true)
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
        let direction = match (word.as_str(), self.cursor.second()) {
            // nfdump's words for the flow's own direction and the other
            ("in", Some(Token::Word(next))) if is_flowing(next) => Direction::Src,
            ("out", Some(Token::Word(next))) if is_flowing(next) => Direction::Dst,
            ("in", _) => {
                return self
                    .cursor
                    .fail("\"in\" stands behind a word, as in port in [80, 443]");
            }
            ("and" | "or", _) => return self.cursor.fail("expected a test before this"),
            (word, _) => match Direction::named(word) {
                Some(direction) => direction,
                None => return self.test(word),
            },
        };
        self.cursor.advance();
        match self.cursor.peek() {
            // `client = src` is about the field of that name
            Some(Token::Sign("=" | "==" | "!=")) if word == "client" => {
                terms::client(&mut self.cursor, field!("client"))
            }
            _ => self.directed(direction, &word),
        }
    }

    /// What stands behind a direction.
    fn directed(&mut self, direction: Direction, word: &str) -> Parsed<Expr> {
        match self.both(word)? {
            Some(both) => Ok(both),
            None => self.at_end(direction, word),
        }
    }

    /// A test of the ends that a direction means.
    fn at_end(&mut self, direction: Direction, word: &str) -> Parsed<Expr> {
        let next = self.cursor.word().unwrap_or_default();
        let is_sign = matches!(self.cursor.peek(), Some(Token::Sign("=" | "==" | "!=")));
        match words::find(&next) {
            Some(row) if row.directed => {
                self.cursor.advance();
                (row.parse)(&mut self.cursor, direction)
            }
            Some(_) => self
                .cursor
                .fail(format!("\"{next}\" has no direction: leave out \"{word}\"")),
            // `src 10.0.0.1`, as tcpdump has it
            None if is_sign || next == "in" || is_network(&next) => {
                terms::hosts(&mut self.cursor, direction)
            }
            None => {
                let directed = WORDS.iter().filter(|row| row.directed);
                let names = directed.flat_map(|row| row.names).copied();
                self.cursor.fail(format!(
                    "expected \"ip\", \"port\", \"bytes\" or the like after \"{word}\"{}",
                    nearest(&next, names)
                ))
            }
        }
    }

    /// `src and dst port 53`, `src or dst port 53`.
    fn both(&mut self, word: &str) -> Parsed<Option<Expr>> {
        let other = match word {
            "src" => "dst",
            "dst" => "src",
            _ => return Ok(None),
        };
        let link = self.cursor.word().unwrap_or_default();
        let second = match self.cursor.second() {
            Some(Token::Word(second)) => second.eq_ignore_ascii_case(other),
            _ => false,
        };
        if !second || !["and", "or"].contains(&link.as_str()) {
            return Ok(None);
        }
        self.cursor.advance();
        self.cursor.advance();
        let place = self.cursor.place();
        let src = self.at_end(Direction::Src, "src")?;
        self.cursor.back_to(place);
        let dst = self.at_end(Direction::Dst, "dst")?;
        let many = if link == "and" { Expr::And } else { Expr::Or };
        Ok(Some(many(vec![src, dst])))
    }

    /// A test that begins with this word, which comes next.
    fn test(&mut self, word: &str) -> Parsed<Expr> {
        if let Some((direction, row)) = words::resolve(word) {
            self.cursor.advance();
            return (row.parse)(&mut self.cursor, direction);
        }
        let goes_on = match self.cursor.second() {
            Some(Token::Word(next)) => !["and", "or"].contains(&next.to_ascii_lowercase().as_str()),
            Some(Token::Quoted(_)) => true,
            Some(Token::Sign(sign)) => !["&&", "||", ")"].contains(sign),
            None => false,
        };
        if goes_on {
            let words = format!("{} is no word of the filter{}", named(word), hint(word));
            return self.cursor.fail(match self.cursor.second() {
                // `tcp port 443`, as tcpdump has it
                Some(Token::Word(next)) if hint(word).is_empty() && begins_test(next) => {
                    format!("{words}; as a text to look for it needs \"and\" behind it")
                }
                _ => words,
            });
        }
        if is_network(word) {
            return terms::networks(&mut self.cursor, Direction::Either);
        }
        // in no text of a row
        if let Some(hint) = terms::meant(word).filter(|_| word.ends_with(".*")) {
            return self
                .cursor
                .fail(format!("{} is no address{hint}", named(word)));
        }
        // a slip must not become a search for text that is nowhere
        let lone = WORDS.iter().filter(|row| row.form.is_empty());
        let names = lone
            .map(|row| row.names[0])
            .filter(|name| name.len() > LONE);
        let slip = nearest(word, names);
        if !slip.is_empty() {
            return self.cursor.fail(format!(
                "{} is no word of the filter{slip} (in quotes it is text)",
                named(word)
            ));
        }
        let Some(Token::Word(text)) = self.cursor.peek() else {
            return self.cursor.fail("expected a test");
        };
        let text = text.clone();
        self.cursor.advance();
        Ok(Expr::Test(Test::Text(text)))
    }
}

/// Whether a test begins with a word.
fn begins_test(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    words::resolve(&word).is_some() || Direction::named(&word).is_some() || word == "not"
}

/// Whether nfdump lets `in` and `out` stand before a word.
fn is_flowing(word: &str) -> bool {
    let row = words::find(word).map(|row| row.names[0]);
    row.is_some_and(|name| ["if", "packets", "bytes"].contains(&name))
}

fn is_network(word: &str) -> bool {
    word.contains(['/', ':']) || word.parse::<IpAddr>().is_ok()
}
