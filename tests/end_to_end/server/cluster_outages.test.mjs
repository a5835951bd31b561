// Two nodes (REVERIE_NODES) under load from real WebSocket clients, while the broker restarts, Postgres restarts, and the network of one node is cut for longer than
// its session. Connections of people go on through all of it; nothing that was acknowledged is lost, doubled or reordered. REVERIE_LONG_FAULTS=1: more ways to cut.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { Broker } from "./support/broker.mjs";
import { Cluster } from "./support/cluster.mjs";
import { Network } from "./support/network.mjs";
import { Postgres } from "./support/postgres.mjs";
import { all_are_answered, under_load, until, verify_all } from "./support/talkers.mjs";

const nodes = Number(process.env.REVERIE_NODES ?? 2);
const long = process.env.REVERIE_LONG_FAULTS === "1";

let broker, cluster, network, postgres, no_network = "";

try {
  network = Network.create();
} catch (error) {
  no_network = error.message;
}

before(async () => {
  postgres = new Postgres();
  broker = new Broker({ on: network?.brokers.here });
  // The first node lives in a network of its own, the others on the other side of it.
  const place = (i) => i === 0
    ? { host: network.nodes.there, within: network.within, flags: ["--address", network.people.there] }
    : { host: network.nodes.here };
  cluster = await Cluster.create(broker, nodes, { database: postgres.url, place: network && place });
});
after(async () => {
  await cluster?.destroy();
  broker?.destroy();
  postgres?.destroy();
  network?.destroy();
});

const at_once = { timeout: 300_000 };
const with_network = { timeout: 300_000, skip: no_network || false };
const with_more_network = { timeout: 300_000, skip: no_network || (!long && "REVERIE_LONG_FAULTS is not 1") };

/** Lets `go` take the broker away, brings it back, and waits until everybody is answered. */
async function broker_returns(name, go) {
  await under_load(cluster, name, async (talkers) => {
    const began = Date.now();
    await go();
    await broker.start_meanwhile();
    const back = Date.now();
    await all_are_answered(talkers, back);
    console.log(`${name}: away for ${((back - began) / 1000).toFixed(1)} s, everybody was answered ${((Date.now() - back) / 1000).toFixed(1)} s after it was back`);
  }, cluster.nodes);
}

test("the broker is stopped and started again", at_once, () => broker_returns("broker restart", () => broker.stop_meanwhile()));

test("the broker is killed and started again", { ...at_once, skip: !long && "REVERIE_LONG_FAULTS is not 1" },
  () => broker_returns("broker kill -9", () => broker.signal("SIGKILL")));

test("Postgres is stopped and started again: who is known goes on talking meanwhile", at_once, async () => {
  await under_load(cluster, "Postgres restart", async (talkers) => {
    await postgres.stop_meanwhile();
    await all_are_answered(talkers);
    await postgres.start_meanwhile();
    await all_are_answered(talkers);
    const { person, conversation, acked } = talkers[0];
    const { position } = [...acked.values()].at(-1);
    for (const node of cluster.nodes)
      await until(`${node.name} reads from Postgres again`, async () => {
        const answer = await node.api("GET", `/api/v1/conversations/${conversation.id}/messages?min_position=${position}`, { token: person.token });
        return answer.status === 200;
      });
  }, cluster.nodes);
});

/** Cuts what `cut()` cuts until the others serve all that the first node owned, mends it, and waits until everybody is answered. */
async function cut_off(name, ways, directions) {
  const [alone] = cluster.nodes;
  await under_load(cluster, name, async (talkers) => {
    const owners = cluster.owners();
    assert.ok([...owners.values()].some(({ node }) => node === alone), "the node that is cut off owns something");
    const began = Date.now();
    for (const way of ways) network.cut(way, directions);
    const replaced = await cluster.is_replaced(alone, owners);
    console.log(`${name}: the others served all that it owned ${((replaced - began) / 1000).toFixed(1)} s after the cut`);
    await all_are_answered(talkers.filter((talker) => talker.home !== alone));
    const mended = Date.now();
    for (const way of ways) network.mend(way);
    await all_are_answered(talkers);
    console.log(`${name}: everybody was answered ${((Date.now() - mended) / 1000).toFixed(1)} s after it was mended`);
  }, cluster.nodes);
}

test("a node is cut off from the broker and the other nodes for longer than its session", with_network,
  () => cut_off("cut off both ways", [network.brokers, network.nodes]));

test("what the broker answers does not reach a node: what it wrote counts once", with_more_network,
  () => cut_off("cut off one way, in", [network.brokers], { out: false }));

test("what a node sends does not reach the broker nor the other nodes", with_more_network,
  () => cut_off("cut off one way, out", [network.brokers, network.nodes], { into: false }));

test("a node hears nothing from the broker nor the other nodes", with_more_network,
  () => cut_off("cut off one way from all, in", [network.brokers, network.nodes], { out: false }));

test("the way between two nodes is cut, longer than a session: the broker goes on dealing with both", with_more_network, async () => {
  await under_load(cluster, "cut between nodes", async (talkers) => {
    const epochs = () => [...cluster.owners().values()].map(({ epoch }) => epoch).join();
    const before = epochs();
    network.cut(network.nodes);
    const errors = () => talkers.flatMap((talker) => talker.chats.flatMap((chat) => chat.frames)).filter((frame) => frame.type === "error").length;
    await until("somebody is told that the way is cut", () => errors() > 0);
    network.mend(network.nodes);
    await all_are_answered(talkers);
    assert.equal(epochs(), before, "no partition moved");
  }, cluster.nodes);
});

test("chains verify, and what is stored equals a fold of the log", at_once, () => verify_all(cluster));
