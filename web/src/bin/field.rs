//! The field app, as a phone starts it.

use keng_web::chunk;
use keng_web::field::{self, Chunks, Route};
use leptos::prelude::AnyView;

chunk! { OUTDOORS: outdoors(route: Route) { field::outdoor_screens(route) } }
chunk! { FORMS: forms(route: Route) { field::form_screens(route) } }
chunk! { OWN: own(route: Route) { field::own_screens(route) } }

fn main() {
    field::start(Chunks {
        outdoors: &OUTDOORS,
        forms: &FORMS,
        own: &OWN,
    });
}
