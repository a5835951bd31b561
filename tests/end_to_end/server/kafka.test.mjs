// The whole server on a real Kafka: chat, kill -9 of the server and of the broker, a frozen broker, tools beside the server, kcat.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Broker } from "./support/broker.mjs";
import { fresh_database } from "./support/database.mjs";
import { Server } from "./support/server.mjs";
import { Chat } from "./support/socket.mjs";

const topic = "chat";
let broker, server, person, conversation;

before(async () => {
  broker = new Broker();
  server = await Server.create({
    flags: ["--no-model", "--messages-per-minute", "100000", "--partitions", "4"],
    environment: { REVERIE_LOG: broker.url, REVERIE_KAFKA_TOPIC: topic },
  });
  person = await server.sign_up("Tom");
  conversation = await server.conversation(person.token, (await server.character(person.token)).id);
});
after(async () => {
  await server?.destroy();
  broker?.destroy();
});

async function said(count, text) {
  const chat = await Chat.open(server, person.token);
  let last;
  for (let i = 0; i < count; ++i) {
    last = await chat.say(`${text} ${i}`, { conversation_id: conversation.id });
    assert.equal(last.reply.type, "reply.completed", JSON.stringify(last.reply));
  }
  await chat.close();
  return last.reply.metadata.position;
}

async function texts(position) {
  const messages = await server.messages(person.token, conversation.id, `&min_position=${position}`);
  return messages.filter((message) => message.role === "user").map((message) => message.content);
}

test("chats over WebSocket, and nothing is lost when the server is killed", async () => {
  let position = await said(3, "first");
  await server.kill();
  await server.start();
  position = await said(2, "second");
  assert.deepEqual(await texts(position), ["first 0", "first 1", "first 2", "second 0", "second 1"]);
});

