//! What is still on this phone: each item with its state, send now, what the server holds of today, storage, clock, journal.

use super::form::BackLink;
use crate::derived::Derived;
use crate::field::app::use_app;
use crate::field::parts::area_name;
use crate::field::states;
use crate::icons::{self, Icon};
use crate::shell::{clock, storage};
use crate::ui::live;
use crate::ui::{
    Button, ButtonKind, Chip, Dialog, DialogActions, Disclosure, EmptyState, Notice, ProgressBar, Tone,
};
use crate::words::{domain, field as f, number, when};
use keng_engine::view::{HeldNumbers, PhotoStage, Stage, SyncStatus};
use keng_engine::{Engine, Event, ItemKey, StorageLevel};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// One thing that the server does not hold yet.
#[derive(Debug, Clone, PartialEq)]
struct Waiting {
    what: String,
    detail: String,
    state: (Tone, Icon, String),
    href: String,
    set_aside: Option<(ItemKey, String)>,
}

/// The screen.
#[component]
pub fn Phone() -> impl IntoView {
    let app = use_app();
    let status = app.project(|engine| engine.status());
    let waiting = app.project(waiting);
    let held = app.project(|engine| engine.held_today(clock::now()));
    if let Some(driver) = app.driver() {
        driver.measure_storage();
    }
    view! {
        <BackLink/>
        <h1>{f::on_this_phone()}</h1>
        <p class="soft">{f::on_this_phone_hint()}</p>
        {live(move || held.get().flatten().map(|held| view! { <Held held/> }))}
        <Button
            label=f::send_now()
            icon=icons::SEND
            kind=ButtonKind::Primary
            class="button-wide button-large"
            on_press=move |_| app.tell(Event::SendNow)
        />
        {live(move || status.get().map(|status| {
            let (tone, _, words) = states::sync(&status, app.now.get());
            view! { <Notice tone words=words/> }
        }))}
        {live(move || {
            let (set_aside, rest): (Vec<_>, Vec<_>) =
                waiting.get().unwrap_or_default().into_iter().partition(|item| item.set_aside.is_some());
            let is_empty = set_aside.is_empty() && rest.is_empty();
            view! {
                {(!set_aside.is_empty()).then(|| view! { <Items title=f::set_aside_title() items=set_aside/> })}
                {(!rest.is_empty()).then(|| view! { <Items title=f::on_this_phone() items=rest/> })}
                {is_empty.then(|| view! { <EmptyState icon=icons::CLOUD_CHECK words=f::all_with_server()/> })}
            }
        })}
        <Room status/>
        <ClockCheck status/>
        <Journal/>
    }
}

#[component]
fn Held(held: HeldNumbers) -> impl IntoView {
    let (records, photos) = (held.records, held.photos);
    let words = match held.asked_at {
        None => f::server_not_asked().to_owned(),
        Some(_) => f::server_holds(records.held, records.all, photos.held, photos.all),
    };
    let as_of = held
        .asked_at
        .map(|at| view! { <p class="soft small">{f::as_of(when::time(at))}</p> });
    let is_whole = held.asked_at.is_some() && held.is_complete();
    let class = if is_whole { "held held-whole" } else { "held" };
    view! {
        <div class=class>
            <icons::Picture icon=if is_whole { icons::CLOUD_CHECK } else { icons::CLOUD_UPLOAD }/>
            <div><p class="strong">{words}</p>{as_of}</div>
        </div>
    }
}

#[component]
fn Items(title: &'static str, items: Vec<Waiting>) -> impl IntoView {
    let items = items
        .into_iter()
        .map(|item| view! { <Item item/> })
        .collect_view();
    view! {
        <section class="stack-tight">
            <h2 class="part-title">{title}</h2>
            <ul class="cards">{items}</ul>
        </section>
    }
}

#[component]
fn Item(item: Waiting) -> impl IntoView {
    let app = use_app();
    let (tone, icon, words) = item.state;
    let asking = RwSignal::new(false);
    let mend = item.set_aside.map(|(key, reason)| {
        let is_record = matches!(key, ItemKey::Record(_));
        let give_up = move |_| {
            asking.set(false);
            app.tell(Event::GivenUp { key });
        };
        view! {
            <p>{reason}</p>
            <div class="row">
                {is_record.then(|| view! {
                    <a class="button" href=item.href.clone()><icons::Picture icon=icons::PENCIL/><span>{f::mend()}</span></a>
                })}
                <Button label=f::try_again() on_press=move |_| app.tell(Event::Resent { key })/>
                <Button label=f::give_up() kind=ButtonKind::Quiet on_press=move |_| asking.set(true)/>
            </div>
            <Dialog open=asking title=f::give_up().to_owned()>
                <p>{f::give_up_ask()}</p>
                <DialogActions open=asking>
                    <Button label=f::give_up() kind=ButtonKind::Danger on_press=give_up/>
                </DialogActions>
            </Dialog>
        }
    });
    view! {
        <li class="card stack-tight">
            <p class="row-apart"><span class="strong">{item.what}</span><Chip tone icon words/></p>
            <p class="soft small">{item.detail}</p>
            {mend}
        </li>
    }
}

