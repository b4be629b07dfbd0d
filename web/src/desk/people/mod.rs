//! Teams and people: who works where, in which role, on which devices, and the invitation that lets a person in.

mod enrolment;
mod evaluation;
mod list;
mod new_person;
mod person;
mod sessions;
mod teams;

pub use evaluation::EvaluationPage;
pub use list::PeoplePage;
pub use sessions::SessionList;
pub use teams::TeamsPage;

use super::api::use_api;
use crate::icons;
use crate::ui::{NavItem, Tabs};
use crate::words::{desk as d, evaluation as e};
use keng_shared::permission::Verb;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The tabs of teams and people.
#[component]
fn PeopleTabs() -> impl IntoView {
    let mut items = vec![
        NavItem::new("/desk/teams", d::teams(), icons::USERS).alone(),
        NavItem::new("/desk/people", d::people(), icons::USER),
    ];
    if use_api().may(Verb::ReadRecords) {
        items.push(NavItem::new("/desk/teams/evaluation", e::tab(), icons::FLAG));
    }
    view! { <Tabs label=d::nav_teams() items here=use_location().pathname/> }
}
