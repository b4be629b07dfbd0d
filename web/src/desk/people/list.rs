//! People: a list with a search beside the person that is looked at; adding one, importing many.

use super::PeopleTabs;
use super::new_person::NewPersonForm;
use super::person::PersonCard;
use crate::desk::api::use_api;
use crate::desk::import::{ImportCard, ImportKind};
use crate::desk::load::load;
use crate::icons;
use crate::ui::{Button, ButtonKind, Chip, Dialog, Disclosure, EmptyState, TextInput, Tone};
use crate::words::{desk as d, domain};
use keng_shared::api::UserView;
use keng_shared::id::UserId;
use keng_shared::permission::Verb;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The page.
#[component]
pub fn PeoplePage() -> impl IntoView {
    let api = use_api();
    let params = use_params_map();
    let chosen =
        Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| id.parse::<UserId>().ok())));
    let search = RwSignal::new(String::new());
    let asked = Memo::new(move |_| Some(search.get().trim().to_owned()).filter(|text| !text.is_empty()));
    let ask = move |search: Option<String>, after: Option<String>| async move {
        api.call(async |client| client.users(None, search.clone(), after.clone()).await)
            .await
    };
    let people = load(move || ask(asked.get(), None));
    let open = RwSignal::new(false);
    let may_manage = api.may(Verb::ManagePeople);
    let person = Memo::new(move |_| {
        let id = chosen.get()?;
        people.get()?.items.into_iter().find(|person| person.id == id)
    });
    view! {
        <div class="page stack">
            <div class="row-apart">
                <h1>{d::nav_teams()}</h1>
                {may_manage
                    .then(|| {
                        view! {
                            <Button
                                label=d::person_new()
                                kind=ButtonKind::Primary
                                icon=icons::USER_PLUS
                                on_press=move |_| open.set(true)
                            />
                        }
                    })}
            </div>
            <PeopleTabs/>
            <div class="split">
                <section class="stack" aria-label=d::people()>
                    <TextInput
                        id="person-search"
                        label=d::person_search()
                        value=search
                        on_input=move |text| search.set(text)
                        keyboard="search"
                    />
                    {people.view(move |page| {
                        if page.items.is_empty() {
                            return view! { <EmptyState icon=icons::USERS words=d::people_none()/> }.into_any();
                        }
                        let rows = page.items.into_iter().map(|person| row(person, chosen)).collect_view();
                        let more = people.more(move |after| ask(asked.get_untracked(), Some(after)));
                        view! { <ul class="review-list">{rows}</ul> {more} }.into_any()
                    })}
                    {may_manage
                        .then(|| {
                            view! {
                                <Disclosure summary=d::import_users()>
                                    <ImportCard
                                        kind=ImportKind::Users
                                        on_written=Callback::new(move |()| people.again())
                                    />
                                </Disclosure>
                            }
                        })}
                </section>
                <div class="stack">
                    {move || match person.get() {
                        Some(person) => view! { <PersonCard person people/> }.into_any(),
                        None => view! { <EmptyState icon=icons::USER words=d::choose_person()/> }.into_any(),
                    }}
                </div>
            </div>
        </div>
        <Dialog open title=d::person_new()><NewPersonForm open people/></Dialog>
    }
}

fn row(person: UserView, chosen: Memo<Option<UserId>>) -> impl IntoView {
    let id = person.id;
    let mut roles: Vec<&str> = person
        .memberships
        .iter()
        .map(|held| domain::role(held.role))
        .collect();
    roles.dedup();
    let waiting = (!person.enrolled).then(|| {
        view! { <Chip tone=Tone::Warn icon=icons::KEY_ROUND words=d::not_enrolled()/> }
    });
    view! {
        <li>
            <a
                class="review-row"
                href=format!("/desk/people/{id}")
                aria-current=move || (chosen.get() == Some(id)).then_some("true")
            >
                <icons::Picture icon=icons::USER/>
                <span class="review-row-text">
                    <span class="row-apart">
                        <span class="strong">{person.name}</span>
                        {waiting}
                    </span>
                    <span class="small soft">{person.username}" · "{roles.join(", ")}</span>
                </span>
            </a>
        </li>
    }
}
