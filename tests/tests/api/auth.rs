//! Sign-in, access tokens, refresh, device sessions: TRUST S2, S3 and S5.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use keng_server::auth::refresh;
use keng_server::db::sessions::{self, Session};
use keng_server::{Clock, Config};
use keng_shared::api::{ChangePassword, DeviceInfo, SignIn, SignedIn};
use keng_shared::client::{HttpRequest, HttpResponse, Method};
use keng_shared::id::SessionId;
use keng_shared::problem::{FieldCode, Problem, ProblemCode};
use keng_tests::app::PASSWORD;
use keng_tests::{Asks, Person, Phone, Refused, TestApp, Visitor, both_databases};
use serde_json::{Value, json};
use std::collections::HashSet;
use uuid::Uuid;

const REFRESH: &str = "__Host-keng_refresh";
const DEVICE: &str = "__Host-keng_device";

both_databases!(
    a_person_signs_in_and_asks_who_they_are,
    an_unknown_name_and_a_wrong_password_are_answered_alike,
    the_refresh_value_travels_only_in_a_cookie_that_pages_cannot_read,
    forty_bad_tokens_open_nothing,
    a_token_runs_out_after_ten_minutes_and_a_refresh_gives_the_next,
    a_thousand_lost_refresh_answers_sign_nobody_out,
    a_hundred_replayed_refresh_values_end_a_hundred_sessions,
    a_refresh_value_that_another_device_repeats_ends_the_session,
    a_thousand_parallel_refreshes_get_one_successor_each,
    an_ended_session_is_over_at_once_here_and_within_five_seconds_elsewhere,
    signing_out_ends_the_session_and_takes_the_cookie,
    nobody_ends_the_session_of_somebody_else,
    strangers_who_guess_wait_longer_and_longer_and_the_person_does_not,
    a_changed_password_ends_every_other_session,
    a_device_keeps_its_key,
    a_sign_in_with_wrong_fields_is_refused_field_by_field,
);

async fn sign_in(
    visitor: &Visitor,
    username: &str,
    password: &str,
    device: DeviceInfo,
) -> Result<SignedIn, Box<Problem>> {
    let body = SignIn {
        username: username.to_owned(),
        password: password.to_owned(),
        device,
    };
    visitor.api().sign_in(&body).await.map_err(|error| match error {
        keng_shared::client::CallError::Problem(problem) => problem,
        other => panic!("{other:?}"),
    })
}

/// A person of the cast with a password, and a browser in which they signed in.
async fn signed_in_member(app: &TestApp) -> (Person, Visitor, SignedIn) {
    let (_, cast) = app.cast().await;
    app.set_password(&cast.member).await;
    let visitor = app.visitor();
    let answer = sign_in(&visitor, "thanh", PASSWORD, cast.member.phone.info())
        .await
        .unwrap();
    (cast.member, visitor, answer)
}

/// A session with a refresh value, stored without going through a password.
async fn session_with_value(app: &TestApp, person: &Person) -> (SessionId, String) {
    let session = Session {
        id: SessionId(Uuid::now_v7()),
        user_id: person.id,
        device_id: person.phone.device(),
        created_at: app.now(),
        last_seen_at: app.now(),
        expires_at: app.now().plus(3_600_000),
        ended_at: None,
    };
    let value = keng_server::auth::random_text();
    let (stored, first) = (session.clone(), value.clone());
    app.write(move |conn| {
        sessions::insert(conn, &stored)?;
        refresh::start(conn, &stored, &first)
    })
    .await;
    (session.id, value)
}

async fn post(visitor: &Visitor, path: &str) -> HttpResponse {
    let request = HttpRequest::new(Method::Post, path).json(&json!({}));
    visitor.raw(request).await
}

fn code_of(answer: &HttpResponse) -> ProblemCode {
    serde_json::from_slice::<Problem>(&answer.body)
        .expect("a problem")
        .code
}

async fn a_person_signs_in_and_asks_who_they_are(app: TestApp) {
    let (member, visitor, answer) = signed_in_member(&app).await;
    assert_eq!(answer.me.name, "Bùi Văn Thành");
    assert_eq!(answer.server_time, app.now());
    let client = visitor.api();
    client.set_token(Some(answer.access_token));
    assert_eq!(client.me().await.unwrap(), answer.me);
    let sessions = client.sessions().await.unwrap();
    let current: Vec<_> = sessions.iter().filter(|session| session.current).collect();
    assert_eq!(current.len(), 1);
    assert_eq!(current[0].id, answer.session_id);
    assert_eq!(current[0].device_id, member.phone.device());
    let other_case = sign_in(&app.visitor(), " THANH ", PASSWORD, Phone::new().info()).await;
    assert!(other_case.is_ok(), "names are compared without case");
}

