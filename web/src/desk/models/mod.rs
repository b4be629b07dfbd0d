//! The register of self-management models: a list with filters, and one model with its history. The address holds both.

mod detail;
mod end_form;

use super::api::use_api;
use super::known::use_known;
use super::load::load;
use super::review::encoded;
use super::targets::TargetsTabs;
use super::today;
use crate::icons;
use crate::ui::{Answer, Chip, EmptyState, Required, Select, Table, TextInput, Tone};
use crate::words::{label, models as m, when};
use chrono::Datelike;
use detail::Detail;
use keng_shared::api::{ModelQuery, ModelRegister, ModelRow, WhichModel};
use keng_shared::id::AreaId;
use keng_shared::model_register::{MODEL, ModelState, REVIEW};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

/// What the address says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Shown {
    query: ModelQuery,
    open: Option<WhichModel>,
}

impl Shown {
    fn address(&self) -> String {
        let query = &self.query;
        let open = self.open.as_ref();
        let parts = [
            ("area", query.area.map(|area| area.to_string())),
            ("category", query.category.clone()),
            ("state", query.state.map(|state| state.as_str().to_owned())),
            ("rating", query.rating.clone()),
            ("search", query.search.clone()),
            ("overdue", query.overdue.map(|overdue| overdue.to_string())),
            ("commune", open.map(|open| open.commune.to_string())),
            ("of", open.map(|open| open.category.clone())),
            ("name", open.map(|open| open.name.clone())),
        ];
        let parts: Vec<String> = parts
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name}={}", encoded(&value?))))
            .collect();
        format!("/desk/models?{}", parts.join("&"))
    }

    fn with(&self, open: Option<WhichModel>) -> String {
        Self { open, ..self.clone() }.address()
    }
}

/// The page.
#[component]
pub fn ModelsPage() -> impl IntoView {
    let (api, known) = (use_api(), use_known());
    let query = use_query_map();
    let shown = Memo::new(move |_| {
        query.with(|query| {
            let text = |name: &str| query.get(name).filter(|text| !text.is_empty());
            let area = |name: &str| text(name).and_then(|id| id.parse().ok()).map(AreaId);
            let open = area("commune").zip(text("of")).zip(text("name"));
            Shown {
                query: ModelQuery {
                    area: area("area"),
                    category: text("category"),
                    state: text("state").and_then(|state| ModelState::parse(&state)),
                    rating: text("rating"),
                    search: text("search"),
                    overdue: text("overdue").filter(|text| text == "true").map(|_| true),
                },
                open: open.map(|((commune, category), name)| WhichModel {
                    commune,
                    category,
                    name,
                }),
            }
        })
    });
    // Opening a model does not ask for the list again.
    let asked = Memo::new(move |_| shown.with(|shown| shown.query.clone()));
    let models = load(move || {
        let query = asked.get();
        api.call(async move |client| client.models(&query).await)
    });
    let go = StoredValue::new(use_navigate());
    let change = move |change: &dyn Fn(&mut ModelQuery)| {
        let mut shown = shown.get_untracked();
        change(&mut shown.query);
        let options = NavigateOptions {
            replace: true,
            ..NavigateOptions::default()
        };
        go.with_value(|go| go(&shown.address(), options));
    };
    let some = |text: String| (!text.is_empty()).then_some(text);
    let of = |kind: &'static str, field: &'static str| -> Vec<Answer> {
        let choices = m::choices(kind, field).iter();
        choices
            .map(|choice| Answer::new(choice.id, label(choice.label)))
            .collect()
    };
    let states: Vec<Answer> = ModelState::ALL
        .map(|state| Answer::new(state.as_str(), m::state_of(state)))
        .to_vec();
    let text = move |value: fn(&ModelQuery) -> Option<String>| {
        Signal::derive(move || asked.with(|query| value(query).unwrap_or_default()))
    };
    let year = today().year();
    let open = move || {
        let open = shown.with(|shown| shown.open.clone())?;
        let back = shown.with(|shown| shown.with(None));
        Some(view! { <Detail which=open back models/> })
    };
    view! {
        <div class="page stack">
            <h1>{m::title()}</h1>
            <TargetsTabs/>
            <p class="soft small measure">{m::about()}</p>
            {open}
            <div class="model-filters">
                <TextInput
                    id="models-search"
                    label=m::search()
                    value=text(|query| query.search.clone())
                    on_input=move |text: String| change(&|query| query.search = some(text.clone()))
                    keyboard="search"
                    required=Required::Yes
                />
                <Select
                    id="models-commune"
                    label=m::commune()
                    answers=Signal::derive(move || known.communes())
                    value=text(|query| query.area.map(|area| area.to_string()))
                    on_input=move |text: String| change(&|query| query.area = text.parse().ok().map(AreaId))
                    empty=m::every_commune()
                />
                <Select
                    id="models-category"
                    label=m::category()
                    answers=of(MODEL, "category")
                    value=text(|query| query.category.clone())
                    on_input=move |text: String| change(&|query| query.category = some(text.clone()))
                    empty=m::every_category()
                />
                <Select
                    id="models-state"
                    label=m::state()
                    answers=states
                    value=text(|query| query.state.map(|state| state.as_str().to_owned()))
                    on_input=move |text: String| change(&|query| query.state = ModelState::parse(&text))
                    empty=m::every_state()
                />
                <Select
                    id="models-rating"
                    label=m::rating()
                    answers=of(REVIEW, "rating")
                    value=text(|query| query.rating.clone())
                    on_input=move |text: String| change(&|query| query.rating = some(text.clone()))
                    empty=m::every_rating()
                />
                <Select
                    id="models-overdue"
                    label=m::review_filter()
                    answers=vec![Answer::new("true", m::only_overdue(year))]
                    value=text(|query| query.overdue.map(|overdue| overdue.to_string()))
                    on_input=move |text: String| change(&|query| query.overdue = (text == "true").then_some(true))
                    empty=m::all_models()
                />
            </div>
            {models.view(move |found| {
                let is_filtered = asked.with(|query| *query != ModelQuery::default());
                list(found, is_filtered, shown)
            })}
        </div>
    }
}

