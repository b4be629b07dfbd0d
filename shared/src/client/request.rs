//! A request and an answer as plain data.

use crate::json::{self, ToJson};

/// HTTP methods that the API uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of RFC 9110")]
pub enum Method {
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    /// The method's token on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// A request: path and query relative to the server's origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// Method.
    pub method: Method,
    /// `/api/v1/…?…`
    pub path: String,
    /// Header names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
}

impl HttpRequest {
    /// A request to a path below [`crate::api::BASE`].
    pub fn new(method: Method, path: &str) -> Self {
        Self {
            method,
            path: format!("{}{path}", crate::api::BASE),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// The same request with a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl ToString) -> Self {
        self.headers.push((name.to_owned(), value.to_string()));
        self
    }

    /// The same request with a JSON body.
    #[must_use]
    pub fn json(mut self, body: &impl ToJson) -> Self {
        self.body = json::write(body).into_bytes();
        self.header("content-type", "application/json")
    }

    /// The same request with a body of bytes.
    #[must_use]
    pub fn bytes(mut self, media_type: &str, body: Vec<u8>) -> Self {
        self.body = body;
        self.header("content-type", media_type)
    }

    /// The same request with `If-Match` naming a revision.
    #[must_use]
    pub fn if_match(self, revision: u32) -> Self {
        self.header("if-match", format!("\"{revision}\""))
    }

    /// The same request with query parameters; `None` values are left out.
    #[must_use]
    pub fn query(mut self, parameters: &[(&str, Option<String>)]) -> Self {
        for (name, value) in parameters {
            if let Some(value) = value {
                let separator = if self.path.contains('?') { '&' } else { '?' };
                self.path.push(separator);
                self.path.push_str(name);
                self.path.push('=');
                push_encoded(&mut self.path, value);
            }
        }
        self
    }
}

/// Percent-encodes everything but RFC 3986 unreserved characters.
fn push_encoded(path: &mut String, value: &str) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            path.push(char::from(byte));
        } else {
            path.push_str(&format!("%{byte:02X}"));
        }
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpResponse {
    /// Status code.
    pub status: u16,
    /// Header names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// The first header with this lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn query_values_are_percent_encoded_and_missing_ones_left_out() {
        let request = HttpRequest::new(Method::Get, "/areas").query(&[
            ("search", Some("Hòa & 1".into())),
            ("kind", None),
            ("limit", Some("5".into())),
        ]);
        assert_eq!(request.path, "/api/v1/areas?search=H%C3%B2a%20%26%201&limit=5");
    }
}
