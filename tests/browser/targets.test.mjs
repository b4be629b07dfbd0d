// Targets: a plan taken up from those that ship, a figure that moves when a record is accepted, the records behind it.
import assert from "node:assert/strict";
import { LAPTOP, PHONE, assertAccessible } from "./stage/browser.mjs";
import { signInAtDesk } from "./stage/desk.mjs";
import { phoneOf } from "./stage/field.mjs";
import { MEMBER, OFFICER, PROVINCE } from "./stage/people.mjs";
import { story } from "./stage/story.mjs";

/** The officer's commune with a plan of one target and no other plan, and a propaganda session that waits. */
async function planWithOneSession(stage, more = {}) {
  const province = await stage.api(PROVINCE);
  for (const plan of await province.get("/target-plans")) {
    await province.delete(`/target-plans/${plan.id}`, plan.revision);
  }
  const officer = await stage.api(OFFICER);
  const scope = await officer.get("/sync/scope");
  const commune = scope.areas.find((area) => area.code === "15112").id;
  const year = new Date(Date.now() + 7 * 3_600_000).getUTCFullYear();
  const plan = await officer.post("/target-plans", {
    area_id: commune,
    title: "Kế hoạch thử",
    period: { from: `${year}-01-01`, to: `${year}-12-31` },
    targets: [
      {
        code: "T1",
        text: "Tuyên truyền trực tiếp 2000 buổi",
        measure: "buổi",
        comparator: "at_least",
        value: 2_000_000,
        levels: ["commune"],
        aggregation: { by: "sum" },
        source: { kind: "direct_propaganda_session", amount: { of: "records" } },
        ...more,
      },
    ],
  });
  return { officer, plan, commune };
}

for (const size of [LAPTOP, PHONE]) {
  story(`an officer takes up a ready-made plan on a ${size.name} and reads where the commune stands`, async (stage) => {
    const device = await stage.device(size);
    const page = await device.tab("/desk");
    await signInAtDesk(page, OFFICER);
    await page.goto("/desk/targets");
    await page.getByRole("button", { name: "Nhập kế hoạch" }).click();
    const dialog = page.getByRole("dialog", { name: "Nhập kế hoạch" });
    const ready = dialog.getByLabel("Bắt đầu từ");
    await ready.locator("option", { hasText: "Ngọc Lặc" }).first().waitFor({ state: "attached" });
    await ready.selectOption({ value: "ngoc_lac_2024" });
    await assertAccessible(page, "choosing a plan");
    await dialog.getByRole("button", { name: "Xem trước khi lưu" }).click();
    await dialog.getByText("Địa bàn này không có", { exact: false }).waitFor();
    await assertAccessible(page, "looking a plan over");
    await dialog.getByLabel("Mức giao của chỉ tiêu A1.17b").fill("24");
    await dialog.getByLabel("Mức giao của chỉ tiêu A1.17b").blur();
    await dialog.getByLabel("Giao chỉ tiêu O3", { exact: true }).uncheck();
    await dialog.getByRole("button", { name: "Lưu kế hoạch" }).click();
    await page.getByText("Đã lưu kế hoạch").waitFor();
    const row = page.getByRole("row", { name: /A1\.17b/ }).filter({ hasText: "≥ 24" });
    await row.first().waitFor();
    assert.equal(await page.getByRole("row", { name: /^O3 / }).count(), 0, "what was left out is not asked");
    await assertAccessible(page, "progress of a commune");
  });
}

story("a figure opens the records behind it, and each says what it counts for", async (stage) => {
  const { officer, plan, commune } = await planWithOneSession(stage);
  const waiting = await officer.get("/records?status=submitted&kind=direct_propaganda_session&limit=200");
  const before = await officer.get(`/target-plans/${plan.id}/progress?area=${commune}`);
  const one = waiting.items[0];
  const detail = await officer.get(`/records/${one.id}`);
  const laptop = await stage.laptop();
  const page = await laptop.tab("/desk");
  await signInAtDesk(page, OFFICER);
  await page.goto(`/desk/review/${one.id}`);
  await page.getByRole("heading", { name: "Tính vào chỉ tiêu" }).waitFor();
  await page.getByText("Chờ cán bộ duyệt").first().waitFor();
  await officer.post(`/records/${one.id}/review`, { verdict: "accepted" }, {
    "if-match": `"${detail.record.revision}"`,
  });
  const after = await officer.get(`/target-plans/${plan.id}/progress?area=${commune}`);
  assert.equal(after.targets[0].whole.amount, before.targets[0].whole.amount + 1);
  await page.goto(`/desk/targets?plan=${plan.id}`);
  await page.getByRole("row", { name: /T1/ }).getByRole("link").click();
  await page.getByRole("heading", { name: /ghi nhận đứng sau con số/ }).waitFor();
  await assertAccessible(page, "the records behind a figure");
  await page.locator(`a[href='/desk/review/${one.id}']`).click();
  await page.getByText(/Được tính/).first().waitFor();
});

for (const size of [LAPTOP, PHONE]) {
  story(`what is due stands on the front page on a ${size.name} and opens the figure`, async (stage) => {
    const soon = new Date(Date.now() + 7 * 3_600_000 + 10 * 86_400_000).toISOString().slice(0, 10);
    await planWithOneSession(stage, { deadline: { date: soon, rule: "by" } });
    const device = await stage.device(size);
    const page = await device.tab("/desk");
    await signInAtDesk(page, OFFICER);
    const due = page.getByRole("region", { name: "Việc đến hạn của kế hoạch" });
    const line = due.getByRole("link", { name: /T1\. Tuyên truyền trực tiếp/ });
    await line.waitFor();
    assert.match(await line.innerText(), /Còn 10 ngày/);
    await assertAccessible(page, "the front page with what is due");
    await line.click();
    await page.getByRole("heading", { level: 2, name: /^Chỉ tiêu T1/ }).waitFor();
  });
}

