import { expect, Operator, test } from "./console_server";

let operator: Operator;
test.beforeEach(async ({ page, seed }) => {
  operator = new Operator(page);
  await operator.signIn(seed.operators[0]);
  await expect(operator.heading("Overview")).toBeVisible();
});
test.afterEach(() => expect(operator.errors).toEqual([]));

const version = (number: number) => operator.page.getByRole("region", { name: `Version ${number}`, exact: true });

test("a rebuild shows what it will do, is confirmed, seen by another operator, and can be rolled back and dropped", async ({ page, seed, browser, baseURL }) => {
  const other = new Operator(await (await browser.newContext({ baseURL })).newPage());
  await other.signIn(seed.operators[1], "/projections/messages");
  await operator.open("/projections/messages");
  await expect(version(1)).toContainText("serves");
  await page.getByRole("button", { name: "Rebuild…", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("region", { name: "Pre-flight" })).toContainText("every event that was tried can be folded");
  await operator.confirm("Start the rebuild", "a column was added");
  await expect(version(2)).toContainText("serves");
  await expect(other.page.getByRole("region", { name: "Version 2", exact: true })).toContainText("serves");
  await other.page.context().close();

  await version(1).getByRole("button", { name: "Roll back to it…" }).click();
  await operator.confirm("Roll back");
  await expect(version(1)).toContainText("serves");
  await version(2).getByRole("button", { name: "Go forward to it…" }).click();
  await operator.confirm("Switch");
  await expect(version(2)).toContainText("serves");
  await version(1).getByRole("button", { name: "Drop…" }).click();
  await expect(dialog).toContainText("It cannot be undone");
  await operator.confirm("Drop");
  await expect(version(1)).toHaveCount(0);
  await operator.open("/audit?q=a+column+was+added");
  await expect(operator.rows("Audit entries").first()).toContainText("rebuild");
});

test("a rebuild can be slowed, paused, resumed and cancelled", async ({ page }) => {
  await operator.open("/projections/memories");
  await page.getByRole("button", { name: "Rebuild…", exact: true }).click();
  await page.getByRole("dialog").getByLabel("Events a second, at most").fill("1");
  await operator.confirm("Start the rebuild");
  const panel = page.getByRole("region", { name: /^Rebuild to v/ });
  await expect(panel).toContainText("running");
  await panel.getByLabel("Events a second, at most").fill("2");
  await panel.getByRole("button", { name: "Set limits" }).click();
  await expect(panel).toContainText("2/s");
  await panel.getByRole("button", { name: "Pause" }).click();
  await expect(panel).toContainText("paused");
  await expect(page.getByRole("button", { name: "Rebuild…", exact: true })).toBeDisabled();
  await panel.getByRole("button", { name: "Resume" }).click();
  await expect(panel.getByRole("button", { name: "Pause" })).toBeVisible();
  await panel.getByRole("button", { name: "Cancel the rebuild…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("It cannot be undone");
  await dialog.getByRole("button", { name: "Let it go on" }).click();
  await expect(panel.getByRole("button", { name: "Pause" })).toBeVisible();
  await panel.getByRole("button", { name: "Cancel the rebuild…" }).click();
  await expect(dialog.getByRole("button", { name: "Cancel the rebuild", exact: true })).toBeDisabled();
  await dialog.getByLabel("Reason, for the audit log").fill("begun by mistake");
  await dialog.getByRole("button", { name: "Cancel the rebuild", exact: true }).click();
  await expect(panel.getByRole("button", { name: "Pause" })).toHaveCount(0);
});

test("rows are checked against the log", async ({ page }) => {
  await operator.open("/projections/bonds");
  await page.getByRole("button", { name: "Check now" }).click();
  await expect(page.getByText("all as the log says")).toBeVisible();
});

test("a dead letter is tried without effect, tried, and given up with a reason", async ({ page, seed }) => {
  const [serving] = await seed.server.database.query("SELECT version FROM runner.projection_versions WHERE projection = 'messages' AND serving");
  const table = `messages_v${String(serving?.version)}.messages`;
  await seed.server.database.query(`ALTER TABLE ${table} ADD CONSTRAINT no_thorns CHECK (content NOT LIKE '%thorn%')`);
  await seed.gardener.say("A rose has a thorn");
  await operator.open("/dead-letters");
  const rows = operator.rows("Dead letters");
  await expect(rows).toHaveCount(1);
  await page.getByLabel("State").selectOption("parked");
  await expect.poll(() => rows.count()).toBeGreaterThan(1);
  await page.getByLabel("State").selectOption("first");
  await expect(rows).toHaveCount(1);
  await expect(rows.first()).toContainText("messages");
  await rows.first().click();
  await operator.drawer().getByRole("button", { name: "Dry run" }).click();
  await expect(operator.drawer().getByRole("status")).toContainText("A retry would fold");
  await operator.drawer().getByRole("button", { name: "Discard…" }).click();
  await expect(page.getByRole("dialog")).toContainText("It cannot be undone");
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await seed.server.database.query(`ALTER TABLE ${table} DROP CONSTRAINT no_thorns`);
  await operator.drawer().getByRole("button", { name: "Retry in order" }).click();
  await expect(page.getByText("No dead letters.")).toBeVisible();

  await seed.server.database.query(`ALTER TABLE ${table} ADD CONSTRAINT no_nettles CHECK (content NOT LIKE '%nettle%')`);
  await seed.gardener.say("A nettle stings");
  await expect(rows.first()).toBeVisible();
  await rows.last().click();
  await operator.drawer().getByRole("button", { name: "Discard…" }).click();
  await operator.confirm("Discard", "a test's own nettle");
  await seed.server.database.query(`ALTER TABLE ${table} DROP CONSTRAINT no_nettles`);
  await operator.open("/dead-letters?state=discarded");
  await expect(rows.first()).toContainText("discarded");
});

test("the whole log is verified", async ({ page }) => {
  await operator.open("/verification");
  await expect(page.getByRole("list", { name: "Verified, by partition" }).getByRole("listitem")).toHaveCount(4);
  await page.getByRole("button", { name: "Verify the whole log now" }).click();
  await expect(page.getByRole("region", { name: "In one go" })).toContainText("done");
  await expect(page.getByText("No difference found.")).toBeVisible();
});

test("effects are shown, with those that failed apart", async ({ page }) => {
  await operator.open("/effects");
  await expect(page.getByText("in the queue")).toBeVisible();
  await page.getByLabel("State").selectOption("failed");
  await expect(page).toHaveURL(/state=failed/);
  await expect(page.getByText("Nothing has failed.")).toBeVisible();
});

// Without a model nothing fails for good, so the server's words are put into its mouth here.
test("a queue that is too old is an alert, and what failed is tried again", async ({ page, seed }) => {
  const entity = `session/${seed.person.conversation}`;
  const failed = { id: seed.person.id, entity, kind: "reply", partition: 0, since: new Date().toISOString(), age_s: 400, attempts: 3, state: "failed", problem: "the endpoint answered 502", cause: { entity, sequence: 1 } };
  const list = { items: [failed], next_cursor: null, has_more: false, total: 1, depth: 1, oldest_s: 400, alert: "an effect waits for 400 s", unreachable: [2, 5] };
  await page.route("**/api/v1/admin/live*", (route) => route.fulfill({ contentType: "text/event-stream", body: `event: effects\ndata: ${JSON.stringify(list)}\n\n` }));
  await page.route("**/api/v1/admin/effects?*", (route) => route.fulfill({ json: list }));
  await page.route("**/api/v1/admin/effects", (route) => route.fulfill({ json: list }));
  const asked: string[] = [];
  await page.route("**/api/v1/admin/effects/*/retry", (route) => {
    asked.push(route.request().method());
    return route.fulfill({ status: 202, json: { id: failed.id, state: "pending" } });
  });
  await operator.open("/effects");
  await expect(page.getByRole("alert")).toContainText("an effect waits for 400 s");
  await expect(page.getByText("Partitions 2, 5 could not be asked")).toBeVisible();
  await expect(operator.rows("Effects").first()).toContainText("the endpoint answered 502");
  await page.getByRole("button", { name: "Retry" }).click();
  await expect(page.getByText("reply is tried again.")).toBeVisible();
  expect(asked).toEqual(["POST"]);
});
