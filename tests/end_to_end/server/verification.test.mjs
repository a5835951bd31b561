// The background verification: how far it came survives a restart, and what a stored state has that the log does not give is named.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { Server } from "./support/server.mjs";
import { Chat } from "./support/socket.mjs";

let server, operator, conversation, person;
const verification = async () => (await server.api("GET", "/api/v1/admin/verification", { token: operator })).json;

async function up_to_date() {
  for (let tries = 0; tries < 300; ++tries) {
    const now = await verification();
    if (now.background.state === "up_to_date" && now.background.records > 0) return now;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the background verification did not come to the end of the log");
}

before(async () => {
  server = await Server.create({ flags: ["--no-model"] });
  person = await server.sign_up("Tom");
  const character = await server.character(person.token);
  conversation = await server.conversation(person.token, character.id);
  const chat = await Chat.open(server, person.token);
  for (const text of ["My dog is called Bruno", "I play the cello"]) await chat.say(text, { conversation_id: conversation.id });
  await chat.close();
  const signed = await server.sign_up("Olga");
  assert.equal((await server.command("users", "role", "--email", signed.email, "--role", "operator")).code, 0);
  operator = (await server.api("POST", "/api/v1/auth/token", { form: { grant_type: "password", username: signed.email, password: "correct horse" } })).json.access_token;
});
after(() => server?.destroy());

test("it goes on where it stood after a restart", async () => {
  const first = await up_to_date();
  assert.equal(first.background.differences, 0);
  assert.ok(first.background.entities >= 5);
  assert.equal(await server.stop(), 0);
  await server.start();
  const again = await up_to_date();
  assert.equal(again.background.differences, 0);
  // Each start announces an owner of each partition: that is all there is to look at anew.
  assert.equal(again.background.records, first.background.records + again.background.partitions.length);
  assert.ok(again.background.states_compared >= first.background.states_compared);
  const epochs = (await server.api("GET", "/api/v1/admin/partitions/0/epochs", { token: operator })).json.items;
  assert.equal(epochs.length, 2, "owners from before the restart are known");
});

test("it survives a kill", async () => {
  const before_it = await up_to_date();
  await server.kill();
  await server.start();
  const again = await up_to_date();
  assert.equal(again.background.differences, 0);
  assert.ok(again.background.records > before_it.background.records);
});
