// Several nodes (three; REVERIE_NODES) under load from real WebSocket clients on all of them, while nodes die, freeze and come back. Nothing that was acknowledged is
// lost, doubled or reordered, and a connection to a node that lives goes on. Each test prints what it saw and the longest gap in service.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { Broker } from "./support/broker.mjs";
import { Cluster } from "./support/cluster.mjs";
import { Chat } from "./support/socket.mjs";
import { Talker, all_are_answered, under_load, verify_all } from "./support/talkers.mjs";

const nodes = Number(process.env.REVERIE_NODES ?? 3);

let broker, cluster;

before(async () => {
  broker = new Broker();
  cluster = await Cluster.create(broker, nodes);
});
after(async () => {
  await cluster?.destroy();
  broker?.destroy();
});

test("nobody is disturbed when all is well", { timeout: 300_000 }, async () => {
  const talkers = await under_load(cluster, "calm", (talkers) => all_are_answered(talkers), cluster.nodes);
  for (const talker of talkers) assert.ok(talker.longest_gap < 10_000, `${talker.longest_gap} ms`);
});

test("a reply that is made on one node is streamed through every other", { timeout: 300_000 }, async () => {
  let whole = 0, streamed = 0;
  for (const node of cluster.nodes) {
    for (let i = 0; i < 3; ++i) { // people are in different partitions, so some are always another node's
      const talker = await Talker.create(cluster, node);
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

test("kill -9 of a node: the others take its partitions", { timeout: 300_000 }, async () => {
  const [dead, ...others] = cluster.nodes;
  await under_load(cluster, "kill -9", async (talkers) => {
    const owners = cluster.owners();
    await dead.kill();
    const killed = Date.now();
    console.log(`kill -9: the others served all that it owned ${((await cluster.is_replaced(dead, owners) - killed) / 1000).toFixed(1)} s after`);
    await all_are_answered(talkers);
    await dead.start();
  }, others);
});

test("a node that is frozen past its session wakes as a zombie: nothing it did or does harms", { timeout: 300_000 }, async () => {
  const frozen = cluster.nodes[1];
  await under_load(cluster, "SIGSTOP, SIGCONT", async (talkers) => {
    const owners = cluster.owners();
    frozen.process.kill("SIGSTOP");
    frozen.frozen = true;
    await cluster.is_replaced(frozen, owners);
    await all_are_answered(talkers.filter((talker) => talker.home !== frozen));
    frozen.process.kill("SIGCONT");
    frozen.frozen = false;
    await all_are_answered(talkers);
  }, cluster.nodes);
});

test("rolling restart of all nodes", { timeout: 300_000 }, async () => {
  await under_load(cluster, "rolling restart", async (talkers) => {
    for (const node of cluster.nodes) {
      assert.equal(await node.stop(), 0);
      await node.start();
      await all_are_answered(talkers);
    }
  });
});

test("chains verify, and what is stored equals a fold of the log", { timeout: 300_000 }, () => verify_all(cluster));
