import type { WebSocketRoute } from "@playwright/test";
import { expect, test } from "./real_server";
import { password, Visitor } from "./visitor";

test("a person signs up, chooses a character and gets a reply piece by piece", { tag: "@phone" }, async ({ page }) => {
  const visitor = new Visitor(page);
  const release = await visitor.holdEndOfReplies();
  await visitor.signUp();
  await visitor.talkTo("Mira");
  await expect(visitor.replies()).toHaveCount(1); // the greeting
  await visitor.say("Mira", "Hello! How are you today?");
  await expect(visitor.running().locator(".bubble")).not.toBeEmpty();
  await expect.poll(() => { release(); return visitor.running().count(); }).toBe(0);
  await visitor.replied();
  await expect(visitor.replies()).toHaveCount(2);
  await expect(page.getByLabel("Message to Mira")).toHaveValue("");
  expect(visitor.errors).toEqual([]);
});

test("a reload keeps the person, the conversation and every message", async ({ page }) => {
  const visitor = new Visitor(page);
  await visitor.signUp();
  await visitor.talkTo("Mira");
  await visitor.say("Mira", "Please remember this **line**.");
  const reply = await visitor.replied();
  await page.reload();
  await expect(visitor.own().last().locator("strong")).toHaveText("line");
  expect(await visitor.replied()).toBe(reply);
});

test("a message that is written without a connection is sent once when it is back", async ({ page }) => {
  const visitor = new Visitor(page);
  let away = false;
  const open: WebSocketRoute[] = [];
  await page.routeWebSocket(/chat\/ws/, (socket) => {
    if (away) return void socket.close({ code: 1001 });
    socket.connectToServer();
    open.push(socket);
  });
  await visitor.signUp();
  await visitor.talkTo("Mira");
  await visitor.say("Mira", "First.");
  await visitor.replied();
  away = true;
  for (const socket of open) await socket.close({ code: 1001 });
  await visitor.say("Mira", "Written while away.");
  await expect(page.getByText("Sending…")).toBeVisible();
  await expect(page.getByText(/^Reconnecting…/)).toBeVisible();
  away = false;
  await visitor.replied();
  await expect(visitor.own().filter({ hasText: "Written while away." })).toHaveCount(1);
  await expect(page.getByText("Sending…")).toHaveCount(0);
});

test("a reply is stopped with Esc and keeps what was said so far", async ({ page }) => {
  const visitor = new Visitor(page);
  const release = await visitor.holdEndOfReplies();
  await visitor.signUp();
  await visitor.talkTo("Tobble");
  await visitor.say("Tobble", "Tell me a very long story with many parts.");
  await expect(page.getByRole("button", { name: "Stop the reply" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect.poll(() => { release(); return visitor.running().count(); }).toBe(0);
  await expect(page.getByRole("button", { name: "Stop the reply" })).toHaveCount(0);
  await expect(page.getByLabel("Message to Tobble")).toBeEditable();
});

test("another reply takes the place of the last, and an edited message is answered anew", async ({ page }) => {
  const visitor = new Visitor(page);
  await visitor.signUp();
  await visitor.talkTo("Bastien");
  await visitor.say("Bastien", "What is for supper?");
  await visitor.replied();
  const count = await page.locator("article.message").count();
  await visitor.replies().last().getByRole("button", { name: "Another reply" }).click();
  await visitor.replied();
  await expect(page.locator("article.message")).toHaveCount(count);
  await visitor.own().last().hover();
  await visitor.own().last().getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("Edit your message").fill("What is for breakfast?");
  await page.getByLabel("Edit your message").press("Enter");
  await expect(visitor.own().last()).toContainText("breakfast");
  await visitor.replied();
  await expect(visitor.own().filter({ hasText: "supper" })).toHaveCount(0);
});

test("two pages of one person show the same conversation", async ({ page, context }) => {
  const visitor = new Visitor(page);
  await visitor.signUp();
  await visitor.talkTo("Mira");
  const second = await context.newPage();
  const other = new Visitor(second);
  await second.goto(page.url());
  await expect(second.getByLabel("Message to Mira")).toBeVisible();
  await visitor.say("Mira", "Seen on both.");
  await expect(other.own().filter({ hasText: "Seen on both." })).toHaveCount(1);
  expect(await other.replied()).toBe(await visitor.replied());
});

test("signing out and in again finds the conversation", { tag: "@phone" }, async ({ page, isMobile }) => {
  const visitor = new Visitor(page);
  await visitor.signUp();
  await visitor.talkTo("Mira");
  await visitor.say("Mira", "I will be back.");
  await visitor.replied();
  if (isMobile) await page.getByRole("button", { name: "Back to all characters" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("E-mail").fill(visitor.email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  if (isMobile) await visitor.talkTo("Mira");
  await expect(visitor.own().filter({ hasText: "I will be back." })).toBeVisible();
});

test("a wrong password is answered with a sentence", async ({ page }) => {
  await page.goto("/");
  await page.getByLabel("E-mail").fill("nobody@example.org");
  await page.getByLabel("Password").fill("wrongwrong");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("alert")).not.toBeEmpty();
});
