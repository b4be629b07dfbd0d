// Patrol routes: drawn at the desk, by the map and by the keyboard, and shown on the phone while it patrols offline.
import assert from "node:assert/strict";
import { LAPTOP, PHONE, assertAccessible } from "./stage/browser.mjs";
import { signInAtDesk } from "./stage/desk.mjs";
import { phoneOf, startPlanned } from "./stage/field.mjs";
import { MEMBER, OFFICER } from "./stage/people.mjs";
import { story } from "./stage/story.mjs";
import { until } from "./stage/until.mjs";

const NAME = "Vòng quanh thôn";

/** Checkpoints of the member's next planned patrol. */
async function plannedPoints(stage) {
  const member = await stage.api(MEMBER);
  const scope = await member.get("/sync/scope");
  const plan = scope.plans
    .filter((found) => found.kind === "patrol" && found.ends_at > Date.now())
    .sort((one, other) => one.starts_at - other.starts_at)[0];
  return scope.checkpoints.filter((point) => plan.checkpoints.includes(point.id));
}

for (const size of [LAPTOP, PHONE]) {
  story(`a route drawn on a ${size.name} is shown to the patrol that walks it`, async (stage) => {
    const points = await plannedPoints(stage);
    assert.ok(points.length > 0, "the demo plans a patrol past checkpoints");
    const device = await stage.device(size);
    const desk = await device.tab("/desk");
    await signInAtDesk(desk, OFFICER);
    await desk.goto("/desk/routes");
    await desk.getByRole("button", { name: "Vẽ tuyến mới" }).click();
    await desk.getByRole("button", { name: "Lưu tuyến" }).click();
    await desk.getByText("Hãy điền chỗ này.").first().waitFor();
    await desk.getByLabel("Tên tuyến").fill(NAME);
    for (const point of points) {
      await desk.getByLabel(/^Đi qua điểm tuần tra/).selectOption({ label: point.name });
    }
    const place = desk.getByLabel(/^Thêm một chỗ theo tọa độ/);
    await place.fill("not a place");
    await desk.getByRole("button", { name: "Thêm", exact: true }).click();
    await desk.getByText("Viết chưa đúng dạng.", { exact: false }).waitFor();
    await place.fill("19.9655, 105.3490");
    await desk.getByRole("button", { name: "Thêm", exact: true }).click();
    const stops = desk.locator(".route-stop");
    await until("the place is the last stop", async () => (await stops.count()) === points.length + 1);
    await desk.locator(".map-canvas .leaflet-pane").first().waitFor({ state: "attached" });
    await desk.locator(".map-canvas").click({ position: { x: 60, y: 60 } });
    await until("a click on the map lengthens the line", async () => (await stops.count()) === points.length + 2);
    await assertAccessible(desk, "a route that is being drawn");
    await stops.last().getByRole("button", { name: /^Bỏ/ }).click();
    await stops.last().getByRole("button", { name: /^Đưa lên trước/ }).click();
    await desk.getByRole("button", { name: "Lưu tuyến" }).click();
    await desk.getByRole("rowheader", { name: NAME, exact: false }).waitFor();
    await assertAccessible(desk, "the routes");
    const officer = await stage.api(OFFICER);
    const [route] = await officer.get("/patrol-routes");
    assert.equal(route.terms.checkpoints.length, points.length);
    assert.equal(route.terms.line.length, points.length + 1);

    const { phone, page } = await phoneOf(stage, MEMBER);
    await phone.context.setOffline(true);
    await startPlanned(page);
    const sketch = page.getByRole("img", { name: new RegExp(`Sơ đồ tuyến ${NAME}`) });
    await sketch.waitFor();
    assert.equal(await sketch.locator(".sketch-point").count(), points.length);
    await assertAccessible(page, "the sketch of a patrol");

    await desk.getByRole("button", { name: new RegExp(`^Xóa tuyến ${NAME}`) }).click();
    await desk.getByText("Chưa có tuyến nào.", { exact: false }).waitFor();
    await desk.getByRole("button", { name: "Hoàn tác" }).click();
    await desk.getByRole("rowheader", { name: NAME, exact: false }).waitFor();
  });
}
