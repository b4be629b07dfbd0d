// Files of a document: attached on the phone without a network and at the desk, refused by what they are, downloaded.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { LAPTOP, PHONE, assertAccessible } from "./stage/browser.mjs";
import { openRecord, signInAtDesk } from "./stage/desk.mjs";
import { readyForOffline, signIn } from "./stage/field.mjs";
import { OFFICER } from "./stage/people.mjs";
import { tick } from "./stage/press.mjs";
import { story } from "./stage/story.mjs";
import { until } from "./stage/until.mjs";

/** A small PDF with these words in it. */
function pdf(words) {
  return Buffer.from(
    `%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n% ${words}\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n`,
  );
}

const file = (name, buffer) => ({ name, mimeType: "application/pdf", buffer });
const PLAN = "Kế hoạch 12-KH-UBND.pdf";

/** Downloads a file by its button and gives its name and bytes. */
async function downloaded(page, scope, name) {
  const download = page.waitForEvent("download");
  await scope.getByRole("button", { name: `Tải về tệp ${name}` }).click();
  const saved = await download;
  return { name: saved.suggestedFilename(), bytes: await readFile(await saved.path()) };
}

for (const size of [PHONE, LAPTOP]) {
  story(`a document is logged with its file without a network on a ${size.name}`, async (stage) => {
    const device = await stage.device(size);
    const page = await device.tab("/");
    await signIn(page, OFFICER);
    await readyForOffline(page);
    await page.goto("/log/document");
    await page.getByRole("heading", { level: 1, name: "Ban hành văn bản" }).waitFor();
    await device.context.setOffline(true);
    await tick(page.getByRole("radio", { name: "Kế hoạch" }));
    await page.getByLabel(/^Số, ký hiệu/).fill("12/KH-UBND");
    await page.getByLabel(/^Ngày ban hành/).fill("2026-11-20");
    await page.getByLabel(/^Cơ quan ban hành/).fill("UBND xã");
    await page.getByLabel(/^Trích yếu/).fill("Kế hoạch xây dựng phong trào");
    const files = page.getByRole("region", { name: "Tệp đính kèm" });
    const picker = files.locator("input[type=file]");
    for (const [wrong, words] of [
      [Buffer.from("<!doctype html><script>alert(1)</script>"), "Tệp này không phải PDF"],
      [pdf("x").subarray(0, 60), "bị hỏng hoặc tải về chưa hết"],
      [pdf("<</Encrypt 5 0 R>>"), "đặt mật khẩu hoặc bị khóa"],
      [Buffer.alloc(20 * 1024 * 1024 + 1, 32), "Tệp lớn quá"],
    ]) {
      await picker.setInputFiles(file(PLAN, wrong));
      await files.getByText(words, { exact: false }).waitFor();
    }
    await picker.setInputFiles(file("Nhầm.pdf", pdf("nhầm")));
    await files.getByRole("button", { name: "Bỏ tệp Nhầm.pdf" }).click();
    await files.getByText("Chưa đính kèm tệp nào.").waitFor();
    await picker.setInputFiles(file(PLAN, pdf("đúng")));
    await files.getByText(PLAN).waitFor();
    await assertAccessible(page, "a form with a file");
    const here = await downloaded(page, files, PLAN);
    assert.deepEqual([here.name, here.bytes], [PLAN, pdf("đúng")], "what is on the phone is saved without a network");
    await page.getByRole("button", { name: "Gửi", exact: true }).click();
    await files.getByText("Trên máy", { exact: false }).waitFor();
    await device.context.setOffline(false);
    await files.getByText("Đã gửi", { exact: true }).waitFor();
    const officer = await stage.api(OFFICER);
    await until("the server holds the file", async () => {
      const found = await officer.get("/records?kind=document");
      const mine = found.items.find((row) => row.author.name === OFFICER.name && row.photos === 0);
      const detail = mine && (await officer.get(`/records/${mine.id}`));
      return detail?.record.files?.[0]?.state === "held" && detail.record.files[0].name === PLAN;
    });
    await assertAccessible(page, "a record with a file");
  });

  story(`a file is attached, downloaded and taken out at the desk on a ${size.name}`, async (stage) => {
    const officer = await stage.api(OFFICER);
    const areas = await officer.get("/areas");
    const commune = officer.me.memberships[0].area_id ?? areas.items[0].id;
    const id = crypto.randomUUID();
    await officer.post("/records", {
      id,
      kind: "document",
      area_id: commune,
      team_id: null,
      started_at: Date.now() - 3_600_000,
      body: {
        type: "plan",
        number: "12/KH-UBND",
        issued_on: "2026-11-20",
        issuer: "UBND xã",
        subject: "Kế hoạch xây dựng phong trào",
      },
      device_id: officer.device,
      clock_offset_ms: 0,
    });
    const device = await stage.device(size);
    const desk = await device.tab("/desk");
    await signInAtDesk(desk, OFFICER);
    await openRecord(desk, id);
    const files = desk.getByRole("region", { name: "Tệp đính kèm" });
    const picker = files.locator("input[type=file]");
    await picker.setInputFiles(file(PLAN, Buffer.from("MZ not a document")));
    await files.getByText("Tệp này không phải PDF", { exact: false }).waitFor();
    // More than one part, so that the upload goes on and on.
    const large = pdf("dài ".repeat(300_000));
    await picker.setInputFiles(file(PLAN, large));
    await desk.getByText(`Đã đính kèm ${PLAN}.`).waitFor();
    await files.getByRole("button", { name: `Tải về tệp ${PLAN}` }).waitFor();
    await assertAccessible(desk, "a record with a file at the desk");
    const saved = await downloaded(desk, files, PLAN);
    assert.equal(saved.name, PLAN);
    assert.ok(saved.bytes.equals(large), "the bytes come back as they were");

    // A way that breaks off: the record lists the file, and sending goes on.
    await device.context.route("**/api/v1/uploads/**", (route) => route.abort());
    await picker.setInputFiles(file("Phụ lục.pdf", large));
    await files.getByText("chưa gửi hết", { exact: false }).waitFor();
    await files.getByText("Chưa đến máy chủ").waitFor();
    await device.context.unroute("**/api/v1/uploads/**");
    await files.getByRole("button", { name: "Gửi tiếp" }).click();
    await desk.getByText("Đã đính kèm Phụ lục.pdf.").waitFor();
    await files.getByRole("button", { name: "Bỏ tệp Phụ lục.pdf" }).click();
    await desk.getByText("Đã bỏ Phụ lục.pdf khỏi bản ghi.").waitFor();
    await until("one file is left", async () => (await files.getByRole("listitem").count()) === 1);
  });
}
