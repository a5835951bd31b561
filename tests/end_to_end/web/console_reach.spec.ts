import { expect, Operator, test } from "./console_server";

let operator: Operator;
test.beforeEach(async ({ page, seed }) => {
  operator = new Operator(page);
  await operator.signIn(seed.operators[0]);
  await expect(operator.heading("Overview")).toBeVisible();
});
test.afterEach(() => expect(operator.errors).toEqual([]));

test("keys lead to every page, to the palette and to the help", async ({ page, seed }) => {
  await page.keyboard.press("Tab");
  await expect(page.getByText("Skip to the page")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("#main")).toBeFocused();
  for (const [key, title] of [["e", "Event streams"], ["d", "Dead letters"], ["p", "Projections"], ["a", "Audit"]] as const) {
    await page.keyboard.press("g");
    await page.keyboard.press(key);
    await expect(operator.heading(title)).toBeVisible();
  }
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Jump to" }).fill(`session/${seed.person.conversation}`);
  await page.keyboard.press("Enter");
  await expect(operator.heading("session")).toBeVisible();
  await page.goBack();
  await expect(operator.heading("Audit")).toBeVisible();
});

test("what is not there is said, and what goes wrong can be tried again", async ({ page }) => {
  await operator.open("/nowhere");
  await expect(page.getByText("There is no page at this address.")).toBeVisible();
  await operator.open("/entities/session/00000000-0000-7000-8000-000000000000");
  await expect(page.getByRole("alert")).toBeVisible();
  await page.route("**/api/v1/admin/settings*", (route) => route.fulfill({ status: 503, json: { error: { code: "unavailable", message: "The database does not answer.", request_id: "r1" } } }));
  await operator.open("/settings");
  await expect(page.getByRole("alert")).toContainText("The database does not answer.");
  await page.unroute("**/api/v1/admin/settings*");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(operator.rows("Settings").first()).toBeVisible();
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test("nothing is wider than the screen, and the menu leads everywhere", async ({ page, seed }) => {
    const places = ["", "/partitions?partition=1", "/effects", "/events", `/entities/session/${seed.person.conversation}?view=changes`, "/verification", "/projections", "/projections/messages",
      "/dead-letters", "/users", `/users/${seed.person.id}`, `/conversations/${seed.person.conversation}`, "/audit", "/settings"];
    for (const place of places) {
      await operator.open(place);
      await expect(page.locator(".c-page h1")).toBeVisible();
      await expect(page.locator(".c-skeletons")).toHaveCount(0);
      const fits = () => page.evaluate(() => [document.documentElement, document.querySelector(".c-scroll")].every((each) => each !== null && each.scrollWidth <= each.clientWidth));
      expect(await fits(), place).toBe(true);
    }
    await page.getByRole("button", { name: "Menu" }).click();
    await page.getByRole("link", { name: "Event streams" }).click();
    await expect(operator.heading("Event streams")).toBeVisible();
    await page.getByRole("button", { name: "Filters" }).click();
    await expect(page.getByLabel("Entity", { exact: true })).toBeVisible();
  });
});
