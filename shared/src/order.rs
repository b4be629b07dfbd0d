//! Sorting in little code. The standard library's sorts are the fastest there are and take 4 KB of the app for every
//! type that is sorted; lists on a phone are short.

use std::cmp::Ordering;

/// Sorts in place by Shell's method, with gaps that shrink by 11 ∶ 5. Not stable: what compares equal may change places.
pub fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let is_less = |items: &[T], a: usize, b: usize| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => compare(a, b) == Ordering::Less,
        _ => false,
    };
    let mut gap = items.len() / 2;
    while gap > 0 {
        for start in gap..items.len() {
            let mut at = start;
            while at >= gap && is_less(items, at, at - gap) {
                items.swap(at, at - gap);
                at -= gap;
            }
        }
        gap = if gap == 2 { 1 } else { gap * 5 / 11 };
    }
}

/// Sorts in place by a key.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_sorted_is_what_the_standard_library_sorts(mut ours in prop::collection::vec(any::<u16>(), 0..300)) {
            let mut theirs = ours.clone();
            theirs.sort_unstable();
            sort_by_key(&mut ours, |item| *item);
            prop_assert_eq!(ours, theirs);
        }
    }
}
