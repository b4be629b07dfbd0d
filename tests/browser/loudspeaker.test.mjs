// Loudspeakers: a week confirmed with few taps, exceptions by area, two phones, no network, the desk's calendar.
import assert from "node:assert/strict";
import { LAPTOP, PHONE, assertAccessible } from "./stage/browser.mjs";
import { signInAtDesk } from "./stage/desk.mjs";
import { allSent, goTo, phoneOf } from "./stage/field.mjs";
import { OFFICER } from "./stage/people.mjs";
import { tick, untick } from "./stage/press.mjs";
import { story } from "./stage/story.mjs";

const DAY = 86_400_000;

/** A date in Việt Nam, so many days from today. */
function day(offset) {
  return new Date(Date.now() + 7 * 3_600_000 + offset * DAY).toISOString().slice(0, 10);
}

/** A schedule that proposed one broadcast a day, at midnight, for the last seven days, to twenty villages. */
async function twentyVillages(stage) {
  const administrator = await stage.api({ username: "quantri", password: OFFICER.password });
  const rows = Array.from({ length: 14 }, (_, n) => `residential_area,,Thôn Thử ${n + 1},15112,,,,`);
  const csv = ["kind,code,name,parent_code,valid_from,valid_to,lat,lon", ...rows].join("\n");
  await administrator.csv("/areas/import", csv);
  const officer = await stage.api(OFFICER);
  const scope = await officer.get("/sync/scope");
  const commune = scope.areas.find((area) => area.code === "15112").id;
  const villages = scope.areas.filter((area) => area.kind === "residential_area").map((area) => area.id);
  assert.equal(villages.length, 20);
  for (const old of await officer.get("/broadcast/schedules")) {
    await officer.delete(`/broadcast/schedules/${old.id}`, old.revision);
  }
  await officer.post("/broadcast/schedules", {
    area_id: commune,
    name: "Bản tin đêm",
    station: "Đài truyền thanh xã",
    areas: villages,
    weekdays: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    times: ["00:00"],
    minutes: 1,
    topics: ["online_fraud", "fire_safety"],
    first_day: day(-6),
  });
}

/** Two villages of the first slot did not hear it: a power cut in one, in the other a broken line. */
async function explainApart(page, form) {
  await form.getByText("Có nơi không nghe được").first().click();
  await tick(form.getByRole("checkbox", { name: "Thôn Thử 7", exact: true }).first());
  await tick(form.getByRole("checkbox", { name: "Thôn Thử 8", exact: true }).first());
  await tick(form.getByRole("checkbox", { name: "Mỗi nơi một lý do" }));
  const second = form.getByRole("group", { name: "Vì sao Thôn Thử 8 không nghe được?" });
  await tick(second.getByRole("radio", { name: "Lý do khác" }));
  await form.getByLabel("Nói rõ lý do").fill("Đứt dây");
  const first = form.getByRole("group", { name: "Vì sao Thôn Thử 7 không nghe được?" });
  assert.ok(await first.getByRole("radio", { name: "Mất điện" }).isChecked());
}

/** Why broadcasts to the twenty villages were not heard, each reason with its words, in the order of letters. */
async function reasonsOf(officer) {
  const listed = await officer.get("/records?kind=loudspeaker_session");
  const details = await Promise.all(listed.items.map((row) => officer.get(`/records/${row.id}`)));
  const bodies = details.map((detail) => detail.record.body).filter((body) => body.areas.length === 20);
  const missed = bodies.flatMap((body) => body.areas.filter((area) => area.missed));
  return missed.map((area) => `${area.missed} ${area.note ?? ""}`).sort();
}

