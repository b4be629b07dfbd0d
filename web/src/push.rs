//! Urgent news on this device while the app is not open: the switch, and what keeps a subscription true. For both
//! programs.

use crate::icons;
use crate::shell::Fault;
use crate::shell::fetch::Fetch;
use crate::shell::push::{self, Standing};
use crate::ui::{Button, ButtonKind, Chip, Notice, Skeleton, Tone, live};
use crate::words::{interface as w, problem, push as words};
use keng_shared::client::{CallError, Client};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// A program that asks the server as the person who is signed in.
pub trait AsksServer: Copy + Send + Sync + 'static {
    /// Asks, with a new token when the old one has run out.
    fn ask<T>(
        self,
        call: impl AsyncFn(&Client<Fetch>) -> Result<T, CallError<Fault>>,
    ) -> impl Future<Output = Result<T, CallError<Fault>>>;

    /// Says something in passing.
    fn say(self, words: &str);
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Asking,
    /// Nothing can be done here, because of this.
    Impossible(&'static str),
    Off,
    On,
    Failed(String),
}

/// The switch.
#[component]
pub fn PushSwitch<S: AsksServer>(
    /// The program around it.
    server: S,
) -> impl IntoView {
    let state = RwSignal::new(State::Asking);
    let busy = RwSignal::new(false);
    let look = move || spawn_local(async move { state.set(look(server).await) });
    look();
    let run = move |work: Work| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let after = match work {
                Work::TurnOn => turn_on(server).await,
                Work::TurnOff => turn_off(server).await,
                Work::Try => send_trial(server).await,
            };
            // The person may have left the screen while the browser asked.
            let _here = state.try_set(after);
            let _here = busy.try_set(false);
        });
    };
    let button = move |label: &'static str, kind: ButtonKind, work: Work| {
        view! { <Button label kind blocked=busy on_press=move |_| run(work)/> }
    };
    view! {
        <section class="card stack-tight" aria-labelledby="push-title">
            <h2 id="push-title">{words::title()}</h2>
            <p class="soft">{words::hint()}</p>
            {live(move || match state.get() {
                State::Asking => view! { <Skeleton lines=1/> }.into_any(),
                State::Impossible(words) => view! { <Notice tone=Tone::Info words/> }.into_any(),
                State::Off => {
                    view! { <div>{button(words::turn_on(), ButtonKind::Primary, Work::TurnOn)}</div> }.into_any()
                }
                State::On => view! {
                    <div class="row">
                        <Chip tone=Tone::Good icon=icons::BELL words=words::is_on()/>
                        {button(words::trial(), ButtonKind::Plain, Work::Try)}
                        {button(words::turn_off(), ButtonKind::Plain, Work::TurnOff)}
                    </div>
                }
                .into_any(),
                State::Failed(words) => view! {
                    <Notice tone=Tone::Warn words><Button label=w::retry() on_press=move |_| look()/></Notice>
                }
                .into_any(),
            })}
        </section>
    }
}

#[derive(Debug, Clone, Copy)]
enum Work {
    TurnOn,
    TurnOff,
    Try,
}

/// How it stands with the browser and the server together.
async fn look(server: impl AsksServer) -> State {
    let own = match push::standing().await {
        Standing::Unsupported => return State::Impossible(words::unsupported()),
        Standing::Denied => return State::Impossible(words::denied()),
        Standing::Off => None,
        Standing::On(subscription) => Some(subscription.endpoint),
    };
    match server.ask(async |client| client.push_state().await).await {
        Ok(told) if told.public_key.is_none() => State::Impossible(words::not_here()),
        Ok(told) if own.is_some() && told.endpoint == own => {
            keep_words().await;
            State::On
        }
        Ok(_) => State::Off,
        Err(error) => State::Failed(problem::call(&error)),
    }
}

async fn turn_on(server: impl AsksServer) -> State {
    match push::ask().await {
        Ok(true) => {}
        Ok(false) => return State::Impossible(words::denied()),
        Err(_) => return State::Impossible(words::unsupported()),
    }
    let key = match server.ask(async |client| client.push_state().await).await {
        Ok(told) => told.public_key,
        Err(error) => return State::Failed(problem::call(&error)),
    };
    let Some(key) = key else {
        return State::Impossible(words::not_here());
    };
    let Ok(subscription) = push::subscribe(&key).await else {
        return State::Failed(words::failed().to_owned());
    };
    keep_words().await;
    match server
        .ask(async |client| client.push_subscribe(&subscription).await)
        .await
    {
        Ok(()) => {
            server.say(words::turned_on());
            State::On
        }
        Err(error) => State::Failed(problem::call(&error)),
    }
}

async fn turn_off(server: impl AsksServer) -> State {
    if let Err(error) = server.ask(async |client| client.push_unsubscribe().await).await {
        return State::Failed(problem::call(&error));
    }
    // The server sends nothing any more, whether or not the browser can end its part.
    let _ended = push::unsubscribe().await;
    server.say(words::turned_off());
    State::Off
}

async fn send_trial(server: impl AsksServer) -> State {
    match server.ask(async |client| client.push_try().await).await {
        Ok(()) => {
            server.say(words::trial_sent());
            State::On
        }
        Err(_) => look(server).await,
    }
}

/// Without its words the worker still says that there is something.
async fn keep_words() {
    let _kept = push::keep_words(&words::for_worker()).await;
}

/// A browser may change its address by itself: tells the server, when this session is subscribed with another one.
pub fn keep_true(server: impl AsksServer) {
    spawn_local(async move {
        let Standing::On(own) = push::standing().await else {
            return;
        };
        let told = server.ask(async |client| client.push_state().await).await;
        let is_stale = told.is_ok_and(|told| told.endpoint.is_some_and(|endpoint| endpoint != own.endpoint));
        if is_stale {
            // Without a network the next start does it.
            let _told = server.ask(async |client| client.push_subscribe(&own).await).await;
        }
    });
}
