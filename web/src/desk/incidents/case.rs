//! One case: what was reported, where, what was done, what may be the same, and footage.

use super::parts::{DueChip, SeverityChip, StateChip};
use super::steps::{self, StepDialogs};
use super::{drawing, footage, near, place};
use crate::desk::api::use_api;
use crate::desk::load::{Loaded, load};
use crate::desk::now;
use crate::desk::photo::{Rendition, photo_address};
use crate::desk::review::Viewer;
use crate::desk::stream::use_live;
use crate::icons::{self, Picture};
use crate::share::{Done, ShareButton, card_of};
use crate::shell::history;
use crate::shell::keys::{self, Key};
use crate::ui::{Button, Fact, Facts, MapView, Notice, PhotoStrip, PhotoTile, Skeleton, Tone};
use crate::words::{domain, incidents as n, interface as w, tasks, when};
use keng_shared::api::{CaseDetail, CaseRow, FootageTaskView};
use keng_shared::id::{FootageRequestId, PhotoId, RecordId};
use keng_shared::incident::Incident;
use keng_shared::incident::case::CaseState;
use keng_shared::record::{PhotoState, PhotoView};
use leptos::prelude::*;
use serde_json::Value;

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub struct Acting {
    /// The case.
    pub detail: Loaded<CaseDetail>,
    /// The state that a step leads to, while its dialog is open.
    pub stepping: RwSignal<Option<CaseState>>,
    /// Whether the severity is judged anew.
    pub weighing: RwSignal<bool>,
    /// Whether the place is put on the map.
    pub placing: RwSignal<bool>,
    /// Whether footage is asked for.
    pub asking: RwSignal<bool>,
    /// The request that is taken back.
    pub withdrawing: RwSignal<Option<FootageRequestId>>,
    /// The task that is answered for somebody.
    pub answering: RwSignal<Option<FootageTaskView>>,
}

impl Acting {
    /// The case as it was looked at.
    pub fn case(self) -> Option<CaseRow> {
        self.detail.peek().map(|detail| detail.case)
    }
}

/// What the parts of this page share.
pub fn use_case() -> Acting {
    expect_context::<Acting>()
}

/// The page.
#[component]
pub fn CasePage(id: RecordId) -> impl IntoView {
    let (api, live) = (use_api(), use_live());
    let detail = load(move || {
        live.changed.track();
        async move { api.call(async |client| client.case(id).await).await }
    });
    let acting = Acting {
        detail,
        stepping: RwSignal::new(None),
        weighing: RwSignal::new(false),
        placing: RwSignal::new(false),
        asking: RwSignal::new(false),
        withdrawing: RwSignal::new(None),
        answering: RwSignal::new(None),
    };
    provide_context(acting);
    // Whoever opens a case has seen what the inbox says about it.
    Effect::new(move |_| mark_seen(id));
    let is_here = Memo::new(move |_| detail.get().is_some());
    let part = move |show: fn(&CaseDetail) -> AnyView| move || detail.get().map(|detail| show(&detail));
    let listener = keys::watch(move |key| match key {
        "Escape" => {
            history::back();
            Key::Used
        }
        "s" => {
            let next = acting.case().and_then(|case| case.state.next().first().copied());
            acting.stepping.set(next);
            Key::Used
        }
        _ => Key::Free,
    });
    // The listener lives as long as the page.
    let _listener = StoredValue::new_local(listener);
    view! {
        <div class="page stack">
            <p>
                <a class="button button-quiet" href="/desk/incidents">
                    <Picture icon=icons::ARROW_LEFT/><span>{n::back_to_board()}</span>
                </a>
            </p>
            {move || match (is_here.get(), detail.failure()) {
                (true, _) => view! {
                    {part(|detail| head(detail).into_any())}
                    <Share/>
                    {part(steps::bar)}
                    <div class="split split-even">
                        <div class="stack">
                            {part(|detail| report(detail).into_any())}
                            <Photos/>
                            <CaseMap/>
                        </div>
                        <div class="stack">
                            {part(near::panel)}
                            {part(footage::panel)}
                            {part(|detail| steps::timeline(detail).into_any())}
                        </div>
                    </div>
                }
                .into_any(),
                (false, Some(words)) => view! {
                    <h1>{n::nav_incidents()}</h1>
                    <Notice tone=Tone::Danger words>
                        <div><Button label=w::retry() on_press=move |_| detail.again()/></div>
                    </Notice>
                }
                .into_any(),
                (false, None) => view! { <Skeleton lines=8/> }.into_any(),
            }}
        </div>
        <StepDialogs/>
        <footage::FootageDialogs/>
    }
}

/// The card of a closed case, for a group chat.
#[component]
fn Share() -> impl IntoView {
    let acting = use_case();
    let card = Memo::new(move |_| {
        let CaseDetail { case, record, .. } = acting.detail.get()?;
        card_of(&Done {
            id: record.id,
            kind: &record.kind,
            body: &record.body,
            started_at: record.started_at,
            area: &case.area_name,
            photos: record.photos.len(),
            sums: None,
            track: &[],
            case: Some(case.state),
        })
    });
    move || card.get().map(|card| view! { <div><ShareButton card/></div> })
}

fn mark_seen(id: RecordId) {
    use keng_shared::inbox::News;
    let live = use_live();
    let about = |news: &News| match news {
        News::IncidentReported { record_id, .. }
        | News::CaseAssigned { record_id, .. }
        | News::CaseMoved { record_id, .. } => *record_id == id,
        News::FootageAnswered { record_id, .. } | News::FootageWithdrawn { record_id, .. } => {
            *record_id == Some(id)
        }
        News::RecordReturned { .. } | News::FootageRequested { .. } | News::Task { .. } => false,
    };
    let unread = live.inbox.with(|inbox| {
        let items = inbox.iter().flat_map(|inbox| &inbox.items);
        let unread = items.filter(|item| item.read_at.is_none() && about(&item.news));
        unread.map(|item| item.id).collect::<Vec<_>>()
    });
    if !unread.is_empty() {
        live.read(unread);
    }
}

