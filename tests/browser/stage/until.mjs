// Waiting on conditions: nothing in these tests waits for a length of time.

const PATIENCE = 30_000;
const GLANCE = 50;

/** Asks until the answer is truthy, and returns it; an error that says what was awaited otherwise. */
export async function until(what, ask) {
  const end = Date.now() + PATIENCE;
  let last;
  while (Date.now() < end) {
    try {
      const answer = await ask();
      if (answer) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, GLANCE));
  }
  throw new Error(`waited in vain until ${what}; last: ${last?.message ?? JSON.stringify(last)}`);
}
