//! The record that is read: what was reported, its photos, its map, its history, and the verdict.

use super::body::{BodyView, CheckInsView};
use super::files::FilesPane;
use super::photos::PhotosPane;
use super::queue::{Target, use_queue};
use super::{drawing, verdict};
use crate::desk::api::use_api;
use crate::desk::known::use_known;
use crate::desk::load::load;
use crate::desk::now;
use crate::desk::targets::CountsFor;
use crate::icons::{self, Picture};
use crate::share::{Done, ShareButton, card_of};
use crate::ui::{
    Button, ButtonKind, Chip, Disclosure, FlagChip, MapView, Notice, Skeleton, StatusBadge, Tone, use_toasts,
};
use crate::words::{desk as d, domain, interface as w, when};
use keng_shared::api::RecordDetail;
use keng_shared::id::RecordId;
use keng_shared::kind;
use keng_shared::permission::Verb;
use keng_shared::record::{RecordStatus, RecordView, Verdict};
use leptos::prelude::*;
use serde_json::{Value, json};

/// The record with this id. It is built once; what changes about it changes in place.
#[component]
pub fn DetailPane(id: RecordId) -> impl IntoView {
    let queue = use_queue();
    let detail = queue.detail();
    let here = Memo::new(move |_| detail.get().flatten().filter(|detail| detail.record.id == id));
    let is_here = Memo::new(move |_| here.with(Option::is_some));
    view! {
        <div class="detail">
            <div class="detail-back screen-only">
                <Button
                    label=d::back_to_list()
                    kind=ButtonKind::Quiet
                    icon=icons::ARROW_LEFT
                    on_press=move |_| queue.close()
                />
            </div>
            {move || {
                if is_here.get() {
                    view! { <Whole here/> }.into_any()
                } else {
                    detail.failure().map_or_else(
                        || view! { <Skeleton lines=8/> }.into_any(),
                        |words| view! {
                            <Notice tone=Tone::Danger words>
                                <div><Button label=w::retry() on_press=move |_| detail.again()/></div>
                            </Notice>
                        }
                        .into_any(),
                    )
                }
            }}
        </div>
    }
}

#[component]
fn Whole(here: Memo<Option<RecordDetail>>) -> impl IntoView {
    let queue = use_queue();
    let record = Memo::new(move |_| here.with(|detail| detail.as_ref().map(|detail| detail.record.clone())));
    let track = Memo::new(move |_| here.with(|detail| detail.as_ref().map(|detail| detail.track.clone())));
    let id = Memo::new(move |_| record.with(|record| record.as_ref().map(|record| record.id)));
    let changed =
        Signal::derive(move || record.with(|record| record.as_ref().map_or(0, |record| record.changed_at.0)));
    let show = move |part: fn(RecordView) -> AnyView| move || record.get().map(part);
    view! {
        {move || {
            queue
                .outdated()
                .get()
                .then(|| {
                    view! {
                        <Notice tone=Tone::Info words=d::changed_meanwhile()>
                            <div><Button label=d::load_new_version() on_press=move |_| queue.reload()/></div>
                        </Notice>
                    }
                })
        }}
        {show(|record| view! { <Head record/> }.into_any())}
        <Share here/>
        <VerdictBar record/>
        <div class="detail-columns">
            <div class="stack">
                {show(|record| view! { <BodyView record/> }.into_any())}
                {show(|record| view! { <CheckInsView record/> }.into_any())}
            </div>
            <div class="stack">
                <FilesPane record/>
                <PhotosPane record/>
            </div>
        </div>
        {move || id.get().map(|id| view! { <CountsFor id changed/> })}
        <RecordMap here/>
        {move || {
            track
                .get()
                .is_some_and(|track| !track.is_empty())
                .then(|| view! { <Legend/> })
        }}
        <Disclosure summary=d::history()>
            {move || here.get().map(|detail| history(&detail))}
        </Disclosure>
    }
}

#[component]
fn Head(record: RecordView) -> impl IntoView {
    let known = use_known();
    let icon = icons::of_kind(kind::find(&record.kind).map_or("", |spec| spec.icon));
    let (area, team, now) = (record.area_id, record.team_id, now());
    let flags = record
        .flags
        .iter()
        .map(|&flag| view! { <li><FlagChip flag/></li> })
        .collect_view();
    let reasons = (!record.flags.is_empty()).then(|| {
        let reasons = record
            .flags
            .iter()
            .map(|&flag| view! { <li>{domain::flag_reason(flag)}</li> })
            .collect_view();
        view! { <ul class="flag-reasons small">{reasons}</ul> }
    });
    view! {
        <header class="detail-head">
            <div class="row-apart">
                <h2 class="detail-title"><Picture icon/>{domain::kind(&record.kind)}</h2>
                <StatusBadge status=record.status/>
            </div>
            <p>
                <span class="strong">{move || known.area(area)}</span>
                {move || team.map(|team| format!(" · {}", known.team(team)))}
            </p>
            <p class="soft small">
                {d::by_author(&record.author.name)}" · "{when::span(record.started_at, record.ended_at, now)}
                " · "{d::received(when::instant(record.received_at, now))}" · "{d::revision(record.revision)}
            </p>
            <ul class="chips">{flags}</ul>
            {reasons}
        </header>
    }
}

/// The card of finished work, for a group chat.
#[component]
fn Share(here: Memo<Option<RecordDetail>>) -> impl IntoView {
    let known = use_known();
    let card = Memo::new(move |_| {
        let detail = here.get()?;
        let record = &detail.record;
        let done = Done {
            id: record.id,
            kind: &record.kind,
            body: &record.body,
            started_at: record.started_at,
            area: &known.area(record.area_id),
            photos: record.photos.len(),
            sums: record.track,
            track: &detail.track,
            case: record.case,
        };
        card_of(&done).filter(|_| record.status != RecordStatus::Withdrawn)
    });
    move || {
        card.get()
            .map(|card| view! { <div class="screen-only"><ShareButton card/></div> })
    }
}

