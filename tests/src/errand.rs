//! What a phone does to bring one record with one photo to a server, step by step.

use crate::phone::{Photo, Shot};
use crate::stage::{Stage, Worker};
use crate::transport::{Address, Http};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use keng_shared::client::{Client, HttpRequest, HttpResponse, Method, Transport};
use keng_shared::evidence::Origin;
use keng_shared::id::{OpId, PhotoId};
use keng_shared::record::RecordDraft;
use keng_shared::sync::{Op, OpAction, PROTOCOL, PushRequest};
use uuid::Uuid;

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

/// Sends a request of a worker and returns whatever comes back.
pub async fn raw(client: &Client<Http>, request: HttpRequest) -> HttpResponse {
    let token = client.token().unwrap_or_default();
    let request = request.header("authorization", format!("Bearer {token}"));
    client.transport().send(request).await.expect("an answer")
}
