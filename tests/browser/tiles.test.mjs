// The ground that maps are drawn on: an archive of the operator's, a tile server, or nothing.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { signInAtDesk } from "./stage/desk.mjs";
import { OFFICER } from "./stage/people.mjs";
import { story } from "./stage/story.mjs";

/** A grey pixel. */
const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGM4AAAAwgDBUl5XUQAAAABJRU5ErkJggg==",
  "base64",
);

/** A PMTiles archive that holds one picture for the whole world. */
function archive() {
  const header = Buffer.alloc(127);
  // One entry: tile 0, run 1, length of the picture, at the beginning of the tiles.
  const directory = Buffer.from([1, 0, 1, PIXEL.length, 1]);
  header.write("PMTiles\u0003");
  header.writeBigUInt64LE(127n, 8);
  header.writeBigUInt64LE(BigInt(directory.length), 16);
  header.writeBigUInt64LE(BigInt(127 + directory.length), 56);
  header.set([1, 1, 2, 0, 0], 97);
  return Buffer.concat([header, directory, PIXEL]);
}

story("a map lies on the tiles of the operator's archive, and still no other host is called", async (stage) => {
  const settings = { KENG_TILES: "world.pmtiles", KENG_TILES_ATTRIBUTION: "© <b>Người vẽ bản đồ</b>" };
  await stage.server.restartWith(settings, { "world.pmtiles": archive() });
  const laptop = await stage.laptop();
  const page = await laptop.tab("/desk");
  await signInAtDesk(page, OFFICER);
  await page.goto("/desk/checkpoints");
  await page.locator(".leaflet-tile-loaded").first().waitFor({ state: "attached" });
  await page.getByText("© <b>Người vẽ bản đồ</b>").waitFor();
});

story("a map lies on the tiles of the operator's tile server, and no third host is called", async (stage) => {
  const asked = [];
  const elsewhere = createServer((request, answer) => {
    asked.push(request.url);
    answer.writeHead(200, { "content-type": "image/png" }).end(PIXEL);
  });
  await new Promise((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
  try {
    const origin = `http://127.0.0.1:${elsewhere.address().port}`;
    await stage.server.restartWith({ KENG_TILES: `${origin}/ground/{z}/{x}/{y}.png` });
    const laptop = await stage.laptop({ allowed: [origin] });
    const page = await laptop.tab("/desk");
    await signInAtDesk(page, OFFICER);
    await page.goto("/desk/checkpoints");
    await page.locator(".leaflet-tile-loaded").first().waitFor({ state: "attached" });
    assert.match(asked[0], /^\/ground\/\d+\/\d+\/\d+\.png$/);
  } finally {
    elsewhere.close();
    elsewhere.closeAllConnections();
  }
});

story("without a tile source a map asks for none", async (stage) => {
  const laptop = await stage.laptop();
  const page = await laptop.tab("/desk");
  await signInAtDesk(page, OFFICER);
  await page.goto("/desk/checkpoints");
  await page.locator(".leaflet-container path").first().waitFor({ state: "attached" });
  assert.equal(await page.locator(".leaflet-tile").count(), 0);
});