test("kcat shows readable headers and JSON, and nothing of what was said", async () => {
  const shown = broker.kcat(topic, "%k [%h] %s\n");
  const line = shown.split("\n").find((each) => each.includes("types=session.message_sent/1"));
  assert.match(line, /^[0-9a-f-]{36} \[format=1,epoch=\d+,writer=[0-9a-f-]{36},entity=session\/[0-9a-f-]{36},first_sequence=\d+,types=/);
  const value = JSON.parse(line.slice(line.indexOf("] ") + 2));
  assert.ok(Array.isArray(value) && value.length > 0);
  assert.match(JSON.stringify(value), /"\$sealed"/);
  assert.ok(!shown.includes("first 0"));
});

test("goes on by itself when the broker is killed and comes back", async () => {
  broker.signal("SIGKILL");
  broker.start();
  const position = await said(2, "third");
  assert.deepEqual((await texts(position)).slice(-2), ["third 0", "third 1"]);
});

test("answers that it doesn't know when the broker freezes, does a message sent again once, and serves again", { timeout: 120_000 }, async () => {
  const chat = await Chat.open(server, person.token);
  const id = crypto.randomUUID();
  const metadata = { conversation_id: conversation.id, client_message_id: id };
  broker.signal("SIGSTOP");
  chat.send("message.send", "frozen", metadata);
  const answer = await chat.next((frame) => (frame.type === "ack" || frame.type === "error") && frame.metadata.client_message_id === id);
  broker.signal("SIGCONT");
  assert.equal(answer.type, "error");
  assert.equal(answer.metadata.code, "unavailable");
  for (let tries = 0; ; ++tries) {
    const from = chat.frames.length;
    chat.send("message.send", "frozen", metadata);
    const again = await chat.next((frame) => (frame.type === "ack" || frame.type === "error") && frame.metadata.client_message_id === id, from);
    if (again.type === "ack") break;
    assert.ok(tries < 60, JSON.stringify(again));
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  await chat.close();
  const position = await said(1, "thawed");
  assert.deepEqual((await texts(position)).slice(-2), ["frozen", "thawed 0"]);
});

test("tools read the same log beside the server and after it", { timeout: 180_000 }, async () => {
  const tail = await server.command("events", "tail", "--from-start", "--no-follow", "--entity", `session/${conversation.id}`, "--json");
  assert.equal(tail.code, 0, tail.stderr);
  assert.ok(tail.stdout.split("\n").length > 8);
  const state = await server.command("replay", "--entity", `session/${conversation.id}`);
  assert.equal(state.code, 0, state.stderr);
  assert.match(state.stdout, /thawed 0/);
  await server.stop();
  const replay = await server.command("replay", "--all", "--verify");
  assert.equal(replay.code, 0, replay.stdout + replay.stderr);
  assert.match(replay.stdout, /verified: \d+ records, \d+ entities, 0 differences/);
  const rebuild = await server.command("rebuild", "--all");
  assert.equal(rebuild.code, 0, rebuild.stdout + rebuild.stderr);
  const verify = await server.command("verify");
  assert.equal(verify.code, 0, verify.stdout + verify.stderr);
  await server.start();
  assert.equal((await texts("0:0")).length, 9);
});

/** The durable frames of the conversation after a position, without their own positions. */
async function frames_after(chat, position) {
  const from = chat.frames.length;
  chat.send("subscribe", "", { conversation_id: conversation.id, after: position });
  await chat.next((frame) => frame.type === "subscribed", from);
  return chat.frames.slice(from).filter((frame) => frame.metadata.position && frame.type !== "subscribed");
}
const told = (frames) => frames.map(({ type, content, metadata }) => [type, content, metadata.message_id]);

test("events move to an embedded log and back, once, with the same states, and clients resume where they were", { timeout: 240_000 }, async () => {
  const chat = await Chat.open(server, person.token);
  const seen = await frames_after(chat, `${conversation.last_position.split(":").slice(0, 2).join(":")}:1`);
  assert.ok(seen.length > 20, `${seen.length} frames`);
  await chat.close();
  const vault = join(server.data, "vault.backup");
  assert.equal((await server.command("vault", "export", vault)).code, 0);
  await server.stop();
  const entity = `session/${conversation.id}`;
  const embedded = await mkdtemp(join(tmpdir(), "reverie-e2e-embedded-"));
  await copyFile(join(server.data, "master.key"), join(embedded, "master.key"));
  const out = await server.command("events", "export", "--to", `rocksdb:${embedded}`);
  assert.equal(out.code, 0, out.stderr);
  assert.match(out.stdout, /export: \d\d+ records copied, 0 were there/);
  const again = await server.command("events", "export", "--to", `rocksdb:${embedded}`);
  assert.match(again.stdout, /export: 0 records copied/, again.stderr);
  const there = ["--log", "rocksdb", "--data", embedded];
  const verified = await server.command("replay", "--all", "--verify", ...there);
  assert.equal(verified.code, 0, verified.stdout + verified.stderr);
  const state = async (...where) => (await server.command("replay", "--entity", entity, ...where)).stdout;
  const before = await state();
  assert.match(before, /thawed 0/);
  assert.equal(await state(...there), before);
  // Into a fresh topic with another number of partitions, by a data folder of its own.
  const back = await mkdtemp(join(tmpdir(), "reverie-e2e-back-"));
  await copyFile(join(server.data, "master.key"), join(back, "master.key"));
  const fresh = ["--data", back, "--kafka-topic", "moved", "--partitions", "7"];
  const into = await server.command("events", "import", "--from", `rocksdb:${embedded}`, ...fresh);
  assert.equal(into.code, 0, into.stderr);
  assert.equal(await state(...fresh), before);
  const third = await server.command("events", "import", "--from", broker.url, "--other-topic", topic, ...fresh);
  assert.match(third.stdout, /import: 0 records copied/, third.stderr);
  const moved = Object.assign(new Server(), { flags: ["--no-model", "--kafka-topic", "moved", "--partitions", "7"], environment: { REVERIE_LOG: broker.url }, data: back });
  moved.database = await fresh_database();
  assert.equal((await moved.command("migrate")).code, 0);
  assert.equal((await moved.command("vault", "import", vault)).code, 0);
  await moved.start();
  try {
    const signed = await moved.api("POST", "/api/v1/auth/token", { form: { grant_type: "password", username: person.email, password: "correct horse" } });
    const there_too = await Chat.open(moved, signed.json.access_token);
    for (let i = 0; i < seen.length; i += 3)
      assert.deepEqual(told(await frames_after(there_too, seen[i].metadata.position)), told(seen.slice(i + 1)), `after ${seen[i].metadata.position}`);
    const from = there_too.frames.length;
    there_too.send("subscribe", "", { conversation_id: conversation.id, after: "0:1:99999" });
    const refused = await there_too.next((frame) => frame.type === "error", from);
    assert.equal(refused.metadata.param, "after");
    assert.deepEqual(await frames_after(there_too, refused.metadata.details.last_position), []);
    await there_too.close();
  } finally {
    await moved.destroy();
  }
  await rm(embedded, { recursive: true, force: true });
});

test("a data folder does not change its log", async () => {
  const embedded = await server.command("serve", "--log", "rocksdb", "--port", "0");
  assert.equal(embedded.code, 4);
  assert.match(embedded.stderr, /was used with another log \(kafka /);
  const nowhere = await server.command("serve", "--log", "kafka://127.0.0.1:1", "--port", "0");
  assert.equal(nowhere.code, 3);
  const wrong = await server.command("serve", "--log", "kafka://127.0.0.1", "--port", "0");
  assert.equal(wrong.code, 2);
  const partitions = await server.command("serve", "--partitions", "5", "--port", "0");
  assert.equal(partitions.code, 4);
  assert.match(partitions.stderr, /it has 4 partitions, 5 were asked for/);
});
