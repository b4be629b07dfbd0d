//! The area tree: province → (district, until 2025-06-30) → commune → residential area, every edge with dates.
//!
//! Official codes are reused, so an area is known by a surrogate id and a code means something only on a date.
//! Parents have dates of their own: a residential area outlives the commune that it belonged to.

use crate::id::AreaId;
use crate::json::{FromJson, ToJson};
use crate::time::LocalDate;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The tier of an area.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, FromJson, ToJson,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AreaKind {
    /// Tỉnh / thành phố trực thuộc Trung ương.
    Province,
    /// Huyện; closed everywhere on 2025-06-30.
    District,
    /// Xã / phường / thị trấn / đặc khu.
    Commune,
    /// Khu dân cư: thôn, làng, bản, ấp, khóm, khu phố, tổ dân phố.
    ResidentialArea,
}

impl AreaKind {
    /// The wire form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::District => "district",
            Self::Commune => "commune",
            Self::ResidentialArea => "residential_area",
        }
    }

    /// The kind with this wire form.
    pub fn parse(text: &str) -> Option<Self> {
        [
            Self::Province,
            Self::District,
            Self::Commune,
            Self::ResidentialArea,
        ]
        .into_iter()
        .find(|k| k.as_str() == text)
    }
}

/// An area. Valid from `valid_from` to `valid_to`, both days included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Area {
    /// Surrogate id, never reused.
    pub id: AreaId,
    /// Tier.
    pub kind: AreaKind,
    /// Official code, where there is one; several areas have had the same code at different times.
    pub code: Option<String>,
    /// Full name with its prefix: "Xã Ngọc Lặc".
    pub name: String,
    /// First day.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub valid_from: Option<LocalDate>,
    /// Last day.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub valid_to: Option<LocalDate>,
    /// A point to put a label or open a map on.
    pub centre: Option<crate::geo::LatLon>,
}

impl Area {
    /// Whether the area exists on `date`.
    pub fn is_valid_on(&self, date: LocalDate) -> bool {
        within(self.valid_from, self.valid_to, date)
    }
}

/// "`child` belongs to `parent`", from a first to a last day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AreaEdge {
    /// The lower area.
    pub child: AreaId,
    /// The upper area.
    pub parent: AreaId,
    /// First day.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub valid_from: Option<LocalDate>,
    /// Last day.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub valid_to: Option<LocalDate>,
}

/// How an old area became a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SuccessionRelation {
    /// All of the old area went into the new one.
    Whole,
    /// A part of the old area went into the new one.
    Partial,
    /// The area went on with another name or none of its borders changed.
    Unchanged,
}

/// One row of the succession table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Succession {
    /// The area before.
    pub old: AreaId,
    /// The area after.
    pub new: AreaId,
    /// How.
    pub relation: SuccessionRelation,
    /// First day of the new area.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub effective: LocalDate,
}

/// The whole tree in memory, to ask about any date.
#[derive(Debug, Default, Clone)]
pub struct AreaTree {
    areas: HashMap<AreaId, Area>,
    parents: HashMap<AreaId, Vec<AreaEdge>>,
    children: HashMap<AreaId, Vec<AreaEdge>>,
}

impl AreaTree {
    /// A tree of these areas and edges.
    pub fn new(areas: Vec<Area>, edges: Vec<AreaEdge>) -> Self {
        let mut tree = Self {
            areas: areas.into_iter().map(|a| (a.id, a)).collect(),
            ..Self::default()
        };
        for edge in edges {
            tree.parents.entry(edge.child).or_default().push(edge.clone());
            tree.children.entry(edge.parent).or_default().push(edge);
        }
        tree
    }

    /// The area with this id.
    pub fn get(&self, id: AreaId) -> Option<&Area> {
        self.areas.get(&id)
    }

