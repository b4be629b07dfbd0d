// A push service (RFC 8030) beside the server, and a browser's subscription to it. Chromium's own service is out of reach
// of a test, so the page is given a subscription whose keys the test holds, and what the server sends is opened with them
// (RFC 8291) and handed to the real service worker.
import assert from "node:assert/strict";
import { createDecipheriv, createECDH, hkdfSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { until } from "./until.mjs";

/** Takes messages for one browser. */
export class Carrier {
  #received = [];
  #taken = 0;
  #keys = createECDH("prime256v1");
  #auth = randomBytes(16);

  static async start() {
    const carrier = new Carrier();
    carrier.#keys.generateKeys();
    carrier.server = createServer((request, response) => {
      const chunks = [];
      request.on("data", (chunk) => chunks.push(chunk));
      request.on("end", () => {
        carrier.#received.push({ headers: request.headers, body: Buffer.concat(chunks) });
        response.writeHead(201).end();
      });
    });
    await new Promise((resolve) => carrier.server.listen(0, "127.0.0.1", resolve));
    carrier.origin = `http://127.0.0.1:${carrier.server.address().port}`;
    return carrier;
  }

  /** What the browser says of its subscription. */
  get subscription() {
    return {
      endpoint: `${this.origin}/send/one`,
      keys: { p256dh: this.#keys.getPublicKey("base64url"), auth: this.#auth.toString("base64url") },
    };
  }

  /** What the next message says. */
  async next() {
    const message = await until("a push message came", () => this.#received[this.#taken]);
    this.#taken += 1;
    assert.equal(message.headers["content-encoding"], "aes128gcm");
    assert.match(message.headers.authorization, /^vapid t=.+, k=.+$/);
    return JSON.parse(this.#open(message.body));
  }

  #open(body) {
    const [salt, idLength] = [body.subarray(0, 16), body[20]];
    const sender = body.subarray(21, 21 + idLength);
    const sealed = body.subarray(21 + idLength);
    const derive = (secret, from, info, length) => Buffer.from(hkdfSync("sha256", secret, from, info, length));
    const info = Buffer.concat([Buffer.from("WebPush: info\0"), this.#keys.getPublicKey(), sender]);
    const secret = derive(this.#keys.computeSecret(sender), this.#auth, info, 32);
    const key = derive(secret, salt, "Content-Encoding: aes128gcm\0", 16);
    const nonce = derive(secret, salt, "Content-Encoding: nonce\0", 12);
    const decipher = createDecipheriv("aes-128-gcm", key, nonce);
    decipher.setAuthTag(sealed.subarray(-16));
    const padded = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
    return padded.subarray(0, padded.lastIndexOf(2)).toString("utf8");
  }

  stop() {
    return new Promise((resolve) => this.server.close(resolve));
  }
}

/** Gives pages of this browser the carrier's subscription when they subscribe; it outlives a reload, as a real one does. */
export function subscribesWith(context, carrier) {
  return context.addInitScript((given) => {
    const KEPT = "test-push-key";
    const made = (key) => ({
      options: { applicationServerKey: Uint8Array.from(atob(key.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0)).buffer },
      toJSON: () => given,
      unsubscribe: async () => localStorage.removeItem(KEPT) ?? true,
    });
    PushManager.prototype.getSubscription = async () => {
      const key = localStorage.getItem(KEPT);
      return key ? made(key) : null;
    };
    PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
      if (!userVisibleOnly) throw new DOMException("must be visible", "NotAllowedError");
      localStorage.setItem(KEPT, applicationServerKey);
      return made(applicationServerKey);
    };
  }, carrier.subscription);
}

/** Hands a message to the page's service worker, as the browser does when one arrives. */
export async function deliver(page, said) {
  const session = await page.context().newCDPSession(page);
  const registered = new Promise((resolve) => {
    session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const live = registrations.find((one) => !one.isDeleted);
      if (live) resolve(live.registrationId);
    });
  });
  await session.send("ServiceWorker.enable");
  const registrationId = await registered;
  const { origin } = new URL(page.url());
  await session.send("ServiceWorker.deliverPushMessage", { origin, registrationId, data: JSON.stringify(said) });
  await session.detach();
}

/** What the service worker shows at the moment; `null` when nothing. */
export async function notifications(page) {
  const shown = await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    const all = await registration.getNotifications();
    return all.map(({ title, body }) => ({ title, body }));
  });
  return shown.length > 0 ? shown : null;
}

/** Taps the notification that is shown. */
export async function tapNotification(context) {
  const [worker] = context.serviceWorkers();
  await worker.evaluate(async () => {
    const [notification] = await self.registration.getNotifications();
    self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
  });
}