story("a commune of 20 villages confirms its week with three taps, without a network", async (stage) => {
  await twentyVillages(stage);
  const { phone, page } = await phoneOf(stage, OFFICER);
  await phone.context.setOffline(true);
  let taps = 0;
  const tap = async (locator) => {
    taps += 1;
    await locator.click();
  };
  await tap(page.getByRole("link", { name: "7 buổi chờ xác nhận" }));
  await page.getByRole("button", { name: "Xác nhận 7 buổi" }).waitFor();
  await assertAccessible(page, "the broadcasts that wait");
  await tap(page.getByRole("button", { name: "Xác nhận 7 buổi" }));
  await page.getByText("Không có buổi nào chờ xác nhận.").waitFor();
  assert.ok(taps <= 3, `${taps} taps`);
  assert.equal(await page.getByRole("link", { name: "Thêm ảnh, ghi chú" }).count(), 7, "each can be proved by photos");
  await assertAccessible(page, "the broadcasts that are confirmed");
  await phone.context.setOffline(false);
  await allSent(page);
  const officer = await stage.api(OFFICER);
  const found = await officer.get(`/sync/scope`);
  assert.equal(found.confirmed_slots.length, 7);
  assert.ok(found.confirmed_slots.every((slot) => slot.aired === 20));
});

story("a power cut in one village is told, and what a second phone confirms is done already", async (stage) => {
  await twentyVillages(stage);
  const { page } = await phoneOf(stage, OFFICER);
  const other = await phoneOf(stage, OFFICER);
  await other.phone.context.setOffline(true);
  await goTo(other.page, "Ghi nhận");
  await other.page.getByRole("link", { name: /Buổi phát loa/ }).click();
  await other.page.getByRole("button", { name: "Xác nhận 7 buổi" }).click();

  await page.goto("/broadcasts");
  await page.getByText("Có nơi không nghe được").first().click();
  await tick(page.getByRole("checkbox", { name: "Thôn Thử 7" }).first());
  await tick(page.getByRole("radio", { name: "Mất điện" }));
  await assertAccessible(page, "an exception");
  await page.getByRole("button", { name: "Xác nhận 7 buổi" }).click();
  await allSent(page);

  await other.phone.context.setOffline(false);
  await allSent(other.page);
  await other.page.goto("/records");
  await other.page.getByText("Đã có người xác nhận").first().waitFor();
  const officer = await stage.api(OFFICER);
  const scope = await officer.get("/sync/scope");
  const aired = scope.confirmed_slots.map((slot) => slot.aired).sort();
  assert.deepEqual(aired, [19, 20, 20, 20, 20, 20, 20]);
  assert.ok(scope.confirmed_slots.some((slot) => slot.late), "six days ago is late");
});

for (const size of [LAPTOP, PHONE]) {
  story(`two villages miss one broadcast for two reasons, and a phone and the desk keep both (desk on a ${size.name})`, async (stage) => {
    await twentyVillages(stage);
    const officer = await stage.api(OFFICER);
    const { page } = await phoneOf(stage, OFFICER);
    const laptop = await stage.device(size);
    const desk = await laptop.tab("/desk");
    await signInAtDesk(desk, OFFICER);
    await desk.goto("/desk/loudspeaker");

    await page.goto("/broadcasts");
    await page.getByRole("button", { name: "Xác nhận 7 buổi" }).waitFor();
    for (const box of await page.locator("li.card > label input[type=checkbox]").all()) await untick(box);
    await tick(page.locator("li.card > label input[type=checkbox]").first());
    await explainApart(page, page);
    await assertAccessible(page, "a reason for each village");
    await page.getByRole("button", { name: "Xác nhận 1 buổi" }).click();
    await allSent(page);
    assert.deepEqual(await reasonsOf(officer), ["other Đứt dây", "power_cut "]);

    await desk.reload();
    await desk.getByRole("button", { name: /Xác nhận cả tuần/ }).click();
    const dialog = desk.getByRole("dialog", { name: "Xác nhận cả tuần" });
    await explainApart(desk, dialog);
    await dialog.getByRole("button", { name: /Xác nhận \d+ buổi đã chọn/ }).click();
    await desk.getByText(/^Đã xác nhận \d+ buổi/).first().waitFor();
    await dialog.waitFor({ state: "hidden" });
    assert.deepEqual(await reasonsOf(officer), ["other Đứt dây", "other Đứt dây", "power_cut ", "power_cut "]);
  });
}

