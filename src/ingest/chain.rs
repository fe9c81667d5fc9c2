//! A list that grows while others read it: what is in it never changes.

use std::iter::successors;
use std::sync::OnceLock;

/// A list, or what follows one of its items.
pub struct Chain<T>(OnceLock<Box<Link<T>>>);

/// An item and what follows it.
struct Link<T>(T, Chain<T>);

impl<T> Default for Chain<T> {
    fn default() -> Self {
        Chain(OnceLock::new())
    }
}

impl<T> Chain<T> {
    /// Appends an item; answers what follows it. Of several that are appended at once, none
    /// is lost.
    pub fn push(&self, item: T) -> &Chain<T> {
        let (mut end, mut link) = (self, Box::new(Link(item, Chain::default())));
        while let Err(back) = end.0.set(link) {
            link = back;
            end = end.0.get().map_or(end, |link| &link.1);
        }
        end.0.get().map_or(end, |link| &link.1)
    }

    /// Its items, from the first to the last.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        successors(self.0.get(), |link| link.1.0.get()).map(|link| &link.0)
    }
}

impl<T> Drop for Chain<T> {
    /// One after another: a long list dropped from within would take all of the stack.
    fn drop(&mut self) {
        let mut next = self.0.take();
        while let Some(mut link) = next {
            next = link.1.0.take();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_as_long_as_it_may_be() {
        let count = 1_000_000;
        let list = Chain::default();
        (0..count).fold(&list, |end, item| end.push(item));
        assert!(list.iter().copied().eq(0..count));
        assert!(list.push(count).iter().next().is_none());
        assert_eq!(list.iter().last(), Some(&count));
        drop(list);
    }
}
