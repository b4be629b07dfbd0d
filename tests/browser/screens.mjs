// Photographs every screen and its main states in both sizes, and lays them out in one page: node screens.mjs [FILTER]
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { SHOTS } from "./stage/shots.mjs";
import { Device, LAPTOP, PHONE, launch } from "./stage/browser.mjs";
import { Server } from "./stage/server.mjs";

const OUT = fileURLToPath(new URL("../../target/screens", import.meta.url));
const filter = process.argv[2] ?? "";

/** Looks that every screen is photographed in. The phone is shown in Vietnamese first, English once. */
const LOOKS = [
  { size: PHONE, theme: "light", language: "vi" },
  { size: PHONE, theme: "dark", language: "vi" },
  { size: PHONE, theme: "light", language: "en" },
  { size: LAPTOP, theme: "light", language: "vi" },
  { size: LAPTOP, theme: "dark", language: "vi" },
];

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
const browser = await launch();
const taken = [];
const missed = [];
for (const look of LOOKS) {
  const server = await Server.withDemo();
  for (const group of SHOTS) await photograph(group, look, server);
  await server.remove();
}
await browser.close();
writeFileSync(join(OUT, "index.html"), contactSheet());
console.log(`${taken.length} pictures: ${join(OUT, "index.html")}`);
for (const miss of missed) console.error(`not taken: ${miss}`);
process.exitCode = missed.length > 0 ? 1 : 0;

/** A group is one person's browser; its shots follow one another in it. */
async function photograph(group, look, server) {
  if (!group.name.includes(filter)) return;
  const device = await Device.open(browser, server, look.size, { colorScheme: look.theme });
  await device.context.addInitScript((language) => localStorage.setItem("lang", language), look.language);
  const stage = { server, look };
  const name = `${look.size.name}-${look.theme}-${look.language}`;
  try {
    await group.shoot(stage, device, async (title, page) => {
      const file = `${name}/${group.name}-${title.replace(/[^\p{L}\p{N}]+/gu, "-")}.png`;
      mkdirSync(dirname(join(OUT, file)), { recursive: true });
      await page.screenshot({ path: join(OUT, file), fullPage: look.size === PHONE });
      taken.push({ group: group.name, title, look: name, file });
    });
  } catch (error) {
    missed.push(`${name} ${group.name}: ${error.message.split("\n")[0]}`);
  } finally {
    await device.context.close();
  }
}

function contactSheet() {
  const sections = Map.groupBy ? Map.groupBy(taken, (shot) => `${shot.group}: ${shot.title}`) : grouped();
  const body = [...sections].map(([title, shots]) => {
    const pictures = shots.map(
      (shot) => `<figure><a href="${shot.file}"><img src="${shot.file}" loading="lazy" alt=""></a><figcaption>${shot.look}</figcaption></figure>`,
    );
    return `<section><h2>${title}</h2><div>${pictures.join("")}</div></section>`;
  });
  return `<!doctype html><meta charset="utf-8"><title>Kẻng: screens</title><style>
    body{font:16px/1.5 system-ui;margin:24px;background:#eee}div{display:flex;gap:16px;overflow-x:auto;align-items:flex-start}
    figure{margin:0}img{height:480px;width:auto;border:1px solid #999;background:#fff}figcaption{font-size:13px}</style>
    <h1>Kẻng: every screen</h1>${body.join("\n")}`;
}

function grouped() {
  const sections = new Map();
  for (const shot of taken) {
    const key = `${shot.group}: ${shot.title}`;
    sections.set(key, [...(sections.get(key) ?? []), shot]);
  }
  return sections;
}
