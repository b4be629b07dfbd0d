//! Checking in at a point by position, QR code or photo: three equal proofs.

use super::form::BackLink;
use super::patrol::{check_in, check_in_by_gps};
use crate::derived::Derived;
use crate::field::app::{App, use_app};
use crate::field::parts;
use crate::field::photos::{OnePhoto, keep};
use crate::field::route::Route;
use crate::icons;
use crate::shell::camera::{Camera, Picture};
use crate::shell::{clock, qr};
use crate::ui::live;
use crate::ui::{Button, ButtonKind, Disclosure, EmptyState, Notice, Submits, TextInput, Tone};
use crate::words::{field as f, interface as w, number};
use keng_shared::evidence::sha256_hex;
use keng_shared::id::CheckpointId;
use keng_shared::patrol::CheckInProof;
use keng_shared::sync::Checkpoint;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// A fix less exact than this cannot prove presence at a small fence: 50 m, as in the engine's progress.
const COARSE_CM: u32 = 5_000;

/// The screen.
#[component]
pub fn CheckIn(id: CheckpointId) -> impl IntoView {
    let app = use_app();
    let found = app.look(|engine| {
        let running = engine.patrol(clock::now())?.record.id;
        Some((parts::checkpoint(engine.scope(), id)?, running))
    });
    let Some((point, record_id)) = found.flatten() else {
        return view! {
            <EmptyState icon=icons::MAP_PIN words=f::unknown_point()>
                <a class="button button-primary" href="/patrol">{f::back_to_patrol()}</a>
            </EmptyState>
        }
        .into_any();
    };
    if point.retired_at.is_some() {
        let words = f::retired_point(&point.name);
        return view! {
            <EmptyState icon=icons::MAP_PIN words>
                <a class="button button-primary" href="/patrol">{f::back_to_patrol()}</a>
            </EmptyState>
        }
        .into_any();
    }
    let error = RwSignal::new(String::new());
    let (by_gps, by_qr, by_photo) = (point.clone(), point.clone(), point.clone());
    let on_code = Callback::new(move |text: String| match token(&text, &by_qr.token_sha256) {
        Some(token) => {
            let fix = app.here.get_untracked().map(|here| here.fix(clock::now()));
            check_in(app, &by_qr, CheckInProof::Qr { token, fix });
            app.go_instead(Route::Patrol);
        }
        None => error.set(wrong_code(app, &text)),
    });
    let on_picture = Callback::new(move |picture: Picture| {
        let point = by_photo.clone();
        spawn_local(async move {
            match keep(app, record_id, picture).await {
                Ok(photo_id) => {
                    check_in(app, &point, CheckInProof::Photo { photo_id });
                    app.go_instead(Route::Patrol);
                }
                Err(words) => error.set(words),
            }
        });
    });
    let name = point.name.clone();
    view! {
        <BackLink/>
        <h1>{f::check_in_at(name)}</h1>
        {live(move || {
            let words = error.get();
            (!words.is_empty()).then(|| view! { <Notice tone=Tone::Danger words=words/> })
        })}
        <ByPosition point=by_gps/>
        <ByCode on_code/>
        <OnePhoto label=f::by_photo() on_picture/>
    }
    .into_any()
}

#[component]
fn ByPosition(point: Checkpoint) -> impl IntoView {
    let app = use_app();
    let place = point.clone();
    let standing = Derived::new(move || standing(app, &place));
    let press = move |_| {
        if standing.get_untracked() == Standing::Inside {
            check_in_by_gps(app, &point);
            app.go_instead(Route::Patrol);
        }
    };
    view! {
        <section class="stack-tight">
            <Button
                label=f::by_gps()
                icon=icons::MAP_PIN_CHECK
                kind=ButtonKind::Primary
                class="button-wide button-large"
                blocked=Signal::derive(move || standing.get() != Standing::Inside)
                on_press=press
            />
            {live(move || match standing.get() {
                Standing::Inside => None,
                Standing::Unknown => Some(view! { <p class="soft">{f::no_fix_here()}</p> }.into_any()),
                Standing::Away(metres) => {
                    Some(view! { <p class="soft">{f::too_far(number::metres(metres))}</p> }.into_any())
                }
            })}
        </section>
    }
}

/// Where the phone is, seen from a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Inside,
    Away(u32),
    Unknown,
}

