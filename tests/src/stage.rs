//! A database with the places of the tests and many people, prepared for a server in a process of its own.

use crate::cast::active;
use crate::database::{Database, Kind};
use crate::drafts;
use crate::phone::Phone;
use crate::world::{self, World};
use keng_server::auth::Auth;
use keng_server::auth::tokens::Claims;
use keng_server::db::sessions::{self, Session};
use keng_server::db::{Db, memberships, users};
use keng_server::{Clock, Config};
use keng_shared::id::{AreaId, RecordId, SessionId, TeamId, UserId};
use keng_shared::permission::Role;
use keng_shared::record::RecordDraft;
use keng_shared::time::Millis;
use serde_json::json;
use std::path::Path;
use tempfile::TempDir;
use uuid::Uuid;

const SESSION_MS: i64 = 24 * 3_600_000;

/// The prepared database.
pub struct Stage {
    pub world: World,
    /// Members of the team of Thành Sơn.
    pub workers: Vec<Worker>,
    /// The commune's officer.
    pub officer: Worker,
    /// Staff of the province.
    pub viewer: Worker,
    auth: Auth,
    clock: Clock,
    config: Config,
    database: Option<Database>,
    folder: TempDir,
}

/// Somebody with a phone that is signed in.
#[derive(Clone)]
pub struct Worker {
    pub id: UserId,
    pub phone: Phone,
    session: SessionId,
}

impl Stage {
    /// Prepares a database with so many members.
    pub async fn set(kind: Kind, members: usize) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("keng-stage-")
            .tempdir()
            .expect("a folder");
        let database = Database::create(kind, folder.path());
        let mut config = Config::in_directory(folder.path()).expect("a configuration");
        config.database_url = database.url.clone();
        let clock = Clock::system();
        let state = keng_server::app::prepare(config.clone(), clock.clone())
            .await
            .expect("a database");
        let (now, today) = (clock.now(), clock.today());
        let world = state.db.write(move |conn| world::build(conn, now, today)).await;
        let world = world.expect("the places");
        let (village, team) = (world.village, Some(world.team));
        let mut workers = Vec::new();
        for number in 0..members {
            let name = format!("thanhvien{number}");
            workers.push(Worker::join(&state.db, &name, Role::Member, village, team, now).await);
        }
        let officer = Worker::join(
            &state.db,
            "congan",
            Role::CommuneOfficer,
            world.commune,
            None,
            now,
        )
        .await;
        let viewer = Worker::join(&state.db, "tinh", Role::ProvinceStaff, world.province, None, now).await;
        Self {
            world,
            workers,
            officer,
            viewer,
            auth: state.auth,
            clock,
            config,
            database: Some(database),
            folder,
        }
    }

    /// URL of the database.
    pub fn database_url(&self) -> &str {
        &self.config.database_url
    }

    /// The server's folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The machine's clock.
    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    /// A fresh access token.
    pub fn token(&self, worker: &Worker) -> String {
        let claims = Claims {
            user_id: worker.id,
            session_id: worker.session,
        };
        let issued = self.auth.tokens.issue(claims, self.now());
        issued.expect("a token").0
    }

    /// Lets somebody sign in by the username that the stage gave. No server runs on the stage yet.
    pub async fn set_password(&self, worker: &Worker, password: &str) {
        let hash = self.auth.passwords.hash(password.to_owned()).await;
        let (id, hash, now) = (worker.id, hash.expect("a hash"), self.now());
        let db = Db::open(self.database_url()).expect("a database");
        db.write(move |conn| users::set_password(conn, id, &hash, now))
            .await
            .expect("a password");
    }

    /// A propaganda session of a worker that ended just now.
    pub fn session(&self, worker: &Worker) -> RecordDraft {
        let now = self.now();
        RecordDraft {
            id: RecordId(Uuid::now_v7()),
            kind: "direct_propaganda_session".to_owned(),
            area_id: self.world.village,
            team_id: Some(self.world.team),
            started_at: now.plus(-90 * 60_000),
            ended_at: Some(now.plus(-10 * 60_000)),
            fix: Some(drafts::fix_at(world::CENTRE)),
            body: json!({"topic": "online_fraud", "venue": "Nhà văn hóa thôn", "attendee_count": 64}),
            photos: Vec::new(),
            files: Vec::new(),
            device_id: worker.phone.device(),
            clock_offset_ms: Some(0),
        }
    }

    /// Removes the database now, while the server that used it is gone.
    pub fn strike(mut self) {
        drop(self.database.take());
    }
}

impl Worker {
    async fn join(
        db: &Db,
        username: &str,
        role: Role,
        area: AreaId,
        team: Option<TeamId>,
        now: Millis,
    ) -> Self {
        let (id, phone) = (UserId(Uuid::now_v7()), Phone::new());
        let session = Session {
            id: SessionId(Uuid::now_v7()),
            user_id: id,
            device_id: phone.device(),
            created_at: now,
            last_seen_at: now,
            expires_at: now.plus(SESSION_MS),
            ended_at: None,
        };
        let worker = Self {
            id,
            session: session.id,
            phone: phone.clone(),
        };
        let (username, device) = (username.to_owned(), phone.info());
        db.write(move |conn| {
            users::insert(conn, id, &username, &username, now)?;
            memberships::insert(conn, id, &active(role, area, team), now)?;
            sessions::insert_device(conn, &device, now)?;
            sessions::insert(conn, &session)
        })
        .await
        .expect("a person");
        worker
    }
}
