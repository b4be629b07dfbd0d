//! The form of a shift: a new one, or one that is changed.

use super::change::Roster;
use crate::desk::api::{FormErrors, use_api};
use crate::desk::known::{number, use_known};
use crate::desk::{now, today};
use crate::ui::{
    Answer, Button, ButtonKind, Checkboxes, ChoiceButtons, DateTimeInput, DialogActions, Notice, Required,
    Select, Submits, TextArea, Tone, use_toasts,
};
use crate::words::{checkpoints as c, desk as d, interface as w, roster as r, when};
use keng_shared::api::NewPatrolPlan;
use keng_shared::id::{CheckpointId, PatrolPlanId, TeamId};
use keng_shared::problem::{FieldCode, FieldError};
use keng_shared::roster::ShiftKind;
use keng_shared::sync::PatrolPlan;
use keng_shared::time::{LocalDate, Millis, start_of_day};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

const HOUR: i64 = 3_600_000;

/// What the form begins with.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    kind: ShiftKind,
    team: Option<TeamId>,
    starts_at: Millis,
    ends_at: Millis,
    checkpoints: Vec<String>,
    members: Vec<String>,
    note: String,
    /// The shift that is changed, with its revision.
    changes: Option<(PatrolPlanId, u32)>,
}

impl Planned {
    /// A new shift for tonight.
    pub fn tonight() -> Self {
        Self::at(None, today())
    }

    /// A new shift of a team on a day.
    pub fn on(team: TeamId, day: LocalDate) -> Self {
        Self::at(Some(team), day)
    }

    /// A shift as it is, to change it.
    pub fn again(plan: &PatrolPlan) -> Self {
        Self {
            kind: plan.kind,
            team: Some(plan.team_id),
            starts_at: plan.starts_at,
            ends_at: plan.ends_at,
            checkpoints: plan.checkpoints.iter().map(ToString::to_string).collect(),
            members: plan.members.iter().map(ToString::to_string).collect(),
            note: plan.note.clone(),
            changes: Some((plan.id, plan.revision)),
        }
    }

    /// Whether it is a new one.
    pub fn is_new(&self) -> bool {
        self.changes.is_none()
    }

    fn at(team: Option<TeamId>, day: LocalDate) -> Self {
        let starts_at = usual_start(day, now());
        Self {
            kind: ShiftKind::Patrol,
            team,
            starts_at,
            ends_at: starts_at.plus(2 * HOUR),
            checkpoints: Vec::new(),
            members: Vec::new(),
            note: String::new(),
            changes: None,
        }
    }
}

/// Most patrols begin at nine in the evening. Later in the evening, the next begins at the next full hour.
fn usual_start(day: LocalDate, now: Millis) -> Millis {
    let nine = start_of_day(day).plus(21 * HOUR);
    match now.local_date() == Some(day) && nine < now {
        true => Millis((now.0 / HOUR + 1) * HOUR),
        false => nine,
    }
}

