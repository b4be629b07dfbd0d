//! Bytes to the server and back, by reqwest, with a jar of cookies that tests can look into.
//!
//! reqwest's own jar would keep back `Secure` cookies on plain HTTP, and tests want to lose, repeat and swap them.

use keng_shared::client::{HttpRequest, HttpResponse, Method, Transport};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// Where the server is; it changes when a test restarts the server.
#[derive(Debug, Clone, Default)]
pub struct Address(Arc<RwLock<String>>);

impl Address {
    pub fn set(&self, origin: String) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = origin;
    }

    pub fn origin(&self) -> String {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A browser's network side: one jar of cookies.
#[derive(Debug, Clone)]
pub struct Http {
    client: reqwest::Client,
    address: Address,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Http {
    pub fn new(address: Address) -> Self {
        // reqwest wants a provider of TLS before it makes a client. An error means that the process has one.
        drop(rustls::crypto::ring::default_provider().install_default());
        // No idle connections: a server that stops would wait for them.
        let client = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0);
        Self {
            client: client.build().expect("a client"),
            address,
            cookies: Arc::default(),
        }
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.jar().get(name).cloned()
    }

    /// Puts a cookie into the jar, or takes it out.
    pub fn set_cookie(&self, name: &str, value: Option<String>) {
        match value {
            Some(value) => self.jar().insert(name.to_owned(), value),
            None => self.jar().remove(name),
        };
    }

    fn jar(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, String>> {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, set_cookie: &str) {
        let mut parts = set_cookie.split(';').map(str::trim);
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
            return;
        };
        let gone = parts.any(|part| part.eq_ignore_ascii_case("max-age=0"));
        self.set_cookie(name, (!gone).then(|| value.to_owned()));
    }
}

impl Transport for Http {
    type Error = reqwest::Error;

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, reqwest::Error> {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Head => reqwest::Method::HEAD,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Patch => reqwest::Method::PATCH,
            Method::Delete => reqwest::Method::DELETE,
        };
        let url = format!("{}{}", self.address.origin(), request.path);
        let mut outgoing = self.client.request(method, url).body(request.body);
        for (name, value) in &request.headers {
            outgoing = outgoing.header(name, value);
        }
        let cookies: Vec<String> = self
            .jar()
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty() {
            outgoing = outgoing.header("cookie", cookies.join("; "));
        }
        let answer = outgoing.send().await?;
        let headers: Vec<(String, String)> = answer
            .headers()
            .iter()
            .map(|(name, value)| {
                (
                    name.to_string(),
                    String::from_utf8_lossy(value.as_bytes()).into_owned(),
                )
            })
            .collect();
        for (_, value) in headers.iter().filter(|(name, _)| name == "set-cookie") {
            self.keep(value);
        }
        Ok(HttpResponse {
            status: answer.status().as_u16(),
            headers,
            body: answer.bytes().await?.to_vec(),
        })
    }
}
