//! Photos on screen: the addresses under which they can be shown, the strip of a record, and the camera.

use super::app::{App, use_app};
use super::{outdoors, states};
use crate::derived::Derived;
use crate::icons;
use crate::shell::camera::{self, Camera, Picture, PictureUrl, Torch};
use crate::shell::driver::PhotoFault;
use crate::shell::{clock, dom};
use crate::ui::live;
use crate::ui::{Button, ButtonKind, Notice, PhotoStrip, PhotoTile, Required, TextInput, Tone};
use crate::words::{field as f, interface as w};
use keng_engine::Event;
use keng_engine::view::{PhotoEntry, PhotoStage};
use keng_shared::id::{PhotoId, RecordId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::HashMap;

/// Addresses of photos, each made once and kept until another person's store is opened.
#[derive(Clone, Copy)]
pub struct PhotoAddresses(StoredValue<HashMap<PhotoId, Address>, LocalStorage>);

struct Address {
    shown: ArcRwSignal<Option<String>>,
    _bytes: Option<PictureUrl>,
}

impl PhotoAddresses {
    /// None yet.
    pub fn new() -> Self {
        Self(StoredValue::new_local(HashMap::new()))
    }

    /// Frees all of them.
    pub fn forget(self) {
        self.0.update_value(HashMap::clear);
    }

    /// The address of a photo, once it is there: from this phone's store, else the server's small rendition.
    pub fn of(self, app: App, photo: &PhotoEntry) -> Signal<Option<String>> {
        let id = photo.id;
        let known = self
            .0
            .with_value(|all| all.get(&id).map(|address| address.shown.clone()));
        if let Some(shown) = known {
            return shown.into();
        }
        let shown = ArcRwSignal::new(None);
        let address = Address {
            shown: shown.clone(),
            _bytes: None,
        };
        self.0.update_value(|all| drop(all.insert(id, address)));
        let is_held = photo.stage == PhotoStage::Held || matches!(photo.stage, PhotoStage::Returned(_));
        let is_here = photo.is_here;
        spawn_local(async move {
            let Some(bytes) = load(app, id, is_here, is_held).await else {
                // Asked again when the photo is next shown.
                return self.0.update_value(|all| drop(all.remove(&id)));
            };
            if let Ok(url) = PictureUrl::of(&bytes, "image/jpeg") {
                let text = url.as_str().to_owned();
                self.0.update_value(|all| {
                    if let Some(address) = all.get_mut(&id) {
                        address._bytes = Some(url);
                        address.shown.set(Some(text));
                    }
                });
            }
        });
        shown.into()
    }
}

async fn load(app: App, id: PhotoId, is_here: bool, is_held: bool) -> Option<Vec<u8>> {
    let driver = app.driver()?;
    if is_here && let Some(bytes) = driver.photo(id).await {
        return Some(bytes);
    }
    if !is_held {
        return None;
    }
    let answer = app
        .call(async |client| client.photo_bytes(id, "thumbnail").await)
        .await;
    Some(answer.ok()?.body)
}

/// Whether photos can be added and taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Editing {
    /// Yes.
    Open,
    /// Only looking.
    Closed,
}

