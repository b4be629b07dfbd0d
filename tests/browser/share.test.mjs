// Finished work goes to a group chat as a picture and a few words, or as far as the browser lets it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { LAPTOP, PHONE, assertAccessible } from "./stage/browser.mjs";
import { openRecord, signInAtDesk } from "./stage/desk.mjs";
import { checkInHere, endPatrol, phoneOf, startPlanned, walk } from "./stage/field.mjs";
import { HALL, JUNCTION, MEMBER, OFFICER } from "./stage/people.mjs";
import { story } from "./stage/story.mjs";
import { until } from "./stage/until.mjs";

/** A share sheet that keeps what it gets, or that says no. */
async function shareSheet(page, answer) {
  await page.evaluate((answer) => {
    window.shared = [];
    navigator.canShare = (what) => Boolean(what.files?.length);
    navigator.share = async (what) => {
      if (answer === "refuses") throw new DOMException("no", "NotAllowedError");
      const [file] = what.files ?? [];
      const picture = file && (await createImageBitmap(file));
      window.shared.push({
        text: what.text,
        type: file?.type,
        name: file?.name,
        size: picture && [picture.width, picture.height],
        bytes: file?.size,
      });
    };
  }, answer);
}

async function openCard(page) {
  await page.getByRole("button", { name: "Chia sẻ" }).click();
  const dialog = page.getByRole("dialog", { name: "Chia sẻ vào nhóm" });
  await dialog.getByRole("img", { name: /^Thẻ chia sẻ/ }).waitFor();
  return dialog;
}

/** The size that the head of a PNG names. */
function sizeOfPng(bytes) {
  assert.equal(bytes.subarray(1, 4).toString("latin1"), "PNG");
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

async function savedPicture(page, dialog) {
  const download = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Lưu ảnh" }).click();
  const file = await download;
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

story("a finished patrol goes to the group chat from the phone without a network", async (stage) => {
  const { phone, page } = await phoneOf(stage, MEMBER);
  await phone.context.grantPermissions(["geolocation", "camera", "clipboard-read", "clipboard-write"]);
  await phone.moveTo(HALL);
  await startPlanned(page);
  await checkInHere(phone, page, HALL);
  await phone.context.setOffline(true);
  await walk(phone, HALL, JUNCTION);
  await endPatrol(page);

  await shareSheet(page, "takes");
  const dialog = await openCard(page);
  await assertAccessible(page, "the share card on the phone");
  await dialog.getByRole("button", { name: "Gửi vào nhóm" }).click();
  const [sent] = await until("the share sheet has the card", async () => {
    const shared = await page.evaluate(() => window.shared);
    return shared.length > 0 && shared;
  });
  assert.equal(sent.type, "image/png");
  assert.deepEqual(sent.size, [1080, 1080]);
  assert.match(sent.name, /^keng-patrol-\d{4}-\d\d-\d\d\.png$/);
  assert.match(sent.text, /^Ca tuần tra · .+\n.*\n(.* · )?1 lượt điểm danh · .*\nGhi bằng Kẻng$/);
  for (const secret of ["Tình hình bình thường", MEMBER.name, HALL.name]) {
    assert.ok(!sent.text.includes(secret), `${secret} is not told`);
  }

  await dialog.getByRole("button", { name: "Chỉ gửi lời" }).click();
  const words = await until("the words went alone", async () => (await page.evaluate(() => window.shared))[1]);
  assert.deepEqual([words.text, words.type], [sent.text, undefined]);

  await shareSheet(page, "refuses");
  await dialog.getByRole("button", { name: "Gửi vào nhóm" }).click();
  await page.getByText("Điện thoại không mở được bảng chia sẻ.").waitFor();
  const saved = await savedPicture(page, dialog);
  assert.equal(saved.name, sent.name);
  assert.deepEqual(sizeOfPng(saved.bytes), [1080, 1080]);
  await dialog.getByRole("button", { name: "Chép lời" }).click();
  await until("the words are on the clipboard", async () =>
    (await page.evaluate(() => navigator.clipboard.readText())) === sent.text,
  );
});

for (const size of [LAPTOP, PHONE]) {
  story(`a desk without a share sheet saves the card of a finished patrol, and open incidents have none (desk on a ${size.name})`, async (stage) => {
    const officer = await stage.api(OFFICER);
    const patrols = await officer.get("/records?kind=patrol&limit=50");
    const patrol = patrols.items.find((row) => row.status !== "open");
    const { items: cases } = await officer.get("/incidents?limit=50");
    const open = cases.find((row) => row.state === "received");

    const laptop = await stage.device(size);
    const desk = await laptop.tab("/desk/review");
    await signInAtDesk(desk, OFFICER);
    await openRecord(desk, patrol.id);
    const dialog = await openCard(desk);
    await assertAccessible(desk, "the share card at the desk");
    assert.equal(await dialog.getByRole("button", { name: "Gửi vào nhóm" }).count(), 0);
    const { name, bytes } = await savedPicture(desk, dialog);
    assert.match(name, /^keng-patrol-/);
    assert.deepEqual(sizeOfPng(bytes), [1080, 1080]);
    await dialog.getByRole("button", { name: "Đóng" }).click();

    await openRecord(desk, open.record_id);
    assert.equal(await desk.getByRole("button", { name: "Chia sẻ" }).count(), 0);
  });
}
