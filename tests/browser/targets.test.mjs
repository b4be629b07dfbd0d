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
    assert.ok(
      !(await dialog.getByLabel("Giao chỉ tiêu A1.10a", { exact: true }).isChecked()),
      "a commune that is named and not here: asked of nobody, not of everyone",
    );
    await dialog.getByText("Chưa giao: không có ở đây Quang Trung", { exact: false }).waitFor();
    assert.ok(!(await dialog.getByLabel("Giao chỉ tiêu A2", { exact: true }).isChecked()), "57 models are of a district");
    await assertAccessible(page, "looking a plan over");
    const inside = await dialog.evaluate((it) => it.scrollWidth <= it.clientWidth);
    assert.ok(inside, "no value lies outside the window");
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
  story(`a plan tells on a ${size.name} what each version changed, and goes back to an older one`, async (stage) => {
    const { officer, plan } = await planWithOneSession(stage);
    const view = await officer.get(`/target-plans/${plan.id}`);
    const more = { ...view.terms, targets: [{ ...view.terms.targets[0], value: 2_500_000 }] };
    await officer.put(`/target-plans/${plan.id}`, more, { "if-match": '"1"' });
    const device = await stage.device(size);
    const page = await device.tab("/desk");
    await signInAtDesk(page, OFFICER);
    await page.goto(`/desk/targets?plan=${plan.id}`);
    await page.getByRole("button", { name: "Văn bản và các bản" }).click();
    const dialog = page.getByRole("dialog", { name: "Văn bản và các bản" });
    await dialog.getByText("Chỉ tiêu T1: ≥ 2.000 buổi → ≥ 2.500 buổi").waitFor();
    await dialog.getByText("Bản đầu tiên.").waitFor();
    await assertAccessible(page, "the versions of a plan");
    await dialog.getByRole("button", { name: "Lấy lại bản 1" }).click();
    const form = page.getByRole("dialog", { name: "Sửa kế hoạch" });
    await form.getByText("Đây là nội dung của bản 1.", { exact: false }).waitFor();
    assert.equal(await form.getByLabel("Mức giao của chỉ tiêu T1").inputValue(), "2000");
    await form.getByRole("button", { name: "Lưu kế hoạch" }).click();
    await page.getByText("Đã lưu kế hoạch").waitFor();
    const now = await officer.get(`/target-plans/${plan.id}`);
    assert.deepEqual([now.revision, now.terms.targets[0].value], [3, 2_000_000]);
  });
}

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
  await page.getByText(/^Đã tính: \d+ ghi nhận của bạn, \d+ của tổ bạn$/).first().waitFor();
  await assertAccessible(page, "my targets");
});

