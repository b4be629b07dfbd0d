//! What became of a shift, in word, icon and colour.

use super::{Chip, Tone};
use crate::icons;
use crate::words::{roster as r, when};
use keng_shared::roster::ShiftState;
use keng_shared::sync::PatrolPlan;
use keng_shared::time::Millis;
use leptos::prelude::*;

/// How the state of a shift is meant.
pub fn shift_tone(state: ShiftState) -> Tone {
    match state {
        ShiftState::Upcoming => Tone::Info,
        ShiftState::UnderWay => Tone::Primary,
        ShiftState::Late => Tone::Warn,
        ShiftState::Missed => Tone::Danger,
        ShiftState::Done => Tone::Good,
    }
}

/// The state of a shift as a chip; a shift that began late says how late.
#[component]
pub fn ShiftChip(
    /// The shift.
    plan: PatrolPlan,
    /// By the server's clock.
    now: Millis,
) -> impl IntoView {
    let state = plan.state(now);
    let icon = match state {
        ShiftState::Upcoming => icons::CALENDAR_CLOCK,
        ShiftState::UnderWay => icons::FOOTPRINTS,
        ShiftState::Late => icons::TIMER,
        ShiftState::Missed => icons::CIRCLE_X,
        ShiftState::Done => icons::CIRCLE_CHECK,
    };
    let mut words = r::state(state).to_owned();
    if let Some(late) = plan.late_by() {
        words = format!("{words}, {}", r::late_by(when::duration(late)));
    }
    view! { <Chip tone=shift_tone(state) icon words/> }
}
