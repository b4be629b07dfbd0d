//! Photos of the record: a strip, the one that is looked at, and what it states beside what its file says.

use super::compare::{self, Outcome};
use super::queue::{Target, use_queue};
use super::verdict;
use super::viewer::Viewer;
use crate::desk::api::use_api;
use crate::desk::photo::{Rendition, photo_address};
use crate::icons::{self, Picture};
use crate::ui::{
    Button, Chip, FlagChip, Notice, PhotoStrip, PhotoTile, SkeletonBlock, Table, Tone, use_toasts,
};
use crate::words::{desk as d, domain, interface as w};
use keng_shared::id::PhotoId;
use keng_shared::permission::Verb;
use keng_shared::record::{PhotoState, PhotoView, RecordStatus, RecordView, Verdict};
use leptos::prelude::*;

/// The photos of a record.
#[component]
pub fn PhotosPane(record: Memo<Option<RecordView>>) -> impl IntoView {
    let queue = use_queue();
    let photos = Memo::new(move |_| record.get().map(|record| record.photos).unwrap_or_default());
    // Strip and picture are built again only when a photo came or went, not when it was judged.
    let held = Memo::new(move |_| {
        let photos = photos.get();
        photos
            .iter()
            .map(|photo| (photo.id, photo.state))
            .collect::<Vec<_>>()
    });
    let picked = RwSignal::new(None::<PhotoId>);
    let current = Memo::new(move |_| {
        let held = held.get();
        let is_there = |id: &PhotoId| held.iter().any(|(photo, _)| photo == id);
        picked.get().filter(is_there).or(held.first().map(|(id, _)| *id))
    });
    let shown = Memo::new(move |_| {
        let id = current.get()?;
        photos.get().into_iter().find(|photo| photo.id == id)
    });
    let sources = Memo::new(move |_| {
        let address = |(id, state): (PhotoId, PhotoState)| match state {
            PhotoState::Held => photo_address(id, Rendition::Thumbnail),
            PhotoState::Expected => Signal::stored(None),
        };
        held.get().into_iter().map(address).collect::<Vec<_>>()
    });
    let tiles = Memo::new(move |_| {
        let numbered = photos.get().into_iter().zip(sources.get()).enumerate();
        numbered
            .map(|(i, (photo, source))| tile(i + 1, photo, source))
            .collect::<Vec<_>>()
    });
    let open = move |id: String| picked.set(id.parse().ok());
    let can_judge = Signal::derive(move || {
        record
            .get()
            .is_some_and(|record| record.status != RecordStatus::Withdrawn)
    });
    view! {
        <section class="card stack" aria-label=d::photos()>
            <h3>{d::photos()}" ("{move || photos.with(Vec::len)}")"</h3>
            {move || held.with(Vec::is_empty).then(|| view! { <p class="soft">{d::no_photos()}</p> })}
            {move || {
                let (id, state) = held.get().into_iter().find(|(id, _)| Some(*id) == current.get())?;
                Some(view! { <Large id state shown/> })
            }}
            <PhotoStrip
                photos=tiles
                on_open=open
                current=Signal::derive(move || current.get().map(|id| id.to_string()))
            />
            {move || shown.get().map(|photo| view! { <About photo can_judge/> })}
        </section>
        <Viewer photos viewing=queue.viewing()/>
    }
}

fn tile(number: usize, photo: PhotoView, source: Signal<Option<String>>) -> PhotoTile {
    let state = tile_state(&photo);
    let alt = if photo.caption.is_empty() {
        w::photo_number(number)
    } else {
        photo.caption
    };
    PhotoTile {
        id: photo.id.to_string(),
        source,
        alt,
        state,
    }
}

fn tile_state(photo: &PhotoView) -> Option<(Tone, icons::Icon, String)> {
    let verdict = photo.review.as_ref().map(|review| review.verdict);
    let (tone, icon, words) = match (photo.state, verdict) {
        (PhotoState::Expected, _) => (Tone::Warn, icons::CLOUD_OFF, w::photo_missing()),
        (_, Some(Verdict::Accepted)) => (Tone::Good, icons::CHECK, domain::verdict(Verdict::Accepted)),
        (_, Some(Verdict::Returned)) => (Tone::Warn, icons::UNDO_2, domain::verdict(Verdict::Returned)),
        _ if !photo.flags.is_empty() => (Tone::Warn, icons::TRIANGLE_ALERT, d::to_look_at()),
        _ => return None,
    };
    Some((tone, icon, words.to_owned()))
}

