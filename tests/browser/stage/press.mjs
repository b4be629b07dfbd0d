// Radio buttons and tick boxes are pressed on their face, as a finger does: the input itself is not seen.
import { until } from "./until.mjs";

/** Ticks a box or chooses a radio button. */
export function tick(input) {
  return set(input, true);
}

/** Takes the tick out of a box. */
export function untick(input) {
  return set(input, false);
}

async function set(input, wanted) {
  if ((await input.isChecked()) !== wanted) await input.locator("xpath=ancestor::label[1]").click();
  await until(`the button is ${wanted ? "on" : "off"}`, async () => (await input.isChecked()) === wanted);
}
