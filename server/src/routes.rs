//! Every URL of the server, in one list. The list is data: the app, the OpenAPI document and the permission tests all
//! walk it, so a route cannot exist without its row.

use crate::endpoints::{access, health, me};
use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use keng_shared::permission::Verb;

/// Who may call a route at all; handlers still check the area of the object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Anybody who is signed in; the answer is about the caller.
    SignedIn,
    /// Somebody who may do this in the area of the object.
    Verb(Verb),
}

/// One URL and method.
pub struct Route {
    /// Method.
    pub method: Method,
    /// Path with `{parameters}`.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
    /// What it does, in one line of the API document.
    pub summary: &'static str,
    handler: fn() -> actix_web::Route,
}

const fn route(
    method: Method,
    path: &'static str,
    access: Access,
    summary: &'static str,
    handler: fn() -> actix_web::Route,
) -> Route {
    Route {
        method,
        path,
        access,
        summary,
        handler,
    }
}

const GET: Method = Method::GET;
const POST: Method = Method::POST;

/// Every route, in the order of the API document.
#[rustfmt::skip]
pub const ROUTES: &[Route] = &[
    // Health
    route(GET, "/healthz", Access::Public, "Whether the process runs", || web::to(health::alive)),
    route(GET, "/readyz", Access::Public, "Whether the server can do its work", || web::to(health::ready)),

    // Access
    route(POST, "/api/v1/auth/sign-in", Access::Public, "Sign in with name and password", || web::to(access::sign_in)),
    route(POST, "/api/v1/auth/refresh", Access::Public, "Exchange the refresh cookie for a new access token", || web::to(access::refresh)),
    route(POST, "/api/v1/auth/sign-out", Access::Public, "End the device session of the refresh cookie", || web::to(access::sign_out)),
    route(GET, "/api/v1/me", Access::SignedIn, "The caller and the memberships in force", || web::to(me::me)),
];

/// Registers every route. A path that is known answers other methods with 405.
pub fn register(config: &mut ServiceConfig) {
    let mut paths: Vec<&str> = ROUTES.iter().map(|route| route.path).collect();
    paths.dedup();
    for (number, path) in paths.iter().enumerate() {
        // Routes of one path stand next to each other, or `a_path_stands_in_one_place` fails.
        let mut resource = web::resource(*path).name(&format!("route-{number}"));
        for route in ROUTES.iter().filter(|route| route.path == *path) {
            resource = resource.route((route.handler)().method(route.method.clone()));
        }
        config.service(resource.default_service(web::to(health::method_not_allowed)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn a_path_stands_in_one_place_and_each_method_once() {
        let mut closed = HashSet::new();
        let mut last = "";
        let mut seen = HashSet::new();
        for route in ROUTES {
            if route.path != last {
                assert!(closed.insert(route.path), "{} appears in two places", route.path);
                last = route.path;
            }
            assert!(
                seen.insert((route.method.clone(), route.path)),
                "{} {}",
                route.method,
                route.path
            );
        }
    }
}
