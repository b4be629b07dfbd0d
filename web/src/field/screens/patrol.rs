//! The running patrol: near black, three large figures, one big button an action, no motion.

use super::sketch::{self, Sketch};
use crate::derived::Derived;
use crate::field::app::{App, use_app};
use crate::field::parts;
use crate::field::route::Route;
use crate::icons;
use crate::shell::clock;
use crate::shell::wake_lock::Screen;
use crate::ui::live;
use crate::ui::{Button, ButtonKind, Chip, EmptyState, Notice, Tone};
use crate::words::{domain, field as f, number, when};
use keng_engine::view::PatrolView;
use keng_engine::{Event, PatrolEvent};
use keng_shared::id::{CheckpointId, EntryId};
use keng_shared::patrol::{CheckIn, CheckInProof};
use keng_shared::patrol_route::leading_past;
use keng_shared::sync::{Checkpoint, Scope};
use keng_shared::time::Millis;
use leptos::prelude::*;

/// What the screen shows beside the clock.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    patrol: PatrolView,
    points: Vec<Point>,
    sketch: Sketch,
}

/// One point of the way.
#[derive(Debug, Clone, PartialEq)]
struct Point {
    checkpoint: Checkpoint,
    passed_at: Option<Millis>,
}

/// The screen.
#[component]
pub fn Patrol() -> impl IntoView {
    let app = use_app();
    let seen = app.project(|engine| {
        // The clock is shown by its own signal; here it would make every second a change.
        let mut patrol = engine.patrol(clock::now())?;
        patrol.elapsed_ms = 0;
        patrol.segments.clear();
        let point = |id: &CheckpointId| {
            let checkpoint = parts::checkpoint(engine.scope(), *id)?;
            let check_in = patrol
                .patrol
                .check_ins
                .iter()
                .find(|check_in| check_in.checkpoint_id == *id);
            Some(Point {
                checkpoint,
                passed_at: check_in.map(|check_in| check_in.at),
            })
        };
        let ids = patrol.progress.left.iter().chain(&patrol.progress.passed);
        let points: Vec<Point> = ids.filter_map(point).collect();
        let sketch = sketched(engine.scope(), &patrol, &points);
        Some(Seen {
            patrol,
            points,
            sketch,
        })
    });
    let running = Derived::new(move || seen.with(|seen| matches!(seen, Some(Some(_)))));
    let patrol = Derived::new(move || seen.get().flatten());
    live(move || {
        if running.get() {
            view! { <Running seen=patrol/> }.into_any()
        } else {
            view! {
                <EmptyState icon=icons::FOOTPRINTS words=f::no_patrol()>
                    <a class="button button-primary" href="/">{f::to_today()}</a>
                </EmptyState>
            }
            .into_any()
        }
    })
}

#[component]
fn Running(seen: Derived<Option<Seen>>) -> impl IntoView {
    let app = use_app();
    let dimmed = RwSignal::new(false);
    let part = move |part: fn(&Seen) -> String| {
        Derived::new(move || seen.with(|seen| seen.as_ref().map(part)).unwrap_or_default())
    };
    let distance = part(|seen| number::metres(seen.patrol.track.length_m));
    let left = part(|seen| seen.patrol.progress.left.len().to_string());
    let started =
        Derived::new(move || seen.with(|seen| seen.as_ref().map(|seen| seen.patrol.record.started_at)));
    let elapsed = move || started.get().map(|at| when::stopwatch(app.now.get().since(at)));
    let paused =
        Derived::new(move || seen.with(|seen| seen.as_ref().is_some_and(|seen| seen.patrol.is_paused)));
    let drawn = Derived::new(move || {
        seen.with(|seen| seen.as_ref().map(|seen| seen.sketch.clone()))
            .unwrap_or_default()
    });
    let toggle_pause = move |_| {
        let event = if paused.get_untracked() {
            PatrolEvent::Resumed
        } else {
            PatrolEvent::Paused
        };
        app.tell(Event::Patrol(event));
    };
    let find = move |_| app.go(Route::Finding(EntryId(clock::new_id())));
    view! {
        <p class="row-apart">
            <a class="button button-quiet back-link" href="/">
                <icons::Picture icon=icons::ARROW_LEFT/><span>{f::today()}</span>
            </a>
            <span class="strong">{live(move || if paused.get() { f::paused() } else { f::on_patrol() })}</span>
        </p>
        <h1 class="unseen">{f::on_patrol()}</h1>
        <dl class="figures">
            <div class="figure-main"><dt>{f::time()}</dt><dd><span role="timer">{elapsed}</span></dd></div>
            <div><dt>{f::distance()}</dt><dd>{live(move || distance.get())}</dd></div>
            <div><dt>{f::points_left()}</dt><dd>{live(move || left.get())}</dd></div>
        </dl>
        <Condition seen/>
        <NextPoint seen/>
        <div class="patrol-actions">
            <Button label=f::report_finding() icon=icons::FLAG class="button-large" on_press=find/>
            <Button
                label=Signal::derive(move || if paused.get() { f::resume() } else { f::pause() }.to_owned())
                icon=icons::PAUSE
                class="button-large"
                on_press=toggle_pause
            />
            <Button label=f::dim_screen() icon=icons::MOON class="button-large" on_press=move |_| dimmed.set(true)/>
            <a class="button button-large" href="/patrol/end">
                <icons::Picture icon=icons::SQUARE/><span>{f::end_patrol()}</span>
            </a>
        </div>
        <Points seen/>
        {live(move || sketch::drawing(&drawn.get()))}
        <Found seen/>
        {live(move || dimmed.get().then(|| view! {
            <button
                type="button"
                class="dimmed"
                aria-label=f::dim_hint()
                on:dblclick=move |_| dimmed.set(false)
                on:keydown=move |_| dimmed.set(false)
            >
                <span class="dimmed-time">{elapsed}</span>
                <span class="dimmed-hint">{f::dim_hint()}</span>
            </button>
        }))}
    }
}

