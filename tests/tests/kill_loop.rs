//! Kill loop (TRUST R1): four clients send records with photos while the server is killed again and again.
//!
//! The oracle lives outside the database: each client notes what was acknowledged to it. Afterwards the server must
//! hold every one of them, once, and every photo whole. The harness is checked too: told of something that was never
//! sent, or shown a photo that was cut off, it must say so.
//!
//! `KENG_KILL_CYCLES` sets the number of kills on each database.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that finds something else than expected should stop right there"
)]

use keng_shared::client::{Client, HttpRequest, HttpResponse};
use keng_shared::evidence::{SignedReceipt, sha256_hex};
use keng_shared::id::{PhotoId, RecordId};
use keng_shared::record::{PhotoState, RecordDraft};
use keng_shared::sync::{Op, OpOutcome};
use keng_tests::Kind;
use keng_tests::binary::{self, Keng};
use keng_tests::errand;
use keng_tests::phone::Photo;
use keng_tests::stage::{Stage, Worker};
use keng_tests::transport::{Address, Http};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Semaphore;
use uuid::Uuid;

const CYCLES: u64 = 200;
const CLIENTS: usize = 4;
/// A client that gets nowhere for so long is stuck.
const PATIENCE: Duration = Duration::from_secs(60);
/// Ready again after a kill, in the middle of all kills (TRUST R1).
const READY: Duration = Duration::from_secs(2);

#[test]
fn nothing_acknowledged_is_lost_or_doubled_when_the_server_is_killed_on_sqlite() {
    run(Kind::Sqlite);
}

#[test]
fn nothing_acknowledged_is_lost_or_doubled_when_the_server_is_killed_on_postgres() {
    run(Kind::Postgres);
}

/// Something that the server acknowledged.
#[derive(Debug, Clone)]
struct Acknowledged {
    draft: RecordDraft,
    revision: u32,
    photo: PhotoId,
    sha256: String,
}

/// What is wrong in the end.
#[derive(Debug, Default, PartialEq, Eq)]
struct Findings {
    lost: Vec<RecordId>,
    doubled: Vec<RecordId>,
    torn: Vec<PhotoId>,
}

fn run(kind: Kind) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(kill_loop(kind));
}

async fn kill_loop(kind: Kind) {
    let binary = binary::keng();
    let stage = Arc::new(Stage::set(kind, CLIENTS).await);
    let mut server = Keng::start(&binary, &stage);
    let address = Address::default();
    address.set(server.origin.clone());

    let stop = Arc::new(AtomicBool::new(false));
    // A breath of work between two kills, however slow the machine is.
    let done = Arc::new(Semaphore::new(0));
    let clients: Vec<_> = stage
        .workers
        .iter()
        .map(|worker| {
            let sender = Sender {
                stage: stage.clone(),
                worker: worker.clone(),
                address: address.clone(),
            };
            tokio::spawn(sender.work(stop.clone(), done.clone()))
        })
        .collect();

    let cycles = std::env::var("KENG_KILL_CYCLES").map_or(CYCLES, |text| text.parse().unwrap());
    let mut ready = Vec::new();
    for _ in 0..cycles {
        let errand = tokio::time::timeout(PATIENCE, done.acquire()).await;
        errand
            .expect("a client gets on with its errand")
            .unwrap()
            .forget();
        let moment = rand::random::<u64>() % 150;
        tokio::time::sleep(Duration::from_millis(moment)).await;
        server.kill();
        server = Keng::start(&binary, &stage);
        ready.push(server.started_in);
        address.set(server.origin.clone());
    }
    stop.store(true, Ordering::SeqCst);
    let mut oracle = Vec::new();
    for client in clients {
        let client = tokio::time::timeout(PATIENCE, client).await;
        oracle.extend(client.expect("a client comes to the end of its errand").unwrap());
    }
    ready.sort();
    println!(
        "{kind:?}: {cycles} kills, {} records with photos acknowledged, ready again in {:?} (median), {:?} (worst)",
        oracle.len(),
        ready[ready.len() / 2],
        ready[ready.len() - 1],
    );

    assert_eq!(inspect(&stage, &address, &oracle).await, Findings::default());
    assert!(ready[ready.len() / 2] <= READY, "{ready:?}");
    the_harness_notices_loss(&stage, &address, oracle).await;
    drop(server);
    if let Some(stage) = Arc::into_inner(stage) {
        stage.strike();
    }
}

/// A client that sends one record with a photo after the other and does not give up.
struct Sender {
    stage: Arc<Stage>,
    worker: Worker,
    address: Address,
}

impl Sender {
    async fn work(self, stop: Arc<AtomicBool>, done: Arc<Semaphore>) -> Vec<Acknowledged> {
        let mut oracle = Vec::new();
        while !stop.load(Ordering::SeqCst) {
            oracle.push(self.errand().await);
            done.add_permits(1);
        }
        oracle
    }

    async fn errand(&self) -> Acknowledged {
        let photo = Photo::small();
        let (draft, ops) = errand::record_with(&self.stage, &self.worker, &photo);
        let revision = self.push(ops).await;
        let receipt = self.upload(&photo).await;
        assert_eq!(receipt.receipt.sha256, photo.sha256());
        Acknowledged {
            draft,
            revision,
            photo: photo.id,
            sha256: photo.sha256(),
        }
    }

