//! The desk: what staff see on a computer. Review of what came in, areas, teams and people, plans, checkpoints.
//!
//! Each page is a folder or file of the same name. Pages ask the server through [`api::Api`] and keep what they got in
//! [`load::Loaded`]; a page's address says what it shows, so that back works and a link can be sent to a colleague.

mod api;
mod areas;
mod cameras;
mod campaigns;
mod checkpoints;
mod chunks;
mod due;
mod export;
mod frame;
mod import;
mod inbox;
mod incidents;
mod known;
mod load;
mod loudspeaker;
mod map_page;
mod models;
mod overview;
mod people;
mod photo;
mod profile;
mod push;
mod records;
mod review;
mod roster;
mod routes;
mod sign_in;
mod stream;
mod targets;
mod tasks;
mod week_picker;
mod working_days;

pub use chunks::{Chunks, Page, incident_pages, people_pages, planning_pages, review_pages};
pub use frame::Desk;

use crate::shell::{clock, dom};
use crate::words::{self, Lang};
use keng_shared::time::{LocalDate, Millis};

/// Names of the settings that this browser keeps; the field app uses the same.
const LANGUAGE: &str = "lang";
const THEME: &str = "theme";

/// The language that was chosen last, or Vietnamese.
fn stored_language() -> Lang {
    dom::setting(LANGUAGE)
        .map(|tag| Lang::from_tag(&tag))
        .unwrap_or_default()
}

/// Sets the language of the page.
fn speak(lang: Lang) {
    words::set_lang(lang);
    dom::set_root("lang", lang.tag());
}

/// Now, by the clock of this computer.
fn now() -> Millis {
    clock::now()
}

/// Today in Việt Nam.
fn today() -> LocalDate {
    now().local_date().unwrap_or_default()
}
