//! The desk, as a computer of staff starts it.

use keng_web::chunk;
use keng_web::desk::{self, Chunks, Desk, Page};
use keng_web::shell::dom;
use leptos::prelude::*;

chunk! { REVIEW: review(page: Page) { desk::review_pages(page) } }
chunk! { INCIDENTS: incidents(page: Page) { desk::incident_pages(page) } }
chunk! { PLANNING: planning(page: Page) { desk::planning_pages(page) } }
chunk! { PEOPLE: people(page: Page) { desk::people_pages(page) } }

fn main() {
    let chunks = Chunks {
        review: &REVIEW,
        incidents: &INCIDENTS,
        planning: &PLANNING,
        people: &PEOPLE,
    };
    dom::remove("skeleton");
    dom::mount("app", move || view! { <Desk chunks/> });
}