/// What keeps the track from being whole, in words.
#[component]
fn Condition(seen: Derived<Option<Seen>>) -> impl IntoView {
    let app = use_app();
    let track = Derived::new(move || {
        seen.with(|seen| {
            let patrol = &seen.as_ref()?.patrol;
            Some((
                patrol.gap,
                patrol.last.is_none(),
                patrol.is_paused,
                patrol.track.gaps,
                patrol.track.gap_ms,
            ))
        })
    });
    live(move || {
        let (gap, no_fix_yet, is_paused, gaps, gap_ms) = track.get()?;
        let now = if app.position_denied.get() {
            Some((Tone::Warn, f::position_denied().to_owned()))
        } else if let Some(reason) = gap.filter(|_| !is_paused) {
            Some((Tone::Warn, f::gap_now(domain::gap_reason(reason))))
        } else if no_fix_yet {
            Some((Tone::Info, f::waiting_first_fix().to_owned()))
        } else {
            None
        };
        Some(view! {
            {now.map(|(tone, words)| view! { <Notice tone words=words/> })}
            {(app.screen.get() == Screen::NotKept).then(|| view! { <Notice tone=Tone::Warn words=f::screen_not_kept()/> })}
            {(gaps > 0).then(|| view! { <p class="soft small">{f::gaps_so_far(gaps, when::duration(gap_ms))}</p> })}
        })
    })
}

/// The one big button: checking in where one stands, or where to go next.
#[component]
fn NextPoint(seen: Derived<Option<Seen>>) -> impl IntoView {
    let app = use_app();
    let next = Derived::new(move || {
        seen.with(|seen| {
            let seen = seen.as_ref()?;
            let point = |id| seen.points.iter().find(|point| point.checkpoint.id == id);
            let inside = seen.patrol.progress.inside.and_then(point);
            let nearest = seen.patrol.progress.next.and_then(|(id, metres)| {
                let name = point(id)?.checkpoint.name.clone();
                Some((id, name, number::metres(metres.round() as u32)))
            });
            Some((
                inside.map(|point| point.checkpoint.clone()),
                nearest,
                seen.points.is_empty(),
                seen.patrol.progress.left.is_empty(),
            ))
        })
    });
    live(move || {
        let (inside, nearest, has_no_points, is_done) = next.get()?;
        if has_no_points {
            return None;
        }
        let view = match (inside, nearest) {
            (Some(checkpoint), _) => {
                let id = checkpoint.id;
                view! {
                    <div class="next-point">
                        <p class="strong">{f::inside_point(&checkpoint.name)}</p>
                        <Button
                            label=f::check_in_here()
                            icon=icons::MAP_PIN_CHECK
                            kind=ButtonKind::Primary
                            class="button-wide button-large"
                            on_press=move |_| { check_in_by_gps(app, &checkpoint); }
                        />
                        <a href=format!("/patrol/point/{id}")>{f::other_ways()}</a>
                    </div>
                }
                .into_any()
            }
            (None, Some((id, name, metres))) => view! {
                <div class="next-point">
                    <p>{f::next_point(&name, metres)}</p>
                    <a class="button button-wide button-large" href=format!("/patrol/point/{id}")>
                        <icons::Picture icon=icons::MAP_PIN/><span>{f::check_in_at(&name)}</span>
                    </a>
                </div>
            }
            .into_any(),
            (None, None) if is_done => view! { <p class="strong">{f::all_points_passed()}</p> }.into_any(),
            (None, None) => view! { <p class="soft">{f::no_fix_here()}</p> }.into_any(),
        };
        Some(view)
    })
}

