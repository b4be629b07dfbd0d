//! The tree of areas as an import sees it while it grows, found by id, by code and by name. Files have a hundred thousand
//! rows: nothing here walks all areas to find one.

use keng_shared::area::{Area, AreaEdge, AreaTree};
use keng_shared::id::AreaId;
use std::collections::HashMap;

/// Areas and the edges above them.
#[derive(Default)]
pub(super) struct Known {
    areas: Vec<Area>,
    places: HashMap<AreaId, usize>,
    codes: HashMap<String, Vec<usize>>,
    /// Areas without a code, by name.
    names: HashMap<String, Vec<usize>>,
    /// Edges by the area below.
    edges: HashMap<AreaId, Vec<AreaEdge>>,
}

impl Known {
    pub(super) fn of(tree: &AreaTree) -> Self {
        let mut known = Self::default();
        for area in tree.iter() {
            known.push(area.clone());
        }
        for edge in tree.edges() {
            known.push_edge(edge.clone());
        }
        known
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Area> {
        self.areas.iter()
    }

    pub(super) fn get(&self, id: AreaId) -> Option<&Area> {
        self.areas.get(*self.places.get(&id)?)
    }

    /// Areas with this code, of any date.
    pub(super) fn with_code(&self, code: &str) -> impl Iterator<Item = &Area> {
        self.at(self.codes.get(code))
    }

    /// Areas without a code that are called so.
    pub(super) fn named(&self, name: &str) -> impl Iterator<Item = &Area> {
        self.at(self.names.get(name))
    }

    /// The edges above an area.
    pub(super) fn edges_of(&self, child: AreaId) -> &[AreaEdge] {
        self.edges.get(&child).map_or(&[], Vec::as_slice)
    }

    pub(super) fn push(&mut self, area: Area) {
        let place = self.areas.len();
        self.places.insert(area.id, place);
        let same = match &area.code {
            Some(code) => self.codes.entry(code.clone()),
            None => self.names.entry(area.name.clone()),
        };
        same.or_default().push(place);
        self.areas.push(area);
    }

    /// Puts an area in the place of the one with its id. Its code is the same, and so is its name where it has no code:
    /// that is what it was found by.
    pub(super) fn replace(&mut self, area: Area) {
        let place = self.places.get(&area.id).copied();
        if let Some(old) = place.and_then(|place| self.areas.get_mut(place)) {
            *old = area;
        }
    }

    pub(super) fn push_edge(&mut self, edge: AreaEdge) {
        self.edges.entry(edge.child).or_default().push(edge);
    }

    fn at(&self, places: Option<&Vec<usize>>) -> impl Iterator<Item = &Area> {
        let places = places.map_or(&[][..], Vec::as_slice);
        places.iter().filter_map(|place| self.areas.get(*place))
    }
}
