import { expect, test } from "./real_server";
import { Visitor } from "./visitor";

test("the versions of a message are counted and shown one or the other", { tag: "@phone" }, async ({ page }) => {
  const visitor = new Visitor(page);
  await visitor.signUp();
  await visitor.talkTo("Mira");
  await visitor.say("Mira", "What is for supper?");
  await visitor.replied();
  await expect(page.getByRole("group", { name: "Versions of this message" })).toHaveCount(0);

  await visitor.replies().last().hover();
  await visitor.replies().last().getByRole("button", { name: "Another reply" }).click();
  const versions = visitor.replies().last().getByRole("group", { name: "Versions of this message" });
  await expect(versions).toContainText("2/2");
  await visitor.replied();
  const second = await visitor.replies().last().getAttribute("id");
  await versions.getByRole("button", { name: "Previous version" }).click();
  await expect(versions).toContainText("1/2");
  expect(await visitor.replies().last().getAttribute("id")).not.toBe(second);
  await expect(versions.getByRole("button", { name: "Previous version" })).toBeDisabled();
  await versions.getByRole("button", { name: "Next version" }).click();
  await expect(versions).toContainText("2/2");
  expect(await visitor.replies().last().getAttribute("id")).toBe(second);

  await visitor.own().last().hover();
  await visitor.own().last().getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("Edit your message").fill("What is for breakfast?");
  await page.getByLabel("Edit your message").press("Enter");
  const edits = visitor.own().last().getByRole("group", { name: "Versions of this message" });
  await expect(edits).toContainText("2/2");
  await visitor.replied();
  await page.reload();
  await expect(edits).toContainText("2/2");
  await edits.getByRole("button", { name: "Previous version" }).click();
  await expect(visitor.own().last()).toContainText("supper");
  await expect(versions).toContainText("2/2"); // the newest branch below it
  expect(visitor.errors).toEqual([]);
});

test("writing shows on another device, and reading is told once", async ({ page, context }) => {
  const visitor = new Visitor(page);
  const told: string[] = [];
  page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => told.push(JSON.parse(String(payload)).type)));
  await visitor.signUp();
  await visitor.talkTo("Mira");
  await visitor.say("Mira", "Hello.");
  await visitor.replied();
  await expect.poll(() => told.filter((type) => type === "read").length).toBeGreaterThan(0);
  const second = await context.newPage();
  await second.goto(page.url());
  await expect(second.getByLabel("Message to Mira")).toBeVisible();
  await expect(second.locator("article.message-theirs").last()).toBeVisible();
  await page.getByLabel("Message to Mira").pressSequentially("I am still writing", { delay: 250 }); // told every three seconds
  await expect(second.getByText("You are writing on another device…")).toBeVisible();
  await expect(page.getByText("You are writing on another device…")).toHaveCount(0);
});
