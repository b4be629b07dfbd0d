//! The units of an area on a map, coloured by how they stand with one target. Which target it is stands in the address;
//! the colours say the same as the table.

use super::Shown;
use super::matrix::{Standing, cell_figure, cell_id, unit_name};
use crate::desk::api::use_api;
use crate::desk::areas::pressable;
use crate::desk::load::load;
use crate::ui::{Answer, MapView, Refit, Required, Select, Table};
use crate::words::{number, targets as t};
use keng_shared::api::{MatrixTarget, ProgressMatrix};
use keng_shared::id::AreaId;
use keng_shared::target::Progress;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use serde_json::Value;

/// With more units, figures on the map would lie on each other.
const MOST_LABELS: usize = 40;

/// The choice of a target, and the map once there is one.
#[component]
pub fn ColourMap(found: StoredValue<ProgressMatrix>, shown: Memo<Shown>) -> impl IntoView {
    let api = use_api();
    let go = StoredValue::new(use_navigate());
    let area = found.with_value(|found| found.area_id);
    let answers: Vec<Answer> = found.with_value(|found| {
        let asked = found.targets.iter().filter(|target| target.rollup.asked() > 0);
        asked
            .map(|target| Answer::new(target.code.clone(), format!("{} · {}", target.code, target.text)))
            .collect()
    });
    let code = Memo::new(move |_| shown.with(|shown| shown.map.clone()));
    let outlines = load(move || {
        let is_shown = code.with(Option::is_some);
        async move {
            match is_shown {
                true => api.call(async |client| client.area_map(area).await).await,
                false => Ok(Value::Null),
            }
        }
    });
    let features = Signal::derive(move || {
        let outlines = outlines.get().filter(|map| !map.is_null())?;
        let code = code.get()?;
        found.with_value(|found| {
            let target = found.targets.iter().find(|target| target.code == code)?;
            Some(coloured(pressable(outlines), found, target))
        })
    });
    let has_outlines = move || {
        features.with(|features| {
            let parts = features.as_ref().and_then(|map| map.get("features")?.as_array());
            parts.is_none_or(|parts| parts.iter().any(is_unit))
        })
    };
    view! {
        <section class="stack targets-map" aria-labelledby="targets-map-title">
            <h2 id="targets-map-title">{t::map_title()}</h2>
            <Select
                id="targets-map"
                label=t::map_by()
                answers=Signal::derive(move || answers.clone())
                value=Signal::derive(move || code.get().unwrap_or_default())
                on_input=move |text: String| {
                    let next = Shown { map: Some(text).filter(|text| !text.is_empty()), ..shown.get_untracked() };
                    let stay = NavigateOptions { scroll: false, ..NavigateOptions::default() };
                    go.with_value(|go| go(&next.address(), stay));
                }
                empty=t::map_choose()
                required=Required::Shown
            />
            {move || {
                code.with(Option::is_some)
                    .then(|| {
                        view! {
                            <MapView
                                label=t::map_title()
                                refit=Refit::Always
                                features
                                class="map-tall"
                                on_press=move |key: String| {
                                    if let Ok(unit) = key.parse::<i64>() {
                                        let page = shown.get_untracked().within(AreaId(unit));
                                        go.with_value(|go| go(&page, NavigateOptions::default()));
                                    }
                                }
                            />
                            {legend()}
                            {table(found, &code.get().unwrap_or_default(), &shown.get())}
                        }
                    })
            }}
            {move || (!has_outlines()).then(|| view! { <p class="soft">{t::map_no_outlines()}</p> })}
        </section>
    }
}

fn is_unit(feature: &Value) -> bool {
    let role = feature.pointer("/properties/role").and_then(Value::as_str);
    role.is_some_and(|role| role.starts_with("standing-"))
}

