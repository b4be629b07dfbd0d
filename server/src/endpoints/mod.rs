//! Handlers, one file an area of the API. A handler reads as five steps: parse, permit, do, record, answer.

pub mod access;
pub mod area_imports;
pub mod area_maps;
pub mod areas;
pub mod checkpoints;
pub mod docs;
pub mod enrolment;
pub mod health;
pub mod kinds;
mod manage_people;
pub mod me;
pub mod memberships;
pub mod patrol_plans;
pub mod photos;
pub mod records;
pub mod reviews;
pub mod scope;
pub mod sessions;
pub mod sync;
pub mod teams;
pub mod tracks;
pub mod uploads;
pub mod user_import;
pub mod users;
