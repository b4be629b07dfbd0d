//! Changes of the roster, each with its undo. What the server refuses is said in its words; what it did is shown by asking
//! again.

use crate::desk::api::{Api, Failed, fields, use_api};
use crate::desk::known::{Known, use_known};
use crate::desk::load::Loaded;
use crate::desk::now;
use crate::shell::dom;
use crate::ui::{ToastBox, use_toasts};
use crate::words::{problem, roster as r, when};
use chrono::Days;
use keng_shared::api::{CopiedShift, CopyWeek, NewPatrolPlan};
use keng_shared::id::{AreaId, PatrolPlanId, TeamId};
use keng_shared::sync::PatrolPlan;
use keng_shared::time::{LocalDate, start_of_day};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The shown week and what can be done with it; copies are the same.
#[derive(Clone, Copy)]
pub struct Roster {
    /// The shift whose dialog is open.
    pub opened: RwSignal<Option<PatrolPlan>>,
    /// The shift that is being dragged.
    pub dragged: RwSignal<Option<PatrolPlan>>,
    /// What the last copy left out.
    pub left_out: RwSignal<Vec<CopiedShift>>,
    source: RwSignal<Vec<PatrolPlan>>,
    plans: Loaded<Vec<PatrolPlan>>,
    api: Api,
    known: Known,
    toasts: ToastBox,
}

impl Roster {
    /// Over the plans of a page.
    pub fn new(plans: Loaded<Vec<PatrolPlan>>) -> Self {
        Self {
            opened: RwSignal::new(None),
            dragged: RwSignal::new(None),
            left_out: RwSignal::new(Vec::new()),
            source: RwSignal::new(Vec::new()),
            plans,
            api: use_api(),
            known: use_known(),
            toasts: use_toasts(),
        }
    }

    /// Asks for the week again.
    pub fn again(self) {
        self.plans.again();
    }

    /// Moves a shift to another day or team at the same hours.
    pub fn shift_to(self, plan: PatrolPlan, team: TeamId, day: LocalDate) {
        if let Some(new) = self.moved(&plan, team, day)
            && new != NewPatrolPlan::from(&plan)
        {
            spawn_local(self.put(plan, new));
        }
    }

    /// Deletes a shift; it can be put back.
    pub fn delete(self, plan: PatrolPlan) {
        spawn_local(async move {
            let (id, revision) = (plan.id, plan.revision);
            match self
                .api
                .call(async |client| client.delete_patrol_plan(id, revision).await)
                .await
            {
                Ok(()) => {
                    let undo =
                        Callback::new(move |()| self.create(NewPatrolPlan::from(&plan), r::put_back()));
                    self.toasts.say_with_undo(r::deleted(), undo);
                }
                Err(error) => drop(self.toasts.say(refusal(&error))),
            }
            self.again();
        });
    }

    /// Copies the week before `monday` into it; the copy can be undone as a whole.
    pub fn copy_last_week(self, area: AreaId, monday: LocalDate) {
        let before = monday.checked_sub_days(Days::new(7)).unwrap_or(monday);
        let body = CopyWeek {
            area_id: area,
            from: before,
            to: monday,
        };
        self.left_out.set(Vec::new());
        spawn_local(async move {
            let source = self
                .api
                .call(async |client| client.patrol_plans(Some(area), Some(before)).await);
            let source = source.await;
            let copied = self
                .api
                .call(async |client| client.copy_patrol_plans(&body).await)
                .await;
            match (source, copied) {
                (_, Err(error)) => drop(self.toasts.say(refusal(&error))),
                (_, Ok(copied)) if copied.is_empty() => drop(self.toasts.say(r::copied_nothing())),
                (source, Ok(copied)) => {
                    self.source.try_set(source.unwrap_or_default());
                    self.tell_copied(copied);
                }
            }
            self.again();
        });
    }

    /// The shift of the week before that a copy began from.
    pub fn copied_from(self, id: PatrolPlanId) -> Option<PatrolPlan> {
        self.source
            .with(|source| source.iter().find(|plan| plan.id == id).cloned())
    }

