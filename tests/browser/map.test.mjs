// The desk's map: squares that come apart, density, tracks, a slider over the days, all by keyboard too.
import assert from "node:assert/strict";
import { LAPTOP, PHONE, assertAccessible, settled } from "./stage/browser.mjs";
import { signInAtDesk } from "./stage/desk.mjs";
import { OFFICER } from "./stage/people.mjs";
import { tick } from "./stage/press.mjs";
import { story } from "./stage/story.mjs";
import { until } from "./stage/until.mjs";

async function openMap(stage, size, address = "/desk/map") {
  const device = await stage.device(size);
  const page = await device.tab("/desk");
  await signInAtDesk(page, OFFICER);
  await page.goto(address);
  await page.getByText(/ghi nhận trong khung nhìn/).waitFor();
  await settled(page);
  return page;
}

const marks = (page, role) => page.locator(`.map-pin[class*="map-pin-${role}"]`);

for (const size of [LAPTOP, PHONE]) {
  story(`records are counted on the map and come apart on a ${size.name}`, async (stage) => {
    const page = await openMap(stage, size, "/desk/map?days=365&layers=records,incidents,cameras,parts,tracks");
    await assertAccessible(page, "the map");
    const seen = async () => Number(/^\d+/.exec(await page.getByText(/ghi nhận trong khung nhìn/).innerText())[0]);
    const all = await seen();
    const cluster = marks(page, "cluster").first();
    await cluster.waitFor();
    assert.match(await cluster.getAttribute("title"), /^\d+ ghi nhận, bấm để phóng to$/);
    await cluster.focus();
    await page.keyboard.press("Enter");
    await until("the view has come nearer and holds fewer", async () => (await seen()) < all);
  });
}

for (const size of [LAPTOP, PHONE]) {
  story(`the slider moves the days, density shades the squares, and the table shows the same (desk on a ${size.name})`, async (stage) => {
    const page = await openMap(stage, size, "/desk/map?days=365");
    await tick(page.getByRole("checkbox", { name: "Mật độ" }));
    await page.waitForURL(/layers=records,heat/);
    await page.locator("path[class*='map-heat-']").first().waitFor({ state: "attached" });
    const slider = page.getByRole("slider");
    await slider.focus();
    await page.keyboard.press("Home");
    await page.waitForURL(/back=365/);
    await page.getByText("Không có ghi nhận nào có vị trí trong khung nhìn và những ngày này.").waitFor();
    assert.match(await slider.getAttribute("aria-valuetext"), /^Từ \d\d\/\d\d\/\d{4} đến/);
    await page.goto("/desk/map?days=30&kind=patrol");
    await page.getByText(/ghi nhận trong khung nhìn/).waitFor();
    await page.getByRole("link", { name: "Xem các ghi nhận này trong bảng" }).click();
    await page.waitForURL(/\/desk\/records\?from=.*kind=patrol/);
    await page.getByRole("table").waitFor();
  });
}