/// The photos of a record, or of one finding in it: strip, camera, file picker.
#[component]
pub fn Photos(
    /// The record that lists them.
    record_id: RecordId,
    /// Which of its photos.
    #[prop(into)]
    photos: Signal<Vec<PhotoEntry>>,
    /// Whether they can be changed.
    #[prop(default = Editing::Open)]
    editing: Editing,
    /// Called with the id of each new photo.
    #[prop(into, optional)]
    on_taken: Option<Callback<PhotoId>>,
    /// Called with a photo and the words that the person puts under it.
    #[prop(into, optional)]
    on_caption: Option<Callback<(PhotoId, String)>>,
    /// Id, so that an error summary can link here.
    #[prop(into, default = "photos".to_owned())]
    id: String,
) -> impl IntoView {
    let app = use_app();
    let camera_open = RwSignal::new(false);
    let fault = RwSignal::new(String::new());
    let chosen = RwSignal::new(None::<String>);
    let open = Callback::new(move |photo: String| {
        chosen.update(|chosen| {
            *chosen = if chosen.as_ref() == Some(&photo) {
                None
            } else {
                Some(photo)
            }
        });
    });
    let tiles = move || {
        let photos = photos.get();
        let tile = |(i, photo): (usize, &PhotoEntry)| PhotoTile {
            id: photo.id.to_string(),
            source: app.photos.of(app, photo),
            alt: if photo.caption.is_empty() {
                w::photo_number(i + 1)
            } else {
                photo.caption.clone()
            },
            state: Some(states::photo_stage(&photo.stage)),
        };
        photos.iter().enumerate().map(tile).collect::<Vec<_>>()
    };
    let keep = move |picture: Picture| {
        spawn_local(async move {
            match keep(app, record_id, picture).await {
                Ok(photo) => {
                    fault.set(String::new());
                    if let Some(on_taken) = on_taken {
                        on_taken.run(photo);
                    }
                }
                Err(error) => fault.set(error),
            }
        });
    };
    let picker = format!("{id}-file");
    let picker_id = picker.clone();
    let pick = move |_| {
        let picker = picker_id.clone();
        spawn_local(async move {
            match camera::picked(&picker).await {
                Ok(pictures) => pictures.into_iter().for_each(keep),
                Err(_) => fault.set(f::file_not_a_photo().to_owned()),
            }
        });
    };
    let remove = Callback::new(move |photo: String| {
        if let Ok(photo_id) = photo.parse() {
            app.tell(Event::PhotoRemoved { photo_id });
        }
    });
    let is_open = editing == Editing::Open;
    view! {
        <section class="stack-tight" id=id.clone() tabindex="-1" aria-label=f::photos()>
            <h2 class="part-title">{f::photos()}</h2>
            {live(move || {
                let empty = photos.with(Vec::is_empty);
                if empty {
                    view! { <p class="soft">{if is_open { f::no_photos_yet() } else { f::no_photos() }}</p> }.into_any()
                } else if is_open {
                    view! { <PhotoStrip photos=Signal::derive(tiles) on_open=open on_remove=remove current=chosen/> }.into_any()
                } else {
                    view! { <PhotoStrip photos=Signal::derive(tiles) on_open=open current=chosen/> }.into_any()
                }
            })}
            <Chosen photos chosen on_caption/>
            {live(move || {
                let words = fault.get();
                (!words.is_empty()).then(|| view! { <Notice tone=Tone::Danger words=words/> })
            })}
            {is_open.then(|| view! {
                <div class="row">
                    <Button label=f::take_photo() icon=icons::CAMERA on_press=move |_| camera_open.set(true)/>
                    <label class="button file-button">
                        <icons::Picture icon=icons::IMAGE/>
                        <span>{f::pick_photo()}</span>
                        <input
                            type="file"
                            id=picker
                            class="file-input"
                            accept="image/jpeg,image/png,image/webp,image/*"
                            multiple
                            on:change=pick
                        />
                    </label>
                </div>
            })}
            {live(move || camera_open.get().then(|| view! { <Viewfinder open=camera_open on_picture=Callback::new(keep)/> }))}
        </section>
    }
}

/// The photo that was pressed, large, with what the officer said and the words under it.
#[component]
fn Chosen(
    photos: Signal<Vec<PhotoEntry>>,
    chosen: RwSignal<Option<String>>,
    on_caption: Option<Callback<(PhotoId, String)>>,
) -> impl IntoView {
    let app = use_app();
    let photo = Derived::new(move || {
        let chosen = chosen.get()?;
        photos.with(|photos| {
            photos
                .iter()
                .find(|photo| photo.id.to_string() == chosen)
                .cloned()
        })
    });
    // Only another photo builds the part anew: typing a caption changes the photo's entry all the time.
    let id = Derived::new(move || photo.with(|photo| photo.as_ref().map(|photo| photo.id)));
    live(move || {
        id.get()?;
        let entry = photo.get_untracked()?;
        let photo_id = entry.id;
        let address = app.photos.of(app, &entry);
        let review = match &entry.stage {
            PhotoStage::Returned(Some(review)) => Some(review.reason.clone()),
            _ => None,
        };
        let problem = match &entry.stage {
            PhotoStage::SetAside(reason) => Some(states::reason(reason)),
            _ => None,
        };
        let caption = Signal::derive(move || {
            photo
                .with(|photo| photo.as_ref().map(|photo| photo.caption.clone()))
                .unwrap_or_default()
        });
        let alt = entry.caption.clone();
        Some(view! {
            <div class="photo-large stack-tight">
                {live(move || address.get().map(|address| view! { <img src=address alt=alt.clone()/> }))}
                {review.map(|words| view! { <Notice tone=Tone::Warn words=words/> })}
                {problem.map(|words| view! { <Notice tone=Tone::Danger words=words/> })}
                {match on_caption {
                    Some(on_caption) => view! {
                        <TextInput
                            id=format!("caption-{photo_id}")
                            label=f::caption()
                            value=caption
                            required=Required::No
                            on_input=Callback::new(move |words| on_caption.run((photo_id, words)))
                        />
                    }
                    .into_any(),
                    None => view! { <p>{live(move || caption.get())}</p> }.into_any(),
                }}
            </div>
        })
    })
}

