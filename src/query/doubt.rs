//! A filter as far as it can be told without names of hosts: what passes it for
//! certain, or what may. Only of the latter are names worth asking for.

use std::net::IpAddr;

use super::facts::Context;
use super::language::expr::{Expr, Test};
use super::run::{Query, run};
use crate::table::store::{Side, Table};

/// The hosts whose names can change the answer to a query that asks for names: those of the
/// rows that may pass the filter, in the order of the file, none twice.
pub fn hosts(table: &Table, query: &Query, context: &Context) -> Vec<IpAddr> {
    let asks = query.filter.asks_names();
    let query = Query {
        filter: possible(&query.filter),
        // rows under the threshold are counted, if they pass
        threshold: if asks { 0 } else { query.threshold },
        sort: None,
        ..query.clone()
    };
    let mut seen = vec![false; table.address_count()];
    let ids = run(table, &query, context).ids.into_iter();
    let ends = ids.flat_map(|id| table.row(id).ends(Side::First));
    let first = ends.filter(|end| {
        let seen = seen.get_mut(end.host as usize);
        seen.is_some_and(|seen| !std::mem::replace(seen, true))
    });
    first.filter_map(|end| table.address(end.host)).collect()
}

/// The filter that passes whatever may pass this one, whichever names turn out.
fn possible(expr: &Expr) -> Expr {
    told(expr, true, &|_, doubt| {
        Expr::Test(Test::Any).negated(!doubt)
    })
}

/// The filter that passes what passes this one whichever names turn out that are not known.
pub fn certain(expr: &Expr) -> Expr {
    told(expr, false, &|test, doubt| match doubt {
        true => Expr::Test(Test::Any),
        false => test.clone(),
    })
}

/// With `name` for every test of a name, given what it is where that is in doubt.
fn told(expr: &Expr, doubt: bool, name: &impl Fn(&Expr, bool) -> Expr) -> Expr {
    let all = |terms: &[Expr]| terms.iter().map(|term| told(term, doubt, name)).collect();
    match expr {
        Expr::And(terms) => Expr::And(all(terms)),
        Expr::Or(terms) => Expr::Or(all(terms)),
        Expr::Not(inner) => Expr::Not(Box::new(told(inner, !doubt, name))),
        Expr::Test(_) if expr.sees_names() => name(expr, doubt),
        Expr::Test(_) => expr.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::language::parse::parse;

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
        for (filter, left) in [
            ("port 5 and name ~ a", "port 5 and name ~ a"),
            ("port 5 or not name ~ a", "port 5 or not any"),
        ] {
            let parsed = parse(filter).map(|expr| certain(&expr));
            assert_eq!(parsed, parse(left), "{filter}");
        }
    }
}
