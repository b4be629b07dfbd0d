//! The jobs that clients do over and over, and their rates.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use keng_shared::evidence::{Manifest, Origin, SignedManifest};
use keng_shared::id::{OpId, PhotoId};
use keng_shared::record::PhotoRef;
use keng_shared::sync::{Op, OpAction, OpOutcome, OpResult, PROTOCOL, PushAnswer, PushRequest};
use keng_tests::phone::Photo;
use keng_tests::stage::{Stage, Worker};
use keng_tests::wire::Wire;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Size of a photo as the app sends it.
const PHOTO_BYTES: usize = 300_000;

/// What a client does.
#[derive(Clone)]
pub enum Job {
    /// `POST /records` with a new record.
    Create,
    /// A new record with its announced photo by `POST /sync/push`, then the bytes by `POST /uploads`.
    Photo(Arc<Photos>),
    /// `GET /records` with the newest 50 of the area.
    List,
}

/// How fast it went.
pub struct Rate {
    pub done: usize,
    pub failed: usize,
    /// What the server said to the first that failed.
    pub refusal: Option<String>,
    pub time: Duration,
    pub median: Duration,
    pub p99: Duration,
}

/// Photos that differ only in their last bytes, so that their hashes cost the driver next to nothing.
pub struct Photos {
    head: Vec<u8>,
    hash: Sha256,
    width: u32,
    height: u32,
}

impl Photos {
    pub fn new() -> Arc<Self> {
        let photo = Photo::sized(640, 480);
        let mut head = photo.bytes;
        // Bytes after the end of a JPEG are not looked at.
        head.resize(head.len().max(PHOTO_BYTES - 16), 0);
        let hash = Sha256::new_with_prefix(&head);
        Arc::new(Self {
            head,
            hash,
            width: photo.width,
            height: photo.height,
        })
    }

    fn sha256(&self, id: PhotoId) -> String {
        hex::encode(self.hash.clone().chain_update(id.0.as_bytes()).finalize())
    }

    fn size(&self) -> usize {
        self.head.len() + 16
    }
}

/// Lets clients work for a while, after a short warming up.
pub async fn measure(stage: &Arc<Stage>, origin: &str, clients: usize, time: Duration, job: Job) -> Rate {
    let tasks: Vec<_> = stage
        .workers
        .iter()
        .take(clients)
        .map(|worker| {
            let client = Client {
                stage: stage.clone(),
                worker: worker.clone(),
                token: stage.token(worker),
                officer: stage.token(&stage.officer),
            };
            let (origin, job) = (origin.to_owned(), job.clone());
            tokio::spawn(async move { client.work(&origin, &job, time).await })
        })
        .collect();
    let (mut took, mut refusals) = (Vec::new(), Vec::new());
    for task in tasks {
        let (mine, refused) = task.await.expect("a client");
        took.extend(mine);
        refusals.extend(refused);
    }
    took.sort_unstable();
    let at = |share: usize| took.get(took.len() * share / 100).copied().unwrap_or_default();
    Rate {
        done: took.len(),
        failed: refusals.len(),
        refusal: refusals.into_iter().next(),
        time,
        median: at(50),
        p99: at(99),
    }
}

struct Client {
    stage: Arc<Stage>,
    worker: Worker,
    token: String,
    officer: String,
}

impl Client {
    async fn work(&self, origin: &str, job: &Job, time: Duration) -> (Vec<Duration>, Vec<String>) {
        let mut wire = Wire::connect(origin).await.expect("a connection");
        let (mut took, mut refusals) = (Vec::new(), Vec::new());
        let warm = Instant::now() + Duration::from_millis(500);
        while Instant::now() < warm {
            // What goes wrong here goes wrong again below, where it is counted.
            drop(self.once(&mut wire, job).await);
        }
        let end = Instant::now() + time;
        while Instant::now() < end {
            let began = Instant::now();
            match self.once(&mut wire, job).await {
                Ok(()) => took.push(began.elapsed()),
                Err(refusal) => refusals.push(refusal),
            }
        }
        (took, refusals)
    }

