// Every screen and its main states. A group is one person's browser; `shot(title, page)` photographs.
import { LAPTOP, settled } from "./browser.mjs";
import { HALL, JUNCTION, MEMBER, OFFICER } from "./people.mjs";

// Labels differ by language, so these walk by addresses and ids rather than by words.
async function openField(device, path = "/") {
  const page = await device.tab(path);
  await page.locator("#username").fill(MEMBER.username);
  await page.locator("#password").fill(MEMBER.password);
  await page.locator("form button[type=submit]").click();
  await page.locator(".bottom-bar, nav").first().waitFor();
  return page;
}

async function see(page, path, ready = "main h1") {
  await page.goto(path);
  await page.locator(ready).first().waitFor();
  await settled(page);
}

export const SHOTS = [
  {
    name: "01 sign-in",
    async shoot(_, device, shot) {
      const page = await device.tab("/");
      await page.locator("#username").waitFor();
      await shot("empty", page);
      await page.locator("#username").fill("thanhvien");
      await page.locator("#password").fill("khong-dung-roi");
      await page.locator("form button[type=submit]").click();
      await page.getByRole("alert").waitFor();
      await shot("refused", page);
      await see(page, "/enrol");
      await shot("enrolment", page);
    },
  },
  {
    name: "02 member",
    async shoot(_, device, shot) {
      const page = await openField(device);
      await see(page, "/");
      await shot("today", page);
      await see(page, "/log");
      await shot("log", page);
      await see(page, "/log/training_class");
      await shot("form", page);
      await page.locator(".form-end .button-primary").click();
      await page.locator(".error-summary").waitFor();
      await shot("form with errors", page);
      await see(page, "/records");
      await shot("my records", page);
      await page.locator("a[href^='/records/']").first().click();
      await page.locator(".facts, dl").first().waitFor();
      await settled(page);
      await shot("one record", page);
      for (const [title, path] of [
        ["coming shifts", "/shifts"],
        ["targets", "/targets"],
        ["broadcasts", "/broadcasts"],
        ["inbox", "/inbox"],
        ["on this phone", "/phone"],
      ]) {
        await see(page, path);
        await shot(title, page);
      }
      await see(page, "/me");
      await shot("profile", page);
      await device.context.setOffline(true);
      await page.goto("/phone");
      await page.locator("main h1").waitFor();
      await shot("offline", page);
    },
  },
  {
    name: "03 patrol",
    async shoot(_, device, shot) {
      await device.moveTo(HALL);
      const page = await openField(device);
      await page.locator("a[href^='/patrol/start/']").first().click();
      await page.locator(".form-end .button-primary").waitFor();
      await shot("start", page);
      await page.locator(".form-end .button-primary").click();
      await device.moveTo({ ...HALL, latitude: HALL.latitude + 0.00002 });
      await page.locator(".next-point .button-primary").waitFor();
      await shot("at a point", page);
      await page.locator(".next-point .button-primary").click();
      await device.moveTo({ latitude: 19.9641, longitude: 105.3466 });
      await device.moveTo({ latitude: JUNCTION.latitude - 0.001, longitude: JUNCTION.longitude - 0.001 });
      await page.locator(".next-point a").first().waitFor();
      await shot("running", page);
      await page.locator("a[href^='/patrol/point/']").first().click();
      await page.locator("main h1").waitFor();
      await shot("check-in", page);
      await page.goto("/patrol");
      await page.locator(".patrol-actions .button").first().click();
      await page.locator("#note").waitFor();
      await shot("finding", page);
      await page.goto("/patrol/end");
      await page.locator(".hold-button").waitFor();
      await shot("end", page);
      await page.goto("/");
      await page.locator(".patrol-bar").waitFor();
      await shot("today during a patrol", page);
    },
  },
  {
    name: "04 desk",
    async shoot(stage, device, shot) {
      const page = await device.tab("/desk");
      await page.locator("#username").waitFor();
      await shot("sign-in", page);
      await page.locator("#username").fill(OFFICER.username);
      await page.locator("#password").fill(OFFICER.password);
      await page.locator("form button[type=submit]").click();
      await page.getByRole("navigation").first().waitFor();
      await settled(page);
      await shot("overview", page);
      await see(page, "/desk/review", "a[href^='/desk/review/']");
      await shot("review list", page);
      await page.locator("a[href^='/desk/review/']").first().click();
      await page.locator(".photo-strip, .soft").first().waitFor();
      await page.locator(".leaflet-container").first().waitFor();
      await settled(page);
      await shot("review", page);
      for (const [title, path] of [
        ["records", "/desk/records"],
        ["map", "/desk/map"],
        ["targets", "/desk/targets"],
        ["campaigns", "/desk/campaigns"],
        ["models", "/desk/models"],
        ["loudspeaker", "/desk/loudspeaker"],
        ["incidents", "/desk/incidents"],
        ["cameras", "/desk/cameras"],
        ["inbox", "/desk/inbox"],
        ["areas", "/desk/areas"],
        ["teams", "/desk/teams"],
        ["evaluation of teams", "/desk/teams/evaluation"],
        ["people", "/desk/people"],
        ["plans", "/desk/plans"],
        ["tasks", "/desk/tasks"],
        ["checkpoints", "/desk/checkpoints"],
        ["routes", "/desk/routes"],
        ["profile", "/desk/profile"],
      ]) {
        await see(page, path);
        await shot(title, page);
      }
      if (stage.look.size === LAPTOP) {
        await see(page, "/desk/review?search=khongcogi", "main");
        await shot("nothing found", page);
      }
    },
  },
];
