// A server of the same address that hands out a later version of the app: the service worker says another version.
import { createServer, request } from "node:http";

export class Upgrade {
  #later = false;

  /** A proxy in front of a server. */
  static async of(server) {
    const upgrade = new Upgrade();
    upgrade.#http = createServer((incoming, outgoing) => upgrade.#pass(server, incoming, outgoing));
    await new Promise((resolve) => upgrade.#http.listen(0, "127.0.0.1", resolve));
    upgrade.url = `http://127.0.0.1:${upgrade.#http.address().port}`;
    return upgrade;
  }

  #http;

  /** From now on the app is a later version. */
  release() {
    this.#later = true;
  }

  close() {
    this.#http.closeAllConnections();
    this.#http.close();
  }

  #pass(server, incoming, outgoing) {
    const isWorker = incoming.url === "/service-worker.js";
    const headers = { ...incoming.headers };
    if (isWorker) {
      // Plain, and never "not modified": the text is changed below.
      delete headers["accept-encoding"];
      delete headers["if-none-match"];
    }
    const onward = request(`${server.url}${incoming.url}`, { method: incoming.method, headers }, (answer) => {
      if (!isWorker || !this.#later) {
        outgoing.writeHead(answer.statusCode, answer.headers);
        answer.pipe(outgoing);
        return;
      }
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part) => (text += part));
      answer.on("end", () => {
        const later = text.replace(/const VERSION = "[^"]*"/, 'const VERSION = "later"');
        const { "content-length": _, ...rest } = answer.headers;
        outgoing.writeHead(answer.statusCode, rest);
        outgoing.end(later);
      });
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  }
}
