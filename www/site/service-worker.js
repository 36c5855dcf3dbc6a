// Keeps the files of a hosted viewer in the browser, so that it opens without its server.
//
// It asks for the files in its list and for nothing else, keeps those and nothing else, and answers requests for those
// and no others: what is dropped on the page or opened through it never comes here.
"use strict";

// Each file with the hash of its content: one build, whole and unchanged, or nothing is kept.
const FILES = "procglass:files";

// Caches belong to the whole origin; another viewer may live under another path.
const OWN = `procglass ${registration.scope} `;
const CACHE = OWN + "procglass:build";

// Which file of the list an address means. What stands behind `?` is for the page.
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
    // Past copies are asked about before they are used; hashed names never change.
    cache: "no-cache",
  });
  const response = await fetch(request);
  if (!response.ok) throw new Error(`${name}: the server answered ${response.status}`);
  await cache.put(request.url, response);
};

addEventListener("install", (event) => {
  const keep = async () => {
    const cache = await caches.open(CACHE);
    try {
      await Promise.all(Object.keys(FILES).map((name) => fetchAndKeep(cache, name)));
    } catch (error) {
      await caches.delete(CACHE);
      throw error;
    }
    // Pages load all that they need when they open, so a new build may take over at once.
    await skipWaiting();
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
    const cache = await caches.open(CACHE);
    // A browser may have cleared its caches: then this is a request as if nobody had come between.
    return (await cache.match(addressOf(name), { ignoreVary: true })) ?? fetch(event.request);
  };
  event.respondWith(answer());
});
