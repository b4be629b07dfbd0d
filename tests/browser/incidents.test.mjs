// What a camera saw, from the volunteer's phone to the officer's screen and back; footage and who holds it.
import assert from "node:assert/strict";
import { LAPTOP, PHONE, assertAccessible, settled } from "./stage/browser.mjs";
import { signInAtDesk } from "./stage/desk.mjs";
import { goTo, phoneOf } from "./stage/field.mjs";
import { ADMINISTRATOR, MEMBER, OFFICER, VOLUNTEER } from "./stage/people.mjs";
import { tick } from "./stage/press.mjs";
import { uuidv7 } from "./stage/api.mjs";
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
  await page.getByRole("link", { name: "Vụ việc qua camera", exact: true }).click();
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
    await page.getByText("Công an xã đang xác minh").first().waitFor({ timeout: 5_000 });
    return true;
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

  const volunteer = await stage.api(VOLUNTEER);
  const before = (await volunteer.get("/inbox")).unread;
  const { phone, page } = await phoneOf(stage, VOLUNTEER);
  await page.getByRole("link", { name: /câu hỏi chờ bạn trả lời/ }).click();
  const line = page.getByRole("button", { name: /Công an xã hỏi trích camera của bạn/ });
  await line.getByText("Chưa đọc").first().waitFor();
  await phone.context.setOffline(true);
  const task = page.getByRole("article").filter({ hasText: "Xe máy màu xanh" });
  await task.getByText(/Đầu ghi sẽ ghi đè sau/).waitFor();
  await page.getByText(/^Tin tính đến/).waitFor();
  await assertAccessible(page, "the inbox of a volunteer without a network");
  await task.getByRole("button", { name: "Đã bị ghi đè" }).click();
  await task.getByText("Sẽ gửi khi có mạng").waitFor();
  await task.getByRole("button", { name: "Sửa câu trả lời" }).click();
  await task.getByRole("button", { name: "Đã giữ đoạn ghi" }).click();
  await task.getByLabel(/^Ai giữ đoạn ghi/).fill("");
  await task.getByRole("button", { name: "Trả lời" }).click();
  await task.getByText("Hãy điền chỗ này.").waitFor();
  await task.getByLabel(/^Ai giữ đoạn ghi/).fill("Tổ camera chợ Thống Nhất");
  await task.getByRole("button", { name: "Trả lời" }).click();
  await task.getByText("Ai đang giữ: Tổ camera chợ Thống Nhất").waitFor();
  await page.reload();
  await task.getByText("Sẽ gửi khi có mạng").waitFor();
  await line.first().click();
  await line.first().getByText("Chưa đọc").waitFor({ state: "detached" });
  await assertAccessible(page, "an answer that waits");

  await phone.context.setOffline(false);
  await task.getByText("Sẽ gửi khi có mạng").waitFor({ state: "detached" });
  await task.getByText("Ai đang giữ: Tổ camera chợ Thống Nhất").waitFor();
  await desk.getByText(/Tổ camera chợ Thống Nhất/).first().waitFor();
  await until("the server knows what was read without a network", async () => (await volunteer.get("/inbox")).unread === before - 1);
});

story("an answer that an officer gave first stands, and the volunteer's own words are kept and can be sent all the same", async (stage) => {
  const officer = await stage.api(OFFICER);
  const camera = (await officer.get("/cameras")).find((found) => found.name === "Cổng chợ Thống Nhất");
  const now = Date.now();
  const asked = await officer.post("/footage", {
    id: crypto.randomUUID(),
    area_id: camera.area_id,
    position: camera.sight.position,
    radius_m: 100,
    from: now - 7_200_000,
    to: now - 3_600_000,
    words: "Xe tải đi về phía chợ",
    cameras: [camera.id],
  });
  const { phone, page } = await phoneOf(stage, VOLUNTEER);
  await page.getByText(/câu hỏi chờ bạn trả lời/).waitFor();
  await phone.context.setOffline(true);
  await goTo(page, "Việc của tôi");
  await page.getByRole("link", { name: /Hộp tin/ }).click();
  const task = page.getByRole("article").filter({ hasText: "Xe tải đi về phía chợ" });
  await task.getByRole("button", { name: "Đã giữ đoạn ghi" }).click();
  await task.getByLabel(/^Ai giữ đoạn ghi/).fill("Nhà bà Thu");
  await task.getByRole("button", { name: "Trả lời" }).click();
  await task.getByText("Sẽ gửi khi có mạng").waitFor();
  await officer.post(`/footage/tasks/${asked.tasks[0].id}/answer`, { state: "overwritten" }, { "if-match": '"1"' });

  await phone.context.setOffline(false);
  await task.getByText("Bạn đã trả lời: Đã giữ đoạn ghi (Nhà bà Thu).", { exact: false }).waitFor();
  await task.getByText("Đầu ghi đã ghi đè").waitFor();
  await assertAccessible(page, "an answer that came too late");
  await task.getByRole("button", { name: "Vẫn gửi câu trả lời của tôi" }).click();
  await task.getByText("Ai đang giữ: Nhà bà Thu").waitFor();
  await until("the officer sees who holds the clip", async () => {
    const requests = await officer.get("/footage");
    return requests.find((found) => found.id === asked.id).tasks[0].state === "kept";
  });
});

