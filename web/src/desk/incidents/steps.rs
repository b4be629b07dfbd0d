//! What officers do with a case: steps, assignment, severity. Everything names the revision that was looked at.

use super::case::use_case;
use crate::desk::api::{self, FormErrors, use_api};
use crate::icons;
use crate::ui::{
    Answer, Button, ButtonKind, Dialog, DialogActions, Notice, Required, Select, TextArea, Tone, open_while,
    use_toasts,
};
use crate::words::{domain, incidents as n, maps, problem, when};
use keng_shared::api::{CaseAction, CaseDetail, CaseRow, NewAssignee, NewCaseStep, NewSeverity};
use keng_shared::incident::Severity;
use keng_shared::incident::case::CaseState;
use keng_shared::permission::Verb;
use keng_shared::problem::ProblemCode;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Buttons of the next steps, who has it, how bad it is.
pub fn bar(detail: &CaseDetail) -> AnyView {
    if !use_api().may(Verb::HandleIncidents) {
        return ().into_any();
    }
    let case = detail.case.clone();
    let acting = use_case();
    let mut next = case.state.next().iter().copied();
    let first = next.next();
    let from = case.state;
    let button = |to: CaseState, kind: ButtonKind| {
        view! { <Button label=n::step_to(from, to) kind on_press=move |_| acting.stepping.set(Some(to))/> }
    };
    view! {
        <div class="case-bar row">
            {first.map(|to| button(to, ButtonKind::Primary))}
            {next.map(|to| button(to, ButtonKind::Plain)).collect_view()}
            {(!case.state.is_closed()).then(|| view! { <Assignee detail=detail.clone()/> })}
            {(!case.state.is_closed())
                .then(|| view! {
                    <Button
                        label=n::weigh()
                        kind=ButtonKind::Quiet
                        icon=icons::PENCIL
                        on_press=move |_| acting.weighing.set(true)
                    />
                })}
        </div>
    }
    .into_any()
}

#[component]
fn Assignee(detail: CaseDetail) -> impl IntoView {
    let (api, toasts, acting) = (use_api(), use_toasts(), use_case());
    let (id, revision) = (detail.case.record_id, detail.case.revision);
    let answers: Vec<Answer> = detail
        .officers
        .iter()
        .map(|officer| Answer::new(officer.id.to_string(), officer.name.clone()))
        .collect();
    let value = detail
        .case
        .assignee
        .map(|officer| officer.id.to_string())
        .unwrap_or_default();
    let assign = move |chosen: String| {
        let body = NewAssignee {
            user_id: chosen.parse().ok(),
        };
        spawn_local(async move {
            match api
                .call(async |client| client.assign_case(id, revision, &body).await)
                .await
            {
                Ok(_) => drop(toasts.say(n::assigned())),
                Err(error) => drop(toasts.say(refusal(&error))),
            }
            acting.detail.again();
        });
    };
    view! {
        <Select
            id="case-assignee"
            label=n::assignee()
            answers=Signal::stored(answers)
            value=Signal::stored(value)
            on_input=assign
            empty=n::nobody().to_owned()
            required=Required::Yes
        />
    }
}

/// The dialogs of the page; they stay while the case is asked for again.
#[component]
pub fn StepDialogs() -> impl IntoView {
    let acting = use_case();
    let open = open_while(acting.stepping);
    let title = Signal::derive(move || match (acting.stepping.get(), acting.case()) {
        (Some(to), Some(case)) => n::step_to(case.state, to).to_owned(),
        _ => n::next_step().to_owned(),
    });
    let (stepping, weighing) = (Typed::of(open), Typed::of(acting.weighing));
    view! {
        <Dialog open title>
            {move || {
                let (to, case) = (acting.stepping.get_untracked()?, acting.case()?);
                Some(view! { <StepForm open to case typed=stepping/> })
            }}
        </Dialog>
        <Dialog open=acting.weighing title=n::weigh().to_owned()>
            {move || acting.case().map(|case| view! { <WeighForm open=acting.weighing case typed=weighing/> })}
        </Dialog>
    }
}

/// What was typed in a dialog: it stays while the case is asked for again because somebody else was faster, and goes when
/// the dialog closes.
#[derive(Clone, Copy)]
pub struct Typed {
    /// What was written.
    pub words: RwSignal<String>,
    /// The severity that was chosen.
    chosen: RwSignal<Option<String>>,
    /// Whether somebody else was faster.
    pub conflict: RwSignal<bool>,
}

impl Typed {
    /// Nothing yet, in this dialog.
    pub fn of(open: RwSignal<bool>) -> Self {
        let typed = Self {
            words: RwSignal::new(String::new()),
            chosen: RwSignal::new(None),
            conflict: RwSignal::new(false),
        };
        Effect::new(move || {
            if !open.get() {
                typed.words.set(String::new());
                typed.chosen.set(None);
                typed.conflict.set(false);
            }
        });
        typed
    }

    /// The revision that the person looked at: the one of when the dialog was opened, until it was said that somebody else
    /// was faster; then that of the case as it was read again.
    pub fn revision(self, opened_at: u32, now: Option<CaseRow>) -> u32 {
        match self.conflict.get_untracked() {
            true => now.map_or(opened_at, |case| case.revision),
            false => opened_at,
        }
    }

    /// Says that somebody else was faster.
    pub fn notice(self) -> impl IntoView {
        move || {
            self.conflict
                .get()
                .then(|| view! { <Notice tone=Tone::Warn words=n::conflict_kept()/> })
        }
    }
}

