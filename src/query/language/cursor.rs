//! A place in a filter's tokens: what comes next, taken or left, and errors
//! that know where they are.

use std::ops::Range;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::lex::{Placed, Token, tokens};
use crate::model::text::is_printable;

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
    /// The line it is about, a caret under the place, and the message.
    pub fn show(&self, text: &str) -> String {
        self.lines(text).join("\n")
    }

    /// The same, each in a line of its own.
    pub fn lines(&self, text: &str) -> [String; 3] {
        let at = self.span.start.min(text.len());
        let begin = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let line = text[begin..].lines().next().unwrap_or_default();
        let end = self.span.end.clamp(at, begin + line.len());
        let printed = |part: &str| -> String {
            let is_shown = |c: char| is_printable(c) && c.width() != Some(0);
            let blank = |c: char| if is_shown(c) { c } else { ' ' };
            part.chars().map(blank).collect()
        };
        let (before, marked) = (printed(&text[begin..at]), printed(&text[at..end]));
        let number = match text.trim_end().contains('\n') {
            true => format!("line {}: ", 1 + text[..at].matches('\n').count()),
            false => String::new(),
        };
        let carets = "^".repeat(marked.width().max(1));
        [
            printed(line),
            format!("{}{carets}", " ".repeat(before.width())),
            format!("{number}{}", self.message),
        ]
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

    /// How many tokens were taken, to go back to.
    pub fn place(&self) -> usize {
        self.at
    }

    /// Goes back to a place.
    pub fn back_to(&mut self, place: usize) {
        self.at = place;
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

    /// What stands behind `in`: `[a, b c]`, the commas optional.
    ///
    /// # Errors
    /// When it is no list, or an item is none.
    pub fn list<T>(&mut self, item: impl Fn(&mut Cursor) -> Parsed<T>) -> Parsed<Vec<T>> {
        if self.sign(&["["]).is_none() {
            return self.fail("expected a list such as [a, b]");
        }
        if matches!(self.peek(), Some(Token::Sign("]"))) {
            return self.fail("a list needs a value");
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

    /// One value, or a list of them behind `in`.
    ///
    /// # Errors
    /// When neither comes next.
    pub fn one_or_list<T>(&mut self, item: impl Fn(&mut Cursor) -> Parsed<T>) -> Parsed<Vec<T>> {
        if self.keyword("in") {
            return self.list(item);
        }
        Ok(vec![item(self)?])
    }

    /// Takes `=`, `==` or `!=`, which may be left out; true for `!=`.
    ///
    /// # Errors
    /// When another comparison comes next.
    pub fn unequal(&mut self) -> Parsed<bool> {
        if let Some(sign) = self.sign(&["=", "==", "!="]) {
            return Ok(sign == "!=");
        }
        match self.peek() {
            Some(Token::Sign(">" | "<" | ">=" | "<=")) => {
                self.fail("this has no order: only = and != compare it")
            }
            Some(Token::Sign("~" | "!~")) => self.fail("~ is for host names: name ~ text"),
            _ => Ok(false),
        }
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
