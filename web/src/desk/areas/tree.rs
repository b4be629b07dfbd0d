//! The tree of areas on a date. A branch is asked for when it is opened. A search shows a flat list.

use super::address;
use crate::desk::api::use_api;
use crate::desk::load::load;
use crate::icons::{self, Picture};
use crate::ui::{EmptyState, TextInput};
use crate::words::{desk as d, domain};
use keng_shared::api::AreaView;
use keng_shared::id::AreaId;
use keng_shared::time::LocalDate;
use leptos::prelude::*;

/// The tree with its search.
#[component]
pub fn TreePane(chosen: Memo<Option<AreaId>>, on: Memo<Option<LocalDate>>) -> impl IntoView {
    let api = use_api();
    let search = RwSignal::new(String::new());
    let asked = Memo::new(move |_| Some(search.get().trim().to_owned()).filter(|text| !text.is_empty()));
    let ask = move |search: Option<String>, on, after: Option<String>| async move {
        api.call(async |client| client.areas(None, search.clone(), on, after.clone()).await)
            .await
    };
    let roots = load(move || ask(asked.get(), on.get(), None));
    view! {
        <section class="stack" aria-label=d::area_tree()>
            <TextInput
                id="area-search"
                label=d::area_search()
                value=search
                on_input=move |text| search.set(text)
                keyboard="search"
            />
            {roots.view(move |page| {
                if page.items.is_empty() {
                    let words = if asked.get_untracked().is_some() { d::areas_not_found() } else { d::areas_none() };
                    return view! { <EmptyState icon=icons::MAP words/> }.into_any();
                }
                let items = page.items.into_iter().map(|area| branch(area, chosen, on)).collect_view();
                let more = roots.more(move |after| ask(asked.get_untracked(), on.get_untracked(), Some(after)));
                view! { <ul class="tree">{items}</ul> {more} }.into_any()
            })}
        </section>
    }
}

fn branch(view: AreaView, chosen: Memo<Option<AreaId>>, on: Memo<Option<LocalDate>>) -> AnyView {
    let (id, open) = (view.area.id, RwSignal::new(false));
    let has_children = view.children > 0;
    let label = d::area_children(view.children);
    let toggle = has_children.then(|| {
        view! {
            <button
                type="button"
                class="tree-toggle"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                aria-label=format!("{}: {label}", view.area.name)
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <Picture icon=icons::CHEVRON_RIGHT/>
            </button>
        }
    });
    view! {
        <li>
            <div class="tree-line">
                {toggle}
                <a
                    href=move || address(Some(id), on.get())
                    aria-current=move || (chosen.get() == Some(id)).then_some("true")
                >
                    <span>{view.area.name.clone()}</span>
                    <span class="small soft">
                        {domain::area_kind(view.area.kind)}
                        {view.area.code.clone().map(|code| format!(" · {code}"))}
                    </span>
                </a>
            </div>
            {move || open.get().then(|| view! { <Children id chosen on/> })}
        </li>
    }
    .into_any()
}

#[component]
fn Children(id: AreaId, chosen: Memo<Option<AreaId>>, on: Memo<Option<LocalDate>>) -> impl IntoView {
    let api = use_api();
    let ask = move |on, after: Option<String>| async move {
        api.call(async |client| client.areas(Some(id), None, on, after.clone()).await)
            .await
    };
    let children = load(move || ask(on.get(), None));
    children.view(move |page| {
        if page.items.is_empty() {
            return view! { <p class="small soft">{d::area_has_no_children()}</p> }.into_any();
        }
        let items = page
            .items
            .into_iter()
            .map(|area| branch(area, chosen, on))
            .collect_view();
        let more = children.more(move |after| ask(on.get_untracked(), Some(after)));
        view! { <ul class="tree">{items}</ul> {more} }.into_any()
    })
}
