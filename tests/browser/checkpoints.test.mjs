// A checkpoint that is changed, moved on the map with the mouse and with the keyboard, retired and brought back; the
// phone learns of it.
import assert from "node:assert/strict";
import { LAPTOP, PHONE, assertAccessible } from "./stage/browser.mjs";
import { signInAtDesk } from "./stage/desk.mjs";
import { phoneOf, startPlanned } from "./stage/field.mjs";
import { HALL, MEMBER, OFFICER } from "./stage/people.mjs";
import { story } from "./stage/story.mjs";
import { until } from "./stage/until.mjs";

/** The code in letters on the sheet of a checkpoint. The page may show a picture, but not read it. */
async function codeOf(officer, point) {
  const svg = await officer.text(`/checkpoints/${point.id}/qr`);
  return svg.match(/font-family="monospace" fill="#111">([^<]+)</)[1];
}

async function found(officer, name) {
  return (await officer.get("/checkpoints")).find((point) => point.name === name);
}

for (const size of [LAPTOP, PHONE]) {
  story(`a checkpoint is changed, moved, retired and brought back on a ${size.name}`, async (stage) => {
    const officer = await stage.api(OFFICER);
    const before = await found(officer, HALL.name);
    const device = await stage.device(size);
    const desk = await device.tab("/desk");
    await signInAtDesk(desk, OFFICER);
    await desk.goto("/desk/checkpoints");
    await desk.getByRole("button", { name: `Sửa điểm ${HALL.name}` }).click();
    const name = desk.getByLabel("Tên điểm");
    await until("the form has the focus", () => name.evaluate((input) => input === document.activeElement));
    await assertAccessible(desk, "a checkpoint that is being changed");
    await name.fill("Nhà văn hóa mới");
    await desk.getByLabel(/^Bán kính/).fill("5");
    await desk.getByRole("button", { name: "Lưu", exact: true }).click();
    await desk.getByText("Nhỏ quá", { exact: false }).first().waitFor();
    await desk.getByLabel(/^Bán kính/).fill("80");

    const place = desk.getByLabel(/^Vĩ độ, kinh độ/);
    const mark = desk.locator(".map-pin-start");
    await mark.scrollIntoViewIfNeeded();
    await mark.focus();
    const start = await place.inputValue();
    await desk.keyboard.press("ArrowUp");
    await desk.keyboard.press("Shift+ArrowRight");
    await until("the arrow keys moved it", async () => {
      const [lat, lon] = (await place.inputValue()).split(",").map(Number);
      const [oldLat, oldLon] = start.split(",").map(Number);
      return lat - oldLat > 0.00001 && lon - oldLon > 0.0001;
    });
    assert.ok(await desk.locator(".map-pin-start:focus").count(), "the mark keeps the focus while it moves");
    const byKeys = await place.inputValue();
    const box = await mark.boundingBox();
    await desk.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await desk.mouse.down();
    await desk.mouse.move(box.x + box.width / 2 + 30, box.y + box.height / 2 + 20, { steps: 6 });
    await desk.mouse.up();
    await until("the mouse moved it", async () => (await place.inputValue()) !== byKeys);
    await desk.getByRole("button", { name: "Lưu", exact: true }).click();
    await desk.getByText("Đã sửa Nhà văn hóa mới.", { exact: false }).waitFor();
    const changed = await found(officer, "Nhà văn hóa mới");
    assert.equal(changed.id, before.id);
    assert.equal(changed.radius_m, 80);
    assert.notDeepEqual(changed.position, before.position);
    const row = desk.getByRole("button", { name: "Sửa điểm Nhà văn hóa mới" });
    await until("the focus is back in the list", () => row.evaluate((button) => button === document.activeElement));

    await desk.getByRole("button", { name: "Tờ mã QR để dán" }).click();
    await desk.getByRole("img", { name: "Nhà văn hóa mới", exact: false }).first().waitFor();
    const code = await codeOf(officer, changed);
    await desk.getByRole("button", { name: "Quay lại danh sách" }).click();

    await desk.getByRole("button", { name: "Ngừng dùng điểm Nhà văn hóa mới" }).click();
    await desk.getByText("Đã ngừng dùng Nhà văn hóa mới.", { exact: false }).waitFor();
    await until("it has left the list", async () => (await row.count()) === 0);
    // By the keyboard: what was just done may stand above it for some seconds, and longer under a mouse.
    await desk.getByText("Điểm đã ngừng dùng (1)").press("Enter");
    await assertAccessible(desk, "the retired checkpoints");

    // The phone of the team: the point is gone from the shift, and its code says why it no longer checks in.
    const { page } = await phoneOf(stage, MEMBER);
    await startPlanned(page);
    await page.locator("a[href^='/patrol/point/']").first().waitFor();
    assert.equal(await page.getByText("Nhà văn hóa mới").count(), 0);
    await page.locator("a[href^='/patrol/point/']").first().click();
    await page.getByText("Nhập mã ghi dưới mã QR").first().click();
    await page.locator("#code").fill(code);
    await page.getByRole("button", { name: "Điểm danh", exact: true }).click();
    await page.getByText("Điểm Nhà văn hóa mới đã ngừng dùng", { exact: false }).waitFor();

    await desk.getByRole("button", { name: "Dùng lại điểm Nhà văn hóa mới" }).press("Enter");
    await desk.getByText("Đã dùng lại Nhà văn hóa mới.", { exact: false }).waitFor();
    await row.waitFor();
  });

  story(`a route and a shift say which of their checkpoints is retired on a ${size.name}`, async (stage) => {
    const officer = await stage.api(OFFICER);
    const member = await stage.api(MEMBER);
    const plan = (await member.get("/sync/scope")).plans.find(
      (one) => one.kind === "patrol" && one.checkpoints.length > 1 && one.starts_at > Date.now(),
    );
    const points = await officer.get("/checkpoints");
    const past = plan.checkpoints.map((id) => points.find((point) => point.id === id));
    await officer.post("/patrol-routes", {
      area_id: plan.area_id,
      name: "Vòng quanh thôn",
      line: past.map((point) => point.position),
      checkpoints: plan.checkpoints,
    });
    await officer.post(`/checkpoints/${past[0].id}/retire`, undefined, { "if-match": `"${past[0].revision}"` });
    const device = await stage.device(size);
    const desk = await device.tab("/desk");
    await signInAtDesk(desk, OFFICER);
    await desk.goto("/desk/routes");
    await desk.getByText(`Đã ngừng dùng, tuyến bỏ qua: ${past[0].name}.`).waitFor();
    await desk.getByRole("button", { name: "Xem và sửa tuyến Vòng quanh thôn" }).click();
    await desk.getByText("Đường đi vẫn giữ", { exact: false }).waitFor();
    await assertAccessible(desk, "a route with a retired checkpoint");
    await desk.getByRole("button", { name: "Lưu tuyến" }).click();
    await desk.getByRole("rowheader", { name: "Vòng quanh thôn", exact: false }).waitFor();
    const [route] = await officer.get("/patrol-routes");
    assert.ok(!route.terms.checkpoints.includes(past[0].id), "a saved route has left it out");
    assert.equal(route.terms.line.length, past.length, "the line stays");
  });
}
