//! A place in a filter's tokens: what comes next, taken or left, and errors
//! that know where they are.

use std::ops::Range;

use super::lex::{Placed, Token, tokens};

/// What is wrong with a filter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FilterError {
    /// The bytes of the text it is about.
    pub span: Range<usize>,
    /// In words.
    pub message: String,
}

impl FilterError {
    /// The text, a caret under the place, and the message.
    pub fn show(&self, text: &str) -> String {
        let before = text[..self.span.start.min(text.len())].chars().count();
        let width = text
            .get(self.span.clone())
            .map_or(1, |span| span.chars().count().max(1));
        format!(
            "{text}\n{}{}\n{}",
            " ".repeat(before),
            "^".repeat(width),
            self.message
        )
    }
}

/// What a part of the parser answers.
pub type Parsed<T> = Result<T, FilterError>;

/// A place in the tokens of a filter.
pub struct Cursor {
    tokens: Vec<Placed>,
    at: usize,
    end: usize,
}

impl Cursor {
    /// The beginning of a text.
    ///
    /// # Errors
    /// When the text cannot be cut into tokens.
    pub fn new(text: &str) -> Parsed<Self> {
        let tokens = tokens(text).map_err(|(span, message)| FilterError {
            span,
            message: message.to_owned(),
        })?;
        Ok(Cursor {
            tokens,
            at: 0,
            end: text.len(),
        })
    }

    /// The token after the next one.
    pub fn second(&self) -> Option<&Token> {
        self.tokens.get(self.at + 1).map(|placed| &placed.0)
    }

    /// Takes the next token.
    pub fn advance(&mut self) {
        self.at += 1;
    }

    /// Gives the last token back.
    pub fn back(&mut self) {
        self.at -= 1;
    }

    /// The next token.
    pub fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|placed| &placed.0)
    }

    /// The bytes the next token covers.
    pub fn span(&self) -> Range<usize> {
        let here = self.tokens.get(self.at);
        here.map_or(self.end..self.end, |placed| placed.1.clone())
    }

    /// An error about the next token.
    ///
    /// # Errors
    /// Always.
    pub fn fail<T>(&self, message: impl Into<String>) -> Parsed<T> {
        Err(FilterError {
            span: self.span(),
            message: message.into(),
        })
    }

    /// Takes one of these signs, if it comes next.
    pub fn sign(&mut self, wanted: &[&'static str]) -> Option<&'static str> {
        match self.peek() {
            Some(Token::Sign(sign)) if wanted.contains(sign) => {
                let sign = *sign;
                self.at += 1;
                Some(sign)
            }
            _ => None,
        }
    }

    /// The next token in lower case, if it is a word.
    pub fn word(&self) -> Option<String> {
        match self.peek() {
            Some(Token::Word(word)) => Some(word.to_ascii_lowercase()),
            _ => None,
        }
    }

    /// Takes this word, if it comes next.
    pub fn keyword(&mut self, wanted: &str) -> bool {
        let found = self.word().is_some_and(|word| word == wanted);
        self.at += usize::from(found);
        found
    }

    /// `[a, b c]`, the commas optional.
    ///
    /// # Errors
    /// When it is no list, or an item is none.
    pub fn list<T>(&mut self, item: fn(&mut Cursor) -> Parsed<T>) -> Parsed<Vec<T>> {
        if self.sign(&["["]).is_none() {
            return self.fail("expected \"[\"");
        }
        let mut items = vec![item(self)?];
        while self.sign(&["]"]).is_none() {
            self.sign(&[","]);
            if self.peek().is_none() {
                return self.fail("expected another value or \"]\"");
            }
            items.push(item(self)?);
        }
        Ok(items)
    }

    /// Takes a word or a quoted text.
    ///
    /// # Errors
    /// When something else comes next; `what` was expected.
    pub fn text(&mut self, what: &str) -> Parsed<String> {
        match self.peek() {
            Some(Token::Word(text) | Token::Quoted(text)) => {
                let text = text.clone();
                self.at += 1;
                Ok(text)
            }
            _ => self.fail(format!("expected {what}")),
        }
    }
}

/// `: did you mean "dst"?`, when a word is near enough.
pub fn nearest(word: &str, known: impl Iterator<Item = &'static str>) -> String {
    known
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance > 0 && *distance <= candidate.len().div_ceil(3))
        .min_by_key(|(distance, _)| *distance)
        .map_or_else(String::new, |(_, candidate)| {
            format!(": did you mean \"{candidate}\"?")
        })
}
