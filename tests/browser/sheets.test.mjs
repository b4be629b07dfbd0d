// The sheets with the QR codes of checkpoints, as they come out of a printer.
import assert from "node:assert/strict";
import { LAPTOP, PHONE, assertAccessible } from "./stage/browser.mjs";
import { signInAtDesk } from "./stage/desk.mjs";
import { OFFICER } from "./stage/people.mjs";
import { tick } from "./stage/press.mjs";
import { story } from "./stage/story.mjs";
import { until } from "./stage/until.mjs";

/** CSS pixels of a millimetre. */
const MM = 96 / 25.4;
/** What is left of A4 between its margins, in CSS pixels. */
const INSIDE = { width: Math.floor(190 * MM), height: Math.floor(277 * MM) };
/** The code's part of the width of a sheet. */
const CODE = 400 / 560;

/** The pages of a PDF, each with its width and height in points. */
function pagesOf(pdf) {
  const text = pdf.toString("latin1");
  const pages = text.match(/\/Type\s*\/Page\b(?!s)/g) ?? [];
  const sizes = [...text.matchAll(/\/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]/g)];
  return { count: pages.length, sizes: sizes.map(([, width, height]) => [Number(width), Number(height)]) };
}

for (const size of [LAPTOP, PHONE]) {
  story(`the sheets of checkpoints print one or four a page, opened on a ${size.name}`, async (stage) => {
    const device = await stage.device(size);
    const desk = await device.tab("/desk");
    await signInAtDesk(desk, OFFICER);
    await desk.goto("/desk/checkpoints");
    await desk.getByRole("button", { name: "Tờ mã QR để dán" }).click();
    const heading = desk.getByRole("heading", { name: "Tờ mã QR để dán" });
    await until("the sheets come to the person who asked for them", async () => {
      const box = await heading.boundingBox();
      return box !== null && box.y >= 0 && box.y + box.height <= size.viewport.height;
    });
    await until("the heading has the focus", () => heading.evaluate((found) => found === document.activeElement));
    const sheets = desk.locator(".sheet img");
    const officer = await stage.api(OFFICER);
    const points = await officer.get("/checkpoints");
    await until("every sheet is here", async () => (await sheets.count()) === points.length);
    for (const point of points) await desk.getByRole("img", { name: point.name, exact: false }).first().waitFor();
    await assertAccessible(desk, "the sheets");

    const print = async (perPage, narrowest) => {
      await desk.setViewportSize(INSIDE);
      await desk.emulateMedia({ media: "print" });
      await until("the pictures are drawn", () => sheets.evaluateAll((all) => all.every((img) => img.naturalWidth > 0)));
      for (const box of await sheets.evaluateAll((all) => all.map((img) => img.getBoundingClientRect().toJSON()))) {
        const code = (box.width * CODE) / MM;
        assert.ok(code >= narrowest, `a code is ${code.toFixed(0)} mm wide`);
        assert.ok(box.height * Math.ceil(Math.sqrt(perPage)) <= INSIDE.height, "what shares a page fits on it");
      }
      const pdf = pagesOf(await desk.pdf({ preferCSSPageSize: true, printBackground: false }));
      assert.equal(pdf.count, Math.ceil(points.length / perPage), `${perPage} a page`);
      for (const [width, height] of pdf.sizes) {
        assert.ok(Math.abs(width - 595) < 2 && Math.abs(height - 842) < 2, `a page is A4, not ${width}×${height}`);
      }
      await desk.emulateMedia({ media: "screen" });
      await desk.setViewportSize(size.viewport);
    };
    await print(1, 120);
    await tick(desk.getByRole("radio", { name: "Bốn điểm một trang" }));
    await print(4, 60);
    await desk.getByRole("button", { name: "Quay lại danh sách" }).click();
    await desk.getByRole("rowheader", { name: points[0].name }).waitFor();
    assert.equal(await sheets.count(), 0);
  });
}
