//! Urgent news on browsers that are not open, by Web Push.

use crate::incidents::incident;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use keng_server::config::Config;
use keng_shared::api::{MarkRead, NewPushSubscription};
use keng_shared::problem::{FieldCode, ProblemCode};
use keng_tests::push_service::{Browser, PushService};
use keng_tests::{Asks, Cast, Person, Refused, TestApp, World, both_databases};
use serde_json::{Value, json};
use std::time::Duration;

both_databases!(
    an_urgent_incident_reaches_the_officers_browser_and_only_that_can_read_it,
    a_message_is_signed_for_its_push_service_by_the_key_that_browsers_are_given,
    what_is_not_urgent_is_not_pushed,
    a_line_that_was_read_meanwhile_is_not_pushed,
    a_device_that_has_signed_out_gets_nothing,
    a_browser_tells_only_who_subscribed_in_it_last,
    a_service_that_is_busy_is_asked_again_when_it_said,
    a_message_is_not_sent_after_four_hours,
    a_subscription_that_the_service_does_not_know_is_forgotten,
    a_trial_comes_only_to_who_has_subscribed,
    only_push_services_of_the_list_are_written_to,
    keys_that_are_none_are_refused_and_named,
    a_server_without_push_services_offers_no_key,
);

struct Scene {
    world: World,
    cast: Cast,
    service: PushService,
    app: TestApp,
}

impl Scene {
    async fn set(app: TestApp) -> Self {
        let service = PushService::start().await;
        let (world, cast) = app.cast().await;
        app.restart_with(|config| config.push_services = services(&[service.origin()]))
            .await;
        Self {
            world,
            cast,
            service,
            app,
        }
    }

    async fn subscribe(&self, person: &Person, path: &str) -> Browser {
        let browser = Browser::default();
        let subscription = browser.subscription(format!("{}{path}", self.service.origin()));
        person.api().push_subscribe(&subscription).await.unwrap();
        browser
    }

    async fn report(&self, severity: &str) -> Value {
        let draft = incident(&self.world, &self.cast.member, self.app.now(), severity);
        self.cast.member.api().create_record(&draft).await.unwrap();
        json!(draft.id)
    }

