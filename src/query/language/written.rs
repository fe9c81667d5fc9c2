//! `Filter`: a filter as it was written, which is what people want to see again, and
//! as it is understood.

use super::cursor::FilterError;
use super::expr::{Expr, Test};
use super::parse::parse;

/// A filter.
#[derive(Clone)]
pub struct Filter {
    /// The text; empty without a filter.
    pub text: String,
    /// What it means.
    pub expr: Expr,
}

impl Default for Filter {
    /// The filter that everything passes.
    fn default() -> Self {
        Filter {
            text: String::new(),
            expr: Expr::Test(Test::Any),
        }
    }
}

impl Filter {
    /// The filter of a text.
    ///
    /// # Errors
    /// The first mistake in it.
    pub fn of(text: &str) -> Result<Self, FilterError> {
        let expr = parse(text)?;
        let text = text.trim().to_owned();
        Ok(Filter { text, expr })
    }

    /// What passes both; this one has no `or` outside of parentheses.
    pub fn and(self, other: Filter) -> Filter {
        match (self.text.as_str(), other.text.as_str()) {
            (_, "") => self,
            ("", _) => other,
            (one, more) => Filter {
                text: format!("{one} and ({more})"),
                expr: Expr::And(vec![self.expr, other.expr]),
            },
        }
    }

    /// The filter without some of the terms that all have to hold.
    pub fn without(&self, drops: impl Fn(&Expr) -> bool) -> Filter {
        let terms = match &self.expr {
            Expr::And(terms) => terms.as_slice(),
            term => std::slice::from_ref(term),
        };
        let left: Vec<Expr> = terms.iter().filter(|it| !drops(it)).cloned().collect();
        match left.len() {
            all if all == terms.len() => self.clone(),
            0 => Filter::default(),
            _ => {
                let expr = Expr::of(left, Expr::And);
                Filter {
                    text: expr.to_string(),
                    expr,
                }
            }
        }
    }

    /// What passes a term too; the text stays as it was written where that can be.
    pub fn with(&self, term: Expr) -> Filter {
        let expr = match &self.expr {
            Expr::Test(Test::Any) => term.clone(),
            Expr::And(terms) if terms.contains(&term) => self.expr.clone(),
            expr if *expr == term => expr.clone(),
            Expr::And(terms) => Expr::And(terms.iter().cloned().chain([term.clone()]).collect()),
            expr => Expr::And(vec![expr.clone(), term.clone()]),
        };
        let text = match expr == self.expr {
            true => self.text.clone(),
            false => format!("{} and {term}", self.text),
        };
        match parse(&text) {
            Ok(meant) if meant == expr => Filter { text, expr },
            _ => Filter {
                text: expr.to_string(),
                expr,
            },
        }
    }
}
