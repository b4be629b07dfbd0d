//! Areas: the tree on a date, the map of an area, its units, old codes, and the import.

mod resolve;
mod tree;

use super::api::use_api;
use super::import::{ImportCard, ImportKind};
use super::load::load;
use crate::icons;
use crate::ui::{Chip, EmptyState, LinkButton, MapView, Refit, Table, Tone};
use crate::words::{desk as d, domain, interface as w, when, working_days};
use keng_shared::api::AreaView;
use keng_shared::client::{Client, HttpRequest, Method};
use keng_shared::id::AreaId;
use keng_shared::permission::Verb;
use keng_shared::time::LocalDate;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};
use resolve::ResolveCard;
use serde_json::Value;
use tree::TreePane;

/// The last day of the districts: the tree before the merger.
const BEFORE_MERGER: (i32, u32, u32) = (2025, 6, 30);

/// The page. `?on=` in the address is the date; without it, today.
#[component]
pub fn AreasPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let chosen =
        Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| id.parse().ok()).map(AreaId)));
    let on =
        Memo::new(move |_| query.with(|query| query.get("on").and_then(|day| day.parse::<LocalDate>().ok())));
    let may_import = use_api().may(Verb::ManageAreas);
    view! {
        <div class="page stack">
            <div class="row-apart">
                <h1>{d::nav_areas()}</h1>
                <DateSwitch chosen on/>
            </div>
            <div class="split">
                <TreePane chosen on/>
                <div class="stack">
                    {move || match chosen.get() {
                        Some(id) => view! { <AreaCard id on/> }.into_any(),
                        None => view! {
                            <EmptyState icon=icons::MAP words=d::choose_area()/>
                        }
                        .into_any(),
                    }}
                    <ResolveCard/>
                    <div>
                        <LinkButton href="/desk/working-days" label=working_days::title() icon=icons::CALENDAR/>
                    </div>
                    {may_import.then(|| view! { <ImportCard kind=ImportKind::Areas/> })}
                </div>
            </div>
        </div>
    }
}

/// Address of an area on a date.
fn address(id: Option<AreaId>, on: Option<LocalDate>) -> String {
    let id = id.map(|id| format!("/{id}")).unwrap_or_default();
    let on = on.map(|on| format!("?on={on}")).unwrap_or_default();
    format!("/desk/areas{id}{on}")
}

#[component]
fn DateSwitch(chosen: Memo<Option<AreaId>>, on: Memo<Option<LocalDate>>) -> impl IntoView {
    let (year, month, day) = BEFORE_MERGER;
    let before = LocalDate::from_ymd_opt(year, month, day);
    let go = StoredValue::new(use_navigate());
    let pick = move |on: Option<LocalDate>| {
        go.with_value(|go| go(&address(chosen.get_untracked(), on), NavigateOptions::default()));
    };
    let kind = move |is_it: bool| if is_it { "true" } else { "false" };
    view! {
        <div class="row" role="group" aria-label=d::as_of()>
            <button
                type="button"
                class="button"
                aria-pressed=move || kind(on.get().is_none())
                on:click=move |_| pick(None)
            >
                {d::as_of_now()}
            </button>
            <button
                type="button"
                class="button"
                aria-pressed=move || kind(on.get().is_some() && on.get() == before)
                on:click=move |_| pick(before)
            >
                {d::as_of_before()}
            </button>
            <label class="row small">
                {d::as_of()}
                <input
                    class="input input-date"
                    type="date"
                    prop:value=move || on.get().map(|day| day.to_string()).unwrap_or_default()
                    on:change=move |event| pick(event_target_value(&event).parse().ok())
                />
            </label>
        </div>
    }
}

