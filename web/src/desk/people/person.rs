//! One person: roles with their state, the invitation, devices.

use super::enrolment::EnrolmentDialog;
use super::new_person::{MembershipFields, MembershipInputs};
use super::sessions::SessionList;
use crate::desk::api::{FormErrors, use_api};
use crate::desk::known::use_known;
use crate::desk::load::{Loaded, load};
use crate::icons;
use crate::ui::{Button, ButtonKind, Chip, Dialog, DialogActions, Disclosure, Submits, Tone, use_toasts};
use crate::words::{desk as d, domain, interface as w, problem};
use keng_shared::api::{EnrolmentView, MembershipView, Page, SetMembershipState, UserView};
use keng_shared::id::{MembershipId, SessionId, UserId};
use keng_shared::permission::{MembershipState, Verb};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The person.
#[component]
pub fn PersonCard(person: UserView, people: Loaded<Page<UserView>>) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let may_manage = api.may(Verb::ManagePeople);
    let id = person.id;
    let enrolment = RwSignal::new(None::<EnrolmentView>);
    let enrol = move |_| {
        spawn_local(async move {
            match api.call(async |client| client.new_enrolment(id).await).await {
                Ok(made) => drop(enrolment.try_set(Some(made))),
                Err(error) => drop(toasts.say(problem::call(&error))),
            }
        });
    };
    let (tone, icon, state) = if person.enrolled {
        (Tone::Good, icons::CIRCLE_CHECK, d::enrolled())
    } else {
        (Tone::Warn, icons::KEY_ROUND, d::not_enrolled())
    };
    let name = person.name.clone();
    view! {
        <section class="card stack">
            <div class="row-apart">
                <h2>{person.name.clone()}</h2>
                <Chip tone icon words=state/>
            </div>
            <p class="soft">{person.username.clone()}</p>
            {may_manage
                .then(|| {
                    let label = if person.enrolled { d::enrol_again() } else { d::enrol() };
                    view! {
                        <div><Button label kind=ButtonKind::Primary icon=icons::QR_CODE on_press=enrol/></div>
                    }
                })}
        </section>
        <Memberships person=person.clone() people/>
        {may_manage.then(|| view! { <Devices id/> })}
        <EnrolmentDialog enrolment name/>
    }
}

#[component]
fn Memberships(person: UserView, people: Loaded<Page<UserView>>) -> impl IntoView {
    let (api, known, toasts) = (use_api(), use_known(), use_toasts());
    let may_manage = api.may(Verb::ManagePeople);
    let ending = RwSignal::new(None::<MembershipId>);
    let asked = RwSignal::new(false);
    let set = move |id: MembershipId, state: MembershipState| {
        spawn_local(async move {
            let body = SetMembershipState { state };
            match api
                .call(async |client| client.set_membership_state(id, &body).await)
                .await
            {
                Ok(_) => drop(toasts.say(d::membership_changed())),
                Err(error) => drop(toasts.say(problem::call(&error))),
            }
            people.again();
            known.again();
        });
    };
    let ask_end = Callback::new(move |id: MembershipId| {
        ending.set(Some(id));
        asked.set(true);
    });
    let end = move |_| {
        asked.set(false);
        if let Some(id) = ending.get_untracked() {
            set(id, MembershipState::Ended);
        }
    };
    let items = person
        .memberships
        .iter()
        .map(|held| {
            membership(
                held,
                may_manage,
                Callback::new(move |(id, state)| set(id, state)),
                ask_end,
            )
        })
        .collect_view();
    let name = person.name.clone();
    let id = person.id;
    view! {
        <section class="card stack">
            <h2>{d::memberships()}</h2>
            <ul class="plain-list">{items}</ul>
            {may_manage
                .then(|| {
                    view! {
                        <Disclosure summary=d::membership_add()><AddMembership id people/></Disclosure>
                    }
                })}
        </section>
        <Dialog open=asked title=d::membership_end_title()>
            <p>{d::membership_end_text(&name)}</p>
            <DialogActions open=asked>
                <Button label=d::membership_end() kind=ButtonKind::Danger on_press=end/>
            </DialogActions>
        </Dialog>
    }
}

fn membership(
    held: &MembershipView,
    may_manage: bool,
    set: Callback<(MembershipId, MembershipState)>,
    ask_end: Callback<MembershipId>,
) -> impl IntoView + use<> {
    let known = use_known();
    let (id, area, team) = (held.id, held.area_id, held.team_id);
    let (tone, icon) = match held.state {
        MembershipState::Active => (Tone::Good, icons::CIRCLE_CHECK),
        MembershipState::Invited => (Tone::Info, icons::HOURGLASS),
        MembershipState::Suspended => (Tone::Warn, icons::PAUSE),
        MembershipState::Ended => (Tone::Quiet, icons::BAN),
    };
    let buttons = (may_manage && held.state != MembershipState::Ended).then(|| {
        let (label, next) = match held.state {
            MembershipState::Suspended => (d::membership_resume(), MembershipState::Active),
            _ => (d::membership_suspend(), MembershipState::Suspended),
        };
        view! {
            <div class="row">
                <Button label on_press=move |_| set.run((id, next))/>
                <Button label=d::membership_end() on_press=move |_| ask_end.run(id)/>
            </div>
        }
    });
    view! {
        <li class="row-apart">
            <div>
                <p class="strong">{domain::role(held.role)}</p>
                <p class="small soft">
                    {move || known.area(area)}
                    {move || team.map(|team| format!(" · {}", known.team(team)))}
                </p>
            </div>
            <div class="row">
                <Chip tone icon words=domain::membership_state(held.state)/>
                {buttons}
            </div>
        </li>
    }
}

#[component]
fn AddMembership(id: UserId, people: Loaded<Page<UserView>>) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let (fields, errors) = (MembershipFields::new(), FormErrors::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        errors.clear();
        let body = fields.read();
        spawn_local(async move {
            match api
                .call(async |client| client.add_membership(id, &body).await)
                .await
            {
                Ok(_) => {
                    toasts.say(d::membership_changed());
                    people.again();
                }
                Err(error) => errors.show(&error),
            }
        });
    };
    view! {
        <form class="stack" on:submit=submit>
            {errors.notice()}
            <MembershipInputs fields errors prefix="membership"/>
            <div><Button label=d::membership_add() icon=icons::PLUS submits=Submits::Form/></div>
        </form>
    }
}

#[component]
fn Devices(id: UserId) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let sessions = load(move || async move { api.call(async |client| client.sessions_of(id).await).await });
    let end = move |session: SessionId| {
        spawn_local(async move {
            match api
                .call(async |client| client.end_session_of(id, session).await)
                .await
            {
                Ok(()) => drop(toasts.say(w::session_ended())),
                Err(error) => drop(toasts.say(problem::call(&error))),
            }
            sessions.again();
        });
    };
    view! {
        <section class="card stack">
            <h2>{w::devices()}</h2>
            {sessions.view(move |sessions| view! { <SessionList sessions on_end=end/> })}
        </section>
    }
}
