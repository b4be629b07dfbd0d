//! What accepted records add to targets, share by share, and the sums of what counts.
//!
//! Invariants: a figure is the sum of the counted shares of its target, commune, area and part; both change in the
//! transaction of the record's change, under the lock of its commune; only this file writes shares, and
//! [`super::target_figures`] the sums.

use super::records::{self, GivenVerdict, StoredRecord};
use super::schema_targets::target_share;
use super::target_figures::{self, Change};
use super::target_plans::{self, StoredTarget};
use super::{CHUNK, Conn, DbError};
use crate::both;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Text};
use keng_shared::id::{AreaId, RecordId};
use keng_shared::record::{HistoryAction, RecordStatus};
use keng_shared::target::{Entry, Facts, Rule, Share, Standing, settle};
use keng_shared::time::{LocalDate, Millis};
use serde_json::Value;
use std::collections::BTreeMap;

/// Shares written by one statement.
const ROWS: usize = 200;

/// Of what the index `target_share_group` is: said with the same words and without parameters, or it is not used.
const GROUPED: &str = "grp <> ''";

/// Of what the index `target_share_late` is.
const LATE: &str = "standing IN ('after_deadline', 'after_cut_off')";

/// A row of [`target_share`], column by column.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = target_share, treat_none_as_default_value = false)]
pub struct StoredShare {
    pub target_id: i64,
    pub record_id: String,
    pub area_id: i64,
    pub commune_id: i64,
    pub part: String,
    pub grp: String,
    pub local_date: String,
    pub accepted_at: i64,
    pub amount: i64,
    pub total: i64,
    pub standing: String,
    pub same_as: Option<String>,
}

impl StoredShare {
    /// The share of an entry.
    pub fn of(target: i64, entry: &Entry) -> Self {
        let (standing, same_as) = match entry.standing {
            Standing::Counted => ("counted", None),
            Standing::SameAs(other) => ("same_as", Some(other.to_string())),
            Standing::CapReached => ("cap_reached", None),
            Standing::AfterDeadline => ("after_deadline", None),
            Standing::AfterCutOff => ("after_cut_off", None),
        };
        let share = &entry.share;
        Self {
            target_id: target,
            record_id: entry.record_id.to_string(),
            area_id: share.area.0,
            commune_id: entry.commune.0,
            part: share.part.clone(),
            grp: share.group.clone(),
            local_date: share.date.to_string(),
            accepted_at: entry.accepted_at.0,
            amount: share.amount,
            total: share.total,
            standing: standing.to_owned(),
            same_as,
        }
    }

    /// The entry of a share.
    pub fn entry(&self) -> Result<Entry, DbError> {
        let other = self.same_as.as_deref().and_then(|id| id.parse::<RecordId>().ok());
        let standing = match (self.standing.as_str(), other) {
            ("counted", _) => Some(Standing::Counted),
            ("same_as", Some(other)) => Some(Standing::SameAs(other)),
            ("cap_reached", _) => Some(Standing::CapReached),
            ("after_deadline", _) => Some(Standing::AfterDeadline),
            ("after_cut_off", _) => Some(Standing::AfterCutOff),
            _ => None,
        };
        Ok(Entry {
            record_id: DbError::unless(self.record_id.parse().ok(), "target_share.record_id")?,
            commune: AreaId(self.commune_id),
            accepted_at: Millis(self.accepted_at),
            share: Share {
                area: AreaId(self.area_id),
                part: self.part.clone(),
                amount: self.amount,
                total: self.total,
                date: DbError::unless(self.local_date.parse().ok(), "target_share.local_date")?,
                group: self.grp.clone(),
            },
            standing: DbError::unless(standing, "target_share.standing")?,
        })
    }

    /// Whether it is part of the figure.
    pub fn counts(&self) -> bool {
        self.standing == "counted"
    }
}

/// Brings shares and figures in line with a record that changed. The revision of its commune has been bumped in this
/// transaction, and a record whose shares lie in another commune was returned before it could move.
pub(super) fn follow(conn: &mut Conn, row: &StoredRecord) -> Result<(), DbError> {
    let before = of_record(conn, &row.id)?;
    let targets = match row.status()? {
        RecordStatus::Accepted => target_plans::concerning(conn, row.commune(), &row.kind)?,
        _ => closed_since(conn, row)?,
    };
    if before.is_empty() && targets.is_empty() {
        return Ok(());
    }
    let mut mine: Vec<(i64, Entry)> = Vec::new();
    if !targets.is_empty() {
        let verdicts = match row.status()? {
            RecordStatus::Accepted => Vec::new(),
            _ => records::verdicts(conn, &row.id)?,
        };
        let body = DbError::unless(serde_json::from_str(&row.body).ok(), "record.body")?;
        for target in &targets {
            let entries = entries(row, &body, &target.rule.rule(), &verdicts)?;
            mine.extend(entries.into_iter().map(|entry| (target.id, entry)));
        }
    }
    let mut change = Change::default();
    before
        .iter()
        .filter(|share| share.counts())
        .for_each(|share| change.take(share));
    if !before.is_empty() {
        diesel::delete(target_share::table.filter(target_share::record_id.eq(&row.id))).execute(conn)?;
    }
    let after = settle_with_rivals(conn, &before, mine, targets, &mut change)?;
    after
        .iter()
        .filter(|share| share.counts())
        .for_each(|share| change.add(share));
    insert(conn, &after)?;
    target_figures::apply(conn, &change)
}

