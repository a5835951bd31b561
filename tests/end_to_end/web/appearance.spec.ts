import { fileURLToPath } from "node:url";
import { expect, test } from "./real_server";
import { Visitor } from "./visitor";

const card = fileURLToPath(new URL("../../../ops/samples/tobble.png", import.meta.url));

test("the dark colours follow the system, can be switched, and stay", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto("/");
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await background();
  await page.getByRole("button", { name: "Switch to light colours" }).click();
  const light = await background();
  expect(light).not.toBe(dark);
  await page.reload();
  expect(await background()).toBe(light);
});

test("nothing is wider than the screen", { tag: "@phone" }, async ({ page }) => {
  const visitor = new Visitor(page);
  const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
  await visitor.signUp();
  expect(await fits()).toBe(true);
  await visitor.talkTo("Mira");
  await visitor.say("Mira", `${"long".repeat(200)} https://example.org/${"a".repeat(300)}`);
  await visitor.replied();
  expect(await fits()).toBe(true);
  await visitor.openPanel("Memory");
  expect(await fits()).toBe(true);
});

test("every sample character has a picture", async ({ page }) => {
  const visitor = new Visitor(page);
  await visitor.signUp();
  for (const name of ["Mira", "Bastien", "Yun-seo", "Tobble"]) {
    const picture = page.getByRole("button", { name: `Talk to ${name}` }).locator("img");
    await picture.scrollIntoViewIfNeeded();
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBeGreaterThan(0);
  }
});

test("a card is imported from a file", async ({ page }) => {
  const visitor = new Visitor(page);
  await visitor.signUp();
  const before = page.locator(".cards .card:not(.card-import)");
  await expect(before.first()).toBeVisible();
  const count = await before.count();
  await page.getByTestId("card-input").setInputFiles(card);
  await expect(before).toHaveCount(count + 1);
  await expect(page.getByText("has arrived")).toBeVisible();
});

test("script and markup in a message stay text", async ({ page }) => {
  const visitor = new Visitor(page);
  await visitor.signUp();
  await visitor.talkTo("Mira");
  await visitor.say("Mira", "<img src=x onerror=alert(1)> <script>alert(2)</script> [click](javascript:alert(3))");
  await expect(visitor.own().last().locator("img, script, a[href^=javascript]")).toHaveCount(0);
  expect(visitor.errors).toEqual([]);
});

test("the page can be used by keyboard alone", async ({ page }) => {
  const visitor = new Visitor(page);
  await visitor.signUp();
  await page.keyboard.press("Tab");
  await expect(page.getByText("Skip to the conversation")).toBeFocused();
  await page.getByRole("button", { name: "Talk to Mira" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Message to Mira")).toBeFocused();
  await page.keyboard.type("One");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("Two");
  await expect(page.getByLabel("Message to Mira")).toHaveValue("One\nTwo");
  await page.keyboard.press("Enter");
  await visitor.replied();
});
