// Operators of several nodes: whichever node one looks at, every partition, entity and effect is there, and a fork is made wherever the person lives.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { Broker } from "./support/broker.mjs";
import { Cluster } from "./support/cluster.mjs";
import { Model } from "./support/model.mjs";
import { Chat } from "./support/socket.mjs";

let broker, cluster, model, node, operator, person, conversation, silent;

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
  model = await Model.create((call) => {
    if (silent) return silent.push(call);
    call.say("I see.");
    call.end();
  });
  cluster = await Cluster.create(broker, 3, { partitions: 6, flags: [...model.flags, "--messages-per-minute", "1000000"], environment: { REVERIE_NODE_URL: "https://{host}:9443/" } });
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
  cluster.shared.REVERIE_OPERATOR_KEY = operator; // what the command line shows at a server
});
after(async () => {
  await cluster?.destroy();
  model?.close();
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

test("what waits on any node is listed from every node, and what could not be asked is named", { timeout: 120_000 }, async () => {
  const listed = async (on) => {
    const shown = await on.command("effects", "list", "--json", "--server", on.url);
    return { code: shown.code, ...JSON.parse(shown.stdout) };
  };
  const owners = new Map();
  for (const on of cluster.nodes) for (const each of (await admin("/partitions", { on })).items) if (each.here) owners.set(each.partition, on.name);
  silent = [];
  const chats = [];
  const waiting = await until("a reply that waits on each node", async () => {
    const writer = await node.sign_up(`writer${chats.length}`);
    const chat = await Chat.open(node, writer.token);
    chats.push(chat);
    const talk = await node.conversation(writer.token, (await node.character(writer.token)).id);
    chat.send("message.send", "are you there?", { conversation_id: talk.id });
    // What an entity tells another waits too, for an instant.
    const items = (await listed(node)).items.filter(({ kind }) => kind === "generate_reply");
    return new Set(items.map((each) => owners.get(each.partition))).size === 3 && items;
  });
  for (const on of cluster.nodes) {
    const { code, items, unreachable } = await listed(on);
    assert.equal(code, 0);
    assert.deepEqual(unreachable, []);
    for (const each of waiting) assert.ok(items.some(({ id }) => id === each.id), `${each.id} is not listed by ${on.name}`);
    for (const each of waiting.slice(0, 3)) assert.equal((await on.command("effects", "retry", each.id, "--server", on.url)).code, 4, "it has not failed");
  }
  const frozen = cluster.nodes[2];
  frozen.process.kill("SIGSTOP");
  const without = await listed(node).finally(() => frozen.process.kill("SIGCONT"));
  // Others take over what it held before the answer, or it is named: nothing is missing in silence.
  assert.equal(without.code, without.unreachable.length > 0 ? 3 : 0);
  for (const partition of without.unreachable) assert.equal(owners.get(partition), frozen.name);
  for (const each of waiting) assert.ok(without.unreachable.includes(each.partition) || without.items.some(({ id }) => id === each.id), `${each.id} is missing in silence`);
  const held = silent;
  silent = undefined;
  for (const call of held) { call.say("I was asleep."); call.end(); }
  await until("the end of all", async () => (await listed(node)).items.length === 0);
  for (const chat of chats) await chat.close();
});
