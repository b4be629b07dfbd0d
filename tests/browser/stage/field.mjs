// What a member does on the phone, in the words that stand on the screen.
import { assertAccessible } from "./browser.mjs";
import { tick } from "./press.mjs";
import { until } from "./until.mjs";

/** Signs in on a page of the field app and waits for the first screen. */
export async function signIn(page, person) {
  await page.getByLabel("Tên đăng nhập").fill(person.username);
  await page.getByLabel("Mật khẩu", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Đăng nhập" }).click();
  await page.getByRole("heading", { level: 1, name: "Hôm nay" }).waitFor();
}

/** A phone with the app open and the person signed in, whose app works without a network from now on. */
export async function phoneOf(stage, person, options) {
  const phone = await stage.phone(options);
  const page = await phone.tab("/");
  await signIn(page, person);
  await readyForOffline(page);
  await hasScope(page);
  return { phone, page };
}

/** The service worker holds every file of the app. */
export async function readyForOffline(page) {
  await until("the service worker is active", () =>
    page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state === "activated"),
  );
}

/** Plans and areas are on the phone. */
async function hasScope(page) {
  await page.getByRole("link", { name: "Tuần tra đột xuất" }).waitFor();
}

/** Goes to one of the four places of the bottom bar. */
export async function goTo(page, place) {
  await page.getByRole("navigation").getByRole("link", { name: place }).click();
}

/** Takes photos with the camera inside the page. */
export async function takePhotos(page, count) {
  await page.getByRole("button", { name: "Chụp ảnh", exact: true }).first().click();
  const camera = page.getByRole("dialog", { name: "Máy ảnh" });
  for (let taken = 1; taken <= count; taken += 1) {
    await camera.locator(".shutter:not([aria-disabled])").click();
    await camera.getByText(`Đã giữ ${taken} ảnh`).waitFor();
  }
  await camera.getByRole("button", { name: "Xong" }).click();
}

/** Opens the screen of what is still on this phone and waits until nothing is. */
export async function allSent(page) {
  await page.goto("/phone");
  await page.getByText("Không còn gì trên máy chờ gửi.").waitFor();
}

/** Starts the first planned patrol of the day. */
export async function startPlanned(page) {
  await page.getByRole("link", { name: "Bắt đầu ca này" }).first().click();
  await page.getByRole("button", { name: "Bắt đầu", exact: true }).click();
  await page.getByRole("timer").waitFor();
}

/** Checks in by position where the phone stands. A phone in a hand never stands quite still. */
export async function checkInHere(phone, page, point) {
  const button = page.getByRole("button", { name: "Điểm danh tại đây" });
  let nudge = 0;
  await until(`the phone knows that it is at ${point.name}`, async () => {
    nudge += 1;
    await phone.moveTo({ latitude: point.latitude + (nudge % 7) * 0.00001, longitude: point.longitude });
    return button.isVisible();
  });
  await page.getByText(`Bạn đang ở ${point.name}`).waitFor();
  await button.click();
  await page.getByText(`Đã điểm danh ${point.name}`).first().waitFor();
  await dismissMessages(page);
}

/** Reads the messages at the bottom and puts them away. */
async function dismissMessages(page) {
  const close = page.locator(".toasts").getByRole("button", { name: "Đóng" });
  await until("no message is left", async () => {
    if ((await close.count()) === 0) return true;
    await close.first().click();
    return false;
  });
}

/** Walks in a straight line; the browser hears of some positions on the way. */
export async function walk(phone, from, to) {
  const steps = 8;
  for (let step = 1; step <= steps; step += 1) {
    const part = step / steps;
    await phone.moveTo({
      latitude: from.latitude + (to.latitude - from.latitude) * part,
      longitude: from.longitude + (to.longitude - from.longitude) * part,
    });
  }
}

export async function reportFinding(page, { photos, note }) {
  await page.getByRole("button", { name: "Ghi phát hiện" }).click();
  await tick(page.getByRole("radio").first());
  await takePhotos(page, photos);
  await page.getByLabel(/^Tả ngắn gọn/).fill(note);
  await assertAccessible(page, "a finding");
  await page.getByRole("button", { name: "Lưu phát hiện" }).click();
  await page.getByRole("timer").waitFor();
}

/** Ends the running patrol; before its planned end a reason is asked for. */
export async function endPatrol(page) {
  await page.getByRole("link", { name: "Kết thúc ca" }).click();
  await page.getByRole("heading", { name: "Kết thúc ca tuần tra" }).waitFor();
  await assertAccessible(page, "the end of a patrol");
  const reasons = page.getByRole("radio");
  if ((await reasons.count()) > 0) await tick(reasons.first());
  await page.getByLabel(/^Ghi chú của ca/).fill("Tình hình bình thường");
  const hold = page.locator(".hold-button");
  await hold.press("Enter");
  await hold.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Tuần tra" }).waitFor();
}

/** Opens the form of a training class and fills in what is required, without sending it. */
export async function fillTraining(page, subject) {
  await page.goto("/log/training_class");
  await page.getByLabel(/^Nội dung/).fill(subject);
  await page.getByLabel(/^Địa điểm/).fill("Nhà văn hóa thôn");
  await page.getByLabel(/^Số học viên/).fill("25");
  await page.getByLabel(/^Số buổi/).fill("2");
  await page.getByText("Đã lưu nháp trên máy").waitFor();
}
