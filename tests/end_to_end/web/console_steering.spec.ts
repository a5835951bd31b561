import { expect, Operator, test } from "./console_server";

let operator: Operator;
test.beforeEach(async ({ page, seed }) => {
  operator = new Operator(page);
  await operator.signIn(seed.operators[0]);
  await expect(operator.heading("Overview")).toBeVisible();
});
test.afterEach(() => expect(operator.errors).toEqual([]));

test("a projection is told to stand still with a reason, and goes on", async ({ page }) => {
  await operator.open("/projections/bonds");
  await page.getByRole("button", { name: "Pause…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: "Pause", exact: true })).toBeDisabled();
  await dialog.getByLabel("Reason, for the audit log").fill("the disk is nearly full");
  await dialog.getByRole("button", { name: "Pause", exact: true }).click();
  const panel = page.getByRole("region", { name: "It stands still" });
  await expect(panel).toContainText("the disk is nearly full");
  await panel.getByRole("button", { name: "Resume", exact: true }).first().click();
  await panel.getByRole("button", { name: "Resume everywhere" }).click();
  await expect(panel).toHaveCount(0);
});

test("a projection is set back once it was shown what that touches", async ({ page }) => {
  await operator.open("/projections/bonds");
  await page.getByRole("button", { name: "Set back…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Back to").selectOption("start");
  await dialog.getByRole("button", { name: "See what it would touch" }).click();
  await expect(dialog.getByRole("table")).toContainText("Records again");
  await operator.confirm("Set it back", "rows looked wrong");
  await expect(page.getByRole("region", { name: "Version 1", exact: true })).toContainText("up to date");
  await operator.open("/audit?q=rows+looked+wrong");
  await expect(operator.rows("Audit entries").first()).toContainText("reset");
});

test("an event is read by a rule, tried before it is kept, and the rule is retired", async ({ page, seed }) => {
  const [serving] = await seed.server.database.query("SELECT version FROM runner.projection_versions WHERE projection = 'messages' AND serving");
  const table = `messages_v${String(serving?.version)}.messages`;
  await seed.server.database.query(`ALTER TABLE ${table} ADD CONSTRAINT no_brambles CHECK (content NOT LIKE '%bramble%')`);
  await seed.person.say("A bramble scratches");
  await operator.open("/dead-letters");
  const parked = operator.rows("Dead letters").filter({ hasText: seed.person.conversation.slice(-8) });
  await parked.click();
  await operator.drawer().getByRole("button", { name: "Edit and retry…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Field").fill("/content");
  await dialog.getByLabel("Value").fill("A plant scratches");
  await dialog.getByRole("button", { name: "Dry run" }).click();
  await expect(dialog.getByRole("status")).toContainText("The fold takes it.");
  await operator.confirm("Keep the rule and retry", "a test's own bramble");
  await expect(parked).toHaveCount(0);
  await operator.open("/dead-letters?list=rules");
  await expect(operator.rows("Rules").first()).toContainText("/content");
  await operator.rows("Rules").first().getByRole("button", { name: "Retire…" }).click();
  await operator.confirm("Retire", "no longer needed");
  await expect(operator.rows("Rules").first()).toContainText("retired");
  await seed.server.database.query(`ALTER TABLE ${table} DROP CONSTRAINT no_brambles`);
});

test("the vectors that serve are shown with their model", async ({ page }) => {
  await operator.open("/vectors");
  await expect(page.getByRole("region", { name: /^Vectors v/ }).first()).toContainText("serves");
  await expect(page.getByRole("button", { name: "Build new vectors…" })).toBeEnabled();
});

// One server has one embedder here, so what a second one would bring is put into the server's mouth.
test("new vectors are compared before anybody is switched to them", async ({ page }) => {
  const version = (number: number, state: string, comparison: object | null) => ({ version: number, model: `model-${number}`, dimension: 384, table: `vectors_${number}`, state, rows: 40, missing: 0, available: true, created_at: new Date().toISOString(), switched_at: null, comparison });
  const compared = { at: new Date().toISOString(), queries: 100, k: 10, recall_of_serving: 0.7, overlap: 0.7, evidence_serving: 0.8, evidence_new: 0.9, evidence_queries: 60, worst: [{ query_position: "0:7", overlap: 0.1 }] };
  let items = [version(1, "serving", null), version(2, "ready", null)];
  const asked: string[] = [];
  await page.route("**/api/v1/admin/vectors", (route) => route.fulfill({ json: { items, build: null } }));
  await page.route("**/api/v1/admin/vectors/2/compare", (route) => {
    items = [version(1, "serving", null), version(2, "ready", compared)];
    return route.fulfill({ json: compared });
  });
  await page.route("**/api/v1/admin/vectors/2/switch/impact", (route) => route.fulfill({ json: { title: "Switch", touches: [{ what: "vectors", count: 40 }], confirm: "vectors v2", reversible: true, warning: null } }));
  await page.route("**/api/v1/admin/vectors/2/switch", (route) => {
    asked.push(route.request().postData() ?? "");
    items = [version(2, "serving", compared), version(1, "kept", null)];
    return route.fulfill({ json: {} });
  });
  await operator.open("/vectors");
  const fresh = page.getByRole("region", { name: "Vectors v2" });
  await fresh.getByRole("button", { name: "Compare recall" }).click();
  await expect(fresh.getByRole("region", { name: "Recall comparison" })).toContainText("70.0 %");
  await fresh.getByRole("button", { name: "Switch to it…" }).click();
  await operator.confirm("Switch", "it finds more");
  await expect(fresh).toContainText("serves");
  expect(JSON.parse(asked[0] ?? "{}")).toMatchObject({ confirm: "vectors v2", reason: "it finds more" });
});