/// Targets whose cut-off lies between the arrival of a record and this change of it: the only ones of which it may be a
/// correction. Most changes come on the day of arrival and cost nothing here.
fn closed_since(conn: &mut Conn, row: &StoredRecord) -> Result<Vec<StoredTarget>, DbError> {
    let days = Millis(row.received_at)
        .local_date()
        .zip(Millis(row.changed_at).local_date());
    let Some((arrived, changed)) = days.filter(|(arrived, changed)| arrived < changed) else {
        return Ok(Vec::new());
    };
    let mut targets = target_plans::concerning(conn, row.commune(), &row.kind)?;
    targets.retain(|target| {
        let cut_off = target.rule.rule().cut_off;
        cut_off.is_some_and(|cut_off| arrived <= cut_off && cut_off < changed)
    });
    Ok(targets)
}

/// What a record adds to a target, before settling: all that an accepted one does, and as a correction all that one adds
/// no more that stood as accepted at the cut-off. `verdicts` are needed of a record that is not accepted.
pub(super) fn entries(
    row: &StoredRecord,
    body: &Value,
    rule: &Rule<'_>,
    verdicts: &[GivenVerdict],
) -> Result<Vec<Entry>, DbError> {
    let (id, facts) = (row.record_id()?, facts(row, body)?);
    if facts.status == RecordStatus::Accepted {
        return Ok(Entry::of(rule, id, &facts));
    }
    let accepted = rule.cut_off.and_then(|cut_off| accepted_at(verdicts, cut_off));
    Ok(accepted.map_or_else(Vec::new, |at| Entry::taken_back(rule, id, &facts, at)))
}

/// When a record was accepted that stood so at the end of a day.
fn accepted_at(verdicts: &[GivenVerdict], day: LocalDate) -> Option<Millis> {
    let mut standing: Vec<&GivenVerdict> = Vec::new();
    let until = |verdict: &&GivenVerdict| verdict.at.local_date().is_some_and(|given| given <= day);
    for verdict in verdicts.iter().filter(until) {
        match verdict.action {
            HistoryAction::Reopened => drop(standing.pop()),
            _ => standing.push(verdict),
        }
    }
    let last = standing.last()?;
    (last.action == HistoryAction::Accepted).then_some(last.at)
}

/// What the rule needs to know of a stored record.
pub fn facts<'a>(row: &'a StoredRecord, body: &'a Value) -> Result<Facts<'a>, DbError> {
    Ok(Facts {
        kind: &row.kind,
        area: row.area(),
        commune: row.commune(),
        local_date: row.local_date()?,
        status: row.status()?,
        accepted_at: row.review_at.map(Millis),
        body,
    })
}

