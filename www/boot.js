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

  // In a single file, the program is the text of a data block. On a static site, another script has set a variable.
  const takeProgram = () => {
    const block = document.getElementById("procglass-wasm");
    const text = block ? block.textContent : globalThis.procglassWasm;
    if (!text) throw new Error("the page is incomplete: its program is missing");
    // "Save report" makes a page like this one. The new page is always a single file.
    const template = globalThis.procglassTemplate ?? ownTemplate();
    globalThis.procglassPage = () => template.replace("procglass:wasm", () => text);
    // A worker that runs the same program needs the glue of wasm-bindgen, which is the first script of such a page.
    globalThis.procglassGlue = () =>
      new DOMParser().parseFromString(template, "text/html").querySelector("script:not([type])").textContent;
    block?.remove();
    delete globalThis.procglassWasm;
    return text;
  };

  // Returns this page as it was built: without evidence, and with a placeholder for the program. The rest of the page is
  // data, so the template copies only the head and the scripts. The evidence comes last, so that the program starts while
  // the browser still reads it.
  const ownTemplate = () => {
    const scripts = [...document.querySelectorAll("body > script:not([type])")].map((script) => script.outerHTML);
    const place = (name) => `<!--procglass:${name}-->`;
    return [
      `<!doctype html>\n<html lang="en">\n<head>${document.head.innerHTML}</head>\n<body>`,
      document.querySelector("noscript")?.outerHTML ?? "",
      `<div id="app"><p id="opening" role="status">opening…<span class="late"> This takes long. If nothing follows, the page did not arrive whole: reload it. If it stays so, get the file again, or tell whoever runs the server.</span></p>${place("summary")}</div>`,
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
    // The static summary of a report must stay readable, so only the status line is replaced.
    const app = document.getElementById("app");
    const line = document.getElementById("opening") ?? app.appendChild(document.createElement("p"));
    // What start.js said of a script that did not come is the cause of what fails here.
    if (line.getAttribute("role") === "alert") return;
    line.setAttribute("role", "alert");
    line.textContent =
      `procglass could not start: ${error?.message ?? error}. ` +
      "It needs Chrome or Edge 97, Firefox 113, Safari 16.4, or a later version.";
  }
})();
