//! Does this count? The one rule, for one target and one record.

use super::plan::{Amount, Condition, LimitKey, PlanTerms, Source, Span, SplitBy, Target};
use crate::id::{AreaId, RecordId};
use crate::json::{FromJson, ToJson};
use crate::kind::LOUDSPEAKER_SESSION;
use crate::loudspeaker::LoudspeakerSession;
use crate::record::RecordStatus;
use crate::text;
use crate::time::{LocalDate, Millis, parse_date};
use chrono::Datelike;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A target with what its plan says about it.
#[derive(Debug, Clone, Copy)]
pub struct Rule<'a> {
    /// The target.
    pub target: &'a Target,
    /// Its period, or that of the plan.
    pub period: Span,
    /// The plan's cut-off.
    pub cut_off: Option<LocalDate>,
}

/// What the rule needs to know about a record.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// Id of its kind.
    pub kind: &'a str,
    /// Where.
    pub area: AreaId,
    /// The commune of the area on the date of the record.
    pub commune: AreaId,
    /// The date that it belongs to.
    pub local_date: LocalDate,
    /// Where it stands.
    pub status: RecordStatus,
    /// When it was accepted, by the server's clock.
    pub accepted_at: Option<Millis>,
    /// Its checked body.
    pub body: &'a Value,
}

/// What a record adds in one area to one part of a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Where it counts.
    pub area: AreaId,
    /// The part of the split; empty without one.
    pub part: String,
    /// What is added.
    pub amount: i64,
    /// What is added to the total of a rate.
    pub total: i64,
    /// The day that decided.
    pub date: LocalDate,
    /// What has to differ for two records to count both; empty without a limit.
    pub group: String,
}

/// Why a record does not count for a target of its kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "reason")]
pub enum NotCounted {
    /// The activity still goes on.
    StillOpen,
    /// No officer has accepted it yet.
    NotYetAccepted,
    /// An officer returned it.
    Returned,
    /// Its author took it back.
    Withdrawn,
    /// The target is not asked of this place.
    PlaceExcluded,
    /// An answer is another than those that count.
    OtherAnswer {
        /// Id of the field.
        field: String,
    },
    /// The field that is counted has no answer.
    NoAnswer {
        /// Id of the field.
        field: String,
    },
    /// A text speaks of something else.
    NotMentioned {
        /// Id of the field.
        field: String,
        /// The words that it should hold one of.
        words: Vec<String>,
    },
    /// The broadcast was heard nowhere.
    NothingHeard,
    /// Its day lies outside the period.
    OutsidePeriod {
        /// First day of the period.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
        from: LocalDate,
        /// Last day of the period.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
        to: LocalDate,
    },
    /// Its day is not one of the campaign that it names.
    OutsideCampaign {
        /// First day of the campaign.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
        from: LocalDate,
        /// Last day of the campaign.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
        to: LocalDate,
    },
    /// It happened after the deadline.
    AfterDeadline {
        /// The last day that was in time.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
        last_day: LocalDate,
    },
    /// It was accepted after the cut-off.
    AfterCutOff {
        /// The last day that was in time.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
        cut_off: LocalDate,
    },
    /// It counted when the cut-off passed, and was returned since.
    TakenBack {
        /// The last day that was in time.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
        cut_off: LocalDate,
    },
    /// Another record is the same and counts.
    SameAs {
        /// That record.
        record_id: RecordId,
    },
    /// As many as may count do.
    CapReached {
        /// How many.
        most: u32,
    },
}

/// What the rule says of a record. Whether a share counts in the end is up to [`super::settle`], where there is a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ruling {
    /// It counts, in every area whose own deadline has not passed before it.
    Counted(Vec<Share>),
    /// It would count, but came late; these shares go to the late list.
    Late(NotCounted, Vec<Share>),
    /// It does not count.
    Not(NotCounted),
}

impl PlanTerms {
    /// This target with what the plan says about it.
    pub fn rule<'a>(&self, target: &'a Target) -> Rule<'a> {
        Rule {
            target,
            period: target.period.unwrap_or(self.period),
            cut_off: self.cut_off,
        }
    }
}

impl Rule<'_> {
    /// The last day on which something is in time for this unit: a commune, or a residential area of that commune. Its own
    /// deadline goes before that of the commune, and that before the target's.
    pub fn last_day(&self, unit: AreaId, commune: AreaId) -> LocalDate {
        let own = |unit: AreaId| {
            let own = self.target.own.iter().find(|own| own.area_id == unit);
            own.and_then(|own| own.deadline)
        };
        let deadline = own(unit)
            .or_else(|| own(commune).filter(|_| unit != commune))
            .or(self.target.deadline);
        deadline.map_or(self.period.to, |deadline| deadline.last_day())
    }

    /// The last day on which the figure of this unit can grow: its last day in time, or the cut-off before it, after which
    /// nothing is accepted any more that counts.
    pub fn closes_on(&self, unit: AreaId, commune: AreaId) -> LocalDate {
        self.closing(self.last_day(unit, commune))
    }

    /// From the first to the last day on which the figures of units without a deadline of their own can grow.
    pub fn span(&self) -> Span {
        let last = self
            .target
            .deadline
            .map_or(self.period.to, |deadline| deadline.last_day());
        Span {
            from: self.period.from,
            to: self.closing(last),
        }
    }

    fn closing(&self, last_day: LocalDate) -> LocalDate {
        self.cut_off.map_or(last_day, |cut_off| cut_off.min(last_day))
    }
}

