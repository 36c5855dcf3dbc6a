// Opens bundles that the address names: open.html?bundle=PATH. Only open.html has this script, and only its policy lets a
// request through. Whether a path may be asked for is decided by the host's policy file and by the program
// (viewer/src/load/policy.rs). When the bundles are read, and before a byte of them is looked at, the page's policy is
// made as strict as that of every other page.
globalThis.procglassOpen = async (tell) => {
  "use strict";

  const POLICY = "procglass-policy.json";
  // A policy is a list of folders.
  const POLICY_BYTES = 64 * 1024;

  // Same origin only, nothing of it kept in the browser's cache, and no redirect: that could lead anywhere.
  const get = async (path) => {
    const url = new URL(path, location.href);
    if (url.origin !== location.origin) throw new Error(`${path} is not on this server`);
    try {
      return await fetch(url, {
        mode: "same-origin",
        credentials: "same-origin",
        redirect: "error",
        referrerPolicy: "no-referrer",
        cache: "no-store",
      });
    } catch {
      throw new Error(
        `The server did not give out ${path}: it cannot be reached, or it answered with a redirect (to a login, for example), ` +
          "which is not followed.",
      );
    }
  };

  const policy = async () => {
    const response = await get(POLICY);
    if ([403, 404, 410].includes(response.status)) {
      throw new Error(
        `This server has not allowed opening bundles by address: there is no ${POLICY} beside its open.html. Whoever runs it ` +
          'can allow a folder by such a file, {"bundles": ["bundles/"]}; docs/hosting.md says how.',
      );
    }
    if (!response.ok) throw new Error(`The server answered ${response.status} for ${POLICY}.`);
    const text = await response.blob();
    if (text.size > POLICY_BYTES) throw new Error(`${POLICY} is no policy: it is longer than 64 KiB.`);
    return text.text();
  };

  const nameOf = (path) => path.slice(path.lastIndexOf("/") + 1);

  const bundle = async (path) => {
    const response = await get(path);
    if (!response.ok) {
      throw new Error(`The server answered ${response.status} for ${path}. Is the address right, and may you read that file?`);
    }
    if (response.headers.has("content-encoding")) {
      throw new Error(
        `The server sends ${path} with Content-Encoding: ${response.headers.get("content-encoding")}, so the browser would ` +
          "unpack it and its SHA-256 would be another. Whoever runs the server can have .gz files sent as they are.",
      );
    }
    const name = nameOf(path);
    const total = Number(response.headers.get("content-length") ?? 0);
    const reader = response.body.getReader();
    const pieces = [];
    for (let done = 0; ; ) {
      if (!tell(name, done, total)) {
        await reader.cancel();
        return null;
      }
      const { value, done: end } = await reader.read().catch(() => {
        throw new Error(`The server stopped sending ${path} after ${done} bytes. Open the address again.`);
      });
      if (end) return new File(pieces, name);
      pieces.push(value);
      done += value.length;
    }
  };

  try {
    const wanted = new URLSearchParams(location.search).getAll("bundle");
    const files = [];
    if (wanted.length > 0) {
      tell(nameOf(wanted[0]), 0, 0);
      const text = await policy();
      for (const path of wanted) wasm_bindgen.may_open(text, path);
      for (const path of wanted) {
        const file = await bundle(path);
        if (!file) return [];
        files.push(file);
      }
    }
    return files;
  } finally {
    // Policies of a page add up, and none can be taken back.
    const shut = document.createElement("meta");
    shut.httpEquiv = "Content-Security-Policy";
    shut.content = "connect-src 'none'";
    document.head.append(shut);
  }
};
