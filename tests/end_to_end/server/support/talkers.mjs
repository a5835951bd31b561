// Load on several nodes from real WebSocket clients, and the proof that nothing acknowledged is lost, doubled or reordered by what happens meanwhile.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { Cluster } from "./cluster.mjs";
import { Chat } from "./socket.mjs";

const conversations_per_node = Number(process.env.REVERIE_TALKERS ?? 2);
const pace_ms = 25;
const answers_around = 10; // of every talker, before and after what happens

/** Waits until `happens()`; `what` is said when it did not within `within` ms. */
export async function until(what, happens, within = 120_000) {
  for (const end = Date.now() + within; !(await happens()); await pause(50)) assert.ok(Date.now() < end, `did not happen within ${within / 1000} s: ${what}`);
}

/** A person who talks through one node, and through another when that does not answer any more. */
export class Talker {
  static async create(cluster, home) {
    const talker = new Talker();
    talker.cluster = cluster;
    talker.home = home;
    talker.node = home;
    talker.person = await home.sign_up("Talker");
    const character = await home.character(talker.person.token);
    talker.conversation = await home.conversation(talker.person.token, character.id);
    talker.partition = Number(talker.conversation.last_position.split(":")[0]);
    Object.assign(talker, { sent: 0, acked: new Map(), pending: null, connections: 0, longest_gap: 0, chats: [], times: [], acks: [] });
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
        this.node = this.cluster.nodes.find((node) => Cluster.runs(node) && node !== this.node && !node.frozen) ?? this.node;
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
      this.acks.push({ at: this.acked_at, took: this.times.at(-1) });
      await pause(pace_ms);
    } else {
      assert.ok(["overloaded", "unavailable"].includes(answer.metadata.code), JSON.stringify(answer));
      await pause(200);
    }
  }
}

const numbers_of = (messages) => messages.map((message) => Number(message.content.split(" ")[1]));
const is_ascending = (numbers) => numbers.every((number, i) => i === 0 || numbers[i - 1] < number);

/** The value that `share` of them are below. */
export const quantile = (numbers, share) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length * share)];

/**
 * All messages of a talker's conversation, when the last of them is a reply: none is left hanging, whoever began it. What a reply is made of may lie with another
 * node that is still taking over, and is asked for three times with pauses between.
 */
async function answered_messages(cluster, talker, seen) {
  const last = [...talker.acked.values()].at(-1);
  const began = Date.now();
  for (const end = began + 90_000; ; await pause(100)) {
    const all = await cluster.nodes[0].messages(talker.person.token, talker.conversation.id, `&min_position=${last.position}`);
    seen.waited = Math.max(seen.waited, Date.now() - began);
    if (all.at(-1).role === "character") return all;
    if (Date.now() < end) continue;
    const trouble = cluster.nodes.flatMap((node) => node.output.split("\n").filter((line) => line && !line.includes('"level":"info"')).slice(-10).map((line) => `${node.name}: ${line}`));
    assert.fail(`a reply is left hanging in ${talker.conversation.id}, partition ${talker.partition}: ${JSON.stringify(all.slice(-2))}\n${trouble.join("\n")}`);
  }
}

/** What is stored of a talker's messages, and what came by its first connection, against what was acknowledged; counted in `seen`. */
async function count(cluster, name, talker, steady, seen) {
  const all = await answered_messages(cluster, talker, seen);
  const found = all.filter((message) => message.role === "user");
  const numbers = numbers_of(found);
  const ids = new Map(found.map((message) => [message.content, message.id]));
  seen.acknowledged += talker.acked.size;
  seen.found += found.length;
  seen.doubled += numbers.length - new Set(numbers).size;
  if (!is_ascending(numbers)) ++seen.out_of_order;
  for (const [text, answer] of talker.acked) if (ids.get(text) !== answer.message_id) ++seen.lost;
  if (!steady.includes(talker.home)) return;
  assert.equal(talker.connections, 1, `${name}: a connection to ${talker.home.name} did not go on`);
  const pushed = numbers_of(talker.chats[0].frames.filter((frame) => frame.type === "message" && frame.metadata.role === "user"));
  if (pushed.join() !== numbers.filter((number) => pushed.length === 0 || number >= pushed[0]).join()) {
    ++seen.pushed_wrong;
    console.log(`pushed ${pushed.length}, stored ${numbers.length}: ${numbers.filter((number) => !pushed.includes(number))} missing`);
  }
}

