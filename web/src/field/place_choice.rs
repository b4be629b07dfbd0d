//! Where an incident happened, when that is not where its form is filled: a point that the person puts on a map.

use super::app::use_app;
use super::ground;
use super::screens::Change;
use crate::icons;
use crate::ui::{Button, ButtonKind, Dialog, DialogActions, Landmark, PlacePicker, live};
use crate::words::{field as f, maps as m, number};
use keng_shared::geo::LatLon;
use keng_shared::json::{FromJson, ToJson};
use keng_shared::kind;
use keng_shared::record::RecordDraft;
use leptos::prelude::*;
use serde_json::Value;

/// The field of the body.
const POSITION: &str = "position";

/// What the form says about the place, and the map that changes it.
#[component]
pub fn PlaceChoice(
    draft: RwSignal<RecordDraft>,
    change: Callback<Change>,
    /// Whether the phone's place goes along when it is sent.
    is_new: bool,
) -> impl IntoView {
    let app = use_app();
    let open = RwSignal::new(false);
    let put = Memo::new(move |_| draft.with(put_by_hand));
    let of_camera = draft.with_untracked(|draft| draft.kind == kind::CAMERA_INCIDENT.id);
    let says = move || match put.get() {
        Some(at) => f::place_by_hand(m::coordinates(at)),
        None if of_camera => f::place_of_camera().to_owned(),
        None if is_new => match app.here.get() {
            Some(here) => f::place_of_phone(number::metres((here.accuracy_cm / 100).max(1))),
            None => f::place_unknown().to_owned(),
        },
        None => match draft.with(|draft| draft.fix.is_some()) {
            true => f::place_of_report().to_owned(),
            false => f::place_unknown().to_owned(),
        },
    };
    let set = move |at: Option<LatLon>| {
        let value = at.map_or(Value::Null, |at| at.to_json());
        change.run(Change::Body(POSITION, value));
    };
    view! {
        <section class="stack-tight" aria-labelledby="place-title">
            <h2 id="place-title" class="field-label">{f::place_on_map()}</h2>
            <p role="status">{live(says)}</p>
            {live(move || {
                let label = match put.get() {
                    Some(_) => f::place_move(),
                    None => f::place_choose(),
                };
                view! {
                    <div class="row">
                        <Button label icon=icons::MAP_PIN on_press=move |_| open.set(true)/>
                        {put
                            .get()
                            .is_some()
                            .then(|| view! { <Button label=m::place_none() kind=ButtonKind::Quiet on_press=move |_| set(None)/> })}
                    </div>
                }
            })}
        </section>
        <Dialog open title=f::place_title().to_owned() class="dialog-wide">
            {move || view! { <Choosing open before=put.get_untracked() done=Callback::new(set)/> }}
        </Dialog>
    }
}

/// The map; the form hears of the point when the person is done.
#[component]
fn Choosing(open: RwSignal<bool>, before: Option<LatLon>, done: Callback<Option<LatLon>>) -> impl IntoView {
    let app = use_app();
    let value = RwSignal::new(before);
    let kept = ground::kept();
    ground::provide_tiles(kept.as_ref());
    let outlines = kept.map(|kept| kept.outlines).unwrap_or_default();
    let landmarks = app
        .look(|engine| engine.scope().map(|scope| scope.checkpoints.clone()))
        .flatten()
        .unwrap_or_default()
        .into_iter()
        .map(|point| Landmark {
            name: point.name,
            at: point.position,
        })
        .collect();
    let here = Signal::derive(move || app.here.get().map(|here| here.position));
    view! {
        <PlacePicker value ground=Signal::stored(outlines) landmarks here/>
        <DialogActions open>
            <Button
                label=f::done()
                kind=ButtonKind::Primary
                on_press=move |_| {
                    done.run(value.get_untracked());
                    open.set(false);
                }
            />
        </DialogActions>
    }
}

/// The point that the person has put on the map.
fn put_by_hand(draft: &RecordDraft) -> Option<LatLon> {
    LatLon::from_json(draft.body.get(POSITION)?.clone()).ok()
}
