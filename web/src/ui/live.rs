//! A part of the page that follows what it reads.

use leptos::prelude::*;

/// A view that is made anew when something that `view` reads changes. A bare closure does the same, but each brings
/// its own copy of the machinery; here there is one.
pub fn live<V: IntoView + 'static>(view: impl Fn() -> V + Send + Sync + 'static) -> AnyView {
    follow(Box::new(move || view().into_any()))
}

fn follow(view: Box<dyn Fn() -> AnyView + Send + Sync>) -> AnyView {
    (move || view()).into_any()
}