fn head(detail: &CaseDetail) -> impl IntoView + use<> {
    let case = detail.case.clone();
    let place = match case.place.is_empty() {
        true => case.area_name.clone(),
        false => format!("{}, {}", case.place, case.area_name),
    };
    view! {
        <div class="stack-tight">
            <h1>{domain::category(case.category)}</h1>
            <p class="soft">
                {place}" · "{when::span(detail.record.started_at, detail.record.ended_at, now())}" · "
                {n::reported_by(case.author.name.clone())}
            </p>
            <div class="row">
                <StateChip state=case.state/>
                <SeverityChip severity=case.severity/>
                <DueChip case/>
            </div>
        </div>
    }
}

fn report(detail: &CaseDetail) -> impl IntoView + use<> {
    let incident = Incident::read(&detail.record.body);
    let patrol = incident.as_ref().and_then(|incident| incident.patrol_id);
    let words = incident
        .as_ref()
        .map(|incident| incident.description.clone())
        .unwrap_or_default();
    let stated = incident.map(|incident| incident.severity);
    let camera = detail.camera.as_ref().map(|camera| camera.camera.name.clone());
    let record = format!("/desk/review/{}", detail.case.record_id);
    let task = format!("/desk/tasks?about={}", detail.case.record_id);
    let (happened, received, due) = (
        detail.case.happened_at,
        detail.case.received_at,
        detail.case.due_at,
    );
    view! {
        <section class="card stack">
            <h2>{n::report()}</h2>
            {(!words.is_empty()).then(|| view! { <p>"“"{words}"”"</p> })}
            <Facts>
                <Fact name=n::happened()>{when::full(happened)}</Fact>
                <Fact name=n::received()>{when::full(received)}</Fact>
                <Fact name=n::due()>{when::full(due)}</Fact>
                {stated.map(|severity| view! { <Fact name=n::severity()>{domain::severity(severity)}</Fact> })}
                {camera.map(|name| view! { <Fact name=n::from_camera()>{name}</Fact> })}
                {patrol
                    .map(|id| {
                        view! {
                            <Fact name=n::from_patrol()>
                                <a href=format!("/desk/review/{id}")>{n::open_patrol()}</a>
                            </Fact>
                        }
                    })}
            </Facts>
            <p class="row">
                <a href=record>{n::open_record()}</a>
                <a href=task>{tasks::give_about()}</a>
            </p>
        </section>
    }
}

#[component]
fn Photos() -> impl IntoView {
    let acting = use_case();
    let photos: Memo<Vec<PhotoView>> = Memo::new(move |_| {
        acting
            .detail
            .get()
            .map(|detail| detail.record.photos)
            .unwrap_or_default()
    });
    let tiles = Memo::new(move |_| {
        let tile = |(i, photo): (usize, PhotoView)| PhotoTile {
            id: photo.id.to_string(),
            source: match photo.state {
                PhotoState::Held => photo_address(photo.id, Rendition::Thumbnail),
                PhotoState::Expected => Signal::stored(None),
            },
            alt: match photo.caption.is_empty() {
                true => w::photo_number(i + 1),
                false => photo.caption,
            },
            state: (photo.state == PhotoState::Expected).then(|| {
                (
                    Tone::Quiet,
                    icons::HOURGLASS,
                    domain::photo_state(PhotoState::Expected).to_owned(),
                )
            }),
        };
        photos.get().into_iter().enumerate().map(tile).collect::<Vec<_>>()
    });
    let viewing = RwSignal::new(None::<PhotoId>);
    view! {
        {move || {
            (!photos.with(Vec::is_empty))
                .then(|| {
                    view! {
                        <section class="card stack">
                            <h2>{n::photos()}</h2>
                            <PhotoStrip
                                photos=tiles
                                on_open=move |id: String| viewing.set(id.parse().ok())
                            />
                        </section>
                    }
                })
        }}
        <Viewer photos viewing/>
    }
}

#[component]
fn CaseMap() -> impl IntoView {
    let (api, acting) = (use_api(), use_case());
    let area = Memo::new(move |_| acting.detail.get().map(|detail| detail.case.area_id));
    let ground = load(move || {
        let area = area.get();
        async move {
            match area {
                Some(area) => api.call(async |client| client.area_map(area).await).await,
                None => Ok(Value::Null),
            }
        }
    });
    let outlines = Signal::derive(move || ground.get().map(|map| drawing::ground(&map)).unwrap_or_default());
    let features = Signal::derive(move || {
        let ground = drawing::ground(&ground.get()?);
        acting
            .detail
            .get()
            .map(|detail| drawing::of_case(&detail, &ground))
    });
    let go = leptos_router::hooks::use_navigate();
    let go = StoredValue::new_local(go);
    view! {
        <section class="card stack">
            <div class="row-apart">
                <h2>{n::map_of_incident()}</h2>
                {move || acting.detail.get().map(|detail| place::button(&detail.case))}
            </div>
            {move || acting.detail.get().map(|detail| place::origin(&detail.case))}
            <MapView
                label=n::map_of_incident()
                features
                focus="finding"
                on_press=move |key: String| {
                    go.with_value(|go| go(&format!("/desk/incidents/{key}"), Default::default()));
                }
            />
        </section>
        <place::PlaceDialog outlines/>
    }
}
