//! Teams with their members, and founding one.

use super::PeopleTabs;
use crate::desk::api::{FormErrors, use_api};
use crate::desk::known::{AreaChoice, Known, number, use_known};
use crate::desk::load::{Loaded, load};
use crate::icons;
use crate::ui::{
    Answer, Button, ButtonKind, ChoiceButtons, Dialog, DialogActions, EmptyState, Select, Submits, Table,
    TextInput, use_toasts,
};
use crate::words::{desk as d, domain};
use keng_shared::api::{NewTeam, TeamView};
use keng_shared::id::AreaId;
use keng_shared::permission::Verb;
use keng_shared::sync::TeamKind;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The page.
#[component]
pub fn TeamsPage() -> impl IntoView {
    let (api, known) = (use_api(), use_known());
    let teams = load(move || api.call(async |client| client.teams(None).await));
    let open = RwSignal::new(false);
    let may_manage = api.may(Verb::ManageTeams);
    let new_button = move || {
        may_manage.then(|| {
            view! {
                <Button
                    label=d::team_new()
                    kind=ButtonKind::Primary
                    icon=icons::PLUS
                    on_press=move |_| open.set(true)
                />
            }
        })
    };
    view! {
        <div class="page stack">
            <div class="row-apart"><h1>{d::nav_teams()}</h1>{new_button()}</div>
            <PeopleTabs/>
            {teams.view(move |teams| {
                if teams.is_empty() {
                    return view! { <EmptyState icon=icons::USERS words=d::teams_none()/> }.into_any();
                }
                let rows = teams.into_iter().map(|team| row(team, known)).collect_view();
                let columns = [d::team(), d::team_kind(), d::area(), d::people()].map(str::to_owned).to_vec();
                view! { <Table caption=d::teams() columns>{rows}</Table> }.into_any()
            })}
        </div>
        <Dialog open title=d::team_new()><NewTeamForm open teams/></Dialog>
    }
}

fn row(team: TeamView, known: Known) -> impl IntoView {
    let names: Vec<String> = team.members.iter().map(|person| person.name.clone()).collect();
    let area = team.area_id;
    let members = if names.is_empty() {
        d::team_no_members().to_owned()
    } else {
        format!("{}: {}", d::team_members(names.len()), names.join(", "))
    };
    view! {
        <tr>
            <th scope="row">{team.name}</th>
            <td>{domain::team_kind(team.kind)}</td>
            <td>{move || known.area(area)}</td>
            <td>{members}</td>
        </tr>
    }
}

const KINDS: [TeamKind; 3] = [
    TeamKind::SecurityTeam,
    TeamKind::SelfManagementGroup,
    TeamKind::CameraGroup,
];

#[component]
fn NewTeamForm(open: RwSignal<bool>, teams: Loaded<Vec<TeamView>>) -> impl IntoView {
    let (api, known, toasts) = (use_api(), use_known(), use_toasts());
    let kind = RwSignal::new(TeamKind::SecurityTeam.as_str().to_owned());
    let (name, area) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let errors = FormErrors::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        errors.clear();
        let body = NewTeam {
            kind: TeamKind::parse(&kind.get_untracked()).unwrap_or(TeamKind::SecurityTeam),
            name: name.get_untracked(),
            area_id: AreaId(number(&area.get_untracked()).unwrap_or_default()),
        };
        spawn_local(async move {
            match api.call(async |client| client.create_team(&body).await).await {
                Ok(team) => {
                    toasts.say(d::team_created(team.name));
                    teams.again();
                    known.again();
                    open.try_set(false);
                }
                Err(error) => errors.show(&error),
            }
        });
    };
    let kinds: Vec<Answer> = KINDS
        .into_iter()
        .map(|kind| Answer::new(kind.as_str(), domain::team_kind(kind)))
        .collect();
    view! {
        <form class="stack" on:submit=submit>
            {errors.notice()}
            <ChoiceButtons
                id="team-kind"
                label=d::team_kind()
                answers=kinds
                value=kind
                on_choose=move |text| kind.set(text)
                error=errors.of("kind")
            />
            <TextInput
                id="team-name"
                label=d::team_name()
                value=name
                on_input=move |text| name.set(text)
                error=errors.of("name")
            />
            <Select
                id="team-area"
                label=d::area()
                answers=Signal::derive(move || known.area_answers(AreaChoice::Working))
                value=area
                on_input=move |text| area.set(text)
                empty=crate::words::interface::choose()
                error=errors.of("area_id")
            />
            <DialogActions open>
                <Button label=d::team_new() kind=ButtonKind::Primary submits=Submits::Form/>
            </DialogActions>
        </form>
    }
}
