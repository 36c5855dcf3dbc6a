// The first script of a hosted viewer's pages. A report, and a viewer opened with a double click, do not have it.
(() => {
  "use strict";

  // A script that does not arrive, or that is a login page, would leave the reader with "opening…".
  const fail = (url, why) => {
    const line = document.getElementById("opening");
    if (!line) return;
    line.setAttribute("role", "alert");
    line.textContent =
      `procglass could not start: ${why} (${url.split("/").pop()}). Reload the page, and log in where the server wants ` +
      "that. If it stays so, the server's administrator must copy all files of the viewer again: see docs/hosting.md.";
  };
  addEventListener(
    "error",
    ({ target, filename }) => {
      if (target instanceof HTMLScriptElement) fail(target.src, "the server did not send a script of it");
      else if (filename) fail(filename, "a script of it is cut or is something else");
    },
    true,
  );

  // index.html may connect to nothing, not even to its own server. open.html may connect to its own server until it has
  // read the host's policy and the bundle.
  const here = location.pathname.split("/").pop();
  if (here === "open.html" && !globalThis.procglassOpen) {
    const missing = () => fail("open.js", "the server did not send a script of it");
    document.readyState === "loading" ? addEventListener("DOMContentLoaded", missing) : missing();
    return;
  }
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
