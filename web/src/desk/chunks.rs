//! Which pages of the desk come later, and together: the desk opens with its overview.

use super::areas::AreasPage;
use super::cameras::CamerasPage;
use super::campaigns::CampaignsPage;
use super::checkpoints::CheckpointsPage;
use super::incidents::IncidentsPage;
use super::loudspeaker::LoudspeakerPage;
use super::map_page::MapPage;
use super::models::ModelsPage;
use super::people::{EvaluationPage, PeoplePage, TeamsPage};
use super::profile::ProfilePage;
use super::records::RecordsPage;
use super::review::ReviewPage;
use super::roster::RosterPage;
use super::routes::RoutesPage;
use super::targets::TargetsPage;
use super::tasks::TasksPage;
use super::working_days::WorkingDaysPage;
use crate::later::Chunk;
use leptos::prelude::*;

/// A page that comes later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    Review,
    Records,
    Incidents,
    Cameras,
    Map,
    Plans,
    Loudspeaker,
    Targets,
    Campaigns,
    Models,
    Tasks,
    Checkpoints,
    Routes,
    Areas,
    Teams,
    Evaluation,
    People,
    WorkingDays,
    Profile,
}

/// The chunks of the desk; the binary names them, since each program has its own.
#[derive(Clone, Copy)]
pub struct Chunks {
    /// Made by [`review_pages`].
    pub review: &'static Chunk<Page>,
    /// Made by [`incident_pages`].
    pub incidents: &'static Chunk<Page>,
    /// Made by [`planning_pages`].
    pub planning: &'static Chunk<Page>,
    /// Made by [`people_pages`].
    pub people: &'static Chunk<Page>,
}

impl Chunks {
    /// The chunk that a page is in.
    pub fn of(&self, page: Page) -> &'static Chunk<Page> {
        match page {
            Page::Review | Page::Records => self.review,
            Page::Incidents | Page::Cameras | Page::Map => self.incidents,
            Page::Plans
            | Page::Tasks
            | Page::Loudspeaker
            | Page::Targets
            | Page::Campaigns
            | Page::Models
            | Page::Checkpoints
            | Page::Routes => self.planning,
            Page::Areas
            | Page::Teams
            | Page::Evaluation
            | Page::People
            | Page::WorkingDays
            | Page::Profile => self.people,
        }
    }
}

/// What came in, to be judged one by one or many at once.
pub fn review_pages(page: Page) -> AnyView {
    match page {
        Page::Records => view! { <RecordsPage/> }.into_any(),
        _ => view! { <ReviewPage/> }.into_any(),
    }
}

/// Incidents, the cameras that saw them, and the map of everything.
pub fn incident_pages(page: Page) -> AnyView {
    match page {
        Page::Cameras => view! { <CamerasPage/> }.into_any(),
        Page::Map => view! { <MapPage/> }.into_any(),
        _ => view! { <IncidentsPage/> }.into_any(),
    }
}

/// What is to happen, and where.
pub fn planning_pages(page: Page) -> AnyView {
    match page {
        Page::Loudspeaker => view! { <LoudspeakerPage/> }.into_any(),
        Page::Targets => view! { <TargetsPage/> }.into_any(),
        Page::Campaigns => view! { <CampaignsPage/> }.into_any(),
        Page::Models => view! { <ModelsPage/> }.into_any(),
        Page::Tasks => view! { <TasksPage/> }.into_any(),
        Page::Checkpoints => view! { <CheckpointsPage/> }.into_any(),
        Page::Routes => view! { <RoutesPage/> }.into_any(),
        _ => view! { <RosterPage/> }.into_any(),
    }
}

/// Areas, teams, people, and oneself.
pub fn people_pages(page: Page) -> AnyView {
    match page {
        Page::Areas => view! { <AreasPage/> }.into_any(),
        Page::Teams => view! { <TeamsPage/> }.into_any(),
        Page::Evaluation => view! { <EvaluationPage/> }.into_any(),
        Page::People => view! { <PeoplePage/> }.into_any(),
        Page::WorkingDays => view! { <WorkingDaysPage/> }.into_any(),
        _ => view! { <ProfilePage/> }.into_any(),
    }
}
