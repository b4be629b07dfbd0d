//! The yearly evaluation of the teams of a commune.

use crate::auth::Caller;
use crate::db::audit::{self, Entry};
use crate::db::patrol_plans::{self, Stretch};
use crate::db::team_evaluations::{self, Which};
use crate::db::teams::{self, Team};
use crate::db::{Conn, DbError};
use crate::extract::{IfMatch, Json, Query};
use crate::problem::AppError;
use crate::state::State;
use chrono::Days;
use keng_shared::api::{DecideEvaluation, EvaluatedTeam, TeamEvaluation, TeamRating};
use keng_shared::area::AreaKind;
use keng_shared::evaluation::{
    Candidate, MAX_WORDS, Rating, TeamWork, YEARS, most_excellent, period, propose, year_of,
};
use keng_shared::id::{AreaId, TeamId};
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::roster::ShiftState;
use keng_shared::text;
use keng_shared::time::{LocalDate, Millis, start_of_day};
use serde::Deserialize;
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// Query of [`show`].
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct EvaluationQuery {
    /// The commune.
    #[param(value_type = i64)]
    area: AreaId,
    /// The year, which ends on 14 November; the one that today belongs to if missing.
    year: Option<i32>,
}

/// The ground of an evaluation: its teams are those of the commune's areas on its last day, or today.
#[derive(Debug, Clone)]
struct Ground {
    which: Which,
    from: LocalDate,
    to: LocalDate,
    areas: Vec<AreaId>,
    now: Millis,
}

impl Ground {
    fn of(caller: &Caller, verb: Verb, area: AreaId, year: i32) -> Result<Self, AppError> {
        caller.require(verb, area)?;
        if caller.tree().get(area).map(|area| area.kind) != Some(AreaKind::Commune) {
            return Err(FieldError::new("area_id", FieldCode::NotAChoice).into());
        }
        let days = period(year).filter(|(from, _)| YEARS.contains(&year) && *from <= caller.today());
        let (from, to) = days.ok_or_else(|| FieldError::new("year", FieldCode::NotAChoice))?;
        Ok(Self {
            which: Which { commune: area, year },
            from,
            to,
            areas: caller.tree().subtree(area, to.min(caller.today())),
            now: caller.now(),
        })
    }

    /// The teams that worked in the year, with what they logged, what that proposes, and what was decided.
    fn evaluate(&self, conn: &mut Conn) -> Result<TeamEvaluation, DbError> {
        let mut teams = teams::in_areas(conn, &self.areas)?;
        teams.retain(|team| {
            team.valid_from.is_none_or(|from| from <= self.to)
                && team.valid_to.is_none_or(|to| to >= self.from)
        });
        let work = self.work(conn, &teams)?;
        let work_of = |team: &Team| work.get(&team.id).copied().unwrap_or_default();
        let candidates: Vec<Candidate> = teams
            .iter()
            .map(|team| Candidate {
                work: work_of(team),
                since: team.valid_from,
                until: team.valid_to,
            })
            .collect();
        let proposals = propose(&candidates, self.from, self.to);
        let stored = team_evaluations::find(conn, self.which)?;
        let rated = |team: TeamId| -> Option<TeamRating> {
            let ratings = &stored.as_ref()?.ratings;
            ratings.iter().find(|rating| rating.team_id == team).cloned()
        };
        let teams = teams
            .iter()
            .zip(proposals)
            .map(|(team, proposal)| EvaluatedTeam {
                id: team.id,
                kind: team.kind,
                name: team.name.clone(),
                work: work_of(team),
                proposal,
                rated: rated(team.id),
            })
            .collect();
        Ok(TeamEvaluation {
            area_id: self.which.commune,
            year: self.which.year,
            from: self.from,
            to: self.to,
            teams,
            revision: stored.as_ref().map_or(0, |stored| stored.revision),
            decided: stored.map(|stored| stored.decided),
        })
    }

    fn work(&self, conn: &mut Conn, teams: &[Team]) -> Result<HashMap<TeamId, TeamWork>, DbError> {
        let mut work: HashMap<TeamId, TeamWork> = HashMap::new();
        let ids: Vec<TeamId> = teams.iter().map(|team| team.id).collect();
        let behind = self.to.checked_add_days(Days::new(1)).unwrap_or(self.to);
        let stretch = Stretch {
            from: start_of_day(self.from),
            to: start_of_day(behind),
        };
        for plan in patrol_plans::of_teams(conn, &ids, stretch)? {
            // A shift belongs to the year in which it starts; one that is not over has no outcome yet.
            if plan.starts_at < stretch.from || plan.ends_at > self.now {
                continue;
            }
            let team = work.entry(plan.team_id).or_default();
            team.planned += 1;
            match plan.state(self.now) {
                ShiftState::Done => {
                    team.done += 1;
                    team.late += u32::from(plan.late_by().is_some());
                }
                ShiftState::Missed => team.missed += 1,
                ShiftState::Upcoming | ShiftState::UnderWay | ShiftState::Late => {}
            }
        }
        for (team, kind, count) in team_evaluations::accepted(conn, self.which.commune, self.from, self.to)? {
            let team = work.entry(team).or_default();
            let slot = match kind.as_str() {
                "patrol" => &mut team.patrols,
                "incident" | "camera_incident" => &mut team.incidents,
                _ => &mut team.others,
            };
            *slot = slot.saturating_add(count);
        }
        Ok(work)
    }
}

