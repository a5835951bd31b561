import { readFile } from "node:fs/promises";
import { expect, Operator, test } from "./console_server";

// What operators know from other consoles: time zones, pausing, places in the log, comparing, taking away, sorting, keeping views.
let operator: Operator;
test.beforeEach(async ({ page, seed }) => {
  operator = new Operator(page);
  await operator.signIn(seed.operators[0]);
  await expect(operator.heading("Overview")).toBeVisible();
});
test.afterEach(() => expect(operator.errors).toEqual([]));

test.describe("in another zone", () => {
  test.use({ timezoneId: "Asia/Tokyo" });

  test("times are local by their zone's name, in UTC, or how long ago, and the browser remembers which", async ({ page }) => {
    await operator.open("/audit");
    const times = page.getByRole("banner").getByLabel("How times are shown");
    await expect(times).toContainText("UTC+9, Asia/Tokyo");
    const first = operator.rows("Audit entries").first().locator("time");
    const at = new Date((await first.getAttribute("datetime")) ?? "");
    const clock = (timeZone: string) => new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(at);
    await expect(first).toContainText(clock("Asia/Tokyo"));
    await times.selectOption("utc");
    await expect(first).toContainText(clock("UTC"));
    await page.reload();
    await expect(first).toContainText(clock("UTC"));
    await times.selectOption("ago");
    await expect(first).toContainText(/ago|now/);
  });
});

test("what is live stands still while it is paused, and is up to date afterwards", async ({ page, seed }) => {
  const records = page.getByRole("region", { name: "Records" });
  await expect(page.locator(".c-live")).toHaveText("Live");
  await page.locator(".c-live").click();
  await expect(page.locator(".c-live")).toContainText("Paused");
  const before = await records.innerText();
  await seed.person.say("Nobody sees this at once");
  await expect(page.locator(".c-live")).toContainText(/as of ([3-9]|\d\d) s ago/);
  expect(await records.innerText()).toBe(before);
  await page.keyboard.press("l");
  await expect(page.locator(".c-live")).toHaveText("Live");
  await expect.poll(() => records.innerText()).not.toBe(before);
});

test("the log is entered at a place, in either order, and walked record by record", async ({ page, seed }) => {
  await operator.open(`/events?entity=session/${seed.person.conversation}&direction=forward`);
  const rows = operator.rows("Records");
  const position = (await rows.nth(2).locator(".c-mono").first().innerText()).trim();
  const [partition, offset] = position.split(":").map(Number) as [number, number];
  await operator.open(`/events?from=${position}&direction=forward`);
  await expect(rows.nth(0)).toContainText(position);
  await expect(rows.nth(1)).toContainText(`${partition}:${offset + 1}`);
  await operator.open("/events");
  await page.getByLabel("From the place").fill(position);
  await page.getByLabel("From the place").press("Enter");
  await expect(rows.nth(0)).toContainText(position);
  await expect(rows.nth(1)).toContainText(`${partition}:${offset - 1}`);
  await rows.nth(0).click();
  await operator.drawer().getByRole("button", { name: "The record before it in its partition" }).click();
  await expect(operator.drawer().getByRole("heading", { name: `Record ${partition}:${offset - 1}` })).toBeVisible();
  await page.getByLabel("From the place").fill("somewhere");
  await page.getByLabel("From the place").press("Enter");
  await expect(page.getByText("A place is a partition and an offset")).toBeVisible();
});

