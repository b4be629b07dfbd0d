//! Counting a commune of a plan anew: from its accepted records, in one transaction, under the lock of the commune.

use super::records::{self, StoredRecord};
use super::schema::setting;
use super::schema_records::{record, record_event};
use super::schema_targets::target_recount;
use super::target_figures::{self, StoredFigure};
use super::target_plans::{self, StoredTarget};
use super::target_shares::{self, StoredShare, entries};
use super::{CHUNK, Conn, DbError, feed};
use diesel::prelude::*;
use keng_shared::id::{AreaId, TargetPlanId};
use keng_shared::record::RecordStatus;
use keng_shared::target::{Entry, settle};
use std::collections::{BTreeMap, BTreeSet};

const RULES: &str = "target_rules";

/// The version of the rule that figures were counted by.
pub fn rules_version(conn: &mut Conn) -> Result<u32, DbError> {
    let text: String = setting::table.find(RULES).select(setting::value).first(conn)?;
    DbError::unless(text.parse().ok(), "setting.target_rules")
}

/// Asks for everything to be counted by this version of the rule.
pub fn adopt_rules(conn: &mut Conn, version: u32) -> Result<(), DbError> {
    for (plan, communes) in target_plans::all(conn)? {
        target_plans::ask_recount(conn, plan, communes)?;
    }
    diesel::update(setting::table.find(RULES))
        .set(setting::value.eq(version.to_string()))
        .execute(conn)?;
    Ok(())
}

/// Up to `limit` communes that are still to be counted, of one plan or of all.
pub fn waiting(
    conn: &mut Conn,
    plan: Option<TargetPlanId>,
    limit: i64,
) -> Result<Vec<(TargetPlanId, AreaId)>, DbError> {
    let mut query = target_recount::table
        .order((target_recount::plan_id, target_recount::commune_id))
        .limit(limit)
        .into_boxed();
    if let Some(plan) = plan {
        query = query.filter(target_recount::plan_id.eq(plan.0));
    }
    let rows: Vec<(i64, i64)> = query.load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(plan, commune)| (TargetPlanId(plan), AreaId(commune)))
        .collect())
}

/// How many communes of each plan are still to be counted.
pub fn waiting_of(conn: &mut Conn, plan: TargetPlanId) -> Result<u32, DbError> {
    let count: i64 = target_recount::table
        .filter(target_recount::plan_id.eq(plan.0))
        .count()
        .get_result(conn)?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Counts one commune of a plan anew. Its revision moves, as with every change of a figure.
pub fn recount(conn: &mut Conn, plan: TargetPlanId, commune: AreaId) -> Result<(), DbError> {
    feed::bump(conn, commune)?;
    let targets = target_plans::targets_of(conn, plan)?;
    let ids: Vec<i64> = targets.iter().map(|(_, target)| target.id).collect();
    let shares = counted(conn, plan, commune, &targets)?;
    target_shares::replace(conn, &ids, commune, &shares)?;
    diesel::delete(target_recount::table.find((plan.0, commune.0))).execute(conn)?;
    Ok(())
}

/// A difference between what is stored and what a count gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Number of the target.
    pub code: String,
    /// The commune.
    pub commune: AreaId,
    /// Shares that count, by the count and as stored.
    pub shares: (usize, usize),
    /// Sum of the figures' amounts, by the count and as stored.
    pub amount: (i64, i64),
}

/// Compares what is stored with what a count gives, target by target. Read it in one snapshot.
pub fn check(conn: &mut Conn, plan: TargetPlanId, commune: AreaId) -> Result<Vec<Difference>, DbError> {
    let targets = target_plans::targets_of(conn, plan)?;
    let ids: Vec<i64> = targets.iter().map(|(_, target)| target.id).collect();
    let mut counted = counted(conn, plan, commune, &targets)?;
    let mut stored = target_shares::of_commune(conn, &ids, commune)?;
    let key = |share: &StoredShare| (share.target_id, share.record_id.clone(), share.area_id);
    counted.sort_by_key(key);
    stored.sort_by_key(key);
    let figures = target_figures::of_targets(conn, &ids, &[commune])?;
    let mut change = target_figures::Change::default();
    counted
        .iter()
        .filter(|share| share.counts())
        .for_each(|share| change.add(share));
    let expected = change.figures();
    let mut found = Vec::new();
    for (_, target) in &targets {
        fn of<T>(all: &[T], is_its: impl Fn(&&T) -> bool) -> Vec<&T> {
            all.iter().filter(is_its).collect()
        }
        let own = |share: &&StoredShare| share.target_id == target.id;
        let sum = |figure: &&StoredFigure| figure.target_id == target.id && figure.records != 0;
        let (ours, theirs) = (of(&counted, own), of(&stored, own));
        let (our_sums, their_sums) = (of(&expected, sum), of(&figures, sum));
        if ours == theirs && our_sums == their_sums {
            continue;
        }
        let counting = |shares: &[&StoredShare]| shares.iter().filter(|share| share.counts()).count();
        let amount = |sums: &[&StoredFigure]| sums.iter().map(|sum| sum.amount).sum();
        found.push(Difference {
            code: target.code.clone(),
            commune,
            shares: (counting(&ours), counting(&theirs)),
            amount: (amount(&our_sums), amount(&their_sums)),
        });
    }
    Ok(found)
}

