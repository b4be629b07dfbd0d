//! Footage because of an incident: whom to ask, what they answered, who holds the clip.

use super::case::use_case;
use super::footage_answer::AnswerForm;
use super::steps::Whole;
use super::withdrawal::WithdrawalDialog;
use super::{drawing, overwritten};
use crate::desk::api::{FormErrors, use_api};
use crate::desk::load::load;
use crate::desk::now;
use crate::icons;
use crate::shell::clock;
use crate::ui::{
    Answer, Button, ButtonKind, Checkboxes, Chip, DateTimeInput, Dialog, DialogActions, EmptyState, MapView,
    Notice, NumberInput, Refit, Required, TextArea, Tone, open_while, use_toasts,
};
use crate::words::{domain, incidents as n, when};
use keng_shared::api::{
    CameraView, CaseDetail, CaseRow, FootageRequestView, FootageTaskView, NewFootageRequest,
};
use keng_shared::camera::FootageState;
use keng_shared::geo::LatLon;
use keng_shared::id::{CameraId, FootageRequestId};
use keng_shared::permission::Verb;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;

/// Radius of the circle until somebody says otherwise, in metres.
const USUAL_RADIUS: u16 = 200;
/// The recording that is asked for begins and ends so long before and after the incident.
const AROUND_MS: i64 = 30 * 60_000;

/// The requests because of this case.
pub fn panel(detail: &CaseDetail) -> AnyView {
    if !use_api().may(Verb::ManageCameras) {
        return ().into_any();
    }
    let acting = use_case();
    let requests = detail.footage.clone();
    let can_ask = detail.case.position.is_some();
    let none = requests.is_empty();
    let lines = requests
        .into_iter()
        .map(|request| view! { <Request request/> })
        .collect_view();
    view! {
        <section class="card stack">
            <div class="row-apart">
                <h2>{n::footage()}</h2>
                {can_ask
                    .then(|| view! {
                        <Button label=n::footage_ask() icon=icons::CCTV on_press=move |_| acting.asking.set(true)/>
                    })}
            </div>
            {none.then(|| view! { <p class="soft">{n::footage_none()}</p> })}
            {lines}
        </section>
    }
    .into_any()
}

#[component]
fn Request(request: FootageRequestView) -> impl IntoView {
    let acting = use_case();
    let (id, is_withdrawn) = (request.id, request.withdrawn.is_some());
    let tasks = request
        .tasks
        .into_iter()
        .map(|task| view! { <Task task is_withdrawn/> })
        .collect_view();
    let end = match request.withdrawn {
        Some(withdrawn) => {
            let words = n::footage_withdrawn(when::instant(withdrawn.at, now()), withdrawn.by.name);
            view! { <p class="small"><span class="strong">{words}</span>" “"{withdrawn.words}"”"</p> }
                .into_any()
        }
        None => view! {
            <div>
                <Button
                    label=n::footage_withdraw()
                    kind=ButtonKind::Quiet
                    icon=icons::BAN
                    on_press=move |_| acting.withdrawing.set(Some(id))
                />
            </div>
        }
        .into_any(),
    };
    let asked = n::footage_asked(when::instant(request.at, now()));
    let span = n::footage_span(when::full(request.from), when::full(request.to));
    view! {
        <div class="stack-tight">
            <p class="small"><span class="soft">{asked}" · "{request.by.name}</span></p>
            <p class="small">{span}</p>
            {(!request.words.is_empty()).then(|| view! { <p class="small">"“"{request.words}"”"</p> })}
            <ul class="plain-list">{tasks}</ul>
            {end}
        </div>
    }
}

#[component]
fn Task(task: FootageTaskView, is_withdrawn: bool) -> impl IntoView {
    let acting = use_case();
    let waits = task.state == FootageState::Asked && !is_withdrawn;
    let is_dropped = task.state == FootageState::Asked && is_withdrawn;
    let (tone, icon) = state_looks(task.state);
    let state = match is_dropped {
        true => view! { <Chip tone=Tone::Quiet icon=icons::BAN words=n::footage_not_asked()/> },
        false => view! { <Chip tone icon words=domain::footage_state(task.state)/> },
    };
    let keeper = match &task.keeper {
        Some(keeper) => keeper.name.clone(),
        None => n::footage_call_holder().to_owned(),
    };
    let hands = task
        .custody
        .iter()
        .map(|hand| {
            let until = hand
                .until
                .map(|date| format!(" · {} {}", n::custody_until(), when::date(date)));
            view! { <li class="small">{hand.holder.clone()}" · "{hand.place.clone()}{until}</li> }
        })
        .collect_view();
    let answer = {
        let task = task.clone();
        move |_| acting.answering.set(Some(task.clone()))
    };
    view! {
        <li class="stack-tight">
            <div class="row-apart">
                <span class="strong">{task.camera_name.clone()}</span>
                {state}
            </div>
            <p class="soft small">{keeper}</p>
            {waits.then(|| view! { <p class="small">{n::overwritten_words(task.overwritten_at, now())}</p> })}
            {(!task.words.is_empty()).then(|| view! { <p class="small">"“"{task.words.clone()}"”"</p> })}
            {(!task.custody.is_empty())
                .then(|| view! { <p class="small strong">{n::custody()}</p><ol class="bullets">{hands}</ol> })}
            {(!is_dropped)
                .then(|| view! { <div><Button label=n::footage_answer_for() kind=ButtonKind::Quiet on_press=answer/></div> })}
        </li>
    }
}

