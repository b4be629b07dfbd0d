//! Signing out never deletes unsent work in silence.

use super::rows::{Meta, Row};
use super::{Engine, PullState, Session, Turn};
use crate::effect::{Effect, Question, Unsent};
use crate::event::SignOutChoice;
use crate::item::ItemKey;

impl Engine {
    /// How much is still only on this phone.
    pub fn unsent(&self) -> Unsent {
        let mut unsent = Unsent {
            drafts: self.drafts.len(),
            ..Unsent::default()
        };
        for item in self.items.values().filter(|item| item.is_unsent()) {
            match item.key {
                ItemKey::Upload(_) => unsent.photos += 1,
                // A photo is one thing to people, however it travels.
                ItemKey::Announce(_) => {}
                ItemKey::Record(_) | ItemKey::Segment(_) | ItemKey::Task(_) | ItemKey::Footage(_) => {
                    unsent.items += 1;
                }
            }
        }
        unsent
    }

    pub(super) fn sign_out(&mut self, turn: &Turn) {
        self.note(turn, "sign_out", None, None);
        let unsent = self.unsent();
        if unsent.is_nothing() && self.patrol.is_none() {
            self.delete_everything();
        } else {
            self.effects
                .push(Effect::Ask(Question::SignOutWithUnsent(unsent)));
        }
    }

    pub(super) fn sign_out_anyway(&mut self, turn: &Turn, choice: SignOutChoice) {
        match choice {
            SignOutChoice::Stay => {}
            SignOutChoice::Keep => {
                self.note(turn, "sign_out_keep", None, None);
                self.forget_the_servers_records();
            }
            SignOutChoice::Delete => self.delete_everything(),
        }
    }

    fn delete_everything(&mut self) {
        self.session = Session::SigningOut;
        self.rows.wipe();
    }

    /// Who is signed out sees nothing of the others' records on this phone; they come again with the next sign-in.
    fn forget_the_servers_records(&mut self) {
        self.session = Session::SigningOut;
        for id in std::mem::take(&mut self.records).into_keys() {
            self.mark(Row::Record(id));
        }
        self.scope = None;
        self.forget_inbox();
        self.pull = PullState {
            generation: self.pull.generation + 1,
            ..PullState::default()
        };
        self.mark(Row::Meta(Meta::Scope));
        self.mark(Row::Meta(Meta::Pull));
    }

    /// Says whether the engine is signed out or on the way there.
    pub(super) fn close_when_signed_out(&mut self) -> bool {
        match self.session {
            Session::SigningOut => {
                if self.rows.all_saved() {
                    self.session = Session::SignedOut;
                    self.effects.push(Effect::SignedOut);
                }
                true
            }
            Session::SignedOut => true,
            Session::NeedsRefresh | Session::Active | Session::Ended => false,
        }
    }
}