story("the province reads the pace of a figure, colours the map by it, and takes the appendix along", async (stage) => {
  const laptop = await stage.laptop();
  const page = await laptop.tab("/desk");
  await signInAtDesk(page, PROVINCE);
  await page.goto("/desk/targets");
  const row = page.getByRole("row", { name: /^A1\.17b/ });
  await row.first().waitFor();
  const late = page.getByRole("columnheader", { name: "Đơn vị" });
  const edge = await late.evaluate((cell) => cell.getBoundingClientRect().right);
  assert.ok(edge <= LAPTOP.viewport.width, "the last column is in sight");
  await row.getByRole("link").first().click();
  await page.getByText(/^Cùng ngày năm trước: .*; cả năm trước: /).waitFor();
  await page.locator("#targets-behind:focus").waitFor();
  await page.getByRole("img", { name: /Theo nhịp này/ }).waitFor();
  await page.locator("summary", { hasText: "Xem bảng số của biểu đồ" }).click();
  await page.getByRole("table", { name: "Xem bảng số của biểu đồ" }).waitFor();
  await assertAccessible(page, "the pace of a figure");
  const records = page.getByRole("group", { name: "Hiện ghi nhận" });
  await records.getByLabel("Đến muộn").check();
  await page.getByText("Chưa có ghi nhận nào được tính.").waitFor();
  await page.getByRole("link", { name: "Đóng" }).click();
  await page.locator("[id^='figure-A1.17b-']:focus").waitFor();
  const views = page.getByRole("navigation", { name: "Cách xem" });
  await views.getByRole("link", { name: "Bảng theo đơn vị" }).click();
  const cell = page.locator("a[id^='figure-A2.a-']").last();
  await cell.click();
  await page.locator("#targets-behind:focus").waitFor();
  await assertAccessible(page, "units × targets");
  await page.goBack();
  await page.locator("[id^='figure-A2.a-']:focus").waitFor();
  await views.getByRole("link", { name: "Bản đồ" }).click();
  await page.getByLabel("Tô màu theo chỉ tiêu").selectOption({ value: "A2.c" });
  await page.locator(".map-standing-none").first().waitFor({ state: "attached" });
  assert.equal(await page.locator(".map-pin-checkpoint").count(), 0, "nothing but the units lies on the map");
  const colours = await page.evaluate(() => {
    const shape = getComputedStyle(document.querySelector("path.map-standing-none"));
    const key = getComputedStyle(document.querySelector(".map-key-standing-none"), "::before");
    return { shape: [shape.fill, shape.fillOpacity], key: [key.backgroundColor, key.opacity] };
  });
  assert.deepEqual(colours.key, colours.shape, "the key has the colour that is drawn");
  const table = page.getByRole("table", { name: /Bảng của bản đồ/ });
  assert.equal(await table.getByRole("rowheader").count(), 6, "the table says the same of every unit");
  await assertAccessible(page, "a map coloured by a target");
  await views.getByRole("link", { name: "Danh sách" }).click();
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
    "T4\tTuyên truyền trực tiếp: trung bình 12 buổi/năm/xã, thị trấn",
    'T5\t"Diễn đàn nghe\ndân nói"\tinspection\tTrên 80',
  ];
  await dialog.getByLabel("Các dòng chép từ Excel").fill(lines.join("\n"));
  await dialog.getByRole("button", { name: "Xem trước các dòng" }).click();
  await dialog.getByText("Mức giao: chưa hiểu được").waitFor();
  await dialog.getByText("1 dòng còn lỗi sẽ để lại để sửa.").waitFor();
  await dialog.getByText("Đúng lời kế hoạch mẫu").waitFor();
  await assertAccessible(page, "a preview of pasted lines");
  await dialog.getByLabel("Đếm theo, dòng 5").selectOption({ value: "listening_forum" });
  await dialog.getByRole("button", { name: "Nhận 3 chỉ tiêu" }).click();
  await dialog.getByLabel("Mức giao của chỉ tiêu T5").waitFor();
  assert.equal(
    await dialog.locator("#plan-paste").inputValue(),
    [lines[0], lines[2]].join("\n"),
    "the wrong line stays, under its heads",
  );
  await dialog.getByLabel("Mức giao của chỉ tiêu T1").waitFor();
  await dialog.locator("summary", { hasText: "Thêm một chỉ tiêu" }).click();
  await dialog.locator("#add-indicator").selectOption({ value: "loudspeaker_weekly" });
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

for (const size of [LAPTOP, PHONE]) {
  story(`staff compare the communes with the year before on a ${size.name}, in any order`, async (stage) => {
    const device = await stage.device(size);
    const page = await device.tab("/desk");
    await signInAtDesk(page, PROVINCE);
    await page.goto("/desk/targets");
    const row = page.getByRole("row", { name: /^A2\.a/ });
    await row.getByRole("link").first().click();
    const years = page.getByRole("region", { name: "Từng đơn vị, so với năm trước" });
    await years.getByRole("columnheader", { name: "Thay đổi" }).waitFor();
    const names = () => years.locator("tbody").getByRole("rowheader").allInnerTexts();
    const byName = await names();
    assert.ok(byName.length >= 6, byName.join());
    const head = years.getByRole("button", { name: "Cùng ngày năm trước" });
    await head.click();
    await years.locator('th[aria-sort="descending"]').waitFor();
    const numbers = async () => {
      const cells = await years.locator("tbody tr td:nth-child(3)").allInnerTexts();
      return cells.filter((cell) => cell !== "–").map((cell) => Number(cell.replace(",", ".")));
    };
    const falling = await numbers();
    assert.deepEqual(falling, [...falling].sort((a, b) => b - a));
    await years.getByRole("button", { name: "Cùng ngày năm trước" }).click();
    await years.locator('th[aria-sort="ascending"]').waitFor();
    const rising = await numbers();
    assert.deepEqual(rising, [...rising].sort((a, b) => a - b));
    await assertAccessible(page, "units beside the year before");
    await years.getByRole("link", { name: byName[0] }).click();
    await page.getByRole("heading", { level: 2, name: new RegExp(byName[0]) }).waitFor();
  });
}

story("an officer begins with an empty plan; what is not understood is not saved as something else", async (stage) => {
  const laptop = await stage.laptop();
  const page = await laptop.tab("/desk");
  await signInAtDesk(page, OFFICER);
  await page.goto("/desk/targets");
  await page.getByRole("button", { name: "Nhập kế hoạch" }).click();
  const dialog = page.getByRole("dialog", { name: "Nhập kế hoạch" });
  await dialog.getByLabel("Bắt đầu từ").selectOption({ label: "Kế hoạch trống" });
  await dialog.getByRole("button", { name: "Xem trước khi lưu" }).click();
  await dialog.getByLabel("Tên kế hoạch").fill("Kế hoạch quý");
  await dialog.locator("summary", { hasText: "Thêm một chỉ tiêu" }).click();
  await dialog.getByLabel("Đếm theo").selectOption({ value: "contest" });
  await dialog.getByLabel("Số", { exact: true }).fill("Q1");
  await dialog.getByLabel("Mức giao", { exact: true }).fill("2");
  await dialog.getByRole("button", { name: "Thêm một chỉ tiêu" }).click();
  const value = dialog.getByLabel("Mức giao của chỉ tiêu Q1");
  await value.fill("khoảng 3");
  await value.blur();
  await dialog.getByText("Chưa hiểu mức giao của chỉ tiêu Q1", { exact: false }).waitFor();
  await dialog.getByRole("button", { name: "Lưu kế hoạch" }).click();
  await assertAccessible(page, "a value that is not understood");
  await value.fill("3");
  await value.blur();
  const year = new Date(Date.now() + 7 * 3_600_000).getUTCFullYear();
  await dialog.getByLabel("So sánh của chỉ tiêu Q1").selectOption(">");
  await dialog.getByLabel("Hạn của chỉ tiêu Q1").fill(`${year}-12-12`);
  await dialog.getByLabel("Đến hết hay trước ngày, chỉ tiêu Q1").selectOption("before");
  await dialog.getByRole("button", { name: "Lưu kế hoạch" }).click();
  await page.getByText("Đã lưu kế hoạch").waitFor();
  const row = page.getByRole("row", { name: /^Q1/ }).first();
  await row.waitFor();
  assert.match(await row.innerText(), /> 3/);
  assert.match(await row.innerText(), /11\/12\/\d{4}/, "before 12 December ends on the 11th");
});

story("what was typed into a plan is neither lost by Esc nor saved as something else", async (stage) => {
  const { plan } = await planWithOneSession(stage);
  const laptop = await stage.laptop();
  const page = await laptop.tab("/desk");
  await signInAtDesk(page, PROVINCE);
  await page.goto(`/desk/targets?plan=${plan.id}`);
  const change = page.getByRole("button", { name: "Sửa kế hoạch" });
  await change.click();
  const dialog = page.getByRole("dialog", { name: "Sửa kế hoạch" });
  await dialog.getByLabel("Mức giao của chỉ tiêu T1").waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  await change.click();
  await dialog.getByRole("button", { name: "Chỉ tiêu T1: từng đơn vị" }).click();
  const ofVillage = dialog.getByLabel(/^Mức giao – chỉ tiêu T1, /).first();
  await ofVillage.fill("mười");
  await dialog.getByText(/Chưa hiểu mức giao của chỉ tiêu chỉ tiêu T1, |Chưa hiểu mức giao của chỉ tiêu T1, /).waitFor();
  await dialog.getByRole("button", { name: "Lưu kế hoạch" }).click();
  await assertAccessible(page, "a value of a unit that is not understood");
  await page.keyboard.press("Escape");
  const question = page.getByRole("dialog", { name: "Bỏ các thay đổi?" });
  await question.getByRole("button", { name: "Sửa tiếp" }).click();
  const asked = page.waitForEvent("dialog");
  await page.evaluate(() => void setTimeout(() => location.reload(), 0));
  const browsers = await asked;
  assert.equal(browsers.type(), "beforeunload", "a reload is asked about, too");
  await browsers.dismiss();
  assert.equal(await ofVillage.inputValue(), "mười", "it is still there");
  await ofVillage.fill("10");
  await dialog.getByRole("button", { name: "Lưu kế hoạch" }).click();
  await page.getByText("Đã lưu kế hoạch").waitFor();
  const officer = await stage.api(OFFICER);
  const stored = await officer.get(`/target-plans/${plan.id}`);
  assert.equal(stored.terms.targets[0].own[0].value, 10_000);
});

story("a target's words, unit and way of counting are changed in the plan, and a sum is added", async (stage) => {
  const { plan } = await planWithOneSession(stage);
  const laptop = await stage.laptop();
  const page = await laptop.tab("/desk");
  await signInAtDesk(page, PROVINCE);
  await page.goto(`/desk/targets?plan=${plan.id}`);
  await page.getByRole("button", { name: "Sửa kế hoạch" }).click();
  const dialog = page.getByRole("dialog", { name: "Sửa kế hoạch" });
  await dialog.getByRole("button", { name: "Sửa lời và cách đếm của chỉ tiêu T1" }).click();
  await dialog.locator("#terms-words-T1").fill("Giao ban mỗi quý một lần");
  await dialog.locator("#terms-measure-T1").fill("lần/quý");
  await dialog.locator("#terms-indicator-T1").selectOption({ value: "briefing" });
  await dialog.locator("#terms-way-T1").selectOption({ value: "each_quarter" });
  await assertAccessible(page, "what a target counts");
  await dialog.locator("summary", { hasText: "Thêm một chỉ tiêu" }).click();
  await dialog.locator("#add-indicator").selectOption({ value: "contest" });
  await dialog.locator("#add-way").selectOption({ value: "villages" });
  await dialog.getByLabel("Số", { exact: true }).fill("T2");
  await dialog.getByLabel("Mức giao", { exact: true }).fill("80");
  await dialog.getByRole("button", { name: "Thêm một chỉ tiêu" }).click();
  await dialog.getByLabel("Mức giao của chỉ tiêu T2").waitFor();
  await dialog.locator("#add-indicator").selectOption({ value: "parts" });
  await dialog.getByLabel("Số", { exact: true }).fill("T3");
  await dialog.getByLabel("Mức giao", { exact: true }).fill("5");
  await dialog.getByRole("button", { name: "Thêm một chỉ tiêu" }).click();
  await dialog.getByText("Chọn ít nhất một chỉ tiêu để cộng.").waitFor();
  await dialog.getByRole("group", { name: "Cộng những chỉ tiêu nào" }).last().getByLabel(/^T1 /).check();
  await dialog.getByRole("button", { name: "Thêm một chỉ tiêu" }).click();
  await dialog.getByLabel("Mức giao của chỉ tiêu T3").waitFor();
  await dialog.getByRole("button", { name: "Lưu kế hoạch" }).click();
  await page.getByText("Đã lưu kế hoạch").waitFor();
  const officer = await stage.api(OFFICER);
  const { terms } = await officer.get(`/target-plans/${plan.id}`);
  const [first, second, third] = terms.targets;
  assert.deepEqual([first.text, first.measure, first.source.kind], ["Giao ban mỗi quý một lần", "lần/quý", "briefing"]);
  assert.deepEqual(first.source.split, { by: "quarter" });
  assert.deepEqual([second.aggregation, second.measure], [{ by: "reach", of: "areas" }, "%"]);
  assert.deepEqual(third.aggregation, { by: "parts", codes: ["T1"] });
});

story("a village of the matrix leads to its records, and a plan that was ended comes back", async (stage) => {
  const { plan } = await planWithOneSession(stage, { levels: ["area", "commune"] });
  const laptop = await stage.laptop();
  const page = await laptop.tab("/desk");
  await signInAtDesk(page, OFFICER);
  await page.goto(`/desk/targets?plan=${plan.id}&view=matrix`);
  await page.getByRole("link", { name: /^Ghi nhận ở Thôn / }).first().click();
  await page.waitForURL(/\/desk\/records\?area=\d+/);
  await page.goto(`/desk/targets?plan=${plan.id}`);
  await page.getByRole("row", { name: /^T1/ }).first().waitFor();
  await page.getByRole("button", { name: "Kết thúc kế hoạch" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Kết thúc kế hoạch" }).click();
  await page.getByText("Đã kết thúc kế hoạch.").waitFor();
  await page.getByRole("button", { name: "Hoàn tác" }).click();
  await page.getByText("Kế hoạch đã trở lại và đếm như trước.").waitFor();
  await page.getByRole("row", { name: /^T1/ }).first().waitFor();
});
