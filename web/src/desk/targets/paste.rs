//! Targets out of a spreadsheet: pasted, read by the server, looked over line by line, and only then taken.

use super::plan_form::Edited;
use crate::desk::api::use_api;
use crate::icons;
use crate::ui::{Button, ButtonKind, Chip, Notice, Table, TextArea, Tone};
use crate::words::{problem, targets as t, when};
use chrono::Datelike;
use keng_shared::api::{PasteRequest, PastedLine};
use keng_shared::target::Target;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The field, the preview and the button that takes what is right.
#[component]
pub fn PasteTargets(edited: Edited) -> impl IntoView {
    let api = use_api();
    let pasted = RwSignal::new(String::new());
    let lines = RwSignal::new(Vec::<PastedLine>::new());
    let failed = RwSignal::new(String::new());
    let year = edited.terms.with_untracked(|terms| terms.period.from.year());
    let look = move |_| {
        let request = PasteRequest {
            text: pasted.get_untracked(),
            year,
        };
        spawn_local(async move {
            match api
                .call(async |client| client.paste_targets(&request).await)
                .await
            {
                Ok(found) => {
                    failed.try_set(String::new());
                    lines.try_set(found);
                }
                Err(error) => drop(failed.try_set(problem::call(&error))),
            }
        });
    };
    let right = Memo::new(move |_| {
        lines.with(|lines| {
            lines
                .iter()
                .filter_map(|line| line.target.clone())
                .collect::<Vec<Target>>()
        })
    });
    let wrong =
        Memo::new(move |_| lines.with(|lines| lines.iter().filter(|line| line.target.is_none()).count()));
    let take = move |_| {
        edited.add(right.get_untracked());
        pasted.set(String::new());
        lines.update(|lines| lines.retain(|line| line.target.is_none()));
    };
    view! {
        <TextArea
            id="plan-paste"
            label=t::paste_label()
            hint=t::paste_hint()
            value=pasted
            on_input=move |text: String| pasted.set(text)
            rows=5
        />
        <div class="row">
            <Button label=t::paste_look() icon=icons::EYE on_press=look/>
        </div>
        {move || {
            let words = failed.get();
            (!words.is_empty()).then(|| view! { <Notice tone=Tone::Warn words/> })
        }}
        {move || (!lines.with(Vec::is_empty)).then(|| lines.with(|lines| preview(lines)))}
        {move || {
            let count = right.with(Vec::len);
            (count > 0)
                .then(|| {
                    let left = wrong.get();
                    view! {
                        {(left > 0).then(|| view! { <p>{t::paste_left(left)}</p> })}
                        <div class="row">
                            <Button
                                label=t::paste_take(count)
                                kind=ButtonKind::Primary
                                icon=icons::PLUS
                                on_press=take
                            />
                        </div>
                    }
                })
        }}
    }
}

fn preview(lines: &[PastedLine]) -> AnyView {
    let rows = lines
        .iter()
        .map(|line| {
            let about = line.target.as_ref().map(|target| {
                let until = target.deadline.map(|deadline| when::date(deadline.last_day()));
                let asked = t::asked(target.comparator, target.value);
                (asked, target.measure.clone(), until.unwrap_or_default())
            });
            let errors = line
                .errors
                .iter()
                .map(|error| view! { <li><Chip tone=Tone::Warn words=t::paste_error(error)/></li> })
                .collect_view();
            let fine = line
                .errors
                .is_empty()
                .then(|| view! { <Chip tone=Tone::Good words=t::paste_fine()/> });
            let (asked, measure, until) = about.unwrap_or_default();
            view! {
                <tr>
                    <th scope="row">{line.code.clone()}</th>
                    <td>{line.text.clone()}</td>
                    <td class="number">{asked} " " <span class="soft">{measure}</span></td>
                    <td>{until}</td>
                    <td>{fine}<ul class="paste-errors">{errors}</ul></td>
                </tr>
            }
        })
        .collect_view();
    let columns: Vec<String> = vec![
        t::code().to_owned(),
        t::target().to_owned(),
        format!("#{}", t::asked_value()),
        t::last_day().to_owned(),
        t::state().to_owned(),
    ];
    view! { <div class="plan-targets"><Table caption=t::paste_look() columns>{rows}</Table></div> }.into_any()
}
