//! More work than the database takes, commits that fail, and a database that goes away and comes back.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use futures::future::join_all;
use keng_server::db::schema::setting;
use keng_server::db::{Conn, DbError};
use keng_shared::api::RecordQuery;
use keng_shared::client::{HttpRequest, HttpResponse, Method};
use keng_shared::id::AreaId;
use keng_shared::problem::{Problem, ProblemCode};
use keng_shared::record::RecordDraft;
use keng_tests::{Asks, Kind, Person, TestApp, both_databases, drafts};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::task::Poll;
use tokio::task::JoinHandle;

both_databases!(
    a_full_queue_of_writes_is_told_to_come_back_while_reads_go_on,
    a_commit_that_fails_costs_only_the_write_that_is_to_blame,
);

/// A write that holds up the writer of a commune until it is let go.
struct Held {
    let_go: mpsc::Sender<()>,
    ended: JoinHandle<Result<(), DbError>>,
}

impl Held {
    /// Returns when the writer is held up.
    async fn up(app: &TestApp, commune: AreaId) -> Self {
        let (let_go, wait) = mpsc::channel();
        let (began, begun) = tokio::sync::oneshot::channel();
        let (state, mut began) = (app.state(), Some(began));
        let ended = tokio::spawn(async move {
            let hold = move |_: &mut Conn| {
                began.take().unwrap().send(()).unwrap();
                wait.recv().unwrap();
                Ok(())
            };
            state.db.write_in(commune, hold).await
        });
        begun.await.unwrap();
        Self { let_go, ended }
    }

    async fn let_go(self) {
        self.let_go.send(()).unwrap();
        self.ended.await.unwrap().unwrap();
    }
}

async fn post(person: &Person, draft: &RecordDraft) -> HttpResponse {
    let json = serde_json::to_vec(draft).unwrap();
    let request = HttpRequest::new(Method::Post, "/records").bytes("application/json", json);
    person.raw(request).await
}

fn must_come_back(answer: &HttpResponse) {
    let problem: Problem = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!((answer.status, problem.code), (503, ProblemCode::Busy));
    assert!(answer.header("retry-after").is_some());
}

async fn a_full_queue_of_writes_is_told_to_come_back_while_reads_go_on(app: TestApp) {
    let (world, cast) = app.cast().await;
    let draft = drafts::session(&world, &cast.member, app.now());
    cast.member.api().records(&RecordQuery::default()).await.unwrap();
    let held = Held::up(&app, world.commune).await;
    let state = app.state();
    let mut waiting = Vec::new();
    loop {
        let mut write = Box::pin(state.db.write_in(world.commune, |_| Ok(())));
        match futures::poll!(&mut write) {
            Poll::Pending => waiting.push(write),
            Poll::Ready(refused) => {
                assert!(matches!(refused, Err(DbError::Busy)), "{refused:?}");
                break;
            }
        }
    }
    assert!(waiting.len() >= 1_000, "{}", waiting.len());
    must_come_back(&post(&cast.member, &draft).await);
    let read = cast.member.api().records(&RecordQuery::default()).await.unwrap();
    assert_eq!(read.items.len(), 0);

    held.let_go().await;
    for outcome in join_all(waiting).await {
        outcome.unwrap();
    }
    assert_eq!(post(&cast.member, &draft).await.status, 201);
}

fn put(conn: &mut Conn, name: &str) -> Result<(), DbError> {
    diesel::insert_into(setting::table)
        .values((setting::name.eq(name), setting::value.eq("")))
        .execute(conn)?;
    Ok(())
}

