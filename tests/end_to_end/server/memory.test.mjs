// What a person tells is remembered over restarts and conversations, shown with its source, and can be forgotten for good.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { Server } from "./support/server.mjs";
import { Chat } from "./support/socket.mjs";

let server, person, character, first;

before(async () => {
  server = await Server.create();
  person = await server.sign_up("Tom");
  character = await server.character(person.token);
});
after(() => server?.destroy());

async function say_all(conversation_id, texts) {
  const chat = await Chat.open(server, person.token);
  const said = [];
  for (const text of texts) said.push(await chat.say(text, { conversation_id }));
  await chat.close();
  return said;
}

const memories = async (query) =>
  (await server.api("GET", `/api/v1/memories?character_id=${character.id}&page_size=100${query}`, { token: person.token })).json.items;

test("what was said is recalled after a restart, in a new conversation", async () => {
  first = await server.conversation(person.token, character.id);
  await say_all(first.id, ["My name is Tom.", "My dog is named Bruno, a brown labrador.", "I like the sea."]);
  await server.api("POST", `/api/v1/conversations/${first.id}/close`, { token: person.token });
  await server.kill();
  await server.start();
  const second = await server.conversation(person.token, character.id);
  assert.notEqual(second.id, first.id);
  const [{ reply }] = await say_all(second.id, ["What's my dog called?"]);
  assert.match(reply.content, /Bruno/);
});

test("a memory is listed with the message it came from", async () => {
  const found = await memories(`&q=${encodeURIComponent("what is my dog called")}`);
  const fact = found.find((memory) => memory.kind === "fact" && memory.text.includes("Bruno"));
  assert.ok(fact, JSON.stringify(found));
  assert.equal(fact.sources[0].conversation_id, first.id);
  const source = (await server.messages(person.token, first.id)).find((message) => message.id === fact.sources[0].message_id);
  assert.equal(source.content, "My dog is named Bruno, a brown labrador.");
});

test("a forgotten memory and its source turn are out of every search, index and prompt, and the message stays", async () => {
  const fact = (await memories("&q=dog")).find((memory) => memory.kind === "fact" && memory.text.includes("Bruno"));
  const gone = await server.api("DELETE", `/api/v1/memories/${fact.id}`, { token: person.token });
  assert.equal(gone.status, 204);
  assert.ok(gone.headers.get("x-position"));
  const at = `&min_position=${gone.headers.get("x-position")}`;
  assert.deepEqual((await memories(`&q=Bruno${at}`)).filter((memory) => memory.text.includes("Bruno")), []);
  assert.deepEqual((await memories(at)).filter((memory) => memory.text.includes("Bruno")), []);
  const tables = await server.database.query(
    "SELECT table_schema AS s, table_name AS t FROM information_schema.tables WHERE table_schema LIKE 'memories%' AND table_type = 'BASE TABLE'");
  assert.ok(tables.length > 0);
  for (const { s, t } of tables)
    assert.deepEqual(await server.database.query(`SELECT * FROM ${s}.${t} x WHERE x::text ILIKE '%bruno%'`), [], `${s}.${t}`);
  const messages = await server.messages(person.token, first.id);
  assert.ok(messages.some((message) => message.content.includes("Bruno")), "visible in its conversation");
  const open = await server.conversation(person.token, character.id);
  const [{ reply }] = await say_all(open.id, ["Do you remember my dog's name?"]);
  assert.doesNotMatch(reply.content, /Bruno/);
});

test("forgetting survives a rebuild of every projection", async () => {
  await server.stop();
  assert.equal((await server.command("rebuild", "--all")).code, 0);
  await server.start();
  assert.deepEqual((await memories("&q=Bruno")).filter((memory) => memory.text.includes("Bruno")), []);
});

test("the bond says how it stands and why", async () => {
  const open = await server.conversation(person.token, character.id);
  const [{ reply }] = await say_all(open.id, ["Thank you so much, you are wonderful!"]);
  const bond = await server.api("GET", `/api/v1/bonds/${character.id}?min_position=${reply.metadata.position}`, { token: person.token });
  assert.equal(bond.status, 200);
  assert.ok(Object.keys(bond.json.axes).length >= 3);
  assert.ok(bond.json.causes.length > 0);
  for (const cause of bond.json.causes) assert.ok(cause.axis && cause.reason && cause.at, JSON.stringify(cause));
});

test("memories of one person are nobody else's", async () => {
  const other = await server.sign_up("Eve");
  const answer = await server.api("GET", `/api/v1/memories?character_id=${character.id}&q=sea`, { token: other.token });
  assert.ok(answer.status === 404 || answer.json.items.length === 0, answer.text);
});
