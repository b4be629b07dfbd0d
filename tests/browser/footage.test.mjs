// Questions for footage: what recorders have overwritten is said before one asks, a clip is kept from today on, and a question
// can be taken back.
import assert from "node:assert/strict";
import { LAPTOP, PHONE, assertAccessible, settled } from "./stage/browser.mjs";
import { signInAtDesk } from "./stage/desk.mjs";
import { signIn } from "./stage/field.mjs";
import { OFFICER, VOLUNTEER } from "./stage/people.mjs";
import { tick } from "./stage/press.mjs";
import { story } from "./stage/story.mjs";
import { until } from "./stage/until.mjs";

const DAY = 86_400_000;
/** As an input of date and time has it, in Vietnam. */
const input = (at) => new Date(at + 7 * 3_600_000).toISOString().slice(0, 16);
const day = (at) => input(at).slice(0, 10);

for (const size of [LAPTOP, PHONE]) {
  story(`an officer asks, hears what is overwritten, and takes the question back on a ${size.name}`, async (stage) => {
    const officer = await stage.api(OFFICER);
    const cases = await officer.get("/incidents");
    const seen = cases.items.find((row) => row.kind === "camera_incident");
    const device = await stage.device(size);
    const desk = await device.tab("/desk");
    await signInAtDesk(desk, OFFICER);
    await desk.goto(`/desk/incidents/${seen.record_id}`);
    await desk.getByRole("button", { name: "Hỏi trích camera" }).click();
    const dialog = desk.getByRole("dialog");
    await dialog.getByRole("checkbox", { name: /Cổng chợ Thống Nhất/ }).waitFor();
    const long = Date.now() - 300 * DAY;
    await dialog.getByLabel(/^Từ lúc/).fill(input(long));
    await dialog.getByLabel(/^Đến lúc/).fill(input(long + 3_600_000));
    await dialog.getByText(/đầu ghi đã ghi đè đoạn này\. Vẫn hỏi được/).waitFor();
    await dialog.getByRole("checkbox", { name: /Cổng chợ Thống Nhất.*đã ghi đè/ }).waitFor();
    await settled(desk);
    await assertAccessible(desk, "a span that is overwritten");
    await dialog.getByLabel(/^Cần tìm gì/).fill("Xe ba bánh chở thép");
    await dialog.getByRole("button", { name: "Gửi câu hỏi" }).click();
    await desk.getByText("“Xe ba bánh chở thép”").waitFor();

    // A span that the recorder still has, for the phone.
    const camera = (await officer.get("/cameras")).find((found) => found.name === "Cổng chợ Thống Nhất");
    const now = Date.now();
    await officer.post("/footage", {
      id: crypto.randomUUID(),
      area_id: camera.area_id,
      record_id: seen.record_id,
      position: camera.sight.position,
      radius_m: 100,
      from: now - 7_200_000,
      to: now - 3_600_000,
      words: "Xe tải không biển số",
      cameras: [camera.id],
    });
    const phone = await stage.device(size);
    const page = await phone.tab("/");
    await signIn(page, VOLUNTEER);
    await page.goto("/inbox");
    const task = page.getByRole("article").filter({ hasText: "Xe tải không biển số" });
    await task.getByRole("button", { name: "Đã giữ đoạn ghi" }).click();
    await task.getByLabel(/^Giữ đến ngày/).fill(day(now - 2 * DAY));
    await task.getByRole("button", { name: "Trả lời" }).click();
    await task.getByText(/Ngày này sớm quá: phải từ \d\d\/\d\d\/\d{4} trở đi\./).waitFor();
    await settled(page);
    await assertAccessible(page, "a day that is over");

    const asked = desk.locator(".stack-tight").filter({ hasText: "Xe tải không biển số" }).last();
    await asked.getByRole("button", { name: "Thôi hỏi" }).click();
    await dialog.getByRole("button", { name: "Thôi hỏi" }).click();
    await dialog.getByText("Hãy điền chỗ này.").waitFor();
    await dialog.getByLabel(/^Vì sao thôi hỏi/).fill("Đã tìm được xe");
    await settled(desk);
    await assertAccessible(desk, "taking a question back");
    await dialog.getByRole("button", { name: "Thôi hỏi" }).click();
    await desk.getByText("“Đã tìm được xe”").waitFor();
    await settled(desk);
    await assertAccessible(desk, "a case with a question that was taken back");

    await until("the question has left the phone, and the inbox says so", async () => {
      await page.goto("/inbox");
      await page.getByText("Công an xã đã thôi hỏi trích camera").first().waitFor({ timeout: 5_000 });
      return (await task.count()) === 0;
    });
    await assertAccessible(page, "an inbox after a question was taken back");
  });
}

story("an officer who writes down an answer is told when its day is over", async (stage) => {
  const officer = await stage.api(OFFICER);
  const requests = await officer.get("/footage");
  const request = requests.find((found) => found.record_id && found.tasks.length > 0);
  const device = await stage.device(LAPTOP);
  const desk = await device.tab("/desk");
  await signInAtDesk(desk, OFFICER);
  await desk.goto(`/desk/incidents/${request.record_id}`);
  await desk.getByRole("button", { name: "Ghi trả lời thay" }).first().click();
  const dialog = desk.getByRole("dialog");
  await tick(dialog.getByRole("radio", { name: "Đã giữ đoạn ghi" }));
  await dialog.getByLabel(/^Ai giữ đoạn ghi/).fill("Công an xã");
  await dialog.getByLabel(/^Giữ đến ngày/).fill(day(Date.now() - 2 * DAY));
  await dialog.getByRole("button", { name: "Trả lời" }).click();
  await dialog.getByText(/Ngày này sớm quá: phải từ/).waitFor();
  await assertAccessible(desk, "an answer whose day is over");
  assert.equal(await dialog.isVisible(), true);
});
