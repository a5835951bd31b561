// What an operator types: replay, events, verify, rebuild, users, config, and their exit codes.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Server } from "./support/server.mjs";
import { Chat } from "./support/socket.mjs";

let server, person, conversation;

before(async () => {
  server = await Server.create();
  person = await server.sign_up();
  conversation = await server.conversation(person.token, (await server.character(person.token)).id);
  const chat = await Chat.open(server, person.token);
  await chat.say("one", { conversation_id: conversation.id });
  await chat.say("two", { conversation_id: conversation.id });
  await chat.close();
});
after(() => server?.destroy());

const entity = () => `session/${conversation.id}`;

test("replay prints the state of an entity, also as it was, beside the running server", async () => {
  const now = await server.command("replay", "--entity", entity(), "--print", "state");
  assert.equal(now.code, 0, now.stderr);
  const early = await server.command("replay", "--entity", entity(), "--to-seq", "1", "--print", "state");
  assert.notDeepEqual(JSON.parse(early.stdout), JSON.parse(now.stdout));
});

test("replay prints the events of an entity with sequences without gaps", async () => {
  const printed = await server.command("replay", "--entity", entity(), "--print", "events");
  const events = JSON.parse(printed.stdout);
  assert.deepEqual(events.map((event) => event.sequence), events.map((_, index) => index + 1));
  assert.ok(events.some((event) => event.type === "session.message_sent"));
});

test("a verification goes on where it stood, and begins anew when it is told to or was done", async () => {
  const last = (run) => run.stdout.trim().split("\n").at(-1);
  const count = (run) => Number(last(run).match(/: (\d+) records/)[1]);
  const first = await server.command("replay", "--all", "--verify", "--from-start", "--records", "1");
  assert.equal(first.code, 0, first.stderr);
  assert.match(last(first), /^verified so far: \d+ records, \d+ entities, 0 differences$/);
  const second = await server.command("replay", "--all", "--verify", "--records", "1");
  assert.ok(count(second) > count(first), "it goes on");
  assert.match(second.stderr, /goes on behind \d+ records/);
  const anew = await server.command("replay", "--all", "--verify", "--from-start", "--records", "1");
  assert.equal(count(anew), count(first));
  const rest = await server.command("replay", "--all", "--verify");
  const whole = await server.command("replay", "--all", "--verify");
  assert.match(last(whole), /^verified: \d+ records, \d+ entities, 0 differences$/);
  assert.doesNotMatch(whole.stderr, /goes on behind/);
  assert.equal(last(rest), last(whole), "in pieces as in one go");
});

test("replay of all verifies without differences, beside the running server", async () => {
  const replay = await server.command("replay", "--all", "--verify");
  assert.equal(replay.code, 0, replay.stderr);
  assert.match(replay.stdout.trim().split("\n").at(-1), /^verified: \d+ records, \d+ entities, 0 differences$/);
});

test("events are shown as JSON, one a line", async () => {
  const shown = await server.command("events", "tail", "--from-start", "--no-follow", "--json");
  assert.equal(shown.code, 0, shown.stderr);
  const lines = shown.stdout.trim().split("\n").map((line) => JSON.parse(line));
  assert.ok(lines.some((record) => record.entity === entity()));
});

test("somebody who signed up is made an operator beside the running server", async () => {
  const signed = await server.sign_up("Olga");
  const sign_in = async () => {
    const answer = await server.api("POST", "/api/v1/auth/token", { form: { grant_type: "password", username: signed.email, password: "correct horse" } });
    return answer.json.access_token;
  };
  assert.equal((await server.api("GET", "/api/v1/admin/users", { token: await sign_in() })).status, 403);
  const changed = await server.command("users", "role", "--email", signed.email, "--role", "operator");
  assert.equal(changed.code, 0, changed.stderr);
  const token = await sign_in();
  assert.equal((await server.api("GET", "/api/v1/admin/users", { token })).status, 200);
  assert.deepEqual((await server.api("GET", "/api/v1/users/me", { token })).json.roles, ["user", "operator"]);
  const nobody = await server.command("users", "role", "--email", "nobody@example.org", "--role", "operator");
  assert.equal(nobody.code, 4, nobody.stderr);
});

test("a projection stands still while an operator wants it, and then goes on", async () => {
  const paused = await server.command("projections", "pause", "messages", "--reason", "a test");
  assert.equal(paused.code, 0, paused.stderr);
  const chat = await Chat.open(server, person.token);
  const { ack } = await chat.say("while it stood still", { conversation_id: conversation.id });
  const behind = await server.api("GET", `/api/v1/conversations/${conversation.id}/messages?min_position=${ack.metadata.position}`, { token: person.token });
  assert.equal(behind.status, 503);
  const listed = await server.command("projections", "list", "--json");
  assert.ok(JSON.parse(listed.stdout).some((each) => each.projection === "messages" && each.paused && each.reason === "a test"));
  assert.equal((await server.command("projections", "resume", "messages")).code, 0);
  const there = await server.api("GET", `/api/v1/conversations/${conversation.id}/messages?min_position=${ack.metadata.position}`, { token: person.token });
  assert.equal(there.status, 200);
  await chat.close();
});

test("a second server on the same data is refused", async () => {
  const second = await server.command("serve", "--port", "0", "--no-model");
  assert.equal(second.code, 4, second.stderr);
  assert.match(second.stderr, /another server/);
});

test("a taken port is refused with a clear message", async () => {
  const other = await Server.create();
  await other.stop();
  const taken = await other.command("serve", "--port", String(server.port), "--no-model");
  assert.equal(taken.code, 4, taken.stderr);
  assert.match(taken.stderr, new RegExp(`${server.port}`));
  await other.destroy();
});

test("wrong usage is 2, a database that is not there is 3, a newer data folder is 4", async () => {
  assert.equal((await server.command("nonsense")).code, 2);
  assert.equal((await server.command("serve", "--port", "70000")).code, 2);
  assert.equal((await server.command("replay", "--entity", "nonsense")).code, 2);
  const unknown = await server.command("replay", "--entity", `session/${crypto.randomUUID()}`);
  assert.equal(unknown.code, 4, unknown.stderr);
  assert.equal(unknown.stdout, "");
  assert.equal((await server.command("migrate", "--database-url", "postgresql://127.0.0.1:1/none")).code, 3);
  const newer = await Server.create();
  await newer.stop();
  await writeFile(join(newer.data, "format"), "99\n");
  const refused = await newer.command("serve", "--port", "0", "--no-model");
  assert.equal(refused.code, 4, refused.stderr);
  await newer.destroy();
});

test("settings are shown with where they come from, secrets hidden", async () => {
  const config = await server.command("config");
  assert.equal(config.code, 0, config.stderr);
  assert.match(config.stdout, /messages-per-minute/);
});

test("the server stops cleanly on SIGTERM, and users can be made while it does not run", async () => {
  assert.equal(await server.stop(), 0);
  assert.equal((await server.command("verify")).code, 0);
  assert.equal((await server.command("rebuild", "messages")).code, 0);
  assert.equal((await server.command("rebuild", "nonsense")).code, 2);
  await server.start();
  assert.equal((await server.messages(person.token, conversation.id)).filter((message) => message.role === "user").length, 3);
});
