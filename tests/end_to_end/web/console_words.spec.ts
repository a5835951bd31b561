import type { Page } from "@playwright/test";
import { expect, Operator, test } from "./console_server";

// What is rare on a server that is well is put into its mouth: what the page must say then, and must not.
let operator: Operator;
test.beforeEach(async ({ page, seed }) => {
  operator = new Operator(page);
  await operator.signIn(seed.operators[0]);
  await expect(operator.heading("Overview")).toBeVisible();
});
test.afterEach(async ({ page }) => {
  await page.unrouteAll({ behavior: "ignoreErrors" });
  expect(operator.errors).toEqual([]);
});

const at = new Date().toISOString();
const silent = (page: Page) => page.route("**/api/v1/admin/live*", (route) => route.abort());

/** The projection's answer as it is, with a rebuild beside it. */
async function withRebuild(page: Page, rebuild: object): Promise<void> {
  await silent(page);
  await page.route("**/api/v1/admin/projections", async (route) => {
    const answer = (await (await route.fetch()).json()) as { items: { projection: string; rebuild: object | null }[] };
    for (const each of answer.items) if (each.projection === "messages") each.rebuild = { projection: "messages", version: 2, done: 900, total: 900, rate_per_s: 0, seconds_left: null, rate_limit: null, started_at: at, problem: null, comparison: null, ...rebuild };
    await route.fulfill({ json: answer });
  });
}

test("a comparison says which version lacks a row, and from where each side comes", async ({ page }) => {
  const sample = [
    { projection: "messages", table: "messages", key: "0197", what: "missing_in_new", columns: [], before: null, after: null, lineage: { before: "0:7", after: null } },
    { projection: "messages", table: "messages", key: "0198", what: "only_in_new", columns: [], before: null, after: null, lineage: { before: null, after: "0:9" } },
    { projection: "messages", table: "messages", key: "0199", what: "different", columns: ["state"], before: null, after: null, lineage: { before: "0:3", after: "0:4" } },
  ];
  await withRebuild(page, { state: "ready", comparison: { compared: 900, differences: 42, missing_in_new: 30, only_in_new: 2, differs: 10, parked_in_serving: 1, parked_in_new: 3, sample } });
  await operator.open("/projections/messages");
  const found = page.getByRole("region", { name: "Comparison" });
  await expect(found).toContainText("Of 900 rows 10 differ; 30 are missing in v2, the new one; 2 are only there.");
  await expect(found).toContainText("Dead letters: 3 in v2, 1 in the one before.");
  const items = found.getByRole("listitem");
  await expect(items.nth(0)).toContainText("missing in v2, the new one");
  await expect(items.nth(0)).toContainText("old row caused by 0:7");
  await expect(items.nth(1)).toContainText("only in v2, the new one");
  await expect(items.nth(2)).toContainText("new row caused by 0:4");
});

test("a switch that takes longer than one request is said to go on", async ({ page }) => {
  await withRebuild(page, { state: "ready" });
  await page.route("**/switch/impact", (route) => route.fulfill({ json: { title: "Let readers see messages v2", touches: [{ what: "rows", count: 900 }], confirm: "messages v2", reversible: true, warning: null } }));
  await page.route("**/projections/messages/switch", (route) => route.fulfill({ status: 202, json: {} }));
  await operator.open("/projections/messages");
  await page.getByRole("button", { name: "Switch to v2…" }).first().click();
  await operator.confirm("Switch");
  await expect(page.getByText("The switch of messages has begun and goes on")).toBeVisible();
});

test("a check of rows that failed is not called good", async ({ page }) => {
  await page.route("**/projections/bonds/verify", (route) => route.fulfill({ json: { projection: "bonds", state: "failed", rows: 0, differences: 0, sample: [], problem: "the database went away" } }));
  await operator.open("/projections/bonds");
  const panel = page.getByRole("region", { name: "Rows against the log" });
  await expect(panel).toContainText("the database went away");
  await expect(panel).not.toContainText("all as the log says");
});

test("a look ahead tells of all that would be parked", async ({ page }) => {
  const poison = Array.from({ length: 20 }, (_, index) => ({ entity: "session/0197f3c2-7d10-7aaa-a001-6b1c2d3e4f50", position: `0:${index}`, code: "malformed", message: "it can't be read" }));
  await page.route("**/projections/bonds/preflight", (route) => route.fulfill({ json: { projection: "bonds", state: "done", age_s: 3, done: 9000, total: 9000, found: { records: 9000, events: 9000, rows_estimate: 10, bytes_estimate: 10_000, seconds_estimate: 3, poison_total: 2000, poison, parked_in_sample: 3, embeddings_missing: 0 } } }));
  await operator.open("/projections/bonds");
  await page.getByRole("button", { name: "Rebuild…", exact: true }).click();
  const look = page.getByRole("dialog").getByRole("region", { name: "Pre-flight" });
  await expect(look).toContainText("2,000 records can't be read");
  await expect(look).toContainText("3 entities of the sample");
  await expect(look).toContainText("and 1,995 more");
  await expect(look).not.toContainText("can be folded.");
});

test("where verification can't go on is shown, and is not called well", async ({ page }) => {
  await page.route("**/api/v1/admin/verification", async (route) => {
    const answer = (await (await route.fetch()).json()) as { background: { partitions: { problem?: string }[] } };
    const first = answer.background.partitions[0];
    if (first) first.problem = "record 0:17 can't be read";
    await route.fulfill({ json: answer });
  });
  await operator.open("/verification");
  await expect(page.getByRole("list", { name: "Verified, by partition" })).toContainText("record 0:17 can't be read");
  await expect(page.getByRole("region", { name: "Result" })).toContainText("1 partition can't be verified");
});