fn list(found: ModelRegister, is_filtered: bool, shown: Memo<Shown>) -> AnyView {
    if found.models.is_empty() {
        let words = if is_filtered { m::none_found() } else { m::none() };
        return view! { <EmptyState icon=icons::LAYERS words/> }.into_any();
    }
    let year = found.year;
    let count = found.models.len();
    let overdue = (found.overdue > 0).then(|| {
        view! { <Chip tone=Tone::Warn words=m::overdue_count(found.overdue, year)/> }
    });
    let part = (found.total as usize > count).then(|| view! { <p class="soft">{m::shown_part(count)}</p> });
    let columns = vec![
        m::name().to_owned(),
        m::place().to_owned(),
        m::launched_on().to_owned(),
        format!("#{}", m::members()),
        format!("#{}", m::households()),
        m::state().to_owned(),
        m::rating().to_owned(),
    ];
    let rows = found
        .models
        .into_iter()
        .map(|model| row(model, year, shown))
        .collect_view();
    view! {
        <p class="row" role="status">
            <span>{m::summary(found.total, found.active, found.members)}</span>
            {overdue}
        </p>
        {part}
        <div class="models-list"><Table caption=m::title() columns>{rows}</Table></div>
    }
    .into_any()
}

fn row(model: ModelRow, year: i32, shown: Memo<Shown>) -> impl IntoView {
    let known = use_known();
    let (commune, area) = (model.commune, model.area_id);
    let place = move || known.place(area, commune);
    let which = WhichModel {
        commune,
        category: model.category.clone(),
        name: model.name.clone(),
    };
    let href = move || shown.with(|shown| shown.with(Some(which.clone())));
    let number = |count: Option<u32>| count.map_or_else(|| "–".to_owned(), |count| count.to_string());
    let rating = model
        .ratings
        .first()
        .map_or_else(|| m::not_rated().to_owned(), m::rating_of);
    let lacks = model
        .lacks_review
        .then(|| view! { <Chip tone=Tone::Warn words=m::lacks_review(year)/> });
    view! {
        <tr>
            <th scope="row">
                <a href=href>{model.name}</a>
                <p class="soft small">{m::category_of(&model.category)}</p>
            </th>
            <td>{place}</td>
            <td>{model.launched_on.map_or_else(|| "–".to_owned(), when::date)}</td>
            <td class="number">{number(model.members)}</td>
            <td class="number">{number(model.households)}</td>
            <td>{state_chip(model.state)}</td>
            <td>{rating}" "{lacks}</td>
        </tr>
    }
}

fn state_chip(state: ModelState) -> impl IntoView {
    let tone = match state {
        ModelState::Launched => Tone::Info,
        ModelState::Maintained | ModelState::Replicated => Tone::Good,
        ModelState::Merged | ModelState::Closed => Tone::Quiet,
    };
    view! { <Chip tone words=m::state_of(state)/> }
}
