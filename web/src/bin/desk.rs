//! The desk: what staff see at `/desk`.

use keng_web::desk::Desk;
use keng_web::shell::dom;
use leptos::prelude::*;

fn main() {
    let Some(place) = dom::mount_point("app") else {
        return;
    };
    mount_to(place, Desk).forget();
}
