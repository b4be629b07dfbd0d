//! Targets: the plans that are in force, how far units are, the records behind each figure, and entering a plan. The
//! address holds the plan, the area, the tree and the figure that is open.

mod add_target;
mod behind;
mod colour_map;
mod counting;
mod counts_for;
mod edited;
mod editor;
mod matrix;
mod pace;
mod paste;
mod plan_form;
mod start;
mod target_row;
mod target_terms;
mod units;
mod versions;
mod years;

use super::api::use_api;
use super::known::use_known;
use super::load::{Loaded, load};
use crate::icons;
use crate::shell::{dom, output};
use crate::ui::{
    Answer, Button, ButtonKind, ChoiceButtons, Dialog, DialogActions, EmptyState, NavItem, Notice, Required,
    Select, Tabs, Tone, use_toasts,
};
use crate::words::{campaigns as c, models, plan_entry as e, plan_versions, problem, targets as t, when};
use behind::Behind;
use colour_map::ColourMap;
pub use counts_for::CountsFor;
use editor::EditorDialog;
use keng_shared::api::{OnTree, ProgressMatrix, TargetPlanRow};
use keng_shared::area::AreaKind;
use keng_shared::id::{AreaId, TargetPlanId};
use keng_shared::permission::Verb;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};
use matrix::{Choice, Matrix};
use plan_form::ChangePlan;
use start::StartPlan;
use versions::Versions;

/// How the figures of a plan are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum View {
    /// A target a row, for the whole area.
    #[default]
    List,
    /// Units × targets.
    Matrix,
    /// Units coloured by one target.
    Map,
}

/// A view, in the address, and in words.
type Told = (View, &'static str, fn() -> &'static str);

const VIEWS: [Told; 3] = [
    (View::List, "list", e::view_list),
    (View::Matrix, "matrix", e::view_matrix),
    (View::Map, "map", e::view_map),
];

/// What the address says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shown {
    plan: Option<TargetPlanId>,
    area: Option<AreaId>,
    now: bool,
    view: View,
    /// Code of the target and area whose records are open.
    behind: Option<(String, AreaId)>,
    /// Code of the target that colours the map.
    map: Option<String>,
}

impl Shown {
    fn address(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        parts.extend(self.plan.map(|plan| format!("plan={plan}")));
        parts.extend(self.area.map(|area| format!("area={area}")));
        if self.now {
            parts.push("on=now".to_owned());
        }
        if let Some((_, name, _)) = VIEWS
            .iter()
            .find(|(view, ..)| *view == self.view && *view != View::List)
        {
            parts.push(format!("view={name}"));
        }
        parts.extend(self.map.as_ref().map(|code| format!("map={code}")));
        if let Some((target, unit)) = &self.behind {
            parts.push(format!("target={target}&unit={unit}"));
        }
        format!("/desk/targets?{}", parts.join("&"))
    }

    /// The tree on which figures stand.
    fn on(&self) -> OnTree {
        match self.now {
            true => OnTree::Now,
            false => OnTree::Then,
        }
    }

    /// The same with the records behind this figure.
    pub(super) fn with_behind(&self, target: &str, area: AreaId) -> String {
        Self {
            behind: Some((target.to_owned(), area)),
            ..self.clone()
        }
        .address()
    }

    /// The same plan in another area.
    pub(super) fn within(&self, area: AreaId) -> String {
        Self {
            area: Some(area),
            behind: None,
            map: None,
            ..self.clone()
        }
        .address()
    }
}

/// The page.
#[component]
pub fn TargetsPage() -> impl IntoView {
    let api = use_api();
    let query = use_query_map();
    let shown = Memo::new(move |_| {
        query.with(|query| {
            let number = |name: &str| query.get(name).and_then(|text| text.parse::<i64>().ok());
            Shown {
                plan: number("plan").map(TargetPlanId),
                area: number("area").map(AreaId),
                now: query.get("on").as_deref() == Some("now"),
                view: query
                    .get("view")
                    .and_then(|name| VIEWS.iter().find(|(_, known, _)| **known == name))
                    .map_or_else(
                        || {
                            if query.get("map").is_some() {
                                View::Map
                            } else {
                                View::List
                            }
                        },
                        |(view, ..)| *view,
                    ),
                behind: query.get("target").zip(number("unit").map(AreaId)),
                map: query.get("map"),
            }
        })
    });
    let plans = load(move || api.call(async |client| client.target_plans().await));
    let entering = RwSignal::new(false);
    let may_enter = api.may(Verb::SetTargets);
    let enter = move || {
        may_enter.then(|| {
            view! {
                <Button
                    label=t::enter_plan()
                    kind=ButtonKind::Primary
                    icon=icons::PLUS
                    on_press=move |_| entering.set(true)
                />
            }
        })
    };
    view! {
        <div class="page stack">
            <div class="row-apart">
                <h1>{t::title()}</h1>
                {enter()}
            </div>
            <TargetsTabs/>
            {plans
                .view(move |plans_found| match plans_found.is_empty() {
                    true => view! { <EmptyState icon=icons::FLAG words=t::no_plans()/> }.into_any(),
                    false => view! { <OfPlan rows=plans_found shown plans/> }.into_any(),
                })}
        </div>
        <EditorDialog open=entering title=t::enter_plan()>
            <StartPlan open=entering plans/>
        </EditorDialog>
    }
}

