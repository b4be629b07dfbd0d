//! Verdicts: accept with a moment to undo, return with words.

use super::queue::{Queue, Target, use_queue};
use crate::desk::api::{FormErrors, is};
use crate::icons;
use crate::shell::timer;
use crate::shell::visibility::{self, Visibility};
use crate::ui::{
    Button, ButtonKind, Dialog, DialogActions, Notice, TextArea, ToastBox, Tone, open_while, use_toasts,
};
use crate::words::{desk as d, domain, problem};
use keng_shared::api::{NewReview, PhotoVerdict};
use keng_shared::id::{PhotoId, RecordId};
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError, ProblemCode};
use keng_shared::record::{RecordStatus, RecordView, Verdict};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// How long an acceptance waits before it is sent: 16 looks of a quarter of a second.
const UNDO_LOOKS: u32 = 16;
const LOOK_MS: u32 = 250;

/// The record that is read, if it may be judged now.
fn judgeable(queue: Queue) -> Option<RecordView> {
    let record = queue.detail().peek().flatten()?.record;
    let is_read = queue.chosen().get_untracked() == Some(record.id);
    let stands = matches!(
        record.status,
        RecordStatus::Submitted | RecordStatus::Accepted | RecordStatus::Returned
    );
    (is_read && stands && queue.api().may(Verb::Review)).then_some(record)
}

/// Whether the record that is read may be judged now.
pub fn can_judge(queue: Queue) -> bool {
    judgeable(queue).is_some()
}

/// Accepts the record that is read and goes on to the next. For four seconds it can be undone; it is sent then, or at
/// once when the page goes to the background.
pub fn accept(queue: Queue, toasts: ToastBox) {
    let Some(record) = judgeable(queue).filter(|record| record.status != RecordStatus::Accepted) else {
        return;
    };
    let id = record.id;
    if queue.pending().with_untracked(|pending| pending.contains(&id)) {
        return;
    }
    queue.pending().update(|pending| {
        pending.insert(id);
    });
    let what = domain::kind(&record.kind);
    let undo = move || {
        queue.pending().try_update(|pending| pending.remove(&id));
        toasts.say(d::undone());
    };
    let toast = toasts.say_with_undo(d::accept_pending(&what), undo);
    queue.step(1);
    let api = queue.api();
    spawn_local(async move {
        for _ in 0..UNDO_LOOKS {
            timer::sleep(LOOK_MS).await;
            if visibility::now() == Visibility::Hidden {
                break;
            }
        }
        let still = |pending: &std::collections::HashSet<RecordId>| pending.contains(&id);
        // A page that is gone was left on purpose: what was accepted there is sent.
        if queue.pending().try_with_untracked(still) == Some(false) {
            return;
        }
        toasts.take_back(toast);
        let body = NewReview {
            verdict: Some(Verdict::Accepted),
            reason: String::new(),
            photos: Vec::new(),
        };
        let answer = api
            .call(async |client| client.review(id, record.revision, &body).await)
            .await;
        queue.pending().try_update(|pending| pending.remove(&id));
        match answer {
            Ok(view) => {
                queue.judged(view);
                toasts.say(d::accepted_toast(what));
            }
            Err(error) => {
                toasts.say(problem::call(&error));
                queue.reload();
            }
        }
    });
}

/// Accepts one photo at once.
pub fn accept_photo(queue: Queue, toasts: ToastBox, photo: PhotoId) {
    let Some(record) = queue.detail().peek().flatten().map(|detail| detail.record) else {
        return;
    };
    let api = queue.api();
    spawn_local(async move {
        let body = of_photo(photo, Verdict::Accepted, String::new());
        match api
            .call(async |client| client.review(record.id, record.revision, &body).await)
            .await
        {
            Ok(view) => {
                queue.judged(view);
                toasts.say(d::photo_accepted_toast());
            }
            Err(error) => {
                toasts.say(problem::call(&error));
                if is(&error, ProblemCode::RevisionMismatch) {
                    queue.outdated().try_set(true);
                }
            }
        }
    });
}

fn of_photo(photo_id: PhotoId, verdict: Verdict, reason: String) -> NewReview {
    NewReview {
        verdict: None,
        reason: String::new(),
        photos: vec![PhotoVerdict {
            photo_id,
            verdict,
            reason,
        }],
    }
}

