// The campaign calendar: days set at the desk, and one tap into the form on a phone without a network.
import assert from "node:assert/strict";
import { LAPTOP, PHONE, assertAccessible, settled } from "./stage/browser.mjs";
import { signInAtDesk } from "./stage/desk.mjs";
import { phoneOf } from "./stage/field.mjs";
import { MEMBER, OFFICER } from "./stage/people.mjs";
import { story } from "./stage/story.mjs";

const NAME = "Đợt 30 ngày đêm giữ bình yên";

/** Today and some days from it, as an input of dates takes them. */
function date(daysAhead) {
  return new Date(Date.now() + 7 * 3_600_000 + daysAhead * 86_400_000).toISOString().slice(0, 10);
}

for (const size of [LAPTOP, PHONE]) {
  story(`a campaign added on a ${size.name} is one tap away on the phone, also offline`, async (stage) => {
    const device = await stage.device(size);
    const desk = await device.tab("/desk");
    await signInAtDesk(desk, OFFICER);
    await desk.goto("/desk/targets");
    await desk.getByRole("link", { name: "Lịch hành động" }).click();
    await desk.getByRole("heading", { level: 1, name: "Lịch ngày, tháng hành động" }).waitFor();
    await desk.locator(".campaign-row").first().waitFor();
    await desk.getByRole("navigation").locator('a[href="/desk/targets"][aria-current="page"]').first().waitFor();
    assert.match(await desk.title(), /^Chỉ tiêu · /, "the page is called after the place that it belongs to");
    assert.equal(await desk.locator(".campaign-row").filter({ hasText: "Ngày hội toàn dân bảo vệ ANTQ" }).count(), 1);
    await desk.getByRole("button", { name: "Thêm đợt riêng" }).click();
    const form = desk.getByRole("dialog", { name: "Thêm đợt riêng" });
    await form.getByRole("button", { name: "Lưu" }).click();
    await form.getByText("Hãy điền chỗ này.").first().waitFor();
    await assertAccessible(desk, "a campaign without days");
    await form.getByLabel("Tên đợt").fill(NAME);
    await form.getByLabel("Từ ngày").fill(date(-1));
    await form.getByLabel("Đến hết ngày").fill(date(20));
    await form.getByRole("button", { name: "Lưu" }).click();
    const card = desk.locator(".campaign-card").filter({ hasText: NAME });
    await card.getByText("còn 20 ngày").waitFor();
    await settled(desk);
    await assertAccessible(desk, "the calendar");

    const { phone, page } = await phoneOf(stage, MEMBER);
    await page.getByRole("link", { name: "Ghi nhận" }).first().click();
    await page.getByRole("link", { name: NAME }).waitFor();
    await phone.context.setOffline(true);
    await assertAccessible(page, "what can be logged, with campaigns");
    await page.getByRole("link", { name: NAME }).click();
    const name = page.getByLabel(/^Tên, nếu là ngày, đợt khác/);
    await name.waitFor();
    assert.equal(await name.inputValue(), NAME);

    await card.getByRole("link", { name: NAME }).click();
    const open = desk.getByRole("region", { name: NAME });
    await open.getByText("Chưa có ghi nhận nào.", { exact: false }).waitFor();
    await settled(desk);
    await assertAccessible(desk, "one campaign");
    await open.getByRole("button", { name: "Xóa đợt này" }).click();
    await desk.getByText("Đã bỏ. Ghi nhận vẫn còn nguyên.").first().waitFor();
    await desk.getByRole("button", { name: "Hoàn tác" }).click();
    await card.waitFor();
  });
}
