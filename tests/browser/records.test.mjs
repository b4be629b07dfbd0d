// The table of records: filters with a name, columns, orders, and one verdict on many with the way back; a file to take away.
import assert from "node:assert/strict";
import { LAPTOP, PHONE, assertAccessible, settled } from "./stage/browser.mjs";
import { signInAtDesk } from "./stage/desk.mjs";
import { OFFICER } from "./stage/people.mjs";
import { tick } from "./stage/press.mjs";
import { story } from "./stage/story.mjs";
import { until } from "./stage/until.mjs";

async function openTable(stage, size, address = "/desk/records") {
  const device = await stage.device(size);
  const page = await device.tab("/desk");
  await signInAtDesk(page, OFFICER);
  await page.goto(address);
  await page.getByRole("table").waitFor();
  await settled(page);
  return page;
}

/** The words of one column, from the top down. */
async function column(page, name) {
  const heads = await page.getByRole("columnheader").allInnerTexts();
  const at = heads.findIndex((head) => head.trim() === name);
  const rows = await page.locator(".records tbody tr").all();
  return Promise.all(rows.map((row) => row.locator("th, td:not(.records-pick)").nth(at).innerText()));
}

for (const size of [LAPTOP, PHONE]) {
  story(`the table of records is filtered, ordered and saved under a name on a ${size.name}`, async (stage) => {
    const page = await openTable(stage, size);
    await assertAccessible(page, "the table of records");
    await page.getByRole("button", { name: "Người ghi" }).click();
    await page.waitForURL(/sort=author/);
    await page.locator("th[aria-sort=ascending]").waitFor();
    const names = await column(page, "Người ghi");
    const sorted = [...names].sort((one, other) => one.localeCompare(other, "vi"));
    assert.deepEqual(names, sorted);

    await page.getByLabel("Tìm trong nội dung").fill("khong co chu nay");
    await page.getByLabel("Tìm trong nội dung").press("Enter");
    await page.getByText("Không có ghi nhận nào theo bộ lọc này.").waitFor();
    await page.getByRole("button", { name: "Bỏ lọc" }).first().click();
    await page.getByRole("table").waitFor();

    await page.goto("/desk/records?kind=patrol&columns=date,area,received");
    await page.getByRole("columnheader", { name: "Máy chủ nhận lúc" }).waitFor();
    await page.getByRole("button", { name: "Lưu bộ lọc này" }).click();
    const dialog = page.getByRole("dialog", { name: "Lưu bộ lọc này" });
    await dialog.getByLabel(/^Tên bộ lọc/).fill("Tuần tra gọn");
    await assertAccessible(page, "saving a view");
    await dialog.getByRole("button", { name: "Lưu", exact: true }).click();
    await page.getByText("Đã lưu “Tuần tra gọn”.").first().waitFor();
    await page.goto("/desk/records");
    await page.getByLabel("Bộ lọc đã lưu").selectOption({ label: "Tuần tra gọn" });
    await page.waitForURL(/kind=patrol/);
    await page.getByRole("columnheader", { name: "Máy chủ nhận lúc" }).waitFor();

    await page.getByRole("button", { name: "Cột", exact: true }).click();
    await tick(page.getByRole("dialog").getByRole("checkbox", { name: "Người ghi" }));
    await page.keyboard.press("Escape");
    await page.getByRole("columnheader", { name: "Người ghi" }).waitFor();
    await page.getByRole("button", { name: "Xóa bộ lọc" }).waitFor({ state: "detached" });
  });
}

/** Selects the first two rows: by the keyboard where there is one. */
async function selectTwo(page, size) {
  if (size === LAPTOP) {
    for (const key of ["j", "x", "j", "x"]) await page.keyboard.press(key);
  } else {
    const boxes = page.locator("tbody .records-pick input");
    await boxes.nth(0).check();
    await boxes.nth(1).check();
  }
  await page.getByText("Đã chọn 2 mục").waitFor();
}

