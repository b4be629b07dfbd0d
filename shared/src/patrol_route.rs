//! Patrol routes: the way that a team usually walks, as a line on the map past checkpoints in their order.
//!
//! A route is a help to find the way. What a patrol is measured by stays the checkpoints that it passed, so a route holds
//! nobody to its line.

use crate::geo::LatLon;
use crate::id::{AreaId, CheckpointId, PatrolRouteId};
use crate::json::{FromJson, ToJson};
use crate::problem::{FieldCode, FieldError};
use crate::text;
use serde::{Deserialize, Serialize};

/// Longest name, in characters.
pub const MAX_NAME: usize = 100;
/// Fewest points of a line.
pub const MIN_POINTS: usize = 2;
/// Most points of a line.
pub const MAX_POINTS: usize = 200;
/// Longest line, in metres: what a team walks in a night.
pub const MAX_LENGTH_M: u32 = 30_000;
/// Most checkpoints of a route, as of a shift.
pub const MAX_CHECKPOINTS: usize = 50;

/// A route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PatrolRoute {
    /// The route.
    pub id: PatrolRouteId,
    /// Counts its changes, for `If-Match`.
    pub revision: u32,
    /// What was drawn.
    pub terms: RouteTerms,
}

/// Body of `POST /patrol-routes` and `PUT /patrol-routes/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RouteTerms {
    /// Where it lies.
    pub area_id: AreaId,
    /// Its name, 1 to [`MAX_NAME`] characters.
    pub name: String,
    /// The line, [`MIN_POINTS`] to [`MAX_POINTS`] points, at most [`MAX_LENGTH_M`] long.
    pub line: Vec<LatLon>,
    /// Checkpoints in the order in which they are passed, at most [`MAX_CHECKPOINTS`], each once.
    #[serde(default)]
    pub checkpoints: Vec<CheckpointId>,
}

impl RouteTerms {
    /// The terms with their name cleaned.
    pub fn parse(self) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let name = text::clean(&self.name);
        if name.is_empty() {
            errors.push(FieldError::new("name", FieldCode::Required));
        } else if name.chars().count() > MAX_NAME {
            errors.push(FieldError::new("name", FieldCode::TooLong).with("max", MAX_NAME));
        }
        if self.line.len() < MIN_POINTS {
            errors.push(FieldError::new("line", FieldCode::TooShort).with("min", MIN_POINTS));
        } else if self.line.len() > MAX_POINTS {
            errors.push(FieldError::new("line", FieldCode::TooLong).with("max", MAX_POINTS));
        } else if !self.line.iter().all(|at| at.is_valid()) {
            errors.push(FieldError::new("line", FieldCode::BadFormat).with("expected", "degrees"));
        } else if length_m(&self.line) > MAX_LENGTH_M {
            errors.push(FieldError::new("line", FieldCode::TooBig).with("max", MAX_LENGTH_M));
        }
        if self.checkpoints.len() > MAX_CHECKPOINTS {
            errors.push(FieldError::new("checkpoints", FieldCode::TooLong).with("max", MAX_CHECKPOINTS));
        }
        for (index, id) in self.checkpoints.iter().enumerate() {
            if self.checkpoints.iter().take(index).any(|earlier| earlier == id) {
                errors.push(FieldError::new(
                    format!("checkpoints.{index}"),
                    FieldCode::Duplicate,
                ));
            }
        }
        match errors.is_empty() {
            true => Ok(Self { name, ..self }),
            false => Err(errors),
        }
    }
}

/// Length of a line in whole metres.
pub fn length_m(line: &[LatLon]) -> u32 {
    let mut length = 0.0;
    for (from, to) in line.iter().zip(line.iter().skip(1)) {
        length += from.distance_m(*to);
    }
    // A float beyond the range becomes its end.
    length as u32
}

/// The route that leads past exactly these checkpoints, whatever their order and whatever retired ones it has; none where
/// none are planned.
pub fn leading_past<'a>(
    routes: &'a [PatrolRoute],
    checkpoints: &[CheckpointId],
    is_retired: impl Fn(CheckpointId) -> bool,
) -> Option<&'a PatrolRoute> {
    routes.iter().find(|route| {
        let mut past = route.terms.checkpoints.iter().filter(|id| !is_retired(**id));
        let count = past.clone().count();
        count > 0 && count == checkpoints.len() && past.all(|id| checkpoints.contains(id))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lat: f64, lon: f64) -> LatLon {
        LatLon::from_degrees(lat, lon).unwrap()
    }

    fn terms() -> RouteTerms {
        RouteTerms {
            area_id: AreaId(1),
            name: " Vòng quanh thôn ".into(),
            line: vec![at(19.96, 105.34), at(19.97, 105.34)],
            checkpoints: vec![CheckpointId(1), CheckpointId(2)],
        }
    }

    fn wrong(terms: RouteTerms) -> Vec<(String, FieldCode)> {
        let errors = terms.parse().err().unwrap_or_default();
        errors
            .into_iter()
            .map(|error| (error.field, error.code))
            .collect()
    }

    #[test]
    fn a_line_of_two_points_is_a_route_and_its_length_is_counted() {
        let parsed = terms().parse().unwrap();
        assert_eq!(parsed.name, "Vòng quanh thôn");
        assert!(
            (1_100..1_125).contains(&length_m(&parsed.line)),
            "{}",
            length_m(&parsed.line)
        );
    }

    #[test]
    fn a_line_too_short_too_long_or_of_too_many_points_is_refused() {
        let lines = [
            (vec![at(19.96, 105.34)], FieldCode::TooShort),
            (vec![at(19.96, 105.34); MAX_POINTS + 1], FieldCode::TooLong),
            (vec![at(19.0, 105.34), at(20.0, 105.34)], FieldCode::TooBig),
            (
                vec![
                    LatLon {
                        lat_e7: i32::MAX,
                        lon_e7: 0
                    };
                    2
                ],
                FieldCode::BadFormat,
            ),
        ];
        for (line, code) in lines {
            assert_eq!(wrong(RouteTerms { line, ..terms() }), [("line".into(), code)]);
        }
        let twice = RouteTerms {
            checkpoints: vec![CheckpointId(1), CheckpointId(1)],
            name: " ".into(),
            ..terms()
        };
        let expected = [
            ("name".into(), FieldCode::Required),
            ("checkpoints.1".into(), FieldCode::Duplicate),
        ];
        assert_eq!(wrong(twice), expected);
    }

    #[test]
    fn a_route_leads_past_the_same_checkpoints_in_any_order_and_past_no_others() {
        let routes = [PatrolRoute {
            id: PatrolRouteId(1),
            revision: 1,
            terms: terms(),
        }];
        let found = |ids: &[i64], retired: i64| {
            let ids: Vec<_> = ids.iter().copied().map(CheckpointId).collect();
            leading_past(&routes, &ids, |id| id.0 == retired).is_some()
        };
        assert!(found(&[2, 1], 0) && found(&[1], 2));
        assert!(!found(&[1], 0) && !found(&[1, 2, 3], 0) && !found(&[], 0) && !found(&[1, 2], 2));
    }
}
