//! A photo as large as the window: zoom, pan, previous and next, by mouse, finger and keyboard.

use crate::desk::api::use_api;
use crate::desk::photo::{Rendition, photo_address};
use crate::icons;
use crate::shell::dom;
use crate::ui::{Button, Dialog, Skeleton, open_while};
use crate::words::desk as d;
use keng_shared::id::PhotoId;
use keng_shared::permission::Verb;
use keng_shared::record::PhotoView;
use leptos::ev::{KeyboardEvent, PointerEvent, WheelEvent};
use leptos::prelude::*;

const STAGE_ID: &str = "viewer-stage";
/// One press of + or one notch of the wheel.
const STEP: f64 = 1.25;
const LARGEST: f64 = 8.0;
/// Pixels that an arrow key moves.
const NUDGE: f64 = 60.0;

/// Where the picture lies: `zoom` 1 fits it into the window; `x` and `y` are pixels off the middle.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Place {
    zoom: f64,
    x: f64,
    y: f64,
}

impl Place {
    const FIT: Self = Self {
        zoom: 1.0,
        x: 0.0,
        y: 0.0,
    };

    fn zoomed(self, by: f64) -> Self {
        let zoom = (self.zoom * by).clamp(1.0, LARGEST);
        if zoom <= 1.0 {
            return Self::FIT;
        }
        let kept = zoom / self.zoom;
        Self {
            zoom,
            x: self.x * kept,
            y: self.y * kept,
        }
    }

    fn moved(self, x: f64, y: f64) -> Self {
        if self.zoom <= 1.0 {
            return Self::FIT;
        }
        Self {
            x: self.x + x,
            y: self.y + y,
            ..self
        }
    }
}

/// The viewer; open while `viewing` names a photo.
#[component]
pub fn Viewer(photos: Memo<Vec<PhotoView>>, viewing: RwSignal<Option<PhotoId>>) -> impl IntoView {
    let open = open_while(viewing);
    let at = Memo::new(move |_| {
        let id = viewing.get()?;
        photos.with(|photos| photos.iter().position(|photo| photo.id == id))
    });
    let title = Signal::derive(move || {
        let total = photos.with(Vec::len);
        at.get().map(|at| d::photo_of(at + 1, total)).unwrap_or_default()
    });
    let step = move |by: isize| {
        let next = at.get_untracked().and_then(|at| at.checked_add_signed(by));
        let photo =
            next.and_then(|next| photos.with_untracked(|photos| photos.get(next).map(|photo| photo.id)));
        if photo.is_some() {
            viewing.set(photo);
        }
    };
    view! {
        <Dialog open title class="dialog-viewer">
            {move || viewing.get().map(|id| view! { <Stage id step=Callback::new(step)/> })}
        </Dialog>
    }
}

