// The night patrol, from the phone to the officer's review and back.
import assert from "node:assert/strict";
import { LAPTOP, PHONE, assertAccessible } from "./stage/browser.mjs";
import { acceptPhoto, openRecord, returnPhoto, signInAtDesk } from "./stage/desk.mjs";
import { allSent, checkInHere, endPatrol, phoneOf, reportFinding, startPlanned, takePhotos, walk } from "./stage/field.mjs";
import { HALL, JUNCTION, MEMBER, OFFICER } from "./stage/people.mjs";
import { story } from "./stage/story.mjs";
import { until } from "./stage/until.mjs";

/** Patrols of the member that were not in the demo. */
async function newPatrols(officer, since) {
  const page = await officer.get("/records?kind=patrol&limit=50");
  return page.items.filter((row) => row.author.name === MEMBER.name && row.started_at >= since);
}

for (const size of [LAPTOP, PHONE]) {
  story(`a night patrol goes from phone to review and back although the network fails in its middle (desk on a ${size.name})`, async (stage) => {
    const began = Date.now() - 60_000;
    const { phone, page } = await phoneOf(stage, MEMBER);
    const laptop = await stage.device(size);
    const desk = await laptop.tab("/desk/review");
    await signInAtDesk(desk, OFFICER);
    const officer = await stage.api(OFFICER);

    await phone.moveTo(HALL);
    await startPlanned(page);
    await assertAccessible(page, "the running patrol");
    await page.locator("a[href^='/patrol/point/']").first().click();
    await page.locator("main h1").waitFor();
    await assertAccessible(page, "a check-in");
    await page.goBack();
    await page.getByRole("timer").waitFor();
    await checkInHere(phone, page, HALL);
    await reportFinding(page, { photos: 1, note: "Đèn đường hỏng" });

    // The server holds the running patrol before the network goes.
    const [running] = await until("the officer's server has the patrol", async () => {
      const rows = await newPatrols(officer, began);
      return rows.length > 0 && rows;
    });
    await phone.context.setOffline(true);
    await stage.server.stop();

    await walk(phone, HALL, JUNCTION);
    await checkInHere(phone, page, JUNCTION);
    await reportFinding(page, { photos: 1, note: "Xe lạ đỗ ở ngã ba" });

    await page.close();
    const reopened = await phone.tab("/");
    await reopened.getByRole("link", { name: /Đang tuần tra/ }).click();
    await reopened.getByText("Đã qua hết các điểm").waitFor();
    await endPatrol(reopened);
    await reopened.getByText("Chờ gửi").first().waitFor();

    await stage.server.start();
    await phone.context.setOffline(false);
    await allSent(reopened);

    const held = await until("both photos are with the server", async () => {
      const rows = await newPatrols(officer, began);
      return rows.length === 1 && rows[0].photos_held === 2 && rows;
    });
    assert.equal(held[0].id, running.id, "one patrol, the same before and after");
    const detail = await officer.get(`/records/${running.id}`);
    assert.equal(detail.record.body.check_ins.length, 2);
    assert.equal(detail.record.body.findings.length, 2);
    assert.equal(new Set(detail.record.photos.map((photo) => photo.id)).size, 2);
    assert.ok(detail.track.length > 0, "the track is there");

    await openRecord(desk, running.id);
    await desk.locator(".leaflet-container").first().waitFor();
    await assertAccessible(desk, "the review of a patrol");
    await acceptPhoto(desk, 1);
    await returnPhoto(desk, 2, "Ảnh mờ, hãy chụp lại cho rõ.");

    await reopened.goto(`/records/${running.id}`);
    await reopened.getByText("Ảnh mờ, hãy chụp lại cho rõ.").first().waitFor();
    await reopened.getByText("Trả lại, cần sửa").first().waitFor();
    await assertAccessible(reopened, "a returned record");

    await reopened.getByRole("link", { name: "Sửa" }).click();
    await takePhotos(reopened, 1);
    await reopened.getByRole("button", { name: "Gửi lại" }).click();
    await allSent(reopened);
    await until("the mended patrol waits for review with its new photo", async () => {
      const [row] = await newPatrols(officer, began);
      return row.status === "submitted" && row.photos_held === 3;
    });
  });
}
