// Lists from spreadsheets: what is wrong with a file is said, and ordinary spreadsheets are taken as they are.
import { LAPTOP, PHONE, assertAccessible } from "./stage/browser.mjs";
import { signInAtDesk } from "./stage/desk.mjs";
import { OFFICER } from "./stage/people.mjs";
import { story } from "./stage/story.mjs";

/** A file for the input of a page. */
function csv(text) {
  return { name: "camera.csv", mimeType: "text/csv", buffer: Buffer.from(text) };
}

for (const size of [LAPTOP, PHONE]) {
  story(`a file without a header is refused in words on a ${size.name}, and a spreadsheet with a title is taken`, async (stage) => {
    const device = await stage.device(size);
    const page = await device.tab("/desk");
    await signInAtDesk(page, OFFICER);
    await page.goto("/desk/cameras");
    const card = page.locator("section", { has: page.getByRole("heading", { name: "Nhập camera từ CSV" }) });
    const file = card.locator("input[type=file]");
    const look = card.getByRole("button", { name: "Xem thử, chưa ghi" });
    await file.setInputFiles(csv("\n"));
    await look.click();
    await card.getByText("Tệp cần các cột: name, area, lat, lon.", { exact: false }).waitFor();
    await assertAccessible(page, "a file that was refused");

    const rows = ["Danh sách camera của xã,,,,,", "Tên camera,Địa bàn,Vĩ độ,Kinh độ,Ngày đồng ý,", "Đầu cầu Thành Sơn,Thôn Thành Sơn,19.9663,105.3021,10/02/2026,", ",,,,,", "Không rõ chỗ,Thôn Không Có,19.9,105.3,10/02/2026,"];
    await file.setInputFiles(csv(rows.join("\n")));
    await look.click();
    const wrong = card.getByRole("row").filter({ hasText: "Không rõ chỗ" });
    await wrong.getByRole("rowheader", { name: "5", exact: true }).waitFor();
    await assertAccessible(page, "what an import would do");
    await card.getByRole("button", { name: "Ghi vào hệ thống" }).click();
    await page.getByText("Đầu cầu Thành Sơn").first().waitFor();
  });
}