#[component]
fn Stage(id: PhotoId, step: Callback<isize>) -> impl IntoView {
    let rendition = RwSignal::new(Rendition::Preview);
    let may_open_original = use_api().may(Verb::ReadOriginals);
    let place = RwSignal::new(Place::FIT);
    let held = RwSignal::new(None::<(f64, f64)>);
    Effect::new(move |_| {
        let Place { zoom, x, y } = place.get();
        dom::set_property(STAGE_ID, "--zoom", &zoom.to_string());
        dom::set_property(STAGE_ID, "--x", &format!("{x}px"));
        dom::set_property(STAGE_ID, "--y", &format!("{y}px"));
    });
    // Keys belong to the picture from the start.
    Effect::new(move |_| dom::focus_soon(STAGE_ID));
    let zoom = move |by: f64| place.update(|place| *place = place.zoomed(by));
    let nudge = move |x: f64, y: f64| place.update(|place| *place = place.moved(x, y));
    let key = move |event: KeyboardEvent| {
        let is_zoomed = place.get_untracked().zoom > 1.0;
        match event.key().as_str() {
            "+" | "=" => zoom(STEP),
            "-" | "−" => zoom(1.0 / STEP),
            "0" => place.set(Place::FIT),
            "ArrowLeft" if is_zoomed => nudge(NUDGE, 0.0),
            "ArrowRight" if is_zoomed => nudge(-NUDGE, 0.0),
            "ArrowUp" if is_zoomed => nudge(0.0, NUDGE),
            "ArrowDown" if is_zoomed => nudge(0.0, -NUDGE),
            "ArrowLeft" | "k" => step.run(-1),
            "ArrowRight" | "j" => step.run(1),
            _ => return,
        }
        event.prevent_default();
    };
    let wheel = move |event: WheelEvent| {
        event.prevent_default();
        zoom(if event.delta_y() < 0.0 { STEP } else { 1.0 / STEP });
    };
    let drag = move |event: PointerEvent| {
        if let Some((x, y)) = held.get_untracked() {
            let (now_x, now_y) = (f64::from(event.client_x()), f64::from(event.client_y()));
            nudge(now_x - x, now_y - y);
            held.set(Some((now_x, now_y)));
        }
    };
    let take = move |event: PointerEvent| {
        event.prevent_default();
        held.set(Some((f64::from(event.client_x()), f64::from(event.client_y()))));
    };
    view! {
        <div class="viewer" on:keydown=key>
            <div
                class="viewer-stage"
                id=STAGE_ID
                tabindex="0"
                role="group"
                aria-label=d::zoom_hint()
                on:wheel=wheel
                on:pointerdown=take
                on:pointermove=drag
                on:pointerup=move |_| held.set(None)
                on:pointerleave=move |_| held.set(None)
            >
                {move || view! { <Shown id rendition=rendition.get()/> }}
            </div>
            <div class="row viewer-tools">
                <Button label=d::previous_photo() icon=icons::CHEVRON_LEFT on_press=move |_| step.run(-1)/>
                <Button label=d::next_photo() icon=icons::CHEVRON_RIGHT on_press=move |_| step.run(1)/>
                <Button label=d::zoom_in() icon=icons::ZOOM_IN on_press=move |_| zoom(STEP)/>
                <Button label=d::zoom_out() icon=icons::ZOOM_OUT on_press=move |_| zoom(1.0 / STEP)/>
                <Button label=d::zoom_fit() icon=icons::MAXIMIZE on_press=move |_| place.set(Place::FIT)/>
                {move || {
                    (may_open_original && rendition.get() == Rendition::Preview)
                        .then(|| {
                            view! {
                                <Button
                                    label=d::open_original()
                                    icon=icons::SHIELD_CHECK
                                    on_press=move |_| rendition.set(Rendition::Original)
                                />
                            }
                        })
                }}
            </div>
            <p class="small soft">
                {d::zoom_hint()} {may_open_original.then(|| format!(" {}", d::original_logged()))}
            </p>
        </div>
    }
}

#[component]
fn Shown(id: PhotoId, rendition: Rendition) -> impl IntoView {
    let address = photo_address(id, rendition);
    move || match address.get() {
        Some(source) => {
            view! { <img class="viewer-picture" src=source alt="" draggable="false"/> }.into_any()
        }
        None => view! { <Skeleton lines=3/> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_that_fits_cannot_be_lost_off_the_window() {
        assert_eq!(Place::FIT.moved(100.0, 0.0), Place::FIT);
        let far = Place::FIT.zoomed(4.0).moved(500.0, 0.0);
        assert_eq!(far.zoomed(0.01), Place::FIT);
    }

    #[test]
    fn zooming_keeps_what_is_in_the_middle_and_has_an_end() {
        let place = Place::FIT.zoomed(2.0).moved(30.0, -10.0).zoomed(2.0);
        assert_eq!((place.zoom, place.x, place.y), (4.0, 60.0, -20.0));
        assert_eq!(Place::FIT.zoomed(1000.0).zoom, LARGEST);
    }
}