story("urgent reports that came before the page was opened stand above it, and an officer's words outlive a conflict", async (stage) => {
  const member = await stage.api(MEMBER);
  const officer = await stage.api(OFFICER);
  const scope = await member.get("/sync/scope");
  const area = scope.areas.find((found) => found.kind === "residential_area");
  const report = () => ({
    id: uuidv7(),
    kind: "incident",
    area_id: area.id,
    started_at: Date.now() - 60_000,
    body: { category: "fire", severity: "critical", place: "Đầu cầu" },
    photos: [],
    device_id: member.device,
  });
  const first = report();
  await member.post("/records", first);
  await member.post("/records", report());
  const laptop = await stage.laptop();
  const desk = await laptop.tab("/desk");
  await signInAtDesk(desk, OFFICER);
  const urgent = desk.getByRole("alert").filter({ hasText: "Tin khẩn" });
  await urgent.getByRole("link", { name: /và \d+ tin khẩn khác/ }).waitFor();
  await desk.reload();
  await urgent.getByRole("link", { name: /và \d+ tin khẩn khác/ }).waitFor();

  await desk.goto(`/desk/incidents/${first.id}`);
  await desk.getByRole("button", { name: "Đổi mức độ" }).click();
  const dialog = desk.getByRole("dialog");
  await dialog.getByRole("textbox").fill("Chỉ có khói bếp");
  const stored = await officer.get(`/incidents/${first.id}`);
  await officer.post(`/incidents/${first.id}/steps`, { to: "verifying", words: "" }, { "if-match": `"${stored.case.revision}"` });
  await dialog.getByRole("button", { name: "Đổi mức độ" }).click();
  await dialog.getByText("Lời bạn viết vẫn còn đây", { exact: false }).waitFor();
  assert.equal(await dialog.getByRole("textbox").inputValue(), "Chỉ có khói bếp");
  await assertAccessible(desk, "a conflict in a dialog");
  await until("the words are sent with the revision of now", async () => {
    await dialog.getByRole("button", { name: "Đổi mức độ" }).click({ timeout: 2_000 });
    await desk.getByText("“Chỉ có khói bếp”").waitFor({ timeout: 2_000 });
    return true;
  });
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

  const laptop = await stage.laptop();
  const desk = await laptop.tab("/desk");
  await signInAtDesk(desk, OFFICER);
  await desk.goto("/desk/incidents");
  const cards = desk.getByRole("listitem").filter({ hasText: MEMBER.name }).filter({ hasText: "Có thể trùng 1 tin" });
  await cards.nth(1).waitFor();
  assert.equal(await cards.count(), 2);
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

for (const size of [LAPTOP, PHONE]) {
  story(`an administrator sets the days of Tết on a ${size.name}, and everybody at the desk can read them`, async (stage) => {
    const device = await stage.device(size);
    const page = await device.tab("/desk");
    await signInAtDesk(page, ADMINISTRATOR);
    await page.goto("/desk/areas");
    await page.getByRole("link", { name: "Ngày nghỉ, ngày làm bù" }).click();
    await page.getByRole("heading", { level: 1, name: "Ngày nghỉ, ngày làm bù" }).waitFor();
    await page.goto("/desk/working-days?year=2028");
    await page.getByText("Chưa có lịch nghỉ Tết năm 2028.", { exact: false }).waitFor();
    await page.getByRole("button", { name: "Ghi lịch" }).click();
    await page.getByText("Hãy điền chỗ này.").first().waitFor();
    await settled(page);
    await assertAccessible(page, "the working calendar");
    await page.getByLabel("Từ ngày").fill("2028-01-25");
    await page.getByLabel(/^Đến ngày/).fill("2028-01-31");
    await page.getByLabel(/^Tên/).fill("Tết Nguyên đán 2028");
    await page.getByRole("button", { name: "Ghi lịch" }).click();
    const row = page.getByRole("row").filter({ hasText: "25/01/2028 – 31/01/2028" });
    await row.getByText("Tết Nguyên đán 2028").waitFor();
    await page.getByText("Chưa có lịch nghỉ Tết", { exact: false }).waitFor({ state: "detached" });
    await page.getByLabel("Từ ngày").fill("2028-02-05");
    await tick(page.getByRole("radio", { name: "Đi làm" }));
    await page.getByLabel(/^Tên/).fill("Làm bù");
    await page.getByLabel(/^Tên/).press("Enter");
    const made = page.getByRole("row").filter({ hasText: "05/02/2028" });
    await made.getByText("Đi làm").waitFor();
    await made.getByRole("button", { name: "Bỏ lịch 05/02/2028" }).press("Enter");
    await made.waitFor({ state: "detached" });

    const other = await stage.device(size);
    const reader = await other.tab("/desk");
    await signInAtDesk(reader, OFFICER);
    await reader.goto("/desk/working-days?year=2028");
    await reader.getByText("25/01/2028 – 31/01/2028").waitFor();
    await reader.getByText("Quản trị viên của địa bàn cao nhất đặt lịch này.").waitFor();
    assert.equal(await reader.getByRole("button", { name: "Ghi lịch" }).count(), 0);
  });
}
