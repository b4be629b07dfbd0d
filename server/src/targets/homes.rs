//! Communes of earlier dates under those of today.

pub mod lives;

use keng_shared::area::{AreaTree, Succession, SuccessionRelation};
use keng_shared::id::AreaId;
use keng_shared::time::LocalDate;
use lives::Lives;
use std::collections::HashMap;

/// Where communes of earlier dates are today.
#[derive(Debug, Default)]
pub struct Homes {
    today: HashMap<AreaId, AreaId>,
    lives: Lives,
}

impl Homes {
    /// Follows every commune that has ended to the one that all of it went into. A commune that was split is followed
    /// nowhere and stays in a row of its own.
    pub fn today(tree: &AreaTree, communes: &[AreaId], successions: &[Succession], today: LocalDate) -> Self {
        let mut homes = HashMap::new();
        for commune in communes {
            let mut at = *commune;
            // A chain of successions is short; a circle in bad data ends here.
            for _ in 0..20 {
                if tree.get(at).is_some_and(|area| area.is_valid_on(today)) {
                    break;
                }
                let whole =
                    |step: &&Succession| step.old == at && step.relation != SuccessionRelation::Partial;
                match successions.iter().find(whole) {
                    Some(step) => at = step.new,
                    None => break,
                }
            }
            homes.insert(*commune, at);
        }
        Self {
            today: homes,
            lives: Lives::of(tree, communes, successions),
        }
    }

    /// For how long communes were there.
    pub fn lives(&self) -> &Lives {
        &self.lives
    }

    /// The commune of today; itself where it has none.
    pub fn of(&self, commune: AreaId) -> AreaId {
        self.today.get(&commune).copied().unwrap_or(commune)
    }

    /// Whether something has become this commune, or it is one of the plan itself.
    pub fn holds(&self, commune: AreaId) -> bool {
        self.today.values().any(|home| *home == commune)
    }

    /// The commune of today of what counted in an area of a commune: a village is followed by itself.
    pub fn of_area(&self, tree: &AreaTree, area: AreaId, commune: AreaId, today: LocalDate) -> AreaId {
        let own = (area != commune).then(|| tree.commune_of(area, today)).flatten();
        own.unwrap_or_else(|| self.of(commune))
    }
}