/// The way of the patrol: by the route that leads past its checkpoints, where one was drawn.
fn sketched(scope: Option<&Scope>, patrol: &PatrolView, points: &[Point]) -> Sketch {
    let ids: Vec<CheckpointId> = points.iter().map(|point| point.checkpoint.id).collect();
    let routes = scope.map(|scope| scope.routes.as_slice()).unwrap_or_default();
    let is_retired = |id| parts::checkpoint(scope, id).is_some_and(|point| point.retired_at.is_some());
    let route = leading_past(routes, &ids, is_retired).map(|route| &route.terms);
    let order = route.map_or(&ids, |route| &route.checkpoints);
    let point = |id: &CheckpointId| {
        let point = points.iter().find(|point| point.checkpoint.id == *id)?;
        Some((point.checkpoint.position, point.passed_at.is_some()))
    };
    Sketch {
        name: route.map(|route| route.name.clone()).unwrap_or_default(),
        line: route.map(|route| route.line.clone()).unwrap_or_default(),
        points: order.iter().filter_map(point).collect(),
        retired: order
            .iter()
            .filter(|id| is_retired(**id))
            .filter_map(|id| Some(parts::checkpoint(scope, *id)?.name))
            .collect(),
        here: patrol.last.as_ref().map(|last| last.position),
    }
}

#[component]
fn Points(seen: Derived<Option<Seen>>) -> impl IntoView {
    let points = Derived::new(move || {
        seen.with(|seen| seen.as_ref().map(|seen| seen.points.clone()))
            .unwrap_or_default()
    });
    live(move || {
        let items = points
            .get()
            .into_iter()
            .map(|point| {
                let (tone, icon, words) = match point.passed_at {
                    Some(at) => (Tone::Good, icons::CHECK, f::passed_at(when::time(at))),
                    None => (Tone::Quiet, icons::CIRCLE_DOT, f::not_passed().to_owned()),
                };
                view! {
                    <li>
                        <a class="card record-card" href=format!("/patrol/point/{}", point.checkpoint.id)>
                            <span class="record-card-text">
                                <span>{point.checkpoint.name}</span>
                                <span><Chip tone icon words/></span>
                            </span>
                            <icons::Picture icon=icons::CHEVRON_RIGHT/>
                        </a>
                    </li>
                }
            })
            .collect_view();
        points
            .with(|points| !points.is_empty())
            .then(|| view! { <ul class="cards">{items}</ul> })
    })
}

#[component]
fn Found(seen: Derived<Option<Seen>>) -> impl IntoView {
    let findings = Derived::new(move || {
        seen.with(|seen| seen.as_ref().map(|seen| seen.patrol.patrol.findings.clone()))
            .unwrap_or_default()
    });
    live(move || {
        let items = findings
            .get()
            .into_iter()
            .map(|finding| {
                view! {
                    <li>
                        <a class="card record-card" href=format!("/patrol/finding/{}", finding.id)>
                            <span class="record-card-text">
                                <span class="strong">{domain::finding_category(finding.category)}</span>
                                <span class="soft small">
                                    {when::time(finding.at)} " · " {f::photos_count(finding.photos.len())}
                                </span>
                            </span>
                            <icons::Picture icon=icons::CHEVRON_RIGHT/>
                        </a>
                    </li>
                }
            })
            .collect_view();
        findings.with(|findings| !findings.is_empty()).then(|| {
            view! {
                <section class="stack-tight">
                    <h2 class="part-title">{f::findings()}</h2>
                    <ul class="cards">{items}</ul>
                </section>
            }
        })
    })
}

/// Checks in by the position that the phone has now.
pub fn check_in_by_gps(app: App, checkpoint: &Checkpoint) {
    let now = clock::now();
    if let Some(here) = app.here.get_untracked() {
        check_in(app, checkpoint, CheckInProof::Gps { fix: here.fix(now) });
    }
}

/// Tells the engine of a check-in and the person that it is kept.
pub fn check_in(app: App, checkpoint: &Checkpoint, proof: CheckInProof) {
    app.tell(Event::Patrol(PatrolEvent::CheckedIn(CheckIn {
        id: EntryId(clock::new_id()),
        checkpoint_id: checkpoint.id,
        at: clock::now(),
        proof,
    })));
    app.say(f::checked_in(&checkpoint.name));
}
