//! Handlers, one file an area of the API. A handler reads as five steps: parse, permit, do, record, answer.

pub mod access;
pub mod docs;
pub mod enrolment;
pub mod health;
pub mod me;
pub mod sessions;
pub mod user_import;
pub mod users;
