// Operators of several nodes: whichever node one looks at, every partition, entity and effect is there, and a fork is made wherever the person lives.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { Broker } from "./support/broker.mjs";
import { Cluster } from "./support/cluster.mjs";
import { Chat } from "./support/socket.mjs";

let broker, cluster, node, operator, person, conversation;

const admin = async (path, { on = node, method = "GET", body } = {}) => {
  const answer = await on.api(method, `/api/v1/admin${path}`, { token: operator, body });
  assert.ok(answer.status < 300, `${path}: ${answer.status} ${answer.text}`);
  return answer.json;
};
async function until(what, ask) {
  for (let tries = 0; tries < 200; ++tries) {
    const found = await ask();
    if (found) return found;
    await pause(200);
  }
  throw new Error(`${what} did not come`);
}

before(async () => {
  broker = new Broker();
  cluster = await Cluster.create(broker, 3, { partitions: 6, environment: { REVERIE_NODE_URL: "https://{host}:9443/" } });
  [node] = cluster.nodes;
  person = await node.sign_up("Tom");
  const character = await node.character(person.token);
  conversation = await node.conversation(person.token, character.id);
  const chat = await Chat.open(node, person.token);
  await chat.say("My dog is called Bruno", { conversation_id: conversation.id });
  await chat.close();
  const signed = await node.sign_up("Olga");
  assert.equal((await node.command("users", "role", "--email", signed.email, "--role", "operator")).code, 0);
  operator = (await node.api("POST", "/api/v1/auth/token", { form: { grant_type: "password", username: signed.email, password: "correct horse" } })).json.access_token;
});
after(async () => {
  await cluster?.destroy();
  broker?.destroy();
});

test("every node shows all partitions with their owners", { timeout: 90_000 }, async () => {
  for (const on of cluster.nodes) {
    const items = await until("the owners", async () => {
      const { items } = await admin("/partitions", { on });
      return items.length === 6 && items.every((each) => each.serving && each.writer) && items;
    });
    assert.equal(new Set(items.map((each) => each.node)).size, 3, JSON.stringify(items.map((each) => each.node)));
    assert.ok(items.some((each) => each.here) && items.some((each) => !each.here));
    for (const each of items) assert.equal(each.console, each.here ? null : "https://127.0.0.1:9443/console");
    const { health } = await admin("/overview", { on });
    assert.deepEqual(health.problems.filter((each) => each.page === "partitions"), []);
  }
});

test("an entity stands alike on every node, in its owner's memory", { timeout: 90_000 }, async () => {
  const views = await Promise.all(cluster.nodes.map((on) => admin(`/entities/session/${conversation.id}`, { on })));
  for (const view of views) {
    assert.equal(view.state_hash, views[0].state_hash);
    assert.notEqual(view.in_memory, null, "its owner was asked");
  }
  for (const on of cluster.nodes) assert.ok((await admin("/effects", { on })).depth >= 0);
});

test("a fork is made and continued on any node", { timeout: 90_000 }, async () => {
  for (const on of cluster.nodes) {
    const fork = await admin(`/conversations/${conversation.id}/fork`, { on, method: "POST", body: { reason: "the test" } });
    await admin(`/forks/${fork.id}/messages`, { on, method: "POST", body: { content: "And my cat is Mia" } });
    await until("the reply", async () => { const now = await admin(`/forks/${fork.id}`, { on }); return now.last_sequence > 2 && !now.replying; });
    const both = await admin(`/forks/${fork.id}/timelines?privacy=full&reason=test`, { on });
    assert.equal(both.fork.messages[0].content, "And my cat is Mia");
  }
  assert.equal((await node.messages(person.token, conversation.id)).length, 3);
});
