//! A map in an element of the page. What it shows is GeoJSON; `role` among a feature's properties names its style.

use super::{Fault, js};
use keng_shared::api::TileLayer;
use keng_shared::geo::LatLon;
use serde_json::Value;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(module = "/src/shell/map.js")]
extern "C" {
    #[wasm_bindgen(js_name = open, catch)]
    async fn open_map(
        id: &str,
        words: JsValue,
        pressed: &Closure<dyn FnMut(String)>,
        clicked: &Closure<dyn FnMut(f64, f64)>,
        moved: &Closure<dyn FnMut(f64, f64, f64, f64, f64)>,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = drawOver, catch)]
    fn draw_over(handle: &JsValue, json: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(js_name = nearer, catch)]
    fn come_nearer(handle: &JsValue, lat: f64, lon: f64) -> Result<(), JsValue>;
    #[wasm_bindgen(js_name = draw, catch)]
    fn draw_map(handle: &JsValue, json: &str, fit: bool) -> Result<(), JsValue>;
    #[wasm_bindgen(js_name = focus, catch)]
    fn focus_map(handle: &JsValue, role: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(js_name = tiles, catch)]
    fn lay_tiles(
        handle: &JsValue,
        address: &str,
        attribution: &str,
        min_zoom: u8,
        max_zoom: u8,
    ) -> Result<(), JsValue>;
    #[wasm_bindgen(js_name = close, catch)]
    fn close_map(handle: &JsValue) -> Result<(), JsValue>;
}

/// An open map; dropping it takes it off the page.
pub struct Map {
    handle: JsValue,
    _pressed: Closure<dyn FnMut(String)>,
    _clicked: Closure<dyn FnMut(f64, f64)>,
    _moved: Closure<dyn FnMut(f64, f64, f64, f64, f64)>,
}

/// What of the world is in view.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extent {
    /// The south-western corner.
    pub from: LatLon,
    /// The north-eastern corner.
    pub to: LatLon,
    /// Leaflet's zoom: the world is 256 pixels wide at 0 and twice as wide at each further one.
    pub zoom: f64,
}

/// Whether drawing also moves the view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// To all that is drawn.
    Fit,
    /// It stays where the person moved it.
    Keep,
}

/// Names of the buttons of a map.
#[derive(Debug, Clone, Copy)]
pub struct MapWords {
    /// Of the one that comes nearer.
    pub zoom_in: &'static str,
    /// Of the one that goes away.
    pub zoom_out: &'static str,
}

impl Map {
    /// Opens a map in the element with this id. `pressed` hears the `key` of a feature, `clicked` where else one clicks, `moved` what is in
    /// view.
    pub async fn open(
        id: &str,
        words: MapWords,
        pressed: impl FnMut(String) + 'static,
        mut clicked: impl FnMut(LatLon) + 'static,
        mut moved: impl FnMut(Extent) + 'static,
    ) -> Result<Self, Fault> {
        let pressed = Closure::<dyn FnMut(String)>::new(pressed);
        let clicked = Closure::<dyn FnMut(f64, f64)>::new(move |lat, lon| {
            if let Some(at) = LatLon::from_degrees(lat, lon) {
                clicked(at);
            }
        });
        let moved =
            Closure::<dyn FnMut(f64, f64, f64, f64, f64)>::new(move |south, west, north, east, zoom| {
                // Far out, the view goes beyond the ends of the world.
                let corner = |lat: f64, lon: f64| {
                    LatLon::from_degrees(lat.clamp(-90.0, 90.0), lon.clamp(-180.0, 180.0))
                };
                if let (Some(from), Some(to)) = (corner(south, west), corner(north, east)) {
                    moved(Extent { from, to, zoom });
                }
            });
        let words = js::object(&[
            ("zoomIn", words.zoom_in.into()),
            ("zoomOut", words.zoom_out.into()),
        ]);
        let handle = open_map(id, words.into(), &pressed, &clicked, &moved).await?;
        Ok(Self {
            handle,
            _pressed: pressed,
            _clicked: clicked,
            _moved: moved,
        })
    }

    /// Draws a GeoJSON FeatureCollection instead of what was there.
    pub fn draw(&self, features: &Value, view: View) -> Result<(), Fault> {
        Ok(draw_map(&self.handle, &features.to_string(), view == View::Fit)?)
    }

    /// Draws a GeoJSON FeatureCollection above the other, instead of what was above it.
    pub fn draw_over(&self, features: &Value) -> Result<(), Fault> {
        Ok(draw_over(&self.handle, &features.to_string())?)
    }

    /// Comes nearer to a point.
    pub fn come_nearer(&self, at: LatLon) -> Result<(), Fault> {
        Ok(come_nearer(&self.handle, at.lat(), at.lon())?)
    }

    /// Moves the view to the features of one role.
    pub fn focus(&self, role: &str) -> Result<(), Fault> {
        Ok(focus_map(&self.handle, role)?)
    }

    /// Lays the tiles of a configured source under the drawing.
    pub fn lay_tiles(&self, tiles: &TileLayer) -> Result<(), Fault> {
        Ok(lay_tiles(
            &self.handle,
            &tiles.address,
            &tiles.attribution,
            tiles.min_zoom,
            tiles.max_zoom,
        )?)
    }
}

impl Drop for Map {
    fn drop(&mut self) {
        // A map that is gone already has nothing left to take away.
        let _closed = close_map(&self.handle);
    }
}
