//! What the desk knows by name: areas in reach, teams with their members, checkpoints. Asked for once and kept.

use super::api::use_api;
use super::load::{Loaded, load};
use crate::ui::Answer;
use crate::words::{desk as d, domain};
use keng_shared::area::{Area, AreaKind};
use keng_shared::id::{AreaId, CheckpointId, TeamId, UserId};
use keng_shared::kind;
use keng_shared::record::{Flag, PersonName, RecordStatus};
use keng_shared::sync::{Checkpoint, Scope, ScopeTeam};
use keng_shared::text::sort_key;
use leptos::prelude::*;

/// Every kind, to filter by.
pub fn kind_answers() -> Vec<Answer> {
    kind::catalogue()
        .map(|spec| Answer::new(spec.id, domain::kind(spec.id)))
        .collect()
}

/// Every state in which a record is listed, to filter by.
pub fn status_answers() -> Vec<Answer> {
    let listed = [
        RecordStatus::Open,
        RecordStatus::Submitted,
        RecordStatus::Accepted,
        RecordStatus::Returned,
    ];
    listed
        .map(|status| Answer::new(status.as_str(), domain::record_status(status)))
        .to_vec()
}

/// Answer for any signal at all.
const ANY_FLAG: &str = "any";

/// Any signal, then each, to filter by.
pub fn flag_answers() -> Vec<Answer> {
    let each = Flag::ALL
        .into_iter()
        .map(|flag| Answer::new(flag.as_str(), domain::flag(flag)));
    std::iter::once(Answer::new(ANY_FLAG, d::filter_flagged()))
        .chain(each)
        .collect()
}

/// The answer for a filter.
pub fn flag_value(flagged: Option<bool>, flag: Option<Flag>) -> Option<String> {
    let any = (flagged == Some(true)).then(|| ANY_FLAG.to_owned());
    flag.map(|flag| flag.as_str().to_owned()).or(any)
}

/// The filter of an answer: any signal, or one.
pub fn read_flag(answer: &str) -> (Option<bool>, Option<Flag>) {
    ((answer == ANY_FLAG).then_some(true), Flag::parse(answer))
}

/// The scope of the person at the desk.
#[derive(Clone, Copy)]
pub struct Known(Loaded<Scope>);

impl Known {
    /// Asks for it and gives it to everything below.
    pub fn provide() -> Self {
        let api = use_api();
        let known = Self(load(move || api.call(async |client| client.scope().await)));
        provide_context(known);
        known
    }

    /// Asks again, as after a team or a checkpoint was made.
    pub fn again(self) {
        self.0.again();
    }

    /// Name of an area; its number while it is not known.
    pub fn area(self, id: AreaId) -> String {
        self.name(id).unwrap_or_else(|| format!("#{id}"))
    }

    /// Name of an area, and of the commune that it lies in today; of the commune alone where the area has ended.
    pub fn place(self, id: AreaId, commune: AreaId) -> String {
        let within = self.area(commune);
        match self.name(id).filter(|_| id != commune) {
            Some(name) => format!("{name}, {within}"),
            None => within,
        }
    }

    fn name(self, id: AreaId) -> Option<String> {
        self.find(|scope| {
            scope
                .areas
                .iter()
                .find(|area| area.id == id)
                .map(|area| area.name.clone())
        })
    }

    /// Name of a team.
    pub fn team(self, id: TeamId) -> String {
        self.find(|scope| {
            scope
                .teams
                .iter()
                .find(|team| team.id == id)
                .map(|team| team.name.clone())
        })
        .unwrap_or_else(|| format!("#{id}"))
    }

    /// Name of a person who is a member of a team in reach.
    pub fn person(self, id: UserId) -> Option<String> {
        self.find(|scope| {
            let mut people = scope.teams.iter().flat_map(|team| &team.members);
            people
                .find(|person| person.id == id)
                .map(|person| person.name.clone())
        })
    }

    /// A checkpoint in reach, retired ones too.
    pub fn checkpoint(self, id: CheckpointId) -> Option<Checkpoint> {
        self.find(|scope| scope.checkpoint(id).cloned())
    }

    /// Names of those of these checkpoints that are retired.
    pub fn retired(self, ids: &[CheckpointId]) -> Vec<String> {
        let found = ids.iter().filter_map(|id| self.checkpoint(*id));
        found
            .filter(|point| point.retired_at.is_some())
            .map(|point| point.name)
            .collect()
    }

