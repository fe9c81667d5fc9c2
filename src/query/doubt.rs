//! A filter as far as it can be told without names of hosts: what passes it for
//! certain, or what may. Only of the latter are names worth asking for.

use super::expr::{Expr, Test};

/// The filter that passes whatever may pass this one, whichever names turn out.
pub fn possible(expr: &Expr) -> Expr {
    told(expr, true)
}

/// With `doubt` for the answer of every test of a name.
fn told(expr: &Expr, doubt: bool) -> Expr {
    let all = |terms: &[Expr]| terms.iter().map(|term| told(term, doubt)).collect();
    match expr {
        Expr::And(terms) => Expr::And(all(terms)),
        Expr::Or(terms) => Expr::Or(all(terms)),
        Expr::Not(inner) => Expr::Not(Box::new(told(inner, !doubt))),
        Expr::Test(_) if expr.sees_names() => Expr::Test(Test::Any).negated(!doubt),
        Expr::Test(_) => expr.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::parse::parse;

    #[test]
    fn names_are_left_in_doubt_on_either_side_of_a_not() {
        for (filter, left) in [
            ("port 5 and name ~ a", "port 5 and any"),
            ("port 5 and not name ~ a", "port 5 and not not any"),
            ("not (port 5 or src host a)", "not (port 5 or not any)"),
            ("not (port 5 and name = a)", "not (port 5 and not any)"),
            ("name ~ a or port 5", "any or port 5"),
            ("port 5", "port 5"),
        ] {
            let parsed = parse(filter).map(|expr| possible(&expr));
            assert_eq!(parsed, parse(left), "{filter}");
        }
    }
}
