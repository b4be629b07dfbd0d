// Where an incident happened: put on the map by the reporter, also without a network, and corrected by an officer.
import assert from "node:assert/strict";
import { LAPTOP, PHONE, assertAccessible, settled } from "./stage/browser.mjs";
import { signInAtDesk } from "./stage/desk.mjs";
import { readyForOffline, signIn } from "./stage/field.mjs";
import { HALL, MEMBER, OFFICER } from "./stage/people.mjs";
import { tick } from "./stage/press.mjs";
import { story } from "./stage/story.mjs";
import { until } from "./stage/until.mjs";

const CHOSEN = /^Điểm đã chọn: /;
const point = (page) => page.locator(".map-pin-place");

/** Latitude and longitude that a line says, "20,09080; 105,37130". */
function degrees(text) {
  const [, lat, lon] = /(\d+,\d+); (\d+,\d+)/.exec(text);
  return [lat, lon].map((figure) => Number(figure.replace(",", ".")));
}

async function choose(page, question, answer) {
  await tick(page.getByRole("group", { name: question }).getByRole("radio", { name: answer, exact: true }));
}

for (const size of [PHONE, LAPTOP]) {
  story(`a reporter puts the place on the map without a network and moves it by finger and by keys on a ${size.name}`, async (stage) => {
    const phone = await stage.device(size);
    const page = await phone.tab("/");
    await signIn(page, MEMBER);
    await readyForOffline(page);
    await until("the ground of the map is kept", () => page.evaluate(() => localStorage.getItem("map_ground")));
    const ground = JSON.parse(await page.evaluate(() => localStorage.getItem("map_ground")));
    assert.ok(ground.outlines.length > 0);
    assert.ok(ground.outlines.every((outline) => outline.geometry.type === "MultiPolygon"), "outlines and nothing else");

    await phone.context.setOffline(true);
    await phone.moveTo(HALL);
    await page.goto("/log/incident");
    await page.getByText(/^Theo vị trí điện thoại lúc gửi, sai khoảng/).waitFor();
    await page.getByRole("button", { name: "Chọn trên bản đồ" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.locator("path.map-area").waitFor();
    await dialog.getByText("Chưa chọn điểm nào.").waitFor();
    await settled(page);
    await assertAccessible(page, "choosing a place without a network");

    await dialog.getByRole("button", { name: "Vị trí của tôi" }).click();
    const said = dialog.getByText(CHOSEN);
    const [north, east] = degrees(await said.innerText());
    assert.ok(Math.abs(north - HALL.latitude) < 1e-4 && Math.abs(east - HALL.longitude) < 1e-4);
    await dialog.locator(".map-canvas").click({ position: { x: 60, y: 60 } });
    await until("the tap has moved the point", async () => degrees(await said.innerText())[0] > north);
    const tapped = degrees(await said.innerText());
    await point(dialog).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Shift+ArrowRight");
    await until("the keys have moved the point", async () => degrees(await said.innerText())[1] > tapped[1]);
    assert.ok(degrees(await said.innerText())[0] < tapped[0]);
    assert.equal(await point(dialog).evaluate((pin) => pin === document.activeElement), true, "the keys stay with the point");

    const moved = degrees(await said.innerText());
    const box = await point(dialog).boundingBox();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 30, y + 30, { steps: 4 });
    await page.mouse.up();
    await until("dragging has moved the point", async () => degrees(await said.innerText())[1] > moved[1]);
    await dialog.getByRole("button", { name: "Bỏ điểm" }).click();
    await dialog.getByText("Chưa chọn điểm nào.").waitFor();
    await dialog.getByRole("button", { name: "Đặt ở giữa bản đồ" }).click();
    await dialog.getByText(CHOSEN).waitFor();
    await assertAccessible(page, "a chosen place");
    const [lat, lon] = degrees(await said.innerText());
    await dialog.getByRole("button", { name: "Xong" }).click();
    await page.getByText(/^Bạn đã chọn trên bản đồ: /).waitFor();
    await page.reload();
    await page.getByText(/^Bạn đã chọn trên bản đồ: /).waitFor();
    await assertAccessible(page, "the form with a chosen place");

    await choose(page, /^Việc gì/, "Phá hoại tài sản, công trình");
    await choose(page, /^Mức độ/, "Để biết");
    await page.getByRole("button", { name: "Gửi", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Vụ việc" }).waitFor();
    await phone.context.setOffline(false);
    const officer = await stage.api(OFFICER);
    const found = await until("the case is where the point was put", async () => {
      const cases = await officer.get("/incidents?state=received");
      return cases.items.find((row) => row.category === "damage" && row.place_of === "hand");
    });
    assert.ok(Math.abs(found.position.lat_e7 / 1e7 - lat) < 2e-5 && Math.abs(found.position.lon_e7 / 1e7 - lon) < 2e-5);
  });

  story(`an officer corrects where it happened, with words that stay in the history, on a ${size.name}`, async (stage) => {
    const officer = await stage.api(OFFICER);
    const cases = await officer.get("/incidents?state=received");
    const before = cases.items.find((row) => row.kind === "incident" && row.position);
    const device = await stage.device(size);
    const page = await device.tab("/desk");
    await signInAtDesk(page, OFFICER);
    await page.goto(`/desk/incidents/${before.record_id}`);
    await page.getByText("Theo vị trí điện thoại của người báo.").waitFor();
    await page.getByRole("button", { name: "Đặt lại chỗ" }).click();
    const dialog = page.getByRole("dialog");
    await point(dialog).waitFor();
    await settled(page);
    await assertAccessible(page, "correcting a place");
    await point(dialog).focus();
    for (let times = 0; times < 3; times += 1) await page.keyboard.press("Shift+ArrowUp");
    await dialog.getByRole("button", { name: "Ghi chỗ này" }).click();
    await dialog.getByText("Hãy điền chỗ này.").waitFor();
    await dialog.getByLabel(/^Ghi lại/).fill("Đã tới nơi: ở sau nhà văn hóa");
    await dialog.getByRole("button", { name: "Ghi chỗ này" }).click();
    await page.getByText("Công an đã đặt lại chỗ này.").waitFor();
    await page.getByText(/^Đặt lại chỗ xảy ra: /).waitFor();
    await page.getByText("“Đã tới nơi: ở sau nhà văn hóa”").waitFor();
    await settled(page);
    await assertAccessible(page, "a case with a corrected place");
    const after = await officer.get(`/incidents/${before.record_id}`);
    assert.ok(after.case.position.lat_e7 > before.position.lat_e7);
    assert.equal(after.record.revision, 1, "the report is as it was");
  });
}