for (const size of [LAPTOP, PHONE]) {
  story(`the officer accepts a selection, sees what came of it, and takes it back on a ${size.name}`, async (stage) => {
    const officer = await stage.api(OFFICER);
    const before = await officer.get("/records/counts");
    assert.ok(before.submitted >= 2, "the demo has records that wait");
    const page = await openTable(stage, size, "/desk/records?status=submitted");
    await selectTwo(page, size);
    await page.getByRole("button", { name: "Chấp nhận" }).click();
    const dialog = page.getByRole("dialog", { name: "Chấp nhận nhiều mục" });
    await dialog.getByText("Sẽ chấp nhận 2 mục đang chờ duyệt.").waitFor();
    await assertAccessible(page, "a verdict on many");
    await dialog.getByRole("button", { name: "Chấp nhận" }).click();
    await dialog.getByText("Xong 2 mục.").waitFor();
    assert.equal((await officer.get("/records/counts")).submitted, before.submitted - 2);
    await dialog.getByRole("button", { name: "Hoàn tác tất cả" }).click();
    await dialog.getByText("Đã hoàn tác 2 mục.").waitFor();
    assert.equal((await officer.get("/records/counts")).submitted, before.submitted);
  });

  story(`what was exported and judged is found again after its window was closed, on a ${size.name}`, async (stage) => {
    const officer = await stage.api(OFFICER);
    const before = await officer.get("/records/counts");
    const page = await openTable(stage, size, "/desk/records?status=submitted");
    const open = () => page.getByRole("button", { name: "Tệp và việc đã chạy" }).click();
    const jobs = page.getByRole("dialog", { name: "Tệp và việc đã chạy" });
    await open();
    await jobs.getByText("Bạn chưa xuất tệp hay duyệt nhiều mục lần nào.").waitFor();
    await page.keyboard.press("Escape");

    await selectTwo(page, size);
    await page.getByRole("button", { name: "Chấp nhận" }).click();
    const judging = page.getByRole("dialog", { name: "Chấp nhận nhiều mục" });
    await judging.getByRole("button", { name: "Chấp nhận" }).click();
    await page.keyboard.press("Escape");
    await page.locator(".records-bar").getByRole("button", { name: "Xuất tệp" }).click();
    const exporting = page.getByRole("dialog", { name: "Xuất các ghi nhận đang xem" });
    await exporting.getByRole("button", { name: "Xuất", exact: true }).click();
    await page.keyboard.press("Escape");

    await page.reload();
    await page.getByRole("table").waitFor();
    await open();
    await jobs.getByText("Đã làm: 2 mục").waitFor();
    await assertAccessible(page, "files and past jobs");
    const download = page.waitForEvent("download");
    await jobs.getByRole("button", { name: "Tải về" }).click();
    assert.match((await download).suggestedFilename(), /^keng-\d{4}-\d\d-\d\d\.xlsx$/);
    await jobs.getByRole("button", { name: "Hoàn tác tất cả" }).click();
    await jobs.getByText("Hoàn tác lần duyệt nhiều mục").waitFor();
    await jobs.getByText("Đã hoàn tác", { exact: true }).waitFor();
    assert.equal(await jobs.getByRole("button", { name: "Hoàn tác tất cả" }).count(), 0);
    await until("everything waits again", async () => {
      return (await officer.get("/records/counts")).submitted === before.submitted;
    });
  });

  story(`a signal is a filter, an order and a column of its own on a ${size.name}`, async (stage) => {
    const officer = await stage.api(OFFICER);
    const flagged = (await officer.get("/records?flagged=true")).items;
    assert.ok(flagged.length > 0, "the demo has records with signals");
    const flag = flagged[0].flags[0];
    const holders = flagged.filter((row) => row.flags.includes(flag)).length;
    const page = await openTable(stage, size);
    await page.locator("summary", { hasText: "Lọc" }).click();
    const choice = page.getByLabel("Cần chú ý");
    await choice.selectOption(flag);
    await page.waitForURL(new RegExp(`flag=${flag}`));
    const words = await choice.locator(`option[value=${flag}]`).innerText();
    const rows = page.locator(".records tbody tr");
    await until("only those with the signal", async () => (await rows.count()) === holders);

    await page.getByRole("button", { name: "Cột", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Chọn cột" });
    const signals = dialog.getByRole("group", { name: "Mỗi dấu hiệu một cột" });
    await tick(signals.getByRole("checkbox", { name: words, exact: true }));
    await assertAccessible(page, "the choice of columns");
    await page.keyboard.press("Escape");
    await page.getByRole("columnheader", { name: words, exact: true }).waitFor();
    await page.getByRole("columnheader", { name: "Người ghi" }).waitFor();
    assert.equal(await page.locator(".records-mark").count(), holders);

    await page.goto("/desk/records?status=submitted");
    await page.getByRole("button", { name: "Cần chú ý" }).click();
    await page.waitForURL(/sort=signals/);
    await page.locator("th[aria-sort=descending]").waitFor();
    const marks = await column(page, "Cần chú ý");
    const [some, none] = [marks.findLastIndex((words) => words !== ""), marks.findIndex((words) => words === "")];
    assert.ok(none === -1 || some < none, `those with signals come first: ${marks}`);
  });
}

for (const size of [LAPTOP, PHONE]) {
  story(`everything that a filter shows is returned with the same words on a ${size.name}`, async (stage) => {
    const officer = await stage.api(OFFICER);
    const page = await openTable(stage, size);
    await page.getByLabel("Chọn tất cả trên trang").check();
    await page.getByRole("button", { name: "Trả lại" }).click();
    const dialog = page.getByRole("dialog", { name: "Trả lại nhiều mục" });
    await dialog.getByText(/mục khác trong phần đã chọn không chờ duyệt/).waitFor();
    await dialog.getByRole("button", { name: "Trả lại" }).click();
    await dialog.getByText("Hãy điền chỗ này.").first().waitFor();
    await dialog.getByLabel(/^Lời nhắn cho người ghi/).fill("Xin bổ sung ảnh chụp rõ hơn");
    await dialog.getByRole("button", { name: "Trả lại" }).click();
    await dialog.getByText(/^Xong \d+ mục\.$/).waitFor();
    assert.equal((await officer.get("/records/counts")).submitted, 0);
  });

  story(`only the selected rows are taken away on a ${size.name}`, async (stage) => {
    const page = await openTable(stage, size, "/desk/records?kind=patrol");
    await selectTwo(page, size);
    await page.locator(".records-selection").getByRole("button", { name: "Xuất tệp" }).click();
    const dialog = page.getByRole("dialog", { name: "Xuất các ghi nhận đang xem" });
    const download = page.waitForEvent("download");
    await dialog.getByRole("button", { name: "Xuất", exact: true }).click();
    await download;
    await dialog.getByText("Đã tải về 2 ghi nhận.").waitFor();
  });
}

for (const size of [LAPTOP, PHONE]) {
  story(`what the table shows is taken away as a file on a ${size.name}`, async (stage) => {
    const page = await openTable(stage, size, "/desk/records?kind=patrol");
    await page.getByRole("button", { name: "Xuất tệp" }).click();
    const dialog = page.getByRole("dialog", { name: "Xuất các ghi nhận đang xem" });
    await assertAccessible(page, "the export dialog");
    const download = page.waitForEvent("download");
    await dialog.getByRole("button", { name: "Xuất", exact: true }).click();
    assert.match((await download).suggestedFilename(), /^keng-\d{4}-\d\d-\d\d\.xlsx$/);
    await dialog.getByText(/^Đã tải về \d+ ghi nhận\.$/).waitFor();
  });
}
