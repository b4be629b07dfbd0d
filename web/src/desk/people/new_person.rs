//! Adding one person with a first role.

use crate::desk::api::{FormErrors, use_api};
use crate::desk::known::{AreaChoice, number, use_known};
use crate::desk::load::Loaded;
use crate::ui::{
    Answer, Button, ButtonKind, DialogActions, Required, Select, Submits, TextInput, use_toasts,
};
use crate::words::{desk as d, domain, interface as w};
use keng_shared::api::{NewMembership, NewUser, Page, UserView};
use keng_shared::id::{AreaId, TeamId};
use keng_shared::permission::Role;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The form, in a dialog.
#[component]
pub fn NewPersonForm(open: RwSignal<bool>, people: Loaded<Page<UserView>>) -> impl IntoView {
    let (api, known, toasts) = (use_api(), use_known(), use_toasts());
    let (name, username) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let membership = MembershipFields::new();
    let errors = FormErrors::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        errors.clear();
        let body = NewUser {
            username: username.get_untracked(),
            name: name.get_untracked(),
            membership: membership.read(),
        };
        spawn_local(async move {
            match api.call(async |client| client.create_user(&body).await).await {
                Ok(person) => {
                    toasts.say(d::person_created(person.name));
                    people.again();
                    known.again();
                    open.try_set(false);
                }
                Err(error) => errors.show(&error),
            }
        });
    };
    view! {
        <form class="stack" on:submit=submit>
            {errors.notice()}
            <TextInput
                id="person-name"
                label=d::person_name()
                value=name
                on_input=move |text| name.set(text)
                error=errors.of("name")
            />
            <TextInput
                id="person-username"
                label=w::username()
                hint=d::person_username_hint()
                value=username
                on_input=move |text| username.set(text)
                error=errors.of("username")
            />
            <MembershipInputs fields=membership errors prefix="person"/>
            <DialogActions open>
                <Button label=d::person_new() kind=ButtonKind::Primary submits=Submits::Form/>
            </DialogActions>
        </form>
    }
}

/// What a new membership is made of, as chosen.
#[derive(Clone, Copy)]
pub struct MembershipFields {
    role: RwSignal<String>,
    area: RwSignal<String>,
    team: RwSignal<String>,
}

impl MembershipFields {
    /// A member of nowhere yet.
    pub fn new() -> Self {
        Self {
            role: RwSignal::new(Role::Member.as_str().to_owned()),
            area: RwSignal::new(String::new()),
            team: RwSignal::new(String::new()),
        }
    }

    /// What was chosen; the server names what is missing.
    pub fn read(self) -> NewMembership {
        NewMembership {
            role: Role::parse(&self.role.get_untracked()).unwrap_or(Role::Member),
            area_id: AreaId(number(&self.area.get_untracked()).unwrap_or_default()),
            team_id: number(&self.team.get_untracked()).map(TeamId),
            valid_from: None,
            valid_to: None,
        }
    }
}

/// Role, team and area. Choosing a team also chooses where it works.
#[component]
pub fn MembershipInputs(fields: MembershipFields, errors: FormErrors, prefix: &'static str) -> impl IntoView {
    let (api, known) = (use_api(), use_known());
    let roles: Vec<Answer> = api
        .grants()
        .into_iter()
        .map(|role| Answer::new(role.as_str(), domain::role(role)))
        .collect();
    let choose_team = move |text: String| {
        if let Some(area) = number(&text).and_then(|team| known.area_of_team(TeamId(team))) {
            fields.area.set(area.to_string());
        }
        fields.team.set(text);
    };
    let area_error = Signal::derive(move || {
        let words = [errors.of("membership.area_id").get(), errors.of("area_id").get()];
        words.concat()
    });
    view! {
        <Select
            id=format!("{prefix}-role")
            label=d::role()
            answers=Signal::stored(roles)
            value=fields.role
            on_input=move |text| fields.role.set(text)
            error=errors.of("membership.role")
        />
        <Select
            id=format!("{prefix}-team")
            label=d::team()
            answers=Signal::derive(move || known.team_answers())
            value=fields.team
            on_input=choose_team
            empty=d::no_team()
            required=Required::No
            error=errors.of("membership.team_id")
        />
        <Select
            id=format!("{prefix}-area")
            label=d::area()
            answers=Signal::derive(move || known.area_answers(AreaChoice::Any))
            value=fields.area
            on_input=move |text| fields.area.set(text)
            empty=w::choose()
            error=area_error
        />
    }
}
