// The server as another client sees it, to check from outside what a page claims.
import assert from "node:assert/strict";
import { randomBytes, randomUUID, webcrypto } from "node:crypto";

export class Api {
  #token;

  constructor(server) {
    this.server = server;
  }

  static async signedIn(server, username, password) {
    const api = new Api(server);
    const keys = await webcrypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
    const point = Buffer.from(await webcrypto.subtle.exportKey("raw", keys.publicKey));
    const device = uuidv7();
    const answer = await api.post("/auth/sign-in", {
      username,
      password,
      device: { id: device, public_key: point.toString("base64url"), label: "test" },
    });
    api.#token = answer.access_token;
    api.me = answer.me;
    api.device = device;
    return api;
  }

  get(path) {
    return this.#send("GET", path);
  }

  /** What is not JSON, as it is. */
  text(path) {
    return this.#answer("GET", path);
  }

  post(path, body, headers = {}) {
    return this.#send("POST", path, body, headers);
  }

  put(path, body, headers = {}) {
    return this.#send("PUT", path, body, headers);
  }

  delete(path, revision) {
    return this.#send("DELETE", path, undefined, { "if-match": `"${revision}"` });
  }

  /** Sends a table as it is in a file. */
  csv(path, text) {
    return this.#send("POST", path, text, { "content-type": "text/csv" });
  }

  async #send(...asked) {
    const text = await this.#answer(...asked);
    return text ? JSON.parse(text) : null;
  }

  async #answer(method, path, body, headers = {}) {
    const answer = await fetch(`${this.server.url}/api/v1${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(this.#token ? { authorization: `Bearer ${this.#token}` } : {}),
        ...headers,
      },
      body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return text;
  }
}

/** RFC 9562, version 7. */
export function uuidv7() {
  const bytes = Buffer.from(randomUUID().replaceAll("-", ""), "hex");
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = 0x70 | (randomBytes(1)[0] & 0x0f);
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
