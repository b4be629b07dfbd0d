//! Device sessions: where somebody is signed in, each with a button to end it.

use crate::desk::now;
use crate::icons;
use crate::ui::{Button, Chip, Tone};
use crate::words::{desk as d, interface as w, when};
use keng_shared::api::SessionView;
use keng_shared::id::SessionId;
use leptos::prelude::*;

/// The list.
#[component]
pub fn SessionList(
    /// Sessions, newest first.
    sessions: Vec<SessionView>,
    /// Ends one.
    #[prop(into)]
    on_end: Callback<SessionId>,
) -> impl IntoView {
    if sessions.is_empty() {
        return view! { <p class="soft">{d::no_sessions()}</p> }.into_any();
    }
    let items = sessions
        .into_iter()
        .map(|session| {
            let id = session.id;
            let end = if session.current {
                view! { <Chip tone=Tone::Good icon=icons::CIRCLE_CHECK words=w::this_device()/> }.into_any()
            } else {
                view! {
                    <Button
                        label=w::end_session()
                        name=format!("{}: {}", w::end_session(), session.device_label)
                        on_press=move |_| on_end.run(id)
                    />
                }
                .into_any()
            };
            view! {
                <li class="row-apart">
                    <div>
                        <p class="strong">{session.device_label.clone()}</p>
                        <p class="small soft">
                            {w::signed_in_since(when::instant(session.created_at, now()))}" · "
                            {w::last_seen(when::ago(session.last_seen_at, now()))}
                        </p>
                    </div>
                    {end}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="plain-list">{items}</ul> }.into_any()
}
