//! Performs what the engine asks for, and tells it what came of it.
//!
//! The engine decides, the driver does: one match over [`Effect`]. Nothing here knows what a record is.

use super::camera::Picture;
use super::device::{Device, Identity};
use super::fetch::Fetch;
use super::file::Picked;
use super::store::IndexedDbStore;
use super::{Fault, clock, storage, timer, upload};
use keng_engine::store::{Batch, LocalStore, StoreError};
use keng_engine::{
    Answer, Call, Capture, Effect, Engine, Event, Failure, Moment, OpenError, Owner, Question, RequestId,
    Ticket,
};
use keng_shared::api::MarkRead;
use keng_shared::client::{CallError, Client};
use keng_shared::evidence::{Manifest, Origin, sha256_hex};
use keng_shared::file::{PDF, clean_name};
use keng_shared::geo::Fix;
use keng_shared::id::{PhotoId, RecordId};
use keng_shared::problem::FieldError;
use keng_shared::sync::Me;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// What the person sees of a step.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// Something may look different now.
    Changed,
    /// A question.
    Ask(Question),
    /// A form was not valid.
    Invalid {
        /// Whose form.
        record_id: RecordId,
        /// What is wrong.
        errors: Vec<FieldError>,
    },
    /// The person is signed out and everything that had to go is gone.
    SignedOut,
}

/// Why a person's store could not be opened.
#[derive(Debug)]
pub enum OpenFault {
    /// The browser refused.
    Browser(Fault),
    /// The store could not be read.
    Store(StoreError),
    /// The engine does not take what is in it.
    Engine(OpenError),
}

/// Why a photo was not kept.
#[derive(Debug)]
pub enum PhotoFault {
    /// There is too little room left; what is on the phone must be sent first.
    NoRoom,
    /// The store failed.
    Store(StoreError),
}

/// A running engine. Clones share it.
#[derive(Clone)]
pub struct Driver(Rc<Inner>);

struct Inner {
    engine: RefCell<Engine>,
    store: IndexedDbStore,
    device: Device,
    identity: Identity,
    client: Client<Fetch>,
    me: Me,
    notify: Box<dyn Fn(Notice)>,
    wake: Cell<u64>,
    closed: Cell<bool>,
}

impl Driver {
    /// Opens a person's store and the engine over it. Nothing is sent before [`Driver::start`].
    pub async fn open(
        device: &Device,
        me: &Me,
        client: Client<Fetch>,
        notify: impl Fn(Notice) + 'static,
    ) -> Result<Self, OpenFault> {
        let identity = device.identity(&me.username).await.map_err(OpenFault::Browser)?;
        let store = IndexedDbStore::open(device, me.id)
            .await
            .map_err(OpenFault::Browser)?;
        let snapshot = store.load().await.map_err(OpenFault::Store)?;
        let owner = Owner {
            user_id: me.id,
            device_id: identity.id(),
        };
        let engine = Engine::open(snapshot, owner).map_err(OpenFault::Engine)?;
        Ok(Self(Rc::new(Inner {
            engine: RefCell::new(engine),
            store,
            device: device.clone(),
            identity,
            client,
            me: me.clone(),
            notify: Box::new(notify),
            wake: Cell::new(0),
            closed: Cell::new(false),
        })))
    }

    /// Begins to work.
    pub fn start(&self) {
        self.tell(Event::Started);
        self.measure_storage();
    }

    /// Tells the engine what happened and does what it asks for.
    pub fn tell(&self, event: Event) {
        if self.0.closed.get() {
            return;
        }
        let moment = Moment {
            now: clock::now(),
            fresh: clock::new_id(),
        };
        let effects = self.0.engine.borrow_mut().step(moment, event);
        for effect in effects {
            self.perform(effect);
        }
        (self.0.notify)(Notice::Changed);
    }

    /// Looks at the engine.
    pub fn look<T>(&self, look: impl FnOnce(&Engine) -> T) -> T {
        look(&self.0.engine.borrow())
    }

    /// The person.
    pub fn me(&self) -> &Me {
        &self.0.me
    }

    /// Stops for good, as when another tab takes over: nothing is stepped or answered any more.
    pub fn close(&self) {
        self.0.closed.set(true);
    }

    /// Keeps a picture: first its bytes, then the engine's knowledge of it.
    pub async fn keep_photo(
        &self,
        record_id: RecordId,
        picture: Picture,
        fix: Option<Fix>,
    ) -> Result<PhotoId, PhotoFault> {
        let size = picture.bytes.len() as u64;
        if !self.look(|engine| engine.has_room_for(size)) {
            return Err(PhotoFault::NoRoom);
        }
        let capture = Capture {
            photo_id: PhotoId(clock::new_id()),
            record_id,
            sha256: sha256_hex(&picture.bytes),
            size,
            mime: picture.mime,
            width: picture.width,
            height: picture.height,
            captured_at: picture.captured_at,
            origin: picture.origin,
            fix,
            name: None,
        };
        self.keep(capture, &picture.bytes).await
    }

    /// Keeps a file of a record, as a photo is kept.
    pub async fn keep_file(&self, record_id: RecordId, file: &Picked) -> Result<PhotoId, PhotoFault> {
        let size = file.bytes.len() as u64;
        if !self.look(|engine| engine.has_room_for(size)) {
            return Err(PhotoFault::NoRoom);
        }
        let capture = Capture {
            photo_id: PhotoId(clock::new_id()),
            record_id,
            sha256: sha256_hex(&file.bytes),
            size,
            mime: PDF.to_owned(),
            width: 0,
            height: 0,
            captured_at: clock::now(),
            origin: Origin::File,
            fix: None,
            name: Some(clean_name(&file.name)),
        };
        self.keep(capture, &file.bytes).await
    }