for (const size of [LAPTOP, PHONE]) {
  story(`an exception without its words is asked for them, and nothing is confirmed before (desk on a ${size.name})`, async (stage) => {
    await twentyVillages(stage);
    const officer = await stage.api(OFFICER);
    const confirmed = async () => (await officer.get("/sync/scope")).confirmed_slots.length;
    const { page } = await phoneOf(stage, OFFICER);
    await page.goto("/broadcasts");
    await page.getByText("Có nơi không nghe được").first().click();
    await tick(page.getByRole("checkbox", { name: "Thôn Thử 7" }).first());
    await tick(page.getByRole("radio", { name: "Lý do khác" }));
    await page.getByRole("button", { name: "Xác nhận 7 buổi" }).click();
    await page.getByText("Hãy nói rõ lý do.").waitFor();
    assert.match(await page.evaluate(() => document.activeElement.id), /-words$/);
    await assertAccessible(page, "an exception that lacks its words");
    await goTo(page, "Hôm nay");
    await page.getByRole("link", { name: "7 buổi chờ xác nhận" }).waitFor();
    assert.equal(await page.getByText("Nháp").count(), 0, "no draft is left");
    assert.equal(await confirmed(), 0);

    const laptop = await stage.device(size);
    const desk = await laptop.tab("/desk");
    await signInAtDesk(desk, OFFICER);
    await desk.goto("/desk/loudspeaker");
    await desk.getByRole("button", { name: /Xác nhận cả tuần/ }).click();
    const dialog = desk.getByRole("dialog", { name: "Xác nhận cả tuần" });
    const button = dialog.getByRole("button", { name: /Xác nhận \d+ buổi đã chọn/ });
    await dialog.getByText("Có nơi không nghe được").first().click();
    await tick(dialog.getByRole("checkbox", { name: "Thôn Thử 7" }).first());
    await tick(dialog.getByRole("radio", { name: "Lý do khác" }));
    await button.click();
    await dialog.getByText("Hãy nói rõ lý do.").waitFor();
    assert.equal(await confirmed(), 0);
    await dialog.getByLabel("Nói rõ lý do").fill("Đứt dây do cây đổ");
    await button.click();
    await desk.getByText(/^Đã xác nhận \d+ buổi/).first().waitFor();
    await dialog.waitFor({ state: "hidden" });
    const heard = (await officer.get("/sync/scope")).confirmed_slots.map((slot) => slot.missed);
    assert.equal(heard.filter((missed) => missed === 1).length, 1, "one broadcast was not heard in one village");
  });
}

for (const size of [LAPTOP, PHONE]) {
  story(`the desk on a ${size.name} shows the week, confirms what waits and writes a schedule`, async (stage) => {
    const device = await stage.device(size);
    const page = await device.tab("/desk");
    await signInAtDesk(page, OFFICER);
    await page.goto("/desk/loudspeaker");
    await page.getByRole("table", { name: "Độ phủ theo khu dân cư" }).waitFor();
    await assertAccessible(page, "the calendar");
    await page.getByRole("button", { name: "Tuần trước" }).click();
    await page.waitForURL(/week=/);
    await page.getByRole("link", { name: /Nghe được/ }).first().waitFor();
    await page.getByRole("button", { name: "Lập lịch phát" }).click();
    const form = page.getByRole("dialog", { name: "Lập lịch phát" });
    await form.getByLabel("Tên lịch").fill("Chương trình Chủ Nhật");
    await form.getByLabel("Đài, cụm loa").fill("Đài truyền thanh xã");
    for (const weekday of ["Thứ Hai", "Thứ Tư", "Thứ Sáu"]) await untick(form.getByRole("checkbox", { name: weekday }));
    await tick(form.getByRole("checkbox", { name: "Chủ Nhật" }));
    await form.getByRole("button", { name: "Lưu lịch" }).click();
    await form.getByText("Hãy điền chỗ này.").waitFor();
    await assertAccessible(page, "a schedule without topics");
    await tick(form.getByRole("checkbox", { name: "Phòng, chống ma túy" }));
    await tick(form.getByRole("checkbox", { name: /lừa đảo/i }).first());
    await form.getByRole("button", { name: /^Phát “.*lừa đảo.*” sớm hơn$/i }).click();
    await form.getByRole("listitem").first().filter({ hasText: /lừa đảo/i }).waitFor();
    await form.getByRole("button", { name: "Lưu lịch" }).click();
    await page.getByRole("rowheader", { name: "Chương trình Chủ Nhật" }).waitFor();
  });
}
