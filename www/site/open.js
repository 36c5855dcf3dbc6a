// Opens the bundles that the page's URL names: open.html?bundle=PATH. Only open.html has this script, and only the policy
// of open.html allows a request. The host's policy file and the program (viewer/src/load/policy.rs) decide which paths
// the script may request. After the bundles are fetched, and before a byte of them is read, the script makes the page's
// policy as strict as that of every other page.
globalThis.procglassOpen = async (tell) => {
  "use strict";

  const POLICY = "procglass-policy.json";
  // A policy is a short list of folders.
  const POLICY_BYTES = 64 * 1024;

  // A server can stop answering at any time. Stop ends the request at once, and silence ends it after a while. The time is
  // counted in looks, because a clock goes on while the computer sleeps.
  const LOOK_MS = 200;
  const SILENCE_S = 30;
  const request = new AbortController();
  let said = ["", 0, 0];
  let silent = 0;
  let stopped = false;
  const report = (...what) => {
    said = what;
    silent = 0;
    if (!tell(...what)) stop();
    return !stopped;
  };
  const stop = () => {
    stopped = true;
    request.abort();
  };
  const looking = setInterval(() => {
    silent += LOOK_MS;
    if (!tell(...said)) stop();
    else if (silent > SILENCE_S * 1000) request.abort();
  }, LOOK_MS);
  const failed = (path, sentence) =>
    new Error(
      request.signal.aborted
        ? `The server has sent nothing of ${path} for ${SILENCE_S} seconds, so the page stopped asking. Open the link again later.`
        : sentence,
    );

  // Requests go to the same origin only. The browser's cache keeps no answer. A redirect is an error, because it could
  // lead to any server.
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
        signal: request.signal,
      });
    } catch {
      throw failed(
        path,
        `The server did not send ${path}. Either it cannot be reached, or it answered with a redirect (to a login, for ` +
          "example). This page does not follow redirects: log in first, then open the link again.",
      );
    }
  };

  const policy = async () => {
    const response = await get(POLICY);
    if ([403, 404, 410].includes(response.status)) {
      throw new Error(
        `This server has not allowed links to bundles: there is no ${POLICY} beside its open.html. The server's ` +
          'administrator can allow a folder with such a file: {"bundles": ["bundles/"]}. See docs/hosting.md.',
      );
    }
    if (!response.ok) throw new Error(`The server answered ${response.status} for ${POLICY}.`);
    const text = await response.blob().catch(() => {
      throw failed(POLICY, `The server stopped sending ${POLICY}. Open the link again.`);
    });
    if (text.size > POLICY_BYTES) throw new Error(`${POLICY} is not a policy file: it is longer than 64 KiB.`);
    return text.text();
  };

  const nameOf = (path) => path.slice(path.lastIndexOf("/") + 1);

  const bundle = async (path) => {
    const response = await get(path);
    if (!response.ok) {
      throw new Error(`The server answered ${response.status} for ${path}. Check the link, and whether you may read that file.`);
    }
    // "identity" says that nothing was packed.
    const encoding = (response.headers.get("content-encoding") ?? "").trim();
    if (!["", "identity"].includes(encoding.toLowerCase())) {
      throw new Error(
        `The server sends ${path} with Content-Encoding: ${encoding}. The browser would ` +
          "unpack the bundle and change its SHA-256. The server's administrator must send .gz files without Content-Encoding.",
      );
    }
    const name = nameOf(path);
    const total = Number(response.headers.get("content-length") ?? 0);
    const reader = response.body.getReader();
    const pieces = [];
    for (let done = 0; ; ) {
      if (!report(name, done, total)) return null;
      const { value, done: end } = await reader.read().catch(() => {
        throw failed(path, `The server stopped sending ${path} after ${done} bytes. Open the link again.`);
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
      report(nameOf(wanted[0]), 0, 0);
      const text = await policy();
      for (const path of wanted) wasm_bindgen.may_open(text, path);
      for (const path of wanted) {
        const file = await bundle(path);
        if (!file) return [];
        files.push(file);
      }
    }
    return files;
  } catch (error) {
    if (stopped) return [];
    throw error;
  } finally {
    clearInterval(looking);
    // A page can only add policies. It cannot remove one.
    const shut = document.createElement("meta");
    shut.httpEquiv = "Content-Security-Policy";
    shut.content = "connect-src 'none'";
    document.head.append(shut);
  }
};