    /// Areas to choose from, in Vietnamese order within their tier, indented by it.
    pub fn area_answers(self, choice: AreaChoice) -> Vec<Answer> {
        let mut areas: Vec<Area> = self
            .find(|scope| Some(scope.areas.clone()))
            .unwrap_or_default()
            .into_iter()
            .filter(|area| choice == AreaChoice::Any || area.kind >= AreaKind::Commune)
            .collect();
        areas.sort_by_cached_key(|area| (area.kind, sort_key(&area.name)));
        areas
            .into_iter()
            .map(|area| {
                let indent = if area.kind == AreaKind::ResidentialArea {
                    "– "
                } else {
                    ""
                };
                Answer::new(area.id.to_string(), format!("{indent}{}", area.name))
            })
            .collect()
    }

    /// Communes to choose from, in Vietnamese order.
    pub fn communes(self) -> Vec<Answer> {
        let mut communes = self.find(|scope| Some(scope.areas.clone())).unwrap_or_default();
        communes.retain(|area| area.kind == AreaKind::Commune);
        communes.sort_by_cached_key(|area| sort_key(&area.name));
        communes
            .into_iter()
            .map(|area| Answer::new(area.id.to_string(), area.name))
            .collect()
    }

    /// What an area is.
    pub fn kind(self, id: AreaId) -> Option<AreaKind> {
        self.find(|scope| {
            scope
                .areas
                .iter()
                .find(|area| area.id == id)
                .map(|area| area.kind)
        })
    }

    /// The residential areas at or directly below an area, in Vietnamese order.
    pub fn villages(self, area: AreaId) -> Vec<Answer> {
        self.find(|scope| {
            let villages = scope.villages(area).into_iter();
            Some(
                villages
                    .map(|area| Answer::new(area.id.to_string(), area.name.clone()))
                    .collect(),
            )
        })
        .unwrap_or_default()
    }

    /// Teams to choose from.
    pub fn team_answers(self) -> Vec<Answer> {
        let mut teams = self.find(|scope| Some(scope.teams.clone())).unwrap_or_default();
        teams.sort_by_cached_key(|team| sort_key(&team.name));
        teams
            .into_iter()
            .map(|team| Answer::new(team.id.to_string(), team.name))
            .collect()
    }

    /// Teams that work in an area or below it, in Vietnamese order.
    pub fn teams_in(self, area: AreaId) -> Vec<ScopeTeam> {
        let mut teams: Vec<ScopeTeam> = self
            .find(|scope| {
                let is_inside = |team: &ScopeTeam| {
                    let mut at = Some(team.area_id);
                    // The tree has few tiers; a loop in the data must not hang the page.
                    for _ in 0..8 {
                        if at == Some(area) {
                            return true;
                        }
                        at = at.and_then(|child| {
                            let edge = scope.edges.iter().find(|edge| edge.child == child)?;
                            Some(edge.parent)
                        });
                    }
                    false
                };
                Some(
                    scope
                        .teams
                        .iter()
                        .filter(|team| is_inside(team))
                        .cloned()
                        .collect(),
                )
            })
            .unwrap_or_default();
        teams.sort_by_cached_key(|team| sort_key(&team.name));
        teams
    }

    /// Members of a team to choose from.
    pub fn member_answers(self, team: TeamId) -> Vec<Answer> {
        self.find(|scope| {
            let team = scope.teams.iter().find(|found| found.id == team)?;
            let answer = |person: &PersonName| Answer::new(person.id.to_string(), person.name.clone());
            Some(team.members.iter().map(answer).collect())
        })
        .unwrap_or_default()
    }

    /// Checkpoints in use to choose from: those of the area or of its neighbours in the same reach, its own first.
    pub fn checkpoint_answers(self, area: Option<AreaId>) -> Vec<Answer> {
        let mut points = self
            .find(|scope| Some(scope.checkpoints.clone()))
            .unwrap_or_default();
        points.sort_by_cached_key(|point| (Some(point.area_id) != area, sort_key(&point.name)));
        points
            .into_iter()
            .map(|point| Answer::new(point.id.to_string(), point.name))
            .collect()
    }

    /// The area that a team works in.
    pub fn area_of_team(self, id: TeamId) -> Option<AreaId> {
        self.find(|scope| {
            scope
                .teams
                .iter()
                .find(|team| team.id == id)
                .map(|team| team.area_id)
        })
    }

    fn find<A>(self, find: impl FnOnce(&Scope) -> Option<A>) -> Option<A> {
        self.0.get().and_then(|scope| find(&scope))
    }
}

/// Which areas may be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AreaChoice {
    /// All.
    Any,
    /// Communes and residential areas: where people work.
    Working,
}

/// What is known at this desk.
pub fn use_known() -> Known {
    use_context::<Known>().unwrap_or_else(Known::provide)
}

/// A number id that a select gave back.
pub fn number(text: &str) -> Option<i64> {
    text.parse().ok()
}
