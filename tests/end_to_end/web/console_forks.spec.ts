import { expect, Operator, test } from "./console_server";

let operator: Operator;
test.beforeEach(async ({ page, seed }) => {
  operator = new Operator(page);
  await operator.signIn(seed.operators[0]);
  await expect(operator.heading("Overview")).toBeVisible();
});
test.afterEach(() => expect(operator.errors).toEqual([]));

test("a conversation is forked at an event, continued, and compared with what it was copied from", async ({ page, seed }) => {
  await operator.open(`/entities/session/${seed.person.conversation}?at=4`);
  await page.getByRole("button", { name: "Fork here" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel(/As it was after event/)).toHaveValue("4");
  await expect(dialog.getByRole("button", { name: "Fork", exact: true })).toBeDisabled();
  await dialog.getByLabel("Reason, for the audit log").fill("what would she have said?");
  await dialog.getByRole("button", { name: "Fork", exact: true }).click();
  await expect(operator.heading("Fork")).toBeVisible();
  const original = page.getByRole("region", { name: "Original" });
  const fork = page.getByRole("region", { name: "Fork", exact: true });
  await expect(original.getByRole("article").first()).toBeVisible();
  await expect(fork).toContainText("Nothing was said here since.");
  await fork.getByLabel("Say something in the fork").fill("My cat is called Mia");
  await fork.getByRole("button", { name: "Send" }).click();
  await expect(fork.getByRole("article", { name: "The character" })).toHaveCount(1);
  await expect(fork).not.toContainText("Mia");

  await operator.showInFull("to compare the two");
  await expect(fork.getByRole("article", { name: "The user" })).toHaveText(/My cat is called Mia/);
  await expect(page.getByRole("region", { name: "What only one side knows" })).toContainText("fork: knows it");
  await fork.getByRole("button", { name: "Another reply" }).click();
  await expect(fork).toContainText("2 messages since");
  await page.getByRole("button", { name: "Close the fork" }).click();
  await expect(fork).toContainText("This fork is closed.");

  await operator.open(`/conversations/${seed.person.conversation}`);
  await page.getByRole("link", { name: "Its forks" }).click();
  await expect(operator.rows("Forks").first()).toContainText("closed");
  await operator.open("/audit?q=conversation.fork");
  await expect(operator.rows("Audit entries").first()).toContainText("conversation.fork");
});

test("a fork is in none of the person's lists", async ({ page, seed }) => {
  await operator.open(`/users/${seed.person.id}`);
  await expect(operator.rows("Conversations")).toHaveCount(1);
  await page.getByRole("tab", { name: "Memories" }).or(page.getByRole("button", { name: "Memories" })).first().click();
  await operator.showInFull("to look for what a fork said");
  await expect(operator.rows("Memories").first()).toBeVisible();
  await expect(page.getByText("Mia")).toHaveCount(0);
});
