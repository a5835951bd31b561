// All of a database is lost: the log and the vault's backup bring everything back.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { fresh_database } from "./support/database.mjs";
import { Server } from "./support/server.mjs";
import { Chat } from "./support/socket.mjs";

let server, person, conversation, written;

before(async () => {
  server = await Server.create();
  person = await server.sign_up();
  conversation = await server.conversation(person.token, (await server.character(person.token)).id);
  const chat = await Chat.open(server, person.token);
  let last;
  for (const text of ["My dog is called Rex.", "We live by the river."]) last = (await chat.say(text, { conversation_id: conversation.id })).reply;
  await chat.close();
  written = await server.messages(person.token, conversation.id, `&min_position=${last.metadata.position}`);
});
after(() => server?.destroy());

test("a vault is exported beside the running server, for its owner's eyes only, and never over a file", async () => {
  const file = join(server.data, "vault.backup");
  const done = await server.command("vault", "export", file);
  assert.equal(done.code, 0, done.stderr);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.notEqual((await server.command("vault", "export", file)).code, 0);
});

test("a server on an empty database, the same log and the vault's backup serves all there was", async () => {
  assert.equal(await server.stop(), 0);
  await server.database.drop();
  server.database = await fresh_database();
  assert.equal((await server.command("migrate")).code, 0);
  const restored = await server.command("vault", "import", join(server.data, "vault.backup"));
  assert.equal(restored.code, 0, restored.stderr);
  await server.start();
  const signed = await server.api("POST", "/api/v1/auth/token", { form: { grant_type: "password", username: person.email, password: "correct horse" } });
  assert.equal(signed.status, 200, signed.text);
  const last = written.at(-1).position;
  const found = await server.messages(signed.json.access_token, conversation.id, `&min_position=${last}`);
  assert.deepEqual(found.map((message) => [message.id, message.role, message.content]), written.map((message) => [message.id, message.role, message.content]));
  assert.equal((await server.command("verify")).code, 0);
  const replay = await server.command("replay", "--all", "--verify");
  assert.match(replay.stdout, / 0 differences$/m);
});
