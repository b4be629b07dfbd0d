// A `keng` process of a test's own, on a folder of its own. It can be stopped, killed and started again on the same
// port, as a server in the field is.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { required } from "./settings.mjs";

const BINARY = required("KENG_TEST_BINARY");

/** The demo commune, loaded once for each build of the server and copied for each test. */
function demo() {
  const built = Math.round(statSync(BINARY).mtimeMs);
  const template = join(tmpdir(), `keng-demo-${process.getuid()}-${built}`);
  if (!existsSync(template)) {
    const half = mkdtempSync(join(tmpdir(), "keng-demo-"));
    const load = spawnSync(BINARY, ["demo", "load"], { env: environment(half, 0), encoding: "utf8" });
    if (load.status !== 0) throw new Error(`keng demo load failed:\n${load.stdout}${load.stderr}`);
    try {
      renameSync(half, template);
    } catch (error) {
      // Another test file was quicker; its copy is as good.
      if (!existsSync(template)) throw error;
      rmSync(half, { recursive: true });
    }
  }
  return template;
}

function environment(data, port) {
  return {
    PATH: process.env.PATH,
    KENG_DATA_DIR: data,
    KENG_LISTEN: `127.0.0.1:${port}`,
    KENG_LOG_LEVEL: process.env.KENG_TEST_LOG ?? "warn",
  };
}

export class Server {
  #process = null;
  #data;
  #port = 0;
  #settings = {};

  /** A running server with the demo commune. */
  static async withDemo() {
    const data = mkdtempSync(join(tmpdir(), "keng-browser-"));
    cpSync(demo(), data, { recursive: true });
    const server = new Server(data);
    await server.start();
    return server;
  }

  constructor(data) {
    this.#data = data;
    mkdirSync(data, { recursive: true });
  }

  get url() {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start() {
    const keng = spawn(BINARY, ["serve"], {
      env: { ...environment(this.#data, this.#port), ...this.#settings },
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#process = keng;
    this.#port = await new Promise((resolve, reject) => {
      createInterface({ input: keng.stdout }).on("line", (line) => {
        const port = line.match(/http:\/\/[^:]+:(\d+)/)?.[1];
        if (port) resolve(Number(port));
        else if (process.env.KENG_TEST_LOG) console.error(line);
      });
      keng.once("exit", (code) => reject(new Error(`keng stopped with ${code} before it listened`)));
    });
  }

  /** Starts it again with these variables and files in its data directory. */
  async restartWith(settings, files = {}) {
    await this.stop();
    this.#settings = settings;
    for (const [name, content] of Object.entries(files)) writeFileSync(join(this.#data, name), content);
    await this.start();
  }

  /** Ends it as an administrator would. */
  stop() {
    return this.#end("SIGTERM");
  }

  /** Ends it as a power cut would. */
  kill() {
    return this.#end("SIGKILL");
  }

  async #end(signal) {
    const keng = this.#process;
    if (!keng || keng.exitCode !== null || keng.signalCode !== null) return;
    const ended = new Promise((resolve) => keng.once("exit", resolve));
    keng.kill(signal);
    await ended;
  }

  async remove() {
    await this.kill();
    rmSync(this.#data, { recursive: true, force: true });
  }

  /** Runs an administrator's command on the same data. */
  command(...words) {
    const done = spawnSync(BINARY, words, { env: environment(this.#data, this.#port), encoding: "utf8" });
    if (done.status !== 0) throw new Error(`keng ${words.join(" ")} failed:\n${done.stderr}`);
    return done.stdout;
  }
}