    async fn once(&self, wire: &mut Wire, job: &Job) -> Result<(), String> {
        match job {
            Job::Create => {
                let body = serde_json::to_vec(&self.stage.session(&self.worker)).expect("JSON");
                let head = self.head("POST /api/v1/records", &self.token);
                succeeds(wire, &head, &[&body]).await.map(drop)
            }
            Job::Photo(photos) => self.send_photo(wire, photos).await,
            Job::List => {
                let path = format!("GET /api/v1/records?area={}&limit=50", self.stage.world.village);
                succeeds(wire, &self.head(&path, &self.officer), &[])
                    .await
                    .map(drop)
            }
        }
    }

    async fn send_photo(&self, wire: &mut Wire, photos: &Photos) -> Result<(), String> {
        let id = PhotoId(Uuid::now_v7());
        let mut draft = self.stage.session(&self.worker);
        draft.photos = vec![PhotoRef {
            id,
            sha256: photos.sha256(id),
            caption: String::new(),
        }];
        let signed = self.announce(photos, id, &draft);
        let put = OpAction::PutRecord {
            draft: Box::new(draft),
            base_revision: None,
        };
        let ops = [put, OpAction::AnnouncePhoto { signed }].map(|action| Op {
            id: OpId(Uuid::now_v7()),
            action,
        });
        let push = PushRequest {
            protocol: PROTOCOL,
            device_id: self.worker.phone.device(),
            device_time: self.stage.now(),
            ops: ops.to_vec(),
        };
        let body = serde_json::to_vec(&push).expect("JSON");
        let head = self.head("POST /api/v1/sync/push", &self.token);
        let answer = succeeds(wire, &head, &[&body]).await?;
        let answer: PushAnswer = serde_json::from_slice(&answer).map_err(|error| error.to_string())?;
        let is_done = |result: &OpResult| matches!(result.outcome, OpOutcome::Done { .. });
        if let Some(refused) = answer.results.iter().find(|result| !is_done(result)) {
            return Err(format!("{:?}", refused.outcome));
        }
        let head = format!(
            "POST /api/v1/uploads HTTP/1.1\r\nauthorization: Bearer {}\r\ntus-resumable: 1.0.0\r\nupload-length: {}\r\n\
             upload-metadata: photo_id {}\r\ncontent-type: application/offset+octet-stream\r\n",
            self.token,
            photos.size(),
            BASE64_STANDARD.encode(id.to_string()),
        );
        succeeds(wire, &head, &[&photos.head, id.0.as_bytes()])
            .await
            .map(drop)
    }

    /// The manifest as the first of a chain: the server flags a broken chain and refuses nothing for it.
    fn announce(
        &self,
        photos: &Photos,
        id: PhotoId,
        draft: &keng_shared::record::RecordDraft,
    ) -> SignedManifest {
        self.worker.phone.sign_as_it_is(Manifest {
            v: 1,
            photo_id: id,
            record_id: draft.id,
            device_id: self.worker.phone.device(),
            user_id: self.worker.id,
            seq: 1,
            prev: keng_shared::evidence::CHAIN_START.to_owned(),
            sha256: photos.sha256(id),
            size: photos.size() as u64,
            mime: "image/jpeg".to_owned(),
            width: photos.width,
            height: photos.height,
            captured_at: draft.started_at,
            origin: Origin::Camera,
            fix: None,
        })
    }

    fn head(&self, request: &str, token: &str) -> String {
        format!("{request} HTTP/1.1\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n")
    }
}

async fn succeeds(wire: &mut Wire, head: &str, body: &[&[u8]]) -> Result<Vec<u8>, String> {
    let answer = wire.send(head, body).await.map_err(|error| error.to_string())?;
    match answer.status {
        200..300 => Ok(answer.body),
        status => Err(format!("{status} {}", String::from_utf8_lossy(&answer.body))),
    }
}
