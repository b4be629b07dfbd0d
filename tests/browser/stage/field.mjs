// What a member does on the phone, in the words that stand on the screen.
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
  await until("plans and areas are loaded", async () => (await page.getByText("Đang tải lịch và địa bàn").count()) === 0);
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

/** Waits until nothing is left to send, as the words on top say. */
export async function allSent(page) {
  await page.getByRole("status").filter({ hasText: /Đã gửi hết/ }).first().waitFor();
}