test("a file of the audit log that is cut says so, and a whole one how much it has", async ({ page }) => {
  let headers: Record<string, string> = { "X-Total-Count": "120345", "X-Truncated": "true" };
  await page.route("**/api/v1/admin/audit.csv*", (route) => route.fulfill({ contentType: "text/csv", headers, body: "id\r\n" }));
  await operator.open("/audit");
  await page.getByRole("button", { name: "Download CSV" }).click();
  await expect(page.getByText("does not have all 120,345 entries")).toBeVisible();
  headers = { "X-Total-Count": "7" };
  await page.getByRole("button", { name: "Download CSV" }).click();
  await expect(page.getByText("The file has all 7 entries.")).toBeVisible();
});

test("a world that is cut says so", async ({ page, seed }) => {
  await page.route("**/world*", async (route) => {
    await route.fulfill({ json: { ...((await (await route.fetch()).json()) as object), truncated: true } });
  });
  await operator.open(`/entities/user/${seed.person.id}?view=world`);
  await expect(page.getByText("There is more than is shown here: the newest 1 session")).toBeVisible();
});

test("a letter that was folded later offers nothing, and a rule for one event says so", async ({ page, seed }) => {
  const entity = `session/${seed.person.conversation}`;
  const letter = { id: "7", projection: "messages", version: 1, entity, partition: 0, position: "0:3", sequence: 3, code: "malformed", message: "it did not fit", attempts: 2, state: "retried", created_at: at, behind: 0 };
  const rule = { projection: "messages", entity, type: "session.message_sent", version: 1, from_sequence: 3, operations: [{ op: "set", path: "/content" }], reason: "ticket 7", author: "cli:ops", created_at: at, retired_at: null, retire_reason: null };
  await page.route("**/api/v1/admin/dead-letters*", (route) => route.fulfill({ json: { items: [letter], next_cursor: null, has_more: false, total: 1 } }));
  await page.route("**/api/v1/admin/event-rules*", (route) => route.fulfill({ json: { items: [{ ...rule, id: "1", to_sequence: 3 }, { ...rule, id: "2", to_sequence: null }, { ...rule, id: "3", entity: null, to_sequence: null }], next_cursor: null, has_more: false, total: 3 } }));
  await operator.open("/dead-letters?state=retried&letter=7");
  for (const name of ["Dry run", "Retry in order", "Edit and retry…", "Discard…"]) await expect(operator.drawer().getByRole("button", { name })).toBeDisabled();
  await operator.open("/dead-letters?list=rules");
  const rows = operator.rows("Rules");
  await expect(rows.nth(0)).toContainText("this event alone");
  await expect(rows.nth(1)).toContainText("from here on");
  await expect(rows.nth(2)).toContainText("every event of the type");
});

test("a build of vectors is cancelled with a reason, and what it made is kept", async ({ page }) => {
  const asked: string[] = [];
  const build = { version: null, state: "running", step: "embedding", done: 120, total: 400, rate_per_s: 12, seconds_left: 23, from_cache: 0, problem: null };
  await page.route("**/api/v1/admin/vectors", (route) => route.fulfill({ json: { items: [], models: [], build: asked.length > 0 ? { ...build, state: "cancelled" } : build } }));
  await page.route("**/api/v1/admin/vectors/build/cancel", (route) => {
    asked.push(route.request().postData() ?? "");
    return route.fulfill({ json: { ...build, state: "cancelled" } });
  });
  await operator.open("/vectors");
  await page.getByRole("button", { name: "Cancel the build…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("are kept");
  await dialog.getByLabel("Reason, for the audit log").fill("the model is wrong");
  await dialog.getByRole("button", { name: "Cancel the build", exact: true }).click();
  await expect(page.getByText("goes on from what it made")).toBeVisible();
  expect(JSON.parse(asked[0] ?? "{}")).toEqual({ reason: "the model is wrong" });
});

test("an entity whose past takes too long to be folded is shown as it is now", async ({ page, seed }) => {
  const entity = `session/${seed.person.conversation}`;
  const told = { code: "unavailable", message: "The fold stood at record 70000 when its time was over. Ask again.", type: "server_error" };
  await page.route(`**/entities/${entity}?*`, async (route) => {
    await route.fulfill({ json: { ...((await (await route.fetch()).json()) as object), state: { title: "the state now" } } });
  });
  await page.route(`**/entities/${entity}/state?*`, (route) => route.fulfill({ status: 503, json: { error: told } }));
  await operator.open(`/entities/${entity}`);
  await expect(page.getByText("This is its state now.")).toContainText("stood at record 70000");
  await expect(page.getByText("the state now", { exact: false }).first()).toBeVisible();
});

test("what could not be read for a moment is read again without a press", async ({ page }) => {
  const busy = { status: 503, json: { error: { code: "unavailable", message: "Not now.", type: "server_error" } } };
  const refused = { me: 0, rules: 0 };
  await page.route("**/api/v1/admin/me", (route) => (refused.me++ === 0 ? route.fulfill(busy) : route.fallback()));
  await page.route("**/api/v1/admin/event-rules*", (route) => (refused.rules++ === 0 ? route.abort() : route.fulfill({ json: { items: [], next_cursor: null, has_more: false, total: 0 } })));
  await operator.open("/dead-letters?list=rules");
  await expect(page.getByRole("heading", { name: "The console can't be opened" })).toBeVisible();
  await expect(page.getByRole("alert").filter({ hasText: "can't be reached" })).toBeVisible();
  await expect(page.getByText("No rule was made.")).toBeVisible();
});
