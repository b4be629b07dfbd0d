// Whatever happens to the page, the server or the network: nothing is lost, nothing arrives twice.
import assert from "node:assert/strict";
import { allSent, fillTraining, phoneOf, readyForOffline, signIn } from "./stage/field.mjs";
import { ADMINISTRATOR, LEADER, MEMBER, OFFICER } from "./stage/people.mjs";
import { Upgrade } from "./stage/proxy.mjs";
import { story } from "./stage/story.mjs";
import { until } from "./stage/until.mjs";

/** Training classes of this test, by what they were about. */
async function classes(officer, subject) {
  const page = await officer.get(`/records?kind=training_class&limit=200&search=${encodeURIComponent(subject)}`);
  return page.items;
}

story("a record sent while the server is down arrives once when it is up again", async (stage) => {
  const { page } = await phoneOf(stage, MEMBER);
  await stage.server.kill();
  await fillTraining(page, "Lớp khi mất máy chủ");
  await page.getByRole("button", { name: "Gửi", exact: true }).click();
  await page.getByText(/^Chờ gửi$/).first().waitFor();
  await stage.server.start();
  const officer = await stage.api(OFFICER);
  await page.goto("/phone");
  await page.getByRole("button", { name: "Gửi ngay" }).click();
  await allSent(page);
  assert.equal((await classes(officer, "Lớp khi mất máy chủ")).length, 1);
});

story("a draft is there again after its tab crashed in the middle of the form", async (stage) => {
  const { phone, page } = await phoneOf(stage, MEMBER);
  await fillTraining(page, "Lớp bị ngắt giữa chừng");
  const form = new URL(page.url()).pathname;
  const crashed = page.waitForEvent("crash");
  const session = await phone.context.newCDPSession(page);
  session.send("Page.crash").catch(() => {});
  await crashed;
  const again = await phone.tab("/");
  await again.getByRole("heading", { name: "Nháp chưa gửi" }).waitFor();
  await again.goto(form);
  assert.equal(await again.getByLabel(/^Nội dung/).inputValue(), "Lớp bị ngắt giữa chừng");
});

story("a second tab waits until it is asked to take over, and then the first one waits", async (stage) => {
  const { phone, page } = await phoneOf(stage, MEMBER);
  const second = await phone.tab("/");
  await second.getByText("Kẻng đang mở ở một thẻ khác").waitFor();
  await second.getByRole("button", { name: "Dùng ở thẻ này" }).click();
  await second.getByRole("heading", { level: 1, name: "Hôm nay" }).waitFor();
  await page.getByText("Kẻng đang mở ở một thẻ khác").waitFor();
});

story("two phones of one team send at once and each record is there once", async (stage) => {
  const [first, second] = await Promise.all([phoneOf(stage, MEMBER), phoneOf(stage, LEADER)]);
  await fillTraining(first.page, "Lớp của máy thứ nhất");
  await fillTraining(second.page, "Lớp của máy thứ hai");
  await Promise.all([first, second].map(({ page }) => page.getByRole("button", { name: "Gửi", exact: true }).click()));
  await Promise.all([allSent(first.page), allSent(second.page)]);
  const officer = await stage.api(OFFICER);
  for (const subject of ["Lớp của máy thứ nhất", "Lớp của máy thứ hai"]) {
    assert.equal((await classes(officer, subject)).length, 1, subject);
  }
});

story("signing out with unsent work asks first, and what is kept is sent after the next sign-in", async (stage) => {
  const { phone, page } = await phoneOf(stage, MEMBER);
  await phone.context.setOffline(true);
  await fillTraining(page, "Lớp chưa kịp gửi");
  await page.getByRole("button", { name: "Gửi", exact: true }).click();
  await page.getByText(/^Chờ gửi$/).first().waitFor();
  await page.goto("/me");
  await page.getByRole("button", { name: "Đăng xuất" }).click();
  const question = page.getByRole("dialog");
  await question.getByText(/chưa gửi/).waitFor();
  await question.getByRole("button", { name: "Đăng xuất, giữ lại trên máy" }).click();
  await page.getByLabel("Tên đăng nhập").waitFor();
  await phone.context.setOffline(false);
  await signIn(page, MEMBER);
  await allSent(page);
  const officer = await stage.api(OFFICER);
  assert.equal((await classes(officer, "Lớp chưa kịp gửi")).length, 1);
});

story("a later version of the app waits for a tap, and not while a form is open", async (stage) => {
  const upgrade = await Upgrade.of(stage.server);
  const phone = await stage.phone({ url: upgrade.url });
  const page = await phone.tab("/");
  await signIn(page, MEMBER);
  await readyForOffline(page);
  await page.reload();
  upgrade.release();
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
  const notice = page.getByText("Có bản Kẻng mới.");
  await notice.waitFor();
  await page.goto("/log/training_class");
  await page.getByLabel(/^Nội dung/).waitFor();
  assert.equal(await notice.count(), 0, "no notice over an open form");
  await page.goto("/");
  await notice.waitFor();
  await page.getByRole("button", { name: "Cập nhật", exact: true }).click();
  await until("the later version runs", () =>
    page.evaluate(async () => (await caches.keys()).some((name) => name.endsWith("later"))),
  );
  await page.getByRole("heading", { level: 1, name: "Hôm nay" }).waitFor();
  upgrade.close();
});

story("an enrolment link sets the first password and opens the app, and works once", async (stage) => {
  const administrator = await stage.api(ADMINISTRATOR);
  const leader = await stage.api(LEADER);
  const { role: _, area_id } = leader.me.memberships[0];
  const person = await administrator.post("/users", {
    username: "nguoi.moi",
    name: "Người Mới",
    membership: { role: "member", area_id, team_id: leader.me.memberships[0].team_id },
  });
  const enrolment = await administrator.post(`/users/${person.id}/enrolment`, {});
  const phone = await stage.phone();
  const page = await phone.tab(enrolment.path);
  await page.getByText("Chào Người Mới").waitFor();
  await page.getByLabel("Mật khẩu mới", { exact: true }).fill("ba con trau trang");
  await page.getByRole("button", { name: "Đặt mật khẩu và vào" }).click();
  await page.getByRole("heading", { level: 1, name: "Hôm nay" }).waitFor();
  assert.equal(new URL(page.url()).hash, "", "the code does not stay in the address");

  const other = await stage.phone();
  const late = await other.tab(enrolment.path);
  await late.getByRole("alert").waitFor();
});
