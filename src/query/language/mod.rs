//! The language of filters: `words` is its catalogue, `lex` and `parse` turn a text into an
//! expression (`expr`), with a `cursor` over its tokens, and `terms` and `numbers` for what
//! stands behind a word; `print` turns it back, and what is `written` has text and expression.
//! `complete` and `seen` are what Tab offers, `help` explains the words.

pub mod complete;
pub mod cursor;
pub mod expr;
pub mod help;
pub mod lex;
pub mod numbers;
pub mod parse;
pub mod print;
pub mod seen;
pub mod subject;
pub mod terms;
pub mod words;
pub mod written;