/// The constraint is looked at when the transaction ends, so the job's own savepoint knows nothing of it.
async fn a_commit_that_fails_costs_only_the_write_that_is_to_blame(app: TestApp) {
    app.write(|conn| {
        conn.batch_execute(
            "CREATE TABLE house (id BIGINT PRIMARY KEY); \
             CREATE TABLE door (house_id BIGINT REFERENCES house (id) DEFERRABLE INITIALLY DEFERRED);",
        )?;
        Ok(())
    })
    .await;
    let held = Held::up(&app, AreaId(0)).await;
    let (state, runs) = (app.state(), Arc::new(AtomicU32::new(0)));
    let mut writes: Vec<_> = (0..20)
        .map(|number| {
            let runs = runs.clone();
            Box::pin(state.db.write_in(AreaId(0), move |conn| {
                runs.fetch_add(1, Ordering::SeqCst);
                put(conn, &format!("house {number}"))?;
                if number == 7 {
                    conn.batch_execute("INSERT INTO door VALUES (404)")?;
                }
                Ok(())
            }))
        })
        .collect();
    for write in &mut writes {
        assert!(futures::poll!(write).is_pending());
    }
    held.let_go().await;
    for (number, outcome) in join_all(writes).await.into_iter().enumerate() {
        assert_eq!(outcome.is_err(), number == 7, "{number}: {outcome:?}");
    }
    // Each ran with the others, and again alone.
    assert_eq!(runs.load(Ordering::SeqCst), 40);
    let stored: i64 = app
        .read(|conn| {
            let houses = setting::table.filter(setting::name.like("house %"));
            Ok(houses.count().get_result(conn)?)
        })
        .await;
    assert_eq!(stored, 19);
}

/// SQLite is shown on a disk that is full (`small_disk`). PostgreSQL's own disk is out of reach of a test, so a trigger
/// says what the operating system would.
#[test]
fn a_database_without_room_refuses_writes_and_recovers_without_a_restart_on_postgres() {
    keng_tests::app::run(Kind::Postgres, async |app: TestApp| {
        let (world, cast) = app.cast().await;
        let first = drafts::session(&world, &cast.member, app.now());
        assert_eq!(post(&cast.member, &first).await.status, 201);
        sql(
            &app,
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             RAISE EXCEPTION 'could not extend file \"base/1/1\": No space left on device' USING ERRCODE = '53100'; \
             END $$; \
             CREATE TRIGGER no_room BEFORE INSERT ON record EXECUTE FUNCTION no_room();",
        )
        .await;
        let second = drafts::session(&world, &cast.member, app.now());
        let refused = post(&cast.member, &second).await;
        let problem: Problem = serde_json::from_slice(&refused.body).unwrap();
        assert_eq!((refused.status, problem.code), (507, ProblemCode::StorageFull));
        assert_eq!(cast.officer.api().record_counts(None).await.unwrap().submitted, 1);

        sql(&app, "DROP TRIGGER no_room ON record").await;
        assert_eq!(post(&cast.member, &second).await.status, 201);
        assert_eq!(cast.officer.api().record_counts(None).await.unwrap().submitted, 2);
    });
}

async fn sql(app: &TestApp, sql: &'static str) {
    app.write(move |conn| Ok(conn.batch_execute(sql)?)).await;
}

/// As when PostgreSQL is started again: it ends every connection.
#[test]
fn a_database_that_ends_every_connection_is_reached_again_on_postgres() {
    keng_tests::app::run(Kind::Postgres, async |app: TestApp| {
        let (world, cast) = app.cast().await;
        for round in 1..=3 {
            let state = app.state();
            join_all((0..8).map(|_| state.db.read(|_| Ok(())))).await;
            end_connections(&app);
            // A write opens a new connection by itself.
            app.write(move |conn| put(conn, &format!("round {round}"))).await;
            // A read finds a connection that is gone and says so; each time one is thrown away.
            let draft = drafts::session(&world, &cast.member, app.now());
            let mut failures = 0;
            loop {
                let answer = post(&cast.member, &draft).await;
                if answer.status == 201 {
                    break;
                }
                must_come_back(&answer);
                failures += 1;
                assert!(failures <= 8, "there are no more connections than that");
            }
            let listed = loop {
                match cast.officer.api().record_counts(None).await {
                    Ok(counts) => break counts.submitted,
                    Err(error) => {
                        failures += 1;
                        assert!(failures <= 8, "{error:?}");
                    }
                }
            };
            assert_eq!(listed, round);
        }
    });
}

/// Ends every connection of the test's server, and only those.
fn end_connections(app: &TestApp) {
    let mut conn = PgConnection::establish(&app.database_url()).unwrap();
    conn.batch_execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
         WHERE application_name = current_setting('application_name') AND pid <> pg_backend_pid()",
    )
    .unwrap();
}
