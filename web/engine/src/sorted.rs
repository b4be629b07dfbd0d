//! Maps and sets as sorted lists.
//!
//! The engine keeps some thousand rows at most and mostly appends, for ids grow with time. A sorted list is then as
//! fast as the standard library's trees, and each pair of types costs a tenth of their code, which phones download.

use std::borrow::Borrow;

/// A map in the order of its keys. Values are boxed, so that making room moves pointers only.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SortedMap<K, V>(Vec<(K, Box<V>)>);

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord, V> SortedMap<K, V> {
    /// The value of a key.
    pub fn get(&self, key: &K) -> Option<&V> {
        let place = self.place(key).ok()?;
        self.0.get(place).map(|(_, value)| value.borrow())
    }

    /// The value of a key, to be changed.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let place = self.place(key).ok()?;
        self.0.get_mut(place).map(|(_, value)| value.as_mut())
    }

    /// Whether there is a value.
    pub fn contains_key(&self, key: &K) -> bool {
        self.place(key).is_ok()
    }

    /// Puts a value in place of the one that was there, if there was one.
    pub fn insert(&mut self, key: K, value: V) {
        match self.place(&key) {
            Ok(place) => {
                if let Some((_, old)) = self.0.get_mut(place) {
                    **old = value;
                }
            }
            Err(place) => self.0.insert(place, (key, Box::new(value))),
        }
    }

    /// Takes a value out.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        let place = self.place(key).ok()?;
        Some(*self.0.remove(place).1)
    }

    /// Takes out what is not to be kept.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &V) -> bool) {
        self.0.retain(|(key, value)| keep(key, value));
    }

    /// Keys in their order.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.0.iter().map(|(key, _)| key)
    }

    /// Values in the order of their keys.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.0.iter().map(|(_, value)| value.as_ref())
    }

    /// Values in the order of their keys, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.0.iter_mut().map(|(_, value)| value.as_mut())
    }

    /// Keys and values in the order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.0.iter().map(|(key, value)| (key, value.as_ref()))
    }

    /// Keys in their order, without the values.
    pub fn into_keys(self) -> impl Iterator<Item = K> {
        self.0.into_iter().map(|(key, _)| key)
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Takes all out.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    fn place(&self, key: &K) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.cmp(key))
    }
}

impl<K: Ord, V: Default> SortedMap<K, V> {
    /// The value of a key, made if there was none.
    #[expect(
        clippy::indexing_slicing,
        reason = "the place was found, or has just been made"
    )]
    pub fn or_default(&mut self, key: K) -> &mut V {
        let place = match self.place(&key) {
            Ok(place) => place,
            Err(place) => {
                self.0.insert(place, (key, Box::default()));
                place
            }
        };
        &mut self.0[place].1
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for SortedMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut map = Self::default();
        for (key, value) in pairs {
            map.insert(key, value);
        }
        map
    }
}

/// A set in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SortedSet<K>(Vec<K>);

impl<K> Default for SortedSet<K> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord> SortedSet<K> {
    /// Adds one; whether it was new.
    pub fn insert(&mut self, key: K) -> bool {
        match self.0.binary_search(&key) {
            Ok(_) => false,
            Err(place) => {
                self.0.insert(place, key);
                true
            }
        }
    }

    /// Whether it is there.
    pub fn contains(&self, key: &K) -> bool {
        self.0.binary_search(key).is_ok()
    }

    /// All in their order.
    pub fn iter(&self) -> std::slice::Iter<'_, K> {
        self.0.iter()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes all out.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

impl<K: Ord> Extend<K> for SortedSet<K> {
    fn extend<I: IntoIterator<Item = K>>(&mut self, keys: I) {
        for key in keys {
            self.insert(key);
        }
    }
}

impl<K: Ord> FromIterator<K> for SortedSet<K> {
    fn from_iter<I: IntoIterator<Item = K>>(keys: I) -> Self {
        let mut set = Self::default();
        set.extend(keys);
        set
    }
}

impl<K> IntoIterator for SortedSet<K> {
    type Item = K;
    type IntoIter = std::vec::IntoIter<K>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    proptest! {
        #[test]
        fn a_sorted_map_answers_as_the_standard_one(steps in prop::collection::vec((0u8..20, any::<Option<u8>>()), 0..200)) {
            let (mut ours, mut theirs) = (SortedMap::default(), BTreeMap::new());
            for (key, value) in steps {
                match value {
                    Some(value) => {
                        ours.insert(key, value);
                        theirs.insert(key, value);
                    }
                    None => prop_assert_eq!(ours.remove(&key), theirs.remove(&key)),
                }
                prop_assert_eq!(ours.get(&key), theirs.get(&key));
                prop_assert!(ours.iter().eq(theirs.iter()));
            }
        }

        #[test]
        fn a_sorted_set_answers_as_the_standard_one(keys in prop::collection::vec(0u8..30, 0..100)) {
            let ours: SortedSet<u8> = keys.iter().copied().collect();
            let theirs: BTreeSet<u8> = keys.into_iter().collect();
            prop_assert!(ours.iter().eq(theirs.iter()));
            prop_assert!((0..30).all(|key| ours.contains(&key) == theirs.contains(&key)));
        }
    }
}
