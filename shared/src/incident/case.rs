//! The case beside an incident: what the police did with it, step by step.
//!
//! received → verifying → handed over → resolved, or not confirmed. A step that the table does not hold is refused
//! with the current state. A closed case can be opened again, with words that say why. A report that its author takes
//! back before anybody began is withdrawn.

use crate::json::{FromJson, ToJson};
use serde::{Deserialize, Serialize};

/// Longest words of a step, in characters.
pub const MAX_WORDS: usize = 1_000;

/// Who says where it happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PlaceOf {
    /// The reporter's phone: it was there when the form was filled.
    #[default]
    Report,
    /// The reporter, on the map.
    Hand,
    /// The camera that saw it: where that hangs.
    Camera,
    /// An officer, who corrected it.
    Officer,
}

impl PlaceOf {
    /// The wire form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Hand => "hand",
            Self::Camera => "camera",
            Self::Officer => "officer",
        }
    }

    /// The one with this wire form.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Report, Self::Hand, Self::Camera, Self::Officer]
            .into_iter()
            .find(|one| one.as_str() == text)
    }
}

/// Where a case stands.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, FromJson, ToJson,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CaseState {
    /// Arrived; nobody has begun.
    Received,
    /// An officer looks into it.
    Verifying,
    /// Given to those who are competent; the words say to whom.
    HandedOver,
    /// Done; the words say how.
    Resolved,
    /// It was not so; the words say what was found.
    NotConfirmed,
    /// The author took the report back before anybody began.
    Withdrawn,
}

impl CaseState {
    /// All states, in the order of the board.
    pub const ALL: &'static [Self] = &[
        Self::Received,
        Self::Verifying,
        Self::HandedOver,
        Self::Resolved,
        Self::NotConfirmed,
        Self::Withdrawn,
    ];

    /// The wire form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Verifying => "verifying",
            Self::HandedOver => "handed_over",
            Self::Resolved => "resolved",
            Self::NotConfirmed => "not_confirmed",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state with this wire form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.as_str() == text)
    }

    /// The states that an officer may put it in next.
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Received => &[Self::Verifying],
            Self::Verifying => &[Self::HandedOver, Self::Resolved, Self::NotConfirmed],
            Self::HandedOver => &[Self::Resolved, Self::NotConfirmed],
            Self::Resolved | Self::NotConfirmed => &[Self::Verifying],
            Self::Withdrawn => &[],
        }
    }

    /// Whether nothing is left to do.
    pub fn is_closed(self) -> bool {
        matches!(self, Self::Resolved | Self::NotConfirmed | Self::Withdrawn)
    }

    /// Whether the due time counts: until it was verified and handed over, or closed.
    pub fn is_due(self) -> bool {
        matches!(self, Self::Received | Self::Verifying)
    }

    /// Whether a step from here to `to` must say something.
    pub fn needs_words(self, to: Self) -> bool {
        !(self == Self::Received && to == Self::Verifying)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_but_received_and_withdrawn_is_reached_by_a_step() {
        for &state in CaseState::ALL {
            let reached = CaseState::ALL.iter().any(|from| from.next().contains(&state));
            let by_itself = matches!(state, CaseState::Received | CaseState::Withdrawn);
            assert_eq!(reached, !by_itself, "{state:?}");
        }
    }

    #[test]
    fn a_case_is_not_handed_over_before_somebody_looked() {
        assert!(!CaseState::Received.next().contains(&CaseState::HandedOver));
        assert!(!CaseState::Received.next().contains(&CaseState::Resolved));
    }
}
