//! A push service as browsers have one (RFC 8030), and a browser that can open what it delivers (RFC 8291).

use actix_web::dev::ServerHandle;
use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keng_shared::api::NewPushSubscription;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use web_push_native::p256::SecretKey;
use web_push_native::p256::elliptic_curve::sec1::ToEncodedPoint;
use web_push_native::{Auth, decrypt};

/// What came in one request.
#[derive(Debug, Clone)]
pub struct Delivery {
    pub path: String,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

#[derive(Default)]
struct Counter {
    deliveries: Mutex<Vec<Delivery>>,
    status: AtomicU16,
}

/// The service.
pub struct PushService {
    origin: String,
    counter: Arc<Counter>,
    handle: ServerHandle,
}

impl PushService {
    /// Starts it at a free port; it takes every message.
    pub async fn start() -> Self {
        let counter = Arc::new(Counter {
            status: AtomicU16::new(201),
            ..Counter::default()
        });
        let state = Arc::clone(&counter);
        let (ready, started) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = HttpServer::new(move || {
                    App::new()
                        .app_data(web::Data::from(Arc::clone(&state)))
                        .default_service(web::to(take))
                })
                .workers(1)
                .disable_signals()
                .bind("127.0.0.1:0")
                .expect("a port");
                let addr = server.addrs().first().copied().expect("an address");
                let server = server.run();
                ready.send((addr, server.handle())).expect("somebody waits");
                server.await
            })
        });
        let (addr, handle) = started.await.expect("the push service starts");
        Self {
            origin: format!("http://{addr}"),
            counter,
            handle,
        }
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// From now on it answers with this status.
    pub fn answer_with(&self, status: u16) {
        self.counter.status.store(status, Ordering::SeqCst);
    }

    /// What came so far.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.counter.deliveries().clone()
    }

    /// Waits until so many have come.
    pub async fn until(&self, count: usize) -> Vec<Delivery> {
        loop {
            let deliveries = self.deliveries();
            if deliveries.len() >= count {
                return deliveries;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub async fn stop(self) {
        self.handle.stop(true).await;
    }
}

impl Counter {
    fn deliveries(&self) -> std::sync::MutexGuard<'_, Vec<Delivery>> {
        self.deliveries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn take(counter: web::Data<Counter>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let headers = request
        .headers()
        .iter()
        .map(|(name, value)| {
            let value = value.to_str().unwrap_or_default();
            (name.as_str().to_owned(), value.to_owned())
        })
        .collect();
    counter.deliveries().push(Delivery {
        path: request.path().to_owned(),
        headers,
        body: body.to_vec(),
    });
    let status = StatusCode::from_u16(counter.status.load(Ordering::SeqCst)).expect("a status");
    HttpResponse::build(status)
        .insert_header(("retry-after", "120"))
        .finish()
}

/// The keys of a browser's subscription.
pub struct Browser {
    secret: SecretKey,
    auth: [u8; 16],
}

impl Default for Browser {
    fn default() -> Self {
        Self {
            secret: SecretKey::from_slice(&rand::random::<[u8; 32]>()).expect("a key"),
            auth: rand::random(),
        }
    }
}

impl Browser {
    /// What its page tells the server.
    pub fn subscription(&self, endpoint: String) -> NewPushSubscription {
        let point = self.secret.public_key().to_encoded_point(false);
        NewPushSubscription {
            endpoint,
            p256dh: URL_SAFE_NO_PAD.encode(point.as_bytes()),
            auth: URL_SAFE_NO_PAD.encode(self.auth),
        }
    }

    /// What a delivery says, if it was sealed for this browser.
    pub fn open(&self, delivery: &Delivery) -> Option<serde_json::Value> {
        let bytes = decrypt(delivery.body.clone(), &self.secret, &Auth::from(self.auth)).ok()?;
        serde_json::from_slice(&bytes).ok()
    }
}
