//! Photos in an S3-compatible bucket: a server that speaks S3 runs in this process and keeps objects in a folder, the
//! `keng` binary is pointed at it by the variables that an operator sets.

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use keng_shared::client::{HttpRequest, HttpResponse, Method};
use keng_shared::evidence::{SignedReceipt, sha256_hex};
use keng_shared::id::PhotoId;
use keng_shared::problem::{Problem, ProblemCode};
use keng_shared::record::PhotoState;
use keng_tests::binary::{self, Keng};
use keng_tests::errand::Errands;
use keng_tests::phone::Photo;
use keng_tests::stage::Stage;
use keng_tests::{Kind, errand};
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use std::net::SocketAddr;
use std::path::PathBuf;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

const NAME: &str = "photos";
const PREFIX: &str = "thanh-hoa";
const KEY: (&str, &str) = ("keng", "khoa bi mat cua kho anh");

mod photos_are_kept_in_a_bucket_and_a_store_that_is_away_loses_nothing {
    use super::*;

    #[test]
    fn on_sqlite() {
        run(Kind::Sqlite);
    }

    #[test]
    fn on_postgres() {
        run(Kind::Postgres);
    }
}

fn run(kind: Kind) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let stage = Stage::set(kind, 1).await;
        let mut bucket = Bucket::open().await;
        let server = Keng::start_with(&binary::keng(), &stage, &bucket.variables());
        let errands = Errands::at(&stage, &server);
        a_photo_comes_back_as_it_was_sent(&errands, &bucket).await;
        an_object_that_is_there_is_never_replaced(&errands, &bucket).await;
        nothing_is_lost_while_the_store_is_away(&errands, &mut bucket).await;
        drop(server);
        stage.strike();
    });
}

async fn a_photo_comes_back_as_it_was_sent(errands: &Errands<'_>, bucket: &Bucket) {
    let photo = Photo::sized(640, 480);
    let record = errands.announce(&photo).await;
    let receipt = errands.send_whole(&photo).await;
    assert_eq!(receipt.status, 201, "{}", String::from_utf8_lossy(&receipt.body));
    let receipt: SignedReceipt = serde_json::from_slice(&receipt.body).unwrap();
    assert_eq!(receipt.receipt.sha256, photo.sha256());
    assert_eq!(errands.photo_state(record).await, PhotoState::Held);
    assert_eq!(std::fs::read(bucket.original(&photo)).unwrap(), photo.bytes);

    let officer = errands.officer();
    let original = officer.photo_bytes(photo.id, "original").await.unwrap();
    assert_eq!(sha256_hex(&original.body), photo.sha256());
    for rendition in ["thumbnail", "preview"] {
        let picture = officer.photo_bytes(photo.id, rendition).await.unwrap();
        assert_eq!(picture.header("content-type"), Some("image/jpeg"), "{rendition}");
        assert!(image::load_from_memory(&picture.body).is_ok(), "{rendition}");
    }
}

/// As after a crash between the object and its row: what is in the bucket stays what it is.
async fn an_object_that_is_there_is_never_replaced(errands: &Errands<'_>, bucket: &Bucket) {
    let photo = Photo::small();
    errands.announce(&photo).await;
    let file = bucket.original(&photo);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, b"was there before").unwrap();
    assert_eq!(errands.send_whole(&photo).await.status, 201);
    assert_eq!(std::fs::read(&file).unwrap(), b"was there before");
}