/// Asks for the words that go with a return.
#[component]
pub fn ReturnDialog() -> impl IntoView {
    let (queue, toasts) = (use_queue(), use_toasts());
    let api = queue.api();
    let target = queue.returning();
    let open = open_while(target);
    let reason = RwSignal::new(String::new());
    let (errors, conflict, busy) = (FormErrors::new(), RwSignal::new(false), RwSignal::new(false));
    Effect::new(move |_| {
        target.track();
        errors.clear();
        conflict.set(false);
    });
    // Words stay for a second try, but not for another record.
    Effect::new(move |_| {
        queue.chosen().track();
        reason.set(String::new());
    });
    let send = move |_| {
        let record = queue.detail().peek().flatten().map(|detail| detail.record);
        let (Some(target), Some(record)) = (target.get_untracked(), record) else {
            return;
        };
        let words = reason.get_untracked();
        if words.trim().is_empty() {
            return errors.show_fields(vec![FieldError::new("reason", FieldCode::Required)]);
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let (body, said) = match target {
                Target::Photo(photo) => (
                    of_photo(photo, Verdict::Returned, words),
                    d::photo_returned_toast().to_owned(),
                ),
                Target::Record => {
                    let body = NewReview {
                        verdict: Some(Verdict::Returned),
                        reason: words,
                        photos: Vec::new(),
                    };
                    (body, d::returned_toast(domain::kind(&record.kind)))
                }
            };
            match api
                .call(async |client| client.review(record.id, record.revision, &body).await)
                .await
            {
                Ok(view) => {
                    open.try_set(false);
                    reason.try_set(String::new());
                    queue.judged(view);
                    toasts.say(said);
                }
                Err(error) => {
                    conflict.try_set(is(&error, ProblemCode::RevisionMismatch));
                    errors.show(&error);
                }
            }
            busy.try_set(false);
        });
    };
    let title = move || match target.get() {
        Some(Target::Photo(_)) => d::return_photo_title().to_owned(),
        _ => d::return_title().to_owned(),
    };
    view! {
        <Dialog open title=Signal::derive(title)>
            <div class="stack">
                {move || {
                    let words = errors.whole().get();
                    (!words.is_empty())
                        .then(|| {
                            view! {
                                <Notice tone=Tone::Danger words>
                                    {move || {
                                        conflict
                                            .get()
                                            .then(|| {
                                                view! {
                                                    <div>
                                                        <Button
                                                            label=d::load_new_version()
                                                            on_press=move |_| queue.reload()
                                                        />
                                                    </div>
                                                }
                                            })
                                    }}
                                </Notice>
                            }
                        })
                }}
                <QuickReasons reason/>
                <TextArea
                    id="return-reason"
                    label=d::return_reason()
                    hint=d::return_reason_hint()
                    value=reason
                    on_input=move |text| reason.set(text)
                    error=Signal::derive(move || {
                        let found = errors.of("reason").get();
                        if found.is_empty() { found } else { d::return_needs_words().to_owned() }
                    })
                />
                <DialogActions open>
                    <Button
                        label=d::return_()
                        kind=ButtonKind::Primary
                        icon=icons::UNDO_2
                        on_press=send
                        blocked=busy
                    />
                </DialogActions>
            </div>
        </Dialog>
    }
}

/// Sentences that are often needed; a press adds one to the words.
#[component]
fn QuickReasons(reason: RwSignal<String>) -> impl IntoView {
    let sentences = [
        d::quick_blurred(),
        d::quick_missing_photo(),
        d::quick_wrong_photo(),
        d::quick_wrong_place(),
        d::quick_numbers(),
        d::quick_faces(),
    ];
    let buttons = sentences
        .into_iter()
        .map(|sentence| {
            let add = move |_| {
                reason.update(|words| {
                    if !words.is_empty() && !words.ends_with(char::is_whitespace) {
                        words.push(' ');
                    }
                    words.push_str(sentence);
                });
            };
            view! { <button type="button" class="quick-reason" on:click=add>{sentence}</button> }
        })
        .collect_view();
    view! {
        <div role="group" aria-label=d::quick_reasons() class="quick-reasons">{buttons}</div>
    }
}