fn state_looks(state: FootageState) -> (Tone, icons::Icon) {
    match state {
        FootageState::Asked => (Tone::Info, icons::HOURGLASS),
        FootageState::Kept => (Tone::Good, icons::CIRCLE_CHECK),
        FootageState::NothingSeen => (Tone::Quiet, icons::EYE),
        FootageState::Overwritten => (Tone::Warn, icons::BAN),
    }
}

/// The dialogs of the page; they stay while the case is asked for again.
#[component]
pub fn FootageDialogs() -> impl IntoView {
    let acting = use_case();
    let answering = open_while(acting.answering);
    view! {
        <Dialog open=acting.asking title=n::footage_ask().to_owned() class="dialog-wide">
            {move || {
                let case = acting.case()?;
                let centre = case.position?;
                Some(view! { <Ask open=acting.asking case centre/> })
            }}
        </Dialog>
        <Dialog open=answering title=n::footage_question().to_owned()>
            {move || acting.answering.get_untracked().map(|task| view! { <AnswerForm open=answering task/> })}
        </Dialog>
        <WithdrawalDialog/>
    }
}

/// Cameras that may be asked: inside the circle, with consent.
fn inside(cameras: &[CameraView], centre: LatLon, radius_m: u16) -> Vec<CameraView> {
    let is_inside = |camera: &&CameraView| {
        camera.camera.consent_on.is_some()
            && camera.camera.sight.position.distance_m(centre) <= f64::from(radius_m)
    };
    cameras.iter().filter(is_inside).cloned().collect()
}

