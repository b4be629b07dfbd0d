//! Choosing what to log: what one logged last, then every kind that one's role logs, by group; a search finds the rest.

use crate::field::app::{App, use_app};
use crate::icons;
use crate::shell::{clock, dom};
use crate::ui::{Required, TextInput};
use crate::words::{campaigns as c, domain, field as f, label};
use keng_shared::kind::{self, KindGroup, KindShape, KindSpec};
use keng_shared::target::Span;
use keng_shared::text::search_key;
use leptos::prelude::*;

/// How many kinds are offered as used lately.
const RECENT: usize = 4;
/// Days ahead for which campaigns are offered.
const CAMPAIGN_DAYS: i64 = 14;
/// The setting that remembers them, newest first, with spaces between.
const SETTING: &str = "recent_kinds";
/// Fewer kinds than this are found at a glance.
const SEARCH_FROM: usize = 8;

/// Remembers that a kind was logged.
pub fn remember(kind: &str) {
    let before = dom::setting(SETTING).unwrap_or_default();
    let others = before
        .split(' ')
        .filter(|other| !other.is_empty() && *other != kind);
    let kinds: Vec<&str> = std::iter::once(kind).chain(others).take(RECENT).collect();
    dom::set_setting(SETTING, &kinds.join(" "));
}

/// The screen.
#[component]
pub fn Log() -> impl IntoView {
    let app = use_app();
    let kinds = app
        .look(|engine| {
            let scope = engine.scope();
            let keeps_cameras = scope.is_some_and(|scope| !scope.cameras.is_empty());
            let may = |spec: &KindSpec| {
                // Before the first scope nobody knows the roles; the form tells what is missing.
                scope.is_none_or(|scope| {
                    scope
                        .me
                        .memberships
                        .iter()
                        .any(|held| held.role.allows(spec.verb))
                })
            };
            // Whoever keeps cameras reports from them first; nobody else can.
            let mut kinds: Vec<&'static KindSpec> = kind::catalogue()
                .filter(|spec| keeps_cameras || spec.id != kind::CAMERA_INCIDENT.id)
                .filter(|spec| may(spec))
                .collect();
            kinds.sort_by_key(|spec| spec.id != kind::CAMERA_INCIDENT.id);
            kinds
        })
        .unwrap_or_default();
    let recent: Vec<&'static KindSpec> = dom::setting(SETTING)
        .unwrap_or_default()
        .split(' ')
        .filter_map(|id| kinds.iter().copied().find(|spec| spec.id == id))
        .collect();
    let search = RwSignal::new(String::new());
    let finder = (kinds.len() >= SEARCH_FROM).then(|| {
        view! {
            <TextInput
                id="kind-search"
                label=f::find_kind()
                value=search
                on_input=move |words| search.set(words)
                required=Required::No
            />
        }
    });
    let list = move || {
        let key = search_key(&search.get());
        if !key.is_empty() {
            let found = matching(&kinds, &key);
            return match found.is_empty() {
                true => view! { <p class="soft" role="status">{f::no_kind()}</p> }.into_any(),
                false => cards(None, &found).into_any(),
            };
        }
        let groups = KindGroup::ALL.iter().filter_map(|group| {
            let of_group: Vec<_> = kinds
                .iter()
                .copied()
                .filter(|spec| spec.group == *group)
                .collect();
            (!of_group.is_empty()).then(|| cards(Some(domain::kind_group(*group)), &of_group))
        });
        let groups = groups.collect_view();
        let recent = (!recent.is_empty() && kinds.len() >= SEARCH_FROM)
            .then(|| cards(Some(f::recent_kinds()), &recent));
        view! { {recent} {groups} }.into_any()
    };
    view! {
        <h1>{f::choose_kind()}</h1>
        {campaigns(app)}
        {finder}
        {list}
    }
}

/// What runs now in the person's areas, and what begins within two weeks: one tap opens the form with its name filled in.
fn campaigns(app: App) -> impl IntoView + use<> {
    let today = app
        .look(|engine| engine.clock().correct(clock::now()).local_date())
        .flatten();
    let found = app.look(|engine| engine.scope().map(|scope| scope.campaigns.clone()));
    let lines: Vec<_> = found
        .flatten()
        .unwrap_or_default()
        .into_iter()
        .filter_map(|found| {
            let days = Span {
                from: found.from,
                to: found.to,
            };
            let today = today?;
            let is_near = days.from.signed_duration_since(today).num_days() <= CAMPAIGN_DAYS;
            let near = c::near(days, today).filter(|_| is_near)?;
            let name = c::name(&found.campaign, &found.own_name);
            let said = if days.from <= today {
                c::running()
            } else {
                c::coming()
            };
            Some((
                format!("/campaign/{}", found.key),
                name,
                format!("{said} · {near}"),
            ))
        })
        .collect();
    (!lines.is_empty()).then(|| {
        let lines = lines
            .into_iter()
            .map(|(href, name, near)| {
                view! {
                    <li>
                        <a class="card record-card" href=href>
                            <icons::Picture icon=icons::CALENDAR/>
                            <span class="record-card-text">
                                <span class="strong">{name}</span>
                                <span class="soft small">{near}</span>
                            </span>
                            <icons::Picture icon=icons::CHEVRON_RIGHT/>
                        </a>
                    </li>
                }
            })
            .collect_view();
        view! {
            <section class="stack-tight">
                <h2 class="part-title">{c::tab()}</h2>
                <ul class="cards">{lines}</ul>
            </section>
        }
    })
}

/// Kinds whose name has every word of the search, with or without marks, in either language.
fn matching(kinds: &[&'static KindSpec], key: &str) -> Vec<&'static KindSpec> {
    let has = |spec: &&&'static KindSpec| {
        let names = search_key(&format!("{} {}", spec.label.vi, spec.label.en));
        key.split(' ').all(|word| names.contains(word))
    };
    kinds.iter().filter(has).copied().collect()
}

fn cards(title: Option<&'static str>, kinds: &[&'static KindSpec]) -> impl IntoView + use<> {
    let cards = kinds.iter().map(|spec| card(spec)).collect_view();
    view! {
        <section class="stack-tight">
            {title.map(|title| view! { <h2 class="part-title">{title}</h2> })}
            <ul class="cards">{cards}</ul>
        </section>
    }
}

fn card(spec: &'static KindSpec) -> impl IntoView {
    let (href, hint) = match spec.shape {
        KindShape::Loudspeaker => ("/broadcasts".to_owned(), ""),
        KindShape::Patrol => ("/patrol/start".to_owned(), f::patrol_kind_hint()),
        KindShape::Incident => (format!("/log/{}", spec.id), f::incident_kind_hint()),
        KindShape::Plain => (format!("/log/{}", spec.id), ""),
    };
    view! {
        <li>
            <a class="card record-card" href=href>
                <icons::Picture icon=icons::of_kind(spec.icon)/>
                <span class="record-card-text">
                    <span class="strong">{label(spec.label)}</span>
                    {(!hint.is_empty()).then(|| view! { <span class="soft small">{hint}</span> })}
                </span>
                <icons::Picture icon=icons::CHEVRON_RIGHT/>
            </a>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_found_without_marks_and_in_either_language() {
        let all: Vec<_> = kind::catalogue().collect();
        let ids = |words: &str| -> Vec<&str> {
            let found = matching(&all, &search_key(words));
            found.iter().map(|spec| spec.id).collect()
        };
        assert_eq!(ids("hoa giai"), ["mediation"]);
        assert_eq!(ids("training"), ["training_class"]);
        assert!(ids("xyz").is_empty());
    }
}
