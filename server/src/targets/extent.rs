//! How large units are, and for how long: a commune or a village that began or ended within the period weighs as much as
//! the days that it had. What an average is divided by comes from here.

use super::homes::Homes;
use keng_shared::area::{AreaKind, AreaTree};
use keng_shared::id::AreaId;
use keng_shared::target::{Extent, Span, Target};
use keng_shared::time::LocalDate;
use std::collections::{HashMap, HashSet};

/// Most tiers below a commune.
const MAX_DEPTH: usize = 3;

/// A place that a target is asked of: a commune, or one of its residential areas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub commune: AreaId,
    /// The residential area, or the commune itself.
    pub area: AreaId,
}

/// What a target is asked in.
pub struct Land<'a> {
    pub tree: &'a AreaTree,
    /// Communes of the plan.
    pub communes: &'a [AreaId],
    /// Where they are today.
    pub homes: &'a Homes,
    /// From the first to the last day in time.
    pub span: Span,
    /// The day that figures are compared on.
    pub today: LocalDate,
}

#[derive(Default)]
struct Gathered {
    homes: HashSet<AreaId>,
    villages: HashSet<AreaId>,
    commune_days: i64,
    area_days: i64,
}

impl Land<'_> {
    /// The extent of each row, when `row_of` says of which row a place is.
    pub fn extents(
        &self,
        target: &Target,
        row_of: impl Fn(Place) -> Option<AreaId>,
    ) -> HashMap<AreaId, Extent> {
        let mut rows: HashMap<AreaId, Gathered> = HashMap::new();
        for commune in self.communes.iter().copied() {
            let place = |area| Place { commune, area };
            let Some(days) = self.days_of(commune, self.span) else {
                continue;
            };
            if let Some(row) = row_of(place(commune)).filter(|_| target.applies(commune, commune)) {
                let row = rows.entry(row).or_default();
                row.homes.insert(self.homes.of(commune));
                row.commune_days += days.days();
            }
            // A village is there on the day that is compared on, or on the last day of its commune before it.
            let on = self.today.clamp(days.from, days.to);
            for (village, days) in self.villages(commune, days) {
                let Some(row) = row_of(place(village)).filter(|_| target.applies(village, commune)) else {
                    continue;
                };
                let row = rows.entry(row).or_default();
                row.area_days += days.until(self.today).days();
                if days.holds(on) {
                    row.villages.insert(village);
                }
            }
        }
        let count = |found: usize| u32::try_from(found).unwrap_or(u32::MAX);
        let extent = |row: Gathered| Extent {
            communes: count(row.homes.len()).max(1),
            areas: count(row.villages.len()),
            commune_days: row.commune_days,
            area_days: row.area_days,
        };
        rows.into_iter().map(|(area, row)| (area, extent(row))).collect()
    }

    /// The extent of everything that `is_of` says belongs to it.
    pub fn extent(&self, target: &Target, is_of: impl Fn(Place) -> bool) -> Extent {
        const ALL: AreaId = AreaId(0);
        let mut rows = self.extents(target, |place| is_of(place).then_some(ALL));
        rows.remove(&ALL).unwrap_or(Extent {
            communes: 1,
            areas: 0,
            commune_days: 0,
            area_days: 0,
        })
    }

    /// Those of these days on which an area exists.
    fn days_of(&self, area: AreaId, days: Span) -> Option<Span> {
        let area = self.tree.get(area)?;
        shared(days, (area.valid_from, area.valid_to))
    }

    /// The residential areas of a commune, each with its days there.
    fn villages(&self, commune: AreaId, days: Span) -> Vec<(AreaId, Span)> {
        let mut found = Vec::new();
        let mut open = vec![(commune, days, 0)];
        while let Some((above, days, depth)) = open.pop() {
            for edge in self.tree.below_ever(above) {
                let own = shared(days, (edge.valid_from, edge.valid_to));
                let Some(own) = own.and_then(|days| self.days_of(edge.child, days)) else {
                    continue;
                };
                let kind = self.tree.get(edge.child).map(|area| area.kind);
                if kind == Some(AreaKind::ResidentialArea) {
                    found.push((edge.child, own));
                }
                // A circle in bad data ends here.
                if depth < MAX_DEPTH {
                    open.push((edge.child, own, depth + 1));
                }
            }
        }
        found
    }
}

/// The days of a span that lie between two days, where those are known.
fn shared(days: Span, (from, to): (Option<LocalDate>, Option<LocalDate>)) -> Option<Span> {
    let days = Span {
        from: from.map_or(days.from, |from| from.max(days.from)),
        to: to.map_or(days.to, |to| to.min(days.to)),
    };
    (days.days() > 0).then_some(days)
}
