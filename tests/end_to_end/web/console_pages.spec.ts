import { readFile } from "node:fs/promises";
import { expect, Operator, saidFirst, test } from "./console_server";

const pages: [string, string][] = [
  ["", "Overview"], ["/partitions", "Nodes & partitions"], ["/effects", "Jobs & effects"], ["/events", "Event streams"], ["/entities", "Entity inspector"],
  ["/verification", "Verification"], ["/projections", "Projections"], ["/vectors", "Recall vectors"], ["/dead-letters", "Dead letters"], ["/users", "Users & conversations"], ["/forks", "Forks"], ["/audit", "Audit"], ["/settings", "Settings"],
];
/** Two dots in a row stand for letters that are not shown. */
const masked = /•{2}/;

test("who is no operator sees that, and nothing is asked for", async ({ page, seed }) => {
  const asked: string[] = [];
  page.on("request", (request) => request.url().includes("/api/v1/admin") && asked.push(new URL(request.url()).pathname));
  await new Operator(page).signIn(seed.plain, "/events");
  await expect(page.getByRole("heading", { name: "This account is not an operator's" })).toBeVisible();
  await expect(page.getByRole("navigation")).toHaveCount(0);
  expect(new Set(asked)).toEqual(new Set(["/api/v1/admin/me"]));
});

