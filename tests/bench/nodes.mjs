// Two figures of several nodes, on real processes and a real broker; ops/bench nodes runs it on the optimised build.
//
//   takeover  kill -9 of the node that owns everything, at several sizes of the log: until the group notices, until the other node serves, and the longest
//             time without an answer for a client of that other node. Cold: the taker has no local state. Warm: it owned the partitions before.
//   joining   times of commands before, while and after one more node joins and takes its share.
//
// REVERIE_BINARY, REVERIE_TEST_DATABASE_URL as for the end-to-end tests. REVERIE_BENCH_SIZES: records in the log, ascending ("10000,50000,200000").
// REVERIE_BENCH_FLAGS: more flags for each node. REVERIE_BENCH_TABLE: a file for lines of ops/bench's table.
import { appendFileSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { loadavg } from "node:os";
import { Broker } from "../end_to_end/server/support/broker.mjs";
import { Cluster } from "../end_to_end/server/support/cluster.mjs";
import { Chat } from "../end_to_end/server/support/socket.mjs";
import { Talker, all_are_answered, quantile, until } from "../end_to_end/server/support/talkers.mjs";

const sizes = (process.env.REVERIE_BENCH_SIZES ?? "10000,50000,200000").split(",").map(Number);
const flags = ["--no-model", "--messages-per-minute", "1000000", "--node-stall-ms", "60000", ...(process.env.REVERIE_BENCH_FLAGS ?? "").split(" ").filter(Boolean)];
const fillers = 48;
const messages_a_conversation = 50;
const talkers_while_joining = 8;
const phase_ms = 10_000;
const only = process.argv[2];

const seconds = (ms) => (ms / 1000).toFixed(1);
function row(path, figure, aim = "") {
  console.log(`${path}: ${figure}${aim && ` (aim ${aim})`}`);
  if (process.env.REVERIE_BENCH_TABLE) appendFileSync(process.env.REVERIE_BENCH_TABLE, `${path} | ${figure} |  |  | ${aim}\n`);
}

// --- kill -9 until it serves again --------------------------------------------------------------------------------------------

/** Somebody who sends one message after the other as fast as they are taken. */
class Filler {
  static async create(cluster, node) {
    const filler = new Filler();
    filler.talker = await Talker.create(cluster, node);
    return filler;
  }

  async fill(node, enough) {
    const chat = await Chat.open(node, this.talker.person.token);
    while (!enough()) {
      if (++this.talker.sent % messages_a_conversation === 0) {
        const { token } = this.talker.person;
        this.talker.conversation = await node.conversation(token, (await node.character(token)).id);
      }
      const id = crypto.randomUUID();
      chat.send("message.send", `Some words that fill the log, number ${this.talker.sent}.`, { conversation_id: this.talker.conversation.id, client_message_id: id });
      const answer = await chat.next((frame) => (frame.type === "ack" || frame.type === "error") && frame.metadata.client_message_id === id);
      if (answer.type === "error") await pause(50);
      else this.last = answer.metadata.position;
      chat.frames.length = 0; // what was looked at is not kept
    }
    await chat.close();
  }
}

/** Records in the log, from the last positions acknowledged. */
function records_of(all) {
  const ends = new Map();
  for (const { last } of all) {
    if (!last) continue;
    const [partition, offset] = last.split(":").map(Number);
    ends.set(partition, Math.max(ends.get(partition) ?? 0, offset + 1));
  }
  return [...ends.values()].reduce((sum, each) => sum + each, 0);
}

const lines_after = (node, from) => node.output.slice(from).split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));

/** Resolves when projections and replies have caught up with what was said: the kill is to be measured, not what was left over. */
async function comes_to_rest(node) {
  let seen;
  await until("projections catch up and the log stands still", async () => {
    const metrics = (await node.api("GET", "/metrics")).text;
    const lag = [...metrics.matchAll(/^reverie_projection_lag_records\{[^}]*\} (\d+)/gm)].reduce((sum, found) => sum + Number(found[1]), 0);
    const before = seen;
    seen = [...metrics.matchAll(/^reverie_projection_next\{[^}]*\} (\d+)/gm)].map((found) => found[1]).join();
    await pause(500); // between two looks
    return lag === 0 && before === seen;
  }, 600_000);
}

