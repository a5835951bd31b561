// Clients send numbered messages at full speed on 8 conversations while the server is killed with -9 at random moments. After each start
// every acknowledged message is there once, in order; at the end chains verify and the projections equal a fold of the log.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { Server } from "./support/server.mjs";
import { Chat } from "./support/socket.mjs";

const kills = Number(process.env.REVERIE_CRASHES ?? 20);
const conversations = 8;
let seed = Number(process.env.REVERIE_SEED ?? Date.now() % 1_000_000);

/** A small generator (mulberry32), so that a printed seed gives the same moments again. */
function random() {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

let server;
const talkers = [];

before(async () => {
  console.log(`seed: ${seed}`);
  server = await Server.create({ flags: ["--no-model", "--messages-per-minute", "1000000"] });
  for (let i = 0; i < conversations; ++i) {
    const person = await server.sign_up(`Talker${i}`);
    const character = await server.character(person.token);
    const conversation = await server.conversation(person.token, character.id);
    talkers.push({ person, conversation, sent: 0, acked: new Map(), pending: null });
  }
});
after(() => server?.destroy());

/** Sends one message after another until the connection breaks; what was not acknowledged is sent again with the same id. */
async function talk(talker) {
  let chat;
  try {
    chat = await Chat.open(server, talker.person.token);
    while (!talker.stopped) {
      talker.pending ??= { id: crypto.randomUUID(), text: `message ${++talker.sent}` };
      const { id, text } = talker.pending;
      const from = chat.frames.length;
      chat.send("message.send", text, { conversation_id: talker.conversation.id, client_message_id: id });
      const answer = await chat.next((frame) => (frame.type === "ack" || frame.type === "error") && frame.metadata.client_message_id === id, from);
      if (answer.type === "ack") {
        talker.acked.set(text, answer.metadata);
        talker.pending = null;
      } else {
        assert.ok(["overloaded", "unavailable"].includes(answer.metadata.code), JSON.stringify(answer));
        await chat.next((frame) => frame.type.startsWith("reply."), from);
      }
    }
  } catch (error) {
    if (!talker.stopped && !String(error.message).match(/closed with|ECONN|socket hang up/)) throw error;
  }
  await chat?.close();
}

async function check(talker) {
  const last = [...talker.acked.values()].at(-1);
  const query = last ? `&min_position=${last.position}` : "";
  const found = (await server.messages(talker.person.token, talker.conversation.id, query)).filter((message) => message.role === "user");
  const numbers = found.map((message) => Number(message.content.split(" ")[1]));
  assert.deepEqual(numbers, [...new Set(numbers)].sort((a, b) => a - b), "each once and in order");
  const ids = new Map(found.map((message) => [message.content, message.id]));
  for (const [text, answer] of talker.acked) assert.equal(ids.get(text), answer.message_id, `${text} was acknowledged`);
}

test(`nothing acknowledged is lost, doubled or reordered over ${kills} kills`, { timeout: 600_000 }, async () => {
  for (let round = 0; round < kills; ++round) {
    const talking = talkers.map((talker) => talk(talker));
    await new Promise((resolve) => setTimeout(resolve, 100 + random() * 900));
    await server.kill();
    await Promise.all(talking);
    await server.start();
    for (const talker of talkers) await check(talker);
  }
  const total = talkers.reduce((sum, talker) => sum + talker.acked.size, 0);
  console.log(`acknowledged: ${total}, kills: ${kills}, lost: 0, doubled: 0, out of order: 0`);
  assert.ok(total > 0);
});

/** Sends it until it is taken: while earlier messages wait for their replies the server may take no more. */
async function say_when_taken(chat, content, conversation_id) {
  for (;;) {
    const from = chat.frames.length, client_message_id = crypto.randomUUID();
    chat.send("message.send", content, { conversation_id, client_message_id });
    const answer = await chat.next((frame) => (frame.type === "ack" || frame.type === "error") && frame.metadata.client_message_id === client_message_id, from);
    if (answer.type === "ack") return { ack: answer, from };
    assert.equal(answer.metadata.code, "overloaded", JSON.stringify(answer));
    await chat.next((frame) => frame.type === "reply.completed" || frame.type === "reply.failed", from);
  }
}

test("no reply is left hanging", async () => {
  for (const talker of talkers) {
    const chat = await Chat.open(server, talker.person.token);
    const { ack, from } = await say_when_taken(chat, "the last one", talker.conversation.id);
    // One that was interrupted may end first.
    const started = await chat.next((frame) => frame.type === "reply.started" && frame.metadata.parent_id === ack.metadata.message_id, from);
    const reply = await chat.next((frame) => frame.type === "reply.completed" && frame.metadata.message_id === started.metadata.message_id, from);
    const messages = await server.messages(talker.person.token, talker.conversation.id, `&min_position=${reply.metadata.position}`);
    const replies = messages.filter((message) => message.role === "character").map((message) => message.id);
    assert.equal(new Set(replies).size, replies.length);
    assert.equal(messages.at(-1).id, reply.metadata.message_id);
    await chat.close();
  }
});

test("chains verify, and what is stored equals a fold of the log", async () => {
  await server.stop();
  const replay = await server.command("replay", "--all", "--verify");
  assert.equal(replay.code, 0, replay.stdout + replay.stderr);
  assert.match(replay.stdout, /verified: \d+ records, \d+ entities, 0 differences/);
  await server.start();
  await server.messages(talkers[0].person.token, talkers[0].conversation.id);
  await server.stop();
  const verify = await server.command("verify");
  assert.equal(verify.code, 0, verify.stdout + verify.stderr);
  const rebuild = await server.command("rebuild", "--all");
  assert.equal(rebuild.code, 0, rebuild.stdout + rebuild.stderr);
  const again = await server.command("verify");
  assert.equal(again.code, 0, again.stdout + again.stderr);
  await server.start();
  for (const talker of talkers) await check(talker);
});
