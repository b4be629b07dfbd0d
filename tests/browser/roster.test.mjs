// The roster: planned at the desk by mouse and by keyboard, seen and begun on the phone without a network.
import assert from "node:assert/strict";
import { LAPTOP, PHONE, assertAccessible } from "./stage/browser.mjs";
import { signInAtDesk } from "./stage/desk.mjs";
import { allSent, phoneOf } from "./stage/field.mjs";
import { MEMBER, OFFICER } from "./stage/people.mjs";
import { tick } from "./stage/press.mjs";
import { story } from "./stage/story.mjs";
import { until } from "./stage/until.mjs";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const TEAM = "Tổ bảo vệ ANTT thôn Thành Sơn";

/** Midnight in Việt Nam on the Monday of next week. */
function nextMonday() {
  const local = Date.now() + 7 * HOUR;
  const today = local - (local % DAY);
  const weekday = (new Date(today).getUTCDay() + 6) % 7;
  return today + (7 - weekday) * DAY - 7 * HOUR;
}

function date(at) {
  return new Date(at + 7 * HOUR).toISOString().slice(0, 10);
}

/** A shift of the team next week: on a day counted from Monday, from 19:00 to 21:00. */
async function planned(officer, day) {
  const scope = await officer.get("/sync/scope");
  const team = scope.teams.find((found) => found.name === TEAM);
  assert.ok(team, scope.teams.map((found) => found.name).join(", "));
  const starts = nextMonday() + day * DAY + 19 * HOUR;
  return officer.post("/patrol-plans", {
    team_id: team.id,
    area_id: team.area_id,
    starts_at: starts,
    ends_at: starts + 2 * HOUR,
  });
}

/** The start of a shift as the server has it. */
async function startOf(officer, id) {
  const plans = await officer.get("/patrol-plans");
  return plans.find((plan) => plan.id === id)?.starts_at;
}

async function nextWeekAtDesk(stage, size) {
  const device = await stage.device(size);
  const page = await device.tab("/desk");
  await signInAtDesk(page, OFFICER);
  await page.goto(`/desk/plans?week=${date(nextMonday())}`);
  await page.getByRole("table", { name: "Lịch tuần tra, trực" }).waitFor();
  return page;
}

for (const size of [LAPTOP, PHONE]) {
  story(`a shift is moved by the keyboard alone on a ${size.name}, and moved back`, async (stage) => {
    const officer = await stage.api(OFFICER);
    const shift = await planned(officer, 1);
    const page = await nextWeekAtDesk(stage, size);
    await assertAccessible(page, "the roster");
    const open = page.locator(`#shift-${shift.id}`);
    await open.focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: /^Ca 19:00–21:00/ });
    await dialog.waitFor();
    await assertAccessible(page, "a shift");
    const day = dialog.getByLabel("Ngày");
    await day.fill(date(nextMonday() + 3 * DAY));
    await day.press("Enter");
    await page.getByText("Đã chuyển ca sang").waitFor();
    assert.equal(await startOf(officer, shift.id), shift.starts_at + 2 * DAY);
    await until("the focus is on the shift", () =>
      page.evaluate((id) => document.activeElement?.id === `shift-${id}`, shift.id),
    );
    await page.getByRole("button", { name: "Hoàn tác" }).press("Enter");
    await page.getByText("Đã chuyển ca về chỗ cũ.").waitFor();
    assert.equal(await startOf(officer, shift.id), shift.starts_at);
  });
}

story("a shift is dragged to another day, and one that would overlap is refused with the other's name", async (stage) => {
  const officer = await stage.api(OFFICER);
  const shift = await planned(officer, 1);
  const other = await planned(officer, 4);
  const page = await nextWeekAtDesk(stage, LAPTOP);
  const row = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: TEAM }) });
  const card = (id) => page.locator(".shift").filter({ has: page.locator(`#shift-${id}`) });
  await card(shift.id).dragTo(row.getByRole("cell").nth(2));
  await page.getByText("Đã chuyển ca sang").waitFor();
  assert.equal(await startOf(officer, shift.id), shift.starts_at + DAY);
  await card(shift.id).dragTo(row.getByRole("cell").nth(4));
  await page.getByText(`Trùng giờ với “${TEAM}, `, { exact: false }).waitFor();
  assert.equal(await startOf(officer, shift.id), shift.starts_at + DAY);
  assert.equal(await startOf(officer, other.id), other.starts_at);
});