/// Every share of the records of a commune, by the rule alone.
fn counted(
    conn: &mut Conn,
    plan: TargetPlanId,
    commune: AreaId,
    targets: &[(Option<String>, StoredTarget)],
) -> Result<Vec<StoredShare>, DbError> {
    if !target_plans::communes(conn, plan)?.contains(&commune) {
        return Ok(Vec::new());
    }
    let mut found = Counted::default();
    let has_cut_off = |(_, target): &(_, StoredTarget)| target.rule.rule().cut_off.is_some();
    found.read(conn, commune, targets, Standing::Accepted)?;
    if targets.iter().any(has_cut_off) {
        found.read(conn, commune, targets, Standing::TakenBack)?;
    }
    Ok(found.settled(targets))
}

/// Which records of a commune are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Those that are accepted.
    Accepted,
    /// Those that once were: they may be corrections of a figure that was closed.
    TakenBack,
}

#[derive(Default)]
struct Counted {
    shares: Vec<StoredShare>,
    groups: BTreeMap<(i64, String), Vec<Entry>>,
}

impl Counted {
    fn read(
        &mut self,
        conn: &mut Conn,
        commune: AreaId,
        targets: &[(Option<String>, StoredTarget)],
        standing: Standing,
    ) -> Result<(), DbError> {
        let kinds: BTreeSet<&str> = targets.iter().filter_map(|(kind, _)| kind.as_deref()).collect();
        let mut after: Option<(i64, String)> = None;
        loop {
            let page = page(conn, commune, &kinds, standing, after.as_ref())?;
            for row in &page {
                let verdicts = match standing {
                    Standing::Accepted => Vec::new(),
                    Standing::TakenBack => records::verdicts(conn, &row.id)?,
                };
                let body = DbError::unless(serde_json::from_str(&row.body).ok(), "record.body")?;
                for (_, target) in targets
                    .iter()
                    .filter(|(kind, _)| kind.as_deref() == Some(&row.kind))
                {
                    for entry in entries(row, &body, &target.rule.rule(), &verdicts)? {
                        self.add(target.id, entry);
                    }
                }
            }
            match page.last().filter(|_| page.len() == CHUNK) {
                Some(last) => after = Some((last.received_at, last.id.clone())),
                None => return Ok(()),
            }
        }
    }

    fn add(&mut self, target: i64, entry: Entry) {
        match entry.share.group.is_empty() {
            true => self.shares.push(StoredShare::of(target, &entry)),
            false => self
                .groups
                .entry((target, entry.share.group.clone()))
                .or_default()
                .push(entry),
        }
    }

    fn settled(self, targets: &[(Option<String>, StoredTarget)]) -> Vec<StoredShare> {
        let mut shares = self.shares;
        for ((id, _), mut group) in self.groups {
            let target = targets.iter().find(|(_, target)| target.id == id);
            let rule = target.map(|(_, target)| target.rule.rule());
            if let Some(limit) = rule.and_then(|rule| rule.target.source.as_ref()?.limit.as_ref()) {
                settle(limit, &mut group);
            }
            shares.extend(group.iter().map(|entry| StoredShare::of(id, entry)));
        }
        shares
    }
}

/// A page of the records of these kinds in a commune that stand so, in the order in which they arrived.
fn page(
    conn: &mut Conn,
    commune: AreaId,
    kinds: &BTreeSet<&str>,
    standing: Standing,
    after: Option<&(i64, String)>,
) -> Result<Vec<StoredRecord>, DbError> {
    let limit = i64::try_from(CHUNK).unwrap_or(i64::MAX);
    let accepted = RecordStatus::Accepted.as_str();
    let mut query = record::table
        .filter(record::commune_id.eq(commune.0))
        .filter(record::kind.eq_any(kinds.iter().copied()))
        .order((record::received_at, record::id))
        .limit(limit)
        .into_boxed();
    query = match standing {
        Standing::Accepted => query.filter(record::status.eq(accepted)),
        Standing::TakenBack => {
            let once = record_event::table
                .filter(record_event::record_id.eq(record::id))
                .filter(record_event::action.eq(accepted));
            query
                .filter(record::status.ne(accepted))
                .filter(diesel::dsl::exists(once))
        }
    };
    if let Some((received_at, id)) = after {
        let later = record::received_at
            .gt(*received_at)
            .or(record::received_at.eq(*received_at).and(record::id.gt(id)));
        query = query.filter(record::received_at.ge(*received_at)).filter(later);
    }
    Ok(query.load(conn)?)
}
