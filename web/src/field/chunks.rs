//! Which screens come later, and together: a phone opens with Today, what can be logged, and the list of records.

use super::route::Route;
use super::screens;
use crate::later::Chunk;
use keng_shared::campaign::ACTIVITY;
use leptos::prelude::*;

/// The chunks of the field app; the binary names them, since each program has its own.
#[derive(Clone, Copy)]
pub struct Chunks {
    /// Made by [`outdoor_screens`].
    pub outdoors: &'static Chunk<Route>,
    /// Made by [`form_screens`].
    pub forms: &'static Chunk<Route>,
    /// Made by [`own_screens`].
    pub own: &'static Chunk<Route>,
}

impl Chunks {
    /// The chunk that a screen is in, if it is in one.
    pub fn of(&self, route: &Route) -> Option<&'static Chunk<Route>> {
        match route {
            Route::Today | Route::Log | Route::Records | Route::Unknown => None,
            Route::Shifts
            | Route::PatrolStart(_)
            | Route::Patrol
            | Route::CheckIn(_)
            | Route::Finding(_)
            | Route::PatrolEnd => Some(self.outdoors),
            Route::NewForm(_) | Route::CampaignForm(_) | Route::Form(_) | Route::Broadcasts => {
                Some(self.forms)
            }
            Route::Record(_)
            | Route::Tasks
            | Route::Task(_)
            | Route::Targets
            | Route::Inbox
            | Route::Phone
            | Route::Me
            | Route::Enrol => Some(self.own),
        }
    }
}

/// The coming shifts, and the screens of a patrol.
pub fn outdoor_screens(route: Route) -> AnyView {
    match route {
        Route::Shifts => view! { <screens::Shifts/> }.into_any(),
        Route::PatrolStart(plan) => view! { <screens::PatrolStart plan/> }.into_any(),
        Route::CheckIn(id) => view! { <screens::CheckIn id/> }.into_any(),
        Route::Finding(id) => view! { <screens::Finding id/> }.into_any(),
        Route::PatrolEnd => view! { <screens::PatrolEnd/> }.into_any(),
        _ => view! { <screens::Patrol/> }.into_any(),
    }
}

/// The screens on which something is written down.
pub fn form_screens(route: Route) -> AnyView {
    match route {
        Route::NewForm(kind) => view! { <screens::NewForm kind/> }.into_any(),
        Route::CampaignForm(key) => {
            view! { <screens::NewForm kind=ACTIVITY.to_owned() campaign=key/> }.into_any()
        }
        Route::Form(id) => view! { <screens::Form id/> }.into_any(),
        _ => view! { <screens::Broadcasts/> }.into_any(),
    }
}

/// One record, and what is about the person and the phone.
pub fn own_screens(route: Route) -> AnyView {
    match route {
        Route::Record(id) => view! { <screens::Record id/> }.into_any(),
        Route::Tasks => view! { <screens::Tasks/> }.into_any(),
        Route::Task(id) => view! { <screens::Task id/> }.into_any(),
        Route::Targets => view! { <screens::Targets/> }.into_any(),
        Route::Inbox => view! { <screens::Inbox/> }.into_any(),
        Route::Phone => view! { <screens::Phone/> }.into_any(),
        Route::Enrol => view! { <screens::Enrol/> }.into_any(),
        _ => view! { <screens::Me/> }.into_any(),
    }
}