#[component]
fn AreaCard(id: AreaId, on: Memo<Option<LocalDate>>) -> impl IntoView {
    let api = use_api();
    let area = load(move || {
        let on = on.get();
        async move { api.call(async |client| client.area(id, on).await).await }
    });
    let map = load(move || {
        let on = on.get().map(|day| day.to_string());
        async move {
            let ask = async |client: &Client<_>| {
                let path = format!("/areas/{id}/map");
                client
                    .json::<Value>(HttpRequest::new(Method::Get, &path).query(&[("as_of", on.clone())]))
                    .await
            };
            api.call(ask).await
        }
    });
    let units = load(move || async move { api.call(async |client| client.units(id).await).await });
    let go = use_navigate();
    view! {
        {area.view(move |view| view! { <AreaHead view on/> })}
        <MapView
            label=w::map()
            refit=Refit::Always
            features=Signal::derive(move || map.get().map(pressable))
            on_press=move |key: String| {
                let id = key.parse().ok().map(AreaId);
                go(&address(id, on.get_untracked()), NavigateOptions::default());
            }
        />
        <section class="stack-tight">
            <h2>{d::units()}</h2>
            {units.view(|units| {
                if units.is_empty() {
                    return view! { <p class="soft">{d::no_units()}</p> }.into_any();
                }
                let rows = units
                    .into_iter()
                    .map(|unit| {
                        view! { <tr><th scope="row">{unit.name}</th><td>{domain::unit_kind(unit.kind)}</td></tr> }
                    })
                    .collect_view();
                let columns = vec![d::name().to_owned(), d::filter_kind().to_owned()];
                view! { <Table caption=d::units() columns>{rows}</Table> }.into_any()
            })}
        </section>
    }
}

#[component]
fn AreaHead(view: AreaView, on: Memo<Option<LocalDate>>) -> impl IntoView {
    let above = view
        .above
        .iter()
        .rev()
        .map(|area| {
            let (id, name) = (area.id, area.name.clone());
            view! { <a href=move || address(Some(id), on.get())>{name}</a>" › " }
        })
        .collect_view();
    let (boundary, tone) = if view.has_boundary {
        (d::area_boundary(), Tone::Good)
    } else {
        (d::area_no_boundary(), Tone::Quiet)
    };
    view! {
        <header class="stack-tight">
            <p class="small">{above}</p>
            <h2>{view.area.name.clone()}</h2>
            <div class="row">
                <Chip tone=Tone::Primary icon=icons::LANDMARK words=domain::area_kind(view.area.kind)/>
                {view.area.code.clone().map(|code| view! { <Chip words=format!("{} {code}", d::area_code())/> })}
                <Chip tone icon=icons::MAP words=boundary/>
                {validity(view.area.valid_from, view.area.valid_to).map(|words| view! {
                    <Chip tone=Tone::Quiet icon=icons::CALENDAR words/>
                })}
            </div>
        </header>
    }
}

/// From when to when something is valid, in words.
fn validity(from: Option<LocalDate>, to: Option<LocalDate>) -> Option<String> {
    match (from.map(when::date), to.map(when::date)) {
        (Some(from), Some(to)) => Some(d::area_valid(from, to)),
        (Some(from), None) => Some(d::area_valid_from(from)),
        (None, Some(to)) => Some(d::area_valid_to(to)),
        (None, None) => None,
    }
}

/// The map of an area whose parts can be pressed: the key of a part is its id.
pub fn pressable(mut map: Value) -> Value {
    let features = map.get_mut("features").and_then(Value::as_array_mut);
    for feature in features.into_iter().flatten() {
        let id = feature.get("id").and_then(Value::as_i64).map(|id| id.to_string());
        if let (Some(id), Some(properties)) =
            (id, feature.get_mut("properties").and_then(Value::as_object_mut))
        {
            properties.insert("key".to_owned(), id.into());
        }
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn parts_of_a_map_can_be_pressed_but_checkpoints_cannot() {
        let map = json!({"features": [
            {"id": 12, "properties": {"role": "part"}},
            {"id": "checkpoint-3", "properties": {"role": "checkpoint"}},
        ]});
        let map = pressable(map);
        assert_eq!(map["features"][0]["properties"]["key"], "12");
        assert_eq!(map["features"][1]["properties"].get("key"), None);
    }

    #[test]
    fn the_address_of_an_area_holds_its_date() {
        let day: LocalDate = "2025-06-30".parse().unwrap();
        assert_eq!(address(Some(AreaId(7)), Some(day)), "/desk/areas/7?on=2025-06-30");
        assert_eq!(address(None, None), "/desk/areas");
    }
}
