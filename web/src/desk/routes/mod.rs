//! Patrol routes: drawn on the map stop by stop, or by the fields beside it without a mouse.

mod drawn;
mod editor;

use super::api::{Failed, is, use_api};
use super::known::use_known;
use super::load::{Loaded, load};
use crate::icons;
use crate::ui::{Button, ButtonKind, EmptyState, MapView, Refit, Table, use_toasts};
use crate::words::{desk as d, interface as w, number, problem, routes as r};
use drawn::{Drawn, line};
use editor::Editor;
use keng_shared::geo::LatLon;
use keng_shared::patrol_route::{PatrolRoute, RouteTerms, length_m};
use keng_shared::permission::Verb;
use keng_shared::problem::ProblemCode;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value, json};

/// The page.
#[component]
pub fn RoutesPage() -> impl IntoView {
    let api = use_api();
    let routes = load(move || api.call(async |client| client.patrol_routes(None).await));
    let points = load(move || api.call(async |client| client.checkpoints(None).await));
    let home = api.home();
    let ground = load(move || async move {
        match home {
            Some(area) => api.call(async |client| client.area_map(area).await).await,
            None => Ok(Value::Null),
        }
    });
    let drawing = RwSignal::new(None::<Drawn>);
    let edited = RwSignal::new(None::<RouteTerms>);
    let nearer = RwSignal::new(None::<LatLon>);
    let features = Signal::derive(move || {
        let (ground, points) = (ground.get()?, points.get()?);
        let mut features = areas(&ground);
        match drawing.get() {
            Some(drawn) => features.extend(drawn.features(&points, |index| r::point(index + 1))),
            None => {
                features.extend(Drawn::default().features(&points, |_| String::new()));
                let routes = routes.get().unwrap_or_default();
                features.extend(routes.iter().filter_map(|route| line(&route.terms.line, "route")));
            }
        }
        Some(json!({"type": "FeatureCollection", "features": features}))
    });
    let lengthen = move |at: LatLon| {
        drawing.update(|drawn| {
            if let Some(drawn) = drawn {
                drawn.lengthen(at);
            }
        });
    };
    let press = move |key: String| {
        let found = points.peek().unwrap_or_default();
        drawing.update(|drawn| {
            let point = found.iter().find(|point| point.id.to_string() == key);
            if let (Some(drawn), Some(point)) = (drawn, point) {
                drawn.lead_past(point);
            }
        });
    };
    // The form keeps what was typed while the line changes.
    let is_drawing = Memo::new(move |_| drawing.with(Option::is_some));
    let may_draw = api.may(Verb::PlanPatrols);
    let begin = move |_| {
        edited.set(None);
        drawing.set(Some(Drawn::default()));
    };
    view! {
        <div class="page stack">
            <p><a href="/desk/checkpoints">{r::all_checkpoints()}</a></p>
            <div class="row-apart">
                <h1>{r::title()}</h1>
                {may_draw.then(|| view! {
                    <Button label=r::draw() kind=ButtonKind::Primary icon=icons::PLUS on_press=begin/>
                })}
            </div>
            <div class="split split-even">
                <div class="stack">
                    {move || match is_drawing.get() {
                        true => view! { <Editor drawing edited=edited.get_untracked() routes points/> }.into_any(),
                        false => {
                            let open = move |route: PatrolRoute| {
                                let found = points.peek().unwrap_or_default();
                                let middle = route.terms.line.len() / 2;
                                nearer.set(route.terms.line.get(middle).copied());
                                edited.set(Some(route.terms.clone()));
                                drawing.set(Some(Drawn::of(&route, &found)));
                            };
                            let open = may_draw.then(|| Callback::new(open));
                            view! { {routes.view(move |found| table(found, open, routes))} }.into_any()
                        }
                    }}
                </div>
                <MapView
                    label=w::map()
                    class="map-tall"
                    features
                    refit=Refit::Once
                    on_click=lengthen
                    nearer
                    on_press=press
                />
            </div>
        </div>
    }
}

