// The first script of a hosted viewer's pages. A report, and a viewer opened with a double click, do not have it.
(() => {
  "use strict";

  // index.html may connect to nothing, not even to its own server. open.html may connect to its own server until it has
  // read the host's policy and the bundle.
  if (!globalThis.procglassOpen && new URLSearchParams(location.search).has("bundle")) {
    location.replace(`open.html${location.search}${location.hash}`);
    return;
  }

  // The viewer works offline from the second visit on. Browsers support service workers for https and localhost only.
  // Without a service worker the page is the same, and requests its files from the server each time it is opened.
  addEventListener("load", () => {
    navigator.serviceWorker
      ?.register("service-worker.js", { updateViaCache: "none" })
      .catch((error) => console.info(`procglass will not work offline: ${error.message}`));
  });
})();
