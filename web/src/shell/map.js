// The map: Leaflet, loaded when a map is first shown, behind a few functions.
//
// What is drawn is GeoJSON; `role` among a feature's properties names its style, and the style sheet does the rest, so
// that colours follow the theme. Nothing outside this origin is asked for unless a tile source is configured.

const MOVABLE = "map-movable";
const STEPS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

let loading;

function load() {
  loading ??= Promise.all([import("/assets/leaflet.js"), style("/assets/leaflet.css")]).then(() => globalThis.L);
  loading.catch(() => {
    loading = undefined;
  });
  return loading;
}

function style(href) {
  return new Promise((done, failed) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = href;
    link.onload = done;
    link.onerror = failed;
    document.head.append(link);
  });
}

/** Opens a map in the element. `words` are `{ zoomIn, zoomOut }`. */
export async function open(id, words, pressed, clicked, moved) {
  const L = await load();
  const element = document.getElementById(id);
  if (!element) throw new Error("the map has left the page");
  const map = L.map(element, { attributionControl: false, zoomControl: false, zoomSnap: 0.25, maxZoom: 19 });
  map.setView([16, 107], 5);
  L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  map.on("click", (event) => clicked(event.latlng.lat, event.latlng.lng));
  map.on("moveend", () => {
    const view = map.getBounds();
    moved(view.getSouth(), view.getWest(), view.getNorth(), view.getEast(), map.getZoom());
  });
  const resized = new ResizeObserver(() => map.invalidateSize());
  resized.observe(element);
  return { L, map, pressed, clicked, resized, layer: null, over: null };
}

/** Draws a FeatureCollection instead of what was there. `fit` moves the view to it. */
export function draw(handle, json, fit) {
  handle.layer = redrawn(handle, handle.layer, json);
  label(handle);
  handle.over?.bringToFront();
  if (!fit) return;
  const bounds = handle.layer.getBounds();
  if (bounds.isValid()) handle.map.fitBounds(bounds, { padding: [24, 24], maxZoom: 17, animate: false });
  // Who asks for what is in view begins with the whole country where no area has an outline.
  else handle.map.fire("moveend");
}

/** Writes the `label` of a shape in its middle. The words of the shape say the same, so that nobody has to read it here. */
function label({ L, layer }) {
  layer.eachLayer((shape) => {
    const words = shape.feature?.properties.label;
    if (!words || !shape.getCenter) return;
    const icon = L.divIcon({ className: "map-label", html: text(words), iconSize: [64, 20] });
    layer.addLayer(L.marker(shape.getCenter(), { icon, interactive: false, keyboard: false }));
  });
}

/** Draws a FeatureCollection above the other, instead of what was above it. */
export function drawOver(handle, json) {
  handle.over = redrawn(handle, handle.over, json);
}

/** A new layer instead of one. A mark that is moved by keys is drawn anew at each step: the keys stay with it. */
function redrawn(handle, before, json) {
  const container = handle.map.getContainer();
  const held = document.activeElement?.classList.contains(MOVABLE) && container.contains(document.activeElement);
  before?.remove();
  const layer = features(handle, json).addTo(handle.map);
  if (held) container.querySelector(`.${MOVABLE}`)?.focus({ preventScroll: true });
  return layer;
}

/** Comes nearer to a point. */
export function nearer(handle, lat, lon) {
  const { map } = handle;
  map.setView([lat, lon], Math.min(map.getZoom() + 2, map.getMaxZoom()), { animate: false });
}

function features(handle, json) {
  const { L, pressed } = handle;
  return L.geoJSON(JSON.parse(json), {
    style: (feature) => ({ className: `map-shape map-${feature.properties.role}` }),
    pointToLayer: (feature, at) => (feature.properties.movable ? movable(handle, feature.properties, at) : point(L, feature.properties, at)),
    onEachFeature: (feature, shape) => {
      const { key, name, role } = feature.properties;
      if (name) shape.bindTooltip(text(name), { sticky: role === "part" || role === "track" });
      if (key) shape.on("click keypress", (event) => {
        if (event.type === "click" || event.originalEvent.key === "Enter") pressed(key);
      });
    },
  });
}

/** Moves the view to the features of one role, if there are any. */
export function focus(handle, role) {
  const { L, map, layer, over } = handle;
  const bounds = L.latLngBounds([]);
  const extend = (shape) => {
    if (shape.feature?.properties.role !== role) return;
    bounds.extend(shape.getBounds ? shape.getBounds() : shape.getLatLng());
  };
  layer?.eachLayer(extend);
  over?.eachLayer(extend);
  if (bounds.isValid()) map.fitBounds(bounds, { padding: [40, 40], maxZoom: 17, animate: false });
}

/** Lays tiles under the drawing; between and beyond their zoom levels they are scaled. */
export function tiles(handle, address, attribution, minZoom, maxZoom) {
  const { L, map } = handle;
  L.tileLayer(address, { maxZoom: 19, minNativeZoom: minZoom, maxNativeZoom: maxZoom }).addTo(map);
  if (attribution) L.control.attribution({ prefix: false }).addAttribution(text(attribution).innerHTML).addTo(map);
}

export function close(handle) {
  handle.resized.disconnect();
  handle.map.remove();
}

function point(L, properties, at) {
  if (properties.role === "checkpoint") {
    const fence = L.circle(at, { radius: properties.radius_m, className: "map-shape map-fence" });
    return L.featureGroup([fence, pin(L, properties, at)]);
  }
  return pin(L, properties, at);
}

/** A round mark with a sign in it. Its words are its name for screen readers. */
function pin(L, properties, at, more = {}) {
  const mark = document.createElement("span");
  mark.textContent = properties.sign ?? "";
  const side = properties.size ?? 26;
  const icon = L.divIcon({ className: `map-pin map-pin-${properties.role}`, html: mark, iconSize: [side, side] });
  return L.marker(at, { icon, title: properties.name ?? "", keyboard: Boolean(properties.key), interactive: true, ...more });
}

/** A mark that a person drags, or moves with the arrow keys: by 8 pixels, with Shift by 40. */
function movable(handle, properties, at) {
  const { L, map, clicked } = handle;
  const marker = pin(L, properties, at, { draggable: true, keyboard: true, autoPan: true });
  const told = () => clicked(marker.getLatLng().lat, marker.getLatLng().lng);
  marker.on("dragend", told);
  marker.on("add", () => {
    const element = marker.getElement();
    element.classList.add(MOVABLE);
    element.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      if (!step) return;
      event.preventDefault();
      event.stopPropagation();
      const by = L.point(step).multiplyBy(event.shiftKey ? 40 : 8);
      marker.setLatLng(map.containerPointToLatLng(map.latLngToContainerPoint(marker.getLatLng()).add(by)));
      map.panInside(marker.getLatLng(), { padding: [40, 40], animate: false });
      told();
    });
  });
  return marker;
}

/** Words as an element, so that no name is ever read as markup. */
function text(words) {
  const element = document.createElement("span");
  element.textContent = words;
  return element;
}
