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

test("new vectors are built, compared before anybody is switched to them, and gone back from", async ({ page }) => {
  await operator.open("/vectors");
  await page.getByRole("button", { name: "Build new vectors…" }).click();
  await operator.confirm("Build", "a better model");
  const fresh = page.getByRole("region", { name: "Vectors v2" });
  await expect(fresh).toContainText("ready");
  await expect(fresh).toContainText("letters");
  await fresh.getByRole("button", { name: "Compare recall" }).click();
  const comparison = fresh.getByRole("region", { name: "Recall comparison" });
  await expect(comparison).toContainText(/The same among the first 10\s*[0-9]+\.[0-9] %/);
  await expect(comparison).not.toContainText("Bruno");
  await fresh.getByRole("button", { name: "Switch to it…" }).click();
  await operator.confirm("Switch", "it finds more");
  await expect(fresh).toContainText("serves");
  const before = page.getByRole("region", { name: "Vectors v1" });
  await before.getByRole("button", { name: "Roll back to it…" }).click();
  await operator.confirm("Roll back", "it did not");
  await expect(before).toContainText("serves");
  await fresh.getByRole("button", { name: "Drop…" }).click();
  await operator.confirm("Drop", "not needed");
  await expect(fresh).toHaveCount(0);
  await operator.open("/audit");
  for (const reason of ["a better model", "it finds more", "it did not", "not needed"]) await expect(page.getByText(reason).first()).toBeVisible();
});
