//! Broadcasts by schedule: what waits is ticked already, so that a week is one tap; exceptions are told by area.

use crate::derived::Derived;
use crate::field::app::use_app;
use crate::field::parts::name_of;
use crate::icons;
use crate::shell::{clock, dom};
use crate::ui::live;
use crate::ui::{Answer, Button, ButtonKind, Chip, EmptyState, ProposedSlot, Said, Tone};
use crate::words::loudspeaker as l;
use keng_engine::view::{Connection, ScheduleSlots};
use keng_engine::{Engine, Event};
use keng_shared::id::{AreaId, RecordId};
use keng_shared::loudspeaker::{BroadcastSchedule, Confirming, PlannedSlot, Slot, SlotState, WeekSlot};
use keng_shared::record::RecordDraft;
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What the screen shows.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    schedules: Vec<ScheduleSlots>,
    /// Names of the areas of the schedules that are known on this phone.
    names: BTreeMap<AreaId, String>,
    /// Sessions that were confirmed on this phone: photos and a note can still be added to them.
    own: BTreeSet<RecordId>,
}

/// The screen.
#[component]
pub fn Broadcasts() -> impl IntoView {
    let app = use_app();
    let seen = app.project(look);
    let said = Said::default();
    let chosen = Derived::new(move || {
        let waiting: Vec<Slot> = seen.with(|seen| seen.iter().flat_map(Seen::waiting).collect());
        waiting.into_iter().filter(|slot| said.takes(slot)).count()
    });
    let waiting_now = move || -> Vec<Slot> {
        let found = app.look(|engine| engine.broadcasts(clock::now()));
        let slots = found.into_iter().flatten().flat_map(|found| found.slots);
        slots
            .filter(|slot| slot.state.is_waiting())
            .map(|slot| slot.planned.slot)
            .collect()
    };
    let confirm = move |_| {
        let before = waiting_now();
        if let Some(id) = said.first_without_words(&before) {
            return dom::focus(&id);
        }
        let drafts = app.look(|engine| drafts(engine, said)).unwrap_or_default();
        let asked = drafts.len();
        app.tell(Event::SlotsConfirmed { drafts });
        let count = before.len().saturating_sub(waiting_now().len());
        if count < asked {
            app.say(l::some_refused(asked - count));
        }
        if count == 0 {
            return;
        }
        let is_online = app.look(|engine| engine.status().connection) == Some(Connection::Fine);
        app.say(if is_online {
            l::confirmed_now(count)
        } else {
            l::confirmed_offline(count)
        });
    };
    let button = move || {
        let waiting = seen.with(|seen| seen.iter().flat_map(Seen::waiting).count());
        (waiting > 0).then(|| {
            let label = Signal::derive(move || match chosen.get() {
                0 => l::choose_some().to_owned(),
                count => l::confirm_count(count),
            });
            view! {
                <div class="form-end">
                    <Button
                        label
                        icon=icons::CHECK
                        kind=ButtonKind::Primary
                        class="button-wide button-large"
                        blocked=Signal::derive(move || chosen.get() == 0)
                        on_press=confirm
                    />
                </div>
            }
        })
    };
    view! {
        <h1>{l::title()}</h1>
        {live(move || seen.get().map(|seen| view! { <Waiting seen said/> }))}
        {button}
        <a class="button button-wide" href="/log/loudspeaker_session">
            <icons::Picture icon=icons::MEGAPHONE/>
            <span>{l::log_unplanned()}</span>
        </a>
        {live(move || seen.get().map(|seen| view! { <Confirmed seen/> }))}
    }
}

#[component]
fn Waiting(seen: Seen, said: Said) -> impl IntoView {
    if seen.schedules.is_empty() {
        return view! { <EmptyState icon=icons::RADIO_TOWER words=l::no_schedule()/> }.into_any();
    }
    if seen.waiting().next().is_none() {
        return view! { <p class="soft">{l::nothing_waiting()}</p> }.into_any();
    }
    let names = seen.names;
    let sections = seen
        .schedules
        .into_iter()
        .filter_map(|ScheduleSlots { schedule, slots }| {
            let areas: Vec<Answer> = schedule
                .terms
                .areas
                .iter()
                .filter_map(|id| Some(Answer::new(id.to_string(), names.get(id)?.clone())))
                .collect();
            let cards: Vec<_> = slots
                .into_iter()
                .filter(|slot| slot.state.is_waiting())
                .map(|slot| view! { <ProposedSlot proposal=slot said areas=areas.clone()/> })
                .collect();
            (!cards.is_empty()).then(|| {
                let about = format!("{} · {}", schedule.terms.station, l::areas_count(areas.len()));
                view! {
                    <section class="stack-tight">
                        <h2 class="part-title">{schedule.terms.name}</h2>
                        <p class="soft small">{about}</p>
                        <ul class="cards">{cards}</ul>
                    </section>
                }
            })
        })
        .collect_view();
    view! { <p class="soft">{l::confirm_hint()}</p> {sections} }.into_any()
}

