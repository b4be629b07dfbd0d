//! Figures of plans in memory, commune by commune, so that a matrix after a change reads only the commune that changed.
//!
//! Invariant: the figures of a commune are given again only at the revision of the plan and of the commune at which they
//! were read; figures and revision were read in one snapshot. Every change of a figure moves the revision of its commune.

use crate::db::target_figures::{self, StoredFigure};
use crate::db::{Conn, DbError, feed, target_shares};
use keng_shared::id::{AreaId, TargetPlanId};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// Plans whose figures are kept; that which was asked for longest ago leaves first.
const MOST: usize = 6;

/// What is stored about one commune, and at which revision of it.
#[derive(Debug, Default)]
pub struct OfCommune {
    at: i64,
    /// Its figures.
    pub figures: Vec<StoredFigure>,
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
        targets: &[i64],
        communes: &[AreaId],
    ) -> Result<Vec<Arc<OfCommune>>, DbError> {
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
            for figure in target_figures::of_targets(conn, targets, &changed)? {
                let commune = read.entry(AreaId(figure.commune_id)).or_default();
                commune.figures.push(figure);
            }
            for ((target, commune), count) in target_shares::late(conn, targets, &changed)? {
                read.entry(commune).or_default().late.push((target, count));
            }
        }
        let mut fresh: BTreeMap<AreaId, Arc<OfCommune>> = BTreeMap::new();
        for commune in changed {
            let mut found = read.remove(&commune).unwrap_or_default();
            found.at = revision(&commune);
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
