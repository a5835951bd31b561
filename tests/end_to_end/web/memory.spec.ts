import { expect, test } from "./real_server";
import { Visitor } from "./visitor";

test("what was told is remembered with its source, found, and forgotten for good", { tag: "@phone" }, async ({ page }) => {
  const visitor = new Visitor(page);
  await visitor.signUp();
  await visitor.talkTo("Mira");
  await visitor.say("Mira", "My dog is called Biscuit.");
  await visitor.replied();
  await visitor.openPanel("Memory");
  const remembered = page.locator(".memory-item").filter({ hasText: "Biscuit" });
  await expect(remembered.first()).toBeVisible();

  await remembered.first().getByRole("button", { name: /^Source/ }).first().click();
  await expect(visitor.own().filter({ hasText: "Biscuit" })).toBeInViewport();

  await visitor.openPanel("Memory");
  await page.getByLabel("Search memories").fill("dog Biscuit");
  await expect(remembered.first()).toBeVisible();
  await page.getByLabel("Search memories").fill("");
  for (let left = await remembered.count(); left > 0; left = await remembered.count()) {
    await remembered.first().getByRole("button", { name: /^Forget/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Forget" }).click();
    await expect(remembered).not.toHaveCount(left);
  }
  await page.reload();
  await expect(visitor.own().filter({ hasText: "Biscuit" })).toHaveCount(1);
  await visitor.openPanel("Memory");
  await expect(page.getByText(/Nothing yet|What Mira remembers/).first()).toBeVisible();
  await expect(remembered).toHaveCount(0);
});

test("forgetting asks first, and Esc changes nothing", async ({ page }) => {
  const visitor = new Visitor(page);
  await visitor.signUp();
  await visitor.talkTo("Mira");
  await visitor.say("Mira", "I live in Bergen.");
  await visitor.replied();
  await visitor.openPanel("Memory");
  const remembered = page.locator(".memory-item").filter({ hasText: "Bergen" });
  await remembered.first().getByRole("button", { name: /^Forget/ }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(remembered.first()).toBeVisible();
});

test("a long list of memories is shown page by page", async ({ page }) => {
  const visitor = new Visitor(page);
  await visitor.signUp();
  await visitor.talkTo("Mira");
  // What the list is long of is not the point: the server's answer is cut into pages of two.
  await page.route(/\/api\/v1\/memories\?/, (route) => route.continue({ url: route.request().url().replace("page_size=50", "page_size=2") }));
  for (const place of ["Bergen", "Oslo", "Turku"]) {
    await visitor.say("Mira", `I went to ${place} once.`);
    await visitor.replied();
  }
  await visitor.openPanel("Memory");
  const shown = page.locator(".memory-item");
  await expect(shown).toHaveCount(2);
  const all = Number((await page.locator(".memory-more").innerText()).match(/2 of (\d+)/)?.[1]);
  expect(all).toBeGreaterThan(2);
  const more = page.getByRole("button", { name: "Show more" });
  for (let count = 2; count < all; count += 2) {
    await more.click();
    await expect(shown).toHaveCount(Math.min(count + 2, all));
  }
  await expect(more).toHaveCount(0);
});

test("the bond shows its axes and why they moved", async ({ page }) => {
  const visitor = new Visitor(page);
  await visitor.signUp();
  await visitor.talkTo("Mira");
  await visitor.say("Mira", "Thank you, you are so kind. I trust you.");
  await visitor.replied();
  await visitor.openPanel("Bond");
  await expect(page.getByRole("progressbar").first()).toBeVisible();
  await expect(page.locator(".cause").first()).toBeVisible();

  // Of another conversation: the cause leads back to the one where it was said.
  const said = page.url();
  await page.getByRole("button", { name: "New conversation" }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Start anew" }).click();
  await expect(page).not.toHaveURL(said);
  await visitor.openPanel("Bond");
  await page.locator(".cause").first().getByRole("button", { name: "See" }).click();
  await expect(page).toHaveURL(said);
  await expect(visitor.own().filter({ hasText: "I trust you" })).toBeInViewport();
});