for (const size of [LAPTOP, PHONE]) {
  story(`last week is copied on a ${size.name}, what is there is left out, and the copy is undone`, async (stage) => {
    const officer = await stage.api(OFFICER);
    await planned(officer, 1);
    await planned(officer, 2);
    const after = date(nextMonday() + 7 * DAY);
    const inWeek = async () => (await officer.get(`/patrol-plans?week=${after}`)).length;
    const page = await nextWeekAtDesk(stage, size);
    await page.getByRole("button", { name: "Tuần sau" }).click();
    await page.waitForURL((url) => url.searchParams.get("week") === after);
    await page.getByRole("button", { name: "Chép tuần trước sang" }).click();
    await page.getByText(/^Đã chép \d+ ca\.$/).waitFor();
    const copied = await inWeek();
    assert.ok(copied >= 2, `${copied} copied`);
    await page.getByRole("button", { name: "Hoàn tác" }).click();
    await page.getByText("Đã bỏ các ca vừa chép.").waitFor();
    assert.equal(await inWeek(), 0);
    for (let round = 0; round < 2; round += 1) {
      await page.getByRole("button", { name: "Chép tuần trước sang" }).click();
      await page.getByText(round ? "Đã chép 0 ca." : `Đã chép ${copied} ca.`).waitFor();
    }
    await page.getByText(`${copied} ca không chép được`).waitFor();
    await assertAccessible(page, "what was left out");
    assert.equal(await inWeek(), copied);
  });
}

for (const size of [LAPTOP, PHONE]) {
  story(`a shift is planned in the form on a ${size.name}; one in the past is refused`, async (stage) => {
    const page = await nextWeekAtDesk(stage, size);
    // Days without a shift are folded where days stand below each other.
    if (size === PHONE) await page.getByRole("button", { name: new RegExp(`ngày.*: ${TEAM}$`) }).click();
    await page.getByRole("button", { name: new RegExp(`^Xếp ca: ${TEAM}`) }).first().click();
    const form = page.getByRole("dialog", { name: "Xếp ca" });
    await form.getByLabel("Bắt đầu").fill(`${date(Date.now() - 2 * DAY)}T21:00`);
    await form.getByRole("button", { name: "Xếp ca" }).click();
    await form.getByText("Thời điểm này sớm quá.", { exact: false }).first().waitFor();
    await assertAccessible(page, "a shift in the past");
    await form.getByLabel("Bắt đầu").fill(`${date(nextMonday())}T18:00`);
    await form.getByLabel("Kết thúc").fill(`${date(nextMonday())}T20:00`);
    await tick(form.getByRole("radio", { name: "Trực" }));
    await form.getByRole("button", { name: "Xếp ca" }).click();
    await page.locator(".shift").filter({ hasText: "18:00–20:00" }).filter({ hasText: "Trực" }).waitFor();
  });
}

for (const size of [LAPTOP, PHONE]) {
  story(`the phone shows the coming shifts without a network, and the desk sees the one that is begun (desk on a ${size.name})`, async (stage) => {
    const { phone, page } = await phoneOf(stage, MEMBER);
    await phone.context.setOffline(true);
    await page.getByRole("link", { name: /ca trong lịch của tổ/ }).click();
    await page.getByRole("heading", { level: 1, name: "Ca sắp tới của tổ" }).waitFor();
    await assertAccessible(page, "coming shifts");
    await page.getByRole("link", { name: "Bắt đầu ca này" }).first().click();
    await page.getByRole("button", { name: "Bắt đầu", exact: true }).click();
    await page.waitForURL("**/patrol");
    await page.goto("/shifts");
    await page.getByText("Đang làm").first().waitFor();
    await phone.context.setOffline(false);
    await allSent(page);
    const laptop = await stage.device(size);
    const desk = await laptop.tab("/desk");
    await signInAtDesk(desk, OFFICER);
    await desk.goto("/desk/plans");
    await desk.locator(".shift").filter({ hasText: "Đang làm" }).first().waitFor();
  });
}
