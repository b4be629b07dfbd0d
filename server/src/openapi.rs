//! The OpenAPI 3.1 document, made from the route list and the types of requests and answers, so that it cannot say
//! anything else than the routes do.

use crate::problem::PROBLEM_JSON;
use crate::routes::{Access, ROUTES, Route};
use keng_shared::problem::Problem;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{IntoParams, ToSchema};

/// What a route takes and gives.
pub struct Docs {
    /// Body of the request.
    pub body: Option<Content>,
    /// Whether the path of a change says everything, so that it has no body.
    pub is_told_by_path: bool,
    /// Query parameters.
    pub query: Option<fn() -> Vec<Parameter>>,
    /// Body of the answer; none is 204.
    pub answer: Option<Content>,
}

impl Docs {
    /// Takes nothing and gives nothing.
    pub const NOTHING: Self = Self {
        body: None,
        is_told_by_path: false,
        query: None,
        answer: None,
    };
}

/// A body.
pub enum Content {
    /// JSON of one type.
    Json(fn() -> NamedSchema),
    /// A JSON list of one type.
    List(fn() -> NamedSchema),
    /// A page of a list: `items` and `next`.
    Page(fn() -> NamedSchema),
    /// Bytes of a media type.
    Bytes(&'static str),
}

/// The schema of a type, its name, and the schemas that it refers to.
pub struct NamedSchema {
    name: String,
    schema: RefOr<Schema>,
    others: Vec<(String, RefOr<Schema>)>,
}

/// The schema of `T`.
pub fn schema_of<T: ToSchema>() -> NamedSchema {
    let mut others = Vec::new();
    T::schemas(&mut others);
    NamedSchema {
        name: T::name().into_owned(),
        schema: T::schema(),
        others,
    }
}

/// The query parameters of `T`.
pub fn query_of<T: IntoParams>() -> Vec<Parameter> {
    T::into_params(|| Some(ParameterIn::Query))
}

/// The whole document.
pub fn document() -> Value {
    let mut schemas = Schemas::default();
    let problem = schemas.reference(schema_of::<Problem>());
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for route in ROUTES {
        let method = route.method.as_str().to_lowercase();
        let operation = operation(route, &mut schemas);
        paths.entry(route.path).or_default().insert(method, operation);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Kẻng",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Patrols, photo evidence and review for neighbourhood security work. \
                            Rules that hold for every route are in docs/API.md.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": schemas.0,
            "responses": {
                "Problem": {
                    "description": "What went wrong (RFC 9457); `code` is stable",
                    "content": {PROBLEM_JSON: {"schema": problem}},
                },
            },
            "securitySchemes": {
                "access_token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            },
        },
    })
}

fn operation(route: &Route, schemas: &mut Schemas) -> Value {
    let mut operation = Map::new();
    operation.insert("summary".to_owned(), json!(route.summary));
    operation.insert("tags".to_owned(), json!([tag(route.path)]));
    operation.insert("operationId".to_owned(), json!(operation_id(route)));
    let security = match route.access {
        Access::Public => json!([]),
        Access::SignedIn | Access::Verb(_) => json!([{"access_token": []}]),
    };
    operation.insert("security".to_owned(), security);
    if let Access::Verb(verb) = route.access {
        operation.insert("x-verb".to_owned(), json!(verb));
    }
    let parameters: Vec<Value> = path_parameters(route.path)
        .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
        .chain(
            route
                .docs
                .query
                .map(|query| query())
                .into_iter()
                .flatten()
                .map(|p| json!(p)),
        )
        .collect();
    if !parameters.is_empty() {
        operation.insert("parameters".to_owned(), Value::Array(parameters));
    }
    if let Some(body) = &route.docs.body {
        let body = json!({"required": true, "content": content(body, schemas)});
        operation.insert("requestBody".to_owned(), body);
    }
    let (status, answer) = match &route.docs.answer {
        Some(answer) => (
            "200",
            json!({"description": "Done", "content": content(answer, schemas)}),
        ),
        None => ("204", json!({"description": "Done"})),
    };
    let responses = json!({status: answer, "default": {"$ref": "#/components/responses/Problem"}});
    operation.insert("responses".to_owned(), responses);
    Value::Object(operation)
}

fn content(content: &Content, schemas: &mut Schemas) -> Value {
    match content {
        Content::Json(of) => json!({"application/json": {"schema": schemas.reference(of())}}),
        Content::List(of) => json!({
            "application/json": {"schema": {"type": "array", "items": schemas.reference(of())}},
        }),
        Content::Page(of) => json!({
            "application/json": {"schema": {
                "type": "object",
                "required": ["items"],
                "properties": {
                    "items": {"type": "array", "items": schemas.reference(of())},
                    "next": {
                        "type": ["string", "null"],
                        "description": "Pass it as `after` to get the next page; none on the last",
                    },
                },
            }},
        }),
        Content::Bytes(media_type) => json!({*media_type: {}}),
    }
}

#[derive(Default)]
struct Schemas(BTreeMap<String, Value>);

impl Schemas {
    /// Stores the schema and what it refers to, and returns a reference to it.
    fn reference(&mut self, named: NamedSchema) -> Value {
        let reference = json!({"$ref": format!("#/components/schemas/{}", named.name)});
        for (name, schema) in named.others {
            self.0.entry(name).or_insert_with(|| json!(schema));
        }
        self.0.entry(named.name).or_insert_with(|| json!(named.schema));
        reference
    }
}

/// The first part of the path behind the root of the API.
fn tag(path: &str) -> &str {
    let below = path.strip_prefix(keng_shared::api::BASE).unwrap_or(path);
    below
        .trim_start_matches('/')
        .split(['/', '.'])
        .next()
        .unwrap_or_default()
}

fn operation_id(route: &Route) -> String {
    let path = route
        .path
        .strip_prefix(keng_shared::api::BASE)
        .unwrap_or(route.path);
    let words = path
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    std::iter::once(route.method.as_str().to_lowercase().as_str())
        .chain(words)
        .collect::<Vec<_>>()
        .join("_")
}

fn path_parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| name.split(':').next().unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn references(value: &Value, found: &mut HashSet<String>) {
        match value {
            Value::Object(map) => {
                if let Some(Value::String(reference)) = map.get("$ref") {
                    found.insert(reference.clone());
                }
                map.values().for_each(|value| references(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }

    #[test]
    fn every_reference_of_the_document_leads_somewhere() {
        let document = document();
        let mut found = HashSet::new();
        references(&document, &mut found);
        assert!(found.len() > 10, "{found:?}");
        for reference in found {
            let pointer = reference.trim_start_matches('#');
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
    }

    #[test]
    fn operation_ids_are_unique() {
        let mut seen = HashSet::new();
        for route in ROUTES {
            assert!(
                seen.insert(operation_id(route)),
                "{} {}",
                route.method,
                route.path
            );
        }
    }

    #[test]
    fn a_route_that_takes_json_says_so() {
        for route in ROUTES
            .iter()
            .filter(|route| matches!(route.method.as_str(), "POST" | "PUT" | "PATCH"))
        {
            assert!(
                route.docs.body.is_some() != route.docs.is_told_by_path,
                "{} {} says neither its body nor that it has none",
                route.method,
                route.path
            );
        }
    }
}
