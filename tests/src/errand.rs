//! What a phone does to bring one record with one photo to a server, step by step.

use crate::binary::Keng;
use crate::phone::{Photo, Shot};
use crate::stage::{Stage, Worker};
use crate::transport::{Address, Http};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use keng_shared::client::{Client, HttpRequest, HttpResponse, Method, Transport};
use keng_shared::evidence::Origin;
use keng_shared::id::{OpId, PhotoId, RecordId};
use keng_shared::record::{PhotoState, RecordDraft};
use keng_shared::sync::{Op, OpAction, OpOutcome, PROTOCOL, PushRequest};
use uuid::Uuid;

/// The people of a stage before a server in a process of its own.
pub struct Errands<'a> {
    pub stage: &'a Stage,
    pub address: Address,
}

impl<'a> Errands<'a> {
    /// At this server.
    pub fn at(stage: &'a Stage, server: &Keng) -> Self {
        let address = Address::default();
        address.set(server.origin.clone());
        Self { stage, address }
    }

    /// The member who does the errands.
    pub fn member(&self) -> &'a Worker {
        self.stage.workers.first().expect("a member")
    }

    /// The member's client.
    pub fn client(&self) -> Client<Http> {
        client(self.stage, self.member(), &self.address)
    }

    /// The officer's client.
    pub fn officer(&self) -> Client<Http> {
        client(self.stage, &self.stage.officer, &self.address)
    }

    /// Brings a record that lists the photo, and announces it.
    pub async fn announce(&self, photo: &Photo) -> RecordId {
        let (draft, ops) = record_with(self.stage, self.member(), photo);
        let push = push(self.stage, self.member(), ops);
        let answer = self.client().push(&push).await.expect("an answer");
        for result in answer.results {
            assert!(
                matches!(result.outcome, OpOutcome::Done { .. }),
                "{:?}",
                result.outcome
            );
        }
        draft.id
    }

    /// Sends an announced photo in one request.
    pub async fn send_whole(&self, photo: &Photo) -> HttpResponse {
        let request = creation(photo.id, photo.bytes.len());
        raw(&self.client(), request.bytes(OFFSET_STREAM, photo.bytes.clone())).await
    }

    /// Sends an announced photo in pieces and returns the status of the last answer.
    pub async fn send_in_chunks(&self, photo: &Photo) -> u16 {
        let client = self.client();
        let mut status = raw(&client, creation(photo.id, photo.bytes.len())).await.status;
        let mut offset = 0;
        for bytes in photo.bytes.chunks(512 * 1024) {
            status = raw(&client, chunk(photo.id, offset, bytes)).await.status;
            offset += bytes.len();
        }
        status
    }

    /// What the server holds of the only photo of a record.
    pub async fn photo_state(&self, record: RecordId) -> PhotoState {
        let found = self.officer().record(record).await.expect("the record");
        found.record.photos.first().expect("a photo").state
    }
}

/// Media type of a piece of an upload.
pub const OFFSET_STREAM: &str = "application/offset+octet-stream";

/// A session of a worker with this photo, and the operations that bring it: the record, then the announcement.
pub fn record_with(stage: &Stage, worker: &Worker, photo: &Photo) -> (RecordDraft, Vec<Op>) {
    let mut draft = stage.session(worker);
    draft.photos = vec![photo.listed()];
    let shot = Shot {
        user: worker.id,
        record: draft.id,
        at: stage.now(),
        origin: Origin::Camera,
        fix: None,
    };
    let signed = worker.phone.sign(photo, shot);
    let put = OpAction::PutRecord {
        draft: Box::new(draft.clone()),
        base_revision: None,
    };
    let ops = [put, OpAction::AnnouncePhoto { signed }].map(|action| Op {
        id: OpId(Uuid::now_v7()),
        action,
    });
    (draft, ops.to_vec())
}

/// A push of these operations.
pub fn push(stage: &Stage, worker: &Worker, ops: Vec<Op>) -> PushRequest {
    PushRequest {
        protocol: PROTOCOL,
        device_id: worker.phone.device(),
        device_time: stage.now(),
        ops,
    }
}

/// The worker's client to the server at this address.
pub fn client(stage: &Stage, worker: &Worker, address: &Address) -> Client<Http> {
    let client = Client::new(Http::new(address.clone()));
    client.set_token(Some(stage.token(worker)));
    client
}

/// A request of the upload protocol.
pub fn tus(method: Method, path: &str) -> HttpRequest {
    HttpRequest::new(method, path).header("tus-resumable", "1.0.0")
}

/// Begins an upload.
pub fn creation(photo: PhotoId, size: usize) -> HttpRequest {
    let id = BASE64_STANDARD.encode(photo.to_string());
    tus(Method::Post, "/uploads")
        .header("upload-length", size)
        .header("upload-metadata", format!("photo_id {id},filename eA=="))
}

/// Brings bytes of an upload.
pub fn chunk(photo: PhotoId, offset: usize, bytes: &[u8]) -> HttpRequest {
    tus(Method::Patch, &format!("/uploads/{photo}"))
        .header("upload-offset", offset)
        .bytes(OFFSET_STREAM, bytes.to_vec())
}

/// Asks how far an upload has come.
pub fn asking(photo: PhotoId) -> HttpRequest {
    tus(Method::Head, &format!("/uploads/{photo}"))
}

/// Sends a request as it is, with the client's token, and returns whatever comes back.
pub async fn raw(client: &Client<Http>, mut request: HttpRequest) -> HttpResponse {
    if let Some(token) = client.token() {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    client.transport().send(request).await.expect("an answer")
}
