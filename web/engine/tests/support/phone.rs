//! A phone: the real engine over the memory store, with its effects laid out for the test to perform.

use super::server::Server;
use keng_engine::store::{Batch, MemoryStore};
use keng_engine::{
    Answer, Call, Capture, Effect, Engine, Event, Failure, Moment, Owner, PatrolEvent, Question, RequestId,
    Ticket,
};
use keng_shared::evidence::{Origin, SignedManifest, sha256_hex};
use keng_shared::file::PDF;
use keng_shared::geo::LatLon;
use keng_shared::id::{PhotoId, RecordId};
use keng_shared::time::Millis;
use keng_shared::track::TrackPoint;
use std::collections::VecDeque;
use uuid::Uuid;

/// A phone whose effects are performed at once, in their order, unless the test holds them back.
pub struct Phone {
    pub engine: Engine,
    pub store: MemoryStore,
    pub owner: Owner,
    pub now: Millis,
    pub online: bool,
    pub calls: VecDeque<(RequestId, Call)>,
    pub batches: VecDeque<(Ticket, Batch)>,
    pub others: Vec<Effect>,
    fresh: u128,
}

impl Phone {
    pub fn new(owner: Owner, now: Millis) -> Self {
        let store = MemoryStore::new();
        let mut phone = Self {
            engine: Engine::open(store.snapshot(), owner).unwrap(),
            store,
            owner,
            now,
            online: true,
            calls: VecDeque::new(),
            batches: VecDeque::new(),
            others: Vec::new(),
            fresh: owner.device_id.0.as_u128() << 64,
        };
        phone.tell(Event::Started);
        phone
    }

    /// Kills the page and opens it again over what the store has. Calls under way are forgotten.
    pub fn kill(&mut self) {
        self.calls.clear();
        self.batches.clear();
        self.others.clear();
        self.engine = Engine::open(self.store.snapshot(), self.owner).unwrap();
        self.tell(Event::Started);
    }

    /// One step; signs and persists at once, keeps calls for later.
    pub fn tell(&mut self, event: Event) {
        self.step_only(event);
        while let Some((ticket, batch)) = self.batches.pop_front() {
            self.store.write(&batch);
            self.step_only(Event::Persisted(ticket));
        }
    }

    /// One step without performing what it asks to persist.
    pub fn step_only(&mut self, event: Event) {
        let effects = self.step(event);
        for effect in effects {
            match effect {
                Effect::Persist { ticket, batch } => self.batches.push_back((ticket, batch)),
                Effect::Send { request, call } => self.calls.push_back((request, call)),
                Effect::Sign { manifest } => {
                    let signed = SignedManifest {
                        manifest: *manifest,
                        signature: String::new(),
                    };
                    self.step_only(Event::Signed { signed });
                }
                Effect::Wake { .. } => {}
                other => self.others.push(other),
            }
        }
    }

    /// One bare step.
    pub fn step(&mut self, event: Event) -> Vec<Effect> {
        self.fresh += 1 << 20;
        let moment = Moment {
            now: self.now,
            fresh: Uuid::from_u128(self.fresh),
        };
        self.engine.step(moment, event)
    }

    /// Lets calls and answers go back and forth until there is nothing more to say.
    pub fn sync(&mut self, server: &mut Server) {
        self.sync_at(server, self.now);
    }

    /// The same with a server whose clock shows something else.
    pub fn sync_at(&mut self, server: &mut Server, server_now: Millis) {
        for _ in 0..200 {
            let Some((request, call)) = self.calls.pop_front() else {
                return;
            };
            let result = if self.online {
                server.answer(self.owner.user_id, &call, server_now)
            } else {
                Err(Failure::NoAnswer)
            };
            self.tell(Event::Answered { request, result });
        }
        panic!("the phone does not come to rest");
    }

    /// Lets the server do what the phone asks, and loses the answer.
    pub fn lose_answers(&mut self, server: &mut Server) {
        while let Some((request, call)) = self.calls.pop_front() {
            let _ = server.answer(self.owner.user_id, &call, self.now);
            self.tell(Event::Answered {
                request,
                result: Err(Failure::NoAnswer),
            });
        }
    }

    pub fn answer(&mut self, request: RequestId, result: Result<Answer, Failure>) {
        self.tell(Event::Answered { request, result });
    }

    /// Time goes on and the phone wakes.
    pub fn later(&mut self, ms: i64) {
        self.now = self.now.plus(ms);
        self.tell(Event::Woke);
    }

    pub fn take_photo(&mut self, photo_id: PhotoId, record_id: RecordId) {
        let bytes = photo_bytes(photo_id);
        self.store.write_photo(photo_id, &bytes);
        let capture = capture(photo_id, record_id, self.now);
        self.tell(Event::PhotoTaken { capture });
    }

    /// Picks a file for a record.
    pub fn pick_file(&mut self, id: PhotoId, record_id: RecordId, name: &str) {
        let bytes = photo_bytes(id);
        self.store.write_photo(id, &bytes);
        let capture = Capture {
            mime: PDF.into(),
            origin: Origin::File,
            name: Some(name.to_owned()),
            ..capture(id, record_id, self.now)
        };
        self.tell(Event::PhotoTaken { capture });
    }

    pub fn walk(&mut self, seconds: i64) {
        self.now = self.now.plus(seconds * 1000);
        let fix = point(self.now);
        self.tell(Event::Patrol(PatrolEvent::Fix(fix)));
    }

    pub fn questions(&self) -> Vec<Question> {
        let asked = self.others.iter().filter_map(|effect| match effect {
            Effect::Ask(question) => Some(*question),
            _ => None,
        });
        asked.collect()
    }
}

pub fn point(at: Millis) -> TrackPoint {
    TrackPoint {
        at,
        position: LatLon::from_degrees(20.0 + (at.0 % 1_000_000) as f64 * 1e-8, 105.0).unwrap(),
        accuracy_cm: 500,
    }
}

pub fn photo_bytes(id: PhotoId) -> Vec<u8> {
    id.0.as_bytes().to_vec()
}

pub fn capture(photo_id: PhotoId, record_id: RecordId, now: Millis) -> Capture {
    let bytes = photo_bytes(photo_id);
    Capture {
        photo_id,
        record_id,
        sha256: sha256_hex(&bytes),
        size: bytes.len() as u64,
        mime: "image/jpeg".into(),
        width: 4,
        height: 4,
        captured_at: now,
        origin: Origin::Camera,
        fix: None,
        name: None,
    }
}
