// Postgres is gone for a while: chat goes on for those whose key is in memory, the rest is told so, and all catches up by itself.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { Server } from "./support/server.mjs";
import { Chat } from "./support/socket.mjs";

let server;

before(async () => { server = await Server.create(); });
after(async () => { await server?.database.accept(); await server?.destroy(); });

async function until(what, happens) {
  for (const start = Date.now(); Date.now() - start < 60_000; await new Promise((resolve) => setTimeout(resolve, 100)))
    if (await happens()) return;
  assert.fail(`did not happen within a minute: ${what}`);
}

test("chat survives an outage of Postgres and reads catch up by themselves", { timeout: 180_000 }, async () => {
  const person = await server.sign_up();
  const character = await server.character(person.token);
  const conversation = await server.conversation(person.token, character.id);
  const chat = await Chat.open(server, person.token);
  await chat.say("before", { conversation_id: conversation.id });

  await server.database.refuse();
  const { reply } = await chat.say("during", { conversation_id: conversation.id });
  assert.equal(reply.type, "reply.completed");
  const read = await server.api("GET", "/api/v1/conversations", { token: person.token });
  assert.equal(read.status, 503);
  assert.equal(read.json.error.code, "unavailable");
  assert.ok(Number(read.headers.get("retry-after")) > 0);
  await until("readiness says why", async () => {
    const ready = await server.api("GET", "/readyz");
    return ready.status === 503 && ready.text.length > 10;
  });
  assert.equal((await server.api("GET", "/healthz")).status, 200);
  const nobody = await server.api("POST", "/api/v1/auth/token", { form: { grant_type: "password", username: person.email, password: "correct horse" } });
  assert.equal(nobody.status, 503);

  await server.database.accept();
  await until("reads see what was said meanwhile", async () => {
    const answer = await server.api("GET", `/api/v1/conversations/${conversation.id}/messages?min_position=${reply.metadata.position}`, { token: person.token });
    return answer.status === 200 && answer.json.items.some((message) => message.content === "during");
  });
  await until("the server is ready again", async () => (await server.api("GET", "/readyz")).status === 200);
  await chat.close();
});
