//! A server in this process, with a database and a data directory of its own and a clock that stands.

use crate::cast::{Cast, Person, Visitor};
use crate::database::{Database, Kind};
use crate::phone::Phone;
use crate::transport::{Address, Http};
use crate::world::World;
use futures::FutureExt;
use keng_server::auth::tokens::Claims;
use keng_server::db::memberships::{self, NewMembership};
use keng_server::db::sessions::{self, Session};
use keng_server::db::users;
use keng_server::db::{Conn, DbError};
use keng_server::state::State;
use keng_server::{Clock, Config, Running};
use keng_shared::id::{SessionId, UserId};
use keng_shared::time::Millis;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::Arc;
use tempfile::TempDir;
use tokio::sync::Mutex;
use uuid::Uuid;

/// When every test begins: Sunday 2026-11-22, 21:00 in Việt Nam.
pub const START: Millis = Millis(1_795_356_000_000);
/// The password of everybody who has one.
pub const PASSWORD: &str = "tiếng kẻng bình yên";
const SESSION_MS: i64 = 90 * 24 * 3_600_000;

/// A running server and everything around it. Clones are the same server.
#[derive(Clone)]
pub struct TestApp(Arc<Inner>);

struct Inner {
    kind: Kind,
    clock: Clock,
    config: std::sync::Mutex<Config>,
    address: Address,
    state: std::sync::RwLock<Option<State>>,
    running: Mutex<Option<Running>>,
    // Dropped last: the database after the server, the folder after the database.
    _database: Database,
    folder: TempDir,
}

/// Runs a test on a fresh server and stops the server whatever became of the test.
pub fn run<F, Fut>(kind: Kind, test: F)
where
    F: FnOnce(TestApp) -> Fut,
    Fut: Future<Output = ()>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let app = TestApp::start(kind).await;
        let outcome = AssertUnwindSafe(test(app.clone())).catch_unwind().await;
        app.stop().await;
        if let Err(panic) = outcome {
            resume_unwind(panic);
        }
    });
}

impl TestApp {
    /// Starts a server on an empty database.
    pub async fn start(kind: Kind) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("keng-test-")
            .tempdir()
            .expect("a folder");
        let database = Database::create(kind, folder.path());
        let mut config = Config::in_directory(folder.path()).expect("a configuration");
        config.database_url = database.url.clone();
        config.workers = 1;
        let app = Self(Arc::new(Inner {
            kind,
            clock: Clock::standing_at(START),
            config: std::sync::Mutex::new(config),
            address: Address::default(),
            state: std::sync::RwLock::new(None),
            running: Mutex::new(None),
            _database: database,
            folder,
        }));
        app.launch().await;
        app
    }

    async fn launch(&self) {
        let config = self.0.config.lock().expect("the configuration").clone();
        let running = keng_server::start(config, self.0.clock.clone())
            .await
            .expect("the server starts");
        self.0.address.set(format!("http://{}", running.addr));
        *self.0.state.write().expect("the state") = Some(running.state.clone());
        *self.0.running.lock().await = Some(running);
    }

    /// Stops the server; requests in flight finish.
    pub async fn stop(&self) {
        self.0.state.write().expect("the state").take();
        if let Some(running) = self.0.running.lock().await.take() {
            running.stop().await.expect("the server stops");
        }
    }

    /// Stops the server and starts it again on the same data, at another port.
    pub async fn restart(&self) {
        self.stop().await;
        self.launch().await;
    }

    /// Starts the server again with another configuration.
    pub async fn restart_with(&self, change: impl FnOnce(&mut Config)) {
        change(&mut self.0.config.lock().expect("the configuration"));
        self.restart().await;
    }

    /// Which database it runs on.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// URL of its database.
    pub fn database_url(&self) -> String {
        let config = self.0.config.lock().expect("the configuration");
        config.database_url.clone()
    }

    /// Its data directory.
    pub fn folder(&self) -> &std::path::Path {
        self.0.folder.path()
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> String {
        self.0.address.origin()
    }

    /// What the server's requests reach.
    pub fn state(&self) -> State {
        self.0
            .state
            .read()
            .expect("the state")
            .clone()
            .expect("a running server")
    }

    /// The server's clock, which stands until [`TestApp::advance`].
    pub fn now(&self) -> Millis {
        self.0.clock.now()
    }

    /// Moves the clock.
    pub fn advance(&self, ms: i64) {
        self.0.clock.advance(ms);
    }

    /// A new browser.
    pub fn http(&self) -> Http {
        Http::new(self.0.address.clone())
    }

    /// Somebody who is not signed in.
    pub fn visitor(&self) -> Visitor {
        Visitor::new(self.http())
    }

    /// Kiên Thọ and its neighbour Ngọc Lặc, with teams and checkpoints.
    pub async fn world(&self) -> World {
        World::build(self).await
    }

    /// The world and the cast in it.
    pub async fn cast(&self) -> (World, Cast) {
        let world = self.world().await;
        let cast = Cast::gather(self, &world).await;
        (world, cast)
    }

    /// A person with these memberships, signed in on a phone of their own. Stored directly: how people are invited
    /// and sign in has tests of its own.
    pub async fn person(&self, username: &str, name: &str, memberships: Vec<NewMembership>) -> Person {
        let id = UserId(Uuid::now_v7());
        let phone = Phone::new();
        let session = Session {
            id: SessionId(Uuid::now_v7()),
            user_id: id,
            device_id: phone.device(),
            created_at: self.now(),
            last_seen_at: self.now(),
            expires_at: self.now().plus(SESSION_MS),
            ended_at: None,
        };
        let (stored, device, now) = (session.clone(), phone.info(), self.now());
        let (username, name) = (username.to_owned(), name.to_owned());
        let (job_username, job_name) = (username.clone(), name.clone());
        self.write(move |conn| {
            users::insert(conn, id, &job_username, &job_name, now)?;
            for membership in &memberships {
                memberships::insert(conn, id, membership, now)?;
            }
            sessions::insert_device(conn, &device, now)?;
            sessions::insert(conn, &stored)
        })
        .await;
        Person::new(self.clone(), id, username, name, session.id, phone)
    }

    /// Gives a person the [`PASSWORD`], as an enrolment would.
    pub async fn set_password(&self, person: &Person) {
        static HASH: tokio::sync::OnceCell<String> = tokio::sync::OnceCell::const_new();
        let hash = HASH
            .get_or_init(async || {
                let hash = self.state().auth.passwords.hash(PASSWORD.to_owned()).await;
                hash.expect("a hash")
            })
            .await
            .clone();
        let (id, now) = (person.id, self.now());
        self.write(move |conn| users::set_password(conn, id, &hash, now))
            .await;
    }

    /// A fresh access token for a device session.
    pub fn token(&self, user_id: UserId, session_id: SessionId) -> String {
        let claims = Claims { user_id, session_id };
        self.state()
            .auth
            .tokens
            .issue(claims, self.now())
            .expect("a token")
            .0
    }

    /// Runs a write on the server's database.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Conn) -> Result<T, DbError> + Send + 'static,
    ) -> T {
        self.state().db.write(work).await.expect("the write")
    }

    /// Runs a read on the server's database.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, DbError> + Send + 'static,
    ) -> T {
        self.state().db.read(work).await.expect("the read")
    }
}