    /// Waits until nothing waits any more.
    async fn drained(&self) {
        while self.waiting("tries >= ", 0).await > 0 {
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    async fn waiting(&self, condition: &str, value: i64) -> i64 {
        #[derive(QueryableByName)]
        struct Count {
            #[diesel(sql_type = BigInt)]
            n: i64,
        }
        let text = format!("SELECT count(*) AS n FROM push_message WHERE {condition}{value}");
        let count = self
            .app
            .read(move |conn| Ok(diesel::sql_query(&text).get_result::<Count>(conn)?))
            .await;
        count.n
    }
}

fn services(list: &[&str]) -> Vec<keng_server::PushService> {
    list.iter()
        .map(|text| keng_server::PushService::parse(text).unwrap())
        .collect()
}

async fn an_urgent_incident_reaches_the_officers_browser_and_only_that_can_read_it(app: TestApp) {
    let scene = Scene::set(app).await;
    let officer = scene.subscribe(&scene.cast.officer, "/send/officer").await;
    let stranger = scene.subscribe(&scene.cast.leader, "/send/leader").await;
    let record = scene.report("high").await;
    let deliveries = scene.service.until(1).await;
    assert_eq!(deliveries.len(), 1, "the leader handles no incidents");
    assert_eq!(deliveries[0].path, "/send/officer");
    let line = scene.cast.officer.api().inbox().await.unwrap().items[0].id;
    assert_eq!(
        officer.open(&deliveries[0]).unwrap(),
        json!({"id": line, "news": {
            "type": "incident_reported",
            "record_id": record,
            "area_id": scene.world.village,
            "category": "theft",
            "severity": "high",
        }})
    );
    assert_eq!(stranger.open(&deliveries[0]), None);
    scene.drained().await;
    assert_eq!(scene.service.deliveries().len(), 1);
    scene.service.stop().await;
}

async fn a_message_is_signed_for_its_push_service_by_the_key_that_browsers_are_given(app: TestApp) {
    let scene = Scene::set(app).await;
    scene.subscribe(&scene.cast.officer, "/send/officer").await;
    let key = scene.cast.officer.api().push_state().await.unwrap().public_key;
    let key = key.unwrap();
    scene.cast.officer.api().push_try().await.unwrap();
    let delivery = scene.service.until(1).await.remove(0);
    let header = &delivery.headers["authorization"];
    let (token, own_key) = header
        .strip_prefix("vapid t=")
        .and_then(|rest| rest.split_once(", k="))
        .unwrap();
    assert_eq!(own_key, key);
    let point = URL_SAFE_NO_PAD.decode(&key).unwrap();
    let part = |range: std::ops::Range<usize>| URL_SAFE_NO_PAD.encode(&point[range]);
    let verifier = DecodingKey::from_ec_components(&part(1..33), &part(33..65)).unwrap();
    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_audience(&[scene.service.origin()]);
    // The clock of the test stands still; the end is looked at below.
    validation.validate_exp = false;
    let claims = jsonwebtoken::decode::<Value>(token, &verifier, &validation)
        .unwrap()
        .claims;
    let lives_s = claims["exp"].as_i64().unwrap() - scene.app.now().0 / 1_000;
    assert!((1..=86_400).contains(&lives_s), "{lives_s}");
    assert_eq!(delivery.headers["content-encoding"], "aes128gcm");
    assert_eq!(delivery.headers["ttl"], "14400");
    assert_eq!(delivery.headers["urgency"], "high");
    scene.app.restart().await;
    let again = scene.cast.officer.api().push_state().await.unwrap().public_key;
    assert_eq!(again, Some(key), "subscriptions outlive a restart");
    scene.service.stop().await;
}

async fn what_is_not_urgent_is_not_pushed(app: TestApp) {
    let scene = Scene::set(app).await;
    scene.subscribe(&scene.cast.officer, "/send/officer").await;
    scene.report("low").await;
    assert_eq!(scene.cast.officer.api().inbox().await.unwrap().items.len(), 1);
    assert_eq!(scene.waiting("tries >= ", 0).await, 0);
    assert!(scene.service.deliveries().is_empty());
    scene.service.stop().await;
}

async fn a_line_that_was_read_meanwhile_is_not_pushed(app: TestApp) {
    let scene = Scene::set(app).await;
    let browser = scene.subscribe(&scene.cast.officer, "/send/officer").await;
    scene.service.answer_with(503);
    scene.report("high").await;
    scene.service.until(1).await;
    let officer = scene.cast.officer.api();
    let ids = officer
        .inbox()
        .await
        .unwrap()
        .items
        .iter()
        .map(|item| item.id)
        .collect();
    officer.mark_read(&MarkRead { ids }).await.unwrap();
    scene.service.answer_with(201);
    scene.app.advance(10 * 60_000);
    scene.cast.officer.api().push_try().await.unwrap();
    let deliveries = scene.service.until(2).await;
    assert_eq!(browser.open(&deliveries[1]).unwrap(), json!({"trial": true}));
    scene.drained().await;
    assert_eq!(scene.service.deliveries().len(), 2);
    scene.service.stop().await;
}

async fn a_device_that_has_signed_out_gets_nothing(app: TestApp) {
    let scene = Scene::set(app).await;
    scene.subscribe(&scene.cast.officer, "/send/officer").await;
    let session = scene.cast.officer.session;
    scene.cast.officer.api().end_session(session).await.unwrap();
    scene.report("high").await;
    assert_eq!(scene.waiting("tries >= ", 0).await, 0);
    assert!(scene.service.deliveries().is_empty());
    scene.service.stop().await;
}

async fn a_browser_tells_only_who_subscribed_in_it_last(app: TestApp) {
    let scene = Scene::set(app).await;
    scene.subscribe(&scene.cast.officer, "/send/shared").await;
    scene.subscribe(&scene.cast.leader, "/send/shared").await;
    assert_eq!(
        scene.cast.officer.api().push_state().await.unwrap().endpoint,
        None
    );
    let endpoint = scene.cast.leader.api().push_state().await.unwrap().endpoint;
    assert_eq!(endpoint, Some(format!("{}/send/shared", scene.service.origin())));
    scene.report("high").await;
    assert_eq!(scene.waiting("tries >= ", 0).await, 0);
    scene.cast.leader.api().push_unsubscribe().await.unwrap();
    assert_eq!(scene.cast.leader.api().push_state().await.unwrap().endpoint, None);
    scene.service.stop().await;
}

async fn a_service_that_is_busy_is_asked_again_when_it_said(app: TestApp) {
    let scene = Scene::set(app).await;
    let browser = scene.subscribe(&scene.cast.officer, "/send/officer").await;
    scene.service.answer_with(429);
    scene.report("high").await;
    scene.service.until(1).await;
    // The service asked for 120 seconds.
    let due = scene.app.now().plus(120_000).0;
    while scene.waiting("due_at = ", due).await == 0 {
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    scene.service.answer_with(201);
    scene.app.advance(120_000);
    let deliveries = scene.service.until(2).await;
    assert_eq!(browser.open(&deliveries[0]), browser.open(&deliveries[1]));
    assert_eq!(deliveries[1].headers["ttl"], (14_400 - 120).to_string());
    scene.service.stop().await;
}

async fn a_message_is_not_sent_after_four_hours(app: TestApp) {
    let scene = Scene::set(app).await;
    scene.subscribe(&scene.cast.officer, "/send/officer").await;
    scene.service.answer_with(500);
    scene.report("high").await;
    scene.service.until(1).await;
    scene.app.advance(4 * 3_600_000);
    scene.drained().await;
    assert_eq!(scene.service.deliveries().len(), 1);
    assert_eq!(
        scene.cast.officer.api().inbox().await.unwrap().unread,
        1,
        "the inbox is the truth"
    );
    scene.service.stop().await;
}

async fn a_subscription_that_the_service_does_not_know_is_forgotten(app: TestApp) {
    let scene = Scene::set(app).await;
    scene.subscribe(&scene.cast.officer, "/send/officer").await;
    scene.service.answer_with(410);
    scene.report("high").await;
    while scene
        .cast
        .officer
        .api()
        .push_state()
        .await
        .unwrap()
        .endpoint
        .is_some()
    {
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    assert_eq!(scene.waiting("tries >= ", 0).await, 0);
    scene.service.stop().await;
}

async fn a_trial_comes_only_to_who_has_subscribed(app: TestApp) {
    let scene = Scene::set(app).await;
    let refused = scene.cast.member.api().push_try().await;
    assert_eq!(refused.code(), ProblemCode::StateConflict);
    let browser = scene.subscribe(&scene.cast.member, "/send/member").await;
    scene.cast.member.api().push_try().await.unwrap();
    let deliveries = scene.service.until(1).await;
    assert_eq!(browser.open(&deliveries[0]).unwrap(), json!({"trial": true}));
    scene.service.stop().await;
}

async fn only_push_services_of_the_list_are_written_to(app: TestApp) {
    let scene = Scene::set(app).await;
    let port = scene.service.origin().rsplit(':').next().unwrap().to_owned();
    for elsewhere in [
        "http://169.254.169.254/latest/meta-data".to_owned(),
        "https://internal.example.vn/hook".to_owned(),
        format!("http://someone@127.0.0.1:{port}/send"),
        format!("http://localhost:{port}/send"),
    ] {
        let subscription = Browser::default().subscription(elsewhere.clone());
        let refused = scene.cast.member.api().push_subscribe(&subscription).await;
        assert_eq!(
            refused.wrong_fields(),
            [("endpoint".to_owned(), FieldCode::NotAChoice)],
            "{elsewhere}"
        );
    }
    // A list that became shorter counts for those who subscribed before.
    scene.subscribe(&scene.cast.officer, "/send/officer").await;
    scene
        .app
        .restart_with(|config: &mut Config| config.push_services = services(&["push.example.vn"]))
        .await;
    scene.report("high").await;
    while scene
        .cast
        .officer
        .api()
        .push_state()
        .await
        .unwrap()
        .endpoint
        .is_some()
    {
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    assert!(scene.service.deliveries().is_empty());
    scene.service.stop().await;
}

async fn keys_that_are_none_are_refused_and_named(app: TestApp) {
    let scene = Scene::set(app).await;
    let endpoint = format!("{}/send/x", scene.service.origin());
    let good = Browser::default().subscription(endpoint);
    let bad = |change: fn(&mut NewPushSubscription)| {
        let mut subscription = good.clone();
        change(&mut subscription);
        subscription
    };
    for (subscription, field, code) in [
        (
            bad(|s| s.endpoint = "push".into()),
            "endpoint",
            FieldCode::BadFormat,
        ),
        (
            bad(|s| s.endpoint.push_str(&"x".repeat(2_048))),
            "endpoint",
            FieldCode::TooLong,
        ),
        (bad(|s| s.p256dh = "BA".into()), "p256dh", FieldCode::BadFormat),
        (
            bad(|s| s.p256dh = URL_SAFE_NO_PAD.encode([4; 65])),
            "p256dh",
            FieldCode::BadFormat,
        ),
        (
            bad(|s| s.auth = URL_SAFE_NO_PAD.encode([0; 15])),
            "auth",
            FieldCode::BadFormat,
        ),
    ] {
        let refused = scene.cast.member.api().push_subscribe(&subscription).await;
        assert_eq!(
            refused.wrong_fields(),
            [(field.to_owned(), code)],
            "{subscription:?}"
        );
    }
    assert_eq!(scene.cast.member.api().push_state().await.unwrap().endpoint, None);
    scene.service.stop().await;
}

async fn a_server_without_push_services_offers_no_key(app: TestApp) {
    let (_, cast) = app.cast().await;
    app.restart_with(|config| config.push_services.clear()).await;
    assert_eq!(cast.member.api().push_state().await.unwrap().public_key, None);
}
