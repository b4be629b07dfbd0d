//! What a page got from the server, and how that stands.

use super::api::Failed;
use crate::ui::{Button, Notice, Skeleton, Tone};
use crate::words::{interface as w, problem};
use keng_shared::api::Page;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::future::Future;

/// Something from the server. While it is asked for again, what was there stays, so that nothing jumps.
pub struct Loaded<T: Send + Sync + 'static> {
    value: RwSignal<Option<T>>,
    error: RwSignal<Option<String>>,
    asked: RwSignal<u32>,
}

impl<T: Send + Sync + 'static> Clone for Loaded<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Loaded<T> {}

/// Asks now, and again whenever a signal changes that `ask` reads before it waits.
pub fn load<T, Answer>(ask: impl Fn() -> Answer + 'static) -> Loaded<T>
where
    T: Clone + Send + Sync + 'static,
    Answer: Future<Output = Result<T, Failed>> + 'static,
{
    let loaded = Loaded {
        value: RwSignal::new(None),
        error: RwSignal::new(None),
        asked: RwSignal::new(0),
    };
    let latest = StoredValue::new(0_u32);
    Effect::new(move || {
        loaded.asked.track();
        let answer = ask();
        let number = latest.get_value() + 1;
        latest.set_value(number);
        spawn_local(async move {
            let answer = answer.await;
            // An answer that was overtaken by a later question says nothing; nor does one for a page that is gone.
            if latest.try_get_value() != Some(number) {
                return;
            }
            match answer {
                Ok(value) => {
                    loaded.error.try_set(None);
                    loaded.value.try_set(Some(value));
                }
                Err(error) => {
                    loaded.error.try_set(Some(problem::call(&error)));
                }
            }
        });
    });
    loaded
}

impl<T: Clone + Send + Sync + 'static> Loaded<T> {
    /// Asks again.
    pub fn again(self) {
        self.asked.try_update(|asked| *asked += 1);
    }

    /// What there is.
    pub fn get(self) -> Option<T> {
        self.value.get()
    }

    /// What there is, without following its changes.
    pub fn peek(self) -> Option<T> {
        self.value.try_get_untracked().flatten()
    }

    /// Why there is nothing, if the last question failed.
    pub fn failure(self) -> Option<String> {
        self.error.get()
    }

    /// Puts something there that is known to be newer.
    pub fn set(self, value: T) {
        self.value.try_set(Some(value));
    }

    /// Changes what is there.
    pub fn change(self, change: impl FnOnce(&mut T)) {
        self.value.try_update(|value| {
            if let Some(value) = value {
                change(value);
            }
        });
    }

    /// A skeleton, then what is there, or why it is not with a button to ask again.
    pub fn view<V: IntoView + 'static>(
        self,
        show: impl Fn(T) -> V + Send + Sync + 'static,
    ) -> impl IntoView + 'static {
        move || match (self.value.get(), self.error.get()) {
            (Some(value), None) => show(value).into_any(),
            (Some(value), Some(words)) => view! {
                <Notice tone=Tone::Warn words/>
                {show(value)}
            }
            .into_any(),
            (None, Some(words)) => view! {
                <Notice tone=Tone::Danger words>
                    <div><Button label=w::retry() on_press=move |_| self.again()/></div>
                </Notice>
            }
            .into_any(),
            (None, None) => view! { <Skeleton lines=6/> }.into_any(),
        }
    }
}

impl<T: Clone + Send + Sync + 'static> Loaded<Page<T>> {
    /// Puts the page after `after` behind what is there, unless the list has become another meanwhile.
    fn append(self, after: String, ask: impl Future<Output = Result<Page<T>, Failed>> + 'static) {
        spawn_local(async move {
            match ask.await {
                Ok(next) => self.change(|page| {
                    if page.next.as_ref() == Some(&after) {
                        page.items.extend(next.items);
                        page.next = next.next;
                    }
                }),
                Err(error) => {
                    self.error.try_set(Some(problem::call(&error)));
                }
            }
        });
    }

    /// A button for the next page of the list, while there is one; `ask` takes where to go on.
    pub fn more<Answer>(self, ask: impl Fn(String) -> Answer + Send + Sync + 'static) -> impl IntoView
    where
        Answer: Future<Output = Result<Page<T>, Failed>> + 'static,
    {
        let after = self.peek()?.next?;
        let press = move |_| self.append(after.clone(), ask(after.clone()));
        Some(view! { <div><Button label=w::show_more() on_press=press/></div> })
    }
}
