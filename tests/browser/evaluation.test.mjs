// The yearly evaluation of teams at the desk.
import assert from "node:assert/strict";
import { LAPTOP, PHONE, assertAccessible, settled } from "./stage/browser.mjs";
import { signInAtDesk } from "./stage/desk.mjs";
import { OFFICER } from "./stage/people.mjs";
import { story } from "./stage/story.mjs";

for (const size of [LAPTOP, PHONE]) {
  story(`an officer sees what each team logged, is held to a fifth at the top and to words, and decides (desk on a ${size.name})`, async (stage) => {
    const laptop = await stage.device(size);
    const desk = await laptop.tab("/desk");
    await signInAtDesk(desk, OFFICER);
    await desk.goto("/desk/teams");
    await desk.getByRole("link", { name: "Xếp loại" }).click();
    const levels = desk.getByRole("combobox", { name: /^Xếp loại của / });
    await levels.first().waitFor();
    const count = await levels.count();
    for (let team = 0; team < count; team += 1) await levels.nth(team).selectOption("Hoàn thành xuất sắc");
    await desk.getByRole("button", { name: "Ghi xếp loại" }).click();
    const reasons = desk.getByRole("textbox", { name: /^Lý do xếp loại / });
    assert.equal(await reasons.first().getAttribute("aria-invalid"), "true");
    for (let team = 0; team < count; team += 1) await reasons.nth(team).fill("Theo biên bản họp xã.");
    await desk.getByRole("button", { name: "Ghi xếp loại" }).click();
    await desk.getByText(/^Nhiều nhất \d+ tổ xuất sắc/).waitFor();
    await settled(desk);
    await assertAccessible(desk, "an evaluation that goes too far");
    for (let team = 0; team < count; team += 1) await levels.nth(team).selectOption("Hoàn thành tốt");
    await desk.getByRole("button", { name: "Ghi xếp loại" }).click();
    await desk.getByText("Đã ghi xếp loại của các tổ.").first().waitFor();
    await desk.reload();
    await desk.getByText(/đã xếp loại/).waitFor();
    assert.equal(await levels.first().inputValue(), "good");
    assert.equal(await reasons.first().inputValue(), "Theo biên bản họp xã.");
  });
}
