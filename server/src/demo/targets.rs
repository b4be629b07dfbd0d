//! The demo's plans with targets and the year of work that moves them, read from `demo/targets.toml`.

use super::people::{Ground, People, user_id};
use super::phone::Phone;
use super::{LoadError, fixed_id};
use crate::db::{campaigns, records, target_plans};
use crate::state::AppState;
use crate::sync::Actor;
use crate::sync::put_record::PutRecord;
use crate::sync::review::{self, Review};
use crate::targets::matrix::communes_of;
use crate::targets::{ready_made, recount};
use chrono::{Datelike, Days};
use keng_shared::api::{NewCampaignDays, NewReview};
use keng_shared::area::AreaKind;
use keng_shared::campaign::CampaignDays;
use keng_shared::id::{AreaId, RecordId, UserId};
use keng_shared::loudspeaker::monday_of;
use keng_shared::record::{self, RecordDraft, Verdict};
use keng_shared::target::{PlanTerms, Span, Thousandths, parse_plan};
use keng_shared::time::{LocalDate, Millis, start_of_day};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// What there is.
pub(super) const FILE: &str = include_str!("../../demo/targets.toml");
const HOUR: i64 = 3_600_000;
/// Work of the last days is still under way.
const OPEN_DAYS: u64 = 2;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Targets {
    plan: Vec<Plan>,
    campaign: Vec<Campaign>,
    work: Vec<Work>,
}

/// A ready-made plan that is in force.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Plan {
    ready_made: String,
    area: String,
    author: String,
    years_ago: i32,
    #[serde(default)]
    left_out: Vec<String>,
    /// Only these; all when empty.
    #[serde(default)]
    kept: Vec<String>,
    #[serde(default)]
    values: BTreeMap<String, i64>,
    /// Targets whose own period began so many weeks before loading.
    #[serde(default)]
    weeks: BTreeMap<String, u64>,
}

/// Days that an area set for a campaign in the year in which the demo is loaded.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Campaign {
    area: String,
    author: String,
    campaign: String,
    #[serde(default)]
    name: String,
    /// `MM-DD`.
    from: String,
    /// `MM-DD`; of the next year when it comes before `from`.
    to: String,
    note: String,
}

/// What communes did, once on each of these days.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Work {
    key: String,
    kind: String,
    years_ago: Vec<i32>,
    /// `MM-DD`.
    on: Vec<String>,
    #[serde(default, rename = "in")]
    within: Vec<String>,
    #[serde(default)]
    except: Vec<String>,
    /// Each residential area of the commune did it.
    #[serde(default)]
    villages: bool,
    body: Value,
}

/// A record and its acceptance, on their way in.
type Done = (RecordId, PutRecord, Review);

impl Targets {
    pub(super) fn read() -> Result<Self, toml::de::Error> {
        toml::from_str(FILE)
    }

    /// Steps of [`Targets::store`].
    pub(super) fn len(&self) -> usize {
        1
    }

    /// Stores the work that is not there yet, then the plans, whose figures are counted from it.
    pub(super) async fn store(
        &self,
        state: &AppState,
        ground: &Ground,
        people: &People,
        since: Millis,
        progress: &indicatif::ProgressBar,
    ) -> Result<(), LoadError> {
        progress.set_message("targets");
        let today = since
            .local_date()
            .ok_or_else(|| LoadError::File("today".to_owned()))?;
        let Some(plan) = self.plan.first() else {
            return Ok(());
        };
        let whole = ground.area(&plan.area).ok_or_else(|| plan.wrong("area"))?;
        let clerk = user_id(&plan.author);
        let mut by_commune: BTreeMap<AreaId, Vec<Done>> = BTreeMap::new();
        for work in &self.work {
            for day in work.days(today)? {
                for commune in work.communes(ground, whole, day) {
                    let by = people.officer(ground, commune).unwrap_or(clerk);
                    let done = work.done(state, ground, &plan.author, by, commune, day)?;
                    by_commune.entry(commune).or_default().extend(done);
                }
            }
        }
        for (commune, done) in by_commune {
            state
                .db
                .write_in(commune, move |conn| {
                    for (id, put, review) in &done {
                        if records::find(conn, *id)?.is_none() {
                            put.run(conn)?;
                            review.run(conn)?;
                        }
                    }
                    Ok(())
                })
                .await?;
        }
        for campaign in &self.campaign {
            campaign.store(state, ground, today, since).await?;
        }
        for plan in &self.plan {
            plan.store(state, ground, today, since).await?;
        }
        progress.inc(1);
        Ok(())
    }
}