story("a member reads on the phone what is missing, without a network", async (stage) => {
  await planWithOneSession(stage);
  const { phone, page } = await phoneOf(stage, MEMBER);
  const line = page.getByRole("link", { name: /còn .* buổi tuyên truyền đến hết 31\/12/ });
  await line.waitFor();
  await phone.context.setOffline(true);
  await line.click();
  await page.getByRole("heading", { name: "Chỉ tiêu của tôi" }).waitFor();
  await page.getByText("Tuyên truyền trực tiếp 2000 buổi").waitFor();
  await page.getByText("Chậm").first().waitFor();
  await assertAccessible(page, "my targets");
});

story("the province reads the pace of a figure, colours the map by it, and takes the appendix along", async (stage) => {
  const laptop = await stage.laptop();
  const page = await laptop.tab("/desk");
  await signInAtDesk(page, PROVINCE);
  await page.goto("/desk/targets");
  const row = page.getByRole("row", { name: /^A1\.17b/ });
  await row.first().waitFor();
  assert.match(await row.first().innerText(), /cả năm/, "last year's figure stands beside it");
  await row.getByRole("link").first().click();
  await page.getByRole("img", { name: /Theo nhịp này/ }).waitFor();
  await page.locator("summary", { hasText: "Xem bảng số của biểu đồ" }).click();
  await page.getByRole("table", { name: "Xem bảng số của biểu đồ" }).waitFor();
  await assertAccessible(page, "the pace of a figure");
  await page.getByRole("link", { name: "Đóng" }).click();
  await page.getByLabel("Tô màu theo chỉ tiêu").selectOption({ value: "A2.c" });
  await page.locator(".map-standing-none").first().waitFor({ state: "attached" });
  await assertAccessible(page, "a map coloured by a target");
  await page.locator("#targets-standing").selectOption({ label: "Quá hạn" });
  await page.getByLabel("Tìm chỉ tiêu theo số hoặc lời").fill("nghi quyet");
  await page.getByText("Không có chỉ tiêu nào như vậy.").waitFor();
  await page.locator("#targets-standing").selectOption({ label: "Mọi chỉ tiêu" });
  await page.getByRole("row", { name: /^A1\.1 / }).first().waitFor();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Xuất phụ lục Excel" }).click(),
  ]);
  assert.match(file.suggestedFilename(), /^chi-tieu-\d{4}-\d{2}-\d{2}\.xlsx$/);
});

story("an officer pastes targets from a spreadsheet, mends what is wrong, and shares one out", async (stage) => {
  const laptop = await stage.laptop();
  const page = await laptop.tab("/desk");
  await signInAtDesk(page, PROVINCE);
  await page.goto("/desk/targets");
  await page.getByRole("button", { name: "Sửa kế hoạch" }).click();
  const dialog = page.getByRole("dialog", { name: "Sửa kế hoạch" });
  await dialog.getByText("Dán từ bảng tính").click();
  const lines = [
    "Số\tNội dung\tĐếm theo\tMức giao\tĐVT\tThời hạn",
    "T1\tHội thi tìm hiểu pháp luật\tcontest\t≥ 2\tcuộc\ttrước 01/12",
    "T2\tViệc chưa rõ\t\tnhiều\t\t",
  ];
  await dialog.getByLabel("Các dòng chép từ Excel").fill(lines.join("\n"));
  await dialog.getByRole("button", { name: "Xem trước các dòng" }).click();
  await dialog.getByText("Mức giao: chưa hiểu được").waitFor();
  await dialog.getByText("1 dòng còn lỗi sẽ để lại để sửa.").waitFor();
  await assertAccessible(page, "a preview of pasted lines");
  await dialog.getByRole("button", { name: "Nhận 1 chỉ tiêu" }).click();
  await dialog.getByLabel("Mức giao của chỉ tiêu T1").waitFor();
  await dialog.locator("summary", { hasText: "Thêm một chỉ tiêu" }).click();
  await dialog.getByLabel("Đếm theo").selectOption({ value: "loudspeaker_weekly" });
  await dialog.getByLabel("Số", { exact: true }).fill("T3");
  await dialog.getByLabel("Mức giao", { exact: true }).fill("2");
  await dialog.getByRole("button", { name: "Thêm một chỉ tiêu" }).click();
  await dialog.getByLabel("Mức giao của chỉ tiêu T3").waitFor();
  await dialog.getByLabel("Mức giao của chỉ tiêu T1").fill("10");
  await dialog.getByLabel("Mức giao của chỉ tiêu T1").blur();
  await dialog.getByRole("button", { name: "Chỉ tiêu T1: từng đơn vị" }).click();
  await dialog.getByLabel("Chia một mức chung cho các đơn vị").check();
  await dialog.getByText("Đã chia 0 trong 10; còn 10 chưa giao.").waitFor();
  await dialog.getByLabel("Mức giao – chỉ tiêu T1, Xã Kiên Thọ").fill("6");
  await dialog.getByText("Đã chia 6 trong 10; còn 4 chưa giao.").waitFor();
  await assertAccessible(page, "a target shared out over its units");
  await dialog.getByRole("button", { name: "Lưu kế hoạch" }).click();
  await page.getByText("Đã lưu kế hoạch").waitFor();
  const row = page.getByRole("row", { name: /^T1/ });
  await row.first().waitFor();
  assert.match(await row.first().innerText(), /≥ 10/);
});