#[component]
fn Large(id: PhotoId, state: PhotoState, shown: Memo<Option<PhotoView>>) -> impl IntoView {
    let queue = use_queue();
    if state == PhotoState::Expected {
        return view! { <Notice tone=Tone::Warn words=d::photo_not_held()/> }.into_any();
    }
    let address = photo_address(id, Rendition::Preview);
    let alt = move || {
        let caption = shown.get().map(|photo| photo.caption).unwrap_or_default();
        if caption.is_empty() {
            d::open_viewer().to_owned()
        } else {
            caption
        }
    };
    view! {
        <button
            type="button"
            class="photo-large"
            title=d::open_viewer()
            on:click=move |_| queue.viewing().set(Some(id))
        >
            {move || match address.get() {
                Some(source) => view! { <img src=source alt=alt()/> }.into_any(),
                None => view! { <SkeletonBlock/> }.into_any(),
            }}
            <span class="photo-large-hint"><Picture icon=icons::MAXIMIZE/></span>
        </button>
    }
    .into_any()
}

#[component]
fn About(photo: PhotoView, can_judge: Signal<bool>) -> impl IntoView {
    let (queue, toasts, api) = (use_queue(), use_toasts(), use_api());
    let id = photo.id;
    let flags = photo
        .flags
        .iter()
        .map(|&flag| view! { <li><FlagChip flag/></li> })
        .collect_view();
    let reasons = photo
        .flags
        .iter()
        .map(|&flag| view! { <li>{domain::flag_reason(flag)}</li> })
        .collect_view();
    let rows = compare::lines(&photo)
        .into_iter()
        .map(|line| {
            let (class, result) = match line.outcome {
                Outcome::Same => (
                    "",
                    view! { <Chip tone=Tone::Good words=d::compare_same()/> }.into_any(),
                ),
                Outcome::Differs(by) => (
                    "differs",
                    view! { <Chip tone=Tone::Warn words=d::compare_differs(by)/> }.into_any(),
                ),
                Outcome::Unknown => (
                    "",
                    view! { <span class="soft">{d::compare_unknown()}</span> }.into_any(),
                ),
                Outcome::Single => ("", ().into_any()),
            };
            view! {
                <tr class=class>
                    <th scope="row"><span>{line.name}</span>{result}</th>
                    <td>{line.stated}</td>
                    <td>{line.exif}</td>
                </tr>
            }
        })
        .collect_view();
    let columns = vec![
        d::item().to_owned(),
        d::compare_stated().to_owned(),
        d::compare_exif().to_owned(),
    ];
    let said = photo.review.clone().map(|review| {
        let tone = if review.verdict == Verdict::Accepted {
            Tone::Good
        } else {
            Tone::Warn
        };
        let mut words = format!("{}: {}", domain::verdict(review.verdict), review.by.name);
        if !review.reason.is_empty() {
            words.push_str(&format!(". “{}”", review.reason));
        }
        view! { <Notice tone words/> }
    });
    let repeats = queue.detail().peek().flatten().map(|detail| detail.repeats);
    let earlier = repeats.and_then(|repeats| repeats.into_iter().find(|repeat| repeat.photo_id == id));
    let earlier = earlier.map(|repeat| {
        view! { <p><a href=queue.address(repeat.earlier_record_id)>{d::see_earlier_photo()}</a></p> }
    });
    let may = api.may(Verb::Review);
    let is_accepted = photo
        .review
        .as_ref()
        .is_some_and(|review| review.verdict == Verdict::Accepted);
    view! {
        <div class="stack">
            {(!photo.caption.is_empty()).then(|| view! { <p>{photo.caption.clone()}</p> })}
            <ul class="chips">{flags}</ul>
            <ul class="flag-reasons small">{reasons}</ul>
            {earlier}
            {said}
            {move || {
                (may && can_judge.get())
                    .then(|| {
                        view! {
                            <div class="row screen-only">
                                {(!is_accepted)
                                    .then(|| {
                                        view! {
                                            <Button
                                                label=d::accept_photo()
                                                icon=icons::CHECK
                                                on_press=move |_| verdict::accept_photo(queue, toasts, id)
                                            />
                                        }
                                    })}
                                <Button
                                    label=d::return_photo()
                                    icon=icons::UNDO_2
                                    on_press=move |_| queue.returning().set(Some(Target::Photo(id)))
                                />
                            </div>
                        }
                    })
            }}
            <div class="compare"><Table caption=d::compare() columns>{rows}</Table></div>
            <p class="small soft">{d::exif_is_hint()}</p>
            <p class="small soft hash">{d::compare_hash()}": "{photo.sha256.clone()}</p>
        </div>
    }
}