/** Kills `owner` under one talker's load on `taker`; resolves to the parts of the time until it served again. */
async function take_over(cluster, owner, taker, size, state) {
  const talker = await Talker.create(cluster, taker);
  const talking = talker.talk();
  await until("the talker is answered", () => talker.acked.size > 20);
  talker.longest_gap = 0;
  const owners = cluster.owners();
  const from = taker.output.length;
  await owner.kill();
  const killed = Date.now();
  const served = await cluster.is_replaced(owner, owners);
  await all_are_answered([talker]);
  talker.stopped = true;
  await talking;
  const lines = lines_after(taker, from);
  const noticed = Date.parse(lines.find((line) => /the group assigns partitions: \d/.test(line.message)).time);
  const caught_up = lines.find((line) => /caught up at offset/.test(line.message));
  const began_with = caught_up.message.match(/beginning with (.*)/)?.[1];
  const read = lines.map((line) => line.message.match(/caught up at offset \d+, (\d+) records read/)?.[1]).filter(Boolean).reduce((sum, each) => sum + Number(each), 0);
  row(`kill -9, ${size} records in the log, ${state}`,
    `noticed after ${seconds(noticed - killed)} s, caught up ${seconds(Date.parse(caught_up.time) - noticed)} s later (${read} records read${began_with ? `, beginning with ${began_with}` : ""}), served at ${seconds(served - noticed)} s, longest time without an answer ${seconds(talker.longest_gap)} s`,
    state === "warm" ? "3 s after it is noticed" : "");
}

/** A node that comes back, without its local state when `cold`. */
async function come_back(node, cold) {
  if (cold) {
    if (Cluster.runs(node)) await node.stop();
    await rm(node.data, { recursive: true, force: true });
    await mkdir(node.data);
  }
  if (!Cluster.runs(node)) await node.start();
}

async function measure_takeover(broker) {
  const cluster = await Cluster.create(broker, 1, { partitions: 1, flags });
  try {
    const all = [];
    for (let i = 0; i < fillers; ++i) all.push(await Filler.create(cluster, cluster.nodes[0]));
    let [owner] = cluster.nodes;
    const taker = await cluster.add(); // gets its share, and gives it back when it is stopped
    for (const size of sizes) {
      if (Cluster.runs(taker)) await taker.stop();
      await until("one node owns all", () => [...cluster.owners().values()].every(({ node }) => node === owner));
      const began = Date.now();
      await Promise.all(all.map((filler) => filler.fill(owner, () => records_of(all) >= size)));
      await comes_to_rest(owner);
      console.log(`filled to ${records_of(all)} records in ${seconds(Date.now() - began)} s`);
      await come_back(taker, true);
      await take_over(cluster, owner, taker, size, "cold");
      await come_back(owner, false);
      await take_over(cluster, taker, owner, size, "warm");
    }
  } finally {
    await cluster.destroy();
  }
}

// --- a node joins ---------------------------------------------------------------------------------------------------------------

async function measure_joining(broker) {
  const cluster = await Cluster.create(broker, 2, { partitions: 12, flags });
  try {
    const talkers = [];
    for (let i = 0; i < talkers_while_joining; ++i) talkers.push(await Talker.create(cluster, cluster.nodes[i % 2]));
    const talking = talkers.map((talker) => talker.talk());
    await all_are_answered(talkers);
    const marks = [Date.now()];
    await pause(phase_ms); // the time that is measured
    marks.push(Date.now());
    const joins = await cluster.add();
    await until("the node that joined owns something", () => [...cluster.owners().values()].some(({ node }) => node === joins));
    await all_are_answered(talkers);
    marks.push(Date.now());
    await pause(phase_ms);
    marks.push(Date.now());
    for (const talker of talkers) talker.stopped = true;
    await Promise.all(talking);
    for (const [i, name] of ["before", `while one joins (${seconds(marks[2] - marks[1])} s)`, "after"].entries()) {
      const times = talkers.flatMap((talker) => talker.acks).filter(({ at }) => at >= marks[i] && at < marks[i + 1]).map(({ took }) => took);
      row(`commands ${name}`, `${times.length} answers, p50 ${quantile(times, 0.5).toFixed(1)} ms, p99 ${quantile(times, 0.99).toFixed(1)} ms, longest ${Math.max(...times).toFixed(0)} ms`);
    }
  } finally {
    await cluster.destroy();
  }
}

const broker = new Broker();
try {
  console.log(`load of the machine when it began: ${loadavg()[0].toFixed(1)}`);
  if (only !== "joining") await measure_takeover(broker);
  if (only !== "takeover") await measure_joining(broker);
} finally {
  broker.destroy();
}
