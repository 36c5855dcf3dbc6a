// Keeps the files of a hosted viewer in the browser, so that it opens without its server.
//
// The service worker fetches, keeps and serves only the files in its list. A bundle that is dropped on the page, or opened
// through it, never reaches this script.
"use strict";

// Each file with the hash of its content. The cache holds one whole and unchanged build, or nothing.
const FILES = "procglass:files";

// Caches belong to the whole origin, and another viewer may be installed under another path.
const OWN = `procglass ${registration.scope} `;
const CACHE = OWN + "procglass:build";

// The file of the list that an address names. The part after `?` is for the page.
const fileOf = (address) => {
  const url = new URL(address);
  const folder = new URL(registration.scope);
  if (url.origin !== folder.origin || !url.pathname.startsWith(folder.pathname)) return null;
  const name = url.pathname.slice(folder.pathname.length) || "index.html";
  return Object.hasOwn(FILES, name) ? name : null;
};

const addressOf = (name) => new URL(name, registration.scope).href;

const fetchAndKeep = async (cache, name) => {
  const request = new Request(addressOf(name), {
    integrity: FILES[name],
    mode: "same-origin",
    credentials: "same-origin",
    redirect: "error",
    referrerPolicy: "no-referrer",
    // The browser asks the server before it uses a cached copy. The content under a hashed name never changes.
    cache: "no-cache",
  });
  const response = await fetch(request);
  if (!response.ok) throw new Error(`${name}: the server answered ${response.status}`);
  await cache.put(request.url, response);
};

addEventListener("install", (event) => {
  // A page loads all its files when it opens, so a new build can take over as soon as it is whole.
  skipWaiting();
  const keep = async () => {
    const cache = await caches.open(CACHE);
    try {
      await Promise.all(Object.keys(FILES).map((name) => fetchAndKeep(cache, name)));
    } catch (error) {
      await caches.delete(CACHE);
      throw error;
    }
  };
  event.waitUntil(keep());
});

addEventListener("activate", (event) => {
  const dropOthers = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith(OWN) && name !== CACHE).map((name) => caches.delete(name)));
    await clients.claim();
  };
  event.waitUntil(dropOthers());
});

addEventListener("fetch", (event) => {
  const name = event.request.method === "GET" ? fileOf(event.request.url) : null;
  if (!name) return;
  const answer = async () => {
    // caches.open would recreate a cache that the next build has deleted. The browser may also have cleared the cache; then
    // the request goes to the server, as it would without a service worker.
    const kept = await caches.match(addressOf(name), { cacheName: CACHE, ignoreVary: true });
    return kept ?? fetch(event.request);
  };
  event.respondWith(answer());
});
