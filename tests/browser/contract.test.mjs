// The contract that every store of the phone keeps (web/engine/src/contract.rs), over the IndexedDB of a real browser.
// `cargo test -p keng-engine --test store_contract` runs the same over the memory store.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import test from "node:test";
import { launch } from "./stage/browser.mjs";
import { required } from "./stage/settings.mjs";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };
const PAGE = `<!doctype html><title></title>
<script type="module">import start from "./contract.js"; start({ module_or_path: "./contract_bg.wasm" }).catch((error) => (document.title = String(error)));</script>`;

/** Serves the page and what it loads, from an origin that the browser trusts with keys. */
async function serve(folder) {
  const server = createServer(async (request, answer) => {
    const path = new URL(request.url, "http://here").pathname;
    const body = path === "/" ? PAGE : await readFile(join(folder, path)).catch(() => null);
    const type = TYPES[path === "/" ? ".html" : extname(path)];
    answer.writeHead(body === null ? 404 : 200, { "content-type": type ?? "text/plain" }).end(body);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return server;
}

test("IndexedDB keeps the contract of the phone's store", async (t) => {
  const server = await serve(required("KENG_TEST_CONTRACT"));
  t.after(() => server.close());
  const browser = await launch();
  t.after(() => browser.close());
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction(() => document.title !== "", null, { timeout: 60_000 });
  assert.equal(await page.title(), "the contract is kept");
});
