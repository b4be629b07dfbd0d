//! The typed client of `/api/v1`, generic over how bytes travel: reqwest natively, fetch in the browser.
//!
//! Building requests and reading answers happens here once; a [`Transport`] only moves them.

mod calls;
mod calls_desk;
mod calls_incidents;
mod calls_planning;
mod calls_targets;
mod request;

pub use request::{HttpRequest, HttpResponse, Method};

use crate::json::{self, FromJson};
use crate::problem::Problem;
use std::future::Future;
use std::sync::{Arc, PoisonError, RwLock};

/// Moves a request to the server and its answer back.
pub trait Transport {
    /// Why no answer came.
    type Error;

    /// Sends one request. An answer with any status is `Ok`; only the lack of an answer is an error.
    fn send(&self, request: HttpRequest) -> impl Future<Output = Result<HttpResponse, Self::Error>>;
}

/// Why a call failed.
#[derive(Debug)]
pub enum CallError<E> {
    /// No answer.
    Transport(E),
    /// The server's own problem.
    Problem(Box<Problem>),
    /// An answer that is not ours (a captive portal, a proxy, an old version).
    NotOurs {
        /// Its HTTP status.
        status: u16,
    },
}

/// A client with the caller's access token. Clones share the token.
#[derive(Debug, Clone)]
pub struct Client<T> {
    transport: T,
    token: Arc<RwLock<Option<String>>>,
}

impl<T: Transport> Client<T> {
    /// A client that is not signed in.
    pub fn new(transport: T) -> Self {
        Self {
            transport,
            token: Arc::default(),
        }
    }

    /// Sets or forgets the access token.
    pub fn set_token(&self, token: Option<String>) {
        *self.token.write().unwrap_or_else(PoisonError::into_inner) = token;
    }

    /// The access token.
    pub fn token(&self) -> Option<String> {
        self.token.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The transport.
    pub fn transport(&self) -> &T {
        &self.transport
    }

    /// Sends a request with the token and returns a successful answer as it is.
    pub async fn send(&self, mut request: HttpRequest) -> Result<HttpResponse, CallError<T::Error>> {
        if let Some(token) = self.token() {
            request
                .headers
                .push(("authorization".to_owned(), format!("Bearer {token}")));
        }
        let answer = self.transport.send(request).await.map_err(CallError::Transport)?;
        if (200..300).contains(&answer.status) {
            return Ok(answer);
        }
        match json::read::<Problem>(&answer.body) {
            Ok(problem) => Err(CallError::Problem(Box::new(problem))),
            Err(_) => Err(CallError::NotOurs {
                status: answer.status,
            }),
        }
    }

    /// Sends a request and reads the answer's JSON.
    pub async fn json<A: FromJson>(&self, request: HttpRequest) -> Result<A, CallError<T::Error>> {
        let answer = self.send(request).await?;
        json::read(&answer.body).map_err(|_| CallError::NotOurs {
            status: answer.status,
        })
    }

    /// Sends a request whose answer has no body.
    pub async fn done(&self, request: HttpRequest) -> Result<(), CallError<T::Error>> {
        self.send(request).await.map(drop)
    }
}