    fn client(&self) -> Client<Http> {
        errand::client(&self.stage, &self.worker, &self.address)
    }

    /// Repeats the same push until each operation is done; returns the record's revision.
    async fn push(&self, ops: Vec<Op>) -> u32 {
        loop {
            let request = errand::push(&self.stage, &self.worker, ops.clone());
            if let Ok(answer) = self.client().push(&request).await {
                let outcomes: Vec<_> = answer.results.into_iter().map(|result| result.outcome).collect();
                match &outcomes[..] {
                    [OpOutcome::Done { revision, .. }, OpOutcome::Done { .. }] => return *revision,
                    other => assert!(
                        !other.iter().any(|o| matches!(o, OpOutcome::Refused { .. })),
                        "{other:?}"
                    ),
                }
            }
            pause().await;
        }
    }

    /// Uploads in two chunks, asking for the offset after every failure, until there is a receipt.
    async fn upload(&self, photo: &Photo) -> SignedReceipt {
        loop {
            if let Some(receipt) = self.try_upload(photo).await {
                return receipt;
            }
            pause().await;
        }
    }

    async fn try_upload(&self, photo: &Photo) -> Option<SignedReceipt> {
        self.send(errand::creation(photo.id, photo.bytes.len())).await?;
        let head = self.send(errand::asking(photo.id)).await?;
        let offset: usize = head.header("upload-offset")?.parse().ok()?;
        let middle = photo.bytes.len() / 2;
        for end in [middle, photo.bytes.len()] {
            if offset < end {
                let from = offset.max(if end == middle { 0 } else { middle });
                let part = errand::chunk(photo.id, from, &photo.bytes[from..end]);
                self.send(part).await?;
            }
        }
        self.client().photo_receipt(photo.id).await.ok()
    }

    async fn send(&self, request: HttpRequest) -> Option<HttpResponse> {
        self.client().send(request).await.ok()
    }
}

async fn pause() {
    tokio::time::sleep(Duration::from_millis(15)).await;
}

/// Compares what the server holds with what it acknowledged.
async fn inspect(stage: &Stage, address: &Address, oracle: &[Acknowledged]) -> Findings {
    let client = Client::new(Http::new(address.clone()));
    let mut findings = Findings::default();
    for known in oracle {
        client.set_token(Some(stage.token(&stage.officer)));
        let Ok(found) = client.record(known.draft.id).await else {
            findings.lost.push(known.draft.id);
            continue;
        };
        let is_same = found.record.body == known.draft.body
            && found.record.revision == known.revision
            && found.record.photos.iter().any(|photo| {
                photo.id == known.photo && photo.sha256 == known.sha256 && photo.state == PhotoState::Held
            });
        if !is_same {
            findings.lost.push(known.draft.id);
        }
        let original = client.photo_bytes(known.photo, "original").await;
        if !original.is_ok_and(|answer| sha256_hex(&answer.body) == known.sha256) {
            findings.torn.push(known.photo);
        }
    }
    findings.doubled = doubled(stage, &client, oracle).await;
    findings
}

/// Records that the list shows more than once, or that nobody has sent.
async fn doubled(stage: &Stage, client: &Client<Http>, oracle: &[Acknowledged]) -> Vec<RecordId> {
    let known: BTreeSet<_> = oracle.iter().map(|known| known.draft.id).collect();
    let mut seen = BTreeSet::new();
    let mut doubled = Vec::new();
    let mut query = keng_shared::api::RecordQuery {
        area: Some(stage.world.village),
        limit: Some(200),
        ..Default::default()
    };
    loop {
        let page = client.records(&query).await.unwrap();
        for row in page.items {
            if !seen.insert(row.id) || !known.contains(&row.id) {
                doubled.push(row.id);
            }
        }
        match page.next {
            Some(next) => query.after = Some(next),
            None => return doubled,
        }
    }
}

/// The control: an oracle that was told of something never sent, and a photo that was cut off on the disk.
async fn the_harness_notices_loss(stage: &Stage, address: &Address, oracle: Vec<Acknowledged>) {
    let mut told = oracle.into_iter().take(3).collect::<Vec<_>>();
    let torn = told[0].photo;
    cut_off(&stage.folder().join("photos"), &told[0].sha256, torn);
    let never_sent = RecordId(Uuid::now_v7());
    told[1].draft.id = never_sent;
    let findings = inspect(stage, address, &told).await;
    assert_eq!(findings.lost, [never_sent]);
    assert_eq!(findings.torn, [torn]);
    assert!(
        !findings.doubled.is_empty(),
        "records that the oracle was not told of"
    );
}

/// Cuts the end off the file of a photo, whatever the store calls it.
fn cut_off(folder: &Path, sha256: &str, id: PhotoId) {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let whole = path.to_string_lossy().into_owned();
            let is_original = (name.contains(sha256) || whole.contains(&id.to_string()))
                && sha256_hex(&std::fs::read(&path).unwrap()) == sha256;
            if is_original {
                let bytes = std::fs::read(&path).unwrap();
                return std::fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
            }
        }
    }
    panic!("no file of photo {id} in {}", folder.display());
}
