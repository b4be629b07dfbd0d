//! Where the phone is. Positions come only while the page is visible; the recorder in the engine marks the gaps.

use super::js;
use keng_shared::geo::{Fix, LatLon};
use keng_shared::time::Millis;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

/// A position and when it was measured, by the device's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measured {
    /// Where.
    pub position: LatLon,
    /// Radius of 68 % confidence in centimetres.
    pub accuracy_cm: u32,
    /// When.
    pub at: Millis,
}

impl Measured {
    /// The fix as used at `now`.
    pub fn fix(&self, now: Millis) -> Fix {
        Fix {
            at: self.position,
            accuracy_cm: self.accuracy_cm,
            age_ms: u32::try_from(now.since(self.at).max(0)).unwrap_or(u32::MAX),
        }
    }
}

/// What the watch reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Report {
    /// A position.
    Here(Measured),
    /// The person or the browser said no.
    Denied,
    /// The phone finds no position at the moment.
    NoFix,
}

/// Positions until it is dropped.
pub struct Watch {
    geolocation: JsValue,
    handle: Option<JsValue>,
    _found: Closure<dyn FnMut(JsValue)>,
    _failed: Closure<dyn FnMut(JsValue)>,
}

impl Watch {
    /// Starts; the browser asks the person the first time.
    pub fn start(report: impl Fn(Report) + Clone + 'static) -> Self {
        let failed_report = report.clone();
        let found = Closure::<dyn FnMut(JsValue)>::new({
            let report = report.clone();
            move |position: JsValue| {
                if let Some(measured) = read(&position) {
                    report(Report::Here(measured));
                }
            }
        });
        let failed = Closure::<dyn FnMut(JsValue)>::new(move |error: JsValue| {
            let denied = js::number(&error, "code") == Some(1.0);
            failed_report(if denied { Report::Denied } else { Report::NoFix });
        });
        let geolocation = js::navigator("geolocation").unwrap_or(JsValue::NULL);
        let handle = js::call(
            &geolocation,
            "watchPosition",
            &[
                found.as_ref().unchecked_ref::<JsValue>().clone(),
                failed.as_ref().unchecked_ref::<JsValue>().clone(),
                options().into(),
            ],
        );
        if handle.is_err() {
            report(Report::Denied);
        }
        Self {
            geolocation,
            handle: handle.ok(),
            _found: found,
            _failed: failed,
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(handle) = self.handle.take() {
            let _cleared = js::call(&self.geolocation, "clearWatch", &[handle]);
        }
    }
}

/// What the person said about positions, so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// Yes.
    Granted,
    /// No.
    Denied,
    /// The browser will ask.
    NotAsked,
}

/// Looks at a permission without asking the person.
pub async fn permission() -> Permission {
    let Some(permissions) = js::navigator("permissions") else {
        return Permission::NotAsked;
    };
    let name = js::object(&[("name", "geolocation".into())]);
    let status = js::call_async(&permissions, "query", &[name.into()]).await;
    match status
        .ok()
        .and_then(|status| js::text(&status, "state"))
        .as_deref()
    {
        Some("granted") => Permission::Granted,
        Some("denied") => Permission::Denied,
        _ => Permission::NotAsked,
    }
}

fn options() -> js_sys::Object {
    js::object(&[
        ("enableHighAccuracy", true.into()),
        ("maximumAge", 2_000.into()),
        ("timeout", 20_000.into()),
    ])
}

fn read(position: &JsValue) -> Option<Measured> {
    let coordinates = js::get(position, "coords")?;
    let (lat, lon) = (
        js::number(&coordinates, "latitude")?,
        js::number(&coordinates, "longitude")?,
    );
    let accuracy_m = js::number(&coordinates, "accuracy").unwrap_or(0.0);
    Some(Measured {
        position: LatLon::from_degrees(lat, lon)?,
        accuracy_cm: (accuracy_m * 100.0).clamp(0.0, 10_000_000.0) as u32,
        at: Millis(js::number(position, "timestamp")? as i64),
    })
}