async fn nothing_is_lost_while_the_store_is_away(errands: &Errands<'_>, bucket: &mut Bucket) {
    let (photo, known) = (Photo::sized(320, 240), Photo::small());
    let record = errands.announce(&photo).await;
    errands.announce(&known).await;
    assert_eq!(errands.send_whole(&known).await.status, 201);
    let me = errands.client();
    let middle = photo.bytes.len() / 2;
    assert_eq!(
        errand::raw(&me, errand::creation(photo.id, photo.bytes.len()))
            .await
            .status,
        201
    );
    let first = errand::chunk(photo.id, 0, &photo.bytes[..middle]);
    assert_eq!(errand::raw(&me, first).await.status, 204);

    bucket.close().await;
    let last = errand::chunk(photo.id, middle, &photo.bytes[middle..]);
    must_wait(&errand::raw(&me, last).await);
    assert_eq!(
        errands.photo_state(record).await,
        PhotoState::Expected,
        "no receipt was given"
    );
    let officer = errands.officer();
    let path = format!("/photos/{}/original", known.id);
    must_wait(&errand::raw(&officer, HttpRequest::new(Method::Get, &path)).await);
    let other = Photo::small();
    let other_record = errands.announce(&other).await;
    must_wait(&errands.send_whole(&other).await);

    bucket.reopen().await;
    // Every byte had come, so asking is enough.
    let asked = errand::raw(&me, errand::asking(photo.id)).await;
    assert_eq!(asked.status, 200);
    assert!(asked.header("keng-receipt").is_some());
    assert_eq!(errands.send_whole(&other).await.status, 201);
    for (photo, record) in [(&photo, record), (&other, other_record)] {
        assert_eq!(errands.photo_state(record).await, PhotoState::Held);
        let original = officer.photo_bytes(photo.id, "original").await.unwrap();
        assert_eq!(original.body, photo.bytes);
        assert!(officer.photo_bytes(photo.id, "preview").await.is_ok());
    }
    assert!(officer.photo_bytes(known.id, "thumbnail").await.is_ok());
}

fn must_wait(answer: &HttpResponse) {
    let problem: Problem = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!((answer.status, problem.code), (503, ProblemCode::Busy));
    assert!(answer.header("retry-after").is_some());
}

/// An S3 server with one bucket. Its address stays the same while it is closed.
struct Bucket {
    folder: TempDir,
    address: SocketAddr,
    serving: JoinSet<()>,
}

impl Bucket {
    async fn open() -> Self {
        let folder = tempfile::Builder::new().prefix("keng-bucket-").tempdir().unwrap();
        std::fs::create_dir(folder.path().join(NAME)).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut bucket = Self {
            folder,
            address: listener.local_addr().unwrap(),
            serving: JoinSet::new(),
        };
        bucket.serve(listener);
        bucket
    }

    /// Ends the server and every connection to it.
    async fn close(&mut self) {
        self.serving.shutdown().await;
    }

    async fn reopen(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.serve(listener);
    }

    fn serve(&mut self, listener: TcpListener) {
        let objects = s3s_fs::FileSystem::new(self.folder.path()).unwrap();
        let mut service = S3ServiceBuilder::new(objects);
        service.set_auth(SimpleAuth::from_single(KEY.0, KEY.1));
        let service = service.build();
        self.serving.spawn(async move {
            // Connections end with the task that accepted them.
            let mut connections = JoinSet::new();
            while let Ok((socket, _)) = listener.accept().await {
                let service = service.clone();
                connections.spawn(async move {
                    let http = Builder::new(TokioExecutor::new());
                    // A client that leaves is no failure of the test.
                    drop(http.serve_connection(TokioIo::new(socket), service).await);
                });
            }
        });
    }

    /// What an operator sets.
    fn variables(&self) -> [(&'static str, String); 6] {
        [
            ("KENG_PHOTO_STORE", format!("s3://{NAME}/{PREFIX}")),
            ("AWS_ENDPOINT", format!("http://{}", self.address)),
            ("AWS_ALLOW_HTTP", "true".to_owned()),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", KEY.0.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", KEY.1.to_owned()),
        ]
    }

    /// The file of an original.
    fn original(&self, photo: &Photo) -> PathBuf {
        let PhotoId(id) = photo.id;
        let shard = format!("{:02x}", id.as_bytes()[15]);
        let name = format!("{id}-{}", photo.sha256());
        let folder = self.folder.path().join(NAME).join(PREFIX);
        folder.join("original").join(shard).join(name)
    }
}
