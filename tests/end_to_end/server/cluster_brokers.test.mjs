// Three brokers (replication 3, two in sync at least) and three nodes (REVERIE_NODES) under load from real WebSocket clients, while brokers die and come back. With
// one broker less all goes on; with two less nothing is acknowledged, and what was is there when they are back. REVERIE_LONG_FAULTS=1: all brokers in turn.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { Broker } from "./support/broker.mjs";
import { Cluster } from "./support/cluster.mjs";
import { all_are_answered, under_load, until, verify_all } from "./support/talkers.mjs";

const nodes = Number(process.env.REVERIE_NODES ?? 3);
const long = process.env.REVERIE_LONG_FAULTS === "1";

let brokers, cluster;

before(async () => {
  brokers = new Broker({ count: 3 });
  cluster = await Cluster.create(brokers, nodes, { environment: { REVERIE_KAFKA_REPLICATION: "3" } });
});
after(async () => {
  await cluster?.destroy();
  brokers?.destroy();
});

const in_time = { timeout: 300_000 };

test("one of three brokers dies: all goes on, and it comes back", in_time, async () => {
  await under_load(cluster, "kill -9 of one of three brokers", async (talkers) => {
    brokers.signal("SIGKILL", 1);
    await all_are_answered(talkers);
    const [{ person, conversation }] = talkers; // reads and new conversations go on too, not only who talks
    assert.equal((await cluster.nodes[0].api("GET", `/api/v1/conversations/${conversation.id}`, { token: person.token })).status, 200);
    await brokers.start_meanwhile();
    await all_are_answered(talkers);
  }, cluster.nodes);
});

test("two of three brokers die: nobody is told what is not safe, and all goes on when they are back", in_time, async () => {
  await under_load(cluster, "kill -9 of two of three brokers", async (talkers) => {
    brokers.signal("SIGKILL", 2);
    brokers.signal("SIGKILL", 3);
    const killed = Date.now();
    const errors = () => talkers.flatMap((talker) => talker.chats.flatMap((chat) => chat.frames)).filter((frame) => frame.type === "error").length;
    await until("somebody is told that it is not known", () => errors() > 0);
    const acknowledged = talkers.map((talker) => talker.acked_at);
    console.log(`two brokers dead: the last acknowledgement came ${((Math.max(...acknowledged) - killed) / 1000).toFixed(1)} s after, ` +
      `the first "unavailable" after ${((Date.now() - killed) / 1000).toFixed(1)} s`);
    await brokers.start_meanwhile();
    const back = Date.now();
    await all_are_answered(talkers, back);
    console.log(`everybody was answered ${((Date.now() - back) / 1000).toFixed(1)} s after they were back`);
  }, cluster.nodes);
});

test("each broker is stopped and started in turn", { ...in_time, skip: !long && "REVERIE_LONG_FAULTS is not 1" }, async () => {
  await under_load(cluster, "rolling restart of three brokers", async (talkers) => {
    for (const number of [1, 2, 3]) {
      await brokers.stop_meanwhile(number);
      await all_are_answered(talkers);
      await brokers.start_meanwhile();
      await all_are_answered(talkers);
    }
  }, cluster.nodes);
});

test("servers that make the topic side by side all begin, whichever broker has heard of it", { timeout: 600_000, skip: !long && "REVERIE_LONG_FAULTS is not 1" }, async () => {
  for (let round = 0; round < 60; ++round) await (await Cluster.create(brokers, nodes, { environment: { REVERIE_KAFKA_REPLICATION: "3" } })).destroy();
});

test("chains verify, and what is stored equals a fold of the log", in_time, () => verify_all(cluster));