/// Whether the record counts for the target, and what it adds. None when the target is about another kind.
pub fn judge(rule: &Rule<'_>, facts: &Facts<'_>) -> Option<Ruling> {
    let source = rule.target.source.as_ref()?;
    (source.kind == facts.kind).then(|| match shares(rule, source, facts) {
        Ok(shares) => stand(rule, facts, shares),
        Err(reason) => Ruling::Not(reason),
    })
}

/// What the record would add if it were accepted in time.
fn shares(rule: &Rule<'_>, source: &Source, facts: &Facts<'_>) -> Result<Vec<Share>, NotCounted> {
    if facts.status == RecordStatus::Withdrawn {
        return Err(NotCounted::Withdrawn);
    }
    if !rule.target.applies(facts.area, facts.commune) {
        return Err(NotCounted::PlaceExcluded);
    }
    source
        .conditions
        .iter()
        .try_for_each(|condition| check(condition, facts.body))?;
    let date = date_of(source, facts)?;
    if !rule.period.holds(date) {
        let Span { from, to } = rule.period;
        return Err(NotCounted::OutsidePeriod { from, to });
    }
    source
        .conditions
        .iter()
        .try_for_each(|condition| check_day(condition, facts.body, date))?;
    let part = part_of(source, facts.body, date)?;
    let share = |area: AreaId, (amount, total): (i64, i64)| Share {
        area,
        part: part.clone(),
        amount,
        total,
        date,
        group: group_of(source, facts, area, date),
    };
    match &source.amount {
        Amount::AreasHeard => {
            let heard: Vec<Share> = areas_heard(facts)
                .into_iter()
                .filter(|area| rule.target.applies(*area, facts.commune))
                .map(|area| share(area, (1, 0)))
                .collect();
            match heard.is_empty() {
                true => Err(NotCounted::NothingHeard),
                false => Ok(heard),
            }
        }
        amount => Ok(vec![share(facts.area, amount_of(amount, facts.body)?)]),
    }
}

/// Whether what would count does, by the state of the record and the dates of the plan.
fn stand(rule: &Rule<'_>, facts: &Facts<'_>, shares: Vec<Share>) -> Ruling {
    let last_day = |share: &Share| rule.last_day(share.area, facts.commune);
    let accepted_on = facts.accepted_at.and_then(Millis::local_date);
    match (facts.status, rule.cut_off) {
        (RecordStatus::Open, _) => Ruling::Not(NotCounted::StillOpen),
        (RecordStatus::Submitted, _) => Ruling::Not(NotCounted::NotYetAccepted),
        (RecordStatus::Returned, _) => Ruling::Not(NotCounted::Returned),
        (RecordStatus::Withdrawn, _) => Ruling::Not(NotCounted::Withdrawn),
        (RecordStatus::Accepted, Some(cut_off)) if accepted_on.is_none_or(|day| day > cut_off) => {
            Ruling::Late(NotCounted::AfterCutOff { cut_off }, shares)
        }
        (RecordStatus::Accepted, _) => match shares.first().map(last_day) {
            Some(last_day) if shares.iter().all(|share| is_late(rule, facts.commune, share)) => {
                Ruling::Late(NotCounted::AfterDeadline { last_day }, shares)
            }
            _ => Ruling::Counted(shares),
        },
    }
}

/// Whether something happened after the last day of its place.
pub(super) fn is_late(rule: &Rule<'_>, commune: AreaId, share: &Share) -> bool {
    share.date > rule.last_day(share.area, commune)
}

fn check(condition: &Condition, body: &Value) -> Result<(), NotCounted> {
    match condition {
        Condition::OneOf { field, answers } => {
            let is_one = |value: &Value| match value {
                Value::String(text) => answers.iter().any(|answer| answer == text),
                Value::Bool(yes) => answers
                    .iter()
                    .any(|answer| answer == if *yes { "true" } else { "false" }),
                _ => false,
            };
            let holds = match body.get(field) {
                Some(Value::Array(several)) => several.iter().any(is_one),
                Some(one) => is_one(one),
                None => false,
            };
            match holds {
                true => Ok(()),
                false => Err(NotCounted::OtherAnswer { field: field.clone() }),
            }
        }
        // The day is looked at when it is known to lie in the period.
        Condition::Within { .. } => Ok(()),
        Condition::Mentions { field, words } => {
            let folded = text::search_key(body.get(field).and_then(Value::as_str).unwrap_or_default());
            match words.iter().any(|word| folded.contains(&text::search_key(word))) {
                true => Ok(()),
                false => Err(NotCounted::NotMentioned {
                    field: field.clone(),
                    words: words.clone(),
                }),
            }
        }
    }
}

