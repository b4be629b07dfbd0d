//! What phones pull: every change once, in pages, of their own reach.

use super::sync::{done, send};
use futures::future::join_all;
use keng_server::db::{Conn, DbError};
use keng_shared::id::RecordId;
use keng_shared::permission::Role;
use keng_shared::problem::ProblemCode;
use keng_shared::record::RecordStatus;
use keng_tests::cast::{Person, active};
use keng_tests::drafts::{put, session};
use keng_tests::{Asks, Refused, TestApp, both_databases};

both_databases!(
    pulls_bring_every_change_once_and_then_nothing,
    a_pull_goes_on_page_by_page,
    a_leader_pulls_the_team_and_a_member_only_what_is_their_own,
    a_new_membership_expires_the_cursor_and_changes_the_tag,
    a_cursor_of_another_history_is_refused,
    no_reader_skips_a_row_of_a_slow_writer,
    the_scope_holds_what_the_phone_needs_and_nothing_of_the_neighbours,
);

async fn pulls_bring_every_change_once_and_then_nothing(app: TestApp) {
    let (world, cast) = app.cast().await;
    let api = cast.member.api();
    let empty = api.pull(None).await.unwrap();
    assert_eq!((empty.records.len(), empty.more), (0, false));
    let draft = session(&world, &cast.member, app.now());
    let created = api.create_record(&draft).await.unwrap();
    let first = api.pull(Some(empty.cursor)).await.unwrap();
    assert_eq!(first.records, [created]);
    let nothing = api.pull(Some(first.cursor)).await.unwrap();
    assert_eq!(nothing.records, []);
    api.withdraw_record(draft.id, 1).await.unwrap();
    let last = api.pull(Some(nothing.cursor)).await.unwrap();
    assert_eq!(last.records[0].status, RecordStatus::Withdrawn);
    assert_eq!(last.scope_tag, api.scope().await.unwrap().tag);
}

async fn a_pull_goes_on_page_by_page(app: TestApp) {
    let (world, cast) = app.cast().await;
    let drafts: Vec<_> = (0..205)
        .map(|_| session(&world, &cast.member, app.now()))
        .collect();
    for chunk in drafts.chunks(150) {
        let answer = send(&cast.member, &app, chunk.iter().cloned().map(put).collect()).await;
        answer
            .results
            .iter()
            .for_each(|result| drop(done(&result.outcome)));
    }
    let first = cast.member.api().pull(None).await.unwrap();
    assert_eq!((first.records.len(), first.more), (200, true));
    let rest = cast.member.api().pull(Some(first.cursor)).await.unwrap();
    assert_eq!((rest.records.len(), rest.more), (5, false));
    let seen: std::collections::HashSet<_> = first
        .records
        .iter()
        .chain(&rest.records)
        .map(|record| record.id)
        .collect();
    assert_eq!(seen.len(), 205);
}

async fn a_leader_pulls_the_team_and_a_member_only_what_is_their_own(app: TestApp) {
    let (world, cast) = app.cast().await;
    let by_member = session(&world, &cast.member, app.now());
    let by_leader = session(&world, &cast.leader, app.now());
    let mut alone = session(&world, &cast.member, app.now());
    alone.team_id = None;
    cast.member.api().create_record(&by_member).await.unwrap();
    cast.leader.api().create_record(&by_leader).await.unwrap();
    cast.member.api().create_record(&alone).await.unwrap();
    let pulled = async |person: &Person| -> Vec<RecordId> {
        let records = person.api().pull(None).await.unwrap().records;
        records.into_iter().map(|record| record.id).collect()
    };
    assert_eq!(pulled(&cast.member).await, [by_member.id, alone.id]);
    assert_eq!(pulled(&cast.leader).await, [by_member.id, by_leader.id]);
    assert_eq!(pulled(&cast.neighbour).await, []);
    assert_eq!(pulled(&cast.officer).await, []);
}

async fn a_new_membership_expires_the_cursor_and_changes_the_tag(app: TestApp) {
    let (world, cast) = app.cast().await;
    let api = cast.member.api();
    let before = api.pull(None).await.unwrap();
    let (user, new, now) = (
        cast.member.id,
        active(
            Role::TeamLeader,
            world.neighbour_village,
            Some(world.neighbour_team),
        ),
        app.now(),
    );
    app.write(move |conn| keng_server::db::memberships::insert(conn, user, &new, now))
        .await;
    app.state().auth.people.forget_user(user);
    assert_eq!(
        api.pull(Some(before.cursor)).await.code(),
        ProblemCode::CursorExpired
    );
    let after = api.pull(None).await.unwrap();
    assert_ne!(after.scope_tag, before.scope_tag);
}

