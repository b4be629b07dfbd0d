// Keeps the app's files, so that it opens without a network. It never touches /api.
const VERSION = "__VERSION__";
const FILES = ["__PRECACHE__"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(VERSION).then((cache) => cache.addAll(["/", ...FILES])));
});
