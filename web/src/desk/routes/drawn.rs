//! A route while it is drawn: stops in their order, each a place of the line or a checkpoint.

use keng_shared::geo::LatLon;
use keng_shared::id::{AreaId, CheckpointId, PatrolRouteId};
use keng_shared::patrol_route::{PatrolRoute, RouteTerms};
use keng_shared::sync::Checkpoint;
use serde_json::{Value, json};

/// A place of the line; at a checkpoint, which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// Where.
    pub at: LatLon,
    /// The checkpoint that the route leads past here.
    pub checkpoint: Option<CheckpointId>,
}

/// A route that is being drawn.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Drawn {
    /// In their order.
    pub stops: Vec<Stop>,
    /// The stored route that is changed, with its revision.
    pub changes: Option<(PatrolRouteId, u32)>,
}

/// Towards which end a stop is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Towards {
    Start,
    End,
}

impl Drawn {
    /// A stored route. A checkpoint is a stop where the line has its place; one that the line does not touch comes last.
    pub fn of(route: &PatrolRoute, points: &[Checkpoint]) -> Self {
        let past: Vec<&Checkpoint> = route
            .terms
            .checkpoints
            .iter()
            .filter_map(|id| points.iter().find(|point| point.id == *id))
            .collect();
        let mut drawn = Self {
            stops: Vec::new(),
            changes: Some((route.id, route.revision)),
        };
        for at in &route.terms.line {
            let here = past.iter().find(|point| point.position == *at);
            let checkpoint = here.map(|point| point.id).filter(|id| !drawn.leads_past(*id));
            drawn.stops.push(Stop { at: *at, checkpoint });
        }
        for point in past {
            drawn.lead_past(point);
        }
        drawn
    }

    /// Lengthens the line.
    pub fn lengthen(&mut self, at: LatLon) {
        self.stops.push(Stop { at, checkpoint: None });
    }

    /// Leads the line past a checkpoint, once.
    pub fn lead_past(&mut self, point: &Checkpoint) {
        if !self.leads_past(point.id) {
            self.stops.push(Stop {
                at: point.position,
                checkpoint: Some(point.id),
            });
        }
    }

    /// Whether a stop is this checkpoint.
    pub fn leads_past(&self, id: CheckpointId) -> bool {
        self.stops.iter().any(|stop| stop.checkpoint == Some(id))
    }

    /// Moves a stop by one place.
    pub fn shift(&mut self, index: usize, towards: Towards) {
        let other = match towards {
            Towards::Start => index.checked_sub(1),
            Towards::End => Some(index + 1).filter(|other| *other < self.stops.len()),
        };
        if let Some(other) = other {
            self.stops.swap(index, other);
        }
    }

    /// The line.
    pub fn line(&self) -> Vec<LatLon> {
        self.stops.iter().map(|stop| stop.at).collect()
    }

    /// What is stored.
    pub fn terms(&self, area_id: AreaId, name: String) -> RouteTerms {
        RouteTerms {
            area_id,
            name,
            line: self.line(),
            checkpoints: self.stops.iter().filter_map(|stop| stop.checkpoint).collect(),
        }
    }

    /// What the map shows: checkpoints, which can be pressed, and the line with its stops.
    pub fn features(&self, points: &[Checkpoint], name_of: impl Fn(usize) -> String) -> Vec<Value> {
        let mut features: Vec<Value> = points
            .iter()
            .map(|checkpoint| {
                let properties = json!({
                    "role": "checkpoint", "name": checkpoint.name, "radius_m": checkpoint.radius_m,
                    "key": checkpoint.id.to_string(),
                });
                point(checkpoint.position, properties)
            })
            .collect();
        features.extend(line(&self.line(), "route"));
        for (index, stop) in self.stops.iter().enumerate() {
            let sign = (index + 1).to_string();
            let properties = json!({"role": "stop", "sign": sign, "size": 22, "name": name_of(index)});
            features.push(point(stop.at, properties));
        }
        features
    }
}

/// A line as a feature of a role; none below two points.
pub fn line(places: &[LatLon], role: &str) -> Option<Value> {
    let coordinates: Vec<[f64; 2]> = places.iter().map(|at| [at.lon(), at.lat()]).collect();
    (coordinates.len() > 1).then(|| {
        json!({
            "type": "Feature",
            "geometry": {"type": "LineString", "coordinates": coordinates},
            "properties": {"role": role},
        })
    })
}

fn point(at: LatLon, properties: Value) -> Value {
    json!({
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [at.lon(), at.lat()]},
        "properties": properties,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lat_e7: i32) -> LatLon {
        LatLon { lat_e7, lon_e7: 0 }
    }

    fn checkpoint(id: i64, lat_e7: i32) -> Checkpoint {
        Checkpoint {
            id: CheckpointId(id),
            area_id: AreaId(1),
            name: format!("Điểm {id}"),
            position: at(lat_e7),
            radius_m: 50,
            token_sha256: String::new(),
            revision: 1,
            moved_at: None,
            retired_at: None,
        }
    }

    #[test]
    fn a_route_that_is_stored_and_opened_again_is_the_same() {
        let points = [checkpoint(1, 10), checkpoint(2, 30)];
        let mut drawn = Drawn::default();
        drawn.lead_past(&points[0]);
        drawn.lengthen(at(20));
        drawn.lead_past(&points[1]);
        drawn.lead_past(&points[1]);
        let terms = drawn.terms(AreaId(1), "Vòng".into());
        assert_eq!(terms.line, [at(10), at(20), at(30)]);
        assert_eq!(terms.checkpoints, [CheckpointId(1), CheckpointId(2)]);
        let route = PatrolRoute {
            id: PatrolRouteId(4),
            revision: 2,
            terms,
        };
        let again = Drawn::of(&route, &points);
        assert_eq!(again.stops, drawn.stops);
        assert_eq!(again.changes, Some((PatrolRouteId(4), 2)));
    }

    #[test]
    fn stops_move_by_one_and_not_beyond_the_ends() {
        let mut drawn = Drawn::default();
        drawn.lengthen(at(1));
        drawn.lengthen(at(2));
        drawn.shift(0, Towards::Start);
        drawn.shift(1, Towards::End);
        assert_eq!(drawn.line(), [at(1), at(2)]);
        drawn.shift(0, Towards::End);
        assert_eq!(drawn.line(), [at(2), at(1)]);
    }
}