/// Whether the day is one of those of the answer.
fn check_day(condition: &Condition, body: &Value, date: LocalDate) -> Result<(), NotCounted> {
    let Condition::Within { field, windows } = condition else {
        return Ok(());
    };
    let answer = body.get(field).and_then(Value::as_str);
    let window = windows
        .iter()
        .find(|window| Some(window.answer.as_str()) == answer);
    match window {
        Some(window) if !window.days.holds(date) => Err(NotCounted::OutsideCampaign {
            from: window.days.from,
            to: window.days.to,
        }),
        Some(_) | None => Ok(()),
    }
}

/// The day that decides.
fn date_of(source: &Source, facts: &Facts<'_>) -> Result<LocalDate, NotCounted> {
    let Some(field) = &source.dated_by else {
        return Ok(facts.local_date);
    };
    let answer = facts.body.get(field);
    let day = answer.and_then(|value| value.get("to")).or(answer);
    day.and_then(Value::as_str)
        .and_then(parse_date)
        .ok_or_else(|| NotCounted::NoAnswer { field: field.clone() })
}

fn part_of(source: &Source, body: &Value, date: LocalDate) -> Result<String, NotCounted> {
    match &source.split {
        None => Ok(String::new()),
        Some(SplitBy::Month) => Ok(month_of(date)),
        Some(SplitBy::Quarter) => Ok(quarter_of(date)),
        Some(SplitBy::Field { field, among }) => {
            let answer = body.get(field).and_then(Value::as_str);
            let answer = answer.ok_or_else(|| NotCounted::NoAnswer { field: field.clone() })?;
            match among.is_empty() || among.iter().any(|one| one == answer) {
                true => Ok(answer.to_owned()),
                false => Err(NotCounted::OtherAnswer { field: field.clone() }),
            }
        }
    }
}

/// `2024-03`.
pub(super) fn month_of(date: LocalDate) -> String {
    format!("{:04}-{:02}", date.year(), date.month())
}

/// `2024-Q1`.
pub(super) fn quarter_of(date: LocalDate) -> String {
    format!("{:04}-Q{}", date.year(), date.month0() / 3 + 1)
}

fn amount_of(amount: &Amount, body: &Value) -> Result<(i64, i64), NotCounted> {
    let number = |field: &String| body.get(field).and_then(Value::as_i64);
    let needed = |field: &String| number(field).ok_or_else(|| NotCounted::NoAnswer { field: field.clone() });
    let answer = |field: &String| {
        let answer = body.get(field).and_then(Value::as_str);
        answer.ok_or_else(|| NotCounted::NoAnswer { field: field.clone() })
    };
    match amount {
        Amount::Records | Amount::AreasHeard => Ok((1, 0)),
        Amount::Fields { fields } => match fields.iter().any(|field| number(field).is_some()) {
            true => Ok((fields.iter().filter_map(number).fold(0, i64::saturating_add), 0)),
            false => Err(NotCounted::NoAnswer {
                field: fields.first().cloned().unwrap_or_default(),
            }),
        },
        Amount::FieldOf { field, total } => Ok((needed(field)?, needed(total)?)),
        Amount::Share { field, one_of } => {
            let is_one = one_of
                .iter()
                .any(|one| body.get(field).and_then(Value::as_str) == Some(one));
            answer(field).map(|_| (i64::from(is_one), 1))
        }
        Amount::Rank { field, order } => {
            let given = answer(field)?;
            let place = order.iter().position(|one| one == given);
            let place = place.ok_or_else(|| NotCounted::OtherAnswer { field: field.clone() })?;
            Ok((i64::try_from(place).unwrap_or(i64::MAX).saturating_add(1), 0))
        }
    }
}

fn areas_heard(facts: &Facts<'_>) -> Vec<AreaId> {
    if facts.kind != LOUDSPEAKER_SESSION.id {
        return Vec::new();
    }
    match LoudspeakerSession::from_json(facts.body.clone()) {
        Ok(session) => session.aired().collect(),
        Err(_) => Vec::new(),
    }
}

/// What has to differ for two records to count both. Texts differ by their words, not by case, marks or spaces.
fn group_of(source: &Source, facts: &Facts<'_>, area: AreaId, date: LocalDate) -> String {
    let Some(limit) = &source.limit else {
        return String::new();
    };
    let mut group = facts.commune.to_string();
    for key in &limit.per {
        group.push('|');
        match key {
            LimitKey::Area => group.push_str(&area.to_string()),
            LimitKey::Day => group.push_str(&date.to_string()),
            LimitKey::Field { field } => match facts.body.get(field) {
                Some(Value::String(text)) => group.push_str(&text::search_key(text)),
                Some(other) => group.push_str(&other.to_string()),
                None => {}
            },
        }
    }
    group
}
