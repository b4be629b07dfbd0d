//! The field app: what a member of a team does on a phone.
//!
//! One [`app::App`] holds what is on screen and the way to the engine. A screen is one file: it reads projections of the
//! engine's state, tells events, and knows neither storage nor network. Every field change is told at once, so a page
//! that is killed loses nothing.

mod app;
mod boot;
mod camera_choice;
mod chunks;
mod files;
mod form_fields;
mod frame;
mod ground;
mod model_choice;
mod outdoors;
mod parts;
mod photos;
mod place_choice;
mod route;
mod screens;
mod states;

pub use app::start;
pub use chunks::{Chunks, form_screens, outdoor_screens, own_screens};
pub use route::Route;