async fn an_unknown_name_and_a_wrong_password_are_answered_alike(app: TestApp) {
    let (_, cast) = app.cast().await;
    app.set_password(&cast.member).await;
    let mut answers = Vec::new();
    for name in ["thanh", "nobody", "lan"] {
        let body = json!({"username": name, "password": "not the password", "device": Phone::new().info()});
        let request = HttpRequest::new(Method::Post, "/auth/sign-in").json(&body);
        let answer = app.visitor().raw(request).await;
        assert_eq!(answer.status, 401);
        let mut problem: Value = serde_json::from_slice(&answer.body).unwrap();
        problem.as_object_mut().unwrap().remove("request_id");
        let names: HashSet<String> = answer.headers.iter().map(|(name, _)| name.clone()).collect();
        answers.push((problem, names));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(
        answers[0], answers[2],
        "somebody who has not enrolled looks the same"
    );
}

async fn the_refresh_value_travels_only_in_a_cookie_that_pages_cannot_read(app: TestApp) {
    let (_, cast) = app.cast().await;
    app.set_password(&cast.member).await;
    let body = json!({"username": "thanh", "password": PASSWORD, "device": cast.member.phone.info()});
    let visitor = app.visitor();
    let answer = visitor
        .raw(HttpRequest::new(Method::Post, "/auth/sign-in").json(&body))
        .await;
    let cookies: Vec<&str> = answer
        .headers
        .iter()
        .filter(|(name, _)| name == "set-cookie")
        .map(|(_, value)| value.as_str())
        .collect();
    assert_eq!(cookies.len(), 2);
    for cookie in cookies {
        assert!(cookie.starts_with("__Host-keng_"), "{cookie}");
        for attribute in ["HttpOnly", "Secure", "SameSite=Strict", "Path=/", "Max-Age="] {
            assert!(cookie.contains(attribute), "{attribute} in {cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    let value = visitor.http().cookie(REFRESH).unwrap();
    assert_eq!(BASE64_URL_SAFE_NO_PAD.decode(&value).unwrap().len(), 32);
    assert!(!String::from_utf8(answer.body).unwrap().contains(&value));
}

async fn forty_bad_tokens_open_nothing(app: TestApp) {
    let (member, _, answer) = signed_in_member(&app).await;
    let good = answer.access_token;
    let parts: Vec<&str> = good.split('.').collect();
    let (header, payload, signature) = (parts[0], parts[1], parts[2]);
    let decoded = |part: &str| -> Value {
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    };
    let encoded = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let mut bad: Vec<String> = vec![
        String::new(),
        ".".into(),
        "..".into(),
        "...".into(),
        "null".into(),
        "x".repeat(100_000),
        header.into(),
        format!("{header}.{payload}"),
        format!("{header}.{payload}."),
        format!("{header}.{payload}.{}", "A".repeat(43)),
        format!("{header}.{payload}.{signature}x"),
        format!("{header}.{payload}.{}", &signature[1..]),
        format!("{good}.{good}"),
        format!("{good}."),
        format!(" {good} x"),
        format!("{payload}.{header}.{signature}"),
        format!("{}.{payload}.{signature}", header.to_lowercase()),
        Uuid::now_v7().to_string(),
        answer.session_id.to_string(),
        member.id.to_string(),
    ];
    // Headers that promise another algorithm or key, with the old signature and with none.
    for change in [
        json!({"alg": "none"}),
        json!({"alg": "None"}),
        json!({"alg": "HS384"}),
        json!({"alg": "RS256"}),
        json!({"alg": "EdDSA"}),
        json!({"typ": "JWT"}),
        json!({"kid": "other"}),
        json!({"kid": "../../dev/null"}),
        json!({"crit": ["exp"]}),
        json!({"jku": "https://evil.example/keys"}),
    ] {
        let mut forged = decoded(header);
        forged
            .as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        bad.push(format!("{}.{payload}.{signature}", encoded(&forged)));
        bad.push(format!("{}.{payload}.", encoded(&forged)));
    }
    // Claims that were changed under the old signature.
    for (claim, value) in [
        ("sub", json!(Uuid::now_v7())),
        ("sid", json!(Uuid::now_v7())),
        ("exp", json!(9_999_999_999_i64)),
        ("aud", json!("other")),
        ("iss", json!("other")),
    ] {
        let mut forged = decoded(payload);
        forged[claim] = value;
        bad.push(format!("{header}.{}.{signature}", encoded(&forged)));
    }
    // Well made tokens of somebody who does not have the key.
    for secret in [&b""[..], b"secret", b"keng", &[0; 32]] {
        let mut ours = Header::new(Algorithm::HS256);
        ours.typ = Some("at+jwt".into());
        ours.kid = decoded(header)["kid"].as_str().map(str::to_owned);
        bad.push(encode(&ours, &decoded(payload), &EncodingKey::from_secret(secret)).unwrap());
    }
    assert!(bad.len() >= 40, "{}", bad.len());
    for token in bad {
        let request = HttpRequest::new(Method::Get, "/me").header("authorization", format!("Bearer {token}"));
        let answer = app.visitor().raw(request).await;
        assert_eq!(answer.status, 401, "{token}");
    }
    for value in [format!("Basic {good}"), format!("Bearer{good}"), good.clone()] {
        let request = HttpRequest::new(Method::Get, "/me").header("authorization", value);
        assert_eq!(app.visitor().raw(request).await.status, 401);
    }
    let request = HttpRequest::new(Method::Get, "/me").header("authorization", format!("Bearer {good}"));
    assert_eq!(
        app.visitor().raw(request).await.status,
        200,
        "the good one still opens"
    );
}

async fn a_token_runs_out_after_ten_minutes_and_a_refresh_gives_the_next(app: TestApp) {
    let (_, visitor, answer) = signed_in_member(&app).await;
    assert_eq!(answer.expires_at, app.now().plus(600_000));
    let client = visitor.api();
    client.set_token(Some(answer.access_token));
    app.advance(600_000 + 29_000);
    assert!(client.me().await.is_ok(), "within the leeway");
    app.advance(1_000);
    assert_eq!(client.me().await.code(), ProblemCode::TokenExpired);
    let next = client.refresh().await.unwrap();
    assert_eq!(next.session_id, answer.session_id);
    assert!(client.me().await.is_ok());
    app.advance(61 * 24 * 3_600_000);
    assert_eq!(
        client.refresh().await.code(),
        ProblemCode::SessionEnded,
        "after two quiet months"
    );
}

async fn a_thousand_lost_refresh_answers_sign_nobody_out(app: TestApp) {
    let (_, visitor, _) = signed_in_member(&app).await;
    let http = visitor.http().clone();
    for round in 0..1_000 {
        let before = http.cookie(REFRESH).unwrap();
        assert_eq!(post(&visitor, "/auth/refresh").await.status, 200, "round {round}");
        let lost = http.cookie(REFRESH).unwrap();
        assert_ne!(before, lost);
        // The answer never reached the phone: it still holds the old value and sends it again a little later.
        http.set_cookie(REFRESH, Some(before));
        app.advance(29_000);
        assert_eq!(
            post(&visitor, "/auth/refresh").await.status,
            200,
            "round {round}, again"
        );
        assert_eq!(http.cookie(REFRESH).unwrap(), lost, "the same successor");
    }
}

async fn a_hundred_replayed_refresh_values_end_a_hundred_sessions(app: TestApp) {
    let (member, visitor, _) = signed_in_member(&app).await;
    let device = visitor.http().cookie(DEVICE);
    for round in 0..100 {
        let (session, stolen) = session_with_value(&app, &member).await;
        let phone = app.visitor();
        phone.http().set_cookie(REFRESH, Some(stolen.clone()));
        phone.http().set_cookie(DEVICE, device.clone());
        assert_eq!(post(&phone, "/auth/refresh").await.status, 200);
        app.advance(30_001);
        let thief = app.visitor();
        thief.http().set_cookie(REFRESH, Some(stolen));
        thief.http().set_cookie(DEVICE, device.clone());
        let answer = post(&thief, "/auth/refresh").await;
        assert_eq!(code_of(&answer), ProblemCode::SessionEnded, "round {round}");
        let answer = post(&phone, "/auth/refresh").await;
        assert_eq!(
            code_of(&answer),
            ProblemCode::SessionEnded,
            "the family is revoked"
        );
        let stored = app
            .read(move |conn| sessions::by_id(conn, session))
            .await
            .unwrap();
        assert!(stored.ended_at.is_some());
    }
}

async fn a_refresh_value_that_another_device_repeats_ends_the_session(app: TestApp) {
    let (_, visitor, answer) = signed_in_member(&app).await;
    let stolen = visitor.http().cookie(REFRESH).unwrap();
    assert_eq!(post(&visitor, "/auth/refresh").await.status, 200);
    let thief = app.visitor();
    thief.http().set_cookie(REFRESH, Some(stolen));
    assert_eq!(
        code_of(&post(&thief, "/auth/refresh").await),
        ProblemCode::SessionEnded
    );
    let client = visitor.api();
    client.set_token(Some(answer.access_token));
    assert_eq!(
        client.me().await.code(),
        ProblemCode::SessionEnded,
        "at once, also for the access token"
    );
}

async fn a_thousand_parallel_refreshes_get_one_successor_each(app: TestApp) {
    let (_, visitor, _) = signed_in_member(&app).await;
    let (mut value, device) = (visitor.http().cookie(REFRESH), visitor.http().cookie(DEVICE));
    for round in 0..50 {
        let tabs: Vec<Visitor> = (0..20)
            .map(|_| {
                let tab = app.visitor();
                tab.http().set_cookie(REFRESH, value.clone());
                tab.http().set_cookie(DEVICE, device.clone());
                tab
            })
            .collect();
        let answers = futures::future::join_all(tabs.iter().map(|tab| post(tab, "/auth/refresh"))).await;
        assert!(answers.iter().all(|answer| answer.status == 200), "round {round}");
        let successors: HashSet<_> = tabs.iter().map(|tab| tab.http().cookie(REFRESH)).collect();
        assert_eq!(successors.len(), 1, "round {round}");
        value = successors.into_iter().next().unwrap();
    }
}

async fn an_ended_session_is_over_at_once_here_and_within_five_seconds_elsewhere(app: TestApp) {
    let (_, visitor, answer) = signed_in_member(&app).await;
    let mut config = Config::in_directory(app.folder()).unwrap();
    config.database_url = app.database_url();
    config.workers = 1;
    let clock = Clock::standing_at(app.now());
    let elsewhere = keng_server::start(config, clock.clone()).await.unwrap();
    let other_instance = async |expected: u16| {
        let answer = reqwest::Client::builder()
            .no_proxy()
            .pool_max_idle_per_host(0)
            .build()
            .unwrap()
            .get(format!("http://{}/api/v1/me", elsewhere.addr))
            .bearer_auth(&answer.access_token)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status().as_u16(), expected);
    };
    other_instance(200).await;
    let client = visitor.api();
    client.set_token(Some(answer.access_token.clone()));
    client.end_session(answer.session_id).await.unwrap();
    assert_eq!(client.me().await.code(), ProblemCode::SessionEnded);
    clock.advance(5_000);
    other_instance(401).await;
    elsewhere.stop().await.unwrap();
}

async fn signing_out_ends_the_session_and_takes_the_cookie(app: TestApp) {
    let (_, visitor, answer) = signed_in_member(&app).await;
    let value = visitor.http().cookie(REFRESH);
    assert_eq!(post(&visitor, "/auth/sign-out").await.status, 204);
    assert_eq!(visitor.http().cookie(REFRESH), None);
    let client = visitor.api();
    client.set_token(Some(answer.access_token));
    assert_eq!(client.me().await.code(), ProblemCode::SessionEnded);
    visitor.http().set_cookie(REFRESH, value);
    assert_eq!(
        code_of(&post(&visitor, "/auth/refresh").await),
        ProblemCode::SessionEnded
    );
    assert_eq!(
        post(&app.visitor(), "/auth/sign-out").await.status,
        204,
        "nothing to end is fine"
    );
}

async fn nobody_ends_the_session_of_somebody_else(app: TestApp) {
    let (_, cast) = app.cast().await;
    let of_leader = cast.leader.session;
    assert_eq!(
        cast.member.api().end_session(of_leader).await.code(),
        ProblemCode::NotFound
    );
    let ended = cast.member.api().end_session_of(cast.leader.id, of_leader).await;
    assert_eq!(
        ended.code(),
        ProblemCode::NotFound,
        "a member does not even see people"
    );
    assert!(cast.leader.api().me().await.is_ok());
    cast.officer
        .api()
        .end_session_of(cast.leader.id, of_leader)
        .await
        .unwrap();
    assert_eq!(cast.leader.api().me().await.code(), ProblemCode::SessionEnded);
    let above = cast.officer.api().sessions_of(cast.administrator.id).await;
    assert_eq!(
        above.code(),
        ProblemCode::NotFound,
        "the administrator's role lies above the officer's area"
    );
}

async fn strangers_who_guess_wait_longer_and_longer_and_the_person_does_not(app: TestApp) {
    let (member, visitor, _) = signed_in_member(&app).await;
    for _ in 0..5 {
        let refused = sign_in(&app.visitor(), "thanh", "guess after guess", Phone::new().info()).await;
        assert_eq!(refused.unwrap_err().code, ProblemCode::WrongCredentials);
    }
    let refused = sign_in(&app.visitor(), "thanh", "guess after guess", Phone::new().info()).await;
    assert_eq!(
        refused.unwrap_err().code,
        ProblemCode::WrongCredentials,
        "the fifth cost nothing"
    );
    let body = json!({"username": "thanh", "password": PASSWORD, "device": Phone::new().info()});
    let request = HttpRequest::new(Method::Post, "/auth/sign-in").json(&body);
    let answer = app.visitor().raw(request.clone()).await;
    assert_eq!(answer.status, 429);
    assert_eq!(answer.header("retry-after"), Some("2"));
    let own = sign_in(&visitor, "thanh", PASSWORD, member.phone.info()).await;
    assert!(
        own.is_ok(),
        "on the phone that signed in before there is no delay"
    );
    app.advance(1_000);
    assert_eq!(app.visitor().raw(request).await.status, 200);
}

async fn a_changed_password_ends_every_other_session(app: TestApp) {
    let (member, visitor, answer) = signed_in_member(&app).await;
    let client = visitor.api();
    client.set_token(Some(answer.access_token));
    let wrong = ChangePassword {
        current: "not this one".into(),
        new: "đèn khuya ngõ nhỏ".into(),
    };
    assert_eq!(
        client.change_password(&wrong).await.wrong_fields(),
        [("current".to_owned(), FieldCode::NotAChoice)]
    );
    let common = ChangePassword {
        current: PASSWORD.into(),
        new: "Matkhau123456".into(),
    };
    assert_eq!(
        client.change_password(&common).await.wrong_fields(),
        [("new".to_owned(), FieldCode::TooCommon)]
    );
    let right = ChangePassword {
        current: PASSWORD.into(),
        new: "đèn khuya ngõ nhỏ".into(),
    };
    client.change_password(&right).await.unwrap();
    assert!(client.me().await.is_ok(), "the session that changed it goes on");
    assert_eq!(member.api().me().await.code(), ProblemCode::SessionEnded);
    let old = sign_in(&app.visitor(), "thanh", PASSWORD, Phone::new().info()).await;
    assert_eq!(old.unwrap_err().code, ProblemCode::WrongCredentials);
    assert!(
        sign_in(&app.visitor(), "thanh", "đèn khuya ngõ nhỏ", Phone::new().info())
            .await
            .is_ok()
    );
}

async fn a_device_keeps_its_key(app: TestApp) {
    let (member, _, _) = signed_in_member(&app).await;
    let impostor = DeviceInfo {
        id: member.phone.device(),
        ..Phone::new().info()
    };
    let refused = sign_in(&app.visitor(), "thanh", PASSWORD, impostor)
        .await
        .unwrap_err();
    assert_eq!(refused.code, ProblemCode::InvalidFields);
    assert_eq!(refused.fields[0].field, "device.public_key");
}

async fn a_sign_in_with_wrong_fields_is_refused_field_by_field(app: TestApp) {
    let device = json!(Phone::new().info());
    let with = |change: Value| {
        let mut body = json!({"username": "thanh", "password": PASSWORD, "device": device});
        body.as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        body
    };
    let cases = [
        (with(json!({"admin": true})), "admin", FieldCode::Unknown),
        (with(json!({"username": 7})), "username", FieldCode::WrongType),
        (
            with(json!({"device": {"id": "x", "public_key": "", "label": ""}})),
            "device.id",
            FieldCode::BadFormat,
        ),
        (
            with(json!({"device": {"id": Uuid::now_v7(), "public_key": "AAAA", "label": "x"}})),
            "device.public_key",
            FieldCode::BadFormat,
        ),
        (json!({"username": "thanh"}), "password", FieldCode::Required),
    ];
    for (body, field, code) in cases {
        let answer = app
            .visitor()
            .raw(HttpRequest::new(Method::Post, "/auth/sign-in").json(&body))
            .await;
        let problem: Problem = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(answer.status, 422, "{body}");
        assert_eq!(
            (problem.fields[0].field.as_str(), problem.fields[0].code),
            (field, code)
        );
    }
    let huge =
        HttpRequest::new(Method::Post, "/auth/sign-in").json(&with(json!({"username": "x".repeat(300_000)})));
    assert_eq!(app.visitor().raw(huge).await.status, 413);
    let not_json = HttpRequest::new(Method::Post, "/auth/sign-in").bytes("text/plain", b"{}".to_vec());
    assert_eq!(app.visitor().raw(not_json).await.status, 415);
}
