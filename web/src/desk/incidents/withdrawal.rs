//! A question for footage is taken back, with words.

use super::case::use_case;
use super::steps::Whole;
use crate::desk::api::{FormErrors, use_api};
use crate::ui::{Button, ButtonKind, Dialog, DialogActions, TextArea, open_while, use_toasts};
use crate::words::incidents as n;
use keng_shared::api::NewFootageWithdrawal;
use keng_shared::id::FootageRequestId;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The dialog; it stays while the case is asked for again.
#[component]
pub fn WithdrawalDialog() -> impl IntoView {
    let acting = use_case();
    let open = open_while(acting.withdrawing);
    view! {
        <Dialog open title=n::footage_withdraw_title().to_owned()>
            {move || acting.withdrawing.get_untracked().map(|id| view! { <WithdrawalForm open id/> })}
        </Dialog>
    }
}

#[component]
fn WithdrawalForm(open: RwSignal<bool>, id: FootageRequestId) -> impl IntoView {
    let (api, toasts, acting) = (use_api(), use_toasts(), use_case());
    let words = RwSignal::new(String::new());
    let errors = FormErrors::new();
    let send = move |_| {
        errors.clear();
        let body = NewFootageWithdrawal {
            words: words.get_untracked(),
        };
        spawn_local(async move {
            match api
                .call(async |client| client.withdraw_footage(id, &body).await)
                .await
            {
                Ok(_) => {
                    toasts.say(n::footage_withdraw_done());
                    open.try_set(false);
                    acting.detail.again();
                }
                Err(error) => errors.show(&error),
            }
        });
    };
    view! {
        <Whole errors/>
        <p>{n::footage_withdraw_text()}</p>
        <TextArea
            id="withdrawal-words"
            label=n::footage_withdraw_words()
            value=words
            on_input=move |text| words.set(text)
            error=errors.of("words")
            rows=2
        />
        <DialogActions open>
            <Button label=n::footage_withdraw() kind=ButtonKind::Danger on_press=send/>
        </DialogActions>
    }
}