/// `GET /team-evaluations`
pub async fn show(
    state: State,
    caller: Caller,
    Query(query): Query<EvaluationQuery>,
) -> Result<Json<TeamEvaluation>, AppError> {
    let year = query.year.unwrap_or_else(|| year_of(caller.today()));
    let ground = Ground::of(&caller, Verb::ReadRecords, query.area, year)?;
    let evaluation = state.db.snapshot(move |conn| ground.evaluate(conn)).await?;
    Ok(Json(evaluation))
}

/// `PUT /team-evaluations`: all levels at once. Deciding again replaces what was decided.
pub async fn decide(
    state: State,
    caller: Caller,
    IfMatch(revision): IfMatch,
    Json(body): Json<DecideEvaluation>,
) -> Result<Json<TeamEvaluation>, AppError> {
    let ground = Ground::of(&caller, Verb::Review, body.area_id, body.year)?;
    let mut ratings = body.ratings;
    for rating in &mut ratings {
        rating.words = text::clean(&rating.words);
    }
    let evaluation = state
        .db
        .write(move |conn| {
            let evaluation = ground.evaluate(conn)?;
            let wrong = mistakes(&evaluation, &ratings);
            if !wrong.is_empty() {
                return Err(Problem::fields(wrong).into());
            }
            let (by, now) = (caller.user_id(), caller.now());
            if !team_evaluations::decide(conn, ground.which, revision, &ratings, by, now)? {
                let stored = DbError::unless(serde_json::to_value(&evaluation).ok(), "an evaluation")?;
                let problem = Problem::new(ProblemCode::RevisionMismatch)
                    .with("revision", evaluation.revision)
                    .with_stored(stored);
                return Err(problem.into());
            }
            audit::record(conn, &entry(&caller, ground.which, &ratings))?;
            ground.evaluate(conn)
        })
        .await?;
    Ok(Json(evaluation))
}

/// What is wrong with the levels as a whole.
fn mistakes(evaluation: &TeamEvaluation, ratings: &[TeamRating]) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    let mut seen = HashSet::new();
    for (index, rating) in ratings.iter().enumerate() {
        let field = |name: &str| format!("ratings.{index}.{name}");
        let team = evaluation.teams.iter().find(|team| team.id == rating.team_id);
        match team {
            None => wrong.push(FieldError::new(field("team_id"), FieldCode::NoSuchObject)),
            Some(_) if !seen.insert(rating.team_id) => {
                wrong.push(FieldError::new(field("team_id"), FieldCode::Duplicate));
            }
            Some(team) if team.proposal.rating != rating.rating && rating.words.is_empty() => {
                wrong.push(FieldError::new(field("words"), FieldCode::Required));
            }
            Some(_) => {}
        }
        if rating.words.chars().count() > MAX_WORDS {
            wrong.push(FieldError::new(field("words"), FieldCode::TooLong).with("max", MAX_WORDS));
        }
    }
    let count = |wanted: &[Rating]| {
        let rated = ratings.iter().filter_map(|rating| rating.rating);
        rated.filter(|rating| wanted.contains(rating)).count()
    };
    if seen.len() < evaluation.teams.len() {
        wrong.push(FieldError::new("ratings", FieldCode::TooShort).with("min", evaluation.teams.len()));
    }
    let most = most_excellent(count(&[Rating::Excellent, Rating::Good]));
    if count(&[Rating::Excellent]) > most {
        wrong.push(FieldError::new("ratings", FieldCode::TooBig).with("max", most));
    }
    wrong
}

fn entry(caller: &Caller, which: Which, ratings: &[TeamRating]) -> Entry<'static> {
    let levels: Vec<_> = ratings
        .iter()
        .map(|rating| json!({"team_id": rating.team_id, "rating": rating.rating}))
        .collect();
    Entry {
        at: caller.now(),
        actor: Some(caller.user_id()),
        device: Some(caller.device_id()),
        action: "team_evaluation.decide",
        object_type: "team_evaluation",
        object_id: format!("{}-{}", which.commune, which.year),
        details: json!({"ratings": levels}),
    }
}