/// Settles every group that the record leaves or joins; writes the standing of others that changes by it. Gives the shares
/// of the record.
fn settle_with_rivals(
    conn: &mut Conn,
    before: &[StoredShare],
    mine: Vec<(i64, Entry)>,
    mut targets: Vec<StoredTarget>,
    change: &mut Change,
) -> Result<Vec<StoredShare>, DbError> {
    let left = before.iter().map(|share| (share.target_id, share.grp.clone()));
    let joined = mine
        .iter()
        .map(|(target, entry)| (*target, entry.share.group.clone()));
    let limited: Vec<(i64, String)> = left
        .chain(joined)
        .filter(|(_, group)| !group.is_empty())
        .collect();
    let mut groups: BTreeMap<(i64, String), Vec<Entry>> =
        limited.into_iter().map(|key| (key, Vec::new())).collect();
    let mut settled: Vec<StoredShare> = Vec::new();
    for (target, entry) in mine {
        match groups.get_mut(&(target, entry.share.group.clone())) {
            Some(group) => group.push(entry),
            None => settled.push(StoredShare::of(target, &entry)),
        }
    }
    let unknown: Vec<i64> = groups
        .keys()
        .map(|(id, _)| *id)
        .filter(|id| !targets.iter().any(|target| target.id == *id))
        .collect();
    if !unknown.is_empty() {
        targets.extend(target_plans::targets(conn, &unknown)?);
    }
    for ((target_id, group), mut entries) in groups {
        let own = entries.len();
        let rivals: Vec<StoredShare> = target_share::table
            .filter(target_share::target_id.eq(target_id))
            .filter(target_share::grp.eq(&group))
            .filter(sql::<Bool>(GROUPED))
            .load(conn)?;
        for rival in &rivals {
            entries.push(rival.entry()?);
        }
        let target = targets.iter().find(|target| target.id == target_id);
        let rule = target.map(|target| target.rule.rule());
        let limit = rule.and_then(|rule| rule.target.source.as_ref()?.limit.as_ref());
        if let Some(limit) = limit {
            settle(limit, &mut entries);
        }
        let others = entries.split_off(own.min(entries.len()));
        settled.extend(entries.iter().map(|entry| StoredShare::of(target_id, entry)));
        for (rival, entry) in rivals.iter().zip(&others) {
            let now = StoredShare::of(target_id, entry);
            if now == *rival {
                continue;
            }
            if rival.counts() {
                change.take(rival);
            }
            if now.counts() {
                change.add(&now);
            }
            let key = (now.target_id, now.record_id.as_str(), now.area_id);
            diesel::update(target_share::table.find(key))
                .set((
                    target_share::standing.eq(&now.standing),
                    target_share::same_as.eq(&now.same_as),
                ))
                .execute(conn)?;
        }
    }
    Ok(settled)
}

/// The shares of a record.
pub fn of_record(conn: &mut Conn, id: &str) -> Result<Vec<StoredShare>, DbError> {
    Ok(target_share::table
        .filter(target_share::record_id.eq(id))
        .load(conn)?)
}

/// The shares of these targets in a commune.
pub fn of_commune(conn: &mut Conn, targets: &[i64], commune: AreaId) -> Result<Vec<StoredShare>, DbError> {
    Ok(target_share::table
        .filter(target_share::target_id.eq_any(targets))
        .filter(target_share::commune_id.eq(commune.0))
        .load(conn)?)
}

/// Up to `limit` shares of a target, newest first.
pub fn list(
    conn: &mut Conn,
    target: i64,
    places: &Places<'_>,
    standings: Option<&[&str]>,
    limit: i64,
) -> Result<Vec<StoredShare>, DbError> {
    let mut shares = target_share::table
        .filter(target_share::target_id.eq(target))
        .filter(target_share::commune_id.eq_any(places.communes.iter().map(|id| id.0)))
        .order((
            target_share::local_date.desc(),
            target_share::record_id.desc(),
            target_share::area_id,
        ))
        .limit(limit)
        .into_boxed();
    if let Some(areas) = places.areas {
        shares = shares.filter(target_share::area_id.eq_any(areas.iter().map(|id| id.0)));
    }
    if let Some(standings) = standings {
        shares = shares.filter(target_share::standing.eq_any(standings.iter().copied()));
    }
    Ok(shares.load(conn)?)
}

/// Where shares are looked for.
pub struct Places<'a> {
    /// Communes.
    pub communes: &'a [AreaId],
    /// The only areas of theirs; all when missing.
    pub areas: Option<&'a [AreaId]>,
}

/// What counted on a day: by part, or by place, or all together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayOfShares {
    pub day: LocalDate,
    pub part: String,
    pub place: AreaId,
    pub amount: i64,
    pub total: i64,
    pub records: i64,
}

/// What tells the rows of [`by_day`] apart besides the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApartBy {
    Nothing,
    Part,
    DayAndPart,
    Commune,
    Area,
}

#[derive(QueryableByName)]
struct DayRow {
    #[diesel(sql_type = Text)]
    day: String,
    #[diesel(sql_type = Text)]
    part: String,
    #[diesel(sql_type = BigInt)]
    place: i64,
    #[diesel(sql_type = BigInt)]
    amount: i64,
    #[diesel(sql_type = BigInt)]
    total: i64,
    #[diesel(sql_type = BigInt)]
    records: i64,
}