#[component]
fn StepForm(open: RwSignal<bool>, to: CaseState, case: CaseRow, typed: Typed) -> impl IntoView {
    let (api, toasts, acting) = (use_api(), use_toasts(), use_case());
    let words = typed.words;
    let errors = FormErrors::new();
    let (id, revision, from) = (case.record_id, case.revision, case.state);
    let hint = match to {
        _ if !from.needs_words(to) => n::words_optional(),
        CaseState::HandedOver => n::words_hint_handed(),
        CaseState::Verifying => n::words_hint_again(),
        _ => n::words_hint_closed(),
    };
    let send = move |_| {
        errors.clear();
        let body = NewCaseStep {
            to,
            words: words.get_untracked(),
        };
        spawn_local(async move {
            let revision = typed.revision(revision, acting.case());
            match api
                .call(async |client| client.step_case(id, revision, &body).await)
                .await
            {
                Ok(_) => {
                    toasts.say(n::saved());
                    open.try_set(false);
                    acting.detail.again();
                }
                Err(error) if is_conflict(&error) => {
                    typed.conflict.try_set(true);
                    acting.detail.again();
                }
                Err(error) => errors.show(&error),
            }
        });
    };
    let required = if from.needs_words(to) {
        Required::Yes
    } else {
        Required::No
    };
    view! {
        {typed.notice()}
        <Whole errors/>
        <TextArea
            id="step-words"
            label=n::words_needed()
            hint=hint
            value=words
            on_input=move |text| words.set(text)
            error=errors.of("words")
            required
        />
        <DialogActions open>
            <Button label=n::step_to(from, to) kind=ButtonKind::Primary on_press=send/>
        </DialogActions>
    }
}

#[component]
fn WeighForm(open: RwSignal<bool>, case: CaseRow, typed: Typed) -> impl IntoView {
    let (api, toasts, acting) = (use_api(), use_toasts(), use_case());
    let words = typed.words;
    let stands = case.severity.as_str();
    let chosen = Signal::derive(move || typed.chosen.get().unwrap_or_else(|| stands.to_owned()));
    let errors = FormErrors::new();
    let (id, revision) = (case.record_id, case.revision);
    let answers: Vec<Answer> = Severity::ALL
        .iter()
        .map(|severity| Answer::new(severity.as_str(), domain::severity(*severity)))
        .collect();
    let send = move |_| {
        errors.clear();
        let Some(severity) = Severity::parse(&chosen.get_untracked()) else {
            return;
        };
        let body = NewSeverity {
            severity,
            words: words.get_untracked(),
        };
        spawn_local(async move {
            let revision = typed.revision(revision, acting.case());
            match api
                .call(async |client| client.weigh_case(id, revision, &body).await)
                .await
            {
                Ok(_) => {
                    toasts.say(n::saved());
                    open.try_set(false);
                    acting.detail.again();
                }
                Err(error) if is_conflict(&error) => {
                    typed.conflict.try_set(true);
                    acting.detail.again();
                }
                Err(error) => errors.show(&error),
            }
        });
    };
    view! {
        {typed.notice()}
        <Whole errors/>
        <Select
            id="weigh-severity"
            label=n::severity()
            answers=Signal::stored(answers)
            value=chosen
            on_input=move |text| typed.chosen.set(Some(text))
            error=errors.of("severity")
        />
        <TextArea
            id="weigh-words"
            label=n::words_needed()
            hint=n::words_hint_weigh()
            value=words
            on_input=move |text| words.set(text)
            error=errors.of("words")
        />
        <DialogActions open>
            <Button label=n::weigh() kind=ButtonKind::Primary on_press=send/>
        </DialogActions>
    }
}

/// What is wrong with a form as a whole.
#[component]
pub fn Whole(errors: FormErrors) -> impl IntoView {
    move || {
        let words = errors.whole().get();
        (!words.is_empty()).then(|| view! { <Notice tone=Tone::Danger words/> })
    }
}

/// Everything that was done, the latest first.
pub fn timeline(detail: &CaseDetail) -> impl IntoView + use<> {
    let lines = detail
        .steps
        .iter()
        .rev()
        .map(|step| {
            let by = step.by.as_ref().map(|by| by.name.clone()).unwrap_or_default();
            let said = (!step.words.is_empty()).then(|| view! { <p>"“"{step.words.clone()}"”"</p> });
            view! {
                <li>
                    <div class="row">
                        <span class="strong">{action_words(&step.action)}</span>
                        <span class="soft small">{by}" · "{when::full(step.at)}</span>
                    </div>
                    {said}
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="card stack">
            <h2>{n::timeline()}</h2>
            <ol class="history" reversed>{lines}</ol>
        </section>
    }
}

fn action_words(action: &CaseAction) -> String {
    match action {
        CaseAction::Moved { to } => n::column(*to).to_owned(),
        CaseAction::Assigned { to: Some(officer) } => format!("{}: {}", n::assignee(), officer.name),
        CaseAction::Assigned { to: None } => format!("{}: {}", n::assignee(), n::nobody()),
        CaseAction::Weighed { severity } => {
            format!("{}: {}", n::severity(), domain::severity_short(*severity))
        }
        CaseAction::Placed { position: Some(at) } => n::placed_at(maps::coordinates(*at)),
        CaseAction::Placed { position: None } => n::placed_nowhere().to_owned(),
        CaseAction::Compared { verdict, .. } => n::same_or_not(*verdict).to_owned(),
    }
}

/// Whether somebody else was faster.
pub fn is_conflict(error: &api::Failed) -> bool {
    api::is(error, ProblemCode::RevisionMismatch) || api::is(error, ProblemCode::StateConflict)
}

fn refusal(error: &api::Failed) -> String {
    match is_conflict(error) {
        true => n::conflict().to_owned(),
        false => problem::call(error),
    }
}