async fn a_cursor_of_another_history_is_refused(app: TestApp) {
    let (_, cast) = app.cast().await;
    let api = cast.member.api();
    let cursor = api.pull(None).await.unwrap().cursor;
    app.write(new_epoch).await;
    assert_eq!(api.pull(Some(cursor)).await.code(), ProblemCode::CursorExpired);
    assert_eq!(
        api.pull(Some("rubbish".into())).await.code(),
        ProblemCode::CursorExpired
    );
    api.pull(None).await.unwrap();
}

fn new_epoch(conn: &mut Conn) -> Result<(), DbError> {
    use diesel::RunQueryDsl;
    diesel::sql_query("UPDATE setting SET value = 'restored' WHERE name = 'sync_epoch'").execute(conn)?;
    Ok(())
}

/// A reader pulls all the time while writers of several communes commit; afterwards it has seen every record.
async fn no_reader_skips_a_row_of_a_slow_writer(app: TestApp) {
    let (world, cast) = app.cast().await;
    let drafts: Vec<_> = (0..40)
        .map(|_| session(&world, &cast.member, app.now()))
        .collect();
    let api = cast.member.api();
    let writer = async {
        // Each batch holds a job that dawdles inside the shared transaction while others queue behind it.
        for chunk in drafts.chunks(8) {
            let dawdle = app.write(dawdle);
            let sends = join_all(chunk.iter().map(|draft| api.create_record(draft)));
            let (_, answers) = futures::join!(dawdle, sends);
            answers.into_iter().for_each(|answer| drop(answer.unwrap()));
        }
    };
    let reader_api = cast.member.api();
    let seen = async {
        let mut seen = Vec::new();
        let mut cursor = None;
        while seen.len() < drafts.len() {
            let pulled = reader_api.pull(cursor).await.unwrap();
            seen.extend(pulled.records.into_iter().map(|record| record.id));
            cursor = Some(pulled.cursor);
        }
        seen
    };
    let ((), mut seen) = futures::join!(writer, seen);
    seen.sort_unstable();
    let mut sent: Vec<_> = drafts.iter().map(|draft| draft.id).collect();
    sent.sort_unstable();
    assert_eq!(seen, sent);
}

fn dawdle(conn: &mut Conn) -> Result<(), DbError> {
    use diesel::RunQueryDsl;
    diesel::sql_query("UPDATE setting SET value = value WHERE name = 'sync_epoch'").execute(conn)?;
    std::thread::sleep(std::time::Duration::from_millis(20));
    Ok(())
}

async fn the_scope_holds_what_the_phone_needs_and_nothing_of_the_neighbours(app: TestApp) {
    let (world, cast) = app.cast().await;
    let scope = cast.member.api().scope().await.unwrap();
    assert_eq!(scope.me.name, "Bùi Văn Thành");
    let areas: Vec<_> = scope.areas.iter().map(|area| area.id).collect();
    assert_eq!(areas, [world.province, world.commune, world.village]);
    assert_eq!(scope.edges.len(), 2);
    let names: Vec<_> = scope.teams[0]
        .members
        .iter()
        .map(|person| person.name.as_str())
        .collect();
    assert_eq!(
        (scope.teams.len(), names),
        (1, vec!["Bùi Văn Thành", "Phạm Thị Lan"])
    );
    assert_eq!(scope.checkpoints.len(), 2);
    let token = &world.checkpoints[0].1;
    let hall = scope
        .checkpoints
        .iter()
        .find(|point| point.id == world.checkpoints[0].0)
        .unwrap();
    assert_eq!(
        hall.token_sha256,
        keng_shared::evidence::sha256_hex(token.as_bytes())
    );
    assert_eq!(cast.member.api().scope().await.unwrap().tag, scope.tag);
    let neighbours = cast.neighbour.api().scope().await.unwrap();
    assert_eq!(neighbours.teams.len(), 1);
    assert_eq!(neighbours.checkpoints[0].id, world.neighbour_checkpoint);
}
