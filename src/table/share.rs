//! Work on a table shared out over the cores; the results come in order.

use std::ops::Range;
use std::sync::OnceLock;
use std::sync::mpsc::channel;
use std::thread;

/// Works on numbers up to `count`, on all cores when that is worth it.
pub fn in_parallel<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let parts = in_shares(count, |numbers| numbers.map(&work).collect::<Vec<T>>());
    parts.into_iter().flatten().collect()
}

/// Works on runs of the numbers up to `count`, one for each core when that is worth it.
pub fn in_shares<T: Send>(count: usize, work: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    if count == 0 {
        return vec![work(0..0)];
    }
    side_by_side(shares(count), work)
}

/// Works on all of these at once, each on a thread of its own. This thread takes the
/// first, as starting another one takes its time, and what the system has no thread for.
fn side_by_side<W: Send, T: Send>(
    mut works: impl Iterator<Item = W>,
    work: impl Fn(W) -> T + Sync,
) -> Vec<T> {
    let Some(own) = works.next() else {
        return Vec::new();
    };
    thread::scope(|scope| {
        let work = &work;
        let begin = |part: W| {
            let (hand, handed) = channel();
            let thread = thread::Builder::new();
            let Ok(thread) = thread.spawn_scoped(scope, move || handed.recv().map(work)) else {
                return Err(part);
            };
            // handed over only now, as a thread that does not begin would not give it back
            let _ = hand.send(part);
            Ok(thread)
        };
        let others: Vec<Result<_, W>> = works.map(begin).collect();
        let mut results = vec![work(own)];
        for other in others {
            match other {
                Ok(thread) => match thread.join() {
                    Ok(result) => results.extend(result),
                    Err(panic) => std::panic::resume_unwind(panic),
                },
                Err(part) => results.push(work(part)),
            }
        }
        results
    })
}

/// The runs of the numbers up to `count`, one for each core when that is worth it.
pub fn shares(count: usize) -> impl Iterator<Item = Range<usize>> {
    let share = count.div_ceil(cores(count)).max(1);
    (0..count)
        .step_by(share)
        .map(move |begin| begin..count.min(begin + share))
}

fn cores(count: usize) -> usize {
    match count {
        ..4 => 1,
        _ => all_cores(),
    }
}

/// How many cores there are for this process. The system is asked once: it reads files
/// to answer, which takes as long as looking at thousands of rows.
pub fn all_cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| thread::available_parallelism().map_or(1, usize::from))
}

/// Works on each of some items, on all cores.
pub fn each_in_parallel<T: Send>(items: &mut [T], work: impl Fn(usize, &mut T) + Sync) {
    let share = items.len().div_ceil(all_cores()).max(1);
    side_by_side(items.chunks_mut(share).enumerate(), |(part, items)| {
        for (place, item) in items.iter_mut().enumerate() {
            work(part * share + place, item);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_worked_on_once_and_in_order() {
        for count in 0..40 {
            let numbers: Vec<usize> = (0..count).collect();
            assert_eq!(in_parallel(count, |number| number), numbers);
            let shares = in_shares(count, |share| share);
            assert_eq!(shares.into_iter().flatten().collect::<Vec<_>>(), numbers);
            let mut items = vec![(0, 0); count];
            each_in_parallel(&mut items, |number, item| *item = (number, item.1 + 1));
            let once = numbers.iter().map(|&number| (number, 1));
            assert_eq!(items, once.collect::<Vec<_>>());
        }
    }
}
