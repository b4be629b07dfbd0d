//! The frame of every page: the rail at the left, the page beside it, toasts above both.

use super::api::{Api, Session, use_api};
use super::chunks::{Chunks, Page as Later};
use super::inbox::{InboxPage, UrgentLine};
use super::known::Known;
use super::load::load;
use super::overview::OverviewPage;
use super::sign_in::SignInPage;
use super::stream::{Live, use_live};
use super::{speak, stored_language};
use crate::icons;
use crate::later::later;
use crate::shell::{dom, timer};
use crate::ui::{BottomBar, EmptyState, LinkButton, NavItem, Skeleton, Tiles, ToastBox, Toasts};
use crate::words::{
    Lang, desk as d, incidents as n, interface as w, loudspeaker, maps, records, roster, targets, tasks,
};
use keng_shared::api::RecordCounts;
use keng_shared::permission::Verb;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::hooks::use_location;
use leptos_router::path;

/// How often the counts are asked for: a new patrol shows within this time.
const POLL_MS: u32 = 5_000;

/// The whole desk. A change of language builds it anew.
#[component]
pub fn Desk(
    /// Pages whose code comes later.
    chunks: Chunks,
) -> impl IntoView {
    let lang = RwSignal::new(stored_language());
    provide_context(chunks);
    provide_context(Language(lang));
    dom::set_root("data-theme", &dom::setting(super::THEME).unwrap_or_default());
    let api = Api::provide();
    spawn_local(api.resume());
    view! {
        {move || {
            speak(lang.get());
            view! { <Page/> }
        }}
    }
}

/// The language of the desk, for the profile page to change.
#[derive(Clone, Copy)]
pub struct Language(pub RwSignal<Lang>);

/// Numbers of the desk's front page, asked for again every few seconds.
#[derive(Clone, Copy)]
pub struct Counts(pub RwSignal<RecordCounts>);

