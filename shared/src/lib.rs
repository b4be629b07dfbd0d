//! The domain of Kẻng and the protocol between its phones, desks and server.
//!
//! Everything here is a pure function of its arguments: no IO, no clock, no randomness. The same code runs in the
//! browser (`wasm32`) and on the server, so a draft that the phone accepts is a draft that the server accepts.
#![warn(missing_docs)]

// The derives name this crate as others do.
extern crate self as keng_shared;

pub mod api;
pub mod area;
pub mod camera;
pub mod campaign;
pub mod client;
pub mod evaluation;
pub mod evidence;
pub mod file;
pub mod geo;
pub mod id;
pub mod inbox;
pub mod incident;
pub mod json;
pub mod kind;
pub mod label;
pub mod loudspeaker;
pub mod model_register;
pub mod order;
pub mod patrol;
pub mod patrol_route;
pub mod permission;
pub mod problem;
pub mod record;
pub mod risk;
pub mod roster;
pub mod sync;
pub mod target;
pub mod task;
pub mod text;
pub mod time;
pub mod track;
mod unicode;
