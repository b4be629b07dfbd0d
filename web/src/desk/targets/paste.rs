//! Targets out of a spreadsheet: pasted, read by the server, looked over line by line, and only then taken. What a line
//! counts can be chosen in the preview; lines that are wrong stay in the field.

use super::counting::{self, Catalogue};
use super::edited::{Edited, gap_words};
use crate::desk::api::use_api;
use crate::icons;
use crate::ui::{Button, ButtonKind, Chip, Notice, Table, TextArea, Tone};
use crate::words::{plan_entry as e, problem, targets as t, when};
use chrono::Datelike;
use keng_shared::api::{Indicator, PasteChoice, PasteMatch, PasteRequest, PastedLine};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The field, the preview and the button that takes what is right.
#[component]
pub fn PasteTargets(edited: Edited, catalogue: Catalogue) -> impl IntoView {
    let api = use_api();
    let pasted = RwSignal::new(String::new());
    let lines = RwSignal::new(Vec::<PastedLine>::new());
    let chosen = RwSignal::new(Vec::<PasteChoice>::new());
    let failed = RwSignal::new(String::new());
    let look = move || {
        let (year, area) = edited
            .terms
            .with_untracked(|terms| (terms.period.from.year(), terms.area_id));
        let request = PasteRequest {
            text: pasted.get_untracked(),
            year,
            area: Some(area),
            chosen: chosen.get_untracked(),
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
    let count = |lines: &[PastedLine]| lines.iter().filter(|line| line.target.is_some()).count();
    let right = Memo::new(move |_| lines.with(|lines| count(lines)));
    let wrong = Memo::new(move |_| lines.with(|lines| lines.len() - count(lines)));
    let take = move |_| {
        let all = lines.get_untracked();
        let first = all.first().map_or(1, |line| line.line);
        let (taken, left): (Vec<_>, Vec<_>) = all.into_iter().partition(|line| line.target.is_some());
        let rest = pasted.with_untracked(|text| left_of(text, first, &left));
        edited.take(taken);
        // The lines have other numbers now.
        chosen.set(Vec::new());
        pasted.set(rest);
        match left.is_empty() {
            true => lines.set(Vec::new()),
            false => look(),
        }
    };
    let choose = Callback::new(move |(line, indicator): (u32, String)| {
        chosen.update(|chosen| {
            chosen.retain(|other| other.line != line);
            if !indicator.is_empty() {
                chosen.push(PasteChoice { line, indicator });
            }
        });
        look();
    });
    view! {
        <TextArea
            id="plan-paste"
            label=t::paste_label()
            hint=t::paste_hint()
            value=pasted
            on_input=move |text: String| {
                chosen.set(Vec::new());
                pasted.set(text);
            }
            rows=5
        />
        <div class="row">
            <Button label=t::paste_look() icon=icons::EYE on_press=move |_| look()/>
        </div>
        {move || {
            let words = failed.get();
            (!words.is_empty()).then(|| view! { <Notice tone=Tone::Warn words/> })
        }}
        {move || {
            let shown = lines.get();
            (!shown.is_empty()).then(|| catalogue.with(|all| preview(edited, shown, all, choose)))
        }}
        {move || {
            let count = right.get();
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

/// What stays in the field: the heads, which stand before the line `first`, and the lines that are wrong as they were
/// pasted.
fn left_of(text: &str, first: u32, left: &[PastedLine]) -> String {
    if left.is_empty() {
        return String::new();
    }
    let heads = text
        .lines()
        .take(usize::try_from(first).unwrap_or(1).saturating_sub(1));
    let lines = left.iter().map(|line| line.raw.as_str());
    heads.chain(lines).collect::<Vec<_>>().join("\n")
}

fn preview(
    edited: Edited,
    lines: Vec<PastedLine>,
    all: &[Indicator],
    choose: Callback<(u32, String)>,
) -> AnyView {
    let rows = lines
        .into_iter()
        .map(|line| {
            let about = line.target.as_ref().map(|target| {
                let until = target.deadline.map(|deadline| when::date(deadline.last_day()));
                let asked = t::asked(target.comparator, target.value);
                (asked, target.measure.clone(), until.unwrap_or_default())
            });
            let state = state(edited, &line);
            let number = line.line;
            let none = match line.found {
                PasteMatch::Shipped => e::counting_of_plan(),
                PasteMatch::Named | PasteMatch::Guessed => t::add_indicator(),
            };
            let options = all
                .iter()
                .map(|one| {
                    let is_chosen = one.id == line.indicator;
                    view! { <option value=one.id.clone() selected=is_chosen>{counting::name(one)}</option> }
                })
                .collect_view();
            let (asked, measure, until) = about.unwrap_or_default();
            view! {
                <tr>
                    <th scope="row">{line.code.clone()}</th>
                    <td class="paste-words">{line.text.clone()}</td>
                    <td>
                        <select
                            class="input paste-counts"
                            aria-label=e::paste_counts(number)
                            on:change=move |event| choose.run((number, event_target_value(&event)))
                        >
                            <option value="" selected=line.indicator.is_empty()>{none}</option>
                            {options}
                        </select>
                    </td>
                    <td class="number">{asked} " " <span class="soft">{measure}</span></td>
                    <td>{until}</td>
                    <td>{state}</td>
                </tr>
            }
        })
        .collect_view();
    let columns: Vec<String> = vec![
        t::code().to_owned(),
        t::target().to_owned(),
        t::add_indicator().to_owned(),
        format!("#{}", t::asked_value()),
        t::last_day().to_owned(),
        t::state().to_owned(),
    ];
    view! { <div class="plan-targets"><Table caption=t::paste_look() columns>{rows}</Table></div> }.into_any()
}

/// What is wrong in a line, or how it was understood.
fn state(edited: Edited, line: &PastedLine) -> impl IntoView + use<> {
    let mut said: Vec<(Tone, String)> = line
        .errors
        .iter()
        .map(|error| (Tone::Warn, t::paste_error(error)))
        .collect();
    if line.errors.is_empty() {
        said.push(match line.found {
            PasteMatch::Named => (Tone::Good, t::paste_fine().to_owned()),
            PasteMatch::Shipped => (Tone::Good, e::paste_shipped().to_owned()),
            PasteMatch::Guessed => (Tone::Warn, e::paste_guessed().to_owned()),
        });
        if edited.target_now(&line.code).is_some() {
            said.push((Tone::Info, e::paste_replaces().to_owned()));
        }
    }
    let gap = line
        .gap
        .as_ref()
        .filter(|_| line.errors.is_empty())
        .map(gap_words);
    let chips = said
        .into_iter()
        .map(|(tone, words)| view! { <li><Chip tone words/></li> })
        .collect_view();
    view! {
        <ul class="paste-errors">{chips}</ul>
        {gap.map(|words| view! { <p class="plan-gap small">{words}</p> })}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heads_and_the_wrong_lines_stay_as_they_were_pasted() {
        let wrong = PastedLine {
            line: 3,
            raw: "2\t\"hai\nba\"".to_owned(),
            code: String::new(),
            text: String::new(),
            indicator: String::new(),
            found: PasteMatch::Named,
            gap: None,
            errors: Vec::new(),
            target: None,
        };
        let text = "TT\tNội dung\n1\tmột\n2\t\"hai\nba\"";
        assert_eq!(left_of(text, 2, &[wrong]), "TT\tNội dung\n2\t\"hai\nba\"");
        assert_eq!(left_of(text, 2, &[]), "");
    }
}
