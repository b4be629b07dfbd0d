//! Figures of plans in memory, commune by commune, so that a matrix after a change reads only the commune that changed.
//!
//! Invariant: the figures of a commune are given again only at the revision of the plan and of the commune at which they
//! were read; figures and revision were read in one snapshot. Every change of a figure moves the revision of its commune.

use crate::db::target_figures::{self, StoredFigure};
use crate::db::target_plans::StoredTarget;
use crate::db::{Conn, DbError, feed, target_shares};
use keng_shared::id::{AreaId, TargetPlanId};
use keng_shared::target::{Aggregation, Reach};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Plans whose figures are kept; that which was asked for longest ago leaves first.
const MOST: usize = 6;

/// What is stored about one commune, and at which revision of it.
#[derive(Debug, Default)]
pub struct OfCommune {
    at: i64,
    /// Its figures, residential area by residential area.
    pub by_area: Vec<StoredFigure>,
    /// The same without telling its residential areas apart, but where they are what is counted. A province has a tenth as
    /// many of these.
    pub as_one: Vec<StoredFigure>,
    /// How many shares came too late, by target.
    pub late: Vec<(i64, i64)>,
}

/// One plan at one revision.
#[derive(Debug, Clone)]
struct OfPlan {
    plan: TargetPlanId,
    revision: u32,
    communes: BTreeMap<AreaId, Arc<OfCommune>>,
}

/// The figures of this process, shared by all requests.
#[derive(Debug, Clone, Default)]
pub struct KeptFigures(Arc<Mutex<Vec<OfPlan>>>);

impl KeptFigures {
    /// What is stored about these communes of a plan. Must be called in a snapshot.
    pub fn read(
        &self,
        conn: &mut Conn,
        plan: (TargetPlanId, u32),
        targets: &[(Option<String>, StoredTarget)],
        communes: &[AreaId],
    ) -> Result<Vec<Arc<OfCommune>>, DbError> {
        let ids: Vec<i64> = targets.iter().map(|(_, target)| target.id).collect();
        let revisions = feed::revisions(conn, communes)?;
        let revision = |commune: &AreaId| revisions.get(commune).copied().unwrap_or(0);
        let known = self.known(plan);
        let is_fresh = |commune: &AreaId| {
            let known = known.get(commune);
            known.is_some_and(|known| known.at == revision(commune))
        };
        let changed: Vec<AreaId> = communes
            .iter()
            .copied()
            .filter(|commune| !is_fresh(commune))
            .collect();
        let mut read: HashMap<AreaId, OfCommune> = HashMap::new();
        if !changed.is_empty() {
            for figure in target_figures::of_targets(conn, &ids, &changed)? {
                let commune = read.entry(AreaId(figure.commune_id)).or_default();
                commune.by_area.push(figure);
            }
            for ((target, commune), count) in target_shares::late(conn, &ids, &changed)? {
                read.entry(commune).or_default().late.push((target, count));
            }
        }
        let counted_by_area = counted_by_area(targets);
        let mut fresh: BTreeMap<AreaId, Arc<OfCommune>> = BTreeMap::new();
        for commune in changed {
            let mut found = read.remove(&commune).unwrap_or_default();
            found.at = revision(&commune);
            found.as_one = as_one(&found.by_area, &counted_by_area);
            fresh.insert(commune, Arc::new(found));
        }
        let of = |commune: &AreaId| fresh.get(commune).or_else(|| known.get(commune)).cloned();
        let found = communes.iter().filter_map(of).collect();
        if !fresh.is_empty() {
            self.keep(plan, fresh);
        }
        Ok(found)
    }

    fn known(&self, (plan, revision): (TargetPlanId, u32)) -> BTreeMap<AreaId, Arc<OfCommune>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept
            .iter()
            .find(|kept| kept.plan == plan && kept.revision == revision);
        found.map(|kept| kept.communes.clone()).unwrap_or_default()
    }

    fn keep(&self, (plan, revision): (TargetPlanId, u32), fresh: BTreeMap<AreaId, Arc<OfCommune>>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.iter().position(|kept| kept.plan == plan);
        let mut of_plan = match place.map(|place| kept.remove(place)) {
            Some(known) if known.revision == revision => known,
            // A request that began before the plan changed takes nothing away from those that came after.
            Some(newer) if newer.revision > revision => newer,
            _ => OfPlan {
                plan,
                revision,
                communes: BTreeMap::new(),
            },
        };
        if of_plan.revision == revision {
            of_plan.communes.extend(fresh);
        }
        if kept.len() >= MOST {
            kept.remove(0);
        }
        kept.push(of_plan);
    }
}

/// The targets whose figure is how many residential areas something reached.
fn counted_by_area(targets: &[(Option<String>, StoredTarget)]) -> HashSet<i64> {
    let counts_areas = |target: &StoredTarget| {
        target.rule.rule().target.aggregation == Aggregation::Reach { of: Reach::Areas }
    };
    targets
        .iter()
        .filter(|(_, target)| counts_areas(target))
        .map(|(_, target)| target.id)
        .collect()
}

/// The figures of a commune added up over its residential areas, but for the targets of `counted_by_area`.
fn as_one(figures: &[StoredFigure], counted_by_area: &HashSet<i64>) -> Vec<StoredFigure> {
    let mut sums: BTreeMap<(i64, i64, &str), StoredFigure> = BTreeMap::new();
    for figure in figures {
        let area_id = match counted_by_area.contains(&figure.target_id) {
            true => figure.area_id,
            false => figure.commune_id,
        };
        let sum = sums
            .entry((figure.target_id, area_id, &figure.part))
            .or_insert_with(|| StoredFigure {
                area_id,
                amount: 0,
                total: 0,
                records: 0,
                ..figure.clone()
            });
        sum.amount = sum.amount.saturating_add(figure.amount);
        sum.total = sum.total.saturating_add(figure.total);
        sum.records = sum.records.saturating_add(figure.records);
    }
    sums.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn figure(target_id: i64, area_id: i64, part: String, records: i64) -> StoredFigure {
        StoredFigure {
            target_id,
            commune_id: 1,
            area_id,
            part,
            amount: 10 * records,
            total: 100 * records,
            records,
        }
    }

    #[test]
    fn a_commune_as_one_adds_up_its_residential_areas_but_keeps_those_that_are_counted() {
        let quarter = || "2026-Q1".to_owned();
        let figures = [
            figure(7, 1, quarter(), 1),
            figure(7, 11, quarter(), 2),
            figure(7, 12, "2026-Q2".to_owned(), 3),
            figure(8, 11, String::new(), 4),
            figure(8, 12, String::new(), 5),
        ];
        let expected = vec![
            figure(7, 1, quarter(), 3),
            figure(7, 1, "2026-Q2".to_owned(), 3),
            figure(8, 11, String::new(), 4),
            figure(8, 12, String::new(), 5),
        ];
        assert_eq!(as_one(&figures, &HashSet::from([8])), expected);
    }
}