/// Stores a picture with the position at the shutter.
pub async fn keep(app: App, record_id: RecordId, picture: Picture) -> Result<PhotoId, String> {
    let driver = app.driver().ok_or_else(|| f::photo_not_kept().to_owned())?;
    let is_fresh = picture.origin == keng_shared::evidence::Origin::Camera;
    let here = app.here.get_untracked().filter(|_| is_fresh);
    let fix = here.map(|measured| measured.fix(clock::now()));
    let kept = driver.keep_photo(record_id, picture, fix).await;
    kept.map_err(|fault| match fault {
        PhotoFault::NoRoom => f::no_room_for_photo().to_owned(),
        PhotoFault::Store(_) => f::photo_not_kept().to_owned(),
    })
}

/// The camera inside the page: the whole screen is the viewfinder, one big button takes the picture.
#[component]
pub fn Viewfinder(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Called with each picture.
    on_picture: Callback<Picture>,
) -> impl IntoView {
    let app = use_app();
    outdoors::want_position(app);
    let camera = StoredValue::new_local(None::<Camera>);
    let ready = RwSignal::new(false);
    let has_torch = RwSignal::new(false);
    let torch = RwSignal::new(false);
    let fault = RwSignal::new(String::new());
    let taken = RwSignal::new(0_u32);
    spawn_local(async move {
        match Camera::open("viewfinder").await {
            Ok(opened) => {
                has_torch.set(opened.has_torch());
                camera.set_value(Some(opened));
                ready.set(true);
            }
            Err(error) if error.is_denied() => fault.set(f::camera_denied().to_owned()),
            Err(_) => fault.set(f::camera_missing().to_owned()),
        }
    });
    let shoot = move |_| {
        if !ready.get_untracked() {
            return;
        }
        ready.set(false);
        spawn_local(async move {
            // The camera leaves its place while it works; the button is blocked meanwhile.
            let Some(opened) = camera.try_update_value(Option::take).flatten() else {
                return;
            };
            match opened.shoot().await {
                Ok(picture) => {
                    on_picture.run(picture);
                    taken.update(|n| *n += 1);
                }
                Err(_) => fault.set(f::camera_failed().to_owned()),
            }
            camera.set_value(Some(opened));
            ready.set(true);
        });
    };
    let switch_torch = move |_| {
        torch.update(|on| *on = !*on);
        let wish = if torch.get_untracked() {
            Torch::On
        } else {
            Torch::Off
        };
        spawn_local(async move {
            let Some(opened) = camera.try_update_value(Option::take).flatten() else {
                return;
            };
            // A light that does not come on is seen at once.
            let _switched = opened.set_torch(wish).await;
            camera.set_value(Some(opened));
        });
    };
    let close = move || open.set(false);
    dom::focus_soon("viewfinder-close");
    view! {
        <div
            class="viewfinder"
            role="dialog"
            aria-modal="true"
            aria-label=f::camera()
            on:keydown=move |event| if event.key() == "Escape" { close() }
        >
            <video id="viewfinder" class="viewfinder-video" autoplay muted playsinline></video>
            <p class="viewfinder-words" role="status">
                {live(move || {
                    let words = fault.get();
                    match (words.is_empty(), taken.get()) {
                        (false, _) => words,
                        (true, 0) if !ready.get() => f::camera_opening().to_owned(),
                        (true, 0) => place_words(app),
                        (true, n) => f::photos_taken(n),
                    }
                })}
            </p>
            <div class="viewfinder-buttons">
                <button type="button" id="viewfinder-close" class="button" on:click=move |_| close()>
                    {live(move || if taken.get() > 0 { f::done() } else { w::close() })}
                </button>
                <button
                    type="button"
                    class="shutter"
                    aria-label=f::take_photo()
                    aria-disabled=move || (!ready.get()).then_some("true")
                    on:click=shoot
                ></button>
                {live(move || {
                    if has_torch.get() {
                        view! {
                            <Button
                                label=f::torch()
                                icon=icons::SUN
                                on_press=switch_torch
                            />
                        }
                        .into_any()
                    } else {
                        view! { <span class="viewfinder-spare"></span> }.into_any()
                    }
                })}
            </div>
        </div>
    }
}

fn place_words(app: App) -> String {
    match app.here.get() {
        Some(here) => f::photo_place(crate::words::number::accuracy(here.accuracy_cm)),
        None if app.position_denied.get() => f::photo_without_place_denied().to_owned(),
        None => f::photo_without_place().to_owned(),
    }
}

/// A button that opens the camera for one picture and closes it again.
#[component]
pub fn OnePhoto(
    /// What the button says.
    label: &'static str,
    /// Called with the picture.
    on_picture: Callback<Picture>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let once = Callback::new(move |picture: Picture| {
        open.set(false);
        on_picture.run(picture);
    });
    view! {
        <Button label=label icon=icons::CAMERA class="button-wide button-large" kind=ButtonKind::Plain on_press=move |_| open.set(true)/>
        {live(move || open.get().then(|| view! { <Viewfinder open on_picture=once/> }))}
    }
}