#[component]
fn Room(status: Derived<Option<SyncStatus>>) -> impl IntoView {
    let persisted = RwSignal::new(None::<bool>);
    spawn_local(async move { persisted.set(Some(storage::is_persisted().await)) });
    let room = Derived::new(move || status.with(|status| status.as_ref().and_then(|status| status.storage)));
    live(move || {
        let (level, gauge) = room.get()?;
        let words = f::storage_used(number::bytes(gauge.used), number::bytes(gauge.quota));
        Some(view! {
            <section class="stack-tight">
                <h2 class="part-title">{f::storage()}</h2>
                <ProgressBar
                    words=words
                    done=Signal::stored(gauge.used)
                    total=Signal::stored(gauge.quota)
                />
                {(level != StorageLevel::Fine).then(|| view! { <Notice tone=Tone::Warn words=f::storage_low()/> })}
                {live(move || persisted.get().map(|kept| {
                    let words = if kept { f::storage_persisted() } else { f::storage_not_persisted() };
                    view! { <p class="soft small">{words}</p> }
                }))}
            </section>
        })
    })
}

#[component]
fn ClockCheck(status: Derived<Option<SyncStatus>>) -> impl IntoView {
    let app = use_app();
    let clock = app.project(|engine| engine.clock());
    live(move || {
        let offset = clock.get().and_then(|clock| clock.offset_ms);
        let off = status.with(|status| status.as_ref().and_then(|status| status.clock_off_ms));
        let view = match (off, offset) {
            (Some(off), _) => {
                view! { <Notice tone=Tone::Warn words=f::clock_off(when::duration(off.abs()))/> }.into_any()
            }
            (None, Some(_)) => view! { <p class="soft">{f::clock_right()}</p> }.into_any(),
            (None, None) => view! { <p class="soft">{f::clock_unknown()}</p> }.into_any(),
        };
        view! { <section class="stack-tight"><h2 class="part-title">{f::clock()}</h2>{view}</section> }
    })
}

/// The last steps of the engine, for whoever helps by telephone.
#[component]
fn Journal() -> impl IntoView {
    let app = use_app();
    let lines = app.project(|engine| {
        let entries: Vec<_> = engine.journal().collect();
        let line = |entry: &&keng_engine::JournalEntry| {
            let figure = entry
                .figure
                .map(|figure| format!(" {figure}"))
                .unwrap_or_default();
            let code = entry
                .code
                .as_ref()
                .map(|code| format!(" {code}"))
                .unwrap_or_default();
            format!("{} {}{figure}{code}", when::time_exact(entry.at), entry.what)
        };
        entries
            .iter()
            .rev()
            .take(60)
            .map(line)
            .collect::<Vec<_>>()
            .join("\n")
    });
    let unreadable = app.project(|engine| engine.status().unreadable);
    view! {
        <Disclosure summary=f::journal()>
            {live(move || unreadable.get().filter(|n| *n > 0).map(|n| view! { <p class="soft">{f::unreadable(n)}</p> }))}
            <pre class="raw" tabindex="0">{live(move || lines.get())}</pre>
        </Disclosure>
    }
}

fn waiting(engine: &Engine) -> Vec<Waiting> {
    let mut all = Vec::new();
    for entry in engine.entries() {
        let kind = domain::kind(&entry.kind);
        let place = format!(
            "{} · {}",
            when::full(entry.started_at),
            area_name(engine, entry.area_id)
        );
        let href = format!("/records/{}", entry.id);
        let mut add = |what: String, state, href: String, set_aside| {
            all.push(Waiting {
                what,
                detail: place.clone(),
                state,
                href,
                set_aside,
            });
        };
        let form = format!("/form/{}", entry.id);
        match &entry.stage {
            Stage::Draft => add(kind.clone(), states::stage(&entry.stage), form, None),
            Stage::Queued | Stage::Sending => {
                add(kind.clone(), states::stage(&entry.stage), href.clone(), None)
            }
            Stage::SetAside(reason) => {
                let aside = Some((ItemKey::Record(entry.id), states::reason(reason)));
                add(kind.clone(), states::stage(&entry.stage), form, aside);
            }
            Stage::Sent | Stage::Accepted | Stage::Returned(_) | Stage::Superseded(_) | Stage::Withdrawn => {}
        }
        if entry.segments_waiting > 0 {
            let state = states::stage(&Stage::Queued);
            add(
                f::segments_waiting(entry.segments_waiting),
                state,
                href.clone(),
                None,
            );
        }
        for (key, reason) in &entry.segments_set_aside {
            let aside = Some((*key, states::reason(reason)));
            let state = states::stage(&Stage::SetAside(reason.clone()));
            add(f::item_segment().to_owned(), state, href.clone(), aside);
        }
        let photos = entry
            .photos
            .iter()
            .map(|photo| (photo.id, &photo.stage, f::item_photo()));
        let files = entry
            .files
            .iter()
            .map(|file| (file.id, &file.stage, file.name.as_str()));
        for (id, stage, name) in photos.chain(files) {
            let aside = match stage {
                PhotoStage::Held | PhotoStage::Returned(_) => continue,
                PhotoStage::SetAside(reason) => Some((ItemKey::Upload(id), states::reason(reason))),
                PhotoStage::Waiting | PhotoStage::Sending => None,
            };
            let what = format!("{name} · {kind}");
            add(what, states::photo_stage(stage), href.clone(), aside);
        }
    }
    all
}