#[component]
fn Confirmed(seen: Seen) -> impl IntoView {
    let own = seen.own;
    let mut done: Vec<WeekSlot> = seen
        .schedules
        .into_iter()
        .flat_map(|found| found.slots)
        .filter(|slot| matches!(slot.state, SlotState::Aired(_) | SlotState::Missed(_)))
        .collect();
    done.sort_by_key(|slot| std::cmp::Reverse(slot.planned.starts_at()));
    (!done.is_empty()).then(|| {
        let lines = done
            .into_iter()
            .filter_map(|slot| done_line(slot, &own))
            .collect_view();
        view! {
            <section class="stack-tight">
                <h2 class="part-title">{l::confirmed_title()}</h2>
                <ul class="cards">{lines}</ul>
            </section>
        }
    })
}

fn done_line(slot: WeekSlot, own: &BTreeSet<RecordId>) -> Option<impl IntoView + use<>> {
    let (SlotState::Aired(confirmed) | SlotState::Missed(confirmed)) = slot.state else {
        return None;
    };
    let all = confirmed.aired + confirmed.missed;
    let (tone, icon, heard) = match (confirmed.aired, confirmed.missed) {
        (0, _) => (Tone::Danger, icons::X, l::not_heard().to_owned()),
        (count, 0) => (Tone::Good, icons::CHECK, l::heard_everywhere(count)),
        (count, _) => (Tone::Warn, icons::CHECK, l::heard_in(count, all)),
    };
    let record = own.contains(&confirmed.record_id).then(|| {
        let href = format!("/records/{}", confirmed.record_id);
        view! { <a href=href>{l::add_proof()}</a> }
    });
    Some(view! {
        <li class="card stack-tight">
            <p>
                <span class="strong">{l::short_day(slot.planned.slot.date)} " · " {slot.planned.slot.time.to_string()}</span>
                " · " {l::topic_of(&slot.planned.topic)}
            </p>
            <p class="row">
                <Chip tone icon words=heard/>
                {confirmed.late.then(|| view! { <Chip tone=Tone::Warn icon=icons::HOURGLASS words=l::late()/> })}
                <span class="small soft">{l::confirmed_by(confirmed.by.name)}</span>
                {record}
            </p>
        </li>
    })
}

impl Seen {
    fn waiting(&self) -> impl Iterator<Item = Slot> + '_ {
        let slots = self.schedules.iter().flat_map(|found| &found.slots);
        slots
            .filter(|slot| slot.state.is_waiting())
            .map(|slot| slot.planned.slot)
    }
}

fn look(engine: &Engine) -> Seen {
    let schedules = engine.broadcasts(clock::now());
    let areas = schedules.iter().flat_map(|found| &found.schedule.terms.areas);
    let names = areas
        .filter(|id| is_known(engine, **id))
        .map(|id| (*id, name_of(engine.scope(), *id)))
        .collect();
    let confirmed = schedules
        .iter()
        .flat_map(|found| &found.slots)
        .filter_map(|slot| match &slot.state {
            SlotState::Aired(confirmed) | SlotState::Missed(confirmed) => Some(confirmed.record_id),
            _ => None,
        });
    let own = confirmed.filter(|id| engine.entry(*id).is_some()).collect();
    Seen {
        schedules,
        names,
        own,
    }
}

fn is_known(engine: &Engine, id: AreaId) -> bool {
    engine
        .scope()
        .is_some_and(|scope| scope.areas.iter().any(|area| area.id == id))
}

/// One record for each slot that waits and was not left out.
fn drafts(engine: &Engine, said: Said) -> Vec<RecordDraft> {
    let found = engine.broadcasts(clock::now());
    let waiting = found.iter().flat_map(|found| {
        let slots = found.slots.iter().filter(|slot| slot.state.is_waiting());
        slots.map(|slot| (&found.schedule, &slot.planned))
    });
    waiting
        .filter(|(_, planned)| said.took(&planned.slot))
        .map(|(schedule, planned)| draft(engine, schedule, planned, said))
        .collect()
}

fn draft(engine: &Engine, schedule: &BroadcastSchedule, planned: &PlannedSlot, said: Said) -> RecordDraft {
    let confirming = Confirming {
        record_id: RecordId(clock::new_id()),
        device_id: engine.owner().device_id,
        at: engine.clock().correct(clock::now()),
        clock_offset_ms: engine.clock().offset_ms,
        missed: said.missed(&planned.slot),
    };
    schedule.confirm(planned, confirming, |area| is_known(engine, area))
}
