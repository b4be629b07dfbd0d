//! A value made from others that follows them, and tells only when it has changed: a memo in little code.
//!
//! `Memo` is compiled anew for every type and every closure. Here one memo carries them all behind a pointer, and only
//! reading, cloning and comparing knows the type.

use leptos::prelude::*;
use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

/// A value that follows others.
pub struct Derived<T> {
    memo: Memo<Held>,
    holds: PhantomData<fn() -> T>,
}

/// Any value, with the way to compare it.
struct Held {
    value: Value,
    is_same: fn(&dyn Any, &dyn Any) -> bool,
}

impl PartialEq for Held {
    fn eq(&self, other: &Self) -> bool {
        (self.is_same)(&*self.value, &*other.value)
    }
}

impl<T> Clone for Derived<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Derived<T> {}

impl<T: PartialEq + Send + Sync + 'static> Derived<T> {
    /// A value that is made anew when something that `make` reads changes.
    pub fn new(make: impl Fn() -> T + Send + Sync + 'static) -> Self {
        let hold = move || Held {
            value: Arc::new(make()),
            is_same: is_same::<T>,
        };
        Self {
            memo: memo(Box::new(hold)),
            holds: PhantomData,
        }
    }

    /// Looks at the value; who looks is told of changes.
    pub fn with<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        look(own(&*held(self.memo)))
    }

    /// Looks at the value as it is now.
    pub fn with_untracked<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        look(own(&*held_untracked(self.memo)))
    }
}

impl<T: Clone + PartialEq + Send + Sync + 'static> Derived<T> {
    /// The value; who asks is told of changes.
    pub fn get(&self) -> T {
        self.with(T::clone)
    }

    /// The value as it is now.
    pub fn get_untracked(&self) -> T {
        self.with_untracked(T::clone)
    }
}

impl<T: Clone + PartialEq + Send + Sync + 'static> From<Derived<T>> for Signal<T> {
    fn from(derived: Derived<T>) -> Self {
        Signal::derive(move || derived.get())
    }
}

type Value = Arc<dyn Any + Send + Sync>;

fn memo(hold: Box<dyn Fn() -> Held + Send + Sync>) -> Memo<Held> {
    Memo::new(move |_| hold())
}

fn held(memo: Memo<Held>) -> Value {
    memo.with(|held| Arc::clone(&held.value))
}

fn held_untracked(memo: Memo<Held>) -> Value {
    memo.with_untracked(|held| Arc::clone(&held.value))
}

fn own<T: 'static>(value: &(dyn Any + Send + Sync)) -> &T {
    match value.downcast_ref() {
        Some(value) => value,
        None => unreachable!("a derived value holds what its own closure made"),
    }
}

fn is_same<T: PartialEq + 'static>(one: &dyn Any, other: &dyn Any) -> bool {
    one.downcast_ref::<T>() == other.downcast_ref::<T>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn a_derived_value_follows_its_source_and_tells_only_of_changes() {
        let owner = Owner::new();
        owner.set();
        let source = RwSignal::new(3);
        let parity = Derived::new(move || source.get() % 2);
        let told = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&told);
        let words = Derived::new(move || {
            counter.fetch_add(1, Ordering::Relaxed);
            if parity.get() == 1 { "odd" } else { "even" }
        });
        assert_eq!(words.get(), "odd");
        source.set(5);
        assert_eq!((words.get(), told.load(Ordering::Relaxed)), ("odd", 1));
        source.set(6);
        assert_eq!((words.get(), told.load(Ordering::Relaxed)), ("even", 2));
    }
}
