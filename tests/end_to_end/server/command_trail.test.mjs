// What the command line changes stands in the operators' audit trail, as the console's actions do; what can't be undone is shown first.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { userInfo } from "node:os";
import { Server } from "./support/server.mjs";
import { Chat } from "./support/socket.mjs";

let server, person;

before(async () => {
  server = await Server.create({ flags: ["--no-model"] });
  person = await server.sign_up("Ada");
  const character = await server.character(person.token);
  const conversation = await server.conversation(person.token, character.id);
  const chat = await Chat.open(server, person.token);
  await chat.say("I like the sea", { conversation_id: conversation.id });
  await chat.close();
});
after(async () => {
  await server?.destroy();
});

/** The trail of the command line, oldest first. */
const trail = (action) =>
  server.database.query(`SELECT actor_email, subject, reason, outcome, detail, request_id FROM audit.entries WHERE action = '${action}' AND actor_email LIKE 'cli:%' ORDER BY number`);

async function is_written_down(action, words, { subject, reason }) {
  const done = await server.command(...words);
  assert.equal(done.code, 0, `${words.join(" ")}\n${done.stdout}${done.stderr}`);
  const entries = await trail(action);
  const [begun, ended] = entries.slice(-2);
  assert.deepEqual([begun.outcome, ended.outcome], ["begun", "done"], action);
  for (const each of [begun, ended]) {
    assert.equal(each.actor_email, `cli:${userInfo().username}`);
    assert.equal(each.subject, subject);
    assert.equal(each.reason, reason);
  }
  assert.equal(begun.request_id, ended.request_id);
  assert.ok(begun.request_id.length > 0);
}

test("who did what and why is written down, that it was begun and how it ended", { timeout: 120_000 }, async () => {
  await is_written_down("user.role", ["users", "role", "--email", person.email, "--role", "operator", "--reason", "she is on call"], { subject: `user/${person.user.id}`, reason: "she is on call" });
  await is_written_down("projection.pause", ["projections", "pause", "bonds", "--reason", "the disk is full"], { subject: "bonds", reason: "the disk is full" });
  await is_written_down("projection.resume", ["projections", "resume", "bonds"], { subject: "bonds", reason: "" });
  await is_written_down("projection.reset", ["projections", "reset", "bonds", "--to-start", "--yes", "--reason", "rows looked wrong"], { subject: "bonds", reason: "rows looked wrong" });
  await is_written_down("projection.rebuild", ["rebuild", "bonds", "characters", "--reason", "a new column"], { subject: "bonds, characters", reason: "a new column" });
  await is_written_down("projection.roll-back", ["rebuild", "--roll-back", "bonds", "--reason", "slower"], { subject: "bonds", reason: "slower" });
  await is_written_down("projection.drop", ["rebuild", "--drop-old", "bonds", "--yes", "--reason", "content"], { subject: "bonds", reason: "content" });
  await is_written_down("dead_letter.retry", ["dead-letters", "retry", "--all", "--reason", "mended"], { subject: "dead letters", reason: "mended" });
  await is_written_down("dead_letter.discard", ["dead-letters", "discard", "--projection", "bonds", "--yes", "--reason", "broken"], { subject: "dead letters", reason: "broken" });
});

test("what fails is written down too", async () => {
  const failed = await server.command("vectors", "drop", "9", "--yes", "--reason", "old");
  assert.equal(failed.code, 4, "there is no such version");
  const entries = await trail("vectors.drop");
  assert.deepEqual(entries.map((each) => each.outcome), ["begun", "failed"]);
  assert.match(JSON.stringify(entries[1].detail), /no version 9/);
});

