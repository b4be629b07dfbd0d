//! What the app does while a patrol runs or a form wants a position: follows the phone, keeps the screen on, and tells
//! the engine when the page is out of sight.

use super::app::App;
use crate::derived::Derived;
use crate::shell::clock;
use crate::shell::position::{Measured, Report, Watch};
use crate::shell::visibility::{self, Visibility};
use crate::shell::wake_lock::WakeLock;
use keng_engine::{Event, PatrolEvent};
use keng_shared::time::Millis;
use keng_shared::track::TrackPoint;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Fixes closer together than this add nothing to a walk: every fix is written to the disk at once.
const FIX_EVERY_MS: i64 = 3_000;

/// A phone that lies still reports no new fix for a while; only a longer silence means that the position is lost.
const LOST_AFTER_MS: i64 = 60_000;

thread_local! {
    static WATCH: RefCell<Option<Watch>> = const { RefCell::new(None) };
    static WAKE_LOCK: RefCell<Option<WakeLock>> = const { RefCell::new(None) };
}

/// Follows the phone for as long as the app lives, whenever somebody wants it.
pub fn follow(app: App) {
    let on_patrol = app.is_on_patrol();
    let wanted = Derived::new(move || on_patrol.get() || app.position_wanted.get() > 0);
    Effect::new(move || {
        let watch = wanted.get().then(|| watch(app, on_patrol));
        WATCH.with_borrow_mut(|slot| *slot = watch);
        if !wanted.get() {
            app.here.set(None);
        }
    });
    Effect::new(move || {
        let lock = on_patrol
            .get()
            .then(|| WakeLock::hold(move |screen| app.screen.set(screen)));
        WAKE_LOCK.with_borrow_mut(|slot| *slot = lock);
    });
    // A phone that lies still reports no new position when a patrol starts: what is known is its first fix.
    Effect::new(move || {
        let known = on_patrol.get().then(|| app.here.get_untracked()).flatten();
        let now = clock::now();
        if let Some(here) = known.filter(|here| !is_lost(Some(here.at), now)) {
            app.tell(Event::Patrol(PatrolEvent::Fix(TrackPoint {
                at: now,
                ..point(here)
            })));
        }
    });
    if let Some(listener) = visibility::watch(move |state| {
        if on_patrol.get_untracked() {
            app.tell(Event::Patrol(match state {
                Visibility::Visible => PatrolEvent::Shown,
                Visibility::Hidden => PatrolEvent::Hidden,
            }));
        }
    }) {
        listener.forever();
    }
}

/// Asks for positions as long as the component lives that calls this.
pub fn want_position(app: App) {
    app.position_wanted.update(|count| *count += 1);
    on_cleanup(move || {
        app.position_wanted
            .update(|count| *count = count.saturating_sub(1))
    });
}

fn watch(app: App, on_patrol: Derived<bool>) -> Watch {
    let last = Rc::new(Cell::new(None::<Millis>));
    Watch::start(move |report| {
        let on_patrol = on_patrol.get_untracked();
        match report {
            Report::Here(measured) => {
                app.position_denied.set(false);
                app.here.set(Some(measured));
                if on_patrol && is_due(last.get(), measured.at) {
                    last.set(Some(measured.at));
                    app.tell(Event::Patrol(PatrolEvent::Fix(point(measured))));
                }
            }
            Report::Denied => {
                app.position_denied.set(true);
                app.here.set(None);
                if on_patrol {
                    app.tell(Event::Patrol(PatrolEvent::Denied));
                }
            }
            Report::NoFix => {
                if on_patrol && is_lost(last.get(), clock::now()) {
                    app.tell(Event::Patrol(PatrolEvent::NoFix));
                }
            }
        }
    })
}

fn is_due(last: Option<Millis>, at: Millis) -> bool {
    last.is_none_or(|last| !(0..FIX_EVERY_MS).contains(&at.since(last)))
}

fn is_lost(last: Option<Millis>, now: Millis) -> bool {
    last.is_none_or(|last| now.since(last) > LOST_AFTER_MS)
}

fn point(measured: Measured) -> TrackPoint {
    TrackPoint {
        at: measured.at,
        position: measured.position,
        accuracy_cm: measured.accuracy_cm,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fix_is_taken_every_three_seconds_and_also_after_the_clock_was_set_back() {
        let last = Some(Millis(10_000));
        assert!(is_due(None, Millis(0)) && is_due(last, Millis(13_000)) && is_due(last, Millis(9_000)));
        assert!(!is_due(last, Millis(12_999)));
    }

    #[test]
    fn a_phone_that_lies_still_for_a_moment_has_not_lost_its_position() {
        assert!(!is_lost(Some(Millis(0)), Millis(60_000)) && is_lost(Some(Millis(0)), Millis(60_001)));
    }
}
