//! The demo's loudspeakers: schedules and what was broadcast lately, read from `demo/broadcasts.toml`.

use super::people::{Ground, People, user_id};
use super::phone::Phone;
use super::{LoadError, fixed_id};
use crate::db::{broadcast_schedules, records};
use crate::state::AppState;
use crate::sync::Actor;
use crate::sync::put_record::PutRecord;
use crate::sync::review::{self, Review};
use chrono::{Days, Weekday};
use keng_shared::api::NewReview;
use keng_shared::area::AreaKind;
use keng_shared::id::{AreaId, RecordId};
use keng_shared::loudspeaker::{
    BroadcastSchedule, Confirming, CoveredArea, MissReason, PlannedSlot, ScheduleTerms, monday_of,
    parse_terms,
};
use keng_shared::record::{self, RecordStatus, Verdict};
use keng_shared::time::{LocalDate, Millis, TimeOfDay};
use serde::Deserialize;

/// What there is.
pub(super) const FILE: &str = include_str!("../../demo/broadcasts.toml");
const HOUR: i64 = 3_600_000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Broadcasts {
    schedule: Vec<Schedule>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Schedule {
    key: String,
    area: String,
    #[serde(default)]
    areas: Vec<String>,
    name: String,
    station: String,
    presenter: String,
    weekdays: Vec<Weekday>,
    times: Vec<TimeOfDay>,
    minutes: u16,
    topics: Vec<String>,
    weeks: u64,
    open_days: i64,
    author: String,
    missed: Vec<Missed>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Missed {
    days_ago: i64,
    areas: Vec<String>,
    reason: MissReason,
    #[serde(default)]
    note: String,
}

impl Broadcasts {
    pub(super) fn read() -> Result<Self, toml::de::Error> {
        toml::from_str(FILE)
    }

    /// Steps of [`Broadcasts::store`].
    pub(super) fn len(&self) -> usize {
        self.schedule.len()
    }

    /// Stores what is not there yet.
    pub(super) async fn store(
        &self,
        state: &AppState,
        ground: &Ground,
        people: &People,
        since: Millis,
        progress: &indicatif::ProgressBar,
    ) -> Result<(), LoadError> {
        for schedule in &self.schedule {
            progress.set_message(schedule.key.clone());
            schedule.store(state, ground, people, since).await?;
            progress.inc(1);
        }
        Ok(())
    }
}

impl Schedule {
    fn wrong(&self, what: &str) -> LoadError {
        LoadError::File(format!("schedule {}: {what}", self.key))
    }

    async fn store(
        &self,
        state: &AppState,
        ground: &Ground,
        people: &People,
        since: Millis,
    ) -> Result<(), LoadError> {
        let today = since.local_date().ok_or_else(|| self.wrong("today"))?;
        let terms = self.terms(ground, today)?;
        let (by, area) = (user_id(&self.author), terms.area_id);
        let schedule = state
            .db
            .write(move |conn| {
                let known = broadcast_schedules::in_areas(conn, &[area])?;
                match known.into_iter().find(|known| known.terms.name == terms.name) {
                    Some(known) => Ok(known),
                    None => broadcast_schedules::insert(conn, &terms, by, since),
                }
            })
            .await?;
        let mut monday = monday_of(schedule.terms.first_day);
        while monday <= today {
            for planned in schedule.slots(monday) {
                let days_ago = today.signed_duration_since(planned.slot.date).num_days();
                if days_ago >= self.open_days {
                    self.confirm(state, ground, people, &schedule, &planned, days_ago)
                        .await?;
                }
            }
            monday = monday
                .checked_add_days(Days::new(7))
                .ok_or_else(|| self.wrong("week"))?;
        }
        Ok(())
    }

    fn terms(&self, ground: &Ground, today: LocalDate) -> Result<ScheduleTerms, LoadError> {
        let area_id = ground.area(&self.area).ok_or_else(|| self.wrong(&self.area))?;
        let named = |name: &String| ground.area(name).ok_or_else(|| self.wrong(name));
        let areas = if self.areas.is_empty() {
            let mut below = ground.tree.subtree(area_id, today);
            below.retain(|id| {
                let area = ground.tree.get(*id);
                area.is_some_and(|area| area.kind == AreaKind::ResidentialArea)
            });
            below
        } else {
            self.areas.iter().map(named).collect::<Result<_, _>>()?
        };
        let first_day = monday_of(today)
            .checked_sub_days(Days::new(7 * self.weeks))
            .ok_or_else(|| self.wrong("weeks"))?;
        let terms = ScheduleTerms {
            area_id,
            name: self.name.clone(),
            station: self.station.clone(),
            presenter: self.presenter.clone(),
            areas,
            weekdays: self.weekdays.clone(),
            times: self.times.clone(),
            minutes: self.minutes,
            topics: self.topics.clone(),
            first_day,
            last_day: None,
            holidays: Vec::new(),
            pauses: Vec::new(),
        };
        Ok(parse_terms(terms, today)?)
    }

    async fn confirm(
        &self,
        state: &AppState,
        ground: &Ground,
        people: &People,
        schedule: &BroadcastSchedule,
        planned: &PlannedSlot,
        days_ago: i64,
    ) -> Result<(), LoadError> {
        let phone = Phone::of(&self.author).ok_or_else(|| self.wrong("author"))?;
        let key = format!("{} {} {}", self.key, planned.slot.date, planned.slot.time);
        let id = RecordId(fixed_id("broadcast", &key));
        let at = planned.ends_at().plus(2 * HOUR);
        let confirming = Confirming {
            record_id: id,
            device_id: phone.device,
            at,
            clock_offset_ms: Some(0),
            missed: self.missed_on(ground, days_ago)?,
        };
        let draft = schedule.confirm(planned, confirming, |_| true);
        let record = record::parse(draft, at)?;
        let commune = ground
            .tree
            .commune_of(schedule.terms.area_id, planned.slot.date)
            .ok_or_else(|| self.wrong("commune"))?;
        let actor = Actor {
            user: user_id(&self.author),
            device: phone.device,
            now: at,
        };
        let put = PutRecord::new(actor, record, commune, None, None, state.boundaries.clone());
        state.db.write_in(commune, move |conn| put.run(conn)).await?;
        // What is older than a week has been reviewed.
        match days_ago {
            8.. => self.accept(state, ground, people, id, commune, at).await,
            _ => Ok(()),
        }
    }

    fn missed_on(&self, ground: &Ground, days_ago: i64) -> Result<Vec<CoveredArea>, LoadError> {
        let mut found = Vec::new();
        for missed in self.missed.iter().filter(|missed| missed.days_ago == days_ago) {
            for name in &missed.areas {
                found.push(CoveredArea {
                    area_id: ground.area(name).ok_or_else(|| self.wrong(name))?,
                    missed: Some(missed.reason),
                    note: missed.note.clone(),
                });
            }
        }
        Ok(found)
    }

    async fn accept(
        &self,
        state: &AppState,
        ground: &Ground,
        people: &People,
        record: RecordId,
        commune: AreaId,
        sent_at: Millis,
    ) -> Result<(), LoadError> {
        let officer = people
            .officer(ground, commune)
            .ok_or_else(|| self.wrong("no officer for it"))?;
        let stored = state.db.read(move |conn| records::find(conn, record)).await?;
        let stored = stored.ok_or_else(|| self.wrong("it is not stored"))?;
        if stored.status()? != RecordStatus::Submitted {
            return Ok(());
        }
        let change = Review {
            actor: Actor {
                user: officer,
                device: keng_shared::id::DeviceId(fixed_id("device", &self.author)),
                now: sent_at.plus(24 * HOUR),
            },
            record,
            revision: stored.revision()?,
            review: review::parse(NewReview {
                verdict: Some(Verdict::Accepted),
                reason: String::new(),
                photos: Vec::new(),
            })?,
        };
        state.db.write_in(commune, move |conn| change.run(conn)).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_and_names_only_people_of_the_demo() {
        let broadcasts = Broadcasts::read().unwrap();
        let accounts = People::read().unwrap().accounts();
        for schedule in &broadcasts.schedule {
            let is_known = accounts.iter().any(|account| account.username == schedule.author);
            assert!(is_known, "{}", schedule.author);
        }
    }
}