#[component]
fn Page() -> impl IntoView {
    let api = use_api();
    ToastBox::provide();
    let state = Memo::new(move |_| match api.session().get() {
        Session::Asking => State::Asking,
        Session::SignedOut => State::SignedOut,
        Session::SignedIn(me) if me.memberships.iter().any(|held| held.role.has_desk()) => State::Staff,
        Session::SignedIn(_) => State::NotStaff,
    });
    view! {
        {move || match state.get() {
            State::Asking => view! { <main class="sign-in" id="main"><Skeleton/></main> }.into_any(),
            State::SignedOut => view! { <SignInPage/> }.into_any(),
            State::NotStaff => view! { <NotStaff/> }.into_any(),
            State::Staff => view! { <Framed/> }.into_any(),
        }}
        <Toasts/>
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Asking,
    SignedOut,
    NotStaff,
    Staff,
}

#[component]
fn NotStaff() -> impl IntoView {
    view! {
        <main class="sign-in" id="main">
            <h1 class="unseen">{d::desk()}</h1>
            <EmptyState icon=icons::SMARTPHONE words=d::not_for_staff()>
                <a class="button button-primary" href="/" rel="external">{d::open_field_app()}</a>
            </EmptyState>
        </main>
    }
}

#[component]
fn Framed() -> impl IntoView {
    let api = use_api();
    let counts = Counts(RwSignal::new(RecordCounts::default()));
    let chunks = expect_context::<Chunks>();
    let page = move |page: Later| later(chunks.of(page), page);
    provide_context(counts);
    Known::provide();
    Live::provide();
    let tiles = load(move || api.call(async |client| client.map_settings().await));
    provide_context(Tiles(Signal::derive(move || tiles.get()?.tiles)));
    if api.may(Verb::ReadRecords) {
        spawn_local(poll(api, counts));
    }
    view! {
        <Router>
            <a class="skip-link" href="#main" rel="external">{w::skip_to_content()}</a>
            <div class="desk">
                <Rail/>
                <main class="desk-main" id="main" tabindex="-1">
                    <UrgentLine/>
                    <Routes fallback=NotFound>
                        <Route path=path!("/desk") view=OverviewPage/>
                        <Route path=path!("/desk/review/:id?") view=move || page(Later::Review)/>
                        <Route path=path!("/desk/records") view=move || page(Later::Records)/>
                        <Route path=path!("/desk/map") view=move || page(Later::Map)/>
                        <Route path=path!("/desk/incidents/:id?") view=move || page(Later::Incidents)/>
                        <Route path=path!("/desk/cameras") view=move || page(Later::Cameras)/>
                        <Route path=path!("/desk/inbox") view=InboxPage/>
                        <Route path=path!("/desk/areas/:id?") view=move || page(Later::Areas)/>
                        <Route path=path!("/desk/teams/evaluation") view=move || page(Later::Evaluation)/>
                        <Route path=path!("/desk/teams") view=move || page(Later::Teams)/>
                        <Route path=path!("/desk/people/:id?") view=move || page(Later::People)/>
                        <Route path=path!("/desk/plans") view=move || page(Later::Plans)/>
                        <Route path=path!("/desk/tasks") view=move || page(Later::Tasks)/>
                        <Route path=path!("/desk/loudspeaker") view=move || page(Later::Loudspeaker)/>
                        <Route path=path!("/desk/targets") view=move || page(Later::Targets)/>
                        <Route path=path!("/desk/campaigns") view=move || page(Later::Campaigns)/>
                        <Route path=path!("/desk/models") view=move || page(Later::Models)/>
                        <Route path=path!("/desk/routes") view=move || page(Later::Routes)/>
                        <Route path=path!("/desk/checkpoints") view=move || page(Later::Checkpoints)/>
                        <Route path=path!("/desk/working-days") view=move || page(Later::WorkingDays)/>
                        <Route path=path!("/desk/profile") view=move || page(Later::Profile)/>
                    </Routes>
                </main>
            </div>
        </Router>
    }
}

/// Asks for the counts until the frame is gone.
async fn poll(api: Api, counts: Counts) {
    loop {
        let answer = api.call(async |client| client.record_counts(None).await).await;
        if let Ok(found) = answer {
            let known = counts.0.try_get_untracked();
            if known.as_ref() != Some(&found) {
                counts.0.try_set(found);
            }
        }
        timer::sleep(POLL_MS).await;
        if counts.0.is_disposed() {
            return;
        }
    }
}

#[component]
fn Rail() -> impl IntoView {
    let api = use_api();
    let Counts(counts) = use_counts();
    let here = use_location().pathname;
    let mut items = vec![NavItem::new("/desk", d::nav_overview(), icons::HOUSE).alone()];
    if api.may(Verb::ReadRecords) {
        let waiting = Signal::derive(move || counts.get().submitted);
        items.push(NavItem::new("/desk/review", d::nav_review(), icons::CLIPBOARD_CHECK).counting(waiting));
    }
    if api.may(Verb::ReadRecords) {
        items.push(NavItem::new("/desk/records", records::nav_records(), icons::LIST));
        items.push(NavItem::new("/desk/map", maps::nav_map(), icons::LAYERS));
        items.push(
            NavItem::new("/desk/targets", targets::title(), icons::FLAG)
                .with(&["/desk/campaigns", "/desk/models"]),
        );
        items.push(NavItem::new(
            "/desk/loudspeaker",
            loudspeaker::title(),
            icons::RADIO_TOWER,
        ));
        items.push(NavItem::new("/desk/incidents", n::nav_incidents(), icons::SIREN));
    }
    items.push(NavItem::new("/desk/inbox", n::nav_inbox(), icons::INBOX).counting(use_live().unread()));
    if api.may(Verb::ManageCameras) {
        items.push(NavItem::new("/desk/cameras", n::nav_cameras(), icons::CCTV));
    }
    if api.is_staff() {
        items.push(NavItem::new("/desk/areas", d::nav_areas(), icons::MAP).with(&["/desk/working-days"]));
        items.push(NavItem::new("/desk/teams", d::nav_teams(), icons::USERS).with(&["/desk/people"]));
    }
    items.push(NavItem::new(
        "/desk/plans",
        roster::title(),
        icons::CALENDAR_CLOCK,
    ));
    items.push(NavItem::new(
        "/desk/tasks",
        tasks::given_title(),
        icons::LIST_CHECKS,
    ));
    let checkpoints = NavItem::new("/desk/checkpoints", d::nav_checkpoints(), icons::MAP_PIN);
    items.push(checkpoints.with(&["/desk/routes"]));
    items.push(NavItem::new("/desk/profile", d::nav_profile(), icons::USER));
    let name = move || api.me().map(|me| me.name);
    let places = items.clone();
    Effect::new(move |_| {
        let here = here.get();
        let place = places.iter().find(|place| place.has(&here));
        let place = place.map_or_else(|| d::desk().to_owned(), |place| place.words.clone());
        dom::set_title(&format!("{place} · {}", w::app_name()));
    });
    view! {
        <div class="rail">
            <header class="rail-head">
                <img class="keng-logo" src="/assets/keng.svg" alt="" width="40" height="40"/>
                <div>
                    <p class="rail-title">{w::app_name()}</p>
                    <p class="small soft">{name}</p>
                </div>
            </header>
            <BottomBar items here/>
        </div>
    }
}

/// The counts of the frame.
pub fn use_counts() -> Counts {
    use_context::<Counts>().unwrap_or_else(|| Counts(RwSignal::new(RecordCounts::default())))
}

#[component]
fn NotFound() -> impl IntoView {
    view! {
        <h1 class="unseen">{d::desk()}</h1>
        <EmptyState icon=icons::CIRCLE_QUESTION_MARK words=d::not_found()>
            <LinkButton href="/desk" label=d::go_to_overview()/>
        </EmptyState>
    }
}
