//! API tests: stories of the cast, each on SQLite and on PostgreSQL. One binary, so that linking happens once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a story that goes wrong ends its test"
)]

mod area_imports;
mod areas;
mod auth;
mod broadcast_schedules;
mod broadcasts;
mod browser_rules;
mod bucket;
mod bulk;
mod cameras;
mod campaigns;
mod checkpoints;
mod command_line;
mod evaluations;
mod export_evidence;
mod export_memory;
mod exports;
mod files;
mod footage_changes;
mod hostile;
mod import_files;
mod incident_changes;
mod incident_places;
mod incidents;
mod map;
mod memory;
mod models;
mod my_targets;
mod overload;
mod patrol_routes;
mod people;
mod permissions;
mod photo_pictures;
mod photos;
mod plan_versions;
mod pulls;
mod push;
mod records;
mod reviews;
mod risk;
mod roster;
mod search;
mod small_disk;
mod storage;
mod sync;
mod tables;
mod target_plans;
mod target_year;
mod target_years;
mod targets;
mod tasks;
mod teams;
mod working_days;