/// The tabs of targets and what feeds them.
#[component]
pub fn TargetsTabs() -> impl IntoView {
    let items = vec![
        NavItem::new("/desk/targets", c::targets_tab(), icons::FLAG),
        NavItem::new("/desk/campaigns", c::tab(), icons::CALENDAR),
        NavItem::new("/desk/models", models::tab(), icons::LAYERS),
    ];
    view! { <Tabs label=t::title() items here=use_location().pathname/> }
}

/// The plan that is shown, with its choices.
#[component]
fn OfPlan(rows: Vec<TargetPlanRow>, shown: Memo<Shown>, plans: Loaded<Vec<TargetPlanRow>>) -> impl IntoView {
    let api = use_api();
    let go = StoredValue::new(use_navigate());
    let show = move |shown: Shown| go.with_value(|go| go(&shown.address(), NavigateOptions::default()));
    let first = rows.first().map(|row| row.id);
    let plan = Memo::new(move |_| shown.get().plan.or(first));
    let answers: Vec<Answer> = rows
        .iter()
        .map(|row| Answer::new(row.id.to_string(), format!("{} · {}", row.title, row.area_name)))
        .collect();
    let rows = StoredValue::new(rows);
    // Only these are another question: what is open beside the tables leaves them as they are.
    let asked = Memo::new(move |_| (plan.get(), shown.with(|s| s.area), shown.with(Shown::on)));
    let matrix = load(move || {
        let (plan, area, on) = asked.get();
        api.call(async move |client| {
            let plan = plan.unwrap_or(TargetPlanId(0));
            client.target_progress(plan, area, Some(on), None).await
        })
    });
    let row = move || rows.with_value(|rows| rows.iter().find(|row| Some(row.id) == plan.get()).cloned());
    view! {
        <div class="row-apart targets-choices">
            <Select
                id="targets-plan"
                label=t::choose_plan()
                answers=Signal::derive(move || answers.clone())
                value=Signal::derive(move || plan.get().map(|plan| plan.to_string()).unwrap_or_default())
                on_input=move |text: String| show(Shown { plan: text.parse().ok().map(TargetPlanId), ..Shown::default() })
                required=Required::Shown
            />
            {move || row().map(|row| view! { <Change row plans matrix/> })}
        </div>
        {move || row().map(|row| view! { <p class="soft">{about(&row)}</p> })}
        {matrix.view(move |found| view! { <Found found shown/> })}
    }
}

/// Period, cut-off and due date of a plan in one line.
fn about(row: &TargetPlanRow) -> String {
    let mut words = t::plan_of(&row.area_name, when::date(row.from), when::date(row.to));
    if let Some(day) = row.cut_off {
        words.push_str(&format!(" · {}", t::cut_off_on(when::date(day))));
    }
    if let Some(day) = row.due {
        words.push_str(&format!(" · {}", t::due_on(when::date(day))));
    }
    words
}

/// A matrix with what can be chosen about it.
#[component]
fn Found(found: ProgressMatrix, shown: Memo<Shown>) -> impl IntoView {
    let go = StoredValue::new(use_navigate());
    let show = move |shown: Shown| go.with_value(|go| go(&shown.address(), NavigateOptions::default()));
    // A commune is the same on both trees.
    let kind = use_known().kind(found.area_id);
    let is_whole = kind.is_none_or(|kind| kind < AreaKind::Commune);
    let waiting = found.waiting;
    let plan = found.plan.id;
    let has_units = !found.units.is_empty();
    let found = StoredValue::new(found);
    let tree = is_whole.then(|| {
        let answers = vec![Answer::new("then", t::on_then()), Answer::new("now", t::on_now())];
        view! {
            <ChoiceButtons
                id="targets-tree"
                label=t::on_tree()
                answers
                value=Signal::derive(move || if shown.with(|s| s.now) { "now" } else { "then" }.to_owned())
                on_choose=move |tree: String| {
                    let shown = shown.get_untracked();
                    show(Shown { now: tree == "now", behind: None, ..shown });
                }
            />
        }
    });
    // The tables stay as they are while a figure is opened and closed.
    let tables = Memo::new(move |_| Shown {
        map: None,
        behind: None,
        ..shown.get()
    });
    let choice = Choice::of(found.with_value(|found| found.units.len()));
    let open = Memo::new(move |_| shown.with(|shown| shown.behind.clone()));
    Effect::new(move |before: Option<Option<(String, AreaId)>>| {
        let now = open.get();
        match (before.flatten(), &now) {
            (_, Some(_)) => dom::focus_later(behind::HEADING.to_owned()),
            (Some((code, area)), None) => dom::focus_later(matrix::cell_id(&code, area)),
            (None, None) => {}
        }
        now
    });
    let behind = move || {
        open.get().map(|(target, area)| {
            let back = shown.with_untracked(|shown| Shown {
                behind: None,
                ..shown.clone()
            });
            view! { <Behind plan target area back=back.address() shown=tables.get_untracked()/> }
        })
    };
    let view = Memo::new(move |_| match has_units {
        true => shown.with(|shown| shown.view),
        false => View::List,
    });
    let tabs = move || {
        let links = VIEWS.map(|(one, _, words)| {
            let now = shown.get();
            // A target of the map in the address means the map.
            let href = Shown {
                view: one,
                behind: None,
                map: now.map.clone().filter(|_| one == View::Map),
                ..now
            }
            .address();
            let current = (one == view.get()).then_some("page");
            view! { <li><a href=href data-noscroll="" aria-current=current>{words()}</a></li> }
        });
        view! { <nav aria-label=e::views() class="screen-only"><ul class="tabs">{links.collect_view()}</ul></nav> }
    };
    view! {
        {(waiting > 0).then(|| view! { <Notice tone=Tone::Info words=t::still_counting(waiting)/> })}
        {tree}
        {behind}
        <Appendix found shown/>
        {move || has_units.then(tabs)}
        {move || match view.get() {
            View::Map => view! { <ColourMap found shown/> }.into_any(),
            View::List | View::Matrix => view! { <Matrix found shown=tables.get() choice/> }.into_any(),
        }}
    }
}

