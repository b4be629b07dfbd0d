// A test with a server and devices of its own. Whatever the story is about, no page may break the content security
// policy, call a foreign host or stop with an uncaught error.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Api } from "./api.mjs";
import { Device, LAPTOP, PHONE, launch } from "./browser.mjs";
import { Server } from "./server.mjs";

const PICTURES = fileURLToPath(new URL("../../../target/browser", import.meta.url));

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

class Stage {
  devices = [];

  constructor(server) {
    this.server = server;
  }

  phone(options) {
    return this.device(PHONE, options);
  }

  laptop(options) {
    return this.device(LAPTOP, options);
  }

  async device(size, options) {
    const device = await Device.open(browser, this.server, size, options);
    this.devices.push(device);
    return device;
  }

  api(person) {
    return Api.signedIn(this.server, person.username, person.password);
  }
}

/** Declares a test; the sentence says what must hold. */
export function story(sentence, body) {
  test(sentence, { timeout: 240_000 }, async () => {
    const server = await Server.withDemo();
    const stage = new Stage(server);
    try {
      await body(stage);
      for (const device of stage.devices) device.assertClean();
    } catch (error) {
      mkdirSync(PICTURES, { recursive: true });
      const name = sentence.replace(/[^a-zA-Z0-9]+/g, "-");
      for (const [index, device] of stage.devices.entries()) await device.picture(join(PICTURES, `${name}-${index}`));
      throw error;
    } finally {
      for (const device of stage.devices) await device.context.close();
      await server.remove();
    }
  });
}