test("a wrong password is told, and signing out leads back to the sign-in", async ({ page, seed }) => {
  const operator = new Operator(page);
  await operator.signIn(seed.operators[0], "", "something else entirely");
  await expect(page.getByRole("alert")).toBeVisible();
  await operator.signIn(seed.operators[0]);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test.describe("an operator", () => {
  let operator: Operator;
  test.beforeEach(async ({ page, seed }) => {
    operator = new Operator(page);
    await operator.signIn(seed.operators[0]);
    await expect(operator.heading("Overview")).toBeVisible();
  });
  test.afterEach(() => expect(operator.errors).toEqual([]));

  test("opens every page by its address, in both colours", async ({ page }) => {
    for (const [at, title] of pages) {
      await operator.open(at);
      await expect(operator.heading(title)).toBeVisible();
      await expect(page.locator(".c-skeletons")).toHaveCount(0);
      await expect(page.locator(".c-failed")).toHaveCount(0);
    }
    const colour = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const before = await colour();
    await page.getByRole("button", { name: /Switch to (dark|light) colours/ }).click();
    expect(await colour()).not.toBe(before);
  });

  test("sees how the server does, live, and when it is not", async ({ page, seed }) => {
    await expect(page.locator(".c-live")).toHaveText("Live");
    await expect(page.getByRole("region", { name: "Health" })).toBeVisible();
    for (const name of ["Commands", "Records", "Command latency, p99", "Projection lag", "Connections", "Memory"]) await expect(page.getByRole("img", { name: new RegExp(`^${name}: now`) })).toBeVisible();
    const records = page.getByRole("region", { name: "Records" });
    const before = await records.innerText();
    await seed.person.say("I have a cat as well");
    await expect.poll(() => records.innerText()).not.toBe(before);
    await seed.server.kill();
    await expect(page.locator(".c-live")).toContainText("Reconnecting");
    await seed.server.start();
    await expect(page.locator(".c-live")).toHaveText("Live");
  });

  test("sees the partitions, and who owned one when", async ({ page }) => {
    await operator.open("/partitions");
    await expect(operator.rows("Partitions")).toHaveCount(4);
    await operator.rows("Partitions").nth(2).click();
    await expect(page).toHaveURL(/partition=2/);
    await expect(operator.drawer().getByRole("heading", { name: "Partition 2" })).toBeVisible();
    await expect(operator.drawer().getByRole("list", { name: "Epochs, newest first" }).getByRole("listitem").first()).toContainText("writer");
    await page.keyboard.press("Escape");
    await expect(operator.drawer()).toHaveCount(0);
    await page.goBack();
    await expect(operator.drawer()).toBeVisible();
  });

  test("finds events by what they are, opens one, and follows what comes", async ({ page, seed }) => {
    await operator.open("/events");
    await page.getByLabel("Type").fill("session.message_sent");
    await page.getByLabel("Type").press("Enter");
    await expect(page).toHaveURL(/type=session\.message_sent/);
    const rows = operator.rows("Records");
    await expect(rows.first()).toContainText("session.message_sent");
    await rows.first().focus();
    await page.keyboard.press("Enter");
    await expect(operator.drawer().getByText(masked).first()).toBeVisible();
    await operator.drawer().getByRole("link", { name: "What belongs together" }).click();
    await expect(page).toHaveURL(/correlation_id=/);
    await operator.open(`/events?entity=session/${seed.person.conversation}`);
    await expect(rows.first()).toBeVisible();
    await page.getByRole("button", { name: "Follow live" }).click();
    await expect(page.getByRole("button", { name: "Following" })).toBeVisible();
    const before = await rows.first().innerText();
    await seed.person.say("This one is followed");
    await expect.poll(() => rows.first().innerText()).not.toBe(before);
    await page.getByRole("button", { name: "Clear" }).click();
    await expect(page).not.toHaveURL(/entity=/);
  });

  test("goes through an entity's past by keyboard, and sees what changed", async ({ page, seed }) => {
    await operator.open(`/entities/session/${seed.person.conversation}`);
    const slider = page.getByRole("slider", { name: "Sequence" });
    const last = Number(await slider.getAttribute("max"));
    expect(last).toBeGreaterThan(4);
    await expect(page.getByRole("group", { name: `State at ${last}` })).toBeVisible();
    await slider.focus();
    await page.keyboard.press("ArrowLeft");
    await expect(page).toHaveURL(new RegExp(`at=${last - 1}\\b`));
    await expect(page.getByRole("group", { name: `State at ${last - 1}` })).toBeVisible();
    await page.keyboard.press("Home");
    await expect(page.getByRole("group", { name: "State at 1", exact: true })).toBeVisible();
    await page.getByRole("tab", { name: "What it changed" }).click();
    await expect(page.locator(".c-diff-change").first()).toBeVisible();
    await slider.focus();
    await page.keyboard.press("c");
    await page.keyboard.press("End");
    await expect(page.getByText(new RegExp(`From 1 to ${last}`))).toBeVisible();
    await expect(page).toHaveURL(/against=1/);
    await page.getByRole("tab", { name: "Record" }).click();
    await expect(page.getByRole("group", { name: /^Payload of/ }).first()).toBeVisible();
    await page.getByRole("region", { name: "History" }).getByRole("button").last().click();
    await page.getByRole("link", { name: "As the user saw it" }).click();
    await expect(page.locator(".c-bubble").first()).toBeVisible();
  });

  test("sees a person's whole world at one place", async ({ page, seed }) => {
    await operator.open(`/users/${seed.person.id}`);
    await page.getByRole("link", { name: "Whole world" }).click();
    await expect(page.getByRole("heading", { name: /^Sessions \(1\)/ })).toBeVisible();
    await expect(page.getByRole("heading", { name: /^Bonds \(1\)/ })).toBeVisible();
    await operator.open(`/entities/session/${seed.person.conversation}?at=1`);
    await page.getByRole("link", { name: "at this moment" }).click();
    await expect(page).toHaveURL(/position=/);
    await expect(page.getByRole("heading", { name: /^Sessions \(1\)/ })).toBeVisible();
  });

  test("reads a conversation as its user saw it, and why a reply came out so", async ({ page, seed }) => {
    await operator.open("/users");
    await page.getByLabel("Search").fill(seed.person.email);
    await expect(operator.rows("Users")).toHaveCount(1);
    await operator.rows("Users").first().click();
    await operator.rows("Conversations").first().click();
    const bubbles = page.locator(".c-bubble");
    await expect(bubbles.nth(1)).toContainText(masked);
    await expect(page.getByText(saidFirst)).toHaveCount(0);
    await page.getByRole("button", { name: /^Why\? [1-9]/ }).first().click();
    await expect(operator.drawer().getByText(/Recalled \([1-9]/)).toBeVisible();
    await expect(operator.drawer().getByText("Tokens", { exact: true })).toBeVisible();
    await expect(page).toHaveURL(/why=/);
  });

  test("sees personal content in full only for a reason, loudly, and it is on record", async ({ page, seed }) => {
    await operator.open(`/conversations/${seed.person.conversation}`);
    await expect(page.locator(".c-bubble").first()).toBeVisible();
    await operator.showInFull("ticket 4711");
    await expect(page.getByRole("alert").filter({ hasText: "shown in full" })).toContainText("ticket 4711");
    await expect(page.getByText(saidFirst).first()).toBeVisible();
    await page.getByRole("button", { name: "Mask again" }).click();
    await expect(page.getByText(saidFirst)).toHaveCount(0);
    await page.getByRole("button", { name: "None", exact: true }).click();
    await expect(page.getByText("not shown").first()).toBeVisible();
    await page.getByRole("link", { name: "Audit", exact: true }).click();
    await page.getByLabel("Contains").fill("ticket 4711");
    await expect(operator.rows("Audit entries").first()).toContainText("full");
    await operator.rows("Audit entries").first().click();
    await expect(operator.drawer()).toContainText(seed.operators[0]);
    await expect(operator.drawer()).toContainText("ticket 4711");
  });

  test("takes the audit log away as a table", async ({ page, seed }) => {
    await operator.open("/audit");
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download CSV" }).click();
    const text = await readFile(await (await download).path(), "utf8");
    expect(text.split("\n")[0]).toContain("action");
    expect(text).toContain(seed.operators[0]);
  });

  test("sees the settings, but no secret", async ({ page }) => {
    await operator.open("/settings?q=database");
    const url = operator.rows("Settings").filter({ hasText: /database.url/ });
    await expect(url).toContainText("hidden");
    await expect(url).not.toContainText("e2e_");
    await page.getByLabel("Search").fill("port");
    await expect(operator.rows("Settings").filter({ hasText: /^port/ })).toHaveCount(1);
  });
});
