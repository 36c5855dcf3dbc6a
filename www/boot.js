// Starts the viewer: unpacks the WebAssembly program that the page carries and runs it.
//
// The program comes as text (base64 of gzip), because the page's policy allows no connection at all, not
// even to its own server, and because fetch does not exist for a page opened by double click.
(async () => {
  "use strict";

  // Older browsers have no native decoder.
  const decode = (text) => {
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
    return bytes;
  };

  const gunzip = (bytes) =>
    new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();

  // One file: the text of a data block. Static site: a variable that another script has set.
  const takeProgram = () => {
    const block = document.getElementById("procglass-wasm");
    const text = block ? block.textContent : globalThis.procglassWasm;
    if (!text) throw new Error("the page is incomplete: its program is missing");
    // "Save report" makes a page like this one, in one file whichever form this one has.
    const template = globalThis.procglassTemplate ?? ownTemplate();
    globalThis.procglassPage = () => template.replace("procglass:wasm", () => text);
    // A worker that runs the same program needs its glue, which is the first script of such a page.
    globalThis.procglassGlue = () =>
      new DOMParser().parseFromString(template, "text/html").querySelector("script:not([type])").textContent;
    block?.remove();
    delete globalThis.procglassWasm;
    return text;
  };

  // This page as it was built: without evidence, and with a word in place of the program. Only data stands in the page
  // besides, so no more than the head and the scripts have to be taken from it. Evidence stands last: the program starts
  // while the browser still reads it.
  const ownTemplate = () => {
    const scripts = [...document.querySelectorAll("body > script:not([type])")].map((script) => script.outerHTML);
    const place = (name) => `<!--procglass:${name}-->`;
    return [
      `<!doctype html>\n<html lang="en">\n<head>${document.head.innerHTML}</head>\n<body>`,
      document.querySelector("noscript")?.outerHTML ?? "",
      `<div id="app"><p id="opening" role="status">opening…</p>${place("summary")}</div>`,
      '<script type="text/plain" id="procglass-wasm">procglass:wasm</script>',
      ...scripts,
      place("evidence"),
      "</body>\n</html>\n",
    ].join("\n");
  };

  try {
    for (const feature of ["WebAssembly", "DecompressionStream"]) {
      if (!(feature in globalThis)) throw new Error(`this browser has no ${feature}`);
    }
    await wasm_bindgen({ module_or_path: await gunzip(decode(takeProgram())) });
  } catch (error) {
    console.error(error);
    // What a report says without scripts must stay readable, so only the status line is replaced.
    const app = document.getElementById("app");
    const line = document.getElementById("opening") ?? app.appendChild(document.createElement("p"));
    line.setAttribute("role", "alert");
    line.textContent =
      `procglass could not start: ${error?.message ?? error}. ` +
      "It runs in Chrome and Edge from version 97, Firefox from 113 and Safari from 16.4.";
  }
})();