/// The areas of a map of the ground.
fn areas(ground: &Value) -> Vec<Value> {
    let features = ground.get("features").and_then(Value::as_array);
    let is_area = |feature: &&Value| {
        let role = feature.pointer("/properties/role");
        role.is_none_or(|role| role != "checkpoint")
    };
    features.into_iter().flatten().filter(is_area).cloned().collect()
}

fn table(
    found: Vec<PatrolRoute>,
    open: Option<Callback<PatrolRoute>>,
    routes: Loaded<Vec<PatrolRoute>>,
) -> impl IntoView {
    if found.is_empty() {
        return view! { <EmptyState icon=icons::FOOTPRINTS words=r::none()/> }.into_any();
    }
    let rows = found
        .into_iter()
        .map(|route| view! { <Row route open routes/> })
        .collect_view();
    let columns = [r::name(), d::area(), d::actions()].map(str::to_owned);
    view! { <Table caption=r::title() columns=columns.to_vec()>{rows}</Table> }.into_any()
}

#[component]
fn Row(
    route: PatrolRoute,
    open: Option<Callback<PatrolRoute>>,
    routes: Loaded<Vec<PatrolRoute>>,
) -> impl IntoView {
    let known = use_known();
    let terms = route.terms.clone();
    let (name, area) = (terms.name.clone(), terms.area_id);
    let ids = terms.checkpoints.clone();
    let retired = Memo::new(move |_| known.retired(&ids));
    let length = r::length(number::metres(length_m(&terms.line)), terms.line.len());
    let count = terms.checkpoints.len();
    let about = move || format!("{length}, {}", r::passes(count - retired.with(Vec::len)));
    let passed_over = move || {
        let names = retired.get();
        (!names.is_empty()).then(|| view! { <p class="small strong">{r::retired(names.join(", "))}</p> })
    };
    let actions = open.map(|open| {
        let (shown, deleted) = (route.clone(), route);
        view! {
            <div class="row">
                <Button
                    label=w::change()
                    name=r::show(&name)
                    icon=icons::PENCIL
                    on_press=move |_| open.run(shown.clone())
                />
                <Delete route=deleted routes/>
            </div>
        }
    });
    view! {
        <tr>
            <th scope="row">{terms.name}<p class="small soft">{about}</p>{passed_over}</th>
            <td>{move || known.area(area)}</td>
            <td>{actions}</td>
        </tr>
    }
}

/// Deletes a route; it can be put back, without the checkpoints that are retired.
#[component]
fn Delete(route: PatrolRoute, routes: Loaded<Vec<PatrolRoute>>) -> impl IntoView {
    let (api, known, toasts) = (use_api(), use_known(), use_toasts());
    let name = r::delete(&route.terms.name);
    let put_back = move |terms: RouteTerms| {
        spawn_local(async move {
            match api
                .call(async |client| client.create_patrol_route(&terms).await)
                .await
            {
                Ok(_) => drop(toasts.say(r::put_back())),
                Err(error) => drop(toasts.say(refusal(&error))),
            }
            routes.again();
        });
    };
    let press = move |_| {
        let route = route.clone();
        spawn_local(async move {
            let (id, revision) = (route.id, route.revision);
            match api
                .call(async |client| client.delete_patrol_route(id, revision).await)
                .await
            {
                Ok(()) => {
                    let mut terms = route.terms;
                    let is_retired = |id| {
                        known
                            .checkpoint(id)
                            .is_some_and(|point| point.retired_at.is_some())
                    };
                    terms.checkpoints.retain(|id| !is_retired(*id));
                    toasts.say_with_undo(r::deleted(), Callback::new(move |()| put_back(terms.clone())));
                }
                Err(error) => drop(toasts.say(refusal(&error))),
            }
            routes.again();
        });
    };
    view! {
        <Button label=w::delete() name kind=ButtonKind::Quiet icon=icons::TRASH_2 on_press=press/>
    }
}

/// Why something was not done; what somebody else did meanwhile is shown by asking again.
fn refusal(error: &Failed) -> String {
    match is(error, ProblemCode::RevisionMismatch) {
        true => r::conflict().to_owned(),
        false => problem::call(error),
    }
}
