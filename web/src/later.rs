//! Parts of an app whose code comes when they are first shown, so that the first visit is short.
//!
//! A [`Chunk`] is one function that the bundler cuts out of the app's wasm, with all that only it uses; see
//! docs/decisions/0016. Chunks are files of the app's version: the service worker fetches them with the shell, so that a
//! phone has them before it goes out. A build for looking at while writing (`cargo xtask bundle --dev`) is not cut.

use crate::ui::{Button, ButtonKind, Notice, Skeleton, Tone, live};
use crate::words::interface as w;
use futures::FutureExt;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::SplitLoaderError;
use std::future::Future;
use std::pin::Pin;

/// What a fetched function gives.
pub type Coming<T> = Pin<Box<dyn Future<Output = Result<T, SplitLoaderError>>>>;

/// Code that is fetched when it is first needed, and makes views of `T`.
pub struct Chunk<T> {
    /// Fetches the code; a second time, and after a failure once more, it is the same call.
    pub fetch: fn() -> Coming<()>,
    /// Makes the view, at once when the code is here.
    pub build: fn(T) -> Coming<AnyView>,
}

/// Names a chunk and the function in it.
///
/// ```ignore
/// chunk! { PATROL: patrol(route: Route) { view! { <Patrol/> }.into_any() } }
/// ```
#[macro_export]
macro_rules! chunk {
    ($(#[$doc:meta])* $chunk:ident: $name:ident($what:ident: $type:ty) $body:block) => {
        $(#[$doc])*
        pub static $chunk: $crate::later::Chunk<$type> = $crate::later::Chunk {
            fetch: || ::std::boxed::Box::pin($name::fetch()),
            build: |what| ::std::boxed::Box::pin($name::$name(what)),
        };

        mod $name {
            use super::*;

            #[cfg(split)]
            #[::leptos::wasm_split::wasm_split(
                $name,
                wasm_split_path = ::leptos::wasm_split,
                preload(fetch),
                fallible
            )]
            pub(super) fn $name($what: $type) -> Result<AnyView, ::leptos::wasm_split::SplitLoaderError> {
                Ok($body)
            }

            #[cfg(not(split))]
            pub(super) async fn fetch() -> Result<(), ::leptos::wasm_split::SplitLoaderError> {
                Ok(())
            }

            #[cfg(not(split))]
            pub(super) async fn $name($what: $type) -> Result<AnyView, ::leptos::wasm_split::SplitLoaderError> {
                Ok($body)
            }
        }
    };
}

/// How far a chunk has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fetched {
    Waiting,
    Here,
    Failed,
}

/// The view that a chunk makes of `what`, or what stands in its place until its code is here.
pub fn later<T: Clone + Send + Sync + 'static>(chunk: &'static Chunk<T>, what: T) -> AnyView {
    shown(chunk.fetch, Box::new(move || (chunk.build)(what.clone())))
}

fn shown(fetch: fn() -> Coming<()>, build: Box<dyn Fn() -> Coming<AnyView> + Send + Sync>) -> AnyView {
    // Code that came earlier is there at once: no page blinks.
    let fetched = RwSignal::new(match fetch().now_or_never() {
        Some(Ok(())) => Fetched::Here,
        _ => Fetched::Waiting,
    });
    let wait = move || {
        spawn_local(async move {
            let state = match fetch().await {
                Ok(()) => Fetched::Here,
                Err(_) => Fetched::Failed,
            };
            // The person may have gone elsewhere meanwhile.
            fetched.try_set(state);
        });
    };
    if fetched.get_untracked() == Fetched::Waiting {
        wait();
    }
    live(move || {
        let view = match fetched.get() {
            Fetched::Here => build().now_or_never().and_then(Result::ok),
            Fetched::Waiting => Some(view! { <Skeleton/> }.into_any()),
            Fetched::Failed => None,
        };
        view.unwrap_or_else(|| {
            let again = move |_| {
                fetched.set(Fetched::Waiting);
                wait();
            };
            view! {
                <h1 class="unseen">{w::app_name()}</h1>
                <Notice tone=Tone::Warn words=w::part_not_here()>
                    <Button label=w::retry() kind=ButtonKind::Primary on_press=again/>
                </Notice>
            }
            .into_any()
        })
    })
}