impl Campaign {
    async fn store(
        &self,
        state: &AppState,
        ground: &Ground,
        today: LocalDate,
        since: Millis,
    ) -> Result<(), LoadError> {
        let wrong = |what: &str| LoadError::File(format!("campaign {}: {what}", self.campaign));
        let year = today.year();
        let date = |year: i32, on: &str| format!("{year}-{on}").parse::<LocalDate>().map_err(|_| wrong(on));
        let days = CampaignDays {
            from: date(year, &self.from)?,
            to: date(year + i32::from(self.to < self.from), &self.to)?,
            note: self.note.clone(),
        };
        let new = NewCampaignDays {
            area_id: ground.area(&self.area).ok_or_else(|| wrong("area"))?,
            year,
            campaign: self.campaign.clone(),
            name: self.name.clone(),
            days: days.parse(year)?,
        };
        let by = user_id(&self.author);
        let store = state.db.write(move |conn| {
            if !campaigns::is_set(conn, &new)? {
                campaigns::insert(conn, &new, by, since)?;
            }
            Ok(())
        });
        Ok(store.await?)
    }
}

impl Work {
    fn wrong(&self, what: &str) -> LoadError {
        LoadError::File(format!("work {}: {what}", self.key))
    }

    /// The days on which it was done and reviewed before the demo was loaded.
    fn days(&self, today: LocalDate) -> Result<Vec<LocalDate>, LoadError> {
        let mut days = Vec::new();
        for years_ago in &self.years_ago {
            for on in &self.on {
                let day = format!("{}-{on}", today.year() - years_ago).parse::<LocalDate>();
                let day = day.map_err(|_| self.wrong(on))?;
                if day.checked_add_days(Days::new(OPEN_DAYS)) < Some(today) {
                    days.push(day);
                }
            }
        }
        Ok(days)
    }

    /// The communes of that day that did it.
    fn communes(&self, ground: &Ground, whole: AreaId, day: LocalDate) -> Vec<AreaId> {
        let mut below = ground.tree.subtree(whole, day);
        below.retain(|id| {
            let area = ground.tree.get(*id).filter(|area| area.kind == AreaKind::Commune);
            let code = area.and_then(|area| area.code.as_ref());
            code.is_some_and(|code| {
                (self.within.is_empty() || self.within.contains(code)) && !self.except.contains(code)
            })
        });
        below
    }

    fn done(
        &self,
        state: &AppState,
        ground: &Ground,
        clerk: &str,
        by: UserId,
        commune: AreaId,
        day: LocalDate,
    ) -> Result<Vec<Done>, LoadError> {
        let device = Phone::of(clerk).ok_or_else(|| self.wrong("author"))?.device;
        let mut places = vec![commune];
        if self.villages {
            places = ground.tree.subtree(commune, day);
            places.retain(|id| *id != commune);
        }
        let mut all = Vec::new();
        for area_id in places {
            let id = RecordId(fixed_id("work", &format!("{} {day} {area_id}", self.key)));
            let at = start_of_day(day).plus(9 * HOUR);
            let actor = Actor {
                user: by,
                device,
                now: at.plus(2 * HOUR),
            };
            let draft = RecordDraft {
                id,
                kind: self.kind.clone(),
                area_id,
                team_id: None,
                started_at: at,
                ended_at: Some(at.plus(HOUR)),
                fix: None,
                body: self.body_on(day),
                photos: Vec::new(),
                files: Vec::new(),
                device_id: device,
                clock_offset_ms: Some(0),
            };
            let put = PutRecord::new(
                actor,
                record::parse(draft, actor.now)?,
                commune,
                None,
                None,
                state.boundaries.clone(),
            );
            let review = Review {
                actor: Actor {
                    now: at.plus(26 * HOUR),
                    ..actor
                },
                record: id,
                revision: 1,
                review: review::parse(NewReview {
                    verdict: Some(Verdict::Accepted),
                    reason: String::new(),
                    photos: Vec::new(),
                })?,
            };
            all.push((id, put, review));
        }
        Ok(all)
    }

