//! The button that tells others, and the dialog behind it: the picture as it will go out, and every way to let it go.

use super::Card;
use crate::icons;
use crate::shell::share::{self, Drawn, Shared, Takes};
use crate::shell::{Fault, output};
use crate::ui::{Button, ButtonKind, Dialog, Notice, SkeletonBlock, Tone, live, use_toasts};
use crate::words::share as w;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value, json};

/// Opens the card. It stands only beside finished work, so it gets what [`super::card_of`] gave.
#[component]
pub fn ShareButton(
    /// What is told.
    card: Card,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let card = StoredValue::new(card);
    view! {
        <Button label=w::share() icon=icons::SHARE on_press=move |_| open.set(true)/>
        <Dialog open title=w::title().to_owned()>
            <Inside card/>
        </Dialog>
    }
}

/// How far the picture is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Picture {
    Coming,
    /// It can be shown under this address.
    Here(String),
    Failed,
}

#[component]
fn Inside(card: StoredValue<Card>) -> impl IntoView {
    let toasts = use_toasts();
    let picture = RwSignal::new(Picture::Coming);
    // The picture is made before it is asked for: a share sheet opens only right after a press.
    let drawn = StoredValue::new_local(None::<Drawn>);
    let json = card.with_value(json_of);
    spawn_local(async move {
        let state = match share::draw(&json).await {
            Ok(new) => {
                let url = new.url.as_str().to_owned();
                drawn.try_set_value(Some(new));
                Picture::Here(url)
            }
            Err(_) => Picture::Failed,
        };
        picture.try_set(state);
    });
    let (title, text) = card.with_value(|card| (card.title.clone(), card.text()));
    let words = StoredValue::new(text.clone());
    let send = move |with: With| {
        let bytes = drawn.with_value(|drawn| drawn.as_ref().map(|drawn| drawn.bytes.clone()));
        let bytes = bytes.filter(|_| with == With::Picture);
        let (name, text) = (card.with_value(|card| card.file_name.clone()), words.get_value());
        spawn_local(async move {
            let picture = bytes.as_deref().map(|bytes| (name.as_str(), bytes));
            match share::share(&text, picture).await {
                Ok(Shared::Sent | Shared::Closed) => {}
                Err(_) => {
                    toasts.say(w::not_sent());
                }
            }
        });
    };
    let save = move |_| {
        let name = card.with_value(|card| card.file_name.clone());
        let saved = drawn.with_value(|drawn| match drawn {
            Some(drawn) => output::save(&name, &drawn.bytes),
            None => Err(Fault::new("InvalidStateError", "nothing is drawn")),
        });
        toasts.say(if saved.is_ok() { w::saved() } else { w::not_drawn() });
    };
    let copy = move |_| {
        let text = words.get_value();
        spawn_local(async move {
            let copied = output::copy(&text).await;
            toasts.say(if copied.is_ok() {
                w::copied()
            } else {
                w::not_copied()
            });
        });
    };
    let takes = share::takes();
    let pictures_too =
        Signal::derive(move || takes == Takes::Pictures && matches!(picture.get(), Picture::Here(_)));
    view! {
        <div class="share-card">
            {live(move || match picture.get() {
                Picture::Coming => view! { <SkeletonBlock/> }.into_any(),
                Picture::Here(url) => {
                    view! { <img src=url alt=w::picture_of(&title) width="1080" height="1080"/> }.into_any()
                }
                Picture::Failed => view! { <Notice tone=Tone::Warn words=w::not_drawn()/> }.into_any(),
            })}
        </div>
        <p class="share-words">{text}</p>
        <p class="soft small">{w::hint()}</p>
        <div class="stack-tight">
            {live(move || {
                (takes != Takes::Nothing).then(|| {
                    let with = if pictures_too.get() { With::Picture } else { With::WordsOnly };
                    let label = if pictures_too.get() { w::send() } else { w::send_words() };
                    view! {
                        <Button
                            label
                            kind=ButtonKind::Primary
                            icon=icons::SEND
                            class="button-wide button-large"
                            on_press=move |_| send(with)
                        />
                    }
                })
            })}
            <div class="row">
                {live(move || {
                    pictures_too.get().then(|| {
                        view! { <Button label=w::send_words() on_press=move |_| send(With::WordsOnly)/> }
                    })
                })}
                {live(move || {
                    matches!(picture.get(), Picture::Here(_)).then(|| {
                        view! { <Button label=w::save_picture() icon=icons::DOWNLOAD on_press=save/> }
                    })
                })}
                <Button label=w::copy_words() icon=icons::COPY on_press=copy/>
            </div>
        </div>
    }
}

/// What goes through the share sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum With {
    Picture,
    WordsOnly,
}

/// The card as `card.js` reads it.
fn json_of(card: &Card) -> Value {
    let figures: Vec<Value> = card
        .figures
        .iter()
        .map(|figure| json!({"value": figure.value, "name": figure.name}))
        .collect();
    json!({
        "title": card.title,
        "about": card.about,
        "when": card.when,
        "place": card.place,
        "figures": figures,
        "way": card.way,
        "footer": w::logged_with(),
    })
}
