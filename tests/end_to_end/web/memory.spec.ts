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

test("the bond shows its axes and why they moved", async ({ page }) => {
  const visitor = new Visitor(page);
  await visitor.signUp();
  await visitor.talkTo("Mira");
  await visitor.say("Mira", "Thank you, you are so kind. I trust you.");
  await visitor.replied();
  await visitor.openPanel("Bond");
  await expect(page.getByRole("progressbar").first()).toBeVisible();
  await expect(page.locator(".cause").first()).toBeVisible();
});
