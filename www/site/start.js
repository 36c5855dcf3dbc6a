// The first script of a hosted viewer's pages. A report or a viewer opened by double click does not have it.
(() => {
  "use strict";

  // This page may connect to nothing, not even to its own server. The one beside it may, for as long as it takes to read
  // the host's policy and the bundle.
  if (!globalThis.procglassOpen && new URLSearchParams(location.search).has("bundle")) {
    location.replace(`open.html${location.search}${location.hash}`);
    return;
  }

  // Works offline from the second visit on. Browsers have this for https and localhost only; without it the page is the
  // same, and asks its server each time it is opened.
  addEventListener("load", () => {
    navigator.serviceWorker
      ?.register("service-worker.js", { updateViaCache: "none" })
      .catch((error) => console.info(`procglass will not work offline: ${error.message}`));
  });
})();