#[component]
fn Ask(open: RwSignal<bool>, case: CaseRow, centre: LatLon) -> impl IntoView {
    let (api, toasts, acting) = (use_api(), use_toasts(), use_case());
    let cameras = load(move || api.call(async |client| client.cameras(None).await));
    let centre = RwSignal::new(centre);
    let radius = RwSignal::new(USUAL_RADIUS.to_string());
    let from = RwSignal::new(when::input_instant(case.happened_at.plus(-AROUND_MS)));
    let to = RwSignal::new(when::input_instant(case.happened_at.plus(AROUND_MS).min(now())));
    let words = RwSignal::new(String::new());
    let left_out = RwSignal::new(Vec::<String>::new());
    let errors = FormErrors::new();
    // The same request sent twice is one request.
    let id = FootageRequestId(clock::new_id());
    let metres = move || radius.get().trim().parse::<u16>().unwrap_or(0);
    let found = Memo::new(move |_| inside(&cameras.get().unwrap_or_default(), centre.get(), metres()));
    let asked = move || {
        let left_out = left_out.get();
        let mut ids = found
            .get()
            .into_iter()
            .map(|camera| camera.id)
            .collect::<Vec<CameraId>>();
        ids.retain(|id| !left_out.contains(&id.to_string()));
        ids
    };
    let span = move || {
        (
            when::parse_instant(&from.get()).unwrap_or_default(),
            when::parse_instant(&to.get()).unwrap_or_default(),
        )
    };
    let lost = Memo::new(move |_| {
        let (found, asked) = (found.get(), asked());
        overwritten::of_all(
            found.iter().filter(|camera| asked.contains(&camera.id)),
            span(),
            now(),
        )
    });
    let features = Signal::derive(move || {
        let mut features = vec![drawing::circle(centre.get(), metres(), n::incident_here())];
        for camera in found.get() {
            features.extend(drawing::of_camera(&camera, None));
        }
        Some(drawing::collection(features)) as Option<Value>
    });
    let (record, area) = (case.record_id, case.area_id);
    let send = move |_| {
        errors.clear();
        let body = NewFootageRequest {
            id,
            area_id: area,
            record_id: Some(record),
            position: centre.get_untracked(),
            radius_m: metres(),
            from: when::parse_instant(&from.get_untracked()).unwrap_or_default(),
            to: when::parse_instant(&to.get_untracked()).unwrap_or_default(),
            words: words.get_untracked(),
            cameras: asked(),
        };
        spawn_local(async move {
            match api.call(async |client| client.request_footage(&body).await).await {
                Ok(_) => {
                    toasts.say(n::footage_sent());
                    open.try_set(false);
                    acting.detail.again();
                }
                Err(error) => errors.show(&error),
            }
        });
    };
    let choices = move || {
        let found = found.get();
        if found.is_empty() {
            return view! { <EmptyState icon=icons::CCTV words=n::footage_no_cameras()/> }.into_any();
        }
        let answers: Vec<Answer> = found
            .iter()
            .map(|camera| {
                let keeper = camera.keeper_name.clone();
                let keeper = keeper.unwrap_or_else(|| n::footage_call_holder().to_owned());
                let lost = overwritten::of_one(camera, span(), now()).map(|lost| format!(" · {lost}"));
                let lost = lost.unwrap_or_default();
                Answer::new(
                    camera.id.to_string(),
                    format!("{} · {keeper}{lost}", camera.camera.name),
                )
            })
            .collect();
        let all: Vec<String> = answers.iter().map(|answer| answer.value.clone()).collect();
        let count = answers.len();
        let values = Signal::derive(move || asked().iter().map(ToString::to_string).collect::<Vec<_>>());
        let change = Callback::new(move |kept: Vec<String>| {
            left_out.set(all.iter().filter(|id| !kept.contains(id)).cloned().collect());
        });
        view! {
            <Checkboxes
                id="cameras"
                label=n::footage_cameras(count)
                answers
                values
                on_change=change
                error=errors.of("cameras")
            />
        }
        .into_any()
    };
    view! {
        <Whole errors/>
        <p class="soft small">{n::footage_centre()}</p>
        <MapView
            label=n::footage_centre()
            features
            refit=Refit::Once
            on_click=move |at: LatLon| centre.set(at)
        />
        <div class="form-row">
            <NumberInput
                id="radius_m"
                label=n::footage_radius()
                unit="m"
                value=radius
                on_input=move |text| radius.set(text)
                error=errors.of("radius_m")
            />
            <DateTimeInput
                id="from"
                label=n::footage_from()
                value=from
                on_input=move |text| from.set(text)
                error=errors.of("from")
            />
            <DateTimeInput
                id="to"
                label=n::footage_to()
                value=to
                on_input=move |text| to.set(text)
                error=errors.of("to")
            />
        </div>
        {choices}
        <div role="status">
            {move || lost.get().map(|words| view! { <Notice tone=Tone::Warn words/> })}
        </div>
        <TextArea
            id="footage-words"
            label=n::footage_words()
            hint=n::footage_words_hint()
            value=words
            on_input=move |text| words.set(text)
            error=errors.of("words")
            required=Required::No
            rows=2
        />
        <DialogActions open>
            <Button label=n::footage_send() kind=ButtonKind::Primary icon=icons::SEND on_press=send/>
        </DialogActions>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keng_shared::api::CameraDraft;
    use keng_shared::camera::Sight;
    use keng_shared::id::AreaId;

    fn camera(north_m: f64, consent: Option<&str>) -> CameraView {
        CameraView {
            id: CameraId(north_m as i64),
            camera: CameraDraft {
                area_id: AreaId(1),
                name: "Cổng chợ".to_owned(),
                team_id: None,
                sight: Sight {
                    position: LatLon::from_degrees(19.96 + north_m / 111_195.0, 105.3).unwrap(),
                    direction_deg: 0,
                    view_deg: 90,
                    range_m: 30,
                },
                keep_days: 7,
                consent_on: consent.map(|date| date.parse().unwrap()),
                keeper: None,
                holder_name: String::new(),
                holder_phone: String::new(),
            },
            keeper_name: None,
            revision: 1,
        }
    }

    #[test]
    fn only_cameras_in_the_circle_whose_owner_consents_are_offered() {
        let cameras = [
            camera(0.0, Some("2026-01-01")),
            camera(150.0, None),
            camera(190.0, Some("2026-01-01")),
            camera(210.0, Some("2026-01-01")),
        ];
        let centre = LatLon::from_degrees(19.96, 105.3).unwrap();
        let found: Vec<_> = inside(&cameras, centre, 200)
            .iter()
            .map(|camera| camera.id.0)
            .collect();
        assert_eq!(found, [0, 190]);
    }
}
