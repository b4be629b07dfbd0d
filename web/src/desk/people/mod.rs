//! Teams and people: who works where, in which role, on which devices, and the invitation that lets a person in.

mod enrolment;
mod list;
mod new_person;
mod person;
mod sessions;
mod teams;

pub use list::PeoplePage;
pub use sessions::SessionList;
pub use teams::TeamsPage;

use crate::icons;
use crate::ui::{NavItem, Tabs};
use crate::words::desk as d;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The two tabs of teams and people.
#[component]
fn PeopleTabs() -> impl IntoView {
    let items = vec![
        NavItem::new("/desk/teams", d::teams(), icons::USERS),
        NavItem::new("/desk/people", d::people(), icons::USER),
    ];
    view! { <Tabs label=d::nav_teams() items here=use_location().pathname/> }
}
