//! Handlers, one file an area of the API. A handler reads as five steps: parse, permit, do, record, answer.

pub mod access;
pub mod health;
pub mod me;