fn standing(app: App, point: &Checkpoint) -> Standing {
    match app.here.get() {
        None => Standing::Unknown,
        Some(here) if here.accuracy_cm > COARSE_CM.max(u32::from(point.radius_m) * 100) => Standing::Unknown,
        Some(here) => {
            let metres = here.position.distance_m(point.position);
            if metres <= f64::from(point.radius_m) {
                Standing::Inside
            } else {
                Standing::Away(metres.round() as u32)
            }
        }
    }
}

/// The QR code by the camera where the browser can read it, else the short code under it.
#[component]
fn ByCode(on_code: Callback<String>) -> impl IntoView {
    let can_scan = RwSignal::new(false);
    let scanning = RwSignal::new(false);
    let code = RwSignal::new(String::new());
    spawn_local(async move { can_scan.set(qr::is_supported().await) });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if code.with_untracked(|code| !code.trim().is_empty()) {
            on_code.run(code.get_untracked());
        }
    };
    view! {
        {live(move || (can_scan.get() && !scanning.get()).then(|| view! {
            <Button
                label=f::by_qr()
                icon=icons::QR_CODE
                class="button-wide button-large"
                on_press=move |_| scanning.set(true)
            />
        }))}
        {live(move || scanning.get().then(|| view! { <Scanner scanning on_code/> }))}
        <Disclosure summary=f::type_code()>
            <form class="stack-tight" on:submit=submit>
                <TextInput
                    id="code"
                    label=f::code()
                    value=code
                    on_input=Callback::new(move |text| code.set(text))
                />
                <Button label=f::check_in() submits=Submits::Form/>
            </form>
        </Disclosure>
    }
}

#[component]
fn Scanner(scanning: RwSignal<bool>, on_code: Callback<String>) -> impl IntoView {
    let fault = RwSignal::new(String::new());
    let here = StoredValue::new(());
    spawn_local(async move {
        let camera = match Camera::open("scanner").await {
            Ok(camera) => camera,
            Err(error) if error.is_denied() => return fault.set(f::camera_denied().to_owned()),
            Err(_) => return fault.set(f::camera_missing().to_owned()),
        };
        // Looks until there is a code or the scanner has left the screen.
        while here.try_get_value().is_some() {
            if let Some(text) = qr::look(&camera).await {
                scanning.set(false);
                on_code.run(text);
                return;
            }
        }
    });
    view! {
        <div class="scanner stack-tight">
            <video id="scanner" class="scanner-video" autoplay muted playsinline></video>
            <p role="status">
                {live(move || {
                    let words = fault.get();
                    if words.is_empty() { f::scanning().to_owned() } else { words }
                })}
            </p>
            <Button label=w::close() on_press=move |_| scanning.set(false)/>
        </div>
    }
}

/// Why a code does not check in: the sheet of a retired checkpoint may still hang there.
fn wrong_code(app: App, text: &str) -> String {
    let retired = app.look(|engine| {
        let points = &engine.scope()?.retired_checkpoints;
        let point = points
            .iter()
            .find(|point| token(text, &point.token_sha256).is_some())?;
        Some(point.name.clone())
    });
    match retired.flatten() {
        Some(name) => f::retired_code(name),
        None => f::wrong_code().to_owned(),
    }
}

/// The token in what was read or typed, if it is the right one: the sheet may carry the bare token or a link to it.
fn token(text: &str, sha256: &str) -> Option<String> {
    let text = text.trim();
    let last = text.rsplit(['#', '/', '=', ':']).next().unwrap_or(text);
    let bare: String = last.chars().filter(|c| !c.is_whitespace()).collect();
    let joined: String = bare.chars().filter(|c| *c != '-').collect();
    // Letters that a code does not have stand for the digits that they look like.
    let alike = |c: char| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let forms = [
        joined.chars().map(alike).collect(),
        text.to_owned(),
        bare.clone(),
        bare.to_ascii_uppercase(),
        joined.to_ascii_uppercase(),
        joined.to_ascii_lowercase(),
        joined,
    ];
    forms
        .into_iter()
        .find(|form| sha256_hex(form.as_bytes()) == sha256)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_right_as_a_link_or_typed_with_spaces_and_in_small_letters_and_no_other_is() {
        let sha256 = sha256_hex(b"K7QF2M");
        for text in ["K7QF2M", " k7qf 2m ", "K7Q-F2M", "https://keng.example/c#K7QF2M"] {
            assert_eq!(token(text, &sha256).as_deref(), Some("K7QF2M"), "{text}");
        }
        assert_eq!(token("K7QF2N", &sha256), None);
        let sha256 = sha256_hex(b"K0QF12JM");
        assert_eq!(token("koqf i2jm", &sha256).as_deref(), Some("K0QF12JM"));
    }
}
