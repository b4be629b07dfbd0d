//! Which shares stand behind a figure of an area, on the tree of each record's date or on that of today.

use super::homes::Homes;
use crate::db::target_plans::{self, StoredPlan};
use crate::db::target_shares::Places;
use crate::db::{Conn, DbError, successions};
use keng_shared::api::OnTree;
use keng_shared::area::{AreaKind, AreaTree};
use keng_shared::id::AreaId;
use keng_shared::time::LocalDate;
use std::collections::BTreeSet;

/// The places of a plan that an area stands for.
pub struct Scope {
    /// Communes of the plan, whether they belong to the area or not.
    pub all: Vec<AreaId>,
    /// Where they are today.
    pub homes: Homes,
    /// Communes of the plan in which something of the area may lie.
    communes: Vec<AreaId>,
    /// The only areas whose shares belong to it; all of these communes when missing.
    areas: Option<Vec<AreaId>>,
}

impl Scope {
    /// The scope of the plan's own area, of a commune, or of a residential area.
    pub fn read(
        conn: &mut Conn,
        tree: &AreaTree,
        plan: &StoredPlan,
        area: AreaId,
        on: OnTree,
        today: LocalDate,
    ) -> Result<Self, DbError> {
        let all = target_plans::communes(conn, plan.id)?;
        let steps = successions::onward(conn, &all)?;
        let homes = Homes::today(tree, &all, &steps, today);
        let kind = tree.get(area).map(|area| area.kind);
        let (communes, areas) = match (kind, on) {
            _ if area == plan.terms.area_id => (all.clone(), None),
            // A village outlives its commune.
            (Some(AreaKind::ResidentialArea), _) => {
                let of = tree.above_ever(area);
                let communes = all.iter().copied().filter(|id| of.contains(id)).collect();
                (communes, Some(vec![area]))
            }
            (_, OnTree::Then) => (all.iter().copied().filter(|id| *id == area).collect(), None),
            (_, OnTree::Now) => on_todays_tree(tree, &all, &homes, area, today),
        };
        Ok(Self {
            all,
            homes,
            communes,
            areas,
        })
    }

    /// Where its shares are looked for.
    pub fn places(&self) -> Places<'_> {
        Places {
            communes: &self.communes,
            areas: self.areas.as_deref(),
        }
    }

    /// Whether what counted in an area of a commune belongs to it.
    pub fn holds(&self, commune: AreaId, area: AreaId) -> bool {
        let is_area = |areas: &Vec<AreaId>| areas.contains(&area);
        self.communes.contains(&commune) && self.areas.as_ref().is_none_or(is_area)
    }
}

/// Communes that became this one, with the villages that it has today, whatever commune they had.
fn on_todays_tree(
    tree: &AreaTree,
    all: &[AreaId],
    homes: &Homes,
    area: AreaId,
    today: LocalDate,
) -> (Vec<AreaId>, Option<Vec<AreaId>>) {
    let mut communes: BTreeSet<AreaId> = BTreeSet::new();
    let mut areas: BTreeSet<AreaId> = BTreeSet::new();
    for commune in all.iter().copied() {
        if homes.of(commune) == area {
            communes.insert(commune);
            areas.insert(commune);
        }
        for village in tree.below_ever(commune).map(|edge| edge.child) {
            if homes.of_area(tree, village, commune, today) == area {
                communes.insert(commune);
                areas.insert(village);
            }
        }
    }
    (communes.into_iter().collect(), Some(areas.into_iter().collect()))
}
