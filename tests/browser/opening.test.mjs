// Opening the app: every page in both sizes, both languages and both themes, without a broken rule.
import assert from "node:assert/strict";
import { LAPTOP, PHONE, assertAccessible } from "./stage/browser.mjs";
import { signInAtDesk } from "./stage/desk.mjs";
import { phoneOf, readyForOffline, signIn } from "./stage/field.mjs";
import { MEMBER, OFFICER } from "./stage/people.mjs";
import { tick } from "./stage/press.mjs";
import { story } from "./stage/story.mjs";

for (const size of [PHONE, LAPTOP]) {
  story(`a stranger on a ${size.name} is asked to sign in`, async (stage) => {
    const device = await stage.device(size);
    const page = await device.tab("/");
    await page.getByRole("button", { name: "Đăng nhập" }).waitFor();
    await assertAccessible(page, "sign-in");
  });

  story(`every place of the field app on a ${size.name} can be read by everybody`, async (stage) => {
    const device = await stage.device(size);
    const page = await device.tab("/");
    await signIn(page, MEMBER);
    for (const path of ["/", "/log", "/records", "/me", "/phone", "/patrol/start", "/broadcasts", "/shifts", "/tasks"]) {
      await page.goto(path);
      await page.locator("main h1").waitFor();
      await assertAccessible(page, path);
    }
    await page.goto("/log/training_class");
    await page.getByLabel(/^Nội dung/).waitFor();
    await assertAccessible(page, "a form");
  });
}

story("a new member's invitation can be read by everybody", async (stage) => {
  const officer = await stage.api(OFFICER);
  const { items } = await officer.get("/users?limit=200");
  const person = items.find((user) => user.username === MEMBER.username);
  const invitation = await officer.post(`/users/${person.id}/enrolment`, {});
  const phone = await stage.phone();
  const page = await phone.tab(invitation.path);
  await page.getByLabel("Mật khẩu mới").waitFor();
  await assertAccessible(page, "the enrolment");
});

story("an address of a form opens it on a phone that was never here before", async (stage) => {
  const phone = await stage.phone();
  const page = await phone.tab("/log/training_class");
  await page.getByLabel("Tên đăng nhập").fill(MEMBER.username);
  await page.getByLabel("Mật khẩu", { exact: true }).fill(MEMBER.password);
  await page.getByRole("button", { name: "Đăng nhập" }).click();
  await page.getByLabel(/^Nội dung/).waitFor();
  assert.match(new URL(page.url()).pathname, /^\/form\//);
});

story("a wrong password is told in words and leaves the name in the form", async (stage) => {
  const phone = await stage.phone();
  const page = await phone.tab("/");
  await page.getByLabel("Tên đăng nhập").fill(MEMBER.username);
  await page.getByLabel("Mật khẩu", { exact: true }).fill("khong-phai-mat-khau");
  await page.getByRole("button", { name: "Đăng nhập" }).click();
  await page.getByRole("alert").waitFor();
  assert.equal(await page.getByLabel("Tên đăng nhập").inputValue(), MEMBER.username);
});

story("the app opens again without a network and without a server", async (stage) => {
  const { phone, page } = await phoneOf(stage, MEMBER);
  await stage.server.stop();
  await phone.context.setOffline(true);
  await page.reload();
  await page.getByRole("heading", { level: 1, name: "Hôm nay" }).waitFor();
});

story("every screen opens without a network once the app was opened with one", async (stage) => {
  const { phone, page } = await phoneOf(stage, MEMBER);
  await stage.server.stop();
  await phone.context.setOffline(true);
  await page.reload();
  for (const [path, heading] of [["/patrol/start", "Bắt đầu tuần tra"], ["/log/training_class", "Lớp tập huấn, bồi dưỡng"], ["/phone", "Còn trên máy này"]]) {
    await page.goto(path);
    await page.getByRole("heading", { level: 1, name: heading }).waitFor();
  }
});

story("a page of the desk that could not be fetched says so, and comes when asked again", async (stage) => {
  const laptop = await stage.device(LAPTOP);
  const page = await laptop.tab("/desk");
  await signInAtDesk(page, OFFICER);
  const files = "**/assets/desk-split_people*";
  await page.route(files, (route) => route.abort());
  await page.goto("/desk/teams");
  const again = page.getByRole("button", { name: "Thử lại" });
  await again.waitFor();
  await assertAccessible(page, "a page that did not come");
  await page.unroute(files);
  await again.click();
  await page.getByRole("heading", { level: 1, name: "Tổ và người" }).waitFor();
});

story("the language and the theme stay as they were chosen", async (stage) => {
  const phone = await stage.phone();
  const page = await phone.tab("/");
  await signIn(page, MEMBER);
  await readyForOffline(page);
  await page.goto("/me");
  await tick(page.getByRole("radio", { name: "English" }));
  await page.getByRole("navigation").getByRole("link", { name: "Today" }).waitFor();
  await tick(page.getByRole("radio", { name: "Dark" }));
  await page.reload();
  await page.getByRole("navigation").getByRole("link", { name: "Today" }).waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
  await assertAccessible(page, "the profile in the dark");
});
