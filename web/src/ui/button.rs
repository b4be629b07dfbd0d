//! Things to press: a button that does and a link that goes.

use super::live::live;
use crate::icons::{Icon, Picture};
use leptos::ev::MouseEvent;
use leptos::prelude::*;

/// How a button looks, by what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonKind {
    /// The main action of the screen; one a screen.
    Primary,
    /// Any other action.
    #[default]
    Plain,
    /// An action beside text, without a frame.
    Quiet,
    /// An action that takes something away.
    Danger,
}

impl ButtonKind {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button-primary",
            Self::Plain => "button",
            Self::Quiet => "button button-quiet",
            Self::Danger => "button button-danger",
        }
    }
}

/// A button. While it is blocked it stays in the order of focus and says why in its title, and does nothing.
#[component]
pub fn Button(
    /// What it does, as a verb.
    #[prop(into)]
    label: Signal<String>,
    /// What happens.
    #[prop(into, optional)]
    on_press: Option<Callback<MouseEvent>>,
    /// How it looks.
    #[prop(optional)]
    kind: ButtonKind,
    /// An icon before the words.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// More classes: `button-wide`, `button-large`.
    #[prop(optional)]
    class: &'static str,
    /// Whether it cannot be pressed now.
    #[prop(into, optional)]
    blocked: Signal<bool>,
    /// Sends the form that it stands in.
    #[prop(optional)]
    submits: Submits,
    /// Words for screen readers where the label alone does not say what it is about.
    #[prop(into, optional)]
    name: Option<String>,
    /// Id, for focus.
    #[prop(into, optional)]
    id: Option<String>,
) -> impl IntoView {
    let press = move |event: MouseEvent| {
        if blocked.get_untracked() {
            event.prevent_default();
        } else if let Some(on_press) = on_press {
            on_press.run(event);
        }
    };
    view! {
        <button
            type=submits.as_type()
            id=id
            class=format!("{} {class}", kind.class())
            aria-disabled=move || blocked.get().then_some("true")
            aria-label=name
            on:click=press
        >
            {icon.map(|icon| view! { <Picture icon/> })}
            <span>{live(move || label.get())}</span>
        </button>
    }
}

/// Whether a button sends its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Submits {
    /// It only calls back.
    #[default]
    Nothing,
    /// It sends the form.
    Form,
}

impl Submits {
    fn as_type(self) -> &'static str {
        match self {
            Self::Nothing => "button",
            Self::Form => "submit",
        }
    }
}

/// A link that looks like a button: it goes somewhere.
#[component]
pub fn LinkButton(
    /// Where it goes.
    #[prop(into)]
    href: Signal<String>,
    /// What is there.
    #[prop(into)]
    label: Signal<String>,
    /// How it looks.
    #[prop(optional)]
    kind: ButtonKind,
    /// An icon before the words.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// More classes.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    view! {
        <a href=move || href.get() class=format!("{} {class}", kind.class())>
            {icon.map(|icon| view! { <Picture icon/> })}
            <span>{live(move || label.get())}</span>
        </a>
    }
}
