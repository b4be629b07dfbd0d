// The register of self-management models: found, ended and taken back at the desk, chosen in a form on the phone.
import assert from "node:assert/strict";
import { LAPTOP, PHONE, assertAccessible, settled } from "./stage/browser.mjs";
import { signInAtDesk } from "./stage/desk.mjs";
import { phoneOf } from "./stage/field.mjs";
import { MEMBER, OFFICER } from "./stage/people.mjs";
import { tick } from "./stage/press.mjs";
import { story } from "./stage/story.mjs";
import { until } from "./stage/until.mjs";

const NAME = "Tiếng kẻng bình yên";

for (const size of [LAPTOP, PHONE]) {
  story(`a model is found, merged and taken back on a ${size.name}, and chosen offline on the phone`, async (stage) => {
    const device = await stage.device(size);
    const desk = await device.tab("/desk");
    await signInAtDesk(desk, OFFICER);
    await desk.goto("/desk/targets");
    await desk.getByRole("link", { name: "Mô hình" }).click();
    await desk.getByRole("heading", { level: 1, name: "Sổ mô hình tự quản" }).waitFor();
    await desk.getByRole("navigation").locator('a[href="/desk/targets"][aria-current="page"]').first().waitFor();
    await desk.getByLabel("Tìm theo tên").fill("tieng keng");
    const rows = desk.getByRole("rowheader");
    await until("only that model is left", async () => (await rows.count()) === 1);
    await rows.getByRole("link", { name: NAME }).waitFor();
    await settled(desk);
    await assertAccessible(desk, "the register");
    await rows.getByRole("link", { name: NAME }).click();
    const open = desk.getByRole("region", { name: NAME });
    await open.getByText("Sinh hoạt quý II", { exact: false }).waitFor();
    await settled(desk);
    await assertAccessible(desk, "a model");
    await open.getByRole("button", { name: "Sáp nhập hoặc kết thúc" }).click();
    const form = desk.getByRole("dialog");
    await tick(form.getByRole("radio", { name: "Sáp nhập vào mô hình khác" }));
    await form.getByRole("button", { name: "Ghi vào sổ" }).click();
    await form.getByText("Hãy điền chỗ này.").first().waitFor();
    await assertAccessible(desk, "a merger without a word");
    await form.getByLabel("Sáp nhập vào", { exact: true }).selectOption({ index: 1 });
    await form.getByLabel("Lý do, căn cứ").fill("Theo quyết định của xã");
    await form.getByRole("button", { name: "Ghi vào sổ" }).click();
    await open.getByText("Theo quyết định của xã", { exact: false }).waitFor();
    await open.getByRole("button", { name: "Bỏ, mô hình vẫn hoạt động" }).click();
    await open.getByRole("button", { name: "Sáp nhập hoặc kết thúc" }).waitFor();

    const { phone, page } = await phoneOf(stage, MEMBER);
    await phone.context.setOffline(true);
    await page.getByRole("link", { name: "Ghi nhận" }).first().click();
    await page.getByRole("link", { name: "Mô hình: hoạt động" }).click();
    const choice = page.getByLabel(/^Mô hình của xã/);
    const option = choice.locator("option").filter({ hasText: NAME });
    await choice.selectOption((await option.getAttribute("value")) ?? "");
    assert.equal(await page.getByLabel("Tên", { exact: true }).inputValue(), NAME);
    await assertAccessible(page, "an activity of a model");
  });
}