    async fn keep(&self, capture: Capture, bytes: &[u8]) -> Result<PhotoId, PhotoFault> {
        let id = capture.photo_id;
        let stored = self.0.store.put_photo(id, &capture.mime, bytes).await;
        stored.map_err(|error| match error {
            StoreError::Full => PhotoFault::NoRoom,
            other => PhotoFault::Store(other),
        })?;
        self.tell(Event::PhotoTaken { capture });
        self.measure_storage();
        Ok(id)
    }

    /// The bytes of a photo that is on the phone.
    pub async fn photo(&self, id: PhotoId) -> Option<Vec<u8>> {
        // A photo that cannot be read now shows its frame without a picture; sending reports the fault.
        self.0.store.photo(id).await.ok().flatten()
    }

    /// Measures the room on the device.
    pub fn measure_storage(&self) {
        let driver = self.clone();
        spawn_local(async move {
            if let Some(room) = storage::room().await {
                driver.tell(Event::StorageMeasured {
                    used: room.used as u64,
                    quota: room.quota as u64,
                });
            }
        });
    }

    fn perform(&self, effect: Effect) {
        let driver = self.clone();
        match effect {
            Effect::Persist { ticket, batch } => {
                spawn_local(async move { driver.persist(ticket, batch).await })
            }
            Effect::Send { request, call } => spawn_local(async move {
                let result = driver.send(request, call).await;
                driver.tell(Event::Answered { request, result });
            }),
            Effect::Sign { manifest } => spawn_local(async move { driver.sign(*manifest).await }),
            Effect::Wake { after_ms } => spawn_local(async move { driver.wake(after_ms).await }),
            Effect::Ask(question) => (self.0.notify)(Notice::Ask(question)),
            Effect::Invalid { record_id, errors } => (self.0.notify)(Notice::Invalid { record_id, errors }),
            Effect::SignedOut => spawn_local(async move { driver.signed_out().await }),
        }
    }

    async fn persist(&self, ticket: Ticket, batch: Batch) {
        let event = match self.0.store.apply(&batch).await {
            Ok(()) => Event::Persisted(ticket),
            Err(_) => Event::PersistFailed(ticket),
        };
        self.tell(event);
    }

    async fn sign(&self, manifest: Manifest) {
        let photo_id = manifest.photo_id;
        let event = match self.0.identity.sign(manifest).await {
            Ok(signed) => Event::Signed { signed },
            Err(_) => Event::SignFailed { photo_id },
        };
        self.tell(event);
    }

    async fn wake(&self, after_ms: i64) {
        let own = self.0.wake.get() + 1;
        self.0.wake.set(own);
        timer::sleep(u32::try_from(after_ms.max(0)).unwrap_or(u32::MAX)).await;
        if self.0.wake.get() == own {
            self.tell(Event::Woke);
        }
    }

    async fn send(&self, request: RequestId, call: Call) -> Result<Answer, Failure> {
        let client = &self.0.client;
        let answer = match call {
            Call::Push(body) => client.push(&body).await.map(Answer::Pushed),
            Call::Pull { cursor } => client.pull(cursor).await.map(Answer::Pulled),
            Call::Scope => client.scope().await.map(|scope| Answer::Scope(Box::new(scope))),
            Call::Held { date } => client.held(date).await.map(Answer::Held),
            Call::Inbox => client.inbox().await.map(Answer::Inbox),
            Call::MarkRead { ids } => client
                .mark_read(&MarkRead { ids })
                .await
                .map(|()| Answer::MarkedRead),
            Call::Refresh => client.refresh().await.map(|signed_in| Answer::Refreshed {
                server_time: signed_in.server_time,
            }),
            Call::Upload {
                photo_id,
                mime,
                sha256,
                chunk,
                ..
            } => {
                let stored = self.0.store.photo(photo_id).await;
                let bytes = stored
                    .map_err(|_| Failure::NoAnswer)?
                    .ok_or(Failure::BytesMissing)?;
                let photo = upload::Upload {
                    photo_id,
                    mime: &mime,
                    sha256: &sha256,
                    bytes: &bytes,
                    chunk: usize::try_from(chunk).unwrap_or(usize::MAX),
                };
                let progress = |offset| self.tell(Event::UploadProgress { request, offset });
                let receipt = upload::send(client, &photo, progress).await;
                receipt.map(|receipt| Answer::Uploaded(Box::new(receipt)))
            }
        };
        answer.map_err(failure)
    }

    async fn signed_out(&self) {
        self.close();
        // Without a network the session ends by itself; on this phone it is over now.
        let _ended = self.0.client.sign_out().await;
        self.0.client.set_token(None);
        // What cannot be forgotten now is forgotten at the next sign-out; the person is signed out either way.
        let _forgotten = self.0.device.set_last_user(None).await;
        let left = self.0.store.load().await;
        let is_empty =
            left.is_ok_and(|left| left.photos.is_empty() && left.rows.values().all(|rows| rows.is_empty()));
        if is_empty {
            let _destroyed = self.0.store.clone().destroy().await;
            let _dropped = self.0.device.forget(&self.0.me).await;
        }
        (self.0.notify)(Notice::SignedOut);
    }
}

fn failure(error: CallError<Fault>) -> Failure {
    match error {
        CallError::Transport(_) => Failure::NoAnswer,
        CallError::NotOurs { status } => Failure::NotOurs { status },
        CallError::Problem(problem) => {
            let seconds = problem
                .params
                .get("retry_after")
                .and_then(|text| text.parse::<i64>().ok());
            Failure::Problem {
                problem,
                retry_after_ms: seconds.map(|seconds| seconds.saturating_mul(1_000)),
            }
        }
    }
}