/// The form.
#[component]
pub fn ShiftForm(planned: Planned, open: RwSignal<bool>, roster: Roster) -> impl IntoView {
    let (api, known, toasts) = (use_api(), use_known(), use_toasts());
    let kind = RwSignal::new(planned.kind.as_str().to_owned());
    let starts = RwSignal::new(when::input_instant(planned.starts_at));
    let ends = RwSignal::new(when::input_instant(planned.ends_at));
    let chosen = planned.team.map(|team| team.to_string());
    let team = RwSignal::new(chosen.unwrap_or_default());
    let (points, members) = (RwSignal::new(planned.checkpoints), RwSignal::new(planned.members));
    let ids = move || -> Vec<CheckpointId> {
        points.with(|ids| ids.iter().filter_map(|id| number(id)).map(CheckpointId).collect())
    };
    let in_use = move || -> Vec<CheckpointId> {
        let is_retired = |id| {
            known
                .checkpoint(id)
                .is_some_and(|point| point.retired_at.is_some())
        };
        ids().into_iter().filter(|id| !is_retired(*id)).collect()
    };
    let left_out = move || {
        let names = known.retired(&ids());
        (!names.is_empty()).then(|| view! { <Notice tone=Tone::Info words=c::left_out(names.join(", "))/> })
    };
    let note = RwSignal::new(planned.note);
    let changes = planned.changes;
    let errors = FormErrors::new();
    let team_id = Memo::new(move |_| number(&team.get()).map(TeamId));
    let area = Memo::new(move |_| team_id.get().and_then(|team| known.area_of_team(team)));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        errors.clear();
        let times = (
            when::parse_instant(&starts.get_untracked()),
            when::parse_instant(&ends.get_untracked()),
        );
        let (Some(starts_at), Some(ends_at)) = times else {
            return errors.show_fields(vec![FieldError::new("starts_at", FieldCode::Required)]);
        };
        let (Some(team_id), Some(area_id)) = (team_id.get_untracked(), area.get_untracked()) else {
            return errors.show_fields(vec![FieldError::new("team_id", FieldCode::Required)]);
        };
        let of_team = known.member_answers(team_id);
        let body = NewPatrolPlan {
            kind: ShiftKind::parse(&kind.get_untracked()).unwrap_or_default(),
            team_id,
            area_id,
            starts_at,
            ends_at,
            checkpoints: untrack(in_use),
            // Who was chosen before the team was changed is of another team.
            members: members
                .get_untracked()
                .iter()
                .filter(|id| of_team.iter().any(|answer| answer.value == **id))
                .filter_map(|id| id.parse().ok())
                .collect(),
            note: note.get_untracked(),
        };
        spawn_local(async move {
            let answer = api
                .call(async |client| match changes {
                    None => client.create_patrol_plan(&body).await,
                    Some((id, revision)) => client.edit_patrol_plan(id, revision, &body).await,
                })
                .await;
            match answer {
                Ok(_) => {
                    toasts.say(if changes.is_none() {
                        d::plan_created()
                    } else {
                        r::saved()
                    });
                    roster.again();
                    open.try_set(false);
                }
                Err(error) => errors.show(&error),
            }
        });
    };
    let kinds = [ShiftKind::Patrol, ShiftKind::Duty]
        .map(|kind| Answer::new(kind.as_str(), r::shift_kind(kind)))
        .to_vec();
    let people = move || {
        let answers = team_id.get().map(|team| known.member_answers(team));
        answers.filter(|answers| !answers.is_empty()).map(|answers| {
            view! {
                <Checkboxes
                    id="plan-members"
                    label=r::who()
                    hint=r::who_hint()
                    answers
                    values=members
                    on_change=move |chosen| members.set(chosen)
                    error=errors.of("members")
                />
            }
        })
    };
    let choose_points = move || {
        let answers: Vec<Answer> = known.checkpoint_answers(area.get());
        let walks = kind.get() == ShiftKind::Patrol.as_str();
        (walks && !answers.is_empty()).then(|| {
            view! {
                <Checkboxes
                    id="plan-checkpoints"
                    label=d::plan_checkpoints()
                    answers
                    values=points
                    on_change=move |chosen| points.set(chosen)
                    error=errors.of("checkpoints")
                />
            }
        })
    };
    view! {
        <form class="stack" on:submit=submit>
            {errors.notice()}
            <ChoiceButtons
                id="plan-kind"
                label=r::kind()
                answers=kinds
                value=kind
                on_choose=move |chosen: String| kind.set(chosen)
            />
            <Select
                id="plan-team"
                label=d::team()
                answers=Signal::derive(move || known.team_answers())
                value=team
                on_input=move |text| team.set(text)
                empty=w::choose()
                error=errors.of("team_id")
            />
            <DateTimeInput
                id="plan-starts"
                label=d::plan_starts()
                value=starts
                on_input=move |text| starts.set(text)
                error=errors.of("starts_at")
            />
            <DateTimeInput
                id="plan-ends"
                label=d::plan_ends()
                value=ends
                on_input=move |text| ends.set(text)
                error=errors.of("ends_at")
            />
            {people}
            {choose_points}
            {left_out}
            <TextArea
                id="plan-note"
                label=d::plan_note()
                value=note
                on_input=move |text| note.set(text)
                error=errors.of("note")
                required=Required::No
                rows=3
            />
            <DialogActions open>
                <Button
                    label=if changes.is_none() { d::plan_new() } else { w::save() }
                    kind=ButtonKind::Primary
                    submits=Submits::Form
                />
            </DialogActions>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_shift_never_begins_in_the_past_of_today() {
        let day: LocalDate = "2026-11-23".parse().unwrap();
        let at = |minutes: i64| start_of_day(day).plus(minutes * 60_000);
        assert_eq!(usual_start(day, at(8 * 60)), at(21 * 60));
        assert_eq!(usual_start(day, at(21 * 60)), at(21 * 60));
        assert_eq!(usual_start(day, at(21 * 60 + 1)), at(22 * 60));
        assert_eq!(usual_start(day, at(23 * 60 + 30)), at(24 * 60));
        let tomorrow = day.succ_opt().unwrap();
        assert_eq!(usual_start(tomorrow, at(23 * 60)), at(45 * 60));
    }
}
