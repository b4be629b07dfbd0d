//! The demo's areas, read from `demo/areas.toml`.

use crate::db::boundaries::Polygons;
use crate::import::{AreaRow, ParentRef, SuccessionRow, TreeRows};
use keng_shared::api::UnitKind;
use keng_shared::area::{AreaKind, SuccessionRelation};
use keng_shared::geo::LatLon;
use keng_shared::time::LocalDate;
use serde::Deserialize;

/// The areas, their outlines and checkpoints.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Places {
    province: Upper,
    district: Upper,
    old_commune: Vec<OldCommune>,
    commune: Vec<Commune>,
    pub(super) residential_area: Vec<ResidentialArea>,
    pub(super) unit: Vec<Unit>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Upper {
    code: String,
    name: String,
    valid_to: Option<LocalDate>,
    centre: [f64; 2],
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OldCommune {
    code: String,
    name: String,
    successor: String,
    centre: [f64; 2],
    outline: Vec<[f64; 2]>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Commune {
    code: String,
    name: String,
    centre: [f64; 2],
    outline: Vec<[f64; 2]>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ResidentialArea {
    pub(super) name: String,
    commune: String,
    old_commune: String,
    centre: [f64; 2],
    outline: Vec<[f64; 2]>,
    pub(super) checkpoints: Vec<Checkpoint>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Checkpoint {
    pub(super) name: String,
    at: [f64; 2],
    pub(super) radius_m: u16,
}

impl Checkpoint {
    pub(super) fn position(&self) -> Option<LatLon> {
        point(self.at)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Unit {
    pub(super) kind: UnitKind,
    pub(super) name: String,
    pub(super) commune: String,
}

/// An outline and the area that it belongs to.
pub(super) struct Outline {
    /// Code of a commune or name of a residential area.
    pub(super) key: String,
    /// A date on which the key means the area.
    pub(super) on: LocalDate,
    pub(super) polygons: Polygons,
}

impl Places {
    pub(super) fn read() -> Result<Self, toml::de::Error> {
        toml::from_str(include_str!("../../demo/areas.toml"))
    }

    /// First day of the two-tier system.
    pub(super) fn reform(&self) -> Option<LocalDate> {
        self.district.valid_to.and_then(|last| last.succ_opt())
    }

    /// The areas as rows of an import.
    pub(super) fn rows(&self) -> TreeRows {
        let mut areas = Vec::new();
        let (reform, last) = (self.reform(), self.district.valid_to);
        let mut add = |kind, code: Option<&str>, name: &str, parents, valid_from, valid_to, centre| {
            areas.push(AreaRow {
                row: areas.len() + 1,
                kind,
                code: code.map(str::to_owned),
                name: name.to_owned(),
                parents,
                valid_from,
                valid_to,
                centre: point(centre),
            });
        };
        let (province, district) = (&self.province, &self.district);
        let below = |code: &str, on: Option<LocalDate>| ParentRef {
            code: code.to_owned(),
            on,
        };
        add(
            AreaKind::Province,
            Some(&province.code),
            &province.name,
            vec![],
            None,
            province.valid_to,
            province.centre,
        );
        let above = vec![below(&province.code, None)];
        add(
            AreaKind::District,
            Some(&district.code),
            &district.name,
            above,
            None,
            last,
            district.centre,
        );
        for old in &self.old_commune {
            let above = vec![below(&district.code, None)];
            add(
                AreaKind::Commune,
                Some(&old.code),
                &old.name,
                above,
                None,
                last,
                old.centre,
            );
        }
        for new in &self.commune {
            let above = vec![below(&province.code, None)];
            add(
                AreaKind::Commune,
                Some(&new.code),
                &new.name,
                above,
                reform,
                None,
                new.centre,
            );
        }
        for village in &self.residential_area {
            let above = vec![below(&village.old_commune, last), below(&village.commune, reform)];
            add(
                AreaKind::ResidentialArea,
                None,
                &village.name,
                above,
                None,
                None,
                village.centre,
            );
        }
        let first = areas.len() + 1;
        let successions = self.old_commune.iter().enumerate().filter_map(|(index, old)| {
            Some(SuccessionRow {
                row: first + index,
                old_code: old.code.clone(),
                new_code: old.successor.clone(),
                relation: SuccessionRelation::Whole,
                effective: reform?,
            })
        });
        TreeRows {
            successions: successions.collect(),
            areas,
            refused: Vec::new(),
        }
    }

    /// All outlines.
    pub(super) fn outlines(&self) -> Vec<Outline> {
        let (Some(reform), Some(last)) = (self.reform(), self.district.valid_to) else {
            return Vec::new();
        };
        let outline = |key: &str, on, ring: &[[f64; 2]]| Outline {
            key: key.to_owned(),
            on,
            polygons: vec![vec![closed(ring)]],
        };
        let old = self
            .old_commune
            .iter()
            .map(|old| outline(&old.code, last, &old.outline));
        let new = self
            .commune
            .iter()
            .map(|new| outline(&new.code, reform, &new.outline));
        let villages = self.residential_area.iter();
        let villages = villages.map(|village| outline(&village.name, reform, &village.outline));
        old.chain(new).chain(villages).collect()
    }
}

fn point([lat, lon]: [f64; 2]) -> Option<LatLon> {
    LatLon::from_degrees(lat, lon)
}

fn closed(ring: &[[f64; 2]]) -> Vec<[f64; 2]> {
    ring.iter().chain(ring.first()).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use keng_shared::geo::contains;

    #[test]
    fn ngoc_lac_has_21_old_communes_6_new_ones_a_dozen_villages_and_24_checkpoints() {
        let places = Places::read().unwrap();
        assert_eq!(
            (
                places.old_commune.len(),
                places.commune.len(),
                places.residential_area.len()
            ),
            (21, 6, 12)
        );
        let checkpoints: usize = places.residential_area.iter().map(|r| r.checkpoints.len()).sum();
        assert_eq!(checkpoints, 24);
        let kien_tho = places.old_commune.iter().find(|old| old.code == "15118").unwrap();
        assert_eq!(
            (kien_tho.name.as_str(), kien_tho.successor.as_str()),
            ("Xã Kiên Thọ", "15112")
        );
    }

    #[test]
    fn every_centre_and_checkpoint_lies_inside_its_outline_and_every_village_in_its_commune() {
        let places = Places::read().unwrap();
        let inside = |ring: &[[f64; 2]], at: [f64; 2]| contains(&[vec![closed(ring)]], point(at).unwrap());
        for new in &places.commune {
            assert!(inside(&new.outline, new.centre), "{}", new.name);
        }
        for old in &places.old_commune {
            assert!(inside(&old.outline, old.centre), "{}", old.name);
        }
        for village in &places.residential_area {
            assert!(inside(&village.outline, village.centre), "{}", village.name);
            let commune = places.commune.iter().find(|c| c.code == village.commune).unwrap();
            assert!(inside(&commune.outline, village.centre), "{}", village.name);
            for checkpoint in &village.checkpoints {
                assert!(inside(&village.outline, checkpoint.at), "{}", checkpoint.name);
            }
        }
    }
}
