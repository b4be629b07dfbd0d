// What a camera saw, from the volunteer's phone to the officer's screen and back; footage and who holds it.
import assert from "node:assert/strict";
import { LAPTOP, PHONE, assertAccessible, settled } from "./stage/browser.mjs";
import { signInAtDesk } from "./stage/desk.mjs";
import { goTo, phoneOf } from "./stage/field.mjs";
import { MEMBER, OFFICER, VOLUNTEER } from "./stage/people.mjs";
import { tick } from "./stage/press.mjs";
import { story } from "./stage/story.mjs";
import { until } from "./stage/until.mjs";

/** Chooses an answer of a group of large buttons. */
async function choose(page, question, answer) {
  await tick(page.getByRole("group", { name: question }).getByRole("radio", { name: answer, exact: true }));
}

/** Fills the form of an incident with one thumb: sort, severity, send. */
async function report(page, severity) {
  await choose(page, /^Việc gì/, "Cháy, nổ hoặc nguy cơ cháy");
  await choose(page, /^Mức độ/, severity);
  await page.getByRole("button", { name: "Gửi", exact: true }).click();
}

story("what a camera saw without a network is on the officer's screen at once when it comes, and its state on the phone", async (stage) => {
  const laptop = await stage.laptop();
  const desk = await laptop.tab("/desk");
  await signInAtDesk(desk, OFFICER);
  const { phone, page } = await phoneOf(stage, VOLUNTEER);

  await phone.context.setOffline(true);
  await page.getByRole("link", { name: "Vụ việc qua camera" }).click();
  await choose(page, /^Camera nào/, "Cổng chợ Thống Nhất");
  await report(page, "Khẩn cấp: đang nguy hiểm");
  await page.getByText("Chờ gửi").first().waitFor();
  await phone.context.setOffline(false);

  const alert = desk.getByRole("alert").filter({ hasText: "Cháy, nổ" });
  await alert.getByRole("link", { name: "Mở" }).click();
  await desk.getByRole("heading", { level: 1, name: /Cháy, nổ/ }).waitFor();
  await desk.getByText(/^Còn \d/).first().waitFor();
  await settled(desk);
  await assertAccessible(desk, "a case on a laptop");
  await desk.getByRole("button", { name: "Bắt đầu xác minh" }).click();
  await desk.getByRole("dialog").getByRole("button", { name: "Bắt đầu xác minh" }).click();
  await desk.getByText("Đã ghi.").first().waitFor();

  await until("the phone has heard of the step", async () => {
    await page.goto("/records");
    return page.getByText("Công an xã đang xác minh").first().isVisible();
  });
  await assertAccessible(page, "my work with a case");
});

story("an officer asks for footage, the keeper answers on the phone, and the officer sees who holds the clip", async (stage) => {
  const officer = await stage.api(OFFICER);
  const cases = await officer.get("/incidents");
  const theft = cases.items.find((row) => row.kind === "camera_incident");
  const laptop = await stage.laptop();
  const desk = await laptop.tab("/desk");
  await signInAtDesk(desk, OFFICER);
  await desk.goto(`/desk/incidents/${theft.record_id}`);
  await desk.getByRole("button", { name: "Hỏi trích camera" }).click();
  const dialog = desk.getByRole("dialog");
  await dialog.getByRole("checkbox", { name: /Cổng chợ Thống Nhất/ }).waitFor();
  await assertAccessible(desk, "asking for footage");
  await dialog.getByLabel(/^Cần tìm gì/).fill("Xe máy màu xanh");
  await dialog.getByRole("button", { name: "Gửi câu hỏi" }).click();
  await desk.getByText("“Xe máy màu xanh”").waitFor();

  const { page } = await phoneOf(stage, VOLUNTEER);
  await goTo(page, "Việc của tôi");
  await page.getByRole("link", { name: /Hộp tin/ }).click();
  const task = page.getByRole("article").filter({ hasText: "Xe máy màu xanh" });
  await task.getByText(/Đầu ghi sẽ ghi đè sau/).waitFor();
  await assertAccessible(page, "the inbox of a volunteer");
  await task.getByRole("button", { name: "Đã giữ đoạn ghi" }).click();
  await task.getByLabel(/^Ai giữ đoạn ghi/).fill("Tổ camera chợ Thống Nhất");
  await task.getByRole("button", { name: "Trả lời" }).click();
  await task.getByText("Ai đang giữ: Tổ camera chợ Thống Nhất").waitFor();

  await desk.getByText(/Tổ camera chợ Thống Nhất/).first().waitFor();
});

story("a member reports here and now in a few taps, and the report of the same event is offered beside it", async (stage) => {
  const { page } = await phoneOf(stage, MEMBER);
  const officer = await stage.api(OFFICER);
  for (let times = 0; times < 2; times += 1) {
    await page.goto("/");
    await page.getByRole("link", { name: "Báo vụ việc" }).click();
    await report(page, "Nghiêm trọng");
    await page.getByRole("heading", { level: 1, name: "Vụ việc" }).waitFor();
  }
  const near = await until("both reports are with the server, beside each other", async () => {
    const cases = await officer.get("/incidents?state=received");
    const mine = cases.items.filter((row) => row.author.name === MEMBER.name && row.category === "fire");
    if (mine.length < 2) return false;
    const detail = await officer.get(`/incidents/${mine[0].record_id}`);
    return detail.near;
  });
  assert.equal(near.length, 1);
});

for (const size of [LAPTOP, PHONE]) {
  story(`the board, its list, a case and the cameras can be read by everybody on a ${size.name}`, async (stage) => {
    const device = await stage.device(size);
    const page = await device.tab("/desk");
    await signInAtDesk(page, OFFICER);
    await page.goto("/desk/incidents");
    await page.getByRole("heading", { level: 2, name: /^Đang xác minh/ }).waitFor();
    await assertAccessible(page, "the board");
    await page.getByRole("link", { name: "Danh sách" }).click();
    await page.getByRole("table").waitFor();
    await assertAccessible(page, "the list of cases");
    await page.getByRole("table").getByRole("link").first().click();
    await page.getByRole("heading", { level: 2, name: "Các bước đã làm" }).waitFor();
    await settled(page);
    await assertAccessible(page, "a case");
    await page.goto("/desk/cameras");
    await page.getByRole("table").getByRole("button", { name: "Cổng chợ Thống Nhất" }).click();
    await page.getByRole("dialog").getByLabel(/^Đầu ghi giữ/).waitFor();
    await settled(page);
    await assertAccessible(page, "the form of a camera");
  });
}