/// The matrix as a file.
#[component]
fn Appendix(found: StoredValue<ProgressMatrix>, shown: Memo<Shown>) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let waits = RwSignal::new(false);
    let save = move |_| {
        waits.set(true);
        let (plan, area, today) = found.with_value(|found| (found.plan.id, found.area_id, found.today));
        let on = shown.with_untracked(Shown::on);
        spawn_local(async move {
            let answer = api
                .call(async |client| client.target_appendix(plan, Some(area), Some(on)).await)
                .await;
            let words = match answer {
                Ok(file) => match output::save(&format!("chi-tieu-{today}.xlsx"), &file.body) {
                    Ok(()) => t::appendix_saved().to_owned(),
                    Err(_) => t::appendix_failed().to_owned(),
                },
                Err(error) => problem::call(&error),
            };
            toasts.say(words);
            waits.try_set(false);
        });
    };
    view! {
        <div class="row screen-only">
            {move || {
                let icon = icons::DOWNLOAD;
                match waits.get() {
                    true => view! { <p role="status">{t::appendix()} "…"</p> }.into_any(),
                    false => view! { <Button label=t::appendix() icon on_press=save/> }.into_any(),
                }
            }}
        </div>
    }
}

/// The document and the versions of the plan, and what those who may change it can do.
#[component]
fn Change(
    row: TargetPlanRow,
    plans: Loaded<Vec<TargetPlanRow>>,
    matrix: Loaded<ProgressMatrix>,
) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let (changing, ending, reading) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    // The version that the form begins with; the plan as it stands if there is none.
    let version = RwSignal::new(None::<u32>);
    let (id, revision) = (row.id, row.revision);
    let saved = Callback::new(move |()| {
        plans.again();
        matrix.again();
    });
    let change = move |from: Option<u32>| {
        version.set(from);
        changing.set(true);
    };
    let restore = Callback::new(move |number: u32| {
        reading.set(false);
        change(Some(number));
    });
    let bring_back = move |()| {
        spawn_local(async move {
            let words = match api
                .call(async |client| client.reopen_target_plan(id, revision).await)
                .await
            {
                Ok(_) => e::plan_back().to_owned(),
                Err(error) => problem::call(&error),
            };
            toasts.say(words);
            plans.again();
        });
    };
    let end = move |_| {
        ending.set(false);
        spawn_local(async move {
            match api
                .call(async |client| client.end_target_plan(id, revision).await)
                .await
            {
                Ok(()) => drop(toasts.say_with_undo(t::plan_ended(), Callback::new(bring_back))),
                Err(error) => drop(toasts.say(problem::call(&error))),
            }
            plans.again();
        });
    };
    let may_change = row.may_change.then(|| {
        view! {
            <Button label=t::change_plan() icon=icons::PENCIL on_press=move |_| change(None)/>
            <Button label=t::end_plan() icon=icons::BAN on_press=move |_| ending.set(true)/>
        }
    });
    view! {
        <div class="row">
            <Button label=plan_versions::open() icon=icons::HISTORY on_press=move |_| reading.set(true)/>
            {may_change}
        </div>
        <Dialog open=reading title=plan_versions::open() class="dialog-wide">
            {move || reading.get().then(|| view! { <Versions id restore/> })}
        </Dialog>
        <EditorDialog open=changing title=t::change_plan()>
            {move || {
                let version = version.get();
                changing.get().then(|| view! { <ChangePlan id version open=changing saved/> })
            }}
        </EditorDialog>
        <Dialog open=ending title=t::end_plan()>
            <p>{t::end_plan_text()}</p>
            <DialogActions open=ending>
                <Button label=t::end_plan() kind=ButtonKind::Danger icon=icons::BAN on_press=end/>
            </DialogActions>
        </Dialog>
    }
}
