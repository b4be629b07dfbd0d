//! Seeded simulation (TRUST R3): phones with the real engine, a model server, and everything that goes wrong on the way.
//!
//! A schedule is a pure function of its seed. Calls are lost, doubled, delayed past each other and answered by portals; pages
//! are killed between any two events, with the batch under way written or not; stores are evicted; clocks are two days off;
//! tokens run out; people leave communes; areas move; the server is restored from a backup. Then the weather clears, and:
//!
//! * what was durable on a phone is with the server in its newest version, or set aside with a reason;
//! * what was acknowledged is still there, also after a restore;
//! * no older version ever replaced a newer one, no fix is there twice, no phone keeps records of an area it left.
//!
//! `KENG_SIM_SCHEDULES` sets the number of schedules, `KENG_SIM_SEED` runs one and prints what happens in it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that finds something else than expected should stop right there"
)]

mod support;
#[path = "simulation/world.rs"]
mod world;

use world::World;

/// Schedules in an ordinary run.
const SCHEDULES: u64 = 100_000;

#[test]
fn nothing_is_lost_doubled_or_misplaced_in_any_schedule() {
    if let Some(seed) = number("KENG_SIM_SEED") {
        return run(seed, true);
    }
    for line in include_str!("seeds.txt").lines() {
        if let Ok(seed) = line.trim().parse() {
            run(seed, false);
        }
    }
    let mut figures = world::Figures::default();
    for seed in 0..number("KENG_SIM_SCHEDULES").unwrap_or(SCHEDULES) {
        figures.add(&simulate(seed, false));
    }
    println!("{figures:?}");
    figures.assert_that_everything_happened();
}

fn run(seed: u64, aloud: bool) {
    simulate(seed, aloud);
}

fn simulate(seed: u64, aloud: bool) -> world::Figures {
    let mut world = World::new(seed, aloud);
    world.live();
    match world.verdict() {
        Ok(figures) => figures,
        Err(broken) => panic!(
            "failing seed {seed}: {broken}\n(KENG_SIM_SEED={seed} cargo test -p keng-engine --test simulation -- --nocapture)"
        ),
    }
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}
