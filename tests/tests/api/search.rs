//! Searches over several communes give what looking at every record would give, however far the index of words is.

use keng_server::indexing;
use keng_shared::api::RecordQuery;
use keng_shared::id::RecordId;
use keng_shared::text;
use keng_tests::filler::{self, MORE_THAN_IS_READ};
use keng_tests::{Asks, Cast, TestApp, World, both_databases, drafts};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::json;

both_databases!(
    a_search_of_a_province_finds_what_looking_at_every_record_finds,
    a_search_that_the_index_answers_keeps_to_filter_and_permission,
);

const WORDS: [&str; 9] = ["Nhà", "văn", "hóa", "cây", "đa", "làng", "hoàng", "Thôn 2", "đàn"];
const QUERIES: [&str; 12] = [
    "nhà văn hóa",
    "cây đa làng",
    "cay da la",
    "hoa",
    "ho",
    "da",
    "lang nha",
    "thon 2 cay",
    "2",
    "van hoa cay da",
    "àn",
    "không có",
];

/// What was logged, oldest first.
struct Logged {
    id: RecordId,
    words: String,
    revision: u32,
}

async fn log(
    app: &TestApp,
    world: &World,
    cast: &Cast,
    rng: &mut StdRng,
    count: usize,
    all: &mut Vec<Logged>,
) {
    for _ in 0..count {
        let mut draft = drafts::session(world, &cast.member, app.now());
        let words = some_words(rng);
        draft.body["venue"] = json!(words);
        cast.member.api().create_record(&draft).await.unwrap();
        app.advance(i64::from(rng.next_u32() % 3));
        all.push(Logged {
            id: draft.id,
            words,
            revision: 1,
        });
    }
}

fn some_words(rng: &mut StdRng) -> String {
    let count = 1 + rng.next_u32() as usize % 6;
    let words = (0..count).map(|_| WORDS[rng.next_u32() as usize % WORDS.len()]);
    words.collect::<Vec<_>>().join(" ")
}

/// The ids that a search finds, page by page.
async fn found(cast: &Cast, search: &str) -> Vec<RecordId> {
    let (client, mut ids, mut after) = (cast.province_viewer.api(), Vec::new(), None);
    loop {
        let page = client
            .records(&RecordQuery {
                search: Some(search.to_owned()),
                limit: Some(7),
                after,
                ..RecordQuery::default()
            })
            .await
            .unwrap();
        ids.extend(page.items.into_iter().map(|row| row.id));
        after = page.next;
        if after.is_none() {
            return ids;
        }
    }
}

async fn compare(cast: &Cast, all: &[Logged], when: &str) {
    for query in QUERIES {
        let key = format!(" {}", text::search_key(query));
        let fits = |one: &&Logged| format!(" {}", text::search_key(&one.words)).contains(&key);
        let mut expected: Vec<RecordId> = all.iter().filter(fits).map(|one| one.id).collect();
        let mut found = found(cast, query).await;
        // Several may have arrived in one millisecond, and then their ids decide.
        expected.sort_unstable();
        let order = found.clone();
        found.sort_unstable();
        assert_eq!(found, expected, "{when}: {query}");
        let place = |id: &RecordId| all.iter().position(|one| one.id == *id).unwrap();
        let is_newest_first = order.windows(2).all(|pair| place(&pair[0]) > place(&pair[1]));
        assert!(is_newest_first, "{when}: {query}");
    }
}

async fn a_search_of_a_province_finds_what_looking_at_every_record_finds(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut rng = StdRng::seed_from_u64(7);
    let (mut all, member) = (Vec::new(), cast.member.api());
    log(&app, &world, &cast, &mut rng, 40, &mut all).await;
    filler::bury(&app, MORE_THAN_IS_READ).await;
    compare(&cast, &all, "before anything is indexed, or soon").await;
    indexing::finish(&app.state().db).await.unwrap();
    compare(&cast, &all, "with everything indexed").await;

    for index in [3, 11, 20] {
        let mut draft = drafts::session(&world, &cast.member, app.now());
        draft.id = all[index].id;
        let words = some_words(&mut rng);
        draft.body["venue"] = json!(words);
        member.edit_record(&draft, all[index].revision).await.unwrap();
        app.advance(5);
        all[index].words = words;
        all[index].revision += 1;
    }
    let withdrawn = all.remove(5);
    member
        .withdraw_record(withdrawn.id, withdrawn.revision)
        .await
        .unwrap();
    log(&app, &world, &cast, &mut rng, 5, &mut all).await;
    compare(&cast, &all, "with edits that are due").await;
    indexing::finish(&app.state().db).await.unwrap();
    compare(&cast, &all, "with edits indexed").await;
}

async fn a_search_that_the_index_answers_keeps_to_filter_and_permission(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut draft = drafts::session(&world, &cast.member, app.now());
    draft.body["venue"] = json!("Gốc cây đa làng");
    let id = cast.member.api().create_record(&draft).await.unwrap().id;
    filler::bury(&app, MORE_THAN_IS_READ).await;
    indexing::finish(&app.state().db).await.unwrap();
    let query = |kind: &str| RecordQuery {
        search: Some("cây đa".to_owned()),
        kind: Some(kind.to_owned()),
        ..RecordQuery::default()
    };
    let ids = |page: keng_shared::api::Page<keng_shared::api::RecordRow>| {
        page.items.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    let viewer = cast.province_viewer.api();
    let sessions = "direct_propaganda_session";
    assert_eq!(ids(viewer.records(&query(sessions)).await.unwrap()), [id]);
    assert!(ids(viewer.records(&query("patrol")).await.unwrap()).is_empty());
    let neighbour = cast.neighbour.api();
    assert!(ids(neighbour.records(&query(sessions)).await.unwrap()).is_empty());
}
