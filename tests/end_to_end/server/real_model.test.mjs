// One chat with the real local models, through the real server: streamed, remembered by meaning, told to the model again.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Server } from "./support/server.mjs";
import { Chat } from "./support/socket.mjs";

const models = process.env.REVERIE_MODELS_DIR ?? new URL("../../../.reverie/models", import.meta.url).pathname;
const chat_model = join(models, "SmolLM2-135M-Instruct.Q4_1.gguf");
const embedding_model = join(models, "all-MiniLM-L6-v2.Q8_0.gguf");
const model_server = process.env.REVERIE_MODEL_SERVER_BINARY ?? "";
const missing = [chat_model, embedding_model, model_server].filter((path) => !existsSync(path));
const skip = missing.length > 0 ? `no local models: ${missing.join(", ")}` : false;

let server, person, character;

before(async () => {
  if (skip) return;
  server = await Server.create({
    flags: ["--model-server", model_server, "--model-library-dir", join(models, "lib"), "--local-model", chat_model, "--local-embedding-model", embedding_model],
  });
  person = await server.sign_up("Tom");
  character = await server.character(person.token, {
    description: "{{char}} keeps the lighthouse on Gull Point. She is 34, drinks black tea and knows every ship by its horn.",
  });
});
after(() => server?.destroy());

const status = async () => (await server.api("GET", "/api/v1/models/status", { token: person.token })).json;
const memories = async (query) =>
  (await server.api("GET", `/api/v1/memories?character_id=${character.id}&page_size=100${query}`, { token: person.token })).json.items;

async function until(what, holds) {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const found = await holds();
    if (found) return found;
    if (Date.now() > deadline) assert.fail(`within 60 s: ${typeof what === "function" ? what() : what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

test("a reply of the local model comes in pieces and names the model", { skip }, async () => {
  const conversation = await server.conversation(person.token, character.id);
  const chat = await Chat.open(server, person.token);
  const { reply, from } = await chat.say("Hello! How are you tonight?", { conversation_id: conversation.id });
  assert.equal(reply.type, "reply.completed", JSON.stringify(reply));
  assert.equal(reply.metadata.model, "SmolLM2-135M-Instruct.Q4_1");
  assert.ok(reply.content.trim().length > 0);
  const pieces = chat.frames.slice(from).filter((frame) => frame.type === "reply.delta" && frame.metadata.message_id === reply.metadata.message_id);
  assert.ok(pieces.length > 1, "the reply came as a whole");
  assert.ok(reply.content.startsWith(pieces.map((piece) => piece.content).join("")));
  await chat.close();
});

test("memories are found by the meaning that the local model of 384 numbers gives them", { skip }, async () => {
  assert.deepEqual((await status()).embedding, { name: "all-MiniLM-L6-v2.Q8_0", dimension: 384 });
  const conversation = await server.conversation(person.token, character.id);
  const chat = await Chat.open(server, person.token);
  await chat.say("My dog is called Bruno, a brown labrador.", { conversation_id: conversation.id });
  await chat.close();
  const vectors = () => server.database.query("SELECT count(*)::int AS count, min(vector_dims(embedding)) AS least, max(vector_dims(embedding)) AS most FROM cache.embeddings");
  await until("everything said has its vector", async () => (await vectors())[0].count >= 3);
  const [{ least, most }] = await vectors();
  assert.deepEqual([least, most], [384, 384]);
  // No word of the question stands in what was said. What the model itself made up is remembered too, and may come before it.
  let found = [];
  await until(() => `a pet is found by its meaning; found instead: ${JSON.stringify(found)}`, async () => {
    found = (await memories(`&q=${encodeURIComponent("any pets at home")}`)).map((memory) => memory.text);
    return found.slice(0, 3).some((text) => text.includes("Bruno"));
  });
});

test("what was told is in the prompt of a later conversation, and the account of the prompt says so", { skip }, async () => {
  const first = await server.conversation(person.token, character.id);
  await server.api("POST", `/api/v1/conversations/${first.id}/close`, { token: person.token });
  const second = await server.conversation(person.token, character.id);
  const fact = (await memories("&q=dog")).find((memory) => memory.text.includes("Bruno"));
  assert.ok(fact);
  const chat = await Chat.open(server, person.token);
  const { reply } = await chat.say("What's my dog called?", { conversation_id: second.id });
  assert.equal(reply.type, "reply.completed", JSON.stringify(reply));
  await chat.close();
  const printed = await server.command("replay", "--entity", `session/${second.id}`, "--print", "events");
  const recorded = JSON.parse(printed.stdout).findLast((event) => event.type === "session.reply_completed");
  const manifest = JSON.parse(Object.values(recorded).flatMap((part) => (part && typeof part === "object" ? [part.manifest ?? part.manifest_json] : [])).find(Boolean));
  const told = manifest.pieces.filter((piece) => piece.kind === "memory" && piece.kept);
  const texts = new Map((await memories("")).map((memory) => [memory.id, memory.text]));
  assert.equal(told.length, 1, JSON.stringify(manifest));
  assert.match(texts.get(told[0].id) ?? "", /Bruno/);
});
