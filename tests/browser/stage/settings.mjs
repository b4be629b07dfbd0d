// What `cargo xtask` tells the browser tests.
import { createRequire } from "node:module";
import { join } from "node:path";

export function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run \`cargo xtask test --only browser\``);
  return value;
}

const packages = createRequire(join(required("KENG_TEST_NPM"), "here.js"));

export const { chromium } = packages("playwright-core");
/** The source of axe-core, to be run inside a page. */
export const AXE = packages("axe-core").source;
export const CHROMIUM = required("KENG_TEST_CHROMIUM");
