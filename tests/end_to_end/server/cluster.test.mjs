// Several nodes (three; REVERIE_NODES) under load from real WebSocket clients on all of them, while nodes die, freeze and come back. Nothing that was acknowledged is
// lost, doubled or reordered, and a connection to a node that lives goes on. Each test prints what it saw and the longest gap in service.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { Broker } from "./support/broker.mjs";
import { Cluster } from "./support/cluster.mjs";
import { Chat } from "./support/socket.mjs";

const nodes = Number(process.env.REVERIE_NODES ?? 3);
const conversations_per_node = Number(process.env.REVERIE_TALKERS ?? 2);
const pace_ms = 25;

let broker, cluster;

before(async () => {
  broker = new Broker();
  cluster = await Cluster.create(broker, nodes);
});
after(async () => {
  await cluster?.destroy();
  broker?.destroy();
});

/** A person who talks through one node, and through another when that does not answer any more. */
class Talker {
  static async create(home) {
    const talker = new Talker();
    talker.home = home;
    talker.node = home;
    talker.person = await home.sign_up("Talker");
    const character = await home.character(talker.person.token);
    talker.conversation = await home.conversation(talker.person.token, character.id);
    Object.assign(talker, { sent: 0, acked: new Map(), pending: null, connections: 0, longest_gap: 0, chats: [], times: [] });
    return talker;
  }

  async talk() {
    this.stopped = false;
    this.acked_at = Date.now();
    while (!this.stopped) {
      try {
        this.chat = await Chat.open(this.node, this.person.token);
        this.chats.push(this.chat);
        ++this.connections;
        while (!this.stopped) await this.say_one();
      } catch (error) {
        if (!String(error.message).match(/closed with|ECONN|socket hang up|fetch failed/)) throw error;
        this.node = cluster.nodes.find((node) => Cluster.runs(node) && node !== this.node && !node.frozen) ?? this.node;
        await pause(50);
      }
    }
    const last = this.last_acked;
    if (last && last.chat === this.chat) await this.chat.next((frame) => frame.type === "message" && frame.content === last.text).catch(() => {}); // what is missing is counted
    await this.chat?.close();
  }

  async say_one() {
    this.pending ??= { id: crypto.randomUUID(), text: `message ${++this.sent}` };
    const { id, text } = this.pending;
    const from = this.chat.frames.length;
    const began = performance.now();
    this.chat.send("message.send", text, { conversation_id: this.conversation.id, client_message_id: id });
    const answer = await this.chat.next((frame) => (frame.type === "ack" || frame.type === "error") && frame.metadata.client_message_id === id, from);
    if (answer.type === "ack") {
      this.acked.set(text, answer.metadata);
      this.last_acked = { text, chat: this.chat };
      this.pending = null;
      this.times.push(performance.now() - began);
      this.longest_gap = Math.max(this.longest_gap, Date.now() - this.acked_at);
      this.acked_at = Date.now();
      await pause(pace_ms);
    } else {
      assert.ok(["overloaded", "unavailable"].includes(answer.metadata.code), JSON.stringify(answer));
      await pause(200);
    }
  }
}

const numbers_of = (messages) => messages.map((message) => Number(message.content.split(" ")[1]));
const is_ascending = (numbers) => numbers.every((number, i) => i === 0 || numbers[i - 1] < number);

/** All messages of a talker's conversation, when the last of them is a reply: none is left hanging, whoever began it. */
async function answered_messages(talker) {
  const last = [...talker.acked.values()].at(-1);
  for (const until = Date.now() + 30_000; ; await pause(100)) {
    const all = await cluster.nodes[0].messages(talker.person.token, talker.conversation.id, `&min_position=${last.position}`);
    if (all.at(-1).role === "character") return all;
    assert.ok(Date.now() < until, `a reply is left hanging in ${talker.conversation.id}`);
  }
}