/// What counted for these targets: sums of each day, or, by part or place, the sums of its first day. Ids are numbers of our
/// own, so that they may stand in the statement.
pub fn by_day(
    conn: &mut Conn,
    targets: &[i64],
    places: &Places<'_>,
    apart: ApartBy,
) -> Result<Vec<DayOfShares>, DbError> {
    let list =
        |ids: &mut dyn Iterator<Item = i64>| ids.map(|id| id.to_string()).collect::<Vec<_>>().join(",");
    let (day, part, place, group) = match apart {
        ApartBy::Nothing => ("local_date", "''", "0", "local_date"),
        ApartBy::Part => ("min(local_date)", "part", "0", "part"),
        ApartBy::DayAndPart => ("local_date", "part", "0", "local_date, part"),
        ApartBy::Commune => ("min(local_date)", "''", "commune_id", "commune_id"),
        ApartBy::Area => ("min(local_date)", "''", "area_id", "area_id"),
    };
    let mut found = Vec::new();
    for chunk in places.communes.chunks(CHUNK) {
        let areas = places.areas.map_or_else(String::new, |areas| {
            let ids = list(&mut areas.iter().map(|id| id.0));
            format!(" AND area_id IN ({ids})")
        });
        let only_villages = if apart == ApartBy::Area {
            " AND area_id <> commune_id"
        } else {
            ""
        };
        let text = format!(
            "SELECT {day} AS day, {part} AS part, CAST({place} AS BIGINT) AS place, CAST(sum(amount) AS BIGINT) AS amount, \
             CAST(sum(total) AS BIGINT) AS total, count(*) AS records FROM target_share \
             WHERE target_id IN ({}) AND commune_id IN ({}) AND standing = 'counted'{areas}{only_villages} \
             GROUP BY {group}",
            list(&mut targets.iter().copied()),
            list(&mut chunk.iter().map(|id| id.0)),
        );
        let rows: Vec<DayRow> = both!(conn, |conn| sql_query(&text).load(conn))?;
        for row in rows {
            found.push(DayOfShares {
                day: DbError::unless(row.day.parse().ok(), "target_share.local_date")?,
                part: row.part,
                place: AreaId(row.place),
                amount: row.amount,
                total: row.total,
                records: row.records,
            });
        }
    }
    Ok(found)
}

/// What counted for a target from one day to another in a commune, or in one of its residential areas.
pub fn amount_between(
    conn: &mut Conn,
    target: i64,
    commune: AreaId,
    village: Option<AreaId>,
    from: &LocalDate,
    to: &LocalDate,
) -> Result<i64, DbError> {
    let mut counted = target_share::table
        .filter(target_share::target_id.eq(target))
        .filter(target_share::commune_id.eq(commune.0))
        .filter(target_share::local_date.between(from.to_string(), to.to_string()))
        .filter(target_share::standing.eq("counted"))
        .select(target_share::amount)
        .into_boxed();
    if let Some(village) = village {
        counted = counted.filter(target_share::area_id.eq(village.0));
    }
    let amounts: Vec<i64> = counted.load(conn)?;
    Ok(amounts.into_iter().fold(0, i64::saturating_add))
}

/// How many shares of these targets came too late in these communes, by target and commune.
pub fn late(
    conn: &mut Conn,
    targets: &[i64],
    communes: &[AreaId],
) -> Result<BTreeMap<(i64, AreaId), i64>, DbError> {
    let mut found = BTreeMap::new();
    for chunk in communes.chunks(CHUNK) {
        let rows: Vec<(i64, i64, i64)> = target_share::table
            .filter(target_share::target_id.eq_any(targets))
            .filter(target_share::commune_id.eq_any(chunk.iter().map(|id| id.0)))
            .filter(sql::<Bool>(LATE))
            .group_by((target_share::target_id, target_share::commune_id))
            .select((
                target_share::target_id,
                target_share::commune_id,
                diesel::dsl::count_star(),
            ))
            .load(conn)?;
        let rows = rows.into_iter();
        found.extend(rows.map(|(target, commune, count)| ((target, AreaId(commune)), count)));
    }
    Ok(found)
}

/// Replaces the shares and figures of these targets in a commune.
pub fn replace(
    conn: &mut Conn,
    targets: &[i64],
    commune: AreaId,
    shares: &[StoredShare],
) -> Result<(), DbError> {
    let stored = target_share::table
        .filter(target_share::target_id.eq_any(targets))
        .filter(target_share::commune_id.eq(commune.0));
    diesel::delete(stored).execute(conn)?;
    target_figures::clear(conn, targets, commune)?;
    insert(conn, shares)?;
    let mut change = Change::default();
    shares
        .iter()
        .filter(|share| share.counts())
        .for_each(|share| change.add(share));
    target_figures::apply(conn, &change)
}

fn insert(conn: &mut Conn, shares: &[StoredShare]) -> Result<(), DbError> {
    for chunk in shares.chunks(ROWS) {
        both!(conn, |conn| diesel::insert_into(target_share::table)
            .values(chunk)
            .execute(conn))?;
    }
    Ok(())
}