    fn tell_copied(self, copied: Vec<CopiedShift>) {
        let (made, left_out): (Vec<_>, Vec<_>) = copied.into_iter().partition(|shift| shift.plan.is_some());
        let ids: Vec<_> = made
            .iter()
            .filter_map(|shift| shift.plan.as_ref())
            .map(|plan| (plan.id, plan.revision))
            .collect();
        self.left_out.try_set(left_out);
        if ids.is_empty() {
            self.toasts.say(r::copied(0));
            return;
        }
        let words = r::copied(ids.len());
        let undo = Callback::new(move |()| {
            let ids = ids.clone();
            spawn_local(async move {
                for (id, revision) in ids {
                    let answer = self
                        .api
                        .call(async |client| client.delete_patrol_plan(id, revision).await);
                    if let Err(error) = answer.await {
                        self.toasts.say(refusal(&error));
                        return self.again();
                    }
                }
                self.toasts.say(r::copy_undone());
                self.again();
            });
        });
        self.toasts.say_with_undo(words, undo);
    }

    /// The terms of a shift at another place of the grid. Another team walks in its own area, past its own checkpoints.
    fn moved(self, plan: &PatrolPlan, team: TeamId, day: LocalDate) -> Option<NewPatrolPlan> {
        let of_day = plan.starts_at.since(start_of_day(plan.starts_at.local_date()?));
        let starts_at = start_of_day(day).plus(of_day);
        let mut new = NewPatrolPlan {
            starts_at,
            ends_at: starts_at.plus(plan.ends_at.since(plan.starts_at)),
            ..NewPatrolPlan::from(plan)
        };
        if team != plan.team_id {
            new.team_id = team;
            new.members = Vec::new();
            let area = self.known.area_of_team(team)?;
            if area != plan.area_id {
                new.area_id = area;
                new.checkpoints = Vec::new();
            }
        }
        Some(new)
    }

    async fn put(self, before: PatrolPlan, new: NewPatrolPlan) {
        let (id, revision) = (before.id, before.revision);
        let answer = self
            .api
            .call(async |client| client.edit_patrol_plan(id, revision, &new).await)
            .await;
        match answer {
            Ok(moved) => {
                let span = when::span(moved.starts_at, Some(moved.ends_at), now());
                let words = r::moved(self.known.team(moved.team_id), span);
                self.show(&moved);
                let undo = Callback::new(move |()| self.put_back(moved.clone(), before.clone()));
                self.toasts.say_with_undo(words, undo);
                dom::focus_later(shift_id(id));
            }
            Err(error) => drop(self.toasts.say(refusal(&error))),
        }
        self.again();
    }

    fn put_back(self, moved: PatrolPlan, before: PatrolPlan) {
        spawn_local(async move {
            let new = NewPatrolPlan::from(&before);
            let answer = self
                .api
                .call(async |client| client.edit_patrol_plan(moved.id, moved.revision, &new).await)
                .await;
            match answer {
                Ok(back) => {
                    self.show(&back);
                    self.toasts.say(r::moved_back());
                }
                Err(error) => drop(self.toasts.say(refusal(&error))),
            }
            self.again();
        });
    }

    fn create(self, new: NewPatrolPlan, words: &'static str) {
        spawn_local(async move {
            match self
                .api
                .call(async |client| client.create_patrol_plan(&new).await)
                .await
            {
                Ok(_) => drop(self.toasts.say(words)),
                Err(error) => drop(self.toasts.say(refusal(&error))),
            }
            self.again();
        });
    }

    /// The card stands at its new place before the week has come again.
    fn show(self, changed: &PatrolPlan) {
        self.plans.change(|plans| {
            if let Some(plan) = plans.iter_mut().find(|plan| plan.id == changed.id) {
                *plan = changed.clone();
            }
        });
    }
}

/// The id of the button of a shift.
pub fn shift_id(id: PatrolPlanId) -> String {
    format!("shift-{id}")
}

/// Why the server refused: what is wrong with the shift, before what is wrong at all.
fn refusal(error: &Failed) -> String {
    fields(error)
        .first()
        .map_or_else(|| problem::call(error), problem::field)
}
