// Moves and zooms the desk's map as a person does, and tells how long frames, tasks and answers took:
// node map.mjs ORIGIN USERNAME PASSWORD
import { LAPTOP, launch } from "../stage/browser.mjs";
import { signInAtDesk } from "../stage/desk.mjs";

const [origin, username, password] = process.argv.slice(2);
const LOOKS = [
  { name: "squares, 30 days", query: "" },
  { name: "squares, a year", query: "?days=365" },
  { name: "squares and density, a year", query: "?days=365&layers=records,heat,incidents,parts" },
];
/** Times that the map is dragged, and steps of the pointer in each. */
const DRAGS = 12;
const STEPS = 24;
/** Times that the wheel is turned, in and out again. */
const TURNS = 6;
/** A pause in which the page may ask and draw, in milliseconds. */
const PAUSE = 500;

const browser = await launch();
const context = await browser.newContext({ viewport: LAPTOP.viewport, baseURL: origin, locale: "vi-VN" });
const page = await context.newPage();
page.setDefaultTimeout(60_000);
await page.goto("/desk");
await signInAtDesk(page, { username, password });

for (const look of LOOKS) {
  const answers = [];
  const hear = async (response) => {
    if (!response.url().includes("/map/records")) return;
    const bytes = (await response.body()).length;
    answers.push({ took: response.request().timing().responseEnd, bytes });
  };
  page.on("response", hear);
  await page.goto(`/desk/map${look.query}`);
  await page.getByText(/ghi nhận trong khung nhìn/).waitFor();
  await page.locator(".map-pin").first().waitFor();
  await page.waitForTimeout(PAUSE);
  answers.length = 0;
  await page.evaluate(watch);
  await move();
  const seen = await page.evaluate(() => ({ frames: globalThis.frames, tasks: globalThis.tasks }));
  const drawn = await page.locator(".leaflet-pane .map-pin, .leaflet-pane path").count();
  page.off("response", hear);
  report(look.name, seen, answers, drawn);
}
await browser.close();

/** In the page: the time of each frame and of each task that blocked it. */
function watch() {
  globalThis.frames = [];
  globalThis.tasks = [];
  let last = performance.now();
  const frame = (now) => {
    globalThis.frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) globalThis.tasks.push(entry.duration);
  });
  observer.observe({ type: "longtask" });
}

async function move() {
  const box = await page.locator(".map-canvas").boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const drag = async (number) => {
    const angle = (number * 2 * Math.PI) / DRAGS;
    await page.mouse.move(x, y);
    await page.mouse.down();
    for (let step = 1; step <= STEPS; step += 1) {
      await page.mouse.move(x + Math.cos(angle) * step * 8, y + Math.sin(angle) * step * 8);
    }
    await page.mouse.up();
    await page.waitForTimeout(PAUSE);
  };
  for (let number = 0; number < DRAGS; number += 1) await drag(number);
  for (const turn of [-240, 240]) {
    for (let number = 0; number < TURNS; number += 1) {
      await page.mouse.move(x, y);
      await page.mouse.wheel(0, turn);
      await page.waitForTimeout(PAUSE);
      if (number % 2 === 0) await drag(number);
    }
  }
}

function report(name, { frames, tasks }, answers, drawn) {
  const at = (values, share) => [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
  const late = frames.filter((frame) => frame > 50).length;
  const ms = (value) => `${value.toFixed(0)} ms`;
  const [took, bytes] = [answers.map((answer) => answer.took), answers.map((answer) => answer.bytes)];
  console.log(`  ${name}: ${drawn} marks and shapes at the end`);
  console.log(`    frames   ${frames.length}, median ${ms(at(frames, 0.5))}, 95 % ${ms(at(frames, 0.95))}, 99 % ${ms(at(frames, 0.99))}, longest ${ms(at(frames, 0.9999))}, over 50 ms ${late}`);
  console.log(`    tasks    over 50 ms ${tasks.length}, longest ${ms(Math.max(0, ...tasks))}`);
  console.log(`    answers  ${answers.length}, median ${ms(at(took, 0.5))}, 95 % ${ms(at(took, 0.95))}, ${(at(bytes, 0.95) / 1024).toFixed(0)} KiB at 95 %`);
}