test("nothing is done that can't be written down", async () => {
  await server.database.query("ALTER TABLE audit.entries ADD CONSTRAINT nobody CHECK (action <> 'projection.pause') NOT VALID");
  const refused = await server.command("projections", "pause", "bonds", "--reason", "unseen");
  await server.database.query("ALTER TABLE audit.entries DROP CONSTRAINT nobody");
  assert.notEqual(refused.code, 0);
  assert.match(refused.stderr, /audit trail can't be written/);
  assert.deepEqual(await server.database.query("SELECT * FROM reverie.paused_projections WHERE reason = 'unseen'"), []);
});

test("what can't be undone is shown before anybody is asked, apart from the answer", { timeout: 60_000 }, async () => {
  assert.equal((await server.command("rebuild", "users")).code, 0);
  const drop = await server.command("rebuild", "--drop-old", "users", "--json");
  assert.equal(drop.code, 4);
  assert.equal(drop.stdout, "");
  assert.match(drop.stderr, /users v1 goes, about \d+ rows\nthere is no roll-back after this\n.*say --yes/s);
  const reset = await server.command("projections", "reset", "users", "--to-start", "--json");
  assert.equal(reset.code, 4);
  assert.equal(reset.stdout, "");
  assert.match(reset.stderr, /users v\d+, partition \d+: from \d+ back to 0/);
  const vectors = await server.command("vectors", "drop", "1");
  assert.equal(vectors.code, 4);
  assert.match(vectors.stderr, /vectors v1 .*serving.*vectors go/);
  const letters = await server.command("dead-letters", "discard", "--all", "--reason", "none");
  assert.equal(letters.code, 4);
  assert.match(letters.stderr, /0 events of 0 entities are left out/);
  assert.deepEqual(await trail("vectors.drop").then((all) => all.length), 2, "what was not begun is not in the trail");
});

test("JSON is all that stands on standard output, and what is not there is refused", async () => {
  const verified = await server.command("replay", "--all", "--verify", "--json");
  assert.equal(verified.code, 0, verified.stdout + verified.stderr);
  assert.equal(JSON.parse(verified.stdout).differences, 0);
  assert.match(verified.stderr, /verified: \d+ records, \d+ entities, 0 differences/);
  assert.equal((await server.command("events", "show", "0:999999")).code, 4);
  assert.equal((await server.command("dead-letters", "retire-rule", "77", "--yes", "--reason", "gone")).code, 4);
});

test("what a starting server goes on with stands in its log and in the trail, with who had begun it", { timeout: 90_000 }, async () => {
  const signed = await server.sign_up("Olga");
  assert.equal((await server.command("users", "role", "--email", signed.email, "--role", "operator")).code, 0);
  const sign_in = async () => (await server.api("POST", "/api/v1/auth/token", { form: { grant_type: "password", username: signed.email, password: "correct horse" } })).json.access_token;
  const token = await sign_in();
  const impact = await server.api("GET", "/api/v1/admin/projections/messages/rebuild/impact", { token });
  const begun = await server.api("POST", "/api/v1/admin/projections/messages/rebuild", { token, body: { confirm: impact.json.confirm, reason: "a new column", rate: 1 } });
  assert.equal(begun.status, 202, begun.text);
  assert.equal(await server.stop(), 0);
  const status = JSON.parse((await server.command("rebuild", "--status", "--json")).stdout);
  assert.equal(status.rebuilds.find((each) => each.projection === "messages").state, "interrupted");
  await server.start();
  const of_server = () => server.database.query("SELECT action, subject, reason, outcome, request_id FROM audit.entries WHERE actor_email = 'server' ORDER BY number");
  for (let tries = 0; tries < 200 && (await of_server()).length === 0; ++tries) await new Promise((resolve) => setTimeout(resolve, 100));
  assert.match(server.output, /goes on with an interrupted rebuild/);
  assert.equal((await server.command("rebuild", "--cancel", "messages", "--yes")).code, 0);
  for (let tries = 0; tries < 200 && (await of_server()).length < 2; ++tries) await new Promise((resolve) => setTimeout(resolve, 100));
  const entries = await of_server();
  assert.deepEqual(entries.map((each) => [each.action, each.subject, each.outcome]), [["projection.rebuild", "messages", "begun"], ["projection.rebuild", "messages", "failed"]]);
  assert.equal(entries[0].request_id, entries[1].request_id);
  assert.match(entries[0].reason, new RegExp(`^resumed after an interruption; begun by ${signed.email} at `));
});
