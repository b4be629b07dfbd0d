//! The one-time invitation: a link and its QR code, large, to scan from the screen or from paper.

use crate::desk::now;
use crate::icons;
use crate::shell::output;
use crate::ui::{Button, Dialog, QrCode, open_while, use_toasts};
use crate::words::{desk as d, interface as w, when};
use keng_shared::api::EnrolmentView;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The dialog; open while there is an invitation to show.
#[component]
pub fn EnrolmentDialog(enrolment: RwSignal<Option<EnrolmentView>>, name: String) -> impl IntoView {
    let open = open_while(enrolment);
    let title = d::enrol_title(&name);
    view! {
        <Dialog open title>
            {move || enrolment.get().map(|made| view! { <Invitation made/> })}
        </Dialog>
    }
}

#[component]
fn Invitation(made: EnrolmentView) -> impl IntoView {
    let toasts = use_toasts();
    let link = output::address(&made.path);
    let copied = link.clone();
    let copy = move |_| {
        let link = copied.clone();
        spawn_local(async move {
            if output::copy(&link).await.is_ok() {
                toasts.say(d::copied());
            }
        });
    };
    view! {
        <div class="stack invitation">
            <p>{d::enrol_scan()}</p>
            <QrCode text=link.clone() alt=d::enrol_scan()/>
            <p>{d::enrol_link()}</p>
            <p><code class="break">{link}</code></p>
            <p class="soft small">{d::enrol_once(when::instant(made.expires_at, now()))}</p>
            <div class="row screen-only">
                <Button label=d::copy() icon=icons::COPY on_press=copy/>
                <Button label=w::print() icon=icons::PRINTER on_press=move |_| output::print()/>
            </div>
        </div>
    }
}