test("one record is held against another, and taken away as a file, masked as it is shown", async ({ page, seed }) => {
  await operator.open(`/events?entity=session/${seed.person.conversation}&type=session.message_sent&direction=forward`);
  const rows = operator.rows("Records");
  const aside = { position: { x: 20, y: 12 } }; // beside the links of the row
  await rows.nth(0).click(aside);
  await operator.drawer().getByRole("button", { name: "Compare…" }).click();
  await expect(page.getByText("Open another record to hold it against")).toBeVisible();
  await rows.nth(1).click(aside);
  const difference = operator.drawer().getByRole("region", { name: "Difference" });
  await expect(difference).toContainText("first_sequence");
  await expect(page).toHaveURL(/against=/);
  await page.getByRole("button", { name: "Stop comparing" }).click();
  await expect(difference).toHaveCount(0);
  const download = page.waitForEvent("download");
  await operator.drawer().getByRole("button", { name: "Download" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^record-\d+-\d+\.json$/);
  const record = JSON.parse(await readFile(await file.path(), "utf8")) as { entity: string; events: { payload: object }[] };
  expect(record.entity).toBe(`session/${seed.person.conversation}`);
  expect(JSON.stringify(record.events)).toMatch(/•{2}/);
});

test("what belongs together is shown from cause to effect, and ids in a payload lead on", async ({ page, seed }) => {
  await operator.open(`/events?entity=session/${seed.person.conversation}&type=session.message_sent`);
  await operator.rows("Records").first().click();
  await operator.drawer().getByRole("link", { name: "What belongs together" }).click();
  const causes = page.getByRole("list", { name: "From cause to effect" });
  await expect(causes.getByRole("listitem").first()).toContainText("message_sent");
  await expect.poll(() => causes.getByRole("listitem").count()).toBeGreaterThan(1);
  await causes.getByRole("button").last().click();
  await expect(operator.drawer()).toBeVisible();
  await operator.open(`/entities/session/${seed.person.conversation}?at=1`);
  await page.getByRole("group", { name: "State at 1", exact: true }).getByRole("link", { name: seed.person.id }).click();
  await expect(page).toHaveURL(new RegExp(`/entities/user/${seed.person.id}`));
});

test("another node's partitions lead to its own console, where the server was told how nodes are reached", async ({ page }) => {
  await page.route("**/api/v1/admin/live*", (route) => route.abort());
  await page.route("**/api/v1/admin/partitions", async (route) => {
    const answer = (await (await route.fetch()).json()) as { items: { partition: number; here: boolean; node: string; console: string | null }[] };
    for (const each of answer.items) {
      if (each.partition === 1) Object.assign(each, { here: false, node: "node-b:7400", console: "https://node-b:8443/console" });
      if (each.partition === 2) Object.assign(each, { here: false, node: "node-c:7400", console: "javascript:alert(1)" });
    }
    await route.fulfill({ json: answer });
  });
  await operator.open("/partitions");
  const nodes = page.getByRole("list", { name: "Nodes" });
  await expect(nodes.getByRole("listitem")).toHaveCount(3);
  await expect(nodes.getByRole("link", { name: "node-b:7400" })).toHaveAttribute("href", "https://node-b:8443/console/partitions");
  await expect(nodes.getByRole("link")).toHaveCount(1);
  await page.unrouteAll({ behavior: "ignoreErrors" });
});

test("a table that is there whole is sorted by its titles, and the address says how", async ({ page }) => {
  await operator.open("/partitions");
  const rows = operator.rows("Partitions");
  await expect(rows.nth(0)).toContainText("0");
  await page.getByRole("button", { name: "Partition", exact: true }).click();
  await expect(page).toHaveURL(/order=-partition/);
  await expect(rows.nth(0).locator("b")).toHaveText("3");
  await expect(page.getByRole("columnheader", { name: "Partition" })).toHaveAttribute("aria-sort", "descending");
  await page.getByRole("button", { name: "Partition", exact: true }).click();
  await expect(rows.nth(0).locator("b")).toHaveText("0");
});

test("operators are found among people, by the role that their account has now", async ({ page, seed }) => {
  await operator.open("/users");
  await page.getByLabel("Role").selectOption("operator");
  await expect(page).toHaveURL(/role=operator/);
  await expect(operator.rows("Users")).toHaveCount(2);
  await expect(operator.rows("Users").first()).toContainText("operator");
  await operator.open(`/users?list=conversations&user=${seed.person.id}`);
  await expect(operator.rows("Conversations")).toHaveCount(1);
});

test("a view is kept by name without what was searched for, found again, and dropped", async ({ page, seed }) => {
  await operator.open(`/audit?since=-1h&action=event&q=${encodeURIComponent(seed.person.email)}`);
  await expect(operator.heading("Audit")).toBeVisible();
  await page.getByRole("button", { name: "Keep or share this view" }).click();
  const dialog = page.getByRole("dialog", { name: "Views" });
  await expect(dialog).toContainText("left out of what is kept");
  await dialog.getByLabel("Name of this view").fill("Looked at records");
  await dialog.getByRole("button", { name: "Keep this view" }).click();
  await operator.open("");
  await page.getByRole("navigation").getByRole("link", { name: "Looked at records" }).click();
  await expect(page).toHaveURL(/since=-1h&action=event$/);
  await expect(page.getByLabel("Written")).toHaveValue("-1h");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Jump to" }).fill("looked at");
  await expect(page.getByRole("listbox", { name: "Places" }).getByRole("option").first()).toContainText("kept view");
  await page.keyboard.press("Escape");
  await page.keyboard.press("v");
  await dialog.getByRole("button", { name: "Drop the view Looked at records" }).click();
  await expect(page.getByRole("navigation").getByRole("link", { name: "Looked at records" })).toHaveCount(0);
});