#[component]
fn VerdictBar(record: Memo<Option<RecordView>>) -> impl IntoView {
    let (queue, toasts) = (use_queue(), use_toasts());
    let may = use_api().may(Verb::Review);
    let said = move || {
        let record = record.get()?;
        let now = now();
        match (record.status, record.review) {
            (RecordStatus::Open, _) => Some((Tone::Info, d::still_open().to_owned())),
            (RecordStatus::Withdrawn, _) => Some((Tone::Quiet, d::withdrawn().to_owned())),
            (_, Some(review)) => {
                let at = when::instant(review.at, now);
                Some(match review.verdict {
                    Verdict::Accepted => (Tone::Good, d::already_accepted(review.by.name, at)),
                    Verdict::Returned => {
                        let words = d::already_returned(review.by.name, at);
                        (Tone::Warn, format!("{words} “{}”", review.reason))
                    }
                })
            }
            _ => None,
        }
    };
    let status = Memo::new(move |_| record.get().map(|record| record.status));
    let pending = Memo::new(move |_| {
        let id = record.get().map(|record| record.id);
        id.is_some_and(|id| queue.pending().with(|pending| pending.contains(&id)))
    });
    let buttons = move || {
        let status = status.get()?;
        let can_judge = matches!(
            status,
            RecordStatus::Submitted | RecordStatus::Accepted | RecordStatus::Returned
        );
        (may && can_judge).then(|| {
            let accept = (status != RecordStatus::Accepted).then(|| {
                view! {
                    <Button
                        label=d::accept()
                        kind=ButtonKind::Primary
                        icon=icons::CHECK
                        blocked=pending
                        on_press=move |_| verdict::accept(queue, toasts)
                    />
                }
            });
            view! {
                <div class="verdict-bar screen-only">
                    {accept}
                    <Button
                        label=d::return_()
                        icon=icons::UNDO_2
                        on_press=move |_| queue.returning().set(Some(Target::Record))
                    />
                </div>
            }
        })
    };
    view! {
        {move || said().map(|(tone, words)| view! { <Notice tone words/> })}
        {buttons}
    }
}

#[component]
fn RecordMap(here: Memo<Option<RecordDetail>>) -> impl IntoView {
    let (api, known, queue) = (use_api(), use_known(), use_queue());
    let area = Memo::new(move |_| here.with(|detail| detail.as_ref().map(|detail| detail.record.area_id)));
    let ground = load(move || {
        let area = area.get();
        async move {
            match area {
                Some(area) => api.call(async |client| client.area_map(area).await).await,
                None => Ok(Value::Null),
            }
        }
    });
    let features = Memo::new(move |_| {
        let detail = here.get()?;
        // Without the ground the track is drawn all the same, but not before the answer: the view moves only once.
        let ground = match ground.get() {
            Some(ground) => ground,
            None => ground.failure().map(|_| Value::Null)?,
        };
        let area = ground
            .get("features")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        let features = drawing::features(&detail, &area, |id| known.checkpoint(id));
        Some(json!({"type": "FeatureCollection", "features": features}))
    });
    let is_empty = move || {
        let features = features.get();
        let list = features
            .as_ref()
            .and_then(|all| all.get("features"))
            .and_then(Value::as_array);
        list.is_some_and(Vec::is_empty)
    };
    view! {
        <section class="stack-tight">
            <h3>{d::map_of_record()}</h3>
            <MapView
                label=d::map_of_record()
                features
                focus="track"
                on_press=move |key: String| queue.viewing().set(key.parse().ok())
            />
            {move || is_empty().then(|| view! { <p class="soft">{d::nothing_on_map()}</p> })}
        </section>
    }
}

#[component]
fn Legend() -> impl IntoView {
    let marks = [
        ("track", d::map_legend_track()),
        ("gap", d::map_legend_gap()),
        ("checkpoint", d::map_legend_checkpoint()),
        ("check-in", d::map_legend_check_in()),
        ("finding", d::map_legend_finding()),
        ("photo", d::map_legend_photo()),
    ];
    view! {
        <ul class="legend small">
            {marks
                .into_iter()
                .map(|(role, words)| {
                    view! { <li><span class=format!("legend-mark legend-{role}") aria-hidden="true"></span>{words}</li> }
                })
                .collect_view()}
        </ul>
    }
}

fn history(detail: &RecordDetail) -> impl IntoView + use<> {
    let number = |photo| {
        detail
            .record
            .photos
            .iter()
            .position(|view| Some(view.id) == photo)
    };
    let lines = detail
        .history
        .iter()
        .rev()
        .map(|entry| {
            let photo = number(entry.photo_id).map(|at| view! { <Chip icon=icons::IMAGE words=w::photo_number(at + 1)/> });
            let by = entry.by.as_ref().map_or_else(|| d::by_server().to_owned(), |by| by.name.clone());
            let words = (!entry.words.is_empty()).then(|| view! { <p>"“"{entry.words.clone()}"”"</p> });
            view! {
                <li>
                    <div class="row">
                        <span class="strong">{domain::history(entry.action)}</span>
                        {photo}
                        <span class="soft small">{by}" · "{when::full(entry.at)}" · "{d::revision(entry.revision)}</span>
                    </div>
                    {words}
                </li>
            }
        })
        .collect_view();
    view! { <ol class="history">{lines}</ol> }
}