    /// All areas, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &Area> {
        self.areas.values()
    }

    /// All edges, of all dates, in no order.
    pub fn edges(&self) -> impl Iterator<Item = &AreaEdge> {
        self.parents.values().flatten()
    }

    /// What lay directly below on any date.
    pub fn below_ever(&self, id: AreaId) -> impl Iterator<Item = &AreaEdge> {
        self.children.get(&id).into_iter().flatten()
    }

    /// The areas that it lay below on any date, and itself.
    pub fn above_ever(&self, id: AreaId) -> Vec<AreaId> {
        let mut found = vec![id];
        let mut next = 0;
        while let Some(&at) = found.get(next) {
            next += 1;
            for edge in self.parents.get(&at).into_iter().flatten() {
                if !found.contains(&edge.parent) {
                    found.push(edge.parent);
                }
            }
        }
        found
    }

    /// The areas directly below on `date`.
    pub fn children(&self, id: AreaId, date: LocalDate) -> impl Iterator<Item = AreaId> + '_ {
        let edges = self.children.get(&id).into_iter().flatten();
        edges
            .filter(move |e| within(e.valid_from, e.valid_to, date))
            .map(|e| e.child)
    }

    /// The area above on `date`.
    pub fn parent(&self, id: AreaId, date: LocalDate) -> Option<AreaId> {
        let edges = self.parents.get(&id)?;
        edges
            .iter()
            .find(|e| within(e.valid_from, e.valid_to, date))
            .map(|e| e.parent)
    }

    /// The area itself and everything above it on `date`, nearest first. A circle in bad data ends the walk.
    pub fn chain(&self, id: AreaId, date: LocalDate) -> Vec<AreaId> {
        let mut chain = vec![id];
        let mut at = id;
        while let Some(parent) = self.parent(at, date) {
            if chain.contains(&parent) {
                break;
            }
            chain.push(parent);
            at = parent;
        }
        chain
    }

    /// Whether `id` is `ancestor` or lies below it on `date`.
    pub fn is_within(&self, id: AreaId, ancestor: AreaId, date: LocalDate) -> bool {
        self.chain(id, date).contains(&ancestor)
    }

    /// The nearest commune at or above `id` on `date`.
    pub fn commune_of(&self, id: AreaId, date: LocalDate) -> Option<AreaId> {
        self.chain(id, date)
            .into_iter()
            .find(|a| self.get(*a).is_some_and(|a| a.kind == AreaKind::Commune))
    }

    /// The area itself and everything below it on `date`.
    pub fn subtree(&self, id: AreaId, date: LocalDate) -> Vec<AreaId> {
        let mut found = vec![id];
        let mut next = 0;
        while let Some(&at) = found.get(next) {
            next += 1;
            for edge in self.children.get(&at).into_iter().flatten() {
                if within(edge.valid_from, edge.valid_to, date) && !found.contains(&edge.child) {
                    found.push(edge.child);
                }
            }
        }
        found
    }
}

fn within(from: Option<LocalDate>, to: Option<LocalDate>, date: LocalDate) -> bool {
    from.is_none_or(|from| from <= date) && to.is_none_or(|to| date <= to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> LocalDate {
        text.parse().unwrap()
    }

    fn area(id: i64, kind: AreaKind, code: &str, from: Option<&str>, to: Option<&str>) -> Area {
        Area {
            id: AreaId(id),
            kind,
            code: Some(code.into()),
            name: format!("#{id}"),
            valid_from: from.map(day),
            valid_to: to.map(day),
            centre: None,
        }
    }

    fn edge(child: i64, parent: i64, from: Option<&str>, to: Option<&str>) -> AreaEdge {
        AreaEdge {
            child: AreaId(child),
            parent: AreaId(parent),
            valid_from: from.map(day),
            valid_to: to.map(day),
        }
    }

    /// Thanh Hóa (1) with Ngọc Lặc district (2), old commune Kiên Thọ (3, 15118), new Kiên Thọ (4, 15112), a village (5).
    fn kien_tho() -> AreaTree {
        AreaTree::new(
            vec![
                area(1, AreaKind::Province, "38", None, None),
                area(2, AreaKind::District, "389", None, Some("2025-06-30")),
                area(3, AreaKind::Commune, "15118", None, Some("2025-06-30")),
                area(4, AreaKind::Commune, "15112", Some("2025-07-01"), None),
                area(5, AreaKind::ResidentialArea, "", None, None),
            ],
            vec![
                edge(2, 1, None, Some("2025-06-30")),
                edge(3, 2, None, Some("2025-06-30")),
                edge(4, 1, Some("2025-07-01"), None),
                edge(5, 3, None, Some("2025-06-30")),
                edge(5, 4, Some("2025-07-01"), None),
            ],
        )
    }

    #[test]
    fn a_village_outlives_its_commune_and_is_found_under_the_one_of_the_date() {
        let tree = kien_tho();
        assert_eq!(tree.commune_of(AreaId(5), day("2025-06-30")), Some(AreaId(3)));
        assert_eq!(tree.commune_of(AreaId(5), day("2025-07-01")), Some(AreaId(4)));
        assert!(tree.is_within(AreaId(5), AreaId(2), day("2025-06-30")));
        assert!(!tree.is_within(AreaId(5), AreaId(2), day("2025-07-01")));
        assert!(tree.is_within(AreaId(5), AreaId(1), day("2025-07-01")));
    }

    #[test]
    fn the_subtree_of_the_province_has_no_district_after_the_reform() {
        let tree = kien_tho();
        let now = tree.subtree(AreaId(1), day("2026-01-01"));
        assert_eq!(now, [AreaId(1), AreaId(4), AreaId(5)]);
    }

    #[test]
    fn a_circle_in_bad_data_does_not_hang_the_walk() {
        let tree = AreaTree::new(vec![], vec![edge(1, 2, None, None), edge(2, 1, None, None)]);
        assert_eq!(tree.chain(AreaId(1), day("2026-01-01")), [AreaId(1), AreaId(2)]);
        assert_eq!(tree.subtree(AreaId(1), day("2026-01-01")).len(), 2);
    }
}
