import { expect, test } from "./real_server";
import { Visitor } from "./visitor";

test("a server that is killed under an open page comes back with everything, and the page goes on by itself", async ({ page, server }) => {
  const visitor = new Visitor(page);
  await visitor.signUp();
  await visitor.talkTo("Mira");
  await visitor.say("Mira", "My dog is called Biscuit.");
  const answer = await visitor.replied();
  const shown = await page.locator("article.message").allInnerTexts();

  await server.kill();
  await expect(page.getByText(/^Reconnecting…/)).toBeVisible();
  await visitor.say("Mira", "Written while the server was away.");
  await expect(page.getByText("Sending…")).toBeVisible();
  await server.start();

  await expect(page.getByText("Sending…")).toHaveCount(0);
  await visitor.replied();
  await expect(page.getByText(/^Reconnecting…/)).toHaveCount(0);
  await expect(page.locator("article.message")).toHaveCount(shown.length + 2);
  await expect(visitor.own().filter({ hasText: "Written while the server was away." })).toHaveCount(1);

  // What the page kept and what the server kept are the same.
  const after = await visitor.bubbles();
  await page.reload();
  await visitor.replied();
  expect(await visitor.bubbles()).toEqual(after);
  expect(after).toContain(answer);
  await visitor.openPanel("Memory");
  await expect(page.locator(".memory-item").filter({ hasText: "Biscuit" }).first()).toBeVisible();
  expect(visitor.errors).toEqual([]);
});

test("what the memory panel could not read while the server was away is read when it is back", async ({ page, server }) => {
  const visitor = new Visitor(page);
  await visitor.signUp();
  await visitor.talkTo("Mira");
  await visitor.say("Mira", "My dog is called Biscuit.");
  await visitor.replied();
  await visitor.openPanel("Memory");
  await server.kill();
  await page.getByLabel("Search memories").fill("Biscuit");
  const problem = page.locator(".memory .problem");
  await expect(problem).toContainText("can't be reached");
  await server.start();
  await expect(problem).toHaveCount(0, { timeout: 30_000 });
  await expect(page.locator(".memory-item").filter({ hasText: "Biscuit" }).first()).toBeVisible();
});

test("a reply that the kill cut off is finished, or fails in sight and can be tried again", async ({ page, server }) => {
  const visitor = new Visitor(page);
  await visitor.signUp();
  await visitor.talkTo("Tobble");
  await visitor.say("Tobble", "Tell me a very long story with many parts.");
  const last = page.locator("article.message").last();
  await expect(last).toHaveClass(/message-theirs/);
  await server.kill();
  await server.start();
  await expect(last).toHaveAttribute("data-state", /^(complete|failed)$/, { timeout: 60_000 });
  if ((await last.getAttribute("data-state")) === "failed") await last.getByRole("button", { name: "Try again" }).click();
  await visitor.replied();
  await expect(visitor.own()).toHaveCount(1);
  await visitor.say("Tobble", "And what came then?");
  await visitor.replied();
  await expect(visitor.own()).toHaveCount(2);
});
