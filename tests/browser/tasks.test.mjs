// Tasks: given at the desk, done on a phone without a network, seen at the desk once.
import assert from "node:assert/strict";
import { LAPTOP, PHONE, assertAccessible } from "./stage/browser.mjs";
import { signInAtDesk } from "./stage/desk.mjs";
import { allSent, phoneOf } from "./stage/field.mjs";
import { MEMBER, OFFICER } from "./stage/people.mjs";
import { story } from "./stage/story.mjs";
import { until } from "./stage/until.mjs";

const TEAM = "Tổ bảo vệ ANTT thôn Thành Sơn";
const TITLE = "Thay bóng đèn nhà văn hóa";

/** An officer gives a task to the team through the API. */
async function give(officer) {
  const scope = await officer.get("/sync/scope");
  const team = scope.teams.find((found) => found.name === TEAM);
  return officer.post("/tasks", {
    id: crypto.randomUUID(),
    title: TITLE,
    due_at: Date.now() + 86_400_000,
    team_id: team.id,
  });
}

/** Opens the task from the first screen of the phone. */
async function openTask(page) {
  await page.getByRole("link", { name: /việc cần làm/ }).click();
  await page.getByRole("link", { name: TITLE, exact: false }).click();
  await page.getByRole("heading", { level: 1, name: TITLE }).waitFor();
}

for (const size of [LAPTOP, PHONE]) {
  story(`a task given at the desk on a ${size.name} is done offline on the phone and arrives once`, async (stage) => {
    const device = await stage.device(size);
    const desk = await device.tab("/desk");
    await signInAtDesk(desk, OFFICER);
    await desk.goto("/desk/tasks");
    await desk.getByRole("button", { name: "Giao việc" }).click();
    const form = desk.getByRole("dialog", { name: "Giao việc" });
    await form.getByRole("button", { name: "Giao việc" }).click();
    await form.getByText("Hãy điền chỗ này.").first().waitFor();
    await assertAccessible(desk, "a task for nobody");
    await form.getByLabel("Việc cần làm").fill(TITLE);
    await form.getByLabel("Giao cho").selectOption({ label: TEAM });
    await form.getByLabel(/^Hạn: giờ/).fill("23:30");
    await form.getByLabel(/^Ở đâu/).fill("Nhà văn hóa");
    await form.getByRole("button", { name: "Giao việc" }).click();
    const row = desk.getByRole("row").filter({ has: desk.getByRole("rowheader", { name: TITLE }) });
    await row.waitFor();
    await assertAccessible(desk, "the tasks");
    await row.getByRole("button", { name: "Sửa" }).click();
    const change = desk.getByRole("dialog", { name: "Sửa việc đã giao" });
    await change.getByLabel(/^Nói rõ thêm/).fill("Bóng loại 40 W, lấy ở xã");
    await change.getByRole("button", { name: "Lưu" }).click();
    await row.getByText("Bóng loại 40 W").waitFor();
    await row.getByRole("button", { name: "Thu hồi" }).click();
    await row.waitFor({ state: "detached" });
    await desk.getByRole("button", { name: "Hoàn tác" }).click();
    await row.waitFor();

    const { phone, page } = await phoneOf(stage, MEMBER);
    await page.getByRole("link", { name: /việc cần làm/ }).waitFor();
    await phone.context.setOffline(true);
    await openTask(page);
    await page.getByText("Bóng loại 40 W, lấy ở xã").waitFor();
    await assertAccessible(page, "a task on the phone");
    await page.getByRole("button", { name: "Đã làm xong" }).click();
    await page.getByLabel(/^Kết quả, ghi chú/).fill("Đã thay hai bóng");
    await page.getByLabel(/^Bản ghi của việc đã làm/).selectOption({ index: 1 });
    await assertAccessible(page, "a task that is being done");
    await page.getByRole("button", { name: "Xác nhận đã xong" }).click();
    await page.getByText("Chờ gửi").first().waitFor();
    await page.getByRole("button", { name: "Chưa xong, mở lại" }).click();
    await page.getByRole("button", { name: "Đã làm xong" }).click();
    await page.getByLabel(/^Kết quả, ghi chú/).fill("Đã thay hai bóng");
    await page.getByLabel(/^Bản ghi của việc đã làm/).selectOption({ index: 1 });
    await page.getByRole("button", { name: "Xác nhận đã xong" }).click();
    await page.getByText("Chờ gửi").first().waitFor();
    await page.reload();
    await page.getByText("Đã thay hai bóng").waitFor();
    await page.goBack();
    await page.getByRole("heading", { level: 1, name: "Việc cần làm" }).waitFor();
    await assertAccessible(page, "tasks on the phone");
    await phone.context.setOffline(false);
    await allSent(page);

    const officer = await stage.api(OFFICER);
    const { items } = await officer.get("/tasks?state=done");
    const task = items.find((found) => found.title === TITLE);
    assert.equal(task.said.note, "Đã thay hai bóng");
    assert.notEqual(task.said.record_id, null);
    assert.equal(task.revision, 5, "given, changed, withdrawn, opened again, and done once");
    await desk.goto("/desk/tasks?state=done");
    await desk.getByText("Đã thay hai bóng").waitFor();
    await desk.getByRole("link", { name: "Mở bản ghi kết quả" }).waitFor();
    await assertAccessible(desk, "the tasks that are done");
  });
}

story("a task that was withdrawn while the phone was offline says so, and nothing is left to send", async (stage) => {
  const officer = await stage.api(OFFICER);
  const task = await give(officer);
  const { phone, page } = await phoneOf(stage, MEMBER);
  await page.getByRole("link", { name: /việc cần làm/ }).waitFor();
  await phone.context.setOffline(true);
  await openTask(page);
  await page.getByRole("button", { name: "Đã làm xong" }).click();
  await page.getByRole("button", { name: "Xác nhận đã xong" }).click();
  await page.getByText("Chờ gửi").first().waitFor();
  await officer.post(`/tasks/${task.id}/step`, { type: "withdraw" }, { "if-match": '"1"' });
  await phone.context.setOffline(false);
  await page.getByText("trước đó việc đã được thu hồi", { exact: false }).waitFor();
  await page.getByText("Đã thu hồi").first().waitFor();
  await assertAccessible(page, "a task that was withdrawn meanwhile");
  await allSent(page);
  const { items } = await officer.get("/tasks?state=withdrawn");
  assert.equal(items.find((found) => found.id === task.id).revision, 2);
});

story("who gets a task finds it in the inbox", async (stage) => {
  const officer = await stage.api(OFFICER);
  await give(officer);
  const { page } = await phoneOf(stage, MEMBER);
  await page.goto("/inbox");
  await page.getByRole("link", { name: /Bạn được giao một việc/ }).click();
  await page.getByRole("heading", { level: 1, name: TITLE }).waitFor();
  await until("the line is read", async () => {
    const member = await stage.api(MEMBER);
    return (await member.get("/inbox")).items.every((line) => line.news.type !== "task" || line.read_at !== null);
  });
});
