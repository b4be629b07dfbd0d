//! What every answer carries and which requests are turned away at the door: TRUST S6 and O.

use keng_server::routes::{Access, ROUTES};
use keng_shared::client::{HttpRequest, Method};
use keng_shared::problem::Problem;
use keng_tests::{Asks, TestApp, both_databases};
use serde_json::{Value, json};

both_databases!(
    every_answer_carries_the_security_headers,
    a_foreign_origin_changes_nothing,
    every_route_that_is_not_public_wants_a_token,
    the_api_document_is_served_and_its_page_calls_nobody_else,
    a_health_check_needs_no_token,
    without_a_tile_source_there_are_no_tiles,
);

const HEADERS: [(&str, &str); 8] = [
    ("strict-transport-security", "max-age=31536000; includeSubDomains"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    ("permissions-policy", "camera=(self)"),
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
];

/// A request to a path outside `/api/v1`.
fn at(method: Method, path: &str) -> HttpRequest {
    let mut request = HttpRequest::new(method, "");
    request.path = path.to_owned();
    request
}

async fn every_answer_carries_the_security_headers(app: TestApp) {
    let visitor = app.visitor();
    let big = HttpRequest::new(Method::Post, "/auth/refresh").json(&json!({"x": "y".repeat(300_000)}));
    let requests = [
        at(Method::Get, "/healthz"),
        at(Method::Get, "/"),
        at(Method::Get, "/no/such.file"),
        at(Method::Get, "/api/v1/openapi.json"),
        at(Method::Get, "/api/docs"),
        at(Method::Get, "/api/v1/me"),
        at(Method::Get, "/api/v1/no-such-route"),
        at(Method::Put, "/api/v1/me"),
        HttpRequest::new(Method::Post, "/auth/refresh").bytes("application/json", b"{".to_vec()),
        big,
        HttpRequest::new(Method::Post, "/auth/refresh")
            .json(&json!({}))
            .header("origin", "https://evil.example"),
    ];
    for request in requests {
        let path = request.path.clone();
        let answer = visitor.raw(request).await;
        for (name, value) in HEADERS {
            let given = answer.header(name).unwrap_or_default();
            assert!(
                given.starts_with(value),
                "{path} {}: {name}: {given}",
                answer.status
            );
        }
        let id = answer.header("x-request-id").expect("a request id").to_owned();
        if answer.status >= 400 {
            assert_eq!(
                answer.header("content-type"),
                Some("application/problem+json"),
                "{path}"
            );
            let problem: Problem = serde_json::from_slice(&answer.body).unwrap();
            assert_eq!(problem.request_id, Some(id), "{path}");
            assert_eq!(problem.status, answer.status);
        }
    }
}

async fn a_foreign_origin_changes_nothing(app: TestApp) {
    let visitor = app.visitor();
    let own = app.origin();
    let foreign_port = "http://127.0.0.1:1".to_owned();
    for (header, value, status) in [
        ("origin", own.as_str(), 401),
        ("origin", "https://evil.example", 403),
        ("origin", "null", 403),
        ("origin", foreign_port.as_str(), 403),
        ("sec-fetch-site", "cross-site", 403),
        ("sec-fetch-site", "same-site", 403),
        ("sec-fetch-site", "same-origin", 401),
    ] {
        let request = HttpRequest::new(Method::Post, "/auth/refresh")
            .json(&json!({}))
            .header(header, value);
        assert_eq!(visitor.raw(request).await.status, status, "{header}: {value}");
    }
    let reading = at(Method::Get, "/healthz").header("origin", "https://evil.example");
    assert_eq!(
        visitor.raw(reading).await.status,
        200,
        "reading is the browser's to refuse"
    );
}

async fn every_route_that_is_not_public_wants_a_token(app: TestApp) {
    let visitor = app.visitor();
    let mut asked = 0;
    for route in ROUTES.iter().filter(|route| route.access != Access::Public) {
        let method = match route.method.as_str() {
            "GET" => Method::Get,
            "HEAD" => Method::Head,
            "POST" => Method::Post,
            "PUT" => Method::Put,
            "PATCH" => Method::Patch,
            _ => Method::Delete,
        };
        let answer = visitor.raw(at(method, route.path).json(&json!({}))).await;
        assert_eq!(answer.status, 401, "{} {}", route.method, route.path);
        asked += 1;
    }
    assert!(asked >= 10, "{asked}");
}

async fn the_api_document_is_served_and_its_page_calls_nobody_else(app: TestApp) {
    let visitor = app.visitor();
    let answer = visitor.raw(at(Method::Get, "/api/v1/openapi.json")).await;
    let document: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    for route in ROUTES {
        let method = route.method.as_str().to_lowercase();
        assert!(
            document["paths"][route.path][&method].is_object(),
            "{method} {}",
            route.path
        );
    }
    for path in ["/api/docs", "/api/docs.js", "/api/docs.css"] {
        let answer = visitor.raw(at(Method::Get, path)).await;
        assert_eq!(answer.status, 200, "{path}");
        let text = String::from_utf8(answer.body).unwrap();
        assert!(
            !text.contains("http://") && !text.contains("https://"),
            "{path} names another host"
        );
        assert!(
            !text.contains("style=") && !text.contains("onclick"),
            "{path} has inline style or script"
        );
    }
}

/// The other side, an archive, is a browser story; reading archives is tested in the server's `tiles`.
async fn without_a_tile_source_there_are_no_tiles(app: TestApp) {
    let visitor = app.visitor();
    let settings = visitor.raw(at(Method::Get, "/api/v1/map")).await;
    let settings: Value = serde_json::from_slice(&settings.body).unwrap();
    assert_eq!(settings, json!({"tiles": null}));
    let tile = visitor.raw(at(Method::Get, "/tiles/0/0/0")).await;
    assert_eq!(tile.status, 404);
    assert_eq!(visitor.raw(at(Method::Get, "/tiles/x/0/0")).await.status, 404);
}

async fn a_health_check_needs_no_token(app: TestApp) {
    for path in ["/healthz", "/readyz"] {
        assert_eq!(
            app.visitor().raw(at(Method::Get, path)).await.status,
            200,
            "{path}"
        );
    }
}
