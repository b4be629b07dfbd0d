// The desk: every page in both sizes, by keyboard, without a broken rule.
import { LAPTOP, PHONE, assertAccessible, settled } from "./stage/browser.mjs";
import { signInAtDesk } from "./stage/desk.mjs";
import { ADMINISTRATOR, MEMBER, OFFICER } from "./stage/people.mjs";
import { signIn } from "./stage/field.mjs";
import { story } from "./stage/story.mjs";

const PAGES = [
  "/desk",
  "/desk/review",
  "/desk/records",
  "/desk/map",
  "/desk/incidents",
  "/desk/cameras",
  "/desk/inbox",
  "/desk/areas",
  "/desk/teams",
  "/desk/teams/evaluation",
  "/desk/people",
  "/desk/plans",
  "/desk/tasks",
  "/desk/routes",
  "/desk/targets",
  "/desk/campaigns",
  "/desk/models",
  "/desk/loudspeaker",
  "/desk/checkpoints",
  "/desk/working-days",
  "/desk/profile",
];

for (const size of [LAPTOP, PHONE]) {
  story(`every page of the desk on a ${size.name} can be read by everybody`, async (stage) => {
    const device = await stage.device(size);
    const page = await device.tab("/desk");
    await page.getByLabel("Tên đăng nhập").waitFor();
    await assertAccessible(page, "sign-in at the desk");
    await signInAtDesk(page, OFFICER);
    for (const path of PAGES) {
      await page.goto(path);
      await page.locator("main h1").first().waitFor();
      await settled(page);
      await assertAccessible(page, path);
    }
  });
}

story("the officer reaches the next record by the keyboard alone", async (stage) => {
  const laptop = await stage.laptop();
  const page = await laptop.tab("/desk");
  await signInAtDesk(page, OFFICER);
  await page.goto("/desk/review");
  await page.locator("a[href^='/desk/review/']").first().waitFor();
  await page.keyboard.press("j");
  await page.waitForURL(/\/desk\/review\/[0-9a-f-]{36}/);
  const first = page.url();
  await page.keyboard.press("j");
  await page.waitForURL((url) => url.href !== first);
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Phím tắt" }).waitFor();
});

story("a member who opens the desk is shown the way to the app on the phone", async (stage) => {
  const laptop = await stage.laptop();
  const page = await laptop.tab("/");
  await signIn(page, MEMBER);
  await page.goto("/desk");
  await page.getByRole("link", { name: "Mở ứng dụng" }).waitFor();
});

story("the administrator makes an invitation that a phone can scan", async (stage) => {
  const laptop = await stage.laptop();
  const page = await laptop.tab("/desk");
  await signInAtDesk(page, ADMINISTRATOR);
  await page.goto("/desk/people");
  await page.locator("a[href^='/desk/people/']").first().click();
  await page.getByRole("button", { name: /^Tạo mã/ }).first().click();
  await page.getByRole("dialog").getByRole("img").first().waitFor();
});