/** Runs `disturb` under load and checks everything; `steady` are the nodes whose connections must never break. */
async function under_load(name, disturb, steady = []) {
  const talkers = [];
  for (const node of cluster.nodes) for (let i = 0; i < conversations_per_node; ++i) talkers.push(await Talker.create(node));
  const talking = talkers.map((talker) => talker.talk());
  await pause(1_500);
  await disturb(talkers);
  await pause(1_500);
  for (const talker of talkers) talker.stopped = true;
  await Promise.all(talking);

  const seen = { acknowledged: 0, found: 0, lost: 0, doubled: 0, out_of_order: 0, pushed_wrong: 0 };
  for (const talker of talkers) {
    const all = await answered_messages(talker);
    const found = all.filter((message) => message.role === "user");
    const numbers = numbers_of(found);
    const ids = new Map(found.map((message) => [message.content, message.id]));
    seen.acknowledged += talker.acked.size;
    seen.found += found.length;
    seen.doubled += numbers.length - new Set(numbers).size;
    if (!is_ascending(numbers)) ++seen.out_of_order;
    for (const [text, answer] of talker.acked) if (ids.get(text) !== answer.message_id) ++seen.lost;
    if (!steady.includes(talker.home)) continue;
    assert.equal(talker.connections, 1, `${name}: a connection to ${talker.home.name} did not go on`);
    const pushed = numbers_of(talker.chats[0].frames.filter((frame) => frame.type === "message" && frame.metadata.role === "user"));
    if (pushed.join() !== numbers.filter((number) => pushed.length === 0 || number >= pushed[0]).join()) {
      ++seen.pushed_wrong;
      console.log(`pushed ${pushed.length}, stored ${numbers.length}: ${numbers.filter((number) => !pushed.includes(number))} missing`);
    }
  }
  const gap = Math.max(...talkers.map((talker) => talker.longest_gap));
  const times = talkers.flatMap((talker) => talker.times).sort((a, b) => a - b);
  const at = (share) => times[Math.floor(times.length * share)].toFixed(0);
  console.log(`${name}: acknowledged ${seen.acknowledged}, found ${seen.found}, lost ${seen.lost}, doubled ${seen.doubled}, ` +
    `out of order ${seen.out_of_order}, connections with wrong pushes ${seen.pushed_wrong}, longest gap ${(gap / 1000).toFixed(1)} s, ack p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`);
  assert.ok(seen.acknowledged > talkers.length);
  assert.deepEqual([seen.lost, seen.doubled, seen.out_of_order, seen.pushed_wrong], [0, 0, 0, 0]);
  return gap;
}

/** Waits until every talker had an answer after this moment. */
async function all_are_answered(talkers, since = Date.now()) {
  const until = Date.now() + 40_000;
  while (talkers.some((talker) => talker.acked_at <= since)) {
    assert.ok(Date.now() < until, `no answer for ${talkers.filter((talker) => talker.acked_at <= since).length} talkers`);
    await pause(50);
  }
}

test("nobody is disturbed when all is well", { timeout: 60_000 }, async () => {
  const gap = await under_load("calm", () => pause(500), cluster.nodes);
  assert.ok(gap < 10_000, `${gap} ms`);
});

test("a reply that is made on one node is streamed through every other", { timeout: 60_000 }, async () => {
  let whole = 0, streamed = 0;
  for (const node of cluster.nodes) {
    for (let i = 0; i < 3; ++i) { // people are in different partitions, so some are always another node's
      const talker = await Talker.create(node);
      const chat = await Chat.open(node, talker.person.token);
      const { reply, from } = await chat.say("How are you today?", { conversation_id: talker.conversation.id });
      const frames = chat.frames.slice(from);
      const pieces = frames.filter((frame) => frame.type === "reply.delta" && frame.metadata.message_id === reply.metadata.message_id);
      const order = frames.map((frame) => frame.type);
      assert.deepEqual(pieces.map((frame) => frame.metadata.index), pieces.map((_, index) => index));
      const text = pieces.map((frame) => frame.content).join("");
      assert.ok(reply.content.startsWith(text), `${text} | ${reply.content}`);
      if (text === reply.content) ++whole;
      if (pieces.length > 0) ++streamed;
      assert.ok(pieces.length === 0 || order.indexOf("reply.started") < order.indexOf("reply.delta"));
      await chat.close();
    }
  }
  console.log(`streamed replies: ${streamed} of ${cluster.nodes.length * 3}, whole in their pieces: ${whole}`);
  assert.ok(streamed > 0);
});

test("kill -9 of a node: the others take its partitions", { timeout: 90_000 }, async () => {
  const [dead, ...others] = cluster.nodes;
  await under_load("kill -9", async (talkers) => {
    await dead.kill();
    await all_are_answered(talkers);
    await dead.start();
  }, others);
});

test("a node that is frozen past its session wakes as a zombie: nothing it did or does harms", { timeout: 90_000 }, async () => {
  const frozen = cluster.nodes[1];
  await under_load("SIGSTOP, SIGCONT", async (talkers) => {
    frozen.process.kill("SIGSTOP");
    frozen.frozen = true;
    await pause(8_000);
    await all_are_answered(talkers.filter((talker) => talker.home !== frozen));
    frozen.process.kill("SIGCONT");
    frozen.frozen = false;
    await all_are_answered(talkers);
  }, cluster.nodes);
});

test("rolling restart of all nodes", { timeout: 120_000 }, async () => {
  await under_load("rolling restart", async (talkers) => {
    for (const node of cluster.nodes) {
      assert.equal(await node.stop(), 0);
      await node.start();
      await all_are_answered(talkers);
    }
  });
});

test("chains verify, and what is stored equals a fold of the log", { timeout: 60_000 }, async () => {
  await Promise.all(cluster.nodes.map((node) => node.stop()));
  const replay = await cluster.nodes[0].command("replay", "--all", "--verify");
  assert.equal(replay.code, 0, replay.stdout + replay.stderr);
  assert.match(replay.stdout, /verified: \d+ records, \d+ entities, 0 differences/);
  const verify = await cluster.nodes[0].command("verify");
  assert.equal(verify.code, 0, verify.stdout + verify.stderr);
});
