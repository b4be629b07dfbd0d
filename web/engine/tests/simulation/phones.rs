//! Pages that open, write, are killed and evicted.

use super::*;

impl World {
    pub(super) fn tell(&mut self, at: usize, event: Event) {
        self.fresh += 1 << 16;
        let phone = &mut self.phones[at];
        let Some(engine) = &mut phone.engine else { return };
        let moment = Moment {
            now: Millis(self.now + phone.clock_off_ms),
            fresh: Uuid::from_u128(self.fresh ^ (u128::from(self.dice.next()) & 0xffff)),
        };
        if self.aloud && !matches!(event, Event::Persisted(_)) {
            println!("{:>7} phone {at}: {event:?}", self.now - EVENING.0);
        }
        let effects = engine.step(moment, event);
        for effect in effects {
            self.perform(at, effect);
        }
    }

    pub(super) fn perform(&mut self, at: usize, effect: Effect) {
        match effect {
            Effect::Persist { ticket, batch } => {
                let phone = &mut self.phones[at];
                assert!(phone.batch.is_none(), "two batches under way");
                let deeds = std::mem::take(&mut phone.unflushed);
                phone.batch = Some((ticket, batch, deeds));
                let delay = self.dice.below(30) as i64;
                self.later(delay, at, Happening::Written);
            }
            Effect::Send { request, call } => self.send(at, request, call),
            Effect::Sign { manifest } => {
                let signed = SignedManifest {
                    manifest: *manifest,
                    signature: String::new(),
                };
                self.later(5, at, Happening::Signed(Box::new(signed)));
            }
            Effect::Wake { after_ms } => {
                self.phones[at].wake += 1;
                let number = self.phones[at].wake;
                self.later(after_ms, at, Happening::Wakes { number });
            }
            Effect::Invalid { errors, .. } => self.broken = Some(format!("a form is invalid: {errors:?}")),
            Effect::Ask(_) | Effect::SignedOut => {}
        }
    }

    pub(super) fn written(&mut self, at: usize) {
        let Some((ticket, batch, deeds)) = self.phones[at].batch.take() else {
            return;
        };
        self.phones[at].store.write(&batch);
        self.remember(&deeds);
        self.tell(at, Event::Persisted(ticket));
    }

    pub(super) fn remember(&mut self, deeds: &[Deed]) {
        for deed in deeds {
            let (Deed::Version(id, _)
            | Deed::Withdrawal(id)
            | Deed::Photo(id, _)
            | Deed::Fix(id, _)
            | Deed::End(id)) = deed;
            let Some(form) = self.forms.get_mut(id) else {
                continue;
            };
            match deed {
                Deed::Version(_, version) => form.durable = form.durable.max(*version),
                Deed::Withdrawal(_) => form.withdrawn = true,
                Deed::Photo(_, photo) => drop(form.photos.insert(*photo)),
                Deed::Fix(_, at) => drop(form.fixes.insert(*at)),
                Deed::End(_) => form.durable = 2,
            }
        }
    }

    pub(super) fn kill(&mut self, at: usize) {
        self.figures.kills += 1;
        self.say(|| format!("phone {at} is killed"));
        let phone = &mut self.phones[at];
        phone.life += 1;
        phone.engine = None;
        phone.calls = 0;
        phone.token_until = 0;
        phone.unflushed.clear();
        if let Some((_, batch, deeds)) = phone.batch.take()
            && self.dice.per_cent(50)
        {
            phone.store.write(&batch);
            self.remember(&deeds);
        }
        if self.dice.per_cent(5) {
            self.evict(at);
        }
        let delay = self.dice.below(20_000) as i64;
        self.later(delay, at, Happening::Opens);
    }

    /// The browser deletes everything: what was not sent is lost, and that is what the app warns of.
    pub(super) fn evict(&mut self, at: usize) {
        self.figures.evictions += 1;
        self.say(|| format!("phone {at} is evicted"));
        self.phones[at].store = MemoryStore::new();
        self.phones[at].walking = None;
        for form in self.forms.values_mut().filter(|form| form.phone == at) {
            form.evicted = true;
        }
    }

    pub(super) fn open(&mut self, at: usize) {
        if self.phones[at].engine.is_some() {
            return;
        }
        let phone = &mut self.phones[at];
        let engine = Engine::open(phone.store.snapshot(), phone.owner).unwrap();
        // The patrol that the store knows is the one that goes on.
        let patrol = engine.patrol(Millis(self.now));
        phone.walking = patrol.as_ref().map(|patrol| patrol.record.id);
        phone.engine = Some(engine);
        self.tell(at, Event::Started);
        // A page that was killed before the end of a break was stored shows the break; the person ends it again.
        if patrol.is_some_and(|patrol| patrol.is_paused) {
            self.tell(at, Event::Patrol(PatrolEvent::Resumed));
        }
    }
}
