// The service worker of Kẻng: keeps the shell of the field app so that it opens without a network.
//
// Written by hand in JavaScript because listeners must be registered while the script first runs, which wasm cannot.
// The bundler fills in the version and the list of files; everything in the list has its content's hash in its name.
//
// Rules:
//   1. `/api` never passes through here: no answer of the server is ever kept, and no write is ever repeated.
//   2. One version is one cache. A version is complete or it is not installed at all.
//   3. A new version waits until a person taps (`take-over`); it never changes files under a running page.
//   4. Nothing from another origin is fetched or kept.
//   5. A push message names what happened by closed lists; its words are those that the page left here, in the person's
//      language. Tapping it never reloads a page: a form may be open or a patrol running.

"use strict";

const VERSION = "__VERSION__";
const PREFIX = "keng-shell-";
const CACHE = PREFIX + VERSION;
const PAGE = "/";
const FILES = ["__PRECACHE__"];
/** Where the page leaves the words of push messages. */
const WORDS_CACHE = "keng-words";
const WORDS = "/push-words";
const ICON = "/assets/icon-192.png";

/** Addresses that belong to other programs of this server, or that must always be fresh. */
const NEVER = ["/api", "/desk", "/docs", "/healthz", "/readyz", "/service-worker.js"];

self.addEventListener("install", (event) => {
  event.waitUntil(install());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(activate());
});

self.addEventListener("message", (event) => {
  if (event.data === "take-over") {
    self.skipWaiting();
  }
  if (event.data === "version" && event.source) {
    event.source.postMessage({ version: VERSION });
  }
});

self.addEventListener("fetch", (event) => {
  const answer = route(event.request);
  if (answer) {
    event.respondWith(answer);
  }
});

self.addEventListener("push", (event) => {
  event.waitUntil(tell(event.data));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.open));
});

/** Shows what a message says. A browser asks that every message is shown. */
async function tell(data) {
  const said = data ? data.json() : {};
  const words = await keptWords();
  const news = said.news || {};
  const key = said.trial ? "trial" : [news.type, news.category, news.severity].filter(Boolean).join(".");
  await self.registration.showNotification(words.title || "Kẻng", {
    body: words[key] || words.other || "",
    icon: ICON,
    badge: ICON,
    tag: said.id || "keng",
    data: { open: pathOf(said) },
  });
}

async function keptWords() {
  const kept = await caches.match(WORDS, { cacheName: WORDS_CACHE });
  return kept ? kept.json() : {};
}

function pathOf(said) {
  if (said.trial) {
    return "/me";
  }
  const news = said.news || {};
  return news.type === "incident_reported" ? `/desk/incidents/${news.record_id}` : "/inbox";
}

/** Brings the program that the path belongs to to the front and tells it, or opens it. */
async function open(path) {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const own = windows.find((client) => isAtDesk(new URL(client.url).pathname) === isAtDesk(path));
  if (!own) {
    await self.clients.openWindow(path);
    return;
  }
  // A browser may refuse to bring it to the front; the page is told all the same.
  await own.focus().catch(() => undefined);
  own.postMessage({ open: path });
}

function isAtDesk(path) {
  return path === "/desk" || path.startsWith("/desk/");
}

/** Puts every file of this version into its cache; files that an older version already has are copied, not fetched. */
async function install() {
  const cache = await caches.open(CACHE);
  await Promise.all(FILES.map((path) => keep(cache, path)));
  // The page has no hash in its name: it is always fetched, past the browser's own cache.
  const page = await fetch(PAGE, { cache: "reload", credentials: "same-origin" });
  if (!isOurPage(page)) {
    // A captive portal answers everything with its own page: try again another time.
    await caches.delete(CACHE);
    throw new Error("the page that came is not ours");
  }
  await cache.put(PAGE, page);
}

async function keep(cache, path) {
  const old = await caches.match(path);
  if (old && isHashed(path)) {
    await cache.put(path, old);
    return;
  }
  const answer = await fetch(path, { cache: isHashed(path) ? "default" : "reload", credentials: "same-origin" });
  if (!answer.ok || answer.redirected) {
    throw new Error(`${path}: ${answer.status}`);
  }
  await cache.put(path, answer);
}

/** Drops the caches of other versions. Their pages are gone: this runs only when no page uses them or one asked for it. */
async function activate() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  // The very first visit can go offline at once, without a reload.
  await self.clients.claim();
}

/** The answer for a request, or nothing when the network alone shall answer. */
function route(request) {
  if (request.method !== "GET") {
    return undefined;
  }
  const url = new URL(request.url);
  if (url.origin !== self.location.origin || isNever(url.pathname)) {
    return undefined;
  }
  if (request.mode === "navigate") {
    return page(request);
  }
  if (FILES.includes(url.pathname)) {
    return kept(request, url.pathname);
  }
  return undefined;
}

/** The page of this version, whatever its address: the app itself knows its addresses. */
async function page(request) {
  const cache = await caches.open(CACHE);
  const own = await cache.match(PAGE);
  return own || fetch(request);
}

async function kept(request, path) {
  const cache = await caches.open(CACHE);
  const own = await cache.match(path);
  if (own) {
    return own;
  }
  // The browser may evict a cache under pressure: fetch the file and keep it again.
  const answer = await fetch(request);
  if (answer.ok && !answer.redirected) {
    await cache.put(path, answer.clone());
  }
  return answer;
}

function isNever(path) {
  return NEVER.some((prefix) => path === prefix || path.startsWith(prefix + "/"));
}

/** `name.0123abcdef.js`: ten hexadecimal digits of the content's hash. */
function isHashed(path) {
  return /\.[0-9a-f]{10}\.[a-z0-9]+$/.test(path);
}

function isOurPage(answer) {
  const type = answer.headers.get("content-type") || "";
  return answer.ok && !answer.redirected && type.startsWith("text/html") && answer.headers.has("content-security-policy");
}
