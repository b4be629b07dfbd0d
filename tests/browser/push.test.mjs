// Urgent news while the app is not open: from the switch through a push service to the notification.
import assert from "node:assert/strict";
import { LAPTOP, PHONE, assertAccessible, settled } from "./stage/browser.mjs";
import { signInAtDesk } from "./stage/desk.mjs";
import { goTo, phoneOf } from "./stage/field.mjs";
import { MEMBER, OFFICER, VOLUNTEER } from "./stage/people.mjs";
import { tick } from "./stage/press.mjs";
import { Carrier, deliver, notifications, subscribesWith, tapNotification } from "./stage/push.mjs";
import { story } from "./stage/story.mjs";
import { until } from "./stage/until.mjs";

for (const size of [LAPTOP, PHONE]) {
  story(`an officer turns urgent news on, an incident comes as a notification in words, and tapping it shows the case (desk on a ${size.name})`, async (stage) => {
    const carrier = await Carrier.start();
    await stage.server.restartWith({ KENG_PUSH_SERVICES: carrier.origin });
    const laptop = await stage.device(size);
    await laptop.context.grantPermissions(["notifications"]);
    await subscribesWith(laptop.context, carrier);
    const desk = await laptop.tab("/desk");
    await signInAtDesk(desk, OFFICER);
    await desk.goto("/desk/profile");
    await desk.getByRole("button", { name: "Bật báo tin khẩn" }).click();
    await desk.getByText("Đang bật", { exact: true }).waitFor();
    await settled(desk);
    await assertAccessible(desk, "urgent news on a laptop");

    const { page } = await phoneOf(stage, VOLUNTEER);
    await page.getByRole("link", { name: "Vụ việc qua camera", exact: true }).click();
    const answers = [[/^Camera nào/, "Cổng chợ Thống Nhất"], [/^Việc gì/, "Cháy, nổ hoặc nguy cơ cháy"], [/^Mức độ/, "Khẩn cấp: đang nguy hiểm"]];
    for (const [question, answer] of answers) {
      await tick(page.getByRole("group", { name: question }).getByRole("radio", { name: answer, exact: true }));
    }
    await page.getByRole("button", { name: "Gửi", exact: true }).click();

    const said = await carrier.next();
    assert.equal(said.news.type, "incident_reported");
    await deliver(desk, said);
    const shown = await until("the notification is there", () => notifications(desk));
    assert.equal(shown.length, 1);
    assert.equal(shown[0].title, "Kẻng: tin khẩn");
    assert.match(shown[0].body, /Cháy, nổ/);
    await tapNotification(laptop.context);
    await desk.getByRole("heading", { level: 1, name: /Cháy, nổ/ }).waitFor();

    await desk.goto("/desk/profile");
    await desk.getByRole("button", { name: "Tắt", exact: true }).click();
    await desk.getByRole("button", { name: "Bật báo tin khẩn" }).waitFor();
    await carrier.stop();
  });
}

story("a person tries urgent news out on the phone, and when the browser blocks it the screen says how to allow it", async (stage) => {
  const carrier = await Carrier.start();
  await stage.server.restartWith({ KENG_PUSH_SERVICES: carrier.origin });
  const { phone, page } = await phoneOf(stage, MEMBER);
  await phone.context.grantPermissions(["notifications"]);
  await subscribesWith(phone.context, carrier);
  await page.goto("/me");
  await page.getByRole("button", { name: "Bật báo tin khẩn" }).click();
  await page.getByText("Đang bật", { exact: true }).waitFor();
  await settled(page);
  await assertAccessible(page, "urgent news on a phone");
  await page.getByRole("button", { name: "Gửi thử" }).click();
  await deliver(page, await carrier.next());
  const shown = await until("the test is there", () => notifications(page));
  assert.equal(shown[0].body, "Tin thử: máy này nhận được tin khẩn.");

  await page.evaluate(() => Object.defineProperty(Notification, "permission", { get: () => "denied" }));
  await goTo(page, "Hôm nay");
  await page.goBack();
  await page.getByText(/đang chặn thông báo/).waitFor();
  await carrier.stop();
});

story("a server that sends no pushes says so and the inbox stays", async (stage) => {
  await stage.server.restartWith({ KENG_PUSH_SERVICES: "" });
  const { phone, page } = await phoneOf(stage, MEMBER);
  await phone.context.grantPermissions(["notifications"]);
  await page.goto("/me");
  await page.getByText("Máy chủ này không gửi tin báo. Hộp tin vẫn có đủ.").waitFor();
});