    /// The body with the day filled in.
    fn body_on(&self, day: LocalDate) -> Value {
        let number = (day.ordinal() + 7).to_string();
        let quarter = match day.month() {
            1..=3 => "q_one",
            4..=6 => "q_two",
            7..=9 => "q_three",
            _ => "q_four",
        };
        let fill = |text: &str| {
            text.replace("{date}", &day.to_string())
                .replace("{year}", &day.year().to_string())
                .replace("{quarter}", quarter)
                .replace("{number}", &number)
        };
        filled(&self.body, &fill)
    }
}

fn filled(value: &Value, fill: &impl Fn(&str) -> String) -> Value {
    match value {
        // A field that is a year alone is a number.
        Value::String(text) if text == "{year}" => fill(text).parse::<i64>().map_or(Value::Null, Value::from),
        Value::String(text) => Value::from(fill(text)),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), filled(value, fill)))
            .collect(),
        other => other.clone(),
    }
}

impl Plan {
    fn wrong(&self, what: &str) -> LoadError {
        LoadError::File(format!("plan {}: {what}", self.ready_made))
    }

    async fn store(
        &self,
        state: &AppState,
        ground: &Ground,
        today: LocalDate,
        since: Millis,
    ) -> Result<(), LoadError> {
        let terms = self.terms(ground, today)?;
        let (communes, by) = (communes_of(&ground.tree, &terms), user_id(&self.author));
        let stored = state
            .db
            .write(move |conn| {
                let known = target_plans::about(conn, &communes)?;
                let is_there = |plan: &target_plans::StoredPlan| {
                    plan.terms.area_id == terms.area_id
                        && plan.terms.period == terms.period
                        && plan.terms.title == terms.title
                };
                match known.iter().any(is_there) {
                    true => Ok(None),
                    false => target_plans::insert(conn, &terms, &communes, by, since).map(Some),
                }
            })
            .await?;
        if let Some(plan) = stored {
            recount::finish(&state.db, plan.id).await?;
        }
        Ok(())
    }

    fn terms(&self, ground: &Ground, today: LocalDate) -> Result<PlanTerms, LoadError> {
        let area = ground.area(&self.area).ok_or_else(|| self.wrong("area"))?;
        let plan = ready_made::all()?.iter().find(|plan| plan.id == self.ready_made);
        let plan = plan.ok_or_else(|| self.wrong("there is none of this name"))?;
        let mut terms = plan
            .draft_in(&ground.tree, area, today.year() - self.years_ago)
            .terms;
        terms.targets.retain(|target| {
            !self.left_out.contains(&target.code)
                && (self.kept.is_empty() || self.kept.contains(&target.code))
        });
        for target in &mut terms.targets {
            if let Some(value) = self.values.get(&target.code) {
                target.value = Thousandths::whole(*value);
            }
            let weeks = self.weeks.get(&target.code);
            let began = weeks.and_then(|weeks| monday_of(today).checked_sub_days(Days::new(7 * weeks)));
            if let Some(from) = began {
                target.period = Some(Span {
                    from: from.max(terms.period.from),
                    to: terms.period.to,
                });
            }
        }
        Ok(parse_plan(terms)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keng_shared::kind;

    #[test]
    fn the_file_is_read_and_what_it_says_of_any_day_of_a_year_is_what_its_kind_takes() {
        let targets = Targets::read().unwrap();
        let today = "2027-01-05".parse().unwrap();
        for work in &targets.work {
            let days = work.days(today).unwrap();
            assert!(!days.is_empty() || !work.years_ago.contains(&1), "{}", work.key);
            let day = "2026-11-20".parse().unwrap();
            let kind = kind::find(&work.kind).unwrap();
            let parsed = kind.parse_plain(&work.body_on(day));
            assert!(parsed.is_ok(), "{}: {parsed:?}", work.key);
        }
    }

    #[test]
    fn work_of_days_that_have_not_come_is_left_out() {
        let targets = Targets::read().unwrap();
        let first = targets.work.iter().find(|work| work.key == "notices").unwrap();
        let days = |today: &str| first.days(today.parse().unwrap()).unwrap().len();
        assert_eq!(days("2026-03-29"), 4, "last year's four");
        assert_eq!(days("2026-11-23"), 7);
    }
}
