// Chromium with a fake camera and a fake position, and what every page must keep to while a test uses it.
import assert from "node:assert/strict";
import { AXE, CHROMIUM, chromium } from "./settings.mjs";

/** The two sizes that every screen is made for. */
export const PHONE = { name: "phone", viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
export const LAPTOP = { name: "laptop", viewport: { width: 1280, height: 800 }, isMobile: false, hasTouch: false };

/** In the middle of the demo commune. */
export const HOME = { latitude: 20.0908, longitude: 105.3713, accuracy: 8 };

/** How long a page must not change to be called quiet, in milliseconds. */
const QUIET_MS = 120;

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
];

export function launch() {
  return chromium.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS });
}

/** A person's browser: a profile of its own, watched for whatever must never happen. */
export class Device {
  faults = [];

  static async open(browser, server, size, options = {}) {
    const { name: _, ...shape } = size;
    const url = options.url ?? server.url;
    const context = await browser.newContext({
      ...shape,
      baseURL: url,
      locale: "vi-VN",
      timezoneId: "Asia/Ho_Chi_Minh",
      geolocation: HOME,
      permissions: ["geolocation", "camera"],
      colorScheme: options.colorScheme ?? "light",
      reducedMotion: "reduce",
    });
    context.setDefaultTimeout(30_000);
    const device = new Device(context, url, options.allowed ?? []);
    await device.#watch();
    return device;
  }

  /** `allowed` are origins besides its own that a page may call. */
  constructor(context, url, allowed) {
    this.context = context;
    this.url = url;
    this.origins = [url, ...allowed];
  }

  /** A new tab on a path of the app. */
  async tab(path = "/") {
    const page = await this.context.newPage();
    await page.goto(path);
    return page;
  }

  async moveTo(position) {
    await this.context.setGeolocation({ accuracy: 8, ...position });
  }

  /** A failed test's page, as it looked at the end. */
  async picture(path) {
    for (const [index, page] of this.context.pages().entries()) {
      await page.screenshot({ path: `${path}-${index}.png` }).catch(() => {});
    }
  }

  async #watch() {
    const fault = (text) => this.faults.push(text);
    await this.context.exposeBinding("reportPolicyViolation", (_, text) => fault(`CSP: ${text}`));
    await this.context.addInitScript(() => {
      addEventListener("securitypolicyviolation", (event) => {
        window.reportPolicyViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
      });
    });
    this.context.on("request", (request) => {
      const url = request.url();
      const own = this.origins.some((origin) => url.startsWith(origin)) || /^(blob|data):/.test(url);
      if (!own) fault(`foreign host: ${url}`);
    });
    this.context.on("console", (message) => {
      if (/Content Security Policy/.test(message.text())) fault(`CSP: ${message.text()}`);
      if (/panicked at/.test(message.text())) fault(`panic: ${message.text()}`);
    });
    this.context.on("weberror", (error) => fault(`uncaught: ${error.error().message}`));
  }

  /** Nothing on any page may have broken the rules so far. */
  assertClean() {
    assert.deepEqual(this.faults, []);
  }
}

/** Nothing is waited for any more. The stream of events never ends, so the network is never idle. */
export async function settled(page) {
  await page.waitForFunction(
    () =>
      document.readyState === "complete" &&
      document.querySelectorAll(".skeleton").length === 0 &&
      [...document.images].every((image) => image.complete),
  );
}

/** Nothing on the page has changed for a moment: no screen is about to give way to another one. */
async function quiet(page) {
  await page.evaluate(
    (moment) =>
      new Promise((resolve) => {
        const end = () => {
          observer.disconnect();
          clearTimeout(latest);
          resolve();
        };
        let timer = setTimeout(end, moment);
        const latest = setTimeout(end, 20 * moment);
        const observer = new MutationObserver(() => {
          clearTimeout(timer);
          timer = setTimeout(end, moment);
        });
        observer.observe(document, { subtree: true, childList: true });
      }),
    QUIET_MS,
  );
}

/** What axe finds wrong with a page, WCAG 2.2 AA and axe's best practices. */
export async function assertAccessible(page, what) {
  await quiet(page);
  const found = await page.evaluate(`(async () => {
    if (!window.axe) { ${AXE} }
    const result = await window.axe.run(document, { resultTypes: ["violations"] });
    return result.violations.map((violation) => ({
      rule: violation.id,
      help: violation.help,
      where: violation.nodes.map((node) => node.target.join(" ") + ": " + (node.any[0]?.message ?? node.html)),
    }));
  })()`);
  assert.deepEqual(found, [], `axe on ${what}`);
}
