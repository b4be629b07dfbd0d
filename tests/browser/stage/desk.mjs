// What an officer does at the desk, in the words that stand on the screen.

/** Signs in at the desk and waits for its rail. */
export async function signInAtDesk(page, person) {
  await page.getByLabel("Tên đăng nhập").fill(person.username);
  await page.getByLabel("Mật khẩu", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Đăng nhập" }).click();
  await page.getByRole("navigation").first().waitFor();
}

/** Opens a record of the review list by its address, as a link in a message would. */
export async function openRecord(page, id) {
  await page.goto(`/desk/review/${id}`);
  await page.getByRole("heading", { name: "Ảnh" }).first().waitFor();
}

/** Chooses a photo in the strip, counted from 1. */
async function choosePhoto(page, number) {
  await page.locator(".photo-strip .photo-tile").nth(number - 1).click();
}

/** Accepts one photo. */
export async function acceptPhoto(page, number) {
  await choosePhoto(page, number);
  await page.getByRole("button", { name: "Nhận ảnh này" }).click();
  await page.getByText("Đã nhận ảnh.").first().waitFor();
}

/** Returns one photo with words to its author. */
export async function returnPhoto(page, number, words) {
  await choosePhoto(page, number);
  await page.getByRole("button", { name: "Trả ảnh này" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(/^Lời nhắn cho người ghi/).fill(words);
  await dialog.getByRole("button", { name: "Trả lại", exact: true }).click();
  await page.getByText("Đã trả lại ảnh.").first().waitFor();
}
