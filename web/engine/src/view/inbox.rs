//! The inbox as this phone knows it.

use crate::engine::Engine;
use keng_shared::api::Inbox;
use keng_shared::time::Millis;

/// The inbox, readable without a network.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptInbox {
    /// The lines, with what was seen on this phone.
    pub inbox: Inbox,
    /// When it came, by the phone's clock.
    pub brought_at: Option<Millis>,
}

impl Engine {
    /// The inbox, once it has come.
    pub fn inbox(&self) -> Option<KeptInbox> {
        Some(KeptInbox {
            inbox: self.inbox.clone()?,
            brought_at: self.inbox_state.brought_at,
        })
    }

    /// How many lines are unread.
    pub fn unread(&self) -> u32 {
        self.inbox.as_ref().map_or(0, |inbox| inbox.unread)
    }
}