/** Talkers at home on every node, and with people in partitions of every node, so that whatever happens to one happens to somebody. */
async function talkers_on(cluster) {
  const talkers = [];
  for (const node of cluster.nodes) for (let i = 0; i < conversations_per_node; ++i) talkers.push(await Talker.create(cluster, node));
  const owners = cluster.owners();
  const without = () => cluster.nodes.filter((node) => !talkers.some(({ partition }) => owners.get(partition).node === node));
  for (let i = 0; without().length > 0 && i < 50; ++i) {
    const talker = await Talker.create(cluster, cluster.nodes[i % cluster.nodes.length]);
    if (without().includes(owners.get(talker.partition).node)) talkers.push(talker);
  }
  return talkers;
}

/** Runs `disturb(talkers)` under load and checks everything; `steady` are the nodes whose connections must never break. Resolves to the talkers. */
export async function under_load(cluster, name, disturb, steady = []) {
  const talkers = await talkers_on(cluster);
  const broken = new AbortController();
  const talking = Promise.all(talkers.map((talker) => talker.talk())).catch((error) => { broken.abort(error); throw error; });
  talking.catch(() => {}); // thrown again below
  const all_said = async (more) => {
    const goals = talkers.map((talker) => talker.acked.size + more);
    await until("every talker is answered", () => broken.signal.aborted || talkers.every((talker, i) => talker.acked.size >= goals[i]));
  };
  try {
    await all_said(answers_around);
    await disturb(talkers);
    await all_said(answers_around);
  } finally {
    for (const talker of talkers) talker.stopped = true;
    await talking;
  }

  const seen = { acknowledged: 0, found: 0, lost: 0, doubled: 0, out_of_order: 0, pushed_wrong: 0, waited: 0 };
  for (const talker of talkers) await count(cluster, name, talker, steady, seen);
  const gap = Math.max(...talkers.map((talker) => talker.longest_gap));
  const times = talkers.flatMap((talker) => talker.times);
  console.log(`${name}, ${cluster.nodes.length} nodes: acknowledged ${seen.acknowledged}, found ${seen.found}, lost ${seen.lost}, doubled ${seen.doubled}, ` +
    `out of order ${seen.out_of_order}, connections with wrong pushes ${seen.pushed_wrong}, longest gap ${(gap / 1000).toFixed(1)} s, last replies waited for ${(seen.waited / 1000).toFixed(1)} s, ` +
    `ack p50 ${quantile(times, 0.5).toFixed(0)} ms, p99 ${quantile(times, 0.99).toFixed(0)} ms`);
  assert.ok(seen.acknowledged > talkers.length);
  assert.deepEqual([seen.lost, seen.doubled, seen.out_of_order, seen.pushed_wrong], [0, 0, 0, 0]);
  return talkers;
}

/** Waits until every talker had an answer after this moment. */
export async function all_are_answered(talkers, since = Date.now()) {
  await until("an answer for every talker", () => talkers.every((talker) => talker.acked_at > since));
}

/** Chains verify, and what is stored equals a fold of the log: stops all nodes. */
export async function verify_all(cluster) {
  await Promise.all(cluster.nodes.map((node) => node.stop()));
  const replay = await cluster.nodes[0].command("replay", "--all", "--verify");
  assert.equal(replay.code, 0, replay.stdout + replay.stderr);
  assert.match(replay.stdout, /verified: \d+ records, \d+ entities, 0 differences/);
  const verify = await cluster.nodes[0].command("verify");
  assert.equal(verify.code, 0, verify.stdout + verify.stderr);
}