/// The outlines of units with the role of how they stand, and their figure in the name; and nothing else.
fn coloured(mut map: Value, found: &ProgressMatrix, target: &MatrixTarget) -> Value {
    let Some(features) = map.get_mut("features").and_then(Value::as_array_mut) else {
        return map;
    };
    let is_labelled = found.units.len() <= MOST_LABELS;
    for feature in features.iter_mut() {
        let id = feature.get("id").and_then(Value::as_i64);
        let place = found.units.iter().position(|unit| Some(unit.area_id.0) == id);
        let cell = place.and_then(|place| target.cells.get(place));
        let Some((cell, properties)) = cell.zip(feature.get_mut("properties").and_then(Value::as_object_mut))
        else {
            continue;
        };
        let name = properties.get("name").and_then(Value::as_str).unwrap_or_default();
        let figure = cell_figure(cell);
        let name = format!("{name}: {figure} · {}", t::progress(cell.progress));
        if is_labelled {
            properties.insert(
                "label".to_owned(),
                format!("{} {figure}", sign(cell.progress)).into(),
            );
        }
        properties.insert("name".to_owned(), name.into());
        properties.insert("role".to_owned(), role(cell.progress).into());
    }
    features.retain(is_unit);
    map
}

/// The same as a table: what lags behind stands first.
fn table(found: StoredValue<ProgressMatrix>, code: &str, shown: &Shown) -> Option<impl IntoView + use<>> {
    let rank = |progress| match progress {
        Progress::Overdue => 0,
        Progress::Behind => 1,
        Progress::OnTrack => 2,
        Progress::Met => 3,
        Progress::NotApplicable => 4,
    };
    found.with_value(|found| {
        let target = found.targets.iter().find(|target| target.code == code)?;
        let mut rows: Vec<_> = found.units.iter().zip(&target.cells).collect();
        rows.sort_by_key(|(_, cell)| rank(cell.progress));
        let rows = rows
            .into_iter()
            .map(|(unit, cell)| {
                let is_asked = cell.progress != Progress::NotApplicable;
                let href = shown.with_behind(code, unit.area_id);
                let asked = is_asked.then(|| t::asked(target.comparator, cell.value.unwrap_or(target.value)));
                let missing = cell.missing.map(|missing| number::grouped(missing.count));
                view! {
                    <tr>
                        <th scope="row">
                            {match is_asked {
                                true => view! { <a id=cell_id(code, unit.area_id) href=href data-noscroll="">{unit_name(unit)}</a> }.into_any(),
                                false => unit_name(unit).into_any(),
                            }}
                        </th>
                        <td><Standing progress=cell.progress/></td>
                        <td class="number">{cell_figure(cell)}</td>
                        <td class="number">{asked}</td>
                        <td class="number">{missing}</td>
                    </tr>
                }
            })
            .collect_view();
        let columns = vec![
            t::unit().to_owned(),
            t::state().to_owned(),
            format!("#{}", t::result()),
            format!("#{}", t::asked_value()),
            format!("#{}", t::missing()),
        ];
        Some(view! {
            <p class="soft">{target.code.clone()} ". " {target.text.clone()}</p>
            <Table caption=t::map_table() columns>{rows}</Table>
        })
    })
}

fn role(progress: Progress) -> &'static str {
    match progress {
        Progress::Met => "standing-good",
        Progress::OnTrack => "standing-info",
        Progress::Behind => "standing-warn",
        Progress::Overdue => "standing-danger",
        Progress::NotApplicable => "standing-none",
    }
}

/// What stands for a standing beside its colour.
fn sign(progress: Progress) -> &'static str {
    match progress {
        Progress::Met => "✓",
        Progress::OnTrack => "→",
        Progress::Behind => "▼",
        Progress::Overdue => "!",
        Progress::NotApplicable => "–",
    }
}

fn legend() -> impl IntoView {
    let all = [
        Progress::Met,
        Progress::OnTrack,
        Progress::Behind,
        Progress::Overdue,
        Progress::NotApplicable,
    ];
    let lines = all
        .into_iter()
        .map(|progress| {
            let class = format!("map-key map-key-{}", role(progress));
            view! { <li><span class=class aria-hidden="true"><b>{sign(progress)}</b></span>{t::progress(progress)}</li> }
        })
        .collect_view();
    view! { <ul class="map-keys">{lines}</ul> }
}
